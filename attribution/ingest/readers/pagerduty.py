"""PagerDuty log entries (REST API v2): who was alerted, who answered, and when."""

from __future__ import annotations

from attribution.ingest.fields import Table, find, stated, table, text
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.jsontext import nests_deeper
from attribution.ingest.mentions import find_mentions
from attribution.ingest.pages import first_entries, walk_pages
from attribution.ingest.source import Source
from attribution.model.record import JsonValue

_KINDS = {
    "trigger": "alert.triggered",
    "notify": "alert.notified",
    "acknowledge": "alert.acknowledged",
    "annotate": "alert.annotated",
    "escalate": "alert.escalated",
    "resolve": "alert.resolved",
}
_MAX_DETAIL_DEPTH = 20


def _read(source: Source, intake: Intake) -> None:
    entries = list(walk_pages(source, intake, "log_entries", more=("more",)))
    services = _services_of_incidents([entry for _, entry in entries])
    for place, entry in entries:
        _add(intake, place, table(entry.get("log_entry")) or entry, services)


def _services_of_incidents(entries: list[Table]) -> dict[str, Table]:
    """Return the service each incident is of, where an entry of the same file states it."""
    services: dict[str, Table] = {}
    for entry in entries:
        incident, service = table(entry.get("incident")), table(entry.get("service"))
        service = service or table(incident.get("service"))
        if (number := text(incident.get("id"))) and text(service.get("id")):
            services.setdefault(number, service)
    return services


def _add(intake: Intake, place: str, entry: Table, services: dict[str, Table]) -> None:
    kind_name = (text(entry.get("type")) or "").removesuffix("_reference")
    kind_name = kind_name.removesuffix("_log_entry")
    if not kind_name:
        intake.reject(place, "no type: this is not a log entry")
        return
    kind = _KINDS.get(kind_name, "alert.other")
    incident = table(entry.get("incident"))
    service = table(entry.get("service")) or services.get(text(incident.get("id")) or "", {})
    agent, user = table(entry.get("agent")), table(entry.get("user"))
    for person in (agent, user):
        intake.alias((text(person.get("id")), text(person.get("email"))), place, grade="profile")
    details: JsonValue = find(entry.get("channel"), "details") or entry.get("event_details")
    if nests_deeper(details, _MAX_DETAIL_DEPTH):
        intake.reject(place, f"details nested more than {_MAX_DETAIL_DEPTH} levels deep")
        return
    said = _describe(entry)
    data = stated(
        incident=text(incident.get("id")),
        service=text(service.get("summary")) or text(service.get("name")),
        service_id=text(service.get("id")),
        actor_type=(text(agent.get("type")) or "").removesuffix("_reference") or None,
        type=kind_name if kind == "alert.other" else None,
        details=details if kind == "alert.triggered" else None,
        notified=text(user.get("id")) if kind == "alert.notified" else None,
        refers_to=find_mentions(said),
    )
    intake.add(
        place,
        kind,
        time=entry.get("created_at"),
        text=said,
        actor=text(agent.get("id")),
        subject=text(data.get("service")) or text(incident.get("summary")),
        native_id=text(entry.get("id")),
        data=data,
    )


def _describe(entry: Table) -> str:
    """Return the summary and what was said with it: the note, or the alert's own title."""
    channel = table(entry.get("channel"))
    said = text(channel.get("summary")) or text(channel.get("content"))
    parts = dict.fromkeys(part for part in (text(entry.get("summary")), said) if part)
    return ": ".join(part.rstrip(".") if len(parts) > 1 else part for part in parts)


def _sniff(source: Source) -> float:
    entries = first_entries(source, "log_entries")
    return float(any(_is_entry(entry) for entry in entries))


def _is_entry(entry: Table) -> bool:
    kind = text(entry.get("type")) or ""
    return kind.removesuffix("_reference").endswith("_log_entry")


FORMAT = Format(
    id="pagerduty",
    title="PagerDuty log entries",
    told_by="objects whose type ends in _log_entry, in an array log_entries",
    source="https://developer.pagerduty.com/api-reference/ (List log entries)",
    kinds=frozenset({"json", "lines"}),
    sniff=_sniff,
    read=_read,
)
