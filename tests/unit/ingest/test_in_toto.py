"""In-toto attestations in files. Synthetic, after slsa.dev and the in-toto specification."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from attribution.errors import InputError
from attribution.ingest import detect_format, read_evidence
from attribution.ingest.readers.attestations import MAX_KEPT
from attribution.model.instant import format_optional
from attribution.model.record import JsonValue, Reading, Record

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "formats"
SHA = "2" * 40
Tree = dict[str, JsonValue]


def statement(predicate_type: str, predicate: JsonValue, **digest: JsonValue) -> Tree:
    return {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "app", "digest": digest or {"sha256": "a" * 64}}],
        "predicateType": predicate_type,
        "predicate": predicate,
    }


def envelope(said: JsonValue, key: str = "k-1") -> Tree:
    return {
        "payloadType": "application/vnd.in-toto+json",
        "payload": base64.b64encode(json.dumps(said).encode()).decode(),
        "signatures": [{"keyid": key, "sig": "x"}],
    }


def read(folder: Path, document: JsonValue) -> Reading:
    path = folder / "records"
    path.write_text(json.dumps(document), encoding="utf-8")
    assert detect_format(path).format == "in-toto"
    return read_evidence(path)


def build(folder: Path, predicate_type: str, predicate: JsonValue) -> Record:
    (record,) = read(folder, statement(predicate_type, predicate)).records
    assert record.kind == "attestation.build"
    return record


SOURCE: Tree = {"uri": "git+https://git.example.test/group/app@refs/heads/main"}


@pytest.mark.parametrize(
    ("predicate_type", "predicate"),
    [
        ("https://slsa.dev/provenance/v0.1", {
            "builder": {"id": "b"},
            "recipe": {"type": "make", "definedInMaterial": 1},
            "materials": [{"uri": "pkg:deb/gcc"}, {**SOURCE, "digest": {"sha1": SHA}}],
            "metadata": {"buildFinishedOn": "2026-01-14T08:12:00Z"},
        }),
        ("https://slsa.dev/provenance/v0.2", {
            "builder": {"id": "b"},
            "invocation": {"configSource": {**SOURCE, "digest": {"sha1": SHA}}},
            "metadata": {"buildFinishedOn": "2026-01-14T08:12:00Z"},
            "materials": [],
        }),
        ("https://slsa.dev/provenance/v1", {
            "buildDefinition": {"resolvedDependencies": [
                {**SOURCE, "digest": {"gitCommit": SHA}},
                {"uri": "pkg:deb/gcc", "digest": {"sha256": "c" * 64}},
            ]},
            "runDetails": {"builder": {"id": "b"},
                           "metadata": {"finishedOn": "2026-01-14T08:12:00Z"}},
        }),
    ],
)  # fmt: skip
def test_every_version_of_build_provenance_names_its_source(
    tmp_path: Path, predicate_type: str, predicate: JsonValue
) -> None:
    record = build(tmp_path, predicate_type, predicate)
    assert (record.data["source_sha"], record.data["repository"]) == (SHA, "group/app")
    assert (record.data["builder"], format_optional(record.time)) == ("b", "2026-01-14T08:12:00Z")


def test_of_two_repositories_among_the_inputs_neither_is_called_the_source(tmp_path: Path) -> None:
    dependencies: list[JsonValue] = [
        {**SOURCE, "digest": {"gitCommit": SHA}},
        {"uri": "git+https://git.example.test/group/tools", "digest": {"gitCommit": "3" * 40}},
    ]
    record = build(
        tmp_path,
        "https://slsa.dev/provenance/v1",
        {
            "buildDefinition": {"resolvedDependencies": dependencies},
            "runDetails": {"builder": {"id": "b"}},
        },
    )
    assert "source_sha" not in record.data
    inputs = record.data["inputs"]
    assert isinstance(inputs, list)
    assert len(inputs) == 2


def test_a_type_no_reader_knows_is_kept_whole_or_its_size_told(tmp_path: Path) -> None:
    """SCAI and any other predicate: told as unknown, never dropped."""
    scai = "https://in-toto.io/attestation/scai/v0.3"
    (record,) = read(tmp_path, statement(scai, {"attributes": [{"attribute": "X"}]})).records
    assert (record.kind, record.time) == ("attestation", None)
    assert record.data["predicate"] == {"attributes": [{"attribute": "X"}]}
    assert scai in record.text
    (large,) = read(tmp_path, statement(scai, {"a": "x" * MAX_KEPT})).records
    assert "predicate" not in large.data
    assert large.data["predicate_bytes"] == MAX_KEPT + len('{"a": ""}')


def test_the_time_of_a_transparency_log_stands_in_and_is_named(tmp_path: Path) -> None:
    logged: Tree = {"tlogEntries": [{"integratedTime": "1744118745"}]}
    bundle: Tree = {
        "verificationMaterial": {"certificate": {}, **logged},
        "dsseEnvelope": envelope(statement("https://example.test/x/v1", {})),
    }
    (record,) = read(tmp_path, bundle).records
    assert format_optional(record.time) == "2025-04-08T13:25:45Z"
    assert record.data["time_basis"] == "transparency log"


def test_a_statement_repeated_is_one_and_signed_by_another_key_is_two(tmp_path: Path) -> None:
    said = statement("https://example.test/x/v1", {})
    signed: list[JsonValue] = [envelope(said), envelope(said), envelope(said, "k-2"), said]
    reading = read(tmp_path, signed)
    assert [record.data["signed"] for record in reading.records] == [
        "1 signature by k-1, not verified", "1 signature by k-2, not verified", "not signed",
    ]  # fmt: skip
    assert reading.accounting.duplicate == 1


@pytest.mark.parametrize(
    "document",
    [
        {"attestations": [{"bundle": {"dsseEnvelope": envelope(statement("x", {}))}}] * 1},
        {"attestation_bundles": [
            {"publisher": {}, "attestations": [
                {"version": 1, "envelope": {"statement": envelope(statement("x", {}))["payload"]}},
            ]},
        ]},
    ],
)  # fmt: skip
def test_the_lists_of_registries_are_unfolded(tmp_path: Path, document: JsonValue) -> None:
    (record,) = read(tmp_path, document).records
    assert record.place.endswith("/attestations/0")


def test_source_provenance_tells_what_was_enforced_when_the_branch_moved(tmp_path: Path) -> None:
    kind = "https://github.com/slsa-framework/slsa-source-poc/source-provenance/v1-draft"
    controls: list[JsonValue] = [
        {"name": "REVIEW_ENFORCED", "since": "2026-01-01T00:00:00Z"},
        {"name": "GH_REQUIRED_CHECK_test", "since": "2026-01-05T00:00:00Z"},
        {"name": "TAG_HYGIENE", "since": "2026-01-09T00:00:00Z"},
    ]
    predicate: Tree = {
        "actor": "unknown actor", "activity_type": "pr_merge", "branch": "refs/heads/main",
        "created_on": "2026-01-14T08:00:00Z", "controls": controls,
        "repo_uri": "https://git.example.test/org/app",
    }  # fmt: skip
    moved, state = read(tmp_path, statement(kind, predicate, gitCommit=SHA)).records
    assert (moved.kind, moved.actor, moved.data["sha"]) == ("attestation.source", None, SHA)
    assert state.data["required_approvals"] == 1
    assert state.data["required_checks"] == ["test"]
    assert (state.data["branch"], state.data["dismiss_stale"]) == ("main", True)
    assert state.data["unchanged_since"] == "2026-01-05T00:00:00Z"
    (alone,) = read(
        tmp_path, statement(kind, {**predicate, "controls": controls[2:]}, gitCommit=SHA)
    ).records
    assert alone.kind == "attestation.source"


@pytest.mark.parametrize(
    ("kind", "predicate", "reason"),
    [
        ("https://slsa.dev/provenance/v1", {}, "names no builder"),
        ("https://slsa.dev/verification_summary/v1", {"verifier": {"id": "v"}}, "no result"),
        ("https://github.com/slsa-framework/slsa-source-poc/source-provenance/v1", {},
         "not about one commit"),
        ("https://gittuf.dev/github-pull-request/v0.1", {}, "no pull request"),
        ("https://gittuf.dev/github-pull-request-approval/v0.1", {}, "lacks the reference"),
        ("https://gittuf.dev/reference-authorization/v0.2", {}, "lacks the reference"),
    ],
)  # fmt: skip
def test_a_known_type_without_its_facts_is_refused_by_name(
    tmp_path: Path, kind: str, predicate: JsonValue, reason: str
) -> None:
    reading = read(tmp_path, [statement(kind, predicate), "x"])
    assert reading.records == ()
    assert reason in reading.rejections[0].reason
    assert "an object was expected" in reading.rejections[1].reason


def test_an_approval_in_a_file_of_its_own_has_no_time_and_no_head(tmp_path: Path) -> None:
    approval = statement(
        "https://gittuf.dev/github-pull-request-approval/v0.1",
        {"approvers": ["reviewer+7"], "targetRef": "refs/heads/main",
         "fromRevisionID": SHA, "targetTreeID": "4" * 40},
        gitTree="4" * 40,
    )  # fmt: skip
    (record,) = read(tmp_path, envelope(approval)).records
    assert (record.kind, record.time) == ("review.approved", None)
    assert (record.data["reviewer"], record.data.get("commit_id")) == ("reviewer", None)


def test_json_that_only_resembles_an_attestation_is_not_taken_for_one(tmp_path: Path) -> None:
    path = tmp_path / "records"
    path.write_text(json.dumps({"payload": "x", "signatures": []}), encoding="utf-8")
    assert detect_format(path).format is None
    with pytest.raises(InputError, match="cannot be told"):
        read_evidence(path)
