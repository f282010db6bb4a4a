"""Kubernetes events (`kubectl get events -o json`), of v1 and of events.k8s.io/v1.

An event that recurs is one object with a count: an interval, of which only the first and the last
occurrence have a time. Both become records; what happened between them is in no record.
"""

from __future__ import annotations

from dataclasses import dataclass

from attribution.ingest.documents import first_entries, says_more, walk_entries
from attribution.ingest.fields import Table, find, number, stated, table, text
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.source import Source
from attribution.model.record import JsonValue


@dataclass(frozen=True, slots=True)
class _Times:
    """When an event occurred first and last, and how often."""

    first: JsonValue
    last: JsonValue
    count: int


def _read(source: Source, intake: Intake) -> None:
    for place, event in walk_entries(source, intake, "items"):
        if _is_event(event):
            _add(intake, place, event)
        else:
            intake.reject(place, "neither involvedObject nor regarding: this is no event")
    if says_more(source, "metadata", "continue"):
        intake.truncate("the list was not read to its end: metadata.continue is set")


def _is_event(entry: Table) -> bool:
    return "reason" in entry and ("involvedObject" in entry or "regarding" in entry)


def _times(event: Table) -> _Times:
    """Return the times, whichever of the API's three ways to state them is used.

    `series` counts in the newer way; unset times are null or year 1.
    """
    series = table(event.get("series"))
    first = (
        event.get("firstTimestamp")
        or event.get("deprecatedFirstTimestamp")
        or event.get("eventTime")
        or find(event, "metadata", "creationTimestamp")
    )
    last = (
        series.get("lastObservedTime")
        or event.get("lastTimestamp")
        or event.get("deprecatedLastTimestamp")
    )
    counts = (series.get("count"), event.get("count"), event.get("deprecatedCount"))
    return _Times(first, last, next((n for value in counts if (n := number(value))), 1))


def _add(intake: Intake, place: str, event: Table) -> None:
    times = _times(event)
    uid = text(find(event, "metadata", "uid"))
    version = text(find(event, "metadata", "resourceVersion"))
    again = times.count > 1 or (times.last is not None and times.last != times.first)
    _add_occurrence(
        intake,
        place,
        event,
        time=times.first or times.last,
        written=find(event, "metadata", "creationTimestamp"),
        native_id=f"{uid} first" if uid else None,
        said=f" (first of {times.count})" if again else "",
        facts={"occurrence": "first" if again else None},
    )
    if again and times.first is not None:
        _add_occurrence(
            intake,
            place,
            event,
            time=times.last,
            written=None,
            native_id=f"{uid} {version or f'count {times.count}'}" if uid else None,
            said=f" (last of {times.count})",
            facts={"occurrence": "last", "count": times.count},
        )


def _add_occurrence(
    intake: Intake,
    place: str,
    event: Table,
    *,
    time: JsonValue,
    written: JsonValue,
    native_id: str | None,
    said: str,
    facts: dict[str, JsonValue],
) -> None:
    about = table(event.get("involvedObject")) or table(event.get("regarding"))
    source = table(event.get("source")) or table(event.get("deprecatedSource"))
    name, namespace = text(about.get("name")), text(about.get("namespace"))
    reason = text(event.get("reason")) or "no reason"
    message = text(event.get("message")) or text(event.get("note"))
    intake.add(
        place,
        "cluster.event",
        time=time,
        written=written,
        text=f"{reason}{said}: {message}" if message else f"{reason}{said}",
        actor=text(source.get("component"))
        or text(event.get("reportingComponent"))
        or text(event.get("reportingController")),
        subject=name,
        native_id=native_id,
        data=stated(
            reason=reason,
            severity=text(event.get("type")),
            object=text(about.get("kind")),
            name=name,
            namespace=namespace,
            host=text(source.get("host")) or text(event.get("reportingInstance")),
            action=text(event.get("action")),
            **facts,
        ),
    )


def _sniff(source: Source) -> float:
    entries = first_entries(source, "items")
    return float(any(_is_event(entry) and "metadata" in entry for entry in entries))


FORMAT = Format(
    id="kubernetes-events",
    title="Kubernetes events",
    told_by="objects with metadata, reason and involvedObject or regarding, one a line or in items",
    source="https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/",
    kinds=frozenset({"json", "lines"}),
    sniff=_sniff,
    read=_read,
)
