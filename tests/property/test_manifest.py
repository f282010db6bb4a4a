"""What must hold of every manifest, not only of the samples."""

from __future__ import annotations

import io
import tempfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from attribution.model.instant import Instant
from attribution.model.manifest import Decision, EvidenceEntry
from attribution.schema.editor import ManifestEditor
from attribution.schema.manifest import parse_manifest
from attribution.schema.problems import InvalidManifestError, Problem
from attribution.schema.writing import write_flow
from attribution.schema.yaml import parse_yaml

# What YAML text may hold (production 1 of YAML 1.2.2), without line ends, which it normalises.
CHARACTERS = st.characters(
    categories=("L", "M", "N", "P", "S", "Zs", "Cf", "Co"), exclude_characters="\ufeff"
)
TEXT = st.text(CHARACTERS, min_size=1, max_size=30)
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
NUMBERS = st.integers(-(10**9), 10**9) | st.decimals(-1000, 1000, places=4)
VALUES: Any = st.recursive(
    st.none() | st.booleans() | NUMBERS | ANY_TEXT,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(ANY_TEXT.filter(bool), inner, max_size=4)
    ),
    max_leaves=12,
)
INSTANTS = st.integers(0, 4_000_000_000).map(lambda seconds: Instant(seconds * 1_000_000))
ENTRIES = st.builds(
    EvidenceEntry,
    id=st.just("E7"),
    path=st.from_regex(r"evidence/[a-z0-9][a-z0-9 ._-]{0,20}", fullmatch=True),
    format=st.none() | TEXT,
    zone=st.none() | st.sampled_from(["UTC", "Europe/Berlin", "+02:00", "-09:30"]),
    offset_seconds=st.none() | st.decimals(-1000, 1000, places=3).map(float),
    offset_error_seconds=st.decimals(0, 1000, places=3).map(float),
    custodian=st.none() | ANY_TEXT,
    collected=st.none() | INSTANTS,
    sha256=st.none() | st.from_regex("[0-9a-f]{64}", fullmatch=True),
    note=st.none() | ANY_TEXT,
    columns=st.dictionaries(st.sampled_from(["time", "actor", "data.service"]), TEXT, max_size=3),
    time_format=st.none() | TEXT,
    synthetic=st.booleans(),
)
DECISIONS = st.builds(
    Decision,
    on=TEXT,
    status=st.sampled_from(["proposed", "confirmed", "rejected", "contested"]),
    by=TEXT,
    at=st.none() | INSTANTS,
    because=ANY_TEXT,
)
LAYOUTS = st.sampled_from(
    [
        "",
        "evidence:\n",
        "evidence: []  # none\n",
        "evidence:\n- {id: E1, path: a}  # one\n",
        "evidence:\n    - id: E1  # one\n      path: a\n\n      # in\n      note: b\n  # after\n",
        "evidence: [{id: E1, path: a}]\n",
        "evidence:\n  - id: E1\n    path: a\n    note: >-\n      long\n      text\n",
    ]
)
HEAD = """\
# top
case: small   # id
title: "Small"
mode: liability
parties:
  - {id: agent, name: Agent, role: agent}
"""
PIECES = ["", "\t", "'", '"', "{", "]", ": ", "- ", "&a ", "*a", "\n", "? ", "!!str ", "<<: "]
TAIL = "services:   # none yet\n# end\n"


def problems_of(text: str) -> tuple[Problem, ...]:
    try:
        parse_manifest(text)
    except InvalidManifestError as error:
        return error.problems
    return ()


@given(VALUES)
def test_what_is_written_reads_back_as_the_same_value(value: Any) -> None:
    """Every value, hostile text included, survives being written as YAML and read again."""
    node = parse_yaml(f"key: {write_flow(value)}\n", "case.yaml")
    assert node.members["key"].value == value


@given(ANY_TEXT)
def test_another_yaml_reader_sees_the_same_text(text: str) -> None:
    """A reader of YAML 1.1, as many tools are, takes no text for a number or a truth value."""
    yaml = YAML(typ="safe", pure=True)
    yaml.version = (1, 1)
    assert yaml.load(f"- {write_flow(text)}\n") == [text]


