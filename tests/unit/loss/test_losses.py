from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attribution.errors import ManifestError
from attribution.loss.assessment import assess_loss
from attribution.loss.heads import load_table
from attribution.model.declared_loss import Avoidable, CostItem, DeclaredLoss, Distinct, Estimate
from attribution.model.instant import parse_instant
from attribution.model.loss import NOTHING, LossAssessment, Range
from attribution.schema.instances import load_schema
from attribution.timeline.response import Mark
from tests.unit.loss.declared import UK, US, estimate, figures, loss_of, total_of, whole_loss

_FALLING = {
    *("actual_turnover", "turnover_elsewhere", "savings", "opening_stock"),
    *("uninsured_working_expenses", "earned", "made_up", "betterment_hours", "waiting_hours"),
    *("betterment", "lost_in_waiting"),
}
"""Inputs that a loss falls with; it rises with all others."""


def test_heads_that_count_add_up_to_the_total() -> None:
    """The total is the sum of the heads that count, at each end, and of no other."""
    found = loss_of(whole_loss())
    counted = [head.net for head in found.heads if head.counted]
    assert sum(counted, NOTHING) == found.total
    assert {head.id for head in found.heads if not head.counted} == {"outage", "interruption_uk"}


@settings(max_examples=40)
@given(st.sampled_from([*UK, *US]), st.integers(0, 5000))
def test_a_loss_moves_with_each_input_the_right_way(name: str, more: int) -> None:
    """More of an input makes no end of its head smaller, or none greater where it is taken off."""
    head, given_figures = ("interruption_uk", UK) if name in UK else ("interruption_us", US)
    before = figures(given_figures)
    old = before[name].value
    if name == "rate_of_gross_profit":
        more %= 41  # it stays at most at 100 per cent
    raised = Range(old.low + more, old.likely + more, old.high + more)
    after = before | {name: Estimate(raised)}
    first, second = (
        total_of(whole_loss(counts=head, measures={head: given_now}))
        for given_now in (before, after)
    )
    for low, high in zip(
        *((one.low, one.likely, one.high) for one in (first, second)), strict=True
    ):
        assert (low >= high) if name in _FALLING else (low <= high)


@settings(max_examples=40)
@given(st.integers(2, 1000))
def test_another_currency_scales_every_end(times: int) -> None:
    """A loss in a currency worth a part of the first is that many times as much, but for cents."""
    declared = whole_loss()
    scaled = replace(
        declared,
        measures={
            head: {
                name: _times(given_one, times) if _is_money(head, name) else given_one
                for name, given_one in inputs.items()
            }
            for head, inputs in declared.measures.items()
        },
        costs={
            head: tuple(_times_item(item, times) for item in items)
            for head, items in declared.costs.items()
        },
        schedules=tuple(replace(s, fees=_times(s.fees, times)) for s in declared.schedules),
    )
    one, many = total_of(declared), total_of(scaled)
    slack = Decimal("0.005") * 40 * times
    for end in ("low", "likely", "high"):
        assert abs(getattr(many, end) - times * getattr(one, end)) <= slack


@settings(max_examples=40)
@given(st.permutations(range(3)), st.permutations(range(4)))
def test_the_order_of_what_is_declared_moves_nothing(items: list[int], heads: list[int]) -> None:
    """Heads, total and overlaps are the same in whatever order heads and costs are declared."""
    costs = [
        CostItem(f"item{n}", f"Item {n}", amount=estimate(f"{n}.01", f"{n}.50", "9.99"))
        for n in range(3)
    ]
    measures = list(whole_loss().measures.items())
    one, other = (
        loss_of(whole_loss(measures=dict(given_heads), costs={"response": tuple(given_items)}))
        for given_heads, given_items in (
            (measures, costs),
            ([measures[at] for at in heads], [costs[at] for at in items]),
        )
    )
    assert (one.heads, one.total, one.overlaps) == (other.heads, other.total, other.overlaps)


def _is_money(head: str, name: str) -> bool:
    form = next(entry for entry in load_table().heads[head].inputs if entry.name == name)
    return form.unit.startswith("money")


def _times_item(item: CostItem, times: int) -> CostItem:
    amount, rate, less = (
        None if given_one is None else _times(given_one, times)
        for given_one in (item.amount, item.rate, item.less)
    )
    return replace(item, amount=amount, rate=rate, less=less)


def _times(given_one: Estimate, times: int) -> Estimate:
    value = given_one.value
    return Estimate(Range(value.low * times, value.likely * times, value.high * times))


def test_phases_of_a_head_add_up_to_it() -> None:
    """What is allotted to the phases adds up to the head to the cent, at each end."""
    for head in loss_of(whole_loss()).heads:
        for end in ("low", "likely", "high"):
            parts = [getattr(part, end) for part in head.by_phase.values()]
            assert not parts or sum(parts) == getattr(head.net, end)


def test_two_measures_of_one_interruption_are_never_both_counted() -> None:
    """Where several measures are given and none is chosen, there is no total but an error."""
    with pytest.raises(ManifestError, match="which measure of the interruption counts"):
        loss_of(whole_loss(counts=None))


