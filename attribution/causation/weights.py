"""Weights of sets of worlds whose facts are independent: probability with bounds, likeliest world.

A set comes as a decision diagram. Its probability is multilinear in the credences of the facts
(Darwiche 2009, ch. 12). Each node of the diagram takes the end of its fact's range that suits it:
the bounds so found hold for every credence in the ranges, and are attained where each fact counts
one way only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from attribution.causation.algebra import Branching


@dataclass(frozen=True, slots=True)
class Bounds:
    """A probability known to lie from `low` to `high`, with its best single value."""

    low: Fraction
    point: Fraction
    high: Fraction

    @classmethod
    def exactly(cls, value: Fraction | int) -> Bounds:
        """Return the bounds of one number."""
        number = Fraction(value)
        return cls(number, number, number)

    @property
    def is_certain(self) -> bool:
        """Whether it is exactly 0 or exactly 1."""
        return self.low == self.high and self.low in (0, 1)


def weigh(worlds: Branching, credence: Mapping[str, Bounds]) -> Bounds:
    """Return the probability of a set of worlds, with outer bounds over the ranges of `credence`.

    `credence` has the probability that each fact is 1.
    """
    lows, points, highs = ([Fraction(0), Fraction(1)] for _ in range(3))
    for position, low, high in worlds.nodes:
        known = credence[worlds.order[position]]
        ends = (known.low, known.high)
        lows.append(min(_mix(end, lows[low], lows[high]) for end in ends))
        points.append(_mix(known.point, points[low], points[high]))
        highs.append(max(_mix(end, highs[low], highs[high]) for end in ends))
    return Bounds(lows[worlds.root], points[worlds.root], highs[worlds.root])


def _mix(chance: Fraction, low: Fraction, high: Fraction) -> Fraction:
    return low + chance * (high - low)


def find_best(worlds: Branching, credence: Mapping[str, Bounds]) -> Fraction:
    """Return the weight of the likeliest world of a set at the points of `credence`, 0 for none.

    It is relative to the likeliest world of all, so that facts that do not matter weigh nothing.
    """
    best = [Fraction(0), Fraction(1)]
    for position, low, high in worlds.nodes:
        chance = credence[worlds.order[position]].point
        most = max(chance, 1 - chance)
        best.append(max((1 - chance) / most * best[low], chance / most * best[high]))
    return best[worlds.root]
