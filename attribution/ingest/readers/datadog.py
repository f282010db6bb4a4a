"""Datadog events: the event stream (API v1) and the events explorer (API v2).

Version 1 has `date_happened` in seconds; version 2 has `timestamp` in milliseconds inside, and
the number of the same event in version 1 as `evt.id`. What a monitor did stands in the title.
"""

from __future__ import annotations

import re

from attribution.ingest.fields import Table, find, items, stated, table, text
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.mentions import find_mentions
from attribution.ingest.pages import first_entries, first_pages, walk_pages
from attribution.ingest.source import Source
from attribution.model.record import JsonValue

# https://docs.datadoghq.com/monitors/notify/: the prefix of a notification's title
_TRANSITIONS = tuple(
    (re.compile(pattern, re.IGNORECASE), kind)
    for pattern, kind in (
        (r"\[(?:re-)?triggered\b", "alert.triggered"),
        (r"\[recovered\b", "alert.resolved"),
        (r"\[(?:re-)?(?:warn|no data)\b", "alert.other"),
    )
)
_MONITORS = frozenset({"alert", "monitor alert", "monitor", "monitors"})
_FENCE = "%%%"  # encloses Markdown in an event's text


def _read(source: Source, intake: Intake) -> None:
    for page in first_pages(source):
        if find(page, "meta", "status") == "timeout":
            intake.truncate("the search ended before it was done: meta.status is timeout")
    for place, entry in walk_pages(source, intake, "events", "data", more=("links", "next")):
        event = table(entry.get("event")) or table(entry.get("data")) or entry
        if _is_second(event):
            _add_second(intake, place, event)
        elif _is_first(event):
            _add(intake, place, event, event.get("date_happened"))
        else:
            intake.reject(place, "no date_happened, and not of type event: this is not an event")


def _add_second(intake: Intake, place: str, event: Table) -> None:
    outer = table(event.get("attributes"))
    inner = table(outer.get("attributes"))
    flat = {
        **inner,
        "id_str": text(find(inner, "evt", "id")) or text(event.get("id")),
        "text": outer.get("message") or inner.get("message"),
        "tags": items(outer.get("tags")) or items(inner.get("tags")),
        "host": inner.get("hostname") or inner.get("host"),
        "alert_type": inner.get("status"),
        "source": inner.get("source_type_name") or inner.get("sourcecategory"),
        "title": inner.get("title") or find(inner, "evt", "name"),
    }
    stamp = inner.get("timestamp") or inner.get("date_happened") or outer.get("timestamp")
    _add(intake, place, flat, stamp)


def _add(intake: Intake, place: str, event: Table, time: object) -> None:
    title = text(event.get("title")) or ""
    said = (text(event.get("text")) or "").replace(_FENCE, "").strip()
    listed = [tag for item in items(event.get("tags")) if (tag := text(item))]
    tags = dict(tag.split(":", 1) for tag in reversed(listed) if ":" in tag)
    source = text(event.get("source")) or text(event.get("source_type_name"))
    kind = _kind(event, title, source)
    monitor = text(find(event, "monitor", "id")) or text(event.get("monitor_id"))
    service = text(event.get("service")) or tags.get("service")
    group = monitor or text(event.get("aggregation_key")) or text(event.get("alert_id"))
    shared = stated(
        source=source,
        host=text(event.get("host")),
        environment=tags.get("env"),
        tags=list[JsonValue](listed) or None,
    )
    level = text(event.get("alert_type"))
    if kind == "monitoring.event":
        own = stated(tool="datadog", title=title or said[:80], level=level, group=group)
        data = shared | own | stated(service=service, refers_to=find_mentions(said))
    else:
        data = stated(
            service=service,
            alert=group,
            details=shared | stated(level=level, query=text(find(event, "monitor", "query"))),
            type=_prefix(title) if kind == "alert.other" else None,
            refers_to=find_mentions(said),
        )
    intake.add(
        place,
        kind,
        time=time,
        text=": ".join(part for part in (title, said) if part),
        subject=service or text(event.get("host")),
        native_id=text(event.get("id_str")) or text(event.get("id")),
        data=data,
    )


def _kind(event: Table, title: str, source: str | None) -> str:
    """Return the kind: an alert's only where a monitor made the event and its title says which."""
    by_monitor = (
        bool(table(event.get("monitor")))
        or event.get("monitor_id") is not None
        or (source or "").lower() in _MONITORS
    )
    found = next((kind for pattern, kind in _TRANSITIONS if pattern.match(title)), None)
    return found if found and by_monitor else "monitoring.event"


def _prefix(title: str) -> str:
    return title[1:].partition("]")[0].lower()[:40]


def _is_first(event: Table) -> bool:
    return "date_happened" in event and "title" in event


def _is_second(event: Table) -> bool:
    outer = table(event.get("attributes"))
    return event.get("type") == "event" and ("attributes" in outer or "timestamp" in outer)


def _sniff(source: Source) -> float:
    entries = first_entries(source, "events", "data")
    opened = [table(e.get("event")) or table(e.get("data")) or e for e in entries]
    return float(any(_is_first(event) or _is_second(event) for event in opened))


FORMAT = Format(
    id="datadog",
    title="Datadog events (API v1 and v2)",
    told_by="objects with title and date_happened, in an array events, or of type event with"
    " attributes, in an array data",
    source="https://docs.datadoghq.com/api/latest/events/",
    kinds=frozenset({"json", "lines"}),
    sniff=_sniff,
    read=_read,
)