def test_a_head_that_cannot_be_computed_is_named_and_left_out() -> None:
    """Without phases in the records the outage cost is missing with its reason, and no 0."""
    measures = {"outage": {"cost_per_hour": estimate("100")}}
    found = loss_of(whole_loss(counts=None, phases={}, measures=measures))
    assert "outage_hours" in found.missing["outage"]
    assert found.head("outage") is None
    assert any("could not be computed" in notice for notice in found.notices)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"rate_of_gross_profit": "100.5"}, "at most at 100"),
        ({"maximum_hours": "720", "period_hours": "0"}, "nothing is lost in no time"),
    ],
)
def test_a_contradiction_is_no_amount(changes: dict[str, str], reason: str) -> None:
    """A rate over 100 per cent, or a loss in no hours at all, gives a reason and no amount."""
    inputs = figures(UK) | {name: estimate(value) for name, value in changes.items()}
    found = loss_of(whole_loss(counts="interruption_uk", measures={"interruption_uk": inputs}))
    assert reason in found.missing["interruption_uk"]
    assert found.head("interruption_uk") is None


def test_where_nothing_counts_there_is_no_total() -> None:
    """A loss without figures has no total, rather than a total of 0."""
    found = loss_of(DeclaredLoss("EUR", "operator"))
    assert found.total is None
    assert any("there is no total" in notice for notice in found.notices)


def test_a_month_that_the_outage_is_not_in_is_told() -> None:
    """Credits of a month without outage are 0 by the formula, and a notice says why."""
    start, end = (
        Mark(step, parse_instant(time), None, "E1#1")
        for step, time in (
            ("start", "2026-03-10T00:00:00Z"),
            ("recovered", "2026-03-10T02:00:00Z"),
        )
    )
    schedule = replace(whole_loss().schedules[0], month="2026-04", downtime=None)
    found = assess_loss(DeclaredLoss("EUR", "operator", schedules=(schedule,)), (start, end))
    assert any("no minute of the outage lies in 2026-04" in notice for notice in found.notices)
    late = assess_loss(
        DeclaredLoss("EUR", "operator"),
        (replace(start, time=parse_instant("2026-03-10T03:00:00Z")), end),
    )
    assert any('"start" lies after "recovered"' in notice for notice in late.notices)


def test_what_is_given_and_not_used_is_said() -> None:
    """A figure that no formula uses is named: a waiting period beside a measured loss in it."""
    inputs = figures(US) | {"lost_in_waiting": estimate("100")}
    found = loss_of(whole_loss(measures={"interruption_us": inputs}))
    assert any(notice.startswith("us_waiting_hours is given") for notice in found.notices)


def test_double_counting_is_asked_about_until_somebody_answers() -> None:
    """A pair of heads that may overlap is open, with the lesser as stake, until said distinct."""
    pair = frozenset({"interruption_us", "service_credits"})
    answer = Distinct(("interruption", "service_credits"), "credits come later", "controller")
    before, after = loss_of(whole_loss()), loss_of(whole_loss(distinct=(answer,)))
    assert _state(before, pair) == ("open", Decimal("200.00"))
    assert _state(after, pair) == ("said_distinct", Decimal("200.00"))
    assert before.total == after.total


def test_one_record_behind_two_heads_is_asked_about() -> None:
    """Two heads that cite the same place of the evidence are told, whatever the table says."""
    declared = whole_loss()
    dependent = dict(declared.measures["dependent"])
    dependent["lost_turnover"] = estimate("9", evidence="E1#/0")
    items = (replace(declared.costs["response"][0], amount=estimate("9", evidence="E1#/0")),)
    found = loss_of(
        whole_loss(
            measures=dict(declared.measures) | {"dependent": dependent}, costs={"response": items}
        )
    )
    assert any("E1#/0" in overlap.question for overlap in found.overlaps)


def _state(found: LossAssessment, pair: frozenset[str]) -> tuple[str, Decimal]:
    overlap = next(one for one in found.overlaps if frozenset(one.heads) == pair)
    return overlap.state, overlap.at_stake.likely


def test_avoidable_loss_comes_off_its_head_and_no_further() -> None:
    """The low end loses the most that could have been avoided, and a head does not go below 0."""
    judged = Avoidable("response", estimate("1000", "1500", "9000"), "a call would do", "adjuster")
    head = loss_of(whole_loss(avoidable=(judged,))).head("response")
    assert head is not None
    assert head.net == Range(Decimal("0.00"), Decimal("356.00"), Decimal("2010.00"))


def test_the_schema_asks_for_what_the_tables_have() -> None:
    """Every head and input of the tables can be written in case.yaml, and nothing else."""
    properties = load_schema("case")["properties"]["loss"]["properties"]
    for head in load_table().heads.values():
        asked = {e.name for e in head.inputs if not (head.phased and e.from_timeline)}
        assert set(properties[head.id]["properties"]) == asked
    assert set(load_table().costs) <= set(properties)
    assert set(properties["counts"]["enum"]) == {*load_table().measures, None}


def test_every_formula_names_what_its_head_asks_for() -> None:
    """Each formula is over inputs and earlier steps of its head, and each source is described."""
    from attribution.loss.formula import list_names

    for head in load_table().heads.values():
        known = {entry.name for entry in head.inputs}
        for step in head.steps:
            for variant in step.variants:
                assert variant.source in load_table().sources
                assert set(variant.needs) <= known
                assert not variant.formula or set(list_names(variant.formula)) <= known
            known.add(step.name)
