"""Atlassian Statuspage incidents: what the public was told, and when it was really written.

`display_at` is set by the author and may be earlier than `created_at`; both are kept.
"""

from __future__ import annotations

from attribution.ingest.documents import join
from attribution.ingest.fields import Table, items, stated, table, text
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.pages import first_entries, walk_pages
from attribution.ingest.source import Source
from attribution.ingest.times import TimeRefusedError
from attribution.model.record import JsonValue

_MOST = 50
"""How many incidents `api/v2/incidents.json` of a status page gives, the latest.

Source: https://www.mongodb.com/docs/api/doc/cloud-status/ (a page of Statuspage; the API is its).
"""


def _read(source: Source, intake: Intake) -> None:
    for place, incident in walk_pages(source, intake, "incidents"):
        updates = items(incident.get("incident_updates"))
        if not updates:
            _add(intake, place, incident, incident)
        for index, update in enumerate(updates):
            where = join(place, "incident_updates", index)
            if isinstance(update, dict):
                _add(intake, where, incident, update)
            else:
                intake.reject(where, "an object was expected for an update of an incident")
    answer = table(source.document) if source.kind == "json" else {}
    if table(answer.get("page")) and len(items(answer.get("incidents"))) == _MOST:
        intake.truncate(
            f"the status page gives its {_MOST} latest incidents, and here are {_MOST}: there may"
            " be earlier ones"
        )


def _add(intake: Intake, place: str, incident: Table, update: Table) -> None:
    status = text(update.get("status"))
    if status is None:
        intake.reject(place, "no status: this is not an update of an incident")
        return
    displayed, created = update.get("display_at"), update.get("created_at")
    name = text(incident.get("name"))
    body = text(update.get("body"))
    intake.add(
        place,
        "status.update",
        time=displayed or created,
        written=created,
        text=": ".join(part for part in (name, status, body) if part),
        actor=text(incident.get("page_id")),
        subject=name,
        native_id=text(update.get("id")),
        data=stated(
            incident=text(incident.get("id")),
            status=status,
            components=_components(incident, update),
            impact=text(incident.get("impact")),
            backdated=_is_backdated(intake, place, displayed, created),
        ),
    )


def _components(incident: Table, update: Table) -> JsonValue:
    """Return the names of the components the update names, else those of the incident."""
    listed = items(update.get("affected_components")) or items(incident.get("components"))
    return [name for item in listed if (name := text(table(item).get("name")))] or None


def _is_backdated(
    intake: Intake, place: str, displayed: JsonValue, created: JsonValue
) -> bool | None:
    """Return whether the page shows an earlier time than that of writing; None if it shows none."""
    try:
        shown, true = intake.read_time(displayed, place), intake.read_time(created, place)
    except TimeRefusedError:
        return None
    return None if shown is None or true is None else shown.time < true.time


def _sniff(source: Source) -> float:
    entries = first_entries(source, "incidents")
    return float(any({"incident_updates", "impact"} <= entry.keys() for entry in entries))


FORMAT = Format(
    id="statuspage",
    title="Atlassian Statuspage incidents",
    told_by="objects with incident_updates and impact, in an array incidents or alone",
    source="https://developer.statuspage.io/#tag/incidents",
    kinds=frozenset({"json", "lines"}),
    sniff=_sniff,
    read=_read,
)
