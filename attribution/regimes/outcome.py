"""What a regime makes of a claim: who owes what, with every step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final

from attribution.model.record import JsonValue

ROUNDING = (
    "Amounts are computed exactly and rounded to the cent, half up, at the end; what rounding"
    " leaves over goes to the largest amount."
)
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the computation: the rule applied, its source, and what came of it."""

    rule: str
    source: str
    verified_on: str | None
    confidence: str
    result: str

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the step by field."""
        return {
            "rule": self.rule,
            "source": self.source,
            "verified_on": self.verified_on,
            "confidence": self.confidence,
            "result": self.result,
        }


@dataclass(frozen=True, slots=True)
class Contribution:
    """A claim among parties: `claimant` bears `amount` that is `against`'s own."""

    claimant: str
    against: str
    amount: Decimal
    why: str

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the claim by field."""
        return {
            "claimant": self.claimant,
            "against": self.against,
            "amount": str(self.amount),
            "why": self.why,
        }


BORNE: Final[Mapping[str, str]] = {
    "own_part": "its own part",
    "unattributed": "what no party's breach made a difference to",
    "barred": "what is barred",
    "not_counted": "the whole, as nobody whose share counts is left",
    "contract": "what contracts take off",
    "nonparties": "parts of who is not before the court or out of reach",
    "uncollectible": "what cannot be collected",
    "settlements": "settlements: what they leave open, less what they paid beyond a part",
}
"""Why the claimant bears what it bears, in words."""


@dataclass(frozen=True, slots=True)
class Flip:
    """A share at which a rule turns: of whom, at what value, what it is now, what turns.

    `at` and `now` are the share as the regime counts it. `given_at` is the same in the terms of
    the shares as they were given, of what can be recovered at all, the others' in proportion: the
    two differ where a party that has a share is not counted. `part` is the part of the harm.
    """

    of: str
    at: float
    now: float
    what: str
    given_at: Fraction
    part: str = ""

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the flip by field."""
        return {
            "of": self.of,
            "at": self.at,
            "now": self.now,
            "what": self.what,
            "given_at": float(self.given_at),
            "given_at_exact": str(self.given_at),
            "part": self.part or None,
        }


@dataclass(frozen=True, slots=True)
class Outcome:
    """Who owes what under a regime.

    `owed` is what each party bears in the end, punitive damages included; `exposure` the most the
    claimant can collect from it; `joint` who can be made to pay for others. `recoverable` is the
    judgment after bars, settlements and contract, before what cannot be collected. `borne_for`
    says why the claimant bears what it bears, by keys of `BORNE`. Open `questions` make all of it
    conditional.
    """

    regime: str
    currency: str
    barred: bool
    recoverable: Decimal
    owed: Mapping[str, Decimal]
    exposure: Mapping[str, Decimal]
    borne_by_plaintiff: Decimal
    contribution: tuple[Contribution, ...]
    flips: tuple[Flip, ...]
    steps: tuple[Step, ...]
    notices: tuple[str, ...]
    questions: tuple[str, ...]
    borne_for: Mapping[str, Decimal] = field(default_factory=dict)
    joint: frozenset[str] = frozenset()

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the document of `attribution regime --json`; money as decimal strings."""
        return {
            "regime": self.regime,
            "currency": self.currency,
            "barred": self.barred,
            "recoverable": str(self.recoverable),
            "owed": {name: str(amount) for name, amount in self.owed.items()},
            "exposure": {name: str(amount) for name, amount in self.exposure.items()},
            "borne_by_plaintiff": str(self.borne_by_plaintiff),
            "borne_for": {why: str(amount) for why, amount in self.borne_for.items()},
            "joint": [*sorted(self.joint)],
            "contribution": [item.to_dict() for item in self.contribution],
            "flips": [item.to_dict() for item in self.flips],
            "steps": [step.to_dict() for step in self.steps],
            "notices": list(self.notices),
            "questions": list(self.questions),
            "conditional": bool(self.questions),
        }


def to_cents(amount: Fraction) -> Decimal:
    """Return an exact amount rounded to the cent, half up."""
    exact = Decimal(amount.numerator) / Decimal(amount.denominator)
    return exact.quantize(_CENT, ROUND_HALF_UP)


def round_parts(parts: Mapping[str, Fraction]) -> dict[str, Decimal]:
    """Return parts rounded so that they add up to their rounded sum; see `ROUNDING`.

    Ties for the largest go to the first name.
    """
    rounded = {name: to_cents(part) for name, part in parts.items()}
    residue = to_cents(sum(parts.values(), Fraction(0))) - sum(rounded.values(), Decimal(0))
    if residue and parts:
        largest = min(parts, key=lambda name: (-parts[name], name))
        rounded[largest] += residue
    return rounded


def say_money(amount: Fraction, currency: str) -> str:
    """Return an amount in words, such as `USD 60,000.00`."""
    return f"{currency} {to_cents(amount):,}"


def say_names(names: Sequence[str]) -> str:
    """Return names as a list in words."""
    if len(names) < 2:  # noqa: PLR2004 - one name needs no joining
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
