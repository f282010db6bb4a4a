"""Published models of the literature on actual causation and the verdicts on them."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from attribution.causation.actual import check_cause, find_causes
from attribution.causation.structural import StructuralModel

DATA = Path(__file__).parents[1] / "data" / "causality"
CASES: list[dict[str, Any]] = json.loads((DATA / "cases.json").read_text("utf-8"))["cases"]
DEGREES = {"dr_modified": "modified", "dr_ch_updated": "updated"}
CLAIMS = [
    pytest.param(case["model"], claim, id=f"{case['id']}-{number}-{claim['definition']}")
    for case in CASES
    for number, claim in enumerate(case["claims"])
]


@pytest.mark.parametrize(("document", "claim"), CLAIMS)
def test_published_verdict(document: dict[str, Any], claim: dict[str, Any]) -> None:
    """Each verdict of the literature comes out."""
    model = StructuralModel.from_dict(document)
    definition = DEGREES.get(claim["definition"], claim["definition"])
    match claim["type"]:
        case "is_cause" | "not_cause":
            verdict = check_cause(model, claim["set"], definition)
            assert verdict.is_cause is (claim["type"] == "is_cause")
        case "all_causes":
            result = find_causes(model, definition)
            assert result.complete
            found = {frozenset(cause.variables) for cause in result.causes}
            assert found == set(map(frozenset, claim["value"]))
        case "part_of" | "not_part_of":
            result = find_causes(model, definition)
            assert (result.part_of_cause[claim["var"]] > 0) is (claim["type"] == "part_of")
        case "degree":
            result = find_causes(model, definition)
            assert result.part_of_cause[claim["var"]] == Fraction(claim["value"])
        case other:
            pytest.fail(f"a claim of unknown type {other}")


@pytest.mark.parametrize("case", [case for case in CASES if "expected_cause_count" in case])
def test_number_of_causes(case: dict[str, Any]) -> None:
    """The number of causes is the published one, and each has the published size."""
    result = find_causes(StructuralModel.from_dict(case["model"]))
    assert len(result.causes) == case["expected_cause_count"]
    assert {len(cause.variables) for cause in result.causes} == {case["max_cause_size"]}
