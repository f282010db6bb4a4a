"""`attribution benchmark`, as its users call it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Run

SAMPLE = Path(__file__).parents[2] / "sample_incidents" / "knight-capital-2012"


@pytest.mark.slow
def test_published_figures_stand_beside_the_shares_and_change_none(run_program: Run) -> None:
    """Each figure has its status and source; the shares are those of `attribute`."""
    told = run_program("benchmark", SAMPLE).stdout
    assert "Orientation only." in told
    found = json.loads(run_program("benchmark", SAMPLE, "--json").stdout)
    shares = json.loads(run_program("attribute", SAMPLE, "--json").stdout)["by_role"]
    for row in found["published"]:
        assert row["status"]
        assert row["source"]
        assert row["here"] == {role: shares[role] for role in row["here"]}
