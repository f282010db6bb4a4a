"""A case's harm as a claim: who claims, who answers for the agent, and how far amounts range."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attribution.cli.side_by_side import tell_side_by_side
from attribution.errors import ManifestError
from attribution.model.actor import Party
from attribution.model.comparison import Crux
from attribution.model.interval import EXCLUDED, Interval
from attribution.model.liability import (
    CarveOut,
    ClaimantClass,
    ClassBar,
    ContractTerms,
    Entry,
    Liability,
    Settlement,
)
from attribution.model.manifest import Manifest
from attribution.model.result import Attribution, PartyShare
from attribution.regimes.apportioning import Apportionment, apportion
from attribution.regimes.ranging import balance
from attribution.regimes.totals import add_up
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


def found(*regimes: str, manifest: Manifest = CASE, **options: Any) -> Apportionment:
    """Return the apportionment of the case."""
    [one] = apportion(manifest, SHARES, regimes or ("several",), **options)
    return one


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


def test_a_share_goes_on_to_the_last_of_those_who_answer() -> None:
    """The agent's goes through the team to the house, and the team's goes there too."""
    answered = {"maker": "team", "team": "house"}
    parties = tuple(replace(one, answered_for_by=answered.get(one.id)) for one in PARTIES)
    result = found(manifest=replace(CASE, parties=parties))
    assert [(one.party, one.to) for one in result.roll_ups] == [
        ("maker", "house"),
        ("team", "house"),
    ]
    assert "section 13" in result.roll_ups[1].why
    assert result.results[0].outcome.owed == {"house": Decimal("900.00")}


def test_what_a_claimant_answers_for_is_its_own_part() -> None:
    """The team's share reduces the claim of the house whose team it is."""
    parties = tuple(
        replace(one, answered_for_by="house" if one.id == "team" else "users" * (one.id == "maker"))
        if one.id in {"team", "maker"}
        else one
        for one in PARTIES
    )
    result = found(manifest=replace(CASE, parties=parties), claimant="house")
    assert "section 5" in next(one.why for one in result.roll_ups if one.party == "team")
    assert result.results[0].outcome.owed == {"users": Decimal("180.00")}


def test_a_circle_of_those_who_answer_is_refused() -> None:
    """Nobody would bear the share."""
    answered = {"maker": "team", "team": "house", "house": "team"}
    parties = tuple(replace(one, answered_for_by=answered.get(one.id)) for one in PARTIES)
    with pytest.raises(ManifestError, match="who answers for maker"):
        found(manifest=replace(CASE, parties=parties))


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
    """30 % of 80 % of 800 at the least, 60 % of all of 1,200 at the most."""
    low, high = found(answers_for_agent="house").results[0].ranges["team"]
    assert (low, high) == (Decimal("192.00"), Decimal("720.00"))


def test_a_threshold_within_the_range_is_told() -> None:
    """The team's 50 % reaches the threshold at some of its range: the rule turns on it."""
    turning = found("threshold", answers_for_agent="house").results[0].turning
    assert "team" in {point.of for point in turning if point.within}


def test_a_regime_that_asks_a_question_is_named_beside_the_others() -> None:
    """Side by side it is listed with what it asks; nothing is guessed."""
    result = found("several", "us-sd", claimant="house")
    assert [one.outcome.regime for one in result.results] == ["several"]
    assert "slight" in result.unanswered["us-sd"]
    assert any(line.startswith("us-sd:") for line in tell_side_by_side(result))


def test_it_must_be_clear_who_claims_and_in_which_currency() -> None:
    """Without an affected party somebody is named; two currencies make no one amount."""
    with pytest.raises(ManifestError, match="who claims"):
        apportion(replace(CASE, parties=BASE.parties), SHARES, ("several",))
    other = replace(HARM, id="H2", currency="EUR")
    with pytest.raises(ManifestError, match="no one amount"):
        apportion(replace(CASE, harms=(HARM, other)), SHARES, ("several",))


