"""What `attribution potency` answers: shares with ranges, potency, breaches, other rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

_DIGITS = 12
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share in [0, 1]: exact at the point credences, with its extremes over all ranges."""

    low: float
    point: Fraction
    high: float

    @classmethod
    def around(cls, low: float, point: Fraction, high: float) -> Estimate:
        """Return the estimate with extremes rounded to 12 digits and never inside the point."""
        value = float(point)
        ends = [
            value if abs(end - value) < _ROUNDING else round(end, _DIGITS) + 0.0  # no -0
            for end in (low, high)
        ]
        return cls(min(ends[0], value), point, max(ends[1], value))

    def to_dict(self) -> dict[str, float]:
        """Return low, point and high as numbers."""
        return {"low": self.low, "point": float(self.point), "high": self.high}


@dataclass(frozen=True, slots=True)
class Settled:
    """The parties' shares and the unattributed part at the points, with some facts settled."""

    shares: Mapping[str, Fraction]
    unattributed: Fraction

    def to_dict(self) -> dict[str, Any]:
        """Return the values as numbers."""
        return {
            "shares": {party: float(share) for party, share in self.shares.items()},
            "unattributed": float(self.unattributed),
        }


@dataclass(frozen=True, slots=True)
class Necessity:
    """Plain but-for: the probability, given what is known, that compliance alone averts the harm.

    The mean over harms by amount. Unlike potency it holds nothing else as it was.
    """

    parties: Mapping[str, Fraction]
    breaches: Mapping[str, Fraction]

    def marked(self) -> tuple[str, ...]:
        """Return the parties past the balance of probabilities (more than 1/2)."""
        return tuple(name for name, value in self.parties.items() if value > Fraction(1, 2))


@dataclass(frozen=True, slots=True)
class Method:
    """How a result was computed.

    `how` says how the worlds were gone through and `ranges` how the extremes were found, in words;
    `cells` is the number of classes of worlds alike. Where worlds were sampled, `samples` of them
    were drawn with `seed`, and `standard_errors` are those of the parties' shares;
    `error_of_unattributed` is that of the unattributed part, and `effective_samples` how many
    worlds drawn from the credences themselves would be as good.
    """

    how: str
    ranges: str
    cells: int
    seed: int | None = None
    samples: int | None = None
    standard_errors: Mapping[str, float] | None = None
    error_of_unattributed: float | None = None
    effective_samples: float | None = None

    @property
    def exact(self) -> bool:
        """Return whether the points are exact."""
        return self.samples is None

    def to_dict(self) -> dict[str, Any]:
        """Return the method as JSON values."""
        document: dict[str, Any] = {"how": self.how, "ranges": self.ranges, "cells": self.cells}
        if self.standard_errors is not None:
            document |= {
                "seed": self.seed,
                "samples": self.samples,
                "effective_samples": self.effective_samples,
                "standard_errors": dict(self.standard_errors),
                "standard_error_unattributed": self.error_of_unattributed,
            }
        return document


@dataclass(frozen=True, slots=True)
class PotencyResult:
    """Shares of the parties and what they are made of, in exact fractions at the point credences.

    `potency` and `breaches` each sum with `unattributed.point` to 1; `coalitions` maps party
    names, sorted and joined by commas, to v; `other_rules` are normalised to 1 over the parties.
    `probability` is that of the evidence beforehand (None where worlds were sampled), `facts` the
    uncertain facts gone through.

    `sufficiency`, where asked for, is the probability that a party's breaches would bring the harm
    about in a world in which they are absent and it does not happen (Pearl 2000, def. 9.2.2; Tian
    and Pearl 2000), the mean over harms by amount; None for a party without whose breaches the harm
    would always have happened.
    """

    shares: Mapping[str, Estimate]
    potency: Mapping[str, Fraction]
    breaches: Mapping[str, Fraction]
    unattributed: Estimate
    coalitions: Mapping[str, Fraction]
    other_rules: Mapping[str, Mapping[str, Fraction]]
    necessity: Necessity
    probability: Fraction | None
    facts: tuple[str, ...]
    method: Method
    sufficiency: Mapping[str, Fraction | None] | None = None

    @property
    def exact(self) -> bool:
        """Return whether the points are exact."""
        return self.method.exact

    def to_dict(self) -> dict[str, Any]:
        """Return the document that `attribution potency --json` prints."""
        return {
            "shares": {name: share.to_dict() for name, share in self.shares.items()},
            "potency": _floats(self.potency),
            "breaches": _floats(self.breaches),
            "unattributed": self.unattributed.to_dict(),
            "v": _floats(self.coalitions),
            "exact": self.exact,
            "method": self.method.to_dict(),
            "necessity": _floats(self.necessity.parties),
            "sufficiency": self.sufficiency
            and {
                party: None if value is None else float(value)
                for party, value in self.sufficiency.items()
            },
            "more_likely_than_not_necessary": list(self.necessity.marked()),
            "other_rules": {rule: _floats(values) for rule, values in self.other_rules.items()},
        }


def _floats(values: Mapping[str, Fraction]) -> dict[str, float]:
    return {name: float(value) for name, value in values.items()}
