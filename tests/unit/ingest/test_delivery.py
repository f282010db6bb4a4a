"""Terraform's plans and logs, and CDEvents; records are invented, in the documented shapes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from attribution.errors import InputError
from attribution.ingest import detect_format, read_evidence
from attribution.model.instant import parse_instant
from attribution.model.record import JsonValue, Reading

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "formats"
Tree = dict[str, JsonValue]


def read(folder: Path, *documents: JsonValue, format_id: str | None = None) -> Reading:
    path = folder / "records"
    path.write_text("\n".join(map(json.dumps, documents)), encoding="utf-8")
    return read_evidence(path, format=format_id)


def message(kind: str, **fields: JsonValue) -> Tree:
    return {
        "@level": "info",
        "@message": kind,
        "@module": "terraform.ui",
        "@timestamp": "2026-01-14T10:12:20.000001+01:00",
        "type": kind,
        **fields,
    }


def test_a_plan_says_what_was_to_be_done_and_is_no_act() -> None:
    replaced, kept = read_evidence(SAMPLES / "terraform_plan.json").records
    assert replaced.kind == "infrastructure.plan"
    assert replaced.data["operation"] == "replace"
    assert replaced.time == parse_instant("2026-01-14T09:09:58Z")
    assert kept.data["operation"] == "no-op"
    assert replaced.actor is None


def test_names_marked_as_secret_and_other_values_stay_in_the_file() -> None:
    replaced = read_evidence(SAMPLES / "terraform_plan.json").records[0]
    assert replaced.data["resources"] == ["aws_ebs_volume.orders", "vol-9"]
    assert "arn:aws" not in json.dumps(replaced.to_dict())


def test_a_plan_without_a_timestamp_is_undated(tmp_path: Path) -> None:
    plan = json.loads((SAMPLES / "terraform_plan.json").read_text(encoding="utf-8"))
    del plan["timestamp"]
    plan["resource_changes"].append({"change": {}})
    plan["resource_drift"] = [{"address": "a.b", "change": {"actions": ["update"]}}, 7]
    plan["errored"] = True
    reading = read(tmp_path, plan)
    assert reading.accounting.to_dict() == {
        "read": 5, "kept": 0, "duplicate": 0, "undated": 3, "rejected": 2,
    }  # fmt: skip
    assert reading.records[0].data["drift"] is True
    assert "incomplete" in reading.truncations[0]


def test_a_state_is_no_plan(tmp_path: Path) -> None:
    state: Tree = {"format_version": "1.0", "terraform_version": "1.9.5", "values": {}}
    with pytest.raises(InputError, match="cannot be told"):
        read(tmp_path, state)
    assert read(tmp_path, state, format_id="terraform-plan").accounting.rejected == 1


def test_the_log_of_an_apply_tells_what_began_from_what_was_done() -> None:
    records = read_evidence(SAMPLES / "terraform_apply.jsonl").records
    assert [record.kind for record in records] == [
        "infrastructure.log",
        "infrastructure.plan",
        "infrastructure.change",
        "infrastructure.change",
        "infrastructure.log",
    ]
    begun, done = records[2:4]
    assert (begun.data["outcome"], done.data["outcome"]) == ("begun", "succeeded")
    assert begun.data["resources"] == ["aws_ebs_volume.orders", "vol-9"]
    assert done.time == parse_instant("2026-01-14T09:12:31.872168Z")
    assert done.data["seconds"] == 1


def test_a_log_that_breaks_off_says_so(tmp_path: Path) -> None:
    hook: Tree = {"resource": {"addr": "a.b"}, "action": "delete"}
    reading = read(tmp_path, message("version"), message("apply_errored", hook=hook), {"a": 1})
    assert "may be cut" in reading.truncations[0]
    assert reading.records[1].data["outcome"] == "failed"
    assert [rejection.place for rejection in reading.rejections] == ["line 3"]


def test_opentofu_writes_the_same(tmp_path: Path) -> None:
    reading = read(tmp_path, *[message("diagnostic") | {"@module": "tofu.ui"}] * 2)
    assert reading.format == "terraform-log"
    assert reading.records[0].data["tool"] == "tofu"


def test_cdevents_are_the_kinds_other_tools_have() -> None:
    run, deployed, detected = read_evidence(SAMPLES / "cdevents.jsonl").records
    assert (run.kind, deployed.kind, detected.kind) == (
        "pipeline.event",
        "deployment.status",
        "alert.triggered",
    )
    assert run.data["outcome"] == "success"
    assert deployed.data["sha"] == "f95f852bd8fca8fcc58a9a2d6c842781e32a215e"
    assert (deployed.data["state"], deployed.data["environment"]) == ("success", "prod")
    assert deployed.data["links"] == [["trigger", run.native_id]]
    assert (detected.data["service"], detected.data["incident"]) == ("orders", "incident-7")


def test_an_image_digest_is_no_commit(tmp_path: Path) -> None:
    event = json.loads((SAMPLES / "cdevents.jsonl").read_text().splitlines()[1])
    event["data"]["subject"]["content"]["artifactId"] = "pkg:oci/a@sha256%3A" + "0" * 64
    (record,) = read(tmp_path, event).records
    assert "sha" not in record.data


def test_one_id_of_two_sources_is_two_events_and_a_repeat_is_one(tmp_path: Path) -> None:
    event = json.loads((SAMPLES / "cdevents.jsonl").read_text().splitlines()[0])
    other = json.loads(json.dumps(event))
    other["context"]["source"] = "/ci/other"
    reading = read(tmp_path, event, other, event, {"context": {"type": "com.example.x"}})
    assert (reading.accounting.kept, reading.accounting.duplicate) == (2, 1)
    assert [rejection.place for rejection in reading.rejections] == ["line 4"]


@pytest.mark.parametrize("name", ["terraform_plan.json", "terraform_apply.jsonl", "cdevents.jsonl"])
def test_each_is_told_for_certain(name: str) -> None:
    assert detect_format(SAMPLES / name).confidence == 1.0
