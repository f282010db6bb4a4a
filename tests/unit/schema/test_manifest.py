from __future__ import annotations

from dataclasses import fields
from decimal import Decimal
from pathlib import Path

import pytest

from attribution.errors import ManifestError
from attribution.model.instant import parse_instant
from attribution.model.interval import Interval
from attribution.model.manifest import Manifest
from attribution.schema.evidence import evidence_path, missing_evidence
from attribution.schema.manifest import load_manifest, parse_manifest
from attribution.schema.problems import InvalidManifestError

FULL = Path(__file__).parents[2] / "data" / "manifests" / "full.yaml"
SMALL = """\
case: small
title: Small
mode: liability
parties:
  - {id: agent, name: Agent, role: agent}
"""


@pytest.fixture(scope="module")
def full() -> Manifest:
    return load_manifest(FULL)


def test_every_field_of_a_manifest_can_be_declared(full: Manifest) -> None:
    """The sample that uses every key fills every field of Manifest but the privilege header."""
    empty = [field.name for field in fields(full) if not getattr(full, field.name)]
    assert empty == ["privilege"]


def test_times_are_read_with_their_offset(full: Manifest) -> None:
    """A period's end given at +01:00 is the same instant in UTC."""
    assert full.period.end == parse_instant("2026-03-14T00:00:00Z")


def test_amounts_are_exact(full: Manifest) -> None:
    """An amount is the decimal that was written, whether as text or as a number."""
    harm = full.harms[0]
    assert (harm.low, harm.point, harm.high) == (
        Decimal("1000.10"),
        Decimal("2000.1"),
        Decimal(3000),
    )


def test_objectives_are_seconds(full: Manifest) -> None:
    """Objectives are written in minutes and kept in seconds."""
    objectives = full.services[0].objectives
    assert objectives is not None
    assert (objectives.detect, objectives.mitigate) == (300.0, 7200.0)


def test_actors_answer_to_their_id_and_aliases(full: Manifest) -> None:
    """An actor's aliases begin with its id, and each names the manifest as its basis."""
    coder = full.actors[0]
    assert [alias.name for alias in coder.aliases][:2] == ["coder", "coder-agent"]
    assert {alias.basis for alias in coder.aliases} == {"case.yaml"}


