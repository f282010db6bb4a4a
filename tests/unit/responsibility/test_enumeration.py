"""Worlds gone through in arrays give what counting on diagrams of worlds gives, however large."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest

from attribution.responsibility import enumeration
from attribution.responsibility.model import PotencyModel
from attribution.responsibility.potency import Assessor
from attribution.responsibility.result import PotencyResult

# From numbers of two digits to some that no machine integer holds.
UNITS = (10, 10**3, 10**9 + 7, 10**25 + 1)


def draw_document(rng: random.Random, unit: int) -> dict[str, Any]:
    """Return a small case whose credences, culpabilities and amounts are parts of the unit."""

    def part() -> str:
        return f"{rng.randint(1, unit - 1)}/{unit}"

    breaches = ("defect", "review", "alert", "access")
    roots = (*breaches, "load")
    both, either = rng.sample(("and", "or"), 2)
    equations = {name: f"u_{name}" for name in roots}
    equations["released"] = f"defect {both} (review or access)"
    equations["broken"] = f"released {either} load"
    equations["late"] = "broken and alert"
    blame = [f"{number}/{unit}" for number in sorted(rng.randint(1, unit) for _ in range(3))]
    return {
        "variables": {name: [0, 1] for name in equations},
        "context": {f"u_{name}": 1 for name in roots},
        "equations": equations,
        "parties": ["A", "B", "C"],
        "breaches": {
            name: {"party": rng.choice("ABC"), "norm": 0, "culpability": rng.choice([1, blame])}
            for name in breaches
        },
        "credence": {f"u_{name}": part() for name in rng.sample(roots, 3)},
        "harms": [
            {"effect": "broken == 1", "amount": part()},
            {"effect": "late == 1", "amount": part()},
        ],
    }


@pytest.mark.parametrize("unit", UNITS)
def test_arrays_are_exact_whatever_the_numbers(unit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every number of the result is the same either way, in exact fractions."""
    rng = random.Random(unit)
    documents = [draw_document(rng, unit) for _ in range(12)]

    def assess() -> list[PotencyResult]:
        return [Assessor(PotencyModel.from_dict(one)).assess() for one in documents]

    in_arrays = assess()
    monkeypatch.setattr(enumeration, "MAX_SELECTORS", 0)
    on_diagrams = assess()
    for one, two in zip(in_arrays, on_diagrams, strict=True):
        assert one.potency == two.potency
        assert one.breaches == two.breaches
        assert one.coalitions == two.coalitions
        assert one.other_rules == two.other_rules
        assert one.necessity == two.necessity
        assert one.unattributed.point == two.unattributed.point
        assert one.method == two.method
        for party, share in one.shares.items():
            assert share.point == two.shares[party].point
            assert share.low == pytest.approx(two.shares[party].low)
            assert share.high == pytest.approx(two.shares[party].high)


@pytest.mark.parametrize(
    "amounts", [(1e308, 1e-308), (0.30000000000000004, 120000), (1e15, 0.4825), (1e308, 1e308)]
)
def test_amounts_may_be_of_any_size(amounts: tuple[float, float]) -> None:
    """Only their ratio counts, and no number is too large on the way."""
    model = PotencyModel.from_dict(
        {
            "variables": {"a": [0, 1], "b": [0, 1], "h": [0, 1]},
            "context": {"ua": 1, "ub": 1},
            "equations": {"a": "ua", "b": "ub", "h": "a or b"},
            "parties": ["p", "q"],
            "breaches": {"a": {"party": "p", "norm": 0}, "b": {"party": "q", "norm": 0}},
            "credence": {"ua": [0.3, 0.5, 0.8]},
            "harms": [
                {"effect": "h == 1", "amount": amounts[0]},
                {"effect": "a == 1", "amount": amounts[1]},
            ],
        }
    )
    first, second = (Fraction(str(amount)) for amount in amounts)
    result = Assessor(model).assess()
    assert result.shares["p"].point == (first / 2 + second) / (first + second)
    assert 0 <= result.shares["q"].low <= float(result.shares["q"].point)
