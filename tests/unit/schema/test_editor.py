from __future__ import annotations

from pathlib import Path

import pytest

from attribution.errors import ManifestError
from attribution.model.instant import parse_instant
from attribution.model.interval import Interval
from attribution.model.manifest import Decision, EvidenceEntry
from attribution.schema.editor import ManifestEditor
from attribution.schema.manifest import load_manifest
from attribution.schema.problems import InvalidManifestError

FULL = Path(__file__).parents[2] / "data" / "manifests" / "full.yaml"
HEAD = """\
# a comment at the top
case:   small    # spaces are kept
title: 'Small'
mode: "liability"
parties:
- {id: agent,   name: Agent, role: agent}
"""
DECISION = Decision("told", "confirmed", "counsel", parse_instant("2026-03-15T09:00:00Z"), "x: y")


def editor_of(folder: Path, text: str) -> ManifestEditor:
    (folder / "case.yaml").write_bytes(text.encode())
    return ManifestEditor(folder)


ENTRY = """\
- id: E1
  path: evidence/a.json
"""
INDENTED = "".join(f"  {line}\n" for line in ENTRY.splitlines())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (HEAD, HEAD + "\nevidence:\n" + INDENTED),
        (HEAD + "evidence:\nservices:\n", HEAD + "evidence:\n" + INDENTED + "services:\n"),
        (
            HEAD + "evidence: []   # none\n\n# next\nservices:\n",
            HEAD + "evidence:   # none\n" + INDENTED + "\n# next\nservices:\n",
        ),
        (
            HEAD + "evidence:\n- id: X\n  path: x # last\n\n# next\nservices:\n",
            HEAD + "evidence:\n- id: X\n  path: x # last\n" + ENTRY + "\n# next\nservices:\n",
        ),
        (
            HEAD + "evidence:\n      - {id: X, path: x}",
            HEAD
            + "evidence:\n      - {id: X, path: x}\n"
            + "      - id: E1\n        path: evidence/a.json\n",
        ),
        (
            HEAD + "evidence: [{id: X, path: x}]\n",
            HEAD + "evidence: [{id: X, path: x}, {id: E1, path: evidence/a.json}]\n",
        ),
        (
            HEAD + "evidence:\n- id: X\n  path: x\n  note: |\n    long # no comment\n\n# next\n",
            HEAD
            + "evidence:\n- id: X\n  path: x\n  note: |\n    long # no comment\n"
            + ENTRY
            + "\n# next\n",
        ),
    ],
    ids=["absent", "empty", "brackets", "last comment", "indented", "flow", "block text"],
)
def test_only_the_new_entry_is_added(tmp_path: Path, before: str, after: str) -> None:
    """Every byte that was there stays where it was, however the list is laid out."""
    editor = editor_of(tmp_path, before)
    editor.add_evidence(EvidenceEntry("E1", "evidence/a.json"))
    assert editor.text == after


def test_fields_with_their_default_are_left_out(tmp_path: Path) -> None:
    """What is written is what was said; numbers are short, times are UTC, texts quoted."""
    editor = editor_of(tmp_path, HEAD)
    editor.add_evidence(
        EvidenceEntry(
            "E1",
            "evidence/a b.csv",
            zone="+02:00",
            offset_seconds=-94.0,
            offset_error_seconds=0.1,
            custodian="no",
            collected=parse_instant("2026-03-14T10:00:00+01:00"),
            sha256="1" * 64,
            columns={"time": "when: it was", "actor": "who"},
            note='a "note" # here',
        )
    )
    assert editor.text.partition("evidence:\n")[2] == (
        "  - id: E1\n"
        "    path: evidence/a b.csv\n"
        '    zone: "+02:00"\n'
        "    offset_seconds: -94\n"
        "    offset_error_seconds: 0.1\n"
        '    custodian: "no"\n'
        "    collected: 2026-03-14T09:00:00Z\n"
        f'    sha256: "{"1" * 64}"\n'
        '    note: "a \\"note\\" # here"\n'
        '    columns: {time: "when: it was", actor: who}\n'
    )


