"""The Azure activity log, in the form of the REST API and in that of storage and event hubs.

The first is what `az monitor activity-log list` and the portal give (`eventTimestamp`), the second
what a diagnostic setting writes (`time`, `resourceId`). One operation has several entries, which
share a correlation id and differ in their status: Started, Accepted, Succeeded or Failed.
"""

from __future__ import annotations

from attribution.ingest.documents import first_entries, says_more, walk_entries
from attribution.ingest.fields import EMPTY, Table, find, stated, table, text
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.readers.audit import (
    BEGUN,
    FAILED,
    SUCCEEDED,
    Call,
    add_call,
    name_resources,
)
from attribution.ingest.source import Source
from attribution.model.record import JsonValue

_CALLS = frozenset({"administrative", "policy", "security", "write", "delete", "action"})
"""Categories of calls on resources; the rest (service health, alerts, ...) are notices."""

_OUTCOMES = {
    **dict.fromkeys(("started", "start", "accepted", "accept", "active", "inprogress"), BEGUN),
    **dict.fromkeys(("succeeded", "success"), SUCCEEDED),
    **dict.fromkeys(("failed", "failure"), FAILED),
}
_CLAIM = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
_OBJECT = "http://schemas.microsoft.com/identity/claims/objectidentifier"


def _read(source: Source, intake: Intake) -> None:
    for place, entry in walk_entries(source, intake, "value", "records"):
        if _named(entry.get("operationName")) is None:
            intake.reject(place, "no operationName: this is no entry of an activity log")
        elif _category(entry) in _CALLS:
            _add_call(intake, place, entry)
        else:
            _add_notice(intake, place, entry)
    if says_more(source, "nextLink"):
        intake.truncate("the log was not read to its end: nextLink is set")


def _named(value: JsonValue) -> str | None:
    """Return a text, or the `value` of a localizable string."""
    return text(table(value).get("value")) or text(value)


def _category(entry: Table) -> str:
    category = _named(entry.get("category")) or _named(find(entry, "properties", "eventCategory"))
    return (category or "administrative").replace(" ", "").lower()


def _add_call(intake: Intake, place: str, entry: Table) -> None:
    status = _named(entry.get("status")) or text(entry.get("resultType")) or ""
    outcome = _OUTCOMES.get(status.replace(" ", "").lower())
    detail = _named(entry.get("subStatus")) or text(entry.get("resultSignature"))
    operation = _named(entry.get("operationName")) or ""
    error = (_error_code(entry) or detail or status) if outcome == FAILED else None
    actor, role, kind = _identify(intake, place, entry)
    native, key = _ids(entry, operation, status)
    provider = _named(entry.get("resourceProviderName")) or operation.partition("/")[0]
    add_call(
        intake,
        place,
        Call(
            operation=operation,
            source=provider or None,
            read_only=operation.lower().endswith("/read"),
            resources=name_resources(_resource(entry)),
            actor=actor,
            error=error,
            role=role,
            outcome=outcome,
        ),
        time=_time(entry),
        written=entry.get("submissionTimestamp"),
        native_id=native,
        key=key,
        facts={
            "account": text(entry.get("subscriptionId")) or _subscription(_resource(entry)),
            "region": text(entry.get("location")),
            "address": text(find(entry, "httpRequest", "clientIpAddress"))
            or text(entry.get("callerIpAddress"))
            or text(_claims(entry).get("ipaddr")),
            "request": text(entry.get("correlationId")),
            "status": status or None,
            "caller_type": kind,
        },
    )


def _add_notice(intake: Intake, place: str, entry: Table) -> None:
    operation = _named(entry.get("operationName")) or ""
    status = _named(entry.get("status")) or text(entry.get("resultType")) or ""
    native, key = _ids(entry, operation, status)
    said = text(find(entry, "properties", "title")) or text(entry.get("description"))
    resource = _resource(entry)
    intake.add(
        place,
        "alert.other",
        time=_time(entry),
        written=entry.get("submissionTimestamp"),
        text=f"{_category(entry)}: {said or operation}{f' ({status})' if status else ''}",
        subject=(resource or "").rpartition("/")[2] or None,
        native_id=native,
        key=key,
        data=stated(type=_category(entry), service=text(find(entry, "properties", "service"))),
    )


def _time(entry: Table) -> JsonValue:
    return entry.get("eventTimestamp", entry.get("time"))


def _resource(entry: Table) -> str | None:
    return text(entry.get("resourceId")) or text(entry.get("resourceUri"))


def _subscription(resource: str | None) -> str | None:
    parts = (resource or "").split("/")
    return parts[2] if len(parts) > 2 and parts[1].lower() == "subscriptions" else None  # noqa: PLR2004 - /subscriptions/ID


def _ids(entry: Table, operation: str, status: str) -> tuple[str | None, tuple[object, ...] | None]:
    """Return the native id and the key of repeats.

    Where there is no eventDataId, as in storage, operation, status and time tell the entries of one
    correlation id apart.
    """
    event = text(entry.get("eventDataId")) or text(find(entry, "properties", "eventDataId"))
    if event is not None:
        return event, ("azure", event)
    correlation = text(entry.get("correlationId"))
    if correlation is None:
        return None, None
    return None, (correlation, operation, status, text(_time(entry)), _resource(entry))


def _claims(entry: Table) -> Table:
    return table(entry.get("claims")) or table(find(entry, "identity", "claims"))


def _identify(
    intake: Intake, place: str, entry: Table
) -> tuple[str | None, str | None, str | None]:
    """Return the actor, the application acted as where no person is named, and the kind of caller.

    The caller is a user's principal name or, for an application, the id of its principal.
    """
    claims = _claims(entry)
    person = text(claims.get(f"{_CLAIM}upn")) or text(claims.get(f"{_CLAIM}emailaddress"))
    caller = text(entry.get("caller")) or person
    application = text(claims.get("appid"))
    kind = text(claims.get("idtyp")) or ("user" if person else None)
    if kind == "app" or (person is None and application is not None and "@" not in (caller or "")):
        name = caller or text(claims.get(_OBJECT)) or application
        intake.alias((name,), place, "service_account")
        return name, name, "app"
    intake.alias((caller, person, text(claims.get(_OBJECT))), place, grade="sso")
    return caller, None, kind


def _error_code(entry: Table) -> str | None:
    """Return the code inside `properties.statusMessage`, as `ResourceNotFound`."""
    message = find(entry, "properties", "statusMessage")
    found = text(find(message, "error", "code")) if isinstance(message, dict) else None
    if found is None and isinstance(message, str) and '"code":"' in message:
        found = message.partition('"code":"')[2].partition('"')[0][:80]
    return found or None


def _is_rest(entry: Table) -> bool:
    return "eventTimestamp" in entry and bool({"eventDataId", "correlationId"} & entry.keys())


def _is_stored(entry: Table) -> bool:
    return {"time", "resourceId", "operationName", "correlationId"} <= entry.keys() and bool(
        {"resultType", "identity", "callerIpAddress"} & entry.keys()
    )


def _sniff(source: Source) -> float:
    entries = first_entries(source, "value", "records") or [EMPTY]
    if any(_is_rest(entry) and "operationName" in entry for entry in entries):
        return 1.0
    return 0.9 if any(map(_is_stored, entries)) else 0.0


FORMAT = Format(
    id="azure-activity",
    title="Azure activity log",
    told_by="objects with operationName, correlationId and eventTimestamp, or time and resourceId",
    source="https://learn.microsoft.com/en-us/azure/azure-monitor/essentials/activity-log-schema",
    kinds=frozenset({"json", "lines"}),
    sniff=_sniff,
    read=_read,
)
