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


@pytest.mark.parametrize(
    "question", [["attribute"], ["compare"], ["whatif", "--set", "instructed=0"]]
)
def test_enough_time_changes_no_byte(run_program: Run, case: str, question: list[str]) -> None:
    """With a limit that is not reached the answer is the one without a limit."""
    free = run_program(question[0], case, *question[1:], "--json")
    limited = run_program(question[0], case, *question[1:], "--timeout", "500", "--json")
    assert free.returncode == limited.returncode == 0
    assert json.loads(free.stdout)
    assert limited.stdout == free.stdout


def test_no_time_at_all_is_said_and_nothing_is_made_up(run_program: Run, case: str) -> None:
    """Where not even a sample of worlds could be looked at there is no share, but a message."""
    answer = run_program("attribute", case, "--timeout", "0.000001")
    assert answer.returncode == 2
    assert answer.stdout == ""
    assert "longer --timeout" in answer.stderr
