"""Payments: worked by hand, and what holds for every policy and loss."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attribution.cover.payment import settle
from attribution.cover.ways import Ways
from attribution.model.cover import ENDS, OPEN, Answer, ClauseFinding, LossItem
from attribution.model.policy import Clause, InsurancePolicy, OtherPolicy, Terms
from tests.unit.cover.builder import ALWAYS, START, agreement, head, policy


def test_each_layer_as_worked_by_hand() -> None:
    """100,000 over 10 h, 4 h waiting: 60,000; less 5,000; less 20 %: 44,000; sublimit 40,000."""
    asked = policy(
        agreement(
            "A",
            "business_interruption",
            Terms(waiting_hours=Decimal(4), retention=Decimal(5000), coinsurance=Decimal("0.2")),
        ),
        Clause("S", "sublimit", "AI sublimit", "t", ALWAYS, sublimit=Decimal(40000)),
        limit=35000,
    )
    loss = (head("H", "business_interruption", 100_000, (0, 10)),)
    paid = settle(asked, loss, {"A": True, "S": True}, "likely", START)
    assert [step.after for step in paid.steps] == [100_000, 60_000, 55_000, 44_000, 40_000, 35_000]
    assert [paid.insurer, paid.others, paid.insured] == [35_000, 0, 65_000]
    higher = replace(asked, limit=Decimal(100_000))
    without = settle(higher, loss, {"A": True, "S": False}, "likely", START)
    assert without.insurer == 44_000


@pytest.mark.parametrize(("hours", "paid"), [(9, 100), (10, 0)])
def test_a_qualifying_waiting_period_takes_nothing_once_it_is_over(hours: int, paid: int) -> None:
    """Of an outage of 10 h all is paid after 9 h, and nothing where 10 h had to be outlasted."""
    terms = Terms(waiting_hours=Decimal(hours), waiting="qualifying")
    asked = policy(agreement("A", "business_interruption", terms))
    loss = (head("H", "business_interruption", 100, (0, 10)),)
    assert settle(asked, loss, {"A": True}, "likely", START).insurer == paid


@pytest.mark.parametrize(
    ("method", "insurer", "others"),
    [
        ("primary", "60000", "0"),
        ("pro_rata", "22500.00", "67500.00"),  # 90,000 by 60,000 : 180,000
        ("equal_shares", "45000.00", "45000.00"),  # neither limit is reached
        ("excess", "0", "90000"),
    ],
)
def test_other_insurance_as_worked_by_hand(method: str, insurer: str, others: str) -> None:
    """A loss of 90,000, this policy's limit 60,000, the other's 180,000."""
    asked = policy(
        agreement("A", "data_restoration"),
        limit=60_000,
        other_method=method,
        others=(OtherPolicy("the other", Decimal(180_000)),),
    )
    loss = (head("H", "data_restoration", 90_000),)
    paid = settle(asked, loss, {"A": True}, "likely")
    assert (paid.insurer, paid.others) == (Decimal(insurer), Decimal(others))


def test_equal_shares_go_on_after_the_smaller_limit_is_gone() -> None:
    """Of 90,000 the policy with 20,000 pays 20,000, the other 70,000."""
    asked = policy(
        agreement("A", "data_restoration"),
        limit=20_000,
        other_method="equal_shares",
        others=(OtherPolicy("the other", Decimal(180_000)),),
    )
    paid = settle(asked, (head("H", "data_restoration", 90_000),), {"A": True}, "likely")
    assert [paid.insurer, paid.others, paid.insured] == [20_000, 70_000, 0]


def test_an_exclusion_takes_its_heads_and_no_other() -> None:
    asked = policy(
        agreement("A", "data_restoration response_cost"),
        Clause("X", "exclusion", "x", "t", ALWAYS, heads=("response_cost",)),
    )
    loss = (head("H1", "data_restoration", 100), head("H2", "response_cost", 40))
    assert settle(asked, loss, {"A": True, "X": True}, "likely").insurer == 100
    assert settle(asked, loss, {"A": True, "X": False}, "likely").insurer == 140


_AMOUNTS = st.integers(0, 10**9).map(lambda cents: Decimal(cents) / 100)
_METHODS = st.sampled_from(("primary", "pro_rata", "equal_shares", "excess"))
_KINDS = ("A", "B", "X", "C", "S")


@st.composite
def policies(draw: st.DrawFn) -> InsurancePolicy:
    """Draw a policy of two agreements with an exclusion, a condition and a sublimit."""
    parts = st.integers(0, 100).map(lambda percent: Decimal(percent) / 100)
    return policy(
        agreement(
            "A",
            "business_interruption",
            Terms(
                limit=draw(_AMOUNTS),
                retention=draw(_AMOUNTS),
                coinsurance=draw(parts),
                waiting_hours=Decimal(draw(st.integers(0, 12))),
            ),
        ),
        agreement("B", "data_restoration", Terms(retention=draw(_AMOUNTS))),
        Clause("X", "exclusion", "x", "t", ALWAYS, applies_to=draw(st.sampled_from(((), ("A",))))),
        Clause("C", "condition", "c", "t", ALWAYS, reduces_to=draw(parts)),
        Clause("S", "sublimit", "s", "t", ALWAYS, sublimit=draw(_AMOUNTS)),
        limit=draw(_AMOUNTS),
        other_method=draw(_METHODS),
        others=tuple(OtherPolicy("o", draw(_AMOUNTS)) for _ in range(draw(st.integers(0, 2)))),
    )


def _loss(first: Decimal, second: Decimal) -> tuple[LossItem, ...]:
    span = (0.0, 10.0)
    return (
        head("H1", "business_interruption", first, span),
        head("H2", "data_restoration", second),
        head("H3", None, 5),
    )


@given(policies(), _AMOUNTS, _AMOUNTS, st.lists(st.booleans(), min_size=5, max_size=5))
def test_a_payment_keeps_within_limit_and_adds_up(
    asked: InsurancePolicy, first: Decimal, second: Decimal, held: list[bool]
) -> None:
    """Never above the limit, never negative; insurer, others and insured bear the loss exactly."""
    holds = dict(zip(_KINDS, held, strict=True))
    before = Decimal(0)
    for end in ENDS:
        paid = settle(asked, _loss(first, second), holds, end, START)
        assert 0 <= paid.insurer <= asked.limit
        assert min(paid.others, paid.insured) >= 0
        assert paid.insurer + paid.others + paid.insured == paid.loss
        assert paid.insurer >= before, "a greater loss is never paid less"
        before = paid.insurer


@given(policies(), *[_AMOUNTS] * 3, st.lists(st.booleans(), min_size=5, max_size=5))
def test_more_loss_under_one_head_is_never_paid_less(
    asked: InsurancePolicy, first: Decimal, second: Decimal, more: Decimal, held: list[bool]
) -> None:
    """Whichever head it falls under, with the other one as it was."""
    holds = dict(zip(_KINDS, held, strict=True))

    def pay(one: Decimal, other: Decimal) -> Decimal:
        return settle(asked, _loss(one, other), holds, "likely", START).insurer

    before = pay(first, second)
    assert pay(first + more, second) >= before
    assert pay(first, second + more) >= before


@given(st.lists(_AMOUNTS, min_size=6, max_size=6), st.integers(0, 100))
def test_retention_comes_first_then_coinsurance_then_the_limits_and_agreements_add_up(
    amounts: list[Decimal], percent: int
) -> None:
    """Beside a twin in whole cents: each agreement by itself, their sum, and what bounds it."""
    loss, other, retention, limit, sublimit, whole = amounts
    terms = Terms(limit=limit, retention=retention, coinsurance=Decimal(percent) / 100)
    asked = policy(
        agreement("A", "data_restoration", terms),
        agreement("B", "response_cost", Terms(retention=retention)),
        Clause("S", "sublimit", "s", "t", ALWAYS, sublimit=sublimit, applies_to=("A",)),
        limit=whole,
    )
    heads = (head("H1", "data_restoration", loss), head("H2", "response_cost", other))
    paid = settle(asked, heads, {"A": True, "B": True, "S": True}, "likely")
    cents = [int(amount * 100) for amount in amounts]
    above = max(0, cents[0] - cents[2])
    borne = (above * percent + 50) // 100
    first = min(above - borne, cents[3], cents[4])
    second = max(0, cents[1] - cents[2])
    assert int(paid.insurer * 100) == min(first + second, cents[5])


@given(policies(), _AMOUNTS, _AMOUNTS, st.sets(st.sampled_from(_KINDS)))
def test_the_bounds_are_those_over_every_way_to_settle(
    asked: InsurancePolicy, first: Decimal, second: Decimal, unsettled: set[str]
) -> None:
    """The two ends found at two answers are the least and the most of all 2^k, tried one by one."""
    heads = _loss(first, second)
    findings = tuple(
        ClauseFinding(name, Answer(OPEN if name in unsettled else "met", "because"))
        for name in _KINDS
    )
    ways = Ways(asked, heads, findings, START)
    names = ways.open
    every = [
        ways.pay(dict(zip(names, answers, strict=True)))
        for answers in product((True, False), repeat=len(names))
    ]
    worst, best = ways.ends
    assert worst[0].insurer == min(paid[0].insurer for paid in every)
    assert best[2].insurer == max(paid[2].insurer for paid in every)
    listed = {way.insurer for way in ways.list()}
    if len(ways.deciding) <= 4:
        assert {tuple(p.insurer for p in paid) for paid in every} == {
            (amount.low, amount.likely, amount.high) for amount in listed
        }


def test_ways_that_pay_the_same_are_told_as_one_and_what_bears_on_nothing_not_at_all() -> None:
    """Excluded, it does not matter whether the condition was complied with."""
    asked = policy(
        agreement("A", "data_restoration"),
        agreement("B", "regulatory"),
        Clause("X", "exclusion", "x", "t", ALWAYS),
        Clause("C", "condition", "c", "t", ALWAYS, reduces_to=Decimal("0.5")),
    )
    status = {"A": "met", "B": OPEN, "X": OPEN, "C": OPEN}
    findings = tuple(ClauseFinding(name, Answer(said, "b")) for name, said in status.items())
    ways = Ways(asked, (head("H", "data_restoration", 100),), findings, None)
    assert ways.deciding == ("X", "C")
    told = [(dict(way.settled), way.insurer.likely) for way in ways.list()]
    assert told == [
        ({"X": True, "C": None}, Decimal(0)),
        ({"X": False, "C": True}, Decimal(100)),
        ({"X": False, "C": False}, Decimal(50)),
    ]


def test_an_exclusion_without_any_record_is_assumed_not_to_bite_and_named() -> None:
    asked = policy(agreement("A", "data_restoration"), Clause("X", "exclusion", "x", "t", ALWAYS))
    findings = (
        ClauseFinding("A", Answer("met", "b")),
        ClauseFinding("X", Answer(OPEN, "b", unshown=True)),
    )
    ways = Ways(asked, (head("H", "data_restoration", 100),), findings, None)
    assert (ways.assumed, ways.deciding) == (("X",), ())
    assert [way.insurer.likely for way in ways.list()] == [100]
