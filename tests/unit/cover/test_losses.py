"""The computed loss as a policy meets it: heads, a waiting period off once, what does not fit."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from attribution.cover.losses import Losses, take_losses
from attribution.cover.payment import settle
from attribution.cover.tables import load_loss_heads
from attribution.model.actor import Party
from attribution.model.loss import LossAssessment, LossFigure, LossHead, Overlap, Range
from attribution.model.manifest import Harm, InsuranceEntry, Manifest
from attribution.model.period import Period
from attribution.model.policy import HEADS, Clause, InsurancePolicy, Terms
from attribution.schema.loss import LOSS_HEADS
from tests.unit.cover.builder import START, agreement, policy

MANIFEST = Manifest(
    "c",
    "C",
    "liability",
    Period(None, None),
    parties=(Party("team", "The team", "deployer"), Party("host", "The host", "vendor")),
    harms=(Harm("H1", "Outage", "web", "USD", Decimal(1), Decimal(2), Decimal(3)),),
)
ENTRY = InsuranceEntry("p.yaml", ("team",))


def loss(waited: str | None = "8", **changes: object) -> LossAssessment:
    """Return 6,000 of interruption over 20 h with a waiting period off, and 400 of response."""
    off = None if waited is None else Range.exactly(Decimal(waited))
    heads = (
        _head("interruption_us", "6000", "us_amount", waiting_hours=off),
        _head("interruption_uk", "9000", "uk_amount", counted=False),
        _head("response", "400", "response_total"),
    )
    figures = (
        _figure("us_net_income", "interruption_us", "6000", evidence=("E1#line 2",)),
        _figure("us_amount", "interruption_us", "6000", formula="us_net_income", source="income"),
        _figure("response_total", "response", "400", formula="response_a", source="arithmetic"),
    )
    found = LossAssessment(
        currency="USD",
        borne_by="team",
        total=Range.exactly(6400),
        heads=heads,
        figures=figures,
        overlaps=(),
        missing={},
        notices=(),
        interruption_hours=Range.exactly(20),
    )
    return replace(found, **changes)  # type: ignore[arg-type]


def _head(name: str, amount: str, result: str, **changes: object) -> LossHead:
    value = Range.exactly(Decimal(amount))
    head = LossHead(name, name, True, "", value, Range.exactly(0), value, result)  # noqa: FBT003
    return replace(head, **changes)  # type: ignore[arg-type]


def _figure(name: str, head: str, amount: str, **changes: object) -> LossFigure:
    figure = LossFigure(name, head, name, "money", Range.exactly(Decimal(amount)))
    return replace(figure, **changes)  # type: ignore[arg-type]


def interruption(hours: str, waiting: str = "excluded") -> Clause:
    return agreement(
        "A1", "business_interruption", Terms(waiting_hours=Decimal(hours), waiting=waiting)
    )


def take(of: InsurancePolicy, found: LossAssessment, entry: InsuranceEntry = ENTRY) -> Losses:
    return take_losses(MANIFEST, of, entry, found, START)


def test_each_head_that_counts_comes_with_its_formula_source_and_evidence() -> None:
    losses = take(policy(interruption("8")), loss())
    first, second = losses.items
    assert (first.id, first.head) == ("interruption_us", "business_interruption")
    assert first.amount.likely == 6000
    assert first.source == "us_amount = us_net_income (source: income)"
    assert first.evidence == ("E1#line 2",)
    assert (second.id, second.head, second.start) == ("response", "response_cost", None)


@pytest.mark.parametrize(
    ("off", "asked", "waiting", "paid", "told"),
    [
        ("8", "8", "excluded", "6000.00", "is off already"),
        ("8", "14", "excluded", "3000.00", "beyond it is taken off here"),
        ("8", "4", "excluded", "6000.00", "the payment is too low"),
        ("8", "8", "qualifying", "6000.00", "the payment is too low"),
        ("0", "8", "excluded", "3600.00", ""),
        (None, "8", "excluded", "3600.00", ""),
    ],
)
def test_a_waiting_period_is_taken_off_once(
    off: str | None, asked: str, waiting: str, paid: str, told: str
) -> None:
    """What the loss has off already is not taken again; what the policy has beyond it is, evenly.

    Of 6,000 after 8 h, left over 12 h, a policy with 14 h takes 6 h more: half.
    """
    of = policy(interruption(asked, waiting))
    losses = take(of, loss(off))
    payment = settle(of, losses.items, {"A1": True}, "likely", START)
    assert payment.insurer == Decimal(paid)
    assert any(told in limit for limit in losses.limits)
    assert bool(told) == any("waiting period" in limit for limit in losses.limits)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"borne_by": "host"}, "borne by The host, which is not insured"),
        ({"currency": "EUR"}, "in EUR, the policy in USD"),
        ({"heads": ()}, "No head of the loss declared could be computed"),
    ],
)
def test_a_loss_that_is_not_the_policys_gives_way_to_the_harm_items(
    changes: dict[str, object], told: str
) -> None:
    losses = take(policy(interruption("8")), loss("8", **changes))
    assert [item.id for item in losses.items] == ["H1"]
    assert told in losses.doubts[0]


def test_what_makes_a_computed_loss_doubtful_is_told() -> None:
    """A head that could not be computed, and money that may stand under two heads."""
    overlap = Overlap(("interruption_us", "response"), "Both?", "open", "", Range.exactly(400))
    doubts = take(
        policy(interruption("8")),
        loss(missing={"regulatory": "no amount is given"}, overlaps=(overlap,)),
    ).doubts
    assert "regulatory. no amount is given" in doubts[0]
    assert "1 pair of heads" in doubts[1]
    assert "USD 400.00" in doubts[1]
    answered = replace(overlap, state="said_distinct")
    assert take(policy(interruption("8")), loss(overlaps=(answered,))).doubts == ()


def test_every_computed_head_has_a_head_of_loss_and_a_case_may_say_another() -> None:
    assert set(load_loss_heads()) == set(LOSS_HEADS)
    assert set(load_loss_heads().values()) <= set(HEADS)
    entry = replace(ENTRY, heads={"response": "extra_expense"})
    assert take(policy(interruption("8")), loss(), entry).items[1].head == "extra_expense"
