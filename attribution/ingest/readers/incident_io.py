"""incident.io incidents and their updates (API v2).

The timestamps of an incident are milestones that people enter and correct afterwards; when each
was entered is not stated. An update states when it was written. By the documentation an incident
also has `creator`, `mode` and `updated_at`, timestamps are named as the organisation names them,
and one that was never set has the value null.
"""

from __future__ import annotations

from attribution.ingest.documents import join, name_type
from attribution.ingest.fields import Table, find, items, stated, table, text
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.mentions import find_mentions
from attribution.ingest.pages import first_entries, walk_pages
from attribution.ingest.source import Source
from attribution.model.record import JsonValue

_TOOL = "incident-io"
_KEYS = ("incidents", "incident_updates")


def _read(source: Source, intake: Intake) -> None:
    pages = walk_pages(source, intake, *_KEYS, more=("pagination_meta", "after"))
    for place, entry in pages:
        inside = next((key for key in ("incident", "incident_update") if _within(entry, key)), None)
        where = place if inside is None else join(place, inside)
        item = entry if inside is None else table(entry[inside])
        if _is_update(item):
            _add_update(intake, where, item)
        elif _is_incident(item):
            _add_incident(intake, where, item)
        else:
            intake.reject(where, "neither an incident nor an update of one")


def _within(entry: Table, key: str) -> bool:
    return isinstance(entry.get(key), dict) and "id" not in entry


def _add_incident(intake: Intake, place: str, incident: Table) -> None:
    number = text(incident.get("id"))
    name, mode = text(incident.get("name")), text(incident.get("mode"))
    common = stated(
        tool=_TOOL,
        incident=number,
        reference=text(incident.get("reference")),
        title=name,
        severity=text(find(incident, "severity", "name")),
    )
    actor, by = _actor(intake, join(place, "creator"), incident.get("creator"))
    intake.add(
        place,
        "incident.update",
        time=incident.get("created_at"),
        text=f"incident created{'' if mode in {None, 'standard'} else f' ({mode})'}: {name or ''}",
        actor=actor,
        subject=text(incident.get("reference")),
        native_id=f"{number}/created" if number else None,
        data=common | stated(update="created", by=by),
    )
    roles = _roles(intake, place, incident)
    for index, entry in enumerate(items(incident.get("incident_timestamp_values"))):
        where = join(place, "incident_timestamp_values", index)
        if isinstance(entry, dict):
            _add_milestone(intake, where, entry, common | stated(roles=roles))
        else:
            intake.reject(where, f"an object was expected, got {name_type(entry)}")


def _add_milestone(intake: Intake, place: str, entry: Table, common: dict[str, JsonValue]) -> None:
    kind = table(entry.get("incident_timestamp"))
    name = text(kind.get("name"))
    if name is None:
        intake.reject(place, "a timestamp without a name")
        return
    value, incident = find(entry, "value", "value"), text(common.get("incident"))
    if value is None:
        intake.reject(place, f"{name!r} was never set")
        return
    intake.add(
        place,
        "incident.milestone",
        time=value,
        text=": ".join(part for part in (name, text(common.get("title"))) if part),
        subject=text(common.get("reference")),
        native_id=f"{incident}/{text(kind.get('id')) or name}" if incident else None,
        data=common | stated(milestone=name),
    )


def _add_update(intake: Intake, place: str, update: Table) -> None:
    actor, by = _actor(intake, join(place, "updater"), update.get("updater"))
    message, status = text(update.get("message")), text(find(update, "new_incident_status", "name"))
    intake.add(
        place,
        "incident.update",
        time=update.get("created_at"),
        text=": ".join(part for part in (status, message) if part),
        actor=actor,
        subject=text(update.get("incident_id")),
        native_id=text(update.get("id")),
        data=stated(
            tool=_TOOL,
            incident=text(update.get("incident_id")),
            update="update",
            status=status,
            severity=text(find(update, "new_severity", "name")),
            by=by,
            refers_to=find_mentions(message or ""),
        ),
    )


def _actor(intake: Intake, place: str, actor: JsonValue) -> tuple[str | None, str | None]:
    """Return the id and the shown name of who did it: a user, a workflow, an alert or a key.

    A user's address and Slack id stand beside the id; the display name joins nothing.
    """
    for kind in ("user", "workflow", "api_key", "alert"):
        found = table(table(actor).get(kind))
        if number := text(found.get("id")):
            names = (number, text(found.get("email")), text(found.get("slack_user_id")))
            told = "person" if kind == "user" else "service_account"
            intake.alias(names, place, told, "profile")
            return number, text(found.get("name")) or text(found.get("title"))
    return None, None


def _roles(intake: Intake, place: str, incident: Table) -> JsonValue:
    roles: dict[str, JsonValue] = {}
    for index, entry in enumerate(items(incident.get("incident_role_assignments"))):
        assignee = table(find(entry, "assignee"))
        where = join(place, "incident_role_assignments", index)
        _actor(intake, where, {"user": dict(assignee)})
        if role := text(find(find(entry, "role"), "name")):
            roles[role] = text(assignee.get("name")) or text(assignee.get("id"))
    return roles or None


def _is_incident(entry: Table) -> bool:
    return {"incident_status", "reference", "created_at"} <= entry.keys()


def _is_update(entry: Table) -> bool:
    return {"new_incident_status", "incident_id", "created_at"} <= entry.keys()


def _sniff(source: Source) -> float:
    entries = first_entries(source, *_KEYS)
    opened = [table(e.get("incident")) or table(e.get("incident_update")) or e for e in entries]
    return float(any(_is_incident(entry) or _is_update(entry) for entry in opened))


FORMAT = Format(
    id="incident-io",
    title="incident.io incidents and incident updates",
    told_by="objects with incident_status and reference, or with new_incident_status and"
    " incident_id",
    source="https://api-docs.incident.io/tag/Incidents-V2 (and Incident-Updates-V2)",
    kinds=frozenset({"json", "lines"}),
    sniff=_sniff,
    read=_read,
)