def test_windows_line_ends_are_kept(tmp_path: Path) -> None:
    """A file with CRLF gets its new lines with CRLF."""
    editor = editor_of(tmp_path, HEAD.replace("\n", "\r\n"))
    editor.add_decision(DECISION)
    assert "\n" not in editor.text.replace("\r\n", "")


def test_a_field_is_set_in_place(tmp_path: Path) -> None:
    """A field that is there changes its value alone; one that is not comes after the last."""
    text = (
        HEAD + "evidence:\n  - id: E1   # first\n    path: a  # here\n    note:  # empty\n# tail\n"
    )
    editor = editor_of(tmp_path, text)
    editor.set_evidence("E1", path="b", note="new", sha256="ab" * 32, offset_seconds=1.5)
    assert editor.text == HEAD + (
        "evidence:\n  - id: E1   # first\n    path: b  # here\n    note: new  # empty\n"
        f"    sha256: {'ab' * 32}\n    offset_seconds: 1.5\n# tail\n"
    )


def test_a_field_is_set_in_brackets(tmp_path: Path) -> None:
    """An entry on one line stays on one line."""
    editor = editor_of(tmp_path, HEAD + "evidence: [{id: E1, path: a}]\n")
    editor.set_evidence("E1", sha256="ab" * 32)
    assert editor.text == HEAD + f"evidence: [{{id: E1, path: a, sha256: {'ab' * 32}}}]\n"


def test_an_unknown_item_cannot_be_set(tmp_path: Path) -> None:
    """The id is the key of the error."""
    with pytest.raises(KeyError, match="E9"):
        editor_of(tmp_path, HEAD).set_evidence("E9", note="n")


def test_a_change_that_makes_the_manifest_wrong_is_refused(tmp_path: Path) -> None:
    """An id used twice is told with its line, and the file stays as it was."""
    editor = editor_of(tmp_path, HEAD + "evidence:\n- {id: E1, path: a}\n")
    with pytest.raises(InvalidManifestError, match="E1 is used twice"):
        editor.add_evidence(EvidenceEntry("E1", "b"))
    editor.save()
    assert len(load_manifest(tmp_path).evidence) == 1


@pytest.mark.parametrize(
    "layout",
    [
        "- {id: E1, path: a, columns: &c {time: t}}\n- {id: E2, path: b, columns: *c}\n",
        "- {id: E1, path: a, columns: {time: t}, # a comment\n}\n",
    ],
    ids=["an anchor that is used", "a comment before the bracket"],
)
def test_a_change_that_cannot_be_made_safely_is_refused(tmp_path: Path, layout: str) -> None:
    """The message says what to write by hand, and nothing is changed."""
    editor = editor_of(tmp_path, HEAD + "evidence:\n" + layout)
    with pytest.raises(ManifestError) as caught:
        editor.set_evidence("E1", columns={"time": "u"}, note="new")
    assert str(caught.value.remedy).startswith("add this by hand: {")
    assert editor.text == HEAD + "evidence:\n" + layout


def test_a_decision_survives_a_second_reading(tmp_path: Path) -> None:
    """What was decided is loaded again as it was given."""
    editor = editor_of(tmp_path, FULL.read_text(encoding="utf-8"))
    editor.add_decision(DECISION)
    editor.save()
    assert load_manifest(tmp_path).decisions[-1] == DECISION
    assert editor.manifest == load_manifest(tmp_path)


def test_a_change_by_somebody_else_is_not_overwritten(tmp_path: Path) -> None:
    """Saving fails when the file is no longer the one that was read."""
    editor = editor_of(tmp_path, HEAD)
    editor.add_decision(DECISION)
    (tmp_path / "case.yaml").write_text(HEAD + "summary: mine\n", encoding="utf-8")
    with pytest.raises(ManifestError, match="changed since it was read"):
        editor.save()
    assert load_manifest(tmp_path).summary == "mine"


