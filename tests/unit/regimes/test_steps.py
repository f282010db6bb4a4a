"""The ten steps stand in their order, and each does what its name says."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from attribution.regimes.claim import Part
from attribution.regimes.claim_file import read_claim
from attribution.regimes.law import list_laws, load_law
from attribution.regimes.liability import assess
from tests.unit.regimes.asked import ask, money

PLAIN = {"damages": 100, "shares": {"a": 0.6, "b": 0.2}, "plaintiff_share": 0.2}


def test_every_regime_shows_ten_steps_in_their_order() -> None:
    """Whatever was done or not, the steps are numbered from 1 to 10 and then amounts rounded."""
    for regime in list_laws():
        found = ask(regime, **PLAIN, event_date="2027-01-01", plaintiff_fault_slight=True)
        numbers = [step.rule.partition(".")[0] for step in found.steps]
        assert list(dict.fromkeys(numbers)) == [*map(str, range(1, 11)), "Rounding"]
        assert numbers == sorted(numbers, key=lambda n: int(n) if n.isdigit() else 11)
        assert all(step.source and step.confidence for step in found.steps)


def test_who_owed_no_duty_drops_out_of_every_regime() -> None:
    """Without b the claimant has 20 of 80 and a 60 of 80."""
    for regime in ("several", "joint", "contract", "gb-eaw"):
        found = ask(regime, **PLAIN, no_duty=["b"])
        assert found.owed == money(a="75.00", b="0.00"), regime
        assert found.borne_by_plaintiff == Decimal("25.00")


def test_an_immune_party_counts_or_not_by_the_regimes_rule() -> None:
    """Several liability leaves b's fifth with the claimant; where only parties count it drops."""
    counts = ask("several", **PLAIN, immune=["b"])
    assert counts.owed == money(a="60.00")
    assert counts.borne_for == money(own_part="20.00", nonparties="20.00")
    joint = ask("joint", **PLAIN, immune=["b"])
    assert joint.owed == money(a="80.00")
    left_out = ask("ucfa", **PLAIN, immune=["b"])
    assert left_out.owed == money(a="75.00")
    assert left_out.borne_for == money(own_part="25.00")


def test_an_unknown_attacker_holds_a_share_that_nobody_pays() -> None:
    """68 and 32 % (New York 2005): several liability leaves the attackers' part unpaid."""
    claim = {"damages": 1000, "shares": {"owner": 0.68, "attackers": 0.32}}
    several = ask("several", **claim, nonparties=["attackers"])
    assert several.owed == money(owner="680.00")
    assert several.borne_for == money(nonparties="320.00")
    above_half = ask("threshold", **claim, nonparties=["attackers"])
    assert above_half.owed == money(owner="1000.00")


def test_each_part_of_the_harm_is_owed_by_those_who_caused_it() -> None:
    """Who made no difference to the second part is not liable for it, jointly or otherwise."""
    base = read_claim({"damages": 0, "shares": {"a": 0, "b": 0}}, "claim.json")
    parts = tuple(
        Part(name, name, {"economic": Fraction(amount)}, Fraction(0), {"a": share, "b": 1 - share})
        for name, amount, share in (("H1", 100, Fraction(1, 2)), ("H2", 40, Fraction(1)))
    )
    claim = replace(base, damages={"economic": Fraction(140)}, parts=parts)
    found = assess(load_law("joint"), claim)
    assert found.owed == money(a="90.00", b="50.00")
    assert found.exposure == money(a="140.00", b="100.00")
    excluded = assess(load_law("contract"), replace(claim, excluded_parts={"a": frozenset({"H2"})}))
    assert excluded.owed == money(a="50.00", b="50.00")
    assert excluded.borne_for == money(contract="40.00")


def test_an_indemnity_moves_what_is_borne_and_not_what_can_be_asked() -> None:
    """b bears up to 25 of a's 60 in the end; the claimant still asks a for all of it."""
    found = ask("several", **PLAIN, indemnities=[{"by": "b", "of": "a", "most": 25}])
    assert found.owed == money(a="35.00", b="45.00")
    assert found.exposure == money(a="60.00", b="20.00")
    [claim] = found.contribution
    assert (claim.claimant, claim.against, claim.amount) == ("a", "b", Decimal("25.00"))
    own = ask("several", **PLAIN, indemnities=[{"by": "claimant", "of": "a"}])
    assert own.owed == money(a="0.00", b="20.00")
    assert own.borne_for == money(own_part="20.00", contract="60.00")


def test_insurance_shows_who_pays_and_changes_nothing_of_who_owes() -> None:
    """Of 60, above a retention of 10 and up to 40, the policy pays 40."""
    found = ask("several", **PLAIN, insurance={"a": {"retention": 10, "limit": 40}})
    assert found.owed == ask("several", **PLAIN).owed
    [step] = [step for step in found.steps if step.rule.startswith("10.")]
    assert "pays USD 40.00" in step.result
    assert "bears USD 20.00" in step.result


def test_proximate_cause_takes_a_part_out_before_the_bar_is_asked() -> None:
    """40 of 100 is below half; without b, whose breach was no proximate cause, it is above."""
    claim = {"damages": 100, "shares": {"a": 0.3, "b": 0.3}, "plaintiff_share": 0.4}
    assert not ask("us-ar", **claim).barred
    barred = ask("us-ar", **claim, not_proximate=["b"])
    assert barred.barred
    assert barred.borne_by_plaintiff == 100
    free = ask("us-ar", **claim, plaintiff_not_proximate=True)
    assert free.owed == money(a="50.00", b="50.00")
