"""Audit logs of Google Cloud, Azure and Kubernetes give the calls that CloudTrail gives.

Records are invented, in the shape of each vendor's documentation.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from attribution.ingest import detect_format, read_evidence
from attribution.model.instant import parse_instant
from attribution.model.manifest import Manifest
from attribution.model.period import Period
from attribution.model.record import JsonValue, Reading, Record
from attribution.timeline.identity import resolve_actors

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "formats"
Tree = dict[str, JsonValue]
EMPTY_CASE = Manifest("case", "Case", "liability", Period(None, None))
AUDIT_KEYS = {"source", "operation", "read_only", "resources"}


def read(folder: Path, document: JsonValue, format_id: str | None = None) -> Reading:
    path = folder / "records"
    path.write_text(json.dumps(document, indent=1), encoding="utf-8")
    return read_evidence(path, format=format_id)


def sample(name: str) -> tuple[Record, ...]:
    return tuple(read_evidence(SAMPLES / name).records)


def gcp(**payload: JsonValue) -> Tree:
    return {
        "protoPayload": {
            "@type": "type.googleapis.com/google.cloud.audit.AuditLog",
            "serviceName": "storage.googleapis.com",
            "methodName": "storage.objects.delete",
            "resourceName": "projects/_/buckets/b/objects/o",
            "authenticationInfo": {"principalEmail": "operator1@example.test"},
            **payload,
        },
        "insertId": "i1a2b3",
        "timestamp": "2026-01-14T09:12:30Z",
        "logName": "projects/p/logs/cloudaudit.googleapis.com%2Fdata_access",
        "receiveTimestamp": "2026-01-14T09:12:31Z",
    }


def kubernetes(**fields: JsonValue) -> Tree:
    return {
        "apiVersion": "audit.k8s.io/v1",
        "kind": "Event",
        "auditID": "a-1",
        "stage": "ResponseComplete",
        "verb": "delete",
        "requestURI": "/api/v1/namespaces/prod/pods/orders-0",
        "user": {"username": "operator1"},
        "objectRef": {"resource": "pods", "namespace": "prod", "name": "orders-0"},
        "responseStatus": {"code": 200},
        "requestReceivedTimestamp": "2026-01-14T09:12:30.104221Z",
        "stageTimestamp": "2026-01-14T09:12:30.118034Z",
        **fields,
    }


@pytest.mark.parametrize(
    ("name", "resource"),
    [
        ("cloudtrail_records.json", "vol-9"),
        ("gcp_audit.json", "vol-9"),
        ("azure_activity.json", "vol-9"),
        ("k8s_audit.jsonl", "orders"),
    ],
)
def test_every_audit_log_tells_a_deletion_in_the_same_words(name: str, resource: str) -> None:
    calls = [record for record in sample(name) if record.kind == "audit.call"]
    assert calls
    for call in calls:
        assert call.data.keys() >= AUDIT_KEYS
        assert call.data["read_only"] is False
        assert resource in call.data["resources"]  # type: ignore[operator]
        assert "delete" in str(call.data["operation"]).lower()
        assert call.actor


def test_google_keeps_when_it_happened_and_when_it_was_logged() -> None:
    first = sample("gcp_audit.json")[0]
    assert first.time == parse_instant("2026-01-14T09:12:30.114829Z")
    assert first.written == parse_instant("2026-01-14T09:12:31.802113Z")
    assert first.native_id == "8xc1kbe2b4xr"


def test_a_person_who_delegates_to_a_service_account_is_the_actor_and_the_account_the_role() -> (
    None
):
    first = sample("gcp_audit.json")[0]
    account = "ops-admin@example-project.iam.gserviceaccount.com"
    assert (first.actor, first.data["role"]) == ("operator1@example.test", account)
    assert first.data["source_identity"] == "operator1@example.test"
    assert first.data["delegation"] == ["operator1@example.test"]
    assert "named_at" not in first.data


def test_the_entry_that_ends_an_operation_has_who_acted_from_the_one_that_began_it(
    tmp_path: Path,
) -> None:
    """Only the first entry names who delegated, and exports stand newest first."""
    entries = json.loads((SAMPLES / "gcp_audit.json").read_text(encoding="utf-8"))[:2]
    for order in (entries, entries[::-1]):
        records = read(tmp_path, order).records
        assert {record.actor for record in records} == {"operator1@example.test"}
        last = next(record for record in records if record.data["outcome"] == "succeeded")
        assert last.data["named_at"] == f"/{order.index(entries[0])}"
    (alone,) = read(tmp_path, entries[1:]).records
    assert alone.actor == alone.data["role"]
    assert "source_identity" not in alone.data
    (actor,) = resolve_actors(EMPTY_CASE, {"E1": read(tmp_path, entries[1:])})
    assert actor.name == f"unknown person behind role {alone.actor}"
    assert actor.kind == "service_account"


def test_a_long_operation_has_begun_with_its_first_entry_and_succeeded_with_its_last() -> None:
    first, last = sample("gcp_audit.json")
    assert [first.data["outcome"], last.data["outcome"]] == ["begun", "succeeded"]
    assert first.data["request"] == last.data["request"] == "operation-1"
    assert "begun" in first.text


def test_what_is_no_audit_entry_is_rejected_by_its_place() -> None:
    reading = read_evidence(SAMPLES / "gcp_audit.json")
    assert [rejection.place for rejection in reading.rejections] == ["/2"]


@pytest.mark.parametrize(
    ("payload", "error"),
    [
        ({"status": {"code": 7, "message": "denied"}}, "PermissionDenied"),
        ({"status": {"code": 5}}, "NotFound"),
        ({"status": {"code": 99}}, "code 99"),
        ({"authorizationInfo": [{"granted": False}]}, "PermissionDenied"),
        ({"authorizationInfo": [{"granted": True}]}, None),
    ],
)
def test_google_names_the_refusal(tmp_path: Path, payload: Tree, error: str | None) -> None:
    (record,) = read(tmp_path, [gcp(**payload)]).records
    assert record.data.get("error") == error
    assert record.data.get("outcome") == ("failed" if error else None)


@pytest.mark.parametrize(
    ("payload", "reads"),
    [
        ({"authorizationInfo": [{"permissionType": "DATA_READ"}]}, True),
        ({"authorizationInfo": [{"permissionType": "DATA_READ"}, {"permissionType": "DATA_WRITE"}]},
         False),
        ({"methodName": "storage.objects.get"}, True),
        ({}, False),
    ],
)  # fmt: skip
def test_google_calls_are_reads_by_their_permissions_else_by_the_verb(
    tmp_path: Path,
    payload: Tree,
    reads: bool,  # noqa: FBT001 - a parameter of the table
) -> None:
    (record,) = read(tmp_path, [gcp(**payload)]).records
    assert record.data["read_only"] is reads


def test_a_policy_that_was_set_names_the_members_and_roles_it_added(tmp_path: Path) -> None:
    deltas: list[JsonValue] = [
        {"action": "ADD", "role": "roles/owner", "member": "serviceAccount:a@example.test"},
        {"action": "REMOVE", "role": "roles/viewer", "member": "user:b@example.test"},
    ]
    entry = gcp(
        methodName="SetIamPolicy",
        resourceName="projects/p",
        serviceData={"policyDelta": {"bindingDeltas": deltas}},
    )
    (record,) = read(tmp_path, [entry]).records
    assert record.data["resources"] == ["projects/p", "p", "a@example.test", "roles/owner", "owner"]


def test_google_repeats_are_told_by_log_time_and_insert_id(tmp_path: Path) -> None:
    other = gcp() | {"timestamp": "2026-01-14T09:12:30.5Z"}
    reading = read(tmp_path, {"entries": [gcp(), gcp(), other], "nextPageToken": "x"})
    assert (reading.accounting.kept, reading.accounting.duplicate) == (2, 1)
    assert "nextPageToken" in reading.truncations[0]


def test_azure_tells_the_entries_of_one_operation_apart_by_event_and_status() -> None:
    begun, done, notice = sample("azure_activity.json")
    assert (begun.data["outcome"], done.data["outcome"]) == ("begun", "succeeded")
    assert begun.data["request"] == done.data["request"]
    assert begun.native_id != done.native_id
    assert begun.time == parse_instant("2026-01-14T09:12:30.381067Z")
    assert begun.written == parse_instant("2026-01-14T09:14:02.105Z")
    assert notice.kind == "alert.other"
    assert notice.data["type"] == "resourcehealth"


def test_an_azure_application_is_a_role_behind_which_nobody_is_named() -> None:
    call = sample("azure_activity.json")[0]
    assert call.actor == call.data["role"] == "11111111-0000-0000-0000-000000000001"
    assert call.data["caller_type"] == "app"


def test_azure_from_storage_is_read_the_same_with_its_names_in_capitals(tmp_path: Path) -> None:
    resource = "/SUBSCRIPTIONS/S-1/RESOURCEGROUPS/PROD/PROVIDERS/MICROSOFT.COMPUTE/DISKS/VOL-9"
    upn = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn"
    failed = json.dumps({"error": {"code": "ResourceNotFound"}}, separators=(",", ":"))
    entry: Tree = {
        "time": "2026-01-14T09:12:30.3810679Z",
        "resourceId": resource,
        "operationName": "MICROSOFT.COMPUTE/DISKS/DELETE",
        "category": "Delete",
        "resultType": "Failure",
        "resultSignature": "Failed.NotFound",
        "callerIpAddress": "203.0.113.7",
        "correlationId": "c-1",
        "identity": {"claims": {upn: "operator1@example.test", "appid": "portal"}},
        "properties": {"statusMessage": failed},
    }
    reading = read(tmp_path, {"records": [entry, entry]})
    assert reading.accounting.duplicate == 1
    (record,) = reading.records
    assert record.actor == "operator1@example.test"
    assert record.data["error"] == "ResourceNotFound"
    assert record.data["account"] == "S-1"
    assert "VOL-9" in record.data["resources"]  # type: ignore[operator]
    assert "role" not in record.data


def test_kubernetes_keeps_who_called_whom_it_acted_as_and_both_times() -> None:
    (record,) = sample("k8s_audit.jsonl")
    assert record.actor == "system:serviceaccount:agents:coder"
    assert record.data["impersonated"] == record.data["role"] == "a.oncall"
    assert "source_identity" not in record.data  # who used the service account is not known
    assert record.time == parse_instant("2026-01-14T09:12:30.104221Z")
    assert record.written == parse_instant("2026-01-14T09:12:30.118034Z")
    assert record.native_id == "c5f48f91-0000-0000-0000-000000000001 ResponseComplete"


def test_the_stages_of_one_request_are_records_of_their_own_and_a_repeat_is_one(
    tmp_path: Path,
) -> None:
    received = kubernetes(stage="RequestReceived", stageTimestamp="2026-01-14T09:12:30.104221Z")
    reading = read(
        tmp_path,
        {"kind": "EventList", "apiVersion": "audit.k8s.io/v1", "metadata": {"continue": "x"},
         "items": [received, kubernetes(), kubernetes()]},
    )  # fmt: skip
    assert reading.format == "kubernetes-audit"
    assert reading.accounting.duplicate == 1
    assert [record.data["outcome"] for record in reading.records] == ["begun", "succeeded"]
    assert "metadata.continue" in reading.truncations[0]


@pytest.mark.parametrize(
    ("fields", "operation", "reads"),
    [
        ({"verb": "get"}, "pods.get", True),
        ({"verb": "get", "objectRef": {"resource": "pods", "subresource": "exec", "name": "o"}},
         "pods.exec.get", False),
        ({"requestURI": "/api/v1/namespaces/prod/pods/orders-0?dryRun=All"}, "pods.delete", True),
        ({"verb": "watch", "objectRef": {"resource": "pods"}}, "pods.watch", True),
    ],
)  # fmt: skip
def test_kubernetes_reads_are_told_from_what_changes_something(
    tmp_path: Path,
    fields: Tree,
    operation: str,
    reads: bool,  # noqa: FBT001 - a parameter of the table
) -> None:
    """An exec is a `get` that changes things, a dry run a `delete` that changes nothing."""
    (record,) = read(tmp_path, kubernetes(**fields)).records
    assert (record.data["operation"], record.data["read_only"]) == (operation, reads)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"responseStatus": {"code": 404, "reason": "NotFound"}}, "NotFound"),
        ({"responseStatus": {"code": 503}}, "HTTP 503"),
        ({"stage": "Panic"}, "Panic"),
    ],
)
def test_kubernetes_names_the_refusal(tmp_path: Path, fields: Tree, error: str) -> None:
    (record,) = read(tmp_path, kubernetes(**fields)).records
    assert (record.data["error"], record.data["outcome"]) == (error, "failed")


def test_only_the_last_source_address_is_one_the_client_cannot_set(tmp_path: Path) -> None:
    (record,) = read(tmp_path, kubernetes(sourceIPs=["198.51.100.1", "10.0.0.3"])).records
    assert record.data["address"] == "10.0.0.3"


def test_a_service_account_stays_an_unknown_person_behind_it_but_a_controller_does_not(
    tmp_path: Path,
) -> None:
    accounts = [
        "system:serviceaccount:agents:coder",
        "system:serviceaccount:kube-system:job-controller",
    ]
    events: list[JsonValue] = [
        kubernetes(auditID=name, user={"username": name}) for name in accounts
    ]
    reading = read(tmp_path, {"items": events})
    named = {actor.name: actor.kind for actor in resolve_actors(EMPTY_CASE, {"E1": reading})}
    assert named == {
        "unknown person behind role system:serviceaccount:agents:coder": "service_account",
        "system:serviceaccount:kube-system:job-controller": "service_account",
    }


@pytest.mark.parametrize(
    "document",
    [
        [{"protoPayload": {"methodName": "x"}, "logName": "l"}],
        [{"operationName": {"value": "x"}, "eventTimestamp": "", "correlationId": "c"}],
        [{"auditID": "a", "verb": "get", "stage": "Panic"}],
    ],
)
def test_an_entry_without_a_time_is_undated_and_borrows_none(
    tmp_path: Path, document: JsonValue
) -> None:
    reading = read(tmp_path, document)
    assert (reading.accounting.undated, reading.accounting.kept) == (1, 0)


def test_cluster_events_are_not_audit_events_though_both_are_lists_of_events(
    tmp_path: Path,
) -> None:
    assert detect_format(SAMPLES / "k8s_events.json").format == "kubernetes-events"
    path = tmp_path / "records"
    path.write_text(json.dumps({"kind": "EventList", "items": [kubernetes()]}), encoding="utf-8")
    assert detect_format(path).format == "kubernetes-audit"


def test_cloudtrail_keeps_the_address_and_what_ties_entries_of_two_accounts(tmp_path: Path) -> None:
    event: Tree = {
        "eventID": "e-1",
        "eventSource": "sts.amazonaws.com",
        "eventName": "AssumeRole",
        "eventTime": "2026-01-14T09:12:31Z",
        "sourceIPAddress": "203.0.113.7",
        "sharedEventID": "s-1",
        "addendum": {"reason": "DELIVERY_DELAY"},
    }
    (record,) = read(tmp_path, {"Records": [event]}).records
    assert record.data["address"] == "203.0.113.7"
    assert (record.data["shared_event"], record.data["addendum"]) == ("s-1", "DELIVERY_DELAY")


def test_kubernetes_keeps_the_cloud_identity_and_the_pod_behind_a_user(tmp_path: Path) -> None:
    arn = "arn:aws:sts::000000000000:assumed-role/ops-admin/coder-agent"
    extra: Tree = {
        "arn": [arn],
        "sessionName": ["coder-agent"],
        "authentication.kubernetes.io/pod-name": ["coder-0"],
    }
    (record,) = read(tmp_path, kubernetes(user={"username": "ops", "extra": extra})).records
    assert (record.data["principal"], record.data["session"]) == (arn, "coder-agent")
    assert record.data["pod"] == "coder-0"
    assert "node" not in record.data
