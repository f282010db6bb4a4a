"""The output of `aws cloudtrail lookup-events`: an array Events, or one event a line.

The event itself is a JSON text in `CloudTrailEvent`; its eventTime is in UTC and counts, while the
`EventTime` beside it is in the zone of whoever asked.
"""

from __future__ import annotations

from attribution.ingest.fields import EMPTY, Table, table, text
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.jsontext import JsonError, decode
from attribution.ingest.pages import first_entries, walk_pages
from attribution.ingest.readers.cloudtrail import add_call
from attribution.ingest.source import Source


def _read(source: Source, intake: Intake) -> None:
    for place, entry in walk_pages(source, intake, "Events", more=("NextToken",)):
        inner = text(entry.get("CloudTrailEvent"))
        try:
            event: Table = table(decode(inner.encode())) if inner else EMPTY
        except JsonError as error:
            intake.reject(place, f"CloudTrailEvent, column {error.column}: {error.reason}")
            continue
        if "eventName" in event or "EventName" in entry:
            add_call(intake, place, event, outer=entry)
        else:
            intake.reject(place, "no EventName: this is not an event of a lookup")


def _sniff(source: Source) -> float:
    entries = first_entries(source, "Events")
    return float(any({"EventId", "EventName"} <= entry.keys() for entry in entries))


FORMAT = Format(
    id="cloudtrail-lookup",
    title="AWS CloudTrail, output of lookup-events",
    told_by="objects with EventId and EventName, in an array Events or one a line",
    source="https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_Event.html",
    kinds=frozenset({"json", "lines"}),
    sniff=_sniff,
    read=_read,
)