def test_a_crash_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failure before the rename leaves the manifest as it was and no side file."""
    editor = editor_of(tmp_path, HEAD)
    editor.add_decision(DECISION)

    def fail(*_: object) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="disk"):
        editor.save()
    assert [path.name for path in tmp_path.iterdir()] == ["case.yaml"]
    assert (tmp_path / "case.yaml").read_text(encoding="utf-8") == HEAD


def test_permissions_are_kept(tmp_path: Path) -> None:
    """A manifest that only its owner may read stays so."""
    editor = editor_of(tmp_path, HEAD)
    (tmp_path / "case.yaml").chmod(0o600)
    editor.add_decision(DECISION)
    editor.save()
    assert (tmp_path / "case.yaml").stat().st_mode & 0o777 == 0o600


def test_an_offset_of_zero_is_written_and_counts_as_declared(tmp_path: Path) -> None:
    """Who says that a clock was right says something; who says nothing leaves it open."""
    editor = editor_of(tmp_path, HEAD)
    editor.add_evidence(EvidenceEntry("E1", "a", offset_seconds=0.0))
    editor.add_evidence(EvidenceEntry("E2", "b"))
    assert "    offset_seconds: 0\n" in editor.text
    assert [entry.offset_seconds for entry in editor.manifest.evidence] == [0.0, None]


GRAPHS = (
    (HEAD, HEAD + "\ngraph:\n  nodes:\n    - id: a\n      strength: [0.1, 0.5, 1]\n"),
    (
        HEAD + "graph: # none yet\nservices:\n",
        HEAD
        + "graph: # none yet\n  nodes:\n    - id: a\n      strength: [0.1, 0.5, 1]\nservices:\n",
    ),
    (
        HEAD + "graph:\n  edges:\n  - {from: b, to: c, counterfactual: 'no: x', basis: y} # kept\n",
        HEAD
        + "graph:\n  edges:\n  - {from: b, to: c, counterfactual: 'no: x', basis: y} # kept\n"
        + "  nodes:\n    - id: a\n      strength: [0.1, 0.5, 1]\n",
    ),
    (
        HEAD + "graph:\n    nodes:   # by hand\n    - id: b # first\nservices:\n",
        HEAD
        + "graph:\n    nodes:   # by hand\n    - id: b # first\n"
        + "    - id: a\n      strength: [0.1, 0.5, 1]\nservices:\n",
    ),
    (
        HEAD + "graph:\n  nodes: []\n",
        HEAD + "graph:\n  nodes:\n    - id: a\n      strength: [0.1, 0.5, 1]\n",
    ),
    (
        HEAD + "graph:\n  nodes:\n  - id: a # there\n    kind: act\n",
        HEAD + "graph:\n  nodes:\n  - id: a # there\n    kind: act\n    strength: [0.1, 0.5, 1]\n",
    ),
)


@pytest.mark.parametrize(("before", "after"), GRAPHS)
def test_a_node_is_put_below_the_graph_whatever_stands_there(
    tmp_path: Path, before: str, after: str
) -> None:
    """Keys that are missing are added at the right depth; a node that is there gets the field."""
    editor = editor_of(tmp_path, before)
    editor.add_to_graph([{"id": "a", "strength": [0.1, 0.5, 1.0]}], [])
    assert editor.text == after


def test_a_wrong_edge_leaves_the_graph_as_it_was(tmp_path: Path) -> None:
    """Nodes and edges of one drawing are written together or not at all."""
    editor = editor_of(tmp_path, HEAD)
    with pytest.raises(ManifestError):
        editor.add_to_graph([{"id": "a"}], [{"from": "a", "to": "a b", "basis": "x"}])
    assert editor.text == HEAD


def test_a_declared_node_keeps_its_reason_and_gets_another(tmp_path: Path) -> None:
    """What a person gave as a reason is not lost when a drawing changes the node."""
    node = "  - {id: a, credence: [0.1, 0.2, 0.3], because: seen}\n"
    editor = editor_of(tmp_path, HEAD + "graph:\n  nodes:\n" + node)
    editor.add_to_graph([{"id": "a", "credence": [0.2, 0.3, 0.4], "because": "drawn by hand"}], [])
    [declared] = editor.manifest.nodes
    assert declared.because == "seen; drawn by hand"
    assert declared.fields["credence"] == Interval(0.2, 0.3, 0.4)
