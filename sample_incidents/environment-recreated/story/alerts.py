"""The alerting service's log and the status page of the story."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import clocks
from pretty import pretty

_SERVICE = {"id": "PSVCCV", "type": "service_reference", "summary": "cost-view"}
_TITLES = {
    "PINC31": "[#31] cost-view: all pages answer 503",
    "PINC32": "[#32] cost-view: no data newer than 90 minutes",
}
_PAGE_ZONE = "America/Los_Angeles"


def alert_log(source: Path, people: dict[str, Any]) -> bytes:
    """Return the log as asked for in +01:00, newest first."""
    rows = _rows(source)
    entries = [_entry(row, people) for row in reversed(rows)]
    return pretty({"log_entries": entries, "limit": 100, "offset": 0, "more": False, "total": None})


def _entry(row: dict[str, str], people: dict[str, Any]) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "id": row["id"],
        "type": f"{row['type']}_log_entry",
        "summary": row["text"],
        "created_at": clocks.offset(row["time"], 1),
        "agent": _SERVICE,
        "channel": {"type": "auto"},
        "service": _SERVICE,
        "incident": {
            "id": row["incident"],
            "type": "incident_reference",
            "summary": _TITLES[row["incident"]],
        },
        "teams": [],
        "contexts": [],
    }
    if row["type"] == "trigger":
        details = {"region": "xx-test-1", "probe": "cost-view-front"}
        entry["channel"] = {"type": "api", "summary": row["text"], "details": details}
        entry["event_details"] = {"description": row["text"]}
    if row["who"]:
        entry |= _person(row, people)
    return entry


def _person(row: dict[str, str], people: dict[str, Any]) -> dict[str, Any]:
    person = people[row["who"]]
    user = {"id": person["pager"], "type": "user_reference", "summary": person["name"]}
    if row["type"] == "notify":
        medium, status = row["text"].split()
        told = {"type": medium, "address": "***", "status": status}
        return {
            "summary": f"Notified {person['name']} by {medium}: {status}",
            "user": user,
            "channel": {"type": "auto", "notification": told},
        }
    if row["type"] == "escalate":
        return {"assignees": [user]}
    channel = (
        {"type": "note", "summary": row["text"]}
        if row["type"] == "annotate"
        else {"type": "website"}
    )
    return {"agent": user, "channel": channel}


def status_page(source: Path) -> bytes:
    """Return the page's incident, newest update first, in the page's own zone."""
    rows = _rows(source)
    updates = [_update(row) for row in reversed(rows)]
    incident = {
        "id": "sp31cv",
        "name": "Cost View unavailable in xx-test-1",
        "status": "resolved",
        "impact": "major",
        "created_at": _local(rows[0]["created"]),
        "updated_at": _local(rows[-1]["created"]),
        "started_at": _local(rows[0]["displayed"]),
        "monitoring_at": _local(rows[3]["created"]),
        "resolved_at": _local(rows[-1]["displayed"]),
        "shortlink": "https://status.halden.example.test/sp31cv",
        "page_id": "pghalden",
        "incident_updates": updates,
        "components": [{"id": "cmpcv", "name": "Cost View", "status": "operational"}],
    }
    return pretty({"incidents": [incident]})


def _update(row: dict[str, str]) -> dict[str, Any]:
    return {
        "id": row["id"],
        "status": row["status"],
        "body": row["text"],
        "incident_id": "sp31cv",
        "created_at": _local(row["created"]),
        "updated_at": _local(row["created"]),
        "display_at": _local(row["displayed"]),
        "affected_components": [
            {
                "code": "cmpcv",
                "name": "Cost View",
                "old_status": row["old"],
                "new_status": row["new"],
            }
        ],
    }


def _local(text: str) -> str:
    return clocks.local_milliseconds(text, _PAGE_ZONE)


def _rows(source: Path) -> list[dict[str, str]]:
    with source.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
