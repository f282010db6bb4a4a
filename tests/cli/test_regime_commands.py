"""`attribution regime`, `regimes` and `apportion` as their users call them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Run

SAMPLE = Path(__file__).parents[2] / "sample_incidents" / "environment-recreated"


def test_the_example_of_the_documentation(run_program: Run, tmp_path: Path) -> None:
    """The file that the page shows gives the amounts that it names."""
    page = Path(__file__).parents[2] / "docs" / "reference" / "claim-file.md"
    shown = page.read_text("utf-8").split("```json\n")[1].split("```")[0]
    claim = tmp_path / "claim.json"
    claim.write_text(shown, "utf-8")
    found = json.loads(run_program("regime", "ucfa", claim, "--json").stdout)
    assert found["owed"] == {"deployer": "60000.00"}
    assert found["borne_by_plaintiff"] == "40000.00"
    text = run_program("regime", "several", claim, "--plaintiff-rule", "mod50").stdout
    assert "no legal advice" in text


def test_an_unknown_regime_names_those_that_are_near(run_program: Run, tmp_path: Path) -> None:
    """One message, status 2, and the ids one may have meant."""
    claim = tmp_path / "claim.json"
    claim.write_text("{}", "utf-8")
    done = run_program("regime", "us-tex", claim)
    assert done.returncode == 2
    assert "us-tx" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_a_sample_side_by_side_over_all_regimes(run_program: Run) -> None:
    """Every regime is in the table or says what it asks; the harm is the same in each."""
    found = json.loads(run_program("apportion", SAMPLE, "--regime", "all", "--json").stdout)
    assert len(found["regimes"]) + len(found["unanswered"]) == 62
    for one in found["regimes"]:
        owed = sum(float(amount) for amount in one["owed"].values())
        assert owed + float(one["borne_by_plaintiff"]) == pytest.approx(150_000, abs=0.01)
