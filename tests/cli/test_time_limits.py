"""Case commands keep to a time limit and say what became of the answer."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from attribution.resources import resource

Run = Callable[..., CompletedProcess[str]]


@pytest.fixture
def case(tmp_path: Path) -> str:
    """Return the folder of a copy of the first sample."""
    folder = tmp_path / "case"
    shutil.copytree(resource("sample_incidents/environment-recreated"), folder)
    return str(folder)


@pytest.mark.slow
@pytest.mark.parametrize(
    "question", [["attribute"], ["compare"], ["whatif", "--set", "answer_cost_view=0"]]
)
def test_enough_time_changes_no_byte(run_program: Run, case: str, question: list[str]) -> None:
    """With a limit that is not reached the answer is the one without a limit."""
    free = run_program(question[0], case, *question[1:], "--json")
    limited = run_program(question[0], case, *question[1:], "--timeout", "500", "--json")
    assert free.returncode == limited.returncode == 0
    assert json.loads(free.stdout)
    assert limited.stdout == free.stdout


@pytest.mark.slow
@pytest.mark.parametrize("seconds", ["0.1", "0.25", "0.4"])
@pytest.mark.parametrize(
    "question",
    [["attribute"], ["compare"], ["whatif", "--set", "answer_cost_view=0"], ["run"]],
)
def test_any_limit_gives_an_answer_or_a_message(
    run_program: Run, case: str, question: list[str], seconds: str
) -> None:
    """However far it got: an answer that says what it lacks, or a message; never a traceback."""
    answer = run_program(question[0], case, *question[1:], "--timeout", seconds, "--json")
    assert answer.returncode in {0, 2}
    assert "Traceback" not in answer.stderr
    if answer.returncode == 0:
        assert json.loads(answer.stdout)
    else:
        assert "longer --timeout" in answer.stderr


@pytest.mark.slow
def test_documents_cut_short_are_warned_of(run_program: Run, case: str) -> None:
    """A run with a limit that was reached writes documents that say so, and says so itself."""
    answer = run_program("run", case, "--timeout", "0.4", "--json")
    result = Path(case, "report", "result.json")
    if answer.returncode == 0 and (limits := json.loads(result.read_text())["limits"]):
        assert "did not suffice" in answer.stderr
        written = Path(case, "report", "legal.md").read_text().replace("\\", "")
        assert limits[-1].rstrip(".") in written


@pytest.mark.slow
def test_no_time_at_all_is_said_and_nothing_is_made_up(run_program: Run, case: str) -> None:
    """Where not even a sample of worlds could be looked at there is no share, but a message."""
    answer = run_program("attribute", case, "--timeout", "0.000001")
    assert answer.returncode == 2
    assert answer.stdout == ""
    assert "longer --timeout" in answer.stderr
