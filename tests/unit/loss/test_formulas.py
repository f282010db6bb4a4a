from __future__ import annotations

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attribution.loss.formula import Scope, compute, list_names, parse_formula
from attribution.model.loss import Range
from tests.unit.loss.declared import UK, US, amount_of

_NAMES = ("a", "b", "c")
_LEAVES = st.sampled_from((*_NAMES, "2", "100"))
_FORMULAS = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        st.builds(lambda x, op, y: f"({x} {op} {y})", inner, st.sampled_from("+-*"), inner),
        st.builds(lambda f, x, y: f"{f}({x}, {y})", st.sampled_from(("min", "max")), inner, inner),
        st.builds(lambda x, y: f"after(max(0, {x}), max(0, {y}))", inner, inner),
        st.builds(lambda x, y: f"within(max(0, {x}), max(0, {y}))", inner, inner),
    ),
    max_leaves=6,
)
_VALUES = st.integers(-50, 50).map(Decimal)
_RANGES = st.lists(_VALUES, min_size=3, max_size=3).map(lambda ends: Range(*sorted(ends)))


@given(_FORMULAS, st.tuples(_RANGES, _RANGES, _RANGES))
def test_no_choice_within_the_ranges_leaves_the_result(
    text: str, ranges: tuple[Range, Range, Range]
) -> None:
    """Whatever corner of the ranges the figures lie at, the result is within its range."""
    values = dict(zip(_NAMES, ranges, strict=True))
    found = compute(text, Scope(values, frozenset(_NAMES)))
    for corner in product(*((one.low, one.likely, one.high) for one in ranges)):
        exact = {name: Range.exactly(end) for name, end in zip(_NAMES, corner, strict=True)}
        point = compute(text, Scope(exact, frozenset(_NAMES)))
        assert found.low - Decimal("1e-40") <= point.likely <= found.high + Decimal("1e-40")


def _uk(given: dict[str, Decimal]) -> Decimal:
    turnover = given["standard_turnover"] * (1 + given["trend_percent"] / 100)
    rate = given["rate_of_gross_profit"] / 100
    lost = max(Decimal(0), turnover - given["actual_turnover"]) * rate
    cost = min(given["increased_cost_of_working"], given["turnover_preserved"] * rate)
    return max(Decimal(0), lost + cost - given["savings"])


def _us(given: dict[str, Decimal]) -> Decimal:
    income = given["net_income"] + given["continuing_expenses"]
    lost = max(Decimal(0), income - given["earned"] - given["made_up"])
    hours, first = given["period_hours"], given["waiting_hours"] + given["betterment_hours"]
    after = lost * max(Decimal(0), hours - first) / hours
    return after + max(Decimal(0), given["extra_expense"] - given["betterment"])


@pytest.mark.parametrize(
    ("head", "given", "twin"), [("interruption_uk", UK, _uk), ("interruption_us", US, _us)]
)
def test_low_and_high_are_the_extremes_of_all_corners(
    head: str, given: dict[str, tuple[str, str, str]], twin: object
) -> None:
    """Low and high are, to the cent, the least and the most a plain twin gives at any corner."""
    assert callable(twin)
    corners = product(*((Decimal(low), Decimal(high)) for low, _, high in given.values()))
    amounts = [twin(dict(zip(given, corner, strict=True))) for corner in corners]
    likely = twin({name: Decimal(ends[1]) for name, ends in given.items()})
    found = amount_of(head, given)
    cent = Decimal("0.011")
    assert abs(found.low - min(amounts)) < cent
    assert abs(found.high - max(amounts)) < cent
    assert abs(found.likely - likely) < cent


@pytest.mark.parametrize("text", ["a.b", "__import__('os')", "a if b else c", "f(a)", "a ** b"])
def test_a_formula_is_arithmetic_and_nothing_else(text: str) -> None:
    """A formula with anything but arithmetic in it is refused."""
    with pytest.raises(ValueError, match="formula"):
        parse_formula(text)


def test_names_of_functions_and_tables_are_no_figures() -> None:
    """The figures of a formula are its names but for functions and tables of tiers."""
    assert list_names("min(tier(up, table), cap) * fees") == ("up", "cap", "fees")
