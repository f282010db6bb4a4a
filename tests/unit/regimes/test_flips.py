"""The share at which a rule turns is where it turns: held against trying every share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from attribution.regimes.claim import CLAIMANT, ClaimInput
from attribution.regimes.claim_file import read_claim
from attribution.regimes.law import load_law
from attribution.regimes.liability import assess
from attribution.regimes.outcome import Outcome

REGIMES = ("us-ar", "us-tx", "us-ny", "us-wi", "ucfa", "threshold", "joint-reallocation", "us-ar")
NAMES = ("a", "b", "c")
GRID = 11
NEAR = Fraction(1, 10**7)


def with_share(claim: ClaimInput, name: str, value: Fraction) -> ClaimInput:
    """Return the claim with one share at a value, the others in proportion."""
    shares = {**claim.shares, CLAIMANT: claim.plaintiff_share}
    rest = 1 - shares[name]
    moved = {
        one: value if one == name else share * (1 - value) / rest for one, share in shares.items()
    }
    part = moved.pop(CLAIMANT)
    return replace(claim, shares=moved, plaintiff_share=part)


def turned(outcome: Outcome, name: str, what: str) -> bool:
    """Return the side of a rule on which an outcome lies."""
    if name != CLAIMANT:
        return name in outcome.joint
    against = what.partition("held against ")[2].partition(" ")[0]
    return outcome.exposure.get(against) == 0 if against else outcome.barred


@st.composite
def claims(draw: st.DrawFn) -> tuple[str, ClaimInput]:
    """Draw a claim in which everybody has a share, and a regime with a bar or threshold."""
    weights = [draw(st.integers(1, 12)) for _ in (*NAMES, CLAIMANT)]
    parts = [str(Fraction(weight, sum(weights))) for weight in weights]
    document: Mapping[str, object] = {
        "damages": {"economic": 1000, "noneconomic": 500},
        "shares": dict(zip(NAMES, parts, strict=False)),
        "plaintiff_share": parts[-1],
        "event_date": "2027-01-01",
        draw(st.sampled_from(("nonparties", "no_duty", "not_proximate"))): ["c"],
    }
    return draw(st.sampled_from(REGIMES)), read_claim(document, "claim.json")


@settings(max_examples=15)
@given(claims())
def test_a_rule_turns_at_the_share_given_and_nowhere_else(case: tuple[str, ClaimInput]) -> None:
    """On a grid of all shares the side changes once, across the share that the flip names."""
    regime, claim = case
    law = load_law(regime)
    for flip in assess(law, claim).flips:
        if flip.of in (claim.no_duty | claim.not_proximate) or flip.what.endswith("c alone"):
            continue

        def side(value: Fraction, name: str = flip.of, what: str = flip.what) -> bool:
            return turned(assess(law, with_share(claim, name, value)), name, what)

        grid = [Fraction(n, GRID) for n in range(1, GRID)]
        changes = [(low, high) for low, high in pairwise(grid) if side(low) != side(high)]
        if "held against" not in flip.what and 0 < flip.given_at < 1:
            assert side(flip.given_at - NEAR) != side(flip.given_at + NEAR)
        if grid[0] < flip.given_at < grid[-1] and changes:
            [(low, high)] = changes
            assert low <= flip.given_at <= high
