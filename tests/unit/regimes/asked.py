"""Claims as tests ask them, by the names of the JSON document."""

from __future__ import annotations

from decimal import Decimal

from attribution.regimes.claim_file import read_claim
from attribution.regimes.law import load_law
from attribution.regimes.liability import assess
from attribution.regimes.outcome import Outcome


def ask(regime: str, **document: object) -> Outcome:
    """Return what a regime makes of a claim."""
    return assess(load_law(regime), read_claim(document, "claim.json"))


def owed(outcome: Outcome) -> dict[str, Decimal]:
    """Return what each owes, and the claimant's part under `claimant`."""
    return {**outcome.owed, "claimant": outcome.borne_by_plaintiff}


def money(**amounts: str) -> dict[str, Decimal]:
    """Return amounts as decimals."""
    return {name: Decimal(amount) for name, amount in amounts.items()}
