"""Published models of the literature on actual causation and the verdicts on them."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from attribution.causation.actual import check_cause, find_causes
from attribution.causation.structural import StructuralModel
from attribution.responsibility import allocation
from attribution.responsibility.model import PotencyModel
from attribution.responsibility.potency import compute_potency

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


POTENCY_CASES: list[dict[str, Any]] = json.loads((DATA / "potency_cases.json").read_text("utf-8"))[
    "cases"
]


def fractions(values: dict[str, str]) -> dict[str, Fraction]:
    return {name: Fraction(value) for name, value in values.items()}


@pytest.mark.parametrize("case", POTENCY_CASES, ids=lambda case: case["id"])
def test_exact_shares(case: dict[str, Any]) -> None:
    """Potency, breaches, v, shares and the unattributed part are the reference's fractions."""
    result = compute_potency(PotencyModel.from_dict(case["model"]))
    expected = case["expected"]
    assert result.potency == fractions(expected["potency"])
    assert result.breaches == fractions(expected["breaches"])
    assert result.coalitions == fractions(expected["v"])
    assert {party: share.point for party, share in result.shares.items()} == fractions(
        expected["shares"]
    )
    assert result.unattributed.point == Fraction(expected["unattributed"])


ALLOCATIONS: dict[str, dict[str, Any]] = {
    case["id"]: case for case in json.loads((DATA / "allocations.json").read_text("utf-8"))
}


def voting_game(setup: dict[str, Any]) -> allocation.Game:
    weights = list(setup["weights"].values())

    def worth(coalition: int) -> int:
        return int(
            sum(weight for player, weight in enumerate(weights) if coalition >> player & 1)
            >= setup["quota"]
        )

    return worth


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("eec1958_ss", allocation.shapley),
        ("eec1958_bz", lambda game, n: allocation.normalise(allocation.banzhaf(game, n))),
    ],
)
def test_council_of_1958(name: str, rule: Callable[..., dict[int, Fraction]]) -> None:
    """The published power indices of the Council of Ministers of 1958 come out."""
    case = ALLOCATIONS[name]
    values = rule(voting_game(case["setup"]), range(len(case["setup"]["weights"])))
    assert values == dict(enumerate(fractions(case["value"]).values()))


def test_unanimity_with_a_union() -> None:
    """Owen's closed form for three who are all needed, two of them in a union."""
    case = ALLOCATIONS["unanimity3_owen"]
    blocks = [[player - 1 for player in block] for block in case["setup"]["blocks"]]
    values = allocation.owen(lambda coalition: int(coalition == 0b111), blocks)
    assert values == dict(enumerate(fractions(case["value"]).values()))


def test_sequential_damage() -> None:
    """Shapley over acts that each came after the ones before them, by the published formula."""
    case = ALLOCATIONS["seq_liab_90_60_30"]
    damage = case["setup"]["immediate_damage"]

    def worth(coalition: int) -> int:
        present = itertools.takewhile(lambda stage: coalition >> stage & 1, range(len(damage)))
        return sum(damage[stage] for stage in present)

    values = allocation.shapley(worth, range(len(damage)))
    assert values == dict(enumerate(fractions(case["value"]).values()))


def test_simultaneous_damage() -> None:
    """When all acts are needed for the damage each bears the same part."""
    case = ALLOCATIONS["simultaneous_120"]
    count = case["setup"]["n"]
    everyone = (1 << count) - 1
    values = allocation.shapley(
        lambda coalition: case["setup"]["damage"] * int(coalition == everyone), range(count)
    )
    assert values == dict(enumerate(fractions(case["value"]).values()))


def test_firing_squad_blame() -> None:
    """Ten shoot, one gun is live and nobody knows which: blame is one tenth each."""
    case = ALLOCATIONS["firing_squad_blame"]
    document = next(c["model"] for c in CASES if c["id"] == "firing_squad_live3")
    degrees: dict[str, Fraction] = dict.fromkeys(case["value"], Fraction(0))
    for live in document["context"]:
        context = {name: int(name == live) for name in document["context"]}
        result = find_causes(StructuralModel.from_dict({**document, "context": context}))
        for name in degrees:
            degrees[name] += result.part_of_cause[name] / len(document["context"])
    assert degrees == fractions(case["value"])
