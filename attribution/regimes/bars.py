"""Whether the claimant's own part bars the claim, of which damage and against whom."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from attribution.errors import InputError
from attribution.regimes.claim import ClaimInput
from attribution.regimes.law import LawVersion

HALF: Final = Fraction(1, 2)

SAYS: Final = {
    "pure": "the claimant's own part reduces the claim and never bars it",
    "mod50": "barred if the claimant's own part is 50 % or more",
    "mod51": "barred if the claimant's own part is more than 50 %",
    "contributory": "any part of the claimant bars the claim",
    "slight-gross": "barred if the claimant's own part is more than slight beside the defendants'",
    "pure_economic": "economic damage: never barred; other damage: barred above 50 %",
    "just_and_equitable": "the claim is reduced by what is just; no figure bars by itself",
    "contract": "the claimant's own part reduces what the other's breach caused",
}
"""Each rule for the claimant's own part in words."""


def is_barred(
    rule: str,
    claim: ClaimInput,
    kind: str,
    part: Fraction,
    other: Fraction,
    *,
    bars_from: Fraction | None = None,
) -> bool:
    """Return whether damage of a kind is barred, the claimant's part being held against `other`.

    `other` is the share of one defendant where each is looked at by itself, else all the rest;
    `bars_from` the part from which on a text bars in so many words, None where it has none.
    Raises InputError where the rule asks for a judgement that nobody has given.
    """
    if bars_from is not None:
        return part >= bars_from
    match rule:
        case "mod50":
            barred = part >= other
        case "mod51":
            barred = part > other
        case "pure_economic":
            barred = kind == "noneconomic" and part > other
        case "contributory":
            barred = part > 0
        case "slight-gross":
            barred = part > 0 and not _is_slight(claim)
        case _:
            barred = False
    return barred


def say_rule(rule: str, version: LawVersion) -> str:
    """Return a rule in words, with the figure that the law's own text has for it."""
    if version.barred_from is None or rule != version.plaintiff:
        return SAYS[rule]
    return f"barred if the claimant's own part is {float(version.barred_from) * 100:g} % or more"


def _is_slight(claim: ClaimInput) -> bool:
    if claim.plaintiff_fault_slight is None:
        raise InputError(
            "this rule turns on whether the claimant's own part was slight",
            file=claim.file,
            place="/plaintiff_fault_slight",
            got="no answer",
            expected="true or false: a person's judgement, not a figure",
            remedy="give plaintiff_fault_slight, or ask another regime",
        )
    return claim.plaintiff_fault_slight


def bar_at(rule: str) -> Fraction | None:
    """Return the claimant's part at which a rule turns, None where no figure does it."""
    return {"mod50": HALF, "mod51": HALF, "pure_economic": HALF, "contributory": Fraction(0)}.get(
        rule
    )
