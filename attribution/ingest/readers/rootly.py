"""Rootly incidents and their timeline events (JSON:API).

An event has the time it occurred, which its author may set, and the time it was made. An
incident's own times are milestones that can be changed afterwards.
"""

from __future__ import annotations

from attribution.ingest.documents import join
from attribution.ingest.fields import Table, find, stated, table, text
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.markup import plain_text
from attribution.ingest.mentions import find_mentions
from attribution.ingest.pages import first_entries, walk_pages
from attribution.ingest.source import Source
from attribution.model.record import JsonValue

_TOOL = "rootly"
_MILESTONES = (
    "started_at", "detected_at", "acknowledged_at", "in_triage_at", "mitigated_at", "resolved_at",
    "closed_at", "cancelled_at",
)  # fmt: skip
_OWN = frozenset({"sequential_id", "started_at", "slug"})


def _read(source: Source, intake: Intake) -> None:
    for place, entry in walk_pages(source, intake, "data", more=("links", "next")):
        whole = table(entry.get("data"))
        where, item = (join(place, "data"), whole) if whole else (place, entry)
        kind = text(item.get("type"))
        if kind == "incident_events":
            _add_event(intake, where, item)
        elif _is_incident(item):
            _add_incident(intake, where, item)
        else:
            intake.reject(where, "neither an incident nor an incident event")


def _add_event(intake: Intake, place: str, event: Table) -> None:
    facts = table(event.get("attributes"))
    body = plain_text(text(facts.get("event")) or text(facts.get("description")) or "")
    user = table(facts.get("user"))
    who = _person(user)
    name = text(user.get("full_name")) or text(user.get("name"))
    kind, incident = text(facts.get("kind")), _incident(event)
    about = stated(incident=incident, refers_to=find_mentions(body))
    typed = kind in {None, "event", "trail"} and bool(name or who)
    if typed:
        about |= stated(asserted_by=name or who, source=_TOOL)
    else:
        about |= stated(tool=_TOOL, update=kind or "event", by=name)
    intake.add(
        place,
        "statement" if typed else "incident.update",
        time=facts.get("occurred_at") or facts.get("created_at"),
        written=facts.get("created_at"),
        text=body,
        actor=who,
        subject=incident,
        native_id=text(event.get("id")),
        data=about,
    )


def _add_incident(intake: Intake, place: str, incident: Table) -> None:
    facts, number = table(incident.get("attributes")), text(incident.get("id"))
    name = text(facts.get("title"))
    reference = text(facts.get("sequential_id"))
    user = table(facts.get("started_by")) or table(facts.get("user"))
    common = stated(
        tool=_TOOL,
        incident=number,
        reference=None if reference is None else f"INC-{reference}",
        title=name,
        severity=_name_of(facts.get("severity")),
    )

    def add(kind: str, key: str, actor: str | None, more: dict[str, JsonValue]) -> None:
        intake.add(
            place,
            kind,
            time=facts.get(key),
            text=f"{key.removesuffix('_at').replace('_', ' ')}: {name or ''}",
            actor=actor,
            subject=text(common.get("reference")) or name,
            native_id=f"{number}/{key}" if number else None,
            data=common | more,
        )

    by = text(user.get("full_name")) or text(user.get("name"))
    add("incident.update", "created_at", _person(user), stated(update="created", by=by))
    for key in _MILESTONES:
        if facts.get(key) is not None:
            add("incident.milestone", key, None, {"milestone": key.removesuffix("_at")})


def _person(user: Table) -> str | None:
    """Return a user's address, else the number as Rootly's: another system has the same numbers."""
    number = text(user.get("id"))
    return text(user.get("email")) or (f"rootly:{number}" if number else None)


def _incident(event: Table) -> str | None:
    """Return the id of the incident an event is of, where the event says so."""
    related = find(event, "relationships", "incident", "data")
    return text(find(related, "id")) or text(find(event, "attributes", "incident_id"))


def _name_of(value: JsonValue) -> str | None:
    """Return the name of a thing that stands as a name or as a JSON:API object."""
    attributes = table(find(table(value).get("data"), "attributes"))
    return (
        value
        if isinstance(value, str)
        else text(attributes.get("name")) or text(find(value, "name"))
    )


def _is_incident(item: Table) -> bool:
    """Return whether it is an incident of Rootly: another tool names the type alike."""
    facts = table(item.get("attributes")).keys()
    return item.get("type") == "incidents" and "created_at" in facts and bool(_OWN & facts)


def _sniff(source: Source) -> float:
    entries = first_entries(source, "data")
    opened = [table(entry.get("data")) or entry for entry in entries]
    return float(any(e.get("type") == "incident_events" or _is_incident(e) for e in opened))


FORMAT = Format(
    id="rootly",
    title="Rootly incidents and timeline events",
    told_by="objects of type incident_events, or of type incidents with created_at and started_at,"
    " in an array data",
    source="https://docs.rootly.com/api-reference/incidentevents/list-incident-events",
    kinds=frozenset({"json", "lines"}),
    sniff=_sniff,
    read=_read,
)