@given(st.fixed_dictionaries({"title": TEXT, "summary": ANY_TEXT, "notice": TEXT}))
def test_a_dumped_manifest_loads_as_it_was(texts: dict[str, str]) -> None:
    """A manifest written by a YAML library, in its own layout, gives back the same texts."""
    document = {
        "case": "small",
        "mode": "learning",
        "parties": [{"id": "agent", "name": texts["title"], "role": "agent"}],
        **texts,
    }
    stream = io.StringIO()
    yaml = YAML()
    yaml.dump(document, stream)
    manifest = parse_manifest(stream.getvalue())
    assert (manifest.title, manifest.summary, manifest.notice) == (
        texts["title"],
        texts["summary"],
        texts["notice"],
    )
    assert manifest.parties[0].name == texts["title"]


@given(ENTRIES, DECISIONS, LAYOUTS)
def test_an_edit_adds_itself_and_nothing_else(
    entry: EvidenceEntry, decision: Decision, layout: str
) -> None:
    """The new entry loads as it was given; every old line is still there, in its order."""
    text = HEAD + layout + TAIL
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "case.yaml").write_text(text, encoding="utf-8")
        editor = ManifestEditor(Path(folder))
        editor.add_evidence(entry)
        editor.add_decision(decision)
    manifest = editor.manifest
    assert manifest.evidence[-1] == entry
    assert manifest.decisions == (decision,)
    assert manifest.evidence[:-1] == parse_manifest(text).evidence
    remaining = iter(editor.text.split("\n"))
    for line in text.rstrip("\n").split("\n"):
        kept = line if "[" not in line or not line.startswith("evidence") else "evidence:"
        assert any(found.startswith(kept) for found in remaining), line


@given(ENTRIES)
def test_setting_fields_is_the_same_as_having_written_them(entry: EvidenceEntry) -> None:
    """An entry whose fields are set one by one loads like one that was added with them."""
    with tempfile.TemporaryDirectory() as folder:
        text = HEAD + "evidence:\n  - id: E7  # this one\n    path: a  # there\n" + TAIL
        (Path(folder) / "case.yaml").write_text(text, encoding="utf-8")
        editor = ManifestEditor(Path(folder))
        editor.set_evidence("E7", path=entry.path, note=entry.note, columns=entry.columns)
        editor.set_evidence("E7", offset_seconds=entry.offset_seconds, note=None)
    expected = replace(
        EvidenceEntry("E7", entry.path), columns=entry.columns, offset_seconds=entry.offset_seconds
    )
    assert editor.manifest.evidence == (expected,)
    assert "# this one" in editor.text


@given(st.text(max_size=200))
def test_any_text_is_a_manifest_or_told_what_is_wrong(text: str) -> None:
    """No text makes the reader fail in any other way than with its problems."""
    problems = problems_of(text)
    assert all(problem.line >= 1 and problem.column >= 1 for problem in problems)


@given(st.data())
def test_any_damage_to_a_manifest_is_told_or_harmless(data: st.DataObject) -> None:
    """Cutting, doubling or replacing a piece of a manifest never ends in anything else."""
    full = (Path(__file__).parents[1] / "data" / "manifests" / "full.yaml").read_text("utf-8")
    start = data.draw(st.integers(0, len(full)))
    end = data.draw(st.integers(start, min(len(full), start + 60)))
    piece = data.draw(st.sampled_from(PIECES))
    problems = problems_of(full[:start] + piece + full[end:])
    assert all(problem.message and problem.line >= 1 for problem in problems)


@given(st.decimals(0, 10**9, places=2))
def test_amounts_keep_every_digit(amount: Decimal) -> None:
    """An amount written without quotes is the same decimal as one with quotes."""
    text = (
        HEAD
        + "services: [{id: s}]\nharm:\n  - {id: H, title: t, service: s, currency: USD,"
        + f' amount: {{low: {amount}, point: "{amount}", high: {amount}}}}}\n'
    )
    harm = parse_manifest(text).harms[0]
    assert harm.low == harm.point == harm.high == amount
