"""AWS CloudTrail log files: `{"Records": [...]}` as delivered to a bucket, or one event a line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from attribution.ingest.documents import first_entries, walk_entries
from attribution.ingest.fields import Table, find, flag, items, stated, table, text
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.source import Source
from attribution.model.record import JsonValue

_NAMING = ("id", "ids", "name", "names", "arn", "arns", "identifier", "identifiers")
_NAMING_ENDS = tuple(
    f"{head}{end}" for head in ("Id", "Name", "Arn", "ARN", "ID", "Identifier") for end in ("", "s")
)
_NAMING_WORDS = frozenset({*_NAMING, "cluster", "service", "bucket", "table"})
_NOT_RESOURCES = frozenset({"roleSessionName", "externalId", "requestId", "clientRequestId"})
_READING = ("Get", "List", "Describe", "Head", "Lookup", "BatchGet", "Search", "Query", "Scan")
_MAX_DEPTH = 12
_DATED = re.compile(r"/\d{4}/\d\d/\d\d/|_\d{8}T\d{6}Z.*")


def add_call(intake: Intake, place: str, event: Table, *, outer: Table) -> None:
    """Give the intake one CloudTrail event.

    `outer` holds what a lookup says beside it (Username, ReadOnly, Resources), empty in log files.
    """
    identity = table(event.get("userIdentity"))
    source = text(event.get("eventSource")) or text(outer.get("EventSource"))
    operation = text(event.get("eventName")) or text(outer.get("EventName")) or "unknown operation"
    context = table(identity.get("sessionContext"))
    attributes = table(context.get("attributes"))
    session = _session(identity)
    resources = _list_resources(event, outer)
    error = text(event.get("errorCode"))
    data = stated(
        source=source,
        operation=operation,
        read_only=_is_reading(event, outer, operation),
        resources=list[JsonValue](resources),
        role=text(table(context.get("sessionIssuer")).get("userName")),
        session=session,
        account=text(event.get("recipientAccountId")) or text(identity.get("accountId")),
        user_agent=text(event.get("userAgent")),
        address=text(event.get("sourceIPAddress")),
        request=text(event.get("requestID")),
        shared_event=text(event.get("sharedEventID")),
        addendum=text(table(event.get("addendum")).get("reason")),
        mfa=flag(attributes.get("mfaAuthenticated")),
        error=error,
        region=text(event.get("awsRegion")),
        source_identity=text(context.get("sourceIdentity")),
        issued_at=intake.timestamp(attributes.get("creationDate"), place),
    )
    subject = resources[0] if resources else None
    about = f" on {', '.join(resources)}" if resources else ""
    failed = f", refused: {error}" if error else ""
    intake.add(
        place,
        "audit.call",
        time=event.get("eventTime", outer.get("EventTime")),
        text=f"{operation}{about} ({source or 'source not stated'}{failed})",
        # A source identity stays with a session through every role it goes on to assume:
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
        actor=text(context.get("sourceIdentity"))
        or session
        or _actor(identity)
        or text(outer.get("Username")),
        subject=subject,
        native_id=text(event.get("eventID")) or text(outer.get("EventId")),
        data=data,
    )


def _add_digest(intake: Intake, place: str, digest: Table) -> None:
    """Give the intake one digest: what was delivered in an hour, by name.

    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html
    """
    files: list[JsonValue] = [
        stated(
            name=text(table(file).get("s3Object")),
            oldest=intake.timestamp(table(file).get("oldestEventTime"), place),
            newest=intake.timestamp(table(file).get("newestEventTime"), place),
        )
        for file in items(digest.get("logFiles"))
    ]
    name = text(digest.get("digestS3Object"))
    intake.add(
        place,
        "audit.digest",
        time=digest.get("digestEndTime"),
        text=f"{len(files)} log {'file' if len(files) == 1 else 'files'} delivered",
        subject=text(digest.get("awsAccountId")),
        native_id=name,
        data=stated(
            object=name,
            # The name without its date, which tells the trails of one bucket apart.
            trail=_DATED.sub("", name or ""),
            start=intake.timestamp(digest.get("digestStartTime"), place),
            previous=text(digest.get("previousDigestS3Object")),
            files=files,
        ),
    )


def _session(identity: Table) -> str | None:
    arn = text(identity.get("arn"))
    assumed = arn is not None and ":assumed-role/" in arn
    return arn.rpartition("/")[2] or None if arn is not None and assumed else None


def _actor(identity: Table) -> str | None:
    """Return the most specific name: the user, the calling service, then the ARN."""
    return (
        text(identity.get("userName"))
        or text(find(identity, "onBehalfOf", "userId"))
        or text(identity.get("invokedBy"))
        or text(identity.get("arn"))
        or text(identity.get("principalId"))
        or text(identity.get("accountId"))
    )


def _is_reading(event: Table, outer: Table, operation: str) -> bool:
    """Return the event's readOnly; where absent (before version 1.01), what its verb says."""
    declared = flag(event.get("readOnly"))
    if declared is None:
        declared = flag(outer.get("ReadOnly"))
    return operation.startswith(_READING) if declared is None else declared


