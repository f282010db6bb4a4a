"""Grafana Incident (IRM) activity: what was noted of an incident, and when it was written down.

`eventTime` is when it happened and can be set by whoever writes; `createdTime` is when it was
written. A note typed by a person is that person's statement.
"""

from __future__ import annotations

from attribution.ingest.fields import Table, find, flag, items, stated, table, text
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.markup import plain_text
from attribution.ingest.mentions import find_mentions
from attribution.ingest.pages import first_entries, walk_pages
from attribution.ingest.source import Source
from attribution.model.record import JsonValue

_NOTE = "userNote"
_TOOL = "grafana-incident"


def _read(source: Source, intake: Intake) -> None:
    pages = walk_pages(source, intake, "activityItems", more=("cursor", "hasMore"))
    for place, entry in pages:
        item = table(entry.get("activityItem")) or entry
        if _is_activity(item):
            _add(intake, place, item)
        else:
            intake.reject(place, "no activityItemID or activityKind: this is not an activity item")


def _add(intake: Intake, place: str, item: Table) -> None:
    kind = text(item.get("activityKind")) or ""
    user, other = table(item.get("user")), table(item.get("subjectUser"))
    body = plain_text(text(item.get("body")) or "")
    happened, written = item.get("eventTime"), item.get("createdTime")
    incident = text(item.get("incidentID"))
    name = text(user.get("name"))
    tags = [tag for entry in items(item.get("tags")) if (tag := text(entry))]
    about = stated(incident=incident, refers_to=find_mentions(body))
    if kind == _NOTE:
        listed = list[JsonValue](tags) or None
        facts = stated(asserted_by=name or text(user.get("userID")), source=_TOOL, tags=listed)
    else:
        facts = stated(
            tool=_TOOL,
            update=kind,
            title=text(find(item.get("fieldValues"), "title")),
            status=text(find(item.get("fieldValues"), "status")),
            severity=text(find(item.get("fieldValues"), "severity")),
            by=name,
            subject_user=text(other.get("name")) or text(other.get("userID")),
            user_set=True if flag(item.get("immutable")) is False and happened != written else None,
        )
    intake.add(
        place,
        "statement" if kind == _NOTE else "incident.update",
        time=happened or written,
        written=written,
        text=body if kind == _NOTE else ": ".join(part for part in (kind, body) if part),
        actor=text(user.get("userID")),
        subject=incident,
        native_id=text(item.get("activityItemID")),
        data=about | facts,
    )


def _is_activity(item: Table) -> bool:
    return {"activityItemID", "activityKind"} <= item.keys()


def _sniff(source: Source) -> float:
    entries = first_entries(source, "activityItems")
    return float(any(_is_activity(table(e.get("activityItem")) or e) for e in entries))


FORMAT = Format(
    id="grafana-incident",
    title="Grafana Incident activity",
    told_by="objects with activityItemID and activityKind, in an array activityItems",
    source="https://grafana.com/docs/grafana-cloud/alerting-and-irm/irm/reference/incident-api/"
    "reference/ (ActivityService.QueryActivity)",
    kinds=frozenset({"json", "lines"}),
    sniff=_sniff,
    read=_read,
)
