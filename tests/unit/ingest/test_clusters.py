"""Kubernetes events and Argo CD applications; records are invented in the documented shapes."""

from __future__ import annotations

import json
from pathlib import Path

from attribution.ingest import read_evidence
from attribution.model.instant import parse_instant
from attribution.model.record import JsonValue, Reading

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "formats"
Tree = dict[str, JsonValue]


def read(folder: Path, document: JsonValue, format_id: str | None = None) -> Reading:
    path = folder / "records"
    path.write_text(json.dumps(document, indent=1), encoding="utf-8")
    return read_evidence(path, format=format_id)


def event(**fields: JsonValue) -> Tree:
    return {
        "metadata": {"name": "e", "uid": "u-1", "creationTimestamp": "2026-01-14T09:12:35Z"},
        "involvedObject": {"kind": "Pod", "name": "orders-0", "namespace": "prod"},
        "reason": "FailedMount",
        "firstTimestamp": "2026-01-14T09:12:35Z",
        "lastTimestamp": "2026-01-14T09:12:35Z",
        "count": 1,
        **fields,
    }


def test_an_event_that_recurred_is_its_first_and_last_occurrence_not_one_instant() -> None:
    first, last = read_evidence(SAMPLES / "k8s_events.json").records
    assert first.time == parse_instant("2026-01-14T09:12:35Z")
    assert last.time == parse_instant("2026-01-14T09:31:02Z")
    assert (first.data["occurrence"], last.data["occurrence"]) == ("first", "last")
    assert last.data["count"] == 14
    assert (first.native_id, last.native_id) == ("u-1 first", "u-1 count 14")
    assert (first.actor, first.data["host"], first.subject) == ("kubelet", "node-3", "orders-0")


def test_an_event_that_happened_once_is_one_record_and_the_same_in_a_later_export(
    tmp_path: Path,
) -> None:
    once = read(tmp_path, {"items": [event()]}).records
    again = event(count=3, lastTimestamp="2026-01-14T09:20:00Z")
    again["metadata"] = {"uid": "u-1", "resourceVersion": "77"}
    later = read(tmp_path, {"items": [again]}).records
    assert [record.native_id for record in once] == ["u-1 first"]
    assert [record.native_id for record in later] == ["u-1 first", "u-1 77"]
    assert once[0].time == later[0].time


def test_the_newer_api_counts_in_a_series_and_names_things_otherwise(tmp_path: Path) -> None:
    newer: Tree = {
        "apiVersion": "events.k8s.io/v1",
        "kind": "Event",
        "metadata": {"uid": "u-2", "resourceVersion": "9"},
        "regarding": {"kind": "Node", "name": "node-3"},
        "reason": "Rebooted",
        "note": "node node-3 has been rebooted",
        "eventTime": "2026-01-14T09:12:35.123456Z",
        "series": {"count": 2, "lastObservedTime": "2026-01-14T09:13:35.000001Z"},
        "deprecatedFirstTimestamp": None,
        "reportingController": "kubelet",
        "reportingInstance": "node-3",
    }
    first, last = read(tmp_path, newer).records
    assert first.time == parse_instant("2026-01-14T09:12:35.123456Z")
    assert last.time == parse_instant("2026-01-14T09:13:35.000001Z")
    assert first.actor == "kubelet"
    assert "rebooted" in last.text


def test_an_event_with_no_time_at_all_is_undated(tmp_path: Path) -> None:
    bare = event(firstTimestamp=None, lastTimestamp=None, metadata={"uid": "u"})
    reading = read(tmp_path, {"items": [bare, {"kind": "Event"}]})
    assert (reading.accounting.undated, reading.accounting.rejected) == (1, 1)
    assert reading.rejections[0].place == "/items/1"


def test_argo_cd_gives_each_sync_as_a_deployment_asked_for_and_live() -> None:
    asked, live, *_ = read_evidence(SAMPLES / "argo_cd_application.json").records
    assert (asked.kind, live.kind) == ("deployment.created", "deployment.status")
    assert asked.data["deployment_id"] == live.data["deployment_id"]
    assert asked.data["sha"] == "f95f852bd8fca8fcc58a9a2d6c842781e32a215e"
    assert (asked.data["repository"], asked.data["environment"]) == ("o/r", "prod")
    assert (asked.actor, asked.data["creator_type"]) == ("operator1", "User")
    assert asked.time == parse_instant("2026-01-14T09:05:40Z")
    assert live.time == parse_instant("2026-01-14T09:06:02Z")
    assert live.data["state"] == "success"


def test_a_chart_version_is_no_commit_and_an_automated_sync_no_person() -> None:
    chart = read_evidence(SAMPLES / "argo_cd_application.json").records[2]
    assert "sha" not in chart.data
    assert chart.data["ref"] == "1.4.2"
    assert (chart.actor, chart.data["creator_type"]) == ("argocd-application-controller", "Bot")


def test_the_last_operation_counts_where_it_failed_and_is_not_told_twice(tmp_path: Path) -> None:
    failed = read_evidence(SAMPLES / "argo_cd_application.json").records[-1]
    assert (failed.data["state"], failed.actor) == ("failure", "operator2")
    document = json.loads((SAMPLES / "argo_cd_application.json").read_text(encoding="utf-8"))
    document["status"]["operationState"] |= {
        "phase": "Succeeded",
        "startedAt": "2026-01-14T10:40:00Z",
    }
    assert read(tmp_path, document).accounting.read == 4


def test_each_source_of_an_application_with_several_is_a_deployment(tmp_path: Path) -> None:
    document = json.loads((SAMPLES / "argo_cd_application.json").read_text(encoding="utf-8"))
    document["status"]["history"] = [
        {
            "id": 1,
            "deployedAt": "2026-01-14T09:06:02Z",
            "revisions": ["a" * 40, "b" * 40],
            "sources": [{"repoURL": "git@git.example.test:o/one.git"}, {}],
        }
    ]
    del document["status"]["operationState"]
    records = read(tmp_path, document).records
    assert [record.data["sha"] for record in records] == ["a" * 40] * 2 + ["b" * 40] * 2
    assert records[0].data["repository"] == "o/one"
    assert len({record.data["deployment_id"] for record in records}) == 2


def test_a_history_as_long_as_is_kept_may_have_been_longer(tmp_path: Path) -> None:
    document = json.loads((SAMPLES / "argo_cd_application.json").read_text(encoding="utf-8"))
    document["spec"]["revisionHistoryLimit"] = 2
    assert "cut to its last 2" in read(tmp_path, document).truncations[0]


def test_a_list_with_what_is_no_application_rejects_only_that(tmp_path: Path) -> None:
    document = json.loads((SAMPLES / "argo_cd_application.json").read_text(encoding="utf-8"))
    document["status"]["history"].append("broken")
    bare: Tree = {"kind": "Application", "apiVersion": "argoproj.io/v1alpha1"}
    reading = read(tmp_path, {"items": [document, {"kind": "Service"}, bare]})
    assert [rejection.place for rejection in reading.rejections] == [
        "/items/0/status/history/2",
        "/items/1",
        "/items/2",
    ]
    assert reading.accounting.kept == 5
