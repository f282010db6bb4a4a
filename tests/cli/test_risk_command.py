"""`attribution risk` as a person and as a script call it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from attribution.model.risk import Measure
from tests.conftest import Run
from tests.unit.provenance.histories import History


@pytest.fixture
def history(tmp_path: Path) -> History:
    """Return a history whose last change takes a safeguard away, with an escape in a name."""
    made = History(tmp_path / "work")
    made.commit("Begin", {"db.tf": "prevent_destroy = true\n", "a\x1b[2J.py": "x = 1\n"})
    made.commit("Loosen \x1b[2J", {"db.tf": "prevent_destroy = false\n", "a\x1b[2J.py": "x = 2\n"})
    return made


def test_a_person_reads_measures_facts_and_that_there_is_too_little_to_compare(
    run_program: Run, history: History
) -> None:
    done = run_program("risk", history.folder, "HEAD")
    assert done.returncode == 0
    assert done.stderr == ""
    assert "Compared with the 1 change before it." in done.stdout
    assert "    db.tf, line 1 (removed): prevent_destroy = true" in done.stdout.splitlines()
    assert "too few to compare" in done.stdout
    assert "\x1b" not in done.stdout


def test_a_script_reads_the_keys_that_are_promised(run_program: Run, history: History) -> None:
    done = run_program("risk", history.folder, "HEAD", "HEAD~1", "--json")
    last, first = json.loads(done.stdout)["changes"]
    assert last["commit"] == history.git("rev-parse", "HEAD")
    assert first["changes"] == 0
    assert {"id", "value", "percentile", "below", "equal", "of"} <= last["measures"][0].keys()
    assert last["facts"][0]["places"][0].keys() == {"file", "line", "side", "text"}


def test_what_is_no_commit_ends_with_what_to_do(run_program: Run, history: History) -> None:
    done = run_program("risk", history.folder, "nothing")
    assert done.returncode == 2
    assert "what to do" in done.stderr


@pytest.mark.parametrize(
    ("below", "equal", "name"),
    [(99, 1, "99th"), (100, 0, "above all"), (0, 0, "below all"), (11, 0, "11th"), (92, 0, "92nd")],
)
def test_a_percentile_is_rounded_down_and_named(below: int, equal: int, name: str) -> None:
    one = Measure("la", "size", "lines added", "", 0, 1.0, below, equal, 100)
    assert one.rank == name
