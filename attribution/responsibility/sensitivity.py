"""How far each number that was put in moves the shares: alone, and in pairs of claims."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import Any

from attribution.errors import ImpossibleError
from attribution.responsibility.averted import uncertain_facts
from attribution.responsibility.model import Interval, PotencyModel
from attribution.responsibility.positions import Facts, pin
from attribution.responsibility.potency import Assessor
from attribution.responsibility.result import Settled

MAX_PAIRED = 12
"""Up to this many claims all pairs are gone through; of more, those of the largest swing."""

NOTABLE = Fraction(1, 20)
"""By how much two claims settled together must move a share further than either alone."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a tornado diagram: the point shares with one number at either end of its range.

    `of` names an uncertain fact (kind "credence") or a breach (kind "culpability"); a side that no
    world allows is None.
    """

    of: str
    kind: str
    ends: tuple[Fraction, Fraction]
    low: Settled | None
    high: Settled | None

    @property
    def swing(self) -> Fraction:
        """The largest difference between the two sides of any share or the unattributed part."""
        if self.low is None or self.high is None:
            return Fraction(0)
        apart = [abs(self.low.shares[p] - self.high.shares[p]) for p in self.low.shares]
        return max(*apart, abs(self.low.unattributed - self.high.unattributed), Fraction(0))

    def to_dict(self) -> dict[str, Any]:
        """Return the bar as JSON values."""
        return {
            "of": self.of,
            "kind": self.kind,
            "ends": [float(end) for end in self.ends],
            "low": self.low and self.low.to_dict(),
            "high": self.high and self.high.to_dict(),
            "swing": float(self.swing),
        }


def measure_tornado(model: PotencyModel, *, assessor: Assessor | None = None) -> tuple[Bar, ...]:
    """Return a bar for each credence and culpability that has a range, the longest first.

    All other numbers stay at their points. Bars that time did not suffice for are left out, and
    `Assessor.unanswered` names them. Raises as `Assessor.assess`.
    """
    shared = assessor or Assessor(model)
    bars = (
        shared.attempt(f"{kind} of {of}", partial(_measure, shared, of, kind, interval, sides))
        for of, kind, interval, sides in (*_credences_moved(model), *_culpabilities_moved(model))
    )
    known = [bar for bar in bars if bar is not None]
    return tuple(sorted(known, key=lambda bar: (-bar.swing, bar.kind, bar.of)))


_Moved = tuple[str, str, Interval, tuple[PotencyModel, PotencyModel]]
"""What a bar is of, its kind, the range, and the model with the number at either end of it."""


def _credences_moved(model: PotencyModel) -> Iterator[_Moved]:
    facts = set(uncertain_facts(model))
    for name, interval in sorted(model.credence.items()):
        if name in facts and interval.low < interval.high:
            low, high = (
                replace(model, credence={**model.credence, name: Interval.exactly(end)})
                for end in (interval.low, interval.high)
            )
            yield name, "credence", interval, (low, high)


def _culpabilities_moved(model: PotencyModel) -> Iterator[_Moved]:
    breaches = model.breaches
    for number, breach in enumerate(breaches):
        interval = breach.culpability
        if interval.low < interval.high:
            low, high = (
                replace(breach, culpability=Interval.exactly(end))
                for end in (interval.low, interval.high)
            )
            before, after = breaches[:number], breaches[number + 1 :]
            sides = (
                replace(model, breaches=(*before, low, *after)),
                replace(model, breaches=(*before, high, *after)),
            )
            yield breach.variable, "culpability", interval, sides


def _measure(
    shared: Assessor,
    of: str,
    kind: str,
    interval: Interval,
    sides: tuple[PotencyModel, PotencyModel],
) -> Bar:
    low, high = (_settled(shared, side) for side in sides)
    return Bar(of, kind, (interval.low, interval.high), low, high)


def _settled(shared: Assessor, model: PotencyModel) -> Settled | None:
    try:
        return shared.settle(model)
    except ImpossibleError:
        return None


@dataclass(frozen=True, slots=True)
class CruxPair:
    """Two claims that together move a share further than either does alone.

    `swing` is how far each party's share moves between the four ways of settling both;
    `beyond` by how much the largest of these exceeds the larger of the two claims' own.
    """

    claims: tuple[str, str]
    swing: Mapping[str, Fraction]
    beyond: Fraction

    def to_dict(self) -> dict[str, Any]:
        """Return the pair as JSON values."""
        return {
            "claims": list(self.claims),
            "swing": {party: float(value) for party, value in self.swing.items()},
            "largest_swing": float(max(self.swing.values(), default=Fraction(0))),
            "beyond": float(self.beyond),
        }


def find_crux_pairs(
    model: PotencyModel,
    claims: Mapping[str, Facts],
    *,
    assessor: Assessor | None = None,
) -> tuple[CruxPair, ...]:
    """Return the pairs of claims that matter notably more together than apart, largest first.

    Where time did not suffice for all pairs, none is named, and `Assessor.unanswered` has "pairs of
    claims". Raises as `positions.find_cruxes`.
    """
    shared = assessor or Assessor(model)
    return shared.attempt("pairs of claims", partial(_find_pairs, shared, model, claims)) or ()


def _find_pairs(
    shared: Assessor, model: PotencyModel, claims: Mapping[str, Facts]
) -> tuple[CruxPair, ...]:
    alone = {claim: _spread(_corners(shared, model, (facts,))) for claim, facts in claims.items()}
    kept = sorted(claims, key=lambda claim: (-_largest(alone[claim]), claim))[:MAX_PAIRED]
    pairs = []
    for one, two in itertools.combinations(sorted(kept), 2):
        if claims[one].keys() & claims[two].keys():
            continue
        swing = _spread(_corners(shared, model, (claims[one], claims[two])))
        beyond = _largest(swing) - max(_largest(alone[one]), _largest(alone[two]))
        if beyond > NOTABLE:
            pairs.append(CruxPair((one, two), swing, beyond))
    return tuple(sorted(pairs, key=lambda pair: (-pair.beyond, pair.claims)))


def _corners(shared: Assessor, model: PotencyModel, claims: tuple[Facts, ...]) -> list[Settled]:
    corners = []
    for answers in itertools.product((True, False), repeat=len(claims)):
        facts = {
            name: value if answer else 1 - value
            for claim, answer in zip(claims, answers, strict=True)
            for name, value in claim.items()
        }
        settled = _settled(shared, pin(model, facts))
        if settled is not None:
            corners.append(settled)
    return corners


def _spread(corners: list[Settled]) -> dict[str, Fraction]:
    parties = corners[0].shares if corners else {}
    return {
        party: max(c.shares[party] for c in corners) - min(c.shares[party] for c in corners)
        for party in parties
    }


def _largest(swing: Mapping[str, Fraction]) -> Fraction:
    return max(swing.values(), default=Fraction(0))
