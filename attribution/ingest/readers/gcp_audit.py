"""Google Cloud audit logs: LogEntry objects whose protoPayload is an AuditLog.

As `gcloud logging read --format=json`, the API's `entries.list` and sinks to storage write them.
`timestamp` is when the call happened, `receiveTimestamp` when Logging got to know of it. A long
running operation has a first entry and a last one, of which the last tells how it ended.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from attribution.ingest.documents import first_entries, says_more, walk_entries
from attribution.ingest.fields import Table, find, flag, items, number, table, text
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.readers.audit import (
    BEGUN,
    FAILED,
    SUCCEEDED,
    Call,
    add_call,
    drop_empty,
    name_resources,
)
from attribution.ingest.source import Source
from attribution.model.record import JsonValue

_TYPE = "type.googleapis.com/google.cloud.audit.AuditLog"
_SERVICE_ACCOUNT = ".gserviceaccount.com"
# https://cloud.google.com/service-infrastructure/docs/service-management/reference/rpc/google.rpc#code
_CODES = (
    "OK", "Cancelled", "Unknown", "InvalidArgument", "DeadlineExceeded", "NotFound",
    "AlreadyExists", "PermissionDenied", "ResourceExhausted", "FailedPrecondition", "Aborted",
    "OutOfRange", "Unimplemented", "Internal", "Unavailable", "DataLoss", "Unauthenticated",
)  # fmt: skip
_READS = frozenset({"ADMIN_READ", "DATA_READ"})
_READING = ("get", "list", "search", "query", "read", "aggregatedlist", "batchget", "lookup",
            "testiampermissions", "watch")  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Identity:
    """Who called: the actor, the account acted as, who stood behind it, the chain of delegation.

    `named_at` is the place of the entry that names them, where that is another one.
    """

    actor: str | None
    role: str | None = None
    behind: str | None = None
    chain: tuple[str, ...] = ()
    named_at: str | None = None


def _read(source: Source, intake: Intake) -> None:
    named: dict[str, _Identity] = {}
    waiting: list[tuple[str, Table, _Identity, str]] = []
    for place, entry in walk_entries(source, intake, "entries"):
        payload = table(entry.get("protoPayload"))
        if not text(payload.get("methodName")):
            intake.reject(place, "no protoPayload with a methodName: this is no audit log entry")
            continue
        who = _identify(intake, place, table(payload.get("authenticationInfo")))
        operation = text(find(entry, "operation", "id"))
        if operation is not None and who.chain:
            named.setdefault(operation, replace(who, named_at=place))
        if operation is not None and who.role is not None and not who.chain:
            waiting.append((place, entry, who, operation))
        else:
            _add(intake, place, entry, who)
    for place, entry, who, operation in waiting:
        # Exports stand newest first, so the entry that names who delegated comes later.
        known = named.get(operation, who)
        _add(intake, place, entry, known if known.role == who.role else who)
    if says_more(source, "nextPageToken"):
        intake.truncate("the log was not read to its end: nextPageToken is set")


def _add(intake: Intake, place: str, entry: Table, who: _Identity) -> None:
    payload = table(entry.get("protoPayload"))
    labels = table(find(entry, "resource", "labels"))
    log = text(entry.get("logName")) or ""
    code = number(find(payload, "status", "code")) or 0
    error = (_CODES[code] if 0 < code < len(_CODES) else f"code {code}") if code else None
    error = error or ("PermissionDenied" if _is_denied(payload) else None)
    outcome = _tell_outcome(entry, error)
    operation = text(payload.get("methodName")) or ""
    insert_id = text(entry.get("insertId"))
    add_call(
        intake,
        place,
        Call(
            operation=operation,
            source=text(payload.get("serviceName")),
            read_only=_is_reading(payload, log, operation),
            resources=name_resources(*_list_resources(payload)),
            actor=who.actor,
            error=error,
            role=who.role,
            source_identity=who.behind,
            outcome=outcome,
        ),
        time=entry.get("timestamp"),
        written=entry.get("receiveTimestamp"),
        native_id=insert_id,
        key=(log, text(entry.get("timestamp")), insert_id) if insert_id else None,
        facts={
            "account": text(labels.get("project_id")) or _project(log),
            "region": text(labels.get("location")) or text(labels.get("zone")),
            "user_agent": text(find(payload, "requestMetadata", "callerSuppliedUserAgent")),
            "address": text(find(payload, "requestMetadata", "callerIp")),
            "delegation": list[JsonValue](who.chain) or None,
            "named_at": None if who.named_at == place else who.named_at,
            "credential": text(find(payload, "authenticationInfo", "serviceAccountKeyName")),
            "request": text(find(entry, "operation", "id")),
            "log": log.rpartition("%2F")[2] or None,
        },
    )


def _project(log: str) -> str | None:
    parts = log.split("/")
    return parts[1] if parts[0] == "projects" and len(parts) > 1 else None


def _identify(intake: Intake, place: str, who: Table) -> _Identity:
    """Return who called.

    `serviceAccountDelegationInfo` holds the authorities in the order in which each delegated to the
    next, so that the first is the one who acted.
    """
    principal = text(who.get("principalEmail")) or text(who.get("principalSubject"))
    chain = drop_empty(
        _delegate(table(link)) for link in items(who.get("serviceAccountDelegationInfo"))
    )
    for name in (principal, *chain):
        if name is not None and name.endswith(_SERVICE_ACCOUNT):
            intake.alias((name,), place, "service_account")
    role = principal if chain or (principal or "").endswith(_SERVICE_ACCOUNT) else None
    first = chain[0] if chain else None
    behind = None if first is None or first.endswith(_SERVICE_ACCOUNT) else first
    return _Identity(first or principal, role, behind, chain)


def _delegate(link: Table) -> str | None:
    return (
        text(find(link, "firstPartyPrincipal", "principalEmail"))
        or text(link.get("principalSubject"))
        or text(find(link, "thirdPartyPrincipal", "thirdPartyClaims", "sub"))
    )


def _is_denied(payload: Table) -> bool:
    granted = [flag(find(entry, "granted")) for entry in items(payload.get("authorizationInfo"))]
    return bool(granted) and all(answer is False for answer in granted)


def _tell_outcome(entry: Table, error: str | None) -> str | None:
    if error is not None:
        return FAILED
    operation = table(entry.get("operation"))
    if flag(operation.get("last")) is True:
        return SUCCEEDED
    return BEGUN if flag(operation.get("first")) is True else None


def _is_reading(payload: Table, log: str, operation: str) -> bool:
    """Return whether the permissions asked for were all for reading; else what log and verb say.

    Only the data access log holds reads (https://cloud.google.com/logging/docs/audit).
    """
    types = {
        kind
        for entry in items(payload.get("authorizationInfo"))
        if (kind := text(find(entry, "permissionType")))
    }
    if types:
        return types <= _READS
    verb = operation.rpartition(".")[2].lower()
    return "data_access" in log and verb.startswith(_READING)


def _list_resources(payload: Table) -> list[str | None]:
    """Return what the call is about, and for a change of a policy the members it added."""
    found = [text(payload.get("resourceName"))]
    found += [text(find(entry, "resource")) for entry in items(payload.get("authorizationInfo"))]
    deltas = find(payload, "serviceData", "policyDelta", "bindingDeltas")
    for delta in items(deltas):
        if text(find(delta, "action")) == "ADD":
            found += [
                (text(find(delta, "member")) or "").partition(":")[2],
                text(find(delta, "role")),
            ]
    return found


def _sniff(source: Source) -> float:
    entries = first_entries(source, "entries")
    audits = [entry for entry in entries if find(entry, "protoPayload", "@type") == _TYPE]
    if audits:
        return 1.0
    named = [entry for entry in entries if text(find(entry, "protoPayload", "methodName"))]
    return 0.8 if any("logName" in entry for entry in named) else 0.0


FORMAT = Format(
    id="gcp-audit",
    title="Google Cloud audit log",
    told_by="log entries whose protoPayload is a google.cloud.audit.AuditLog",
    source="https://cloud.google.com/logging/docs/reference/audit/auditlog/rest/Shared.Types/AuditLog",
    kinds=frozenset({"json", "lines"}),
    sniff=_sniff,
    read=_read,
)