def test_a_case_declares_settlements_contracts_and_who_cannot_pay() -> None:
    """The house settled for 100, the team's contract caps it at 200 unless a carve-out applies."""
    cap = ContractTerms("team", "Contract 9", cap=Decimal(200), carve_outs=(CarveOut("fraud"),))
    liability = Liability(
        settlements=(Settlement("house", Decimal(100)),),
        contracts=(cap,),
        uncollectible=(Entry("users-bank", "none"),),
    )
    with pytest.raises(ManifestError, match="owes nothing itself"):
        found(manifest=replace(CASE, liability=liability))
    liability = replace(liability, uncollectible=())
    result = found("contract", manifest=replace(CASE, liability=liability)).results[0]
    assert result.outcome.owed == {"team": Decimal("200.00")}
    [question] = result.outcome.questions
    assert "fraud" in question
    applies = replace(cap, carve_outs=(CarveOut("fraud", applies=True, because="shown"),))
    freed = replace(liability, contracts=(applies,))
    assert found("contract", manifest=replace(CASE, liability=freed)).results[0].outcome.owed == {
        "team": Decimal("630.00")
    }
    extra = {"caps": {"team": 50}}
    given = found("contract", manifest=replace(CASE, liability=liability), extra=extra)
    assert given.results[0].outcome.owed == {"team": Decimal("50.00")}


def test_shares_differ_by_class_of_claimants() -> None:
    """Half the harm each; one class was owed nothing by the house, so the team owes it all."""
    classes = (
        ClaimantClass("in", "users", portion=Fraction(1, 2)),
        ClaimantClass(
            "out", "users", portion=Fraction(1, 2), bars=(ClassBar("house", "no_duty", "law"),)
        ),
    )
    both = apportion(
        replace(CASE, liability=Liability(classes=classes)), SHARES, ("several", "joint")
    )
    owed = [one.results[0].outcome.owed for one in both]
    assert owed[0] == {"house": Decimal("135.00"), "team": Decimal("315.00")}
    assert owed[1] == {"house": Decimal(0), "team": Decimal("450.00")}
    assert add_up(both)[0].owed == {"house": Decimal("135.00"), "team": Decimal("765.00")}
    with pytest.raises(ManifestError, match="which class"):
        apportion(
            replace(
                CASE,
                liability=Liability(
                    classes=classes, settlements=(Settlement("house", Decimal(1)),)
                ),
            ),
            SHARES,
            ("several",),
        )


def test_a_contested_claim_that_turns_a_threshold_is_named() -> None:
    """Settled as true, the claim takes the team below the threshold of 50 %."""
    shares = {"maker": 0.1, "team": 0.3, "house": 0.6, "users": 0.0}
    crux = Crux("C1", "The house knew.", "n", shares, None, {}, 0.3)
    case = replace(SHARES, cruxes=(crux,))
    [result] = apportion(CASE, case, ("threshold",))
    facts = {(one.of, one.settled, one.what) for one in result.results[0].facts}
    assert facts == {
        ("C1", "true", "house is liable jointly; team is liable for its own part alone")
    }


@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=4
    ),
    st.integers(0, 10),
)
def test_shares_at_an_end_add_up_and_stay_within_their_ranges(
    rows: list[tuple[int, int, int]], tenth: int
) -> None:
    """Where some shares within all ranges add up to 1 with one at a value, such are found."""
    whole = sum(row[1] for row in rows) or 1
    points = {str(n): Fraction(row[1], whole) for n, row in enumerate(rows)}
    bounds = {
        name: (point * Fraction(9 - row[0], 9), point + (1 - point) * Fraction(row[2], 9))
        for (name, point), row in zip(points.items(), rows, strict=True)
    }
    low, high = bounds["0"]
    value = low + (high - low) * Fraction(tenth, 10)
    found_shares = balance(points, bounds, "0", value)
    others = [name for name in points if name != "0"]
    feasible = (
        sum(bounds[name][0] for name in others)
        <= 1 - value
        <= sum(bounds[name][1] for name in others)
    )
    if feasible:
        assert sum(found_shares.values()) == 1
        assert all(bounds[name][0] <= found_shares[name] <= bounds[name][1] for name in others)