def _list_resources(event: Table, outer: Table) -> list[str]:
    """Return the names of what the call is about, each once, in the order they stand."""
    names = dict.fromkeys(_walk_names(event.get("requestParameters"), _MAX_DEPTH))
    for listed, key in ((event.get("resources"), "ARN"), (outer.get("Resources"), "ResourceName")):
        for resource in items(listed):
            names |= dict.fromkeys(_name(text(table(resource).get(key))))
    return list(names)


def _walk_names(value: JsonValue, depth: int) -> Iterator[str]:
    """Yield the values of keys that name things: `volumeId`, `bucketName`, `roleArn`, `cluster`."""
    if depth == 0:
        return
    if isinstance(value, list):
        for item in value:
            yield from _walk_names(item, depth - 1)
    elif isinstance(value, dict):
        for key, item in value.items():
            names = key not in _NOT_RESOURCES and (
                key in _NAMING_WORDS or key.endswith(_NAMING_ENDS)
            )
            for name in item if isinstance(item, list) else [item]:
                if names and isinstance(name, str):
                    yield from _name(name)
                else:
                    yield from _walk_names(name, depth - 1)


def _name(name: str | None) -> Iterator[str]:
    """Yield a name, and for an ARN the name it ends in as well."""
    if name:
        yield name
        if name.startswith("arn:"):
            yield (
                name.rpartition("/")[2] or name if "/" in name else name.rpartition(":")[2] or name
            )


def is_event(entry: Table) -> bool:
    """Return whether an object is a CloudTrail event (a bucket notification has no eventID)."""
    return {"eventID", "eventSource", "eventName"} <= entry.keys()


def _is_digest(entry: Table) -> bool:
    return "digestEndTime" in entry and isinstance(entry.get("logFiles"), list)


def _sniff(source: Source) -> float:
    entries = first_entries(source, "Records")
    if any(is_event(entry) or _is_digest(entry) for entry in entries):
        return 1.0
    return 0.3 if "Records" in table(source.document if source.kind == "json" else None) else 0.0


def _read(source: Source, intake: Intake) -> None:
    for place, event in walk_entries(source, intake, "Records"):
        if _is_digest(event):
            _add_digest(intake, place, event)
        elif is_event(event) or "eventName" in event:
            add_call(intake, place, event, outer={})
        else:
            intake.reject(place, "no eventName: this is not a CloudTrail event")


FORMAT = Format(
    id="cloudtrail",
    title="AWS CloudTrail log file",
    told_by="objects with eventID, eventSource and eventName, in an array Records or one a line;"
    " digests: digestEndTime and logFiles",
    source="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/"
    "cloudtrail-event-reference-record-contents.html",
    kinds=frozenset({"json", "lines"}),
    sniff=_sniff,
    read=_read,
)
