"""From bounds on the difference of two clocks to one offset with an error bound.

Every pair of records bounds the offset at the moment it was recorded. Which of them fit one offset
is told by Marzullo's agreement algorithm: of the largest set of intervals with a point in common
(K. Marzullo, S. Owicki, "Maintaining the time in a distributed system", PODC 1983; RFC 5905,
section 11.2.1, which as here accepts it only if it is a majority). The offset then lies between
what they say, except that one of them may be false, and that a clock drifts between two of them:
both are allowed for at every moment of the source's records.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

DRIFT = 2000
"""A clock gains or loses at most one part in 2000: 500 ppm, MAXFREQ of RFC 5905, appendix A.

That is what a free-running clock may have; one that is found to be wrong was not kept right, so
that the 15 ppm of a disciplined one (PHI there) would promise too much.
"""

FARTHEST = 1_000_000_000_000_000
"""Microseconds: no offset is larger (the manifest allows none)."""

_NEVER = 1 << 60
_DOUBTED = 2  # each end is the second closest, so that one false pair cannot move it beyond truth


class Bounds(NamedTuple):
    """What pairs say of a clock: pair k allows `low[k]` to `high[k]` at its moment `at[k]`.

    All in microseconds, the bounds inclusive; `FARTHEST` or more either way is no bound.
    """

    at: Integers
    low: Integers
    high: Integers

    @classmethod
    def of(cls, rows: Sequence[tuple[int, int | None, int | None]]) -> Bounds:
        """Return the bounds of (at, low, high), None being no bound."""
        at, low, high = zip(*rows, strict=True) if rows else ((), (), ())
        return cls(
            np.array(at, dtype=np.int64),
            np.array([-_NEVER if value is None else value for value in low], dtype=np.int64),
            np.array([_NEVER if value is None else value for value in high], dtype=np.int64),
        )

    def take(self, chosen: NDArray[np.bool_]) -> Bounds:
        """Return those of the chosen pairs."""
        return Bounds(self.at[chosen], self.low[chosen], self.high[chosen])


class Region(NamedTuple):
    """Where the most pairs agree: from `low` to `high`, and whether each of the pairs does."""

    low: int
    high: int
    agrees: NDArray[np.bool_]


def find_agreement(bounds: Bounds) -> Region | None:
    """Return where most of the pairs agree on one offset; None if that is no majority, or not one.

    The offset is that at the middle of the pairs, each widened by what the clock may have drifted
    from then to its own moment. Takes O(n log n).
    """
    if not (count := len(bounds.at)):
        return None
    low, high = _at_the_middle(bounds)
    starts, ends = np.sort(low), np.sort(high)
    covering = _count_covering(starts, ends)
    best = int(covering.max())
    found = np.unique(starts[covering == best])
    if 2 * best <= count or len(found) > 1:
        return None
    start = int(found[0])
    end = int(ends[np.searchsorted(ends, start)])
    return Region(start, end, (low <= start) & (high >= end))


def count_agreeing(bounds: Bounds) -> int:
    """Return how many of the pairs at most agree on one offset."""
    if not len(bounds.at):
        return 0
    low, high = _at_the_middle(bounds)
    return int(_count_covering(np.sort(low), np.sort(high)).max())


def _at_the_middle(bounds: Bounds) -> tuple[Integers, Integers]:
    middle = np.sort(bounds.at)[(len(bounds.at) - 1) // 2]
    drift = -(-np.abs(bounds.at - middle) // DRIFT)
    return bounds.low - drift, bounds.high + drift


def _count_covering(starts: Integers, ends: Integers) -> Integers:
    """Return for each start, both sorted, how many intervals hold it."""
    return np.searchsorted(starts, starts, side="right") - np.searchsorted(ends, starts)


def bound_offset(bounds: Bounds, first: int, last: int) -> tuple[int, int] | None:
    """Return between what the offset lay, inclusive, at every moment from `first` to `last`.

    Holds if at most one of the pairs is false and the clock drifted by no more than `DRIFT`. None
    where fewer than two pairs bound one of the ends.
    """
    below = bounds.take(bounds.low > -FARTHEST)
    above = bounds.take(bounds.high < FARTHEST)
    if min(len(below.at), len(above.at)) < _DOUBTED:
        return None
    low = _least_second(below.at, np.minimum(below.low, FARTHEST), first, last)
    high = -_least_second(above.at, np.minimum(-above.high, FARTHEST), first, last)
    return low, high


def _least_second(at: Integers, value: Integers, first: int, last: int) -> int:
    """Return the least, over the moments, of the second largest `value - distance from at / DRIFT`.

    Between two neighbouring pairs that is max(min(a - t, b + t), c - t, d + t), with a >= c the two
    largest of the pairs before and b >= d of those after; it is least at an end or where two of
    these lines cross. Scaled by DRIFT all of it is whole numbers.
    """
    order = np.argsort(at, kind="stable")
    at, scaled = at[order], value[order] * DRIFT
    a, c = _two_largest(scaled + at)
    b, d = (part[::-1] for part in _two_largest((scaled - at)[::-1]))
    far = np.array([-_NEVER * 4])
    a, c, b, d = (np.concatenate(parts) for parts in ((far, a), (far, c), (b, far), (d, far)))
    left = np.clip(np.concatenate(([first], at)), first, last)
    right = np.clip(np.concatenate((at, [last])), first, last)
    inside = np.concatenate(([first], at)) <= last
    inside &= np.concatenate((at, [last])) >= first
    moments = [left, right]
    for one, other in ((c, d), (a, d), (c, b)):
        crossing = one // 2 - other // 2
        moments += [np.clip(crossing + step, left, right) for step in (-1, 0, 1)]
    worst = min(
        int(np.maximum(np.minimum(a - t, b + t), np.maximum(c - t, d + t))[inside].min())
        for t in moments
    )
    return worst // DRIFT - 1


def _two_largest(values: Integers) -> tuple[Integers, Integers]:
    """Return the largest and the second largest of each prefix."""
    largest = np.maximum.accumulate(values)
    before = np.concatenate(([-_NEVER * 4], largest[:-1]))
    return largest, np.maximum.accumulate(np.minimum(values, before))
