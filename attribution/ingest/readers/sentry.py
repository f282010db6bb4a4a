"""Sentry error events, as the API lists them and as a client sends them.

`dateCreated` is when it happened by the clock of the program that failed, `dateReceived` when
Sentry took it. A release that is a commit's id joins it to the change that was running.
"""

from __future__ import annotations

import re

from attribution.ingest.fields import Table, find, items, stated, text
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.pages import first_entries, walk_pages
from attribution.ingest.source import Source
from attribution.model.record import JsonValue

_SHA = re.compile(r"(?:.*[@+])?([0-9a-f]{40})")


def _read(source: Source, intake: Intake) -> None:
    for place, entry in walk_pages(source, intake, "data"):
        if _confidence(entry):
            _add(intake, place, entry)
        else:
            intake.reject(place, "no eventID with a time: this is not an event")


def _add(intake: Intake, place: str, event: Table) -> None:
    tags = _tags(event.get("tags"))
    release = text(find(event, "release", "version")) or text(event.get("release"))
    release = release or tags.get("release")
    commit = _SHA.fullmatch(release or "")
    title = text(event.get("title")) or text(find(event, "metadata", "title"))
    message = text(event.get("message")) or text(find(event, "logentry", "formatted"))
    where = (
        text(event.get("culprit")) or text(event.get("location")) or text(event.get("transaction"))
    )
    said = dict.fromkeys(part for part in (title or _exception(event), message) if part)
    project = (
        text(event.get("projectSlug")) or text(event.get("project")) or text(event.get("projectID"))
    )
    intake.add(
        place,
        "monitoring.event",
        time=_first(event, "dateCreated", "datetime", "timestamp"),
        written=_first(event, "dateReceived", "received"),
        text=": ".join(said) or where or "an error without a title",
        subject=tags.get("service") or project or tags.get("server_name"),
        native_id=text(event.get("eventID")) or text(event.get("event_id")),
        data=stated(
            tool="sentry",
            title=title or _exception(event) or message or where or "",
            level=tags.get("level") or text(event.get("level")),
            source=where,
            service=tags.get("service") or project,
            host=tags.get("server_name") or text(event.get("server_name")),
            environment=tags.get("environment") or text(event.get("environment")),
            release=release,
            sha=commit[1] if commit else None,
            group=text(event.get("groupID")),
        ),
    )


def _first(event: Table, *keys: str) -> JsonValue:
    return next((event[key] for key in keys if event.get(key) is not None), None)


def _tags(value: JsonValue) -> dict[str, str]:
    """Return the tags; they come as an object, as pairs, or as objects with key and value."""
    if isinstance(value, dict):
        return {key: item for key, item in value.items() if isinstance(item, str)}
    found: dict[str, str] = {}
    for item in items(value):
        pair = (item.get("key"), item.get("value")) if isinstance(item, dict) else item
        match pair:
            case (str(key), str(held)) | [str(key), str(held)]:
                found.setdefault(key, held)
    return found


def _exception(event: Table) -> str | None:
    """Return `Type: value` of the last exception, which is the one that was raised."""
    for value in reversed(items(find(event.get("exception"), "values"))):
        kind, said = text(find(value, "type")), text(find(value, "value"))
        if kind or said:
            return ": ".join(part for part in (kind, said) if part)
    return None


def _confidence(entry: Table) -> float:
    if "eventID" in entry and {"dateCreated", "dateReceived"} & entry.keys():
        return 1.0
    sent = "event_id" in entry and {"timestamp", "datetime", "received"} & entry.keys()
    return 0.9 if sent and {"platform", "exception", "logentry", "sdk"} & entry.keys() else 0.0


def _sniff(source: Source) -> float:
    return max(map(_confidence, first_entries(source, "data")), default=0.0)


FORMAT = Format(
    id="sentry",
    title="Sentry error events",
    told_by="objects with eventID and dateCreated, or with event_id, timestamp and platform",
    source="https://docs.sentry.io/api/events/list-a-projects-error-events/ and"
    " https://develop.sentry.dev/sdk/data-model/event-payloads/",
    kinds=frozenset({"json", "lines"}),
    sniff=_sniff,
    read=_read,
)