def test_what_was_done_under_a_policy_is_declared_with_exact_amounts(full: Manifest) -> None:
    """Times as instants, amounts as decimals, heads of loss by harm item."""
    (entry,) = full.insurance
    assert entry.notified == parse_instant("2026-03-03T08:00:00Z")
    assert entry.claims[0].at == parse_instant("2026-03-05T09:00:00Z")
    assert entry.heads == {"H1": "business_interruption"}
    assert entry.caps[0].amount == Decimal(500)
    assert entry.expense is not None
    assert entry.expense.point == Decimal("2.50")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("insured: [organisation,", "insured: [nobody,", "there is no party nobody"),
        ("heads: {H1:", "heads: {H9:", "there is no harm item or head of loss H9"),
        ("expense: {low: 1,", "expense: {low: 9,", "not in order"),
        ("first_aware: 2026-03-02", "first_aware: 2026-02-30", "no calendar has this time"),
        ("policy: insurance/policy.yaml", "policy: ../policy.yaml", "leads out of the case folder"),
    ],
)
def test_what_is_wrong_under_insurance_is_named(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    text = FULL.read_text("utf-8")
    assert old in text
    (tmp_path / "case.yaml").write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(InvalidManifestError) as raised:
        load_manifest(tmp_path)
    assert message in raised.value.diagnostics()


def test_declared_nodes_have_the_fields_of_a_graph_node(full: Manifest) -> None:
    """Fields of a declared node have the types that a node of the graph has."""
    told = full.nodes[0]
    assert told.because == "two accounts disagree"
    assert told.fields["credence"] == Interval(0.2, 0.5, 0.8)
    assert told.fields["time"] == parse_instant("2026-03-02T09:00:00Z")
    assert "id" not in told.fields


def test_truth_values_are_zero_or_one() -> None:
    """A claim's value may be written true or 1, and is an int."""
    manifest = parse_manifest(
        SMALL + "claims:\n  - {id: C1, statement: s, asserted_by: agent, node: n, value: false}\n"
    )
    assert manifest.claims[0].value == 0
    assert type(manifest.claims[0].value) is int


def test_keys_without_a_value_count_as_left_out() -> None:
    """`services:` with only comments below it is no services, not an error."""
    manifest = parse_manifest(SMALL + "services:\n  # none yet\nperiod:\nsummary:\n")
    assert manifest.services == ()
    assert manifest.period.start is None
    assert manifest.summary == ""


def test_yaml_1_2_leaves_words_and_times_as_text() -> None:
    """`no` as a title is the text no, and a time is not turned into a date."""
    assert parse_manifest(SMALL.replace("title: Small", "title: no")).title == "no"


def test_a_folder_or_its_file_is_loaded(tmp_path: Path) -> None:
    """The case folder and the path of its case.yaml give the same manifest."""
    (tmp_path / "case.yaml").write_text(SMALL, encoding="utf-8")
    assert load_manifest(tmp_path) == load_manifest(tmp_path / "case.yaml")


def test_a_byte_order_mark_is_no_error(tmp_path: Path) -> None:
    """Editors on some systems write one."""
    (tmp_path / "case.yaml").write_bytes(b"\xef\xbb\xbf" + SMALL.encode())
    assert load_manifest(tmp_path).id == "small"


def test_no_case_is_said_to_be_none(tmp_path: Path) -> None:
    """A folder without case.yaml names the command that makes one."""
    with pytest.raises(ManifestError, match="attribution new DIR"):
        load_manifest(tmp_path)


def test_another_encoding_is_named(tmp_path: Path) -> None:
    """A Latin-1 file is refused with the line of the first byte that is not UTF-8."""
    (tmp_path / "case.yaml").write_bytes(SMALL.replace("Small", "Café").encode("latin-1"))
    with pytest.raises(ManifestError) as caught:
        load_manifest(tmp_path)
    assert caught.value.place == "line 2, byte 22"
    assert caught.value.got == "the byte 0xe9"


def test_a_huge_file_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    """Four megabytes of manifest are records in the wrong place."""
    (tmp_path / "case.yaml").write_text(SMALL + "# " + "x" * 4_000_000, encoding="utf-8")
    with pytest.raises(ManifestError, match="too large"):
        load_manifest(tmp_path)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/etc/passwd", "it is absolute"),
        ("evidence/../../x.json", "it goes up through .."),
        ("C:/x.json", "it is written for another system"),
        ("link/x.json", "a symbolic link leads outside"),
    ],
)
def test_evidence_stays_inside_the_case(tmp_path: Path, path: str, reason: str) -> None:
    """A path that leads out of the case folder is refused when the manifest is loaded."""
    case = tmp_path / "case"
    case.mkdir()
    (case / "link").symlink_to(tmp_path)
    (case / "case.yaml").write_text(
        SMALL + f'evidence:\n  - {{id: E1, path: "{path}"}}\n', encoding="utf-8"
    )
    with pytest.raises(InvalidManifestError) as caught:
        load_manifest(case)
    assert caught.value.problems[0].got == f"{path} ({reason})"
    assert caught.value.problems[0].line == 7


def test_missing_evidence_is_asked_apart_from_loading(tmp_path: Path) -> None:
    """A manifest whose evidence is not there loads, and the missing item is named on request."""
    text = SMALL + "evidence:\n  - {id: E1, path: a.json}\n  - {id: E2, path: b.json}\n"
    (tmp_path / "case.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "a.json").touch()
    manifest = load_manifest(tmp_path)
    assert [entry.id for entry in missing_evidence(manifest, tmp_path)] == ["E2"]
    assert evidence_path(tmp_path, manifest.evidence[0]) == tmp_path / "a.json"
