"""`attribution culpability`, and `decide` with a value of it, as their users call them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.conftest import Run

SAMPLE = Path(__file__).parents[2] / "sample_incidents" / "environment-recreated"


@pytest.mark.slow
def test_a_value_is_entered_by_a_person_and_moves_the_shares(
    run_program: Run, tmp_path: Path
) -> None:
    """Nothing is entered until somebody decides; then the shares with and without it differ."""
    case = tmp_path / "case"
    shutil.copytree(SAMPLE, case)
    before = json.loads(run_program("culpability", case, "--json").stdout)
    assert all(breach["entered"] is None for breach in before["breaches"])
    ends = ("--low", "1", "--point", "1.5", "--high", "2")
    decide = ("decide", case, "culpability:grant_b46457c", *ends)
    assert "--because and --by" in run_program(*decide).stderr
    run_program(*decide, "--because", "a standing grant", "--by", "counsel")
    run_program(*decide, "--because", "looked at again", "--by", "counsel")
    after = json.loads(run_program("culpability", case, "--json").stdout)
    [entered] = [one["entered"] for one in after["breaches"] if one["entered"]]
    assert entered["value"] == {"low": 1, "point": 1.5, "high": 2}
    assert (entered["by"], entered["because"]) == ("counsel", "looked at again")
    assert entered["at"].endswith("Z")
    shares = json.loads(run_program("attribute", case, "--json").stdout)["parties"]
    with_it = {party["id"]: party["share"]["point"] for party in shares}
    without = after["shares_without_culpability"]
    assert without == before["shares_without_culpability"]
    assert with_it["service-team"] > without["service-team"]["point"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("culpability:x", "--low", "1"), "all three"),
        (("x", "--low", "1", "--point", "1", "--high", "1"), "culpability:NODE"),
        (("culpability:x", "--low", "2", "--point", "1", "--high", "1"), "expected 0 <= low"),
        (("culpability:x", "--confirm"), "all three"),
    ],
)
def test_a_value_that_is_not_whole_is_refused(
    run_program: Run, arguments: tuple[str, ...], said: str
) -> None:
    """One sentence says what is missing; nothing is written."""
    done = run_program("decide", SAMPLE, *arguments, "--because", "why", "--by", "counsel")
    assert done.returncode == 2
    assert said in " ".join(done.stderr.split())
