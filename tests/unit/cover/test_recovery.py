"""Recovery: from whom, how much, until when; and never from the insured."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attribution.cover.recovery import Claimant, divide, last_day, list_limitations, list_targets
from attribution.cover.tables import Period
from attribution.model.actor import Party
from attribution.model.interval import CERTAIN, Interval
from attribution.model.loss import Range
from attribution.model.manifest import ContractCap, InsuranceEntry, Manifest, RecoveryNotice
from attribution.model.period import Period as CasePeriod
from attribution.model.policy import Subrogation
from attribution.model.result import Attribution, PartyShare
from tests.unit.cover.builder import START, policy

PARTIES = (
    Party("bot", "The bot", "agent", answered_for_by="vendor"),
    Party("vendor", "The vendor", "vendor"),
    Party("team", "The team", "deployer"),
    Party("host", "The host", "third_party"),
)
MANIFEST = Manifest("c", "C", "liability", CasePeriod(None, None), parties=PARTIES)


def attribution() -> Attribution:
    shares = {
        "bot": Interval(0.1, 0.2, 0.3),
        "vendor": Interval(0.1, 0.2, 0.3),
        "team": Interval(0.3, 0.4, 0.5),
        "host": Interval(0.1, 0.2, 0.3),
    }
    parties = tuple(
        PartyShare(one.id, one.name, one.role, shares[one.id], 0.2, CERTAIN, 0.5, ())
        for one in PARTIES
    )
    return Attribution("c", parties, Interval(0.0, 0.1, 0.2), (), {}, {})


LOSS = Range(Decimal(80_000), Decimal(100_000), Decimal(120_000))


def test_targets_net_of_caps_without_the_insured_and_those_waived() -> None:
    """The agent's share goes to its vendor: 40 % of the 90 % attributed, capped at 30,000."""
    entry = InsuranceEntry(
        "p",
        ("team",),
        caps=(ContractCap("vendor", Decimal(30_000), "clause 12"),),
        put_on_notice=(RecoveryNotice("vendor", START),),
    )
    asked = replace(policy(), subrogation=Subrogation(("host",), "insurer_first"))
    least, most = Range.exactly(20_000), Range.exactly(60_000)
    claimant = Claimant(asked, entry, LOSS, least, most)
    vendor, team, host = list_targets(MANIFEST, attribution(), (), claimant)
    assert vendor.party == "vendor"
    assert [vendor.gross.likely, vendor.net.likely] == [36_000, 30_000]
    assert "The bot" in vendor.basis
    assert [vendor.to_insurer.likely, vendor.to_insurer.high] == [20_000, 30_000]
    assert "own insured" in team.barred
    assert "waives" in host.barred
    assert team.net.high == host.net.high == 0
    assert (vendor.noticed, host.noticed) == (START, None)
    assert not vendor.preserved, "no evidence is cited, so none is held"


def test_a_party_for_which_an_insured_answers_at_the_end_is_no_target() -> None:
    """The bot's user answers for it, the user's employer for the user; the employer is insured."""
    chain = {"bot": "vendor", "vendor": "host", "host": "team"}
    parties = tuple(replace(one, answered_for_by=chain.get(one.id)) for one in PARTIES)
    manifest = replace(MANIFEST, parties=parties)
    claimant = Claimant(policy(), InsuranceEntry("p", ("team",)), LOSS, LOSS, LOSS)
    (team,) = list_targets(manifest, attribution(), (), claimant)
    assert (team.party, "own insured" in team.barred) == ("team", True)
    ring = tuple(replace(one, answered_for_by="bot") for one in parties)
    assert list_targets(replace(manifest, parties=ring), attribution(), (), claimant)[0].barred


def test_what_goes_to_the_insurer_spans_every_answer_and_both_ends() -> None:
    """Low loss paid in full, likely loss hardly: the least part is not that of the low loss."""
    entry = InsuranceEntry("p", ("team",))
    loss = Range(Decimal(100), Decimal(1000), Decimal(1000))
    paid = Range(Decimal(100), Decimal(100), Decimal(100))
    claimant = Claimant(policy(), entry, loss, Range.exactly(0), paid)
    vendor = list_targets(MANIFEST, attribution(), (), claimant)[0].to_insurer
    assert [vendor.low, vendor.high] == [0, Decimal("16.00")]


@given(
    st.sampled_from(("insured_first", "pro_rata", "insurer_first")),
    *[st.integers(0, 10**8).map(lambda cents: Decimal(cents) / 100)] * 3,
)
def test_an_insurer_never_gets_more_than_it_paid_or_than_there_is(
    order: str, recovered: Decimal, loss: Decimal, paid: Decimal
) -> None:
    """Whatever the order, and however little of the loss it bore."""
    recovered = min(recovered, loss)
    part = divide(order, recovered, loss, paid)
    assert 0 <= part <= min(paid, loss)
    assert part <= recovered


def test_the_insured_is_made_whole_first_unless_the_policy_says_otherwise() -> None:
    """Of 100 the insurer paid 60; 50 come back: 10, 30 or 50 are the insurer's."""
    hundred, fifty, sixty = Decimal(100), Decimal(50), Decimal(60)
    assert divide("insured_first", fifty, hundred, sixty) == 10
    assert divide("pro_rata", fifty, hundred, sixty) == 30
    assert divide("insurer_first", fifty, hundred, sixty) == 50


@pytest.mark.parametrize(
    ("years", "starts", "day", "last"),
    [
        (3, "harm", date(2026, 3, 10), date(2029, 3, 10)),
        (3, "harm", date(2024, 2, 29), date(2027, 2, 28)),
        (3, "year_end", date(2026, 3, 10), date(2029, 12, 31)),
        (4, "knowledge", date(2024, 2, 29), date(2028, 2, 29)),
    ],
)
def test_the_last_day_of_a_period(years: int, starts: str, day: date, last: date) -> None:
    """Whole years on the calendar, a day that a year lacks becomes the last of February."""
    assert last_day(Period("any", years, starts, "s"), day) == last


def test_a_period_whose_text_was_read_says_when_and_where() -> None:
    """Washington's six years for a written contract, from the day on which the harm began."""
    row = list_limitations(MANIFEST, InsuranceEntry("p", ("team",), law="us-wa"), START)[0]
    assert (row.last_day, row.verified_on) == (date(2032, 3, 10), date(2026, 11, 28))
    assert (row.confidence, "read at" in row.source) == ("medium", True)


def test_a_period_without_its_first_day_says_what_is_missing_and_none_is_verified() -> None:
    entry = InsuranceEntry("p", ("team",), law="eu-pld")
    (row,) = list_limitations(MANIFEST, entry, START)
    assert (row.last_day, row.missing, row.confidence) == (None, "first awareness", "unverified")
    assert list_limitations(MANIFEST, replace(entry, law="us-hi"), START) == ()
