"""A case's harm as a claim: who claims, who answers for the agent, and how far amounts range."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from attribution.errors import ManifestError
from attribution.model.actor import Party
from attribution.model.interval import EXCLUDED, Interval
from attribution.model.result import Attribution, PartyShare
from attribution.regimes.apportioning import Apportionment, apportion
from tests.unit.graph.recorded import BASE, WHOLE

PARTIES = (*BASE.parties, Party("users", "The users", "affected"))
HARM = replace(WHOLE, low=Decimal(800), point=Decimal(1000), high=Decimal(1200))
CASE = replace(BASE, parties=PARTIES, harms=(HARM,))


def share(name: str, low: float, point: float, high: float) -> PartyShare:
    """Return a party's share."""
    role = {party.id: party.role for party in PARTIES}[name]
    return PartyShare(name, name, role, Interval(low, point, high), point, EXCLUDED, 0.0, ())


SHARES = Attribution(
    CASE.id,
    (
        share("maker", 0.1, 0.2, 0.3),
        share("team", 0.3, 0.5, 0.6),
        share("house", 0.2, 0.3, 0.5),
        share("users", 0.0, 0.0, 0.0),
    ),
    Interval(0.0, 0.1, 0.2),
    (),
    {},
    {},
)


def found(*regimes: str, **options: object) -> Apportionment:
    """Return the apportionment of the case."""
    return apportion(CASE, SHARES, regimes or ("several",), **options)  # type: ignore[arg-type]


def test_the_agents_share_goes_to_whoever_put_it_to_use() -> None:
    """Nobody is declared to answer for it: the deployer does, and the reason stands beside it."""
    result = found()
    assert result.claimant == "users"
    [roll_up] = result.roll_ups
    assert (roll_up.party, roll_up.to) == ("maker", "team")
    assert "Moffatt" in roll_up.why
    owed = result.results[0].outcome.owed
    assert owed == {"house": Decimal("270.00"), "team": Decimal("630.00")}
    assert result.results[0].outcome.borne_by_plaintiff == Decimal("100.00")


def test_another_may_be_named_to_answer_for_it() -> None:
    """The share then goes there."""
    owed = found(answers_for_agent="house").results[0].outcome.owed
    assert owed == {"house": Decimal("450.00"), "team": Decimal("450.00")}


def test_a_claimant_with_a_share_bears_it() -> None:
    """The organisation claims: its own part reduces its claim, and may bar it."""
    result = found("several", "us-al", claimant="house")
    assert result.results[0].outcome.owed["team"] == Decimal("630.00")
    assert result.results[1].outcome.barred


def test_ranges_hold_the_point_and_follow_shares_and_harm() -> None:
    """The lowest is the low share of the low amount, the highest the high of the high."""
    low, high = found(answers_for_agent="house").results[0].ranges["team"]
    assert (low, high) == (Decimal("216.00"), Decimal("648.00"))


def test_a_threshold_within_the_range_is_told() -> None:
    """The team's 50 % reaches the threshold at some of its range: the rule turns on it."""
    turning = found("threshold", answers_for_agent="house").results[0].turning
    assert "team" in {flip.of for flip in turning}


def test_a_regime_that_asks_a_question_is_named_beside_the_others() -> None:
    """Side by side it is listed with what it asks; nothing is guessed."""
    result = found("several", "us-sd", claimant="house")
    assert [one.outcome.regime for one in result.results] == ["several"]
    assert "slight" in result.unanswered["us-sd"]
    assert any(line.startswith("us-sd:") for line in result.table())


def test_it_must_be_clear_who_claims_and_in_which_currency() -> None:
    """Without an affected party somebody is named; two currencies make no one amount."""
    with pytest.raises(ManifestError, match="who claims"):
        apportion(replace(CASE, parties=BASE.parties), SHARES, ("several",))
    other = replace(HARM, id="H2", currency="EUR")
    with pytest.raises(ManifestError, match="no one amount"):
        apportion(replace(CASE, harms=(HARM, other)), SHARES, ("several",))
