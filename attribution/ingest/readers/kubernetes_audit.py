"""Kubernetes audit events (audit.k8s.io): JSON lines of a log backend, or an EventList.

One request has an event for each stage it went through, told apart by audit id and stage. All of
them happened when the request was received; `stageTimestamp` is when the stage was reached, and the
event written. An operation is named RESOURCE.VERB, as Google's log of the same API calls does.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from attribution.ingest.documents import first_entries, says_more, walk_entries
from attribution.ingest.fields import Table, find, items, number, table, text
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.lane import Lane
from attribution.ingest.readers.audit import BEGUN, FAILED, SUCCEEDED, Call, add_call, drop_empty
from attribution.ingest.source import Source
from attribution.model.record import JsonValue

if TYPE_CHECKING:
    from attribution.ingest.lane import Filling

_GROUP = "audit.k8s.io/"
_SERVICE_ACCOUNT = "system:serviceaccount:"
_BUILT_IN = "system:serviceaccount:kube-system:"
_STAGES = {
    "RequestReceived": BEGUN,
    "ResponseStarted": BEGUN,
    "ResponseComplete": SUCCEEDED,
    "Panic": FAILED,
}
_READING = frozenset({"get", "list", "watch", "head", "options"})
_REACHING_IN = frozenset({"exec", "attach", "portforward", "proxy"})
"""Subresources through which a `get` does whatever the caller likes."""
_REFUSED = 400  # the first HTTP status of a refusal


def _read(source: Source, intake: Intake) -> None:
    lane = Lane(intake, partial(_open_lane, intake))
    for place, event in walk_entries(source, intake, "items", lane=lane):
        if text(event.get("auditID")) and text(event.get("verb")):
            _add(intake, place, event)
        else:
            intake.reject(place, "no auditID and verb: this is no audit event")
    if says_more(source, "metadata", "continue"):
        intake.truncate("the list was not read to its end: metadata.continue is set")


def _open_lane(intake: Intake) -> Filling | None:
    from attribution.ingest.readers.kubernetes_lane import open_lane

    return None if intake.clock.has_format else open_lane(intake, _add)


def _add(intake: Intake, place: str, event: Table) -> None:
    verb, stage = text(event.get("verb")) or "", text(event.get("stage"))
    target = table(event.get("objectRef"))
    path = text(event.get("requestURI")) or ""
    dry = _is_dry_run(path)
    error = _error(event)
    outcome = _STAGES.get(stage or "")
    caller = text(find(event, "user", "username"))
    acted_as = text(find(event, "impersonatedUser", "username"))
    for name in (caller, acted_as):
        if name is not None and name.startswith(_SERVICE_ACCOUNT):
            intake.alias((name,), place, "service_account")
    addresses = [text(address) for address in items(event.get("sourceIPs"))]
    add_call(
        intake,
        place,
        Call(
            operation=_operation(target, verb),
            source="kubernetes",
            read_only=dry or (verb in _READING and target.get("subresource") not in _REACHING_IN),
            resources=_resources(target, path),
            actor=caller,
            error=error,
            role=acted_as or _account_role(caller),
            # A service account that acts as somebody hides whoever used it all the same.
            source_identity=caller if acted_as and _account_role(caller) is None else None,
            outcome=FAILED if error else outcome,
        ),
        time=event.get("requestReceivedTimestamp", event.get("timestamp")),
        written=event.get("stageTimestamp"),
        native_id=f"{text(event.get('auditID'))} {stage or 'no stage'}",
        key=(text(event.get("auditID")), stage),
        facts={
            "stage": stage,
            "impersonated": acted_as,
            "dry_run": dry or None,
            "user_agent": text(event.get("userAgent")),
            # All but the last can be set by the client at will.
            "address": addresses[-1] if addresses else None,
            "request": text(event.get("auditID")),
            "groups": _texts(find(event, "user", "groups")),
            **_tell_more(table(find(event, "user", "extra"))),
        },
    )


def _tell_more(extra: Table) -> dict[str, JsonValue]:
    """Return what an authenticator tells of a user besides: EKS the IAM identity, tokens the pod.

    https://docs.aws.amazon.com/eks/latest/userguide/ (aws-iam-authenticator);
    https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/
    """
    if not extra:
        return {}
    named = {
        "principal": "arn",
        "session": "sessionName",
        "pod": "authentication.kubernetes.io/pod-name",
        "node": "authentication.kubernetes.io/node-name",
    }
    return {fact: next(iter(_texts(extra.get(key)) or ()), None) for fact, key in named.items()}


def _account_role(caller: str | None) -> str | None:
    """Return a service account whose user is not known; the cluster's own controllers are known."""
    used = caller is not None and caller.startswith(_SERVICE_ACCOUNT)
    return caller if used and not (caller or "").startswith(_BUILT_IN) else None


def _texts(values: JsonValue) -> list[JsonValue] | None:
    return list[JsonValue](drop_empty(map(text, items(values)))) or None


def _operation(target: Table, verb: str) -> str:
    parts = (text(target.get("resource")), text(target.get("subresource")), verb)
    return ".".join(part for part in parts if part)


def _resources(target: Table, path: str) -> tuple[str, ...]:
    """Return namespace/name and name of the object; of a whole collection, what holds it."""
    name, namespace = text(target.get("name")), text(target.get("namespace"))
    if name is not None:
        return drop_empty((f"{namespace}/{name}" if namespace else None, name))
    kind = text(target.get("resource"))
    if kind is not None:
        return (f"{namespace}/{kind}" if namespace else kind,)
    return drop_empty((path.partition("?")[0],))


def _is_dry_run(path: str) -> bool:
    try:
        return "All" in parse_qs(urlsplit(path).query).get("dryRun", [])
    except ValueError:
        return False


def _error(event: Table) -> str | None:
    """Return why the request was refused: the API's reason, else the HTTP status."""
    code = number(find(event, "responseStatus", "code"))
    if event.get("stage") == "Panic":
        return "Panic"
    if code is None or code < _REFUSED:
        return None
    return text(find(event, "responseStatus", "reason")) or f"HTTP {code}"


def _sniff(source: Source) -> float:
    return float(any(_is_event(entry) for entry in first_entries(source, "items")))


def _is_event(entry: Table) -> bool:
    version = text(entry.get("apiVersion")) or _GROUP  # items of a list need not repeat it
    return version.startswith(_GROUP) and {"auditID", "stage", "verb"} <= entry.keys()


FORMAT = Format(
    id="kubernetes-audit",
    title="Kubernetes audit log",
    told_by="objects with auditID, stage and verb, one a line or in items",
    source="https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/",
    kinds=frozenset({"json", "lines"}),
    sniff=_sniff,
    read=_read,
)
