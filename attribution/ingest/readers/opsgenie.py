"""Opsgenie alerts and their logs (Alert API v2): who was told, who answered, and when.

A listing of logs does not say of which alert it is: `offset` tells its entries apart. An alert
itself states its id, its tinyId and when it was made. Jira Service Management, where Opsgenie's
alerts moved, lists the same logs.
"""

from __future__ import annotations

import re

from attribution.ingest.fields import Table, find, items, stated, table, text
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.mentions import find_mentions
from attribution.ingest.pages import first_entries, walk_pages
from attribution.ingest.source import Source
from attribution.model.record import JsonValue

_ACTIONS: tuple[tuple[str, str], ...] = (
    (r"un-?acknowledged|could not|failed to|not sent", "alert.other"),
    (r"(?:alert )?created\b", "alert.triggered"),
    (r"(?:alert )?acknowledged\b", "alert.acknowledged"),
    (r"(?:alert )?(?:auto )?closed\b", "alert.resolved"),
    (r"(?:alert )?escalated\b|escalation\b", "alert.escalated"),
    (r"(?:added |user )?note\b", "alert.annotated"),
    (r"sent\b|notified\b|notification\b|(?:\[[^\]]{1,60}\] )*notification\b", "alert.notified"),
)
_KINDS = tuple((re.compile(pattern, re.IGNORECASE), kind) for pattern, kind in _ACTIONS)
_TYPES = {
    "create": "alert.triggered",
    "acknowledge": "alert.acknowledged",
    "close": "alert.resolved",
    "escalate": "alert.escalated",
    "note": "alert.annotated",
    "notification": "alert.notified",
}
_SYSTEM = "System"


def _read(source: Source, intake: Intake) -> None:
    for place, entry in walk_pages(source, intake, "data", more=("paging", "next")):
        item = table(entry.get("data")) or entry
        if _is_log(item):
            _add_log(intake, place, item)
        elif _is_note(item):
            _add_note(intake, place, item)
        elif _is_alert(item):
            _add_alert(intake, place, item)
        else:
            intake.reject(place, "neither an alert nor an entry of an alert's log")


def _add_log(intake: Intake, place: str, entry: Table) -> None:
    said = text(entry.get("log")) or ""
    word = text(entry.get("type")) or text(entry.get("logType")) or ""
    kind = _kind(said, word)
    owner = text(entry.get("owner"))
    intake.add(
        place,
        kind,
        time=entry.get("createdAt") or entry.get("logTime"),
        text=said,
        actor=None if owner == _SYSTEM else owner,
        native_id=text(entry.get("offset")),
        data=stated(
            actor_type=_owner_type(owner),
            type=word or "log" if kind == "alert.other" else None,
            refers_to=find_mentions(said),
        ),
    )


def _add_note(intake: Intake, place: str, entry: Table) -> None:
    said, owner = text(entry.get("note")) or "", text(entry.get("owner"))
    intake.add(
        place,
        "alert.annotated",
        time=entry.get("createdAt"),
        text=said,
        actor=None if owner == _SYSTEM else owner,
        native_id=text(entry.get("offset")),
        data=stated(actor_type=_owner_type(owner), refers_to=find_mentions(said)),
    )


def _add_alert(intake: Intake, place: str, alert: Table) -> None:
    number = text(alert.get("id"))
    tags = [tag for item in items(alert.get("tags")) if (tag := text(item))]
    intake.add(
        place,
        "alert.triggered",
        time=alert.get("createdAt"),
        text=text(alert.get("message")) or "",
        actor=None,
        subject=text(alert.get("entity")) or text(alert.get("message")),
        native_id=number,
        data=stated(
            alert=number,
            service=text(alert.get("entity")),
            details=_texts(alert.get("details"))
            | stated(
                tinyId=text(alert.get("tinyId")),
                alias=text(alert.get("alias")),
                priority=text(alert.get("priority")),
                status=text(alert.get("status")),
                source=text(alert.get("source")) or text(find(alert, "integration", "name")),
                tags=list(tags) or None,
            ),
        ),
    )


def _texts(value: JsonValue) -> dict[str, JsonValue]:
    """Return the custom properties, which are texts."""
    return {key: held for key, held in table(value).items() if isinstance(held, str)}


def _kind(said: str, word: str) -> str:
    """Return the kind an entry's words tell, else its type; most entries have the type system."""
    found = next((kind for pattern, kind in _KINDS if pattern.match(said)), None)
    return found or _TYPES.get(word.lower(), "alert.other")


def _owner_type(owner: str | None) -> str | None:
    if owner == _SYSTEM:
        return "system"
    return "user" if owner and "@" in owner else None


def _is_log(entry: Table) -> bool:
    return ("offset" in entry or "logTime" in entry) and {"log", "owner"} <= entry.keys()


def _is_note(entry: Table) -> bool:
    return {"note", "owner", "createdAt", "offset"} <= entry.keys()


def _is_alert(entry: Table) -> bool:
    return {"tinyId", "createdAt", "message"} <= entry.keys()


def _sniff(source: Source) -> float:
    entries = [table(entry.get("data")) or entry for entry in first_entries(source, "data")]
    return float(any(_is_log(entry) or _is_note(entry) or _is_alert(entry) for entry in entries))


FORMAT = Format(
    id="opsgenie",
    title="Opsgenie alerts, with their logs and notes",
    told_by="objects with log or note, owner and offset, or with tinyId and message, in an array"
    " data",
    source="https://docs.opsgenie.com/docs/alert-api-continued (List Alert Logs, List Alert Notes)",
    kinds=frozenset({"json", "lines"}),
    sniff=_sniff,
    read=_read,
)
