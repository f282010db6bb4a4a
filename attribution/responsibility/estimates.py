"""Ranges of shares: their extremes over all ranges of credence and culpability."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from attribution.causation.effort import Effort, OutOfTimeError
from attribution.responsibility.bounds import Boxes, RatioSearch, reaches_zero
from attribution.responsibility.integrands import Integrands, integrate_cells
from attribution.responsibility.ranges import contract, ratio_extremes, share_extremes
from attribution.responsibility.ratios import Ratio
from attribution.responsibility.result import Estimate
from attribution.responsibility.worlddiagram import Floats

if TYPE_CHECKING:
    from attribution.responsibility.weighing import Weighing

MAX_DENSE = 10
"""Up to this many uncertain facts all worlds and all vertices are gone through."""

NOT_ASKED = "not asked for"
VERTICES = "exact: every vertex of the credences"
PROVEN = "exact: branch and bound over the vertices of the credences"
INNER = "inner bounds: the search was stopped; the true range may be wider"


@dataclass(frozen=True, slots=True)
class Estimates:
    """The shares with their ranges, and how the ranges were found."""

    shares: Mapping[str, Estimate]
    unattributed: Estimate
    how: str


def estimate_ranges(weighing: Weighing, *, wanted: bool) -> Estimates:
    """Return the estimates around the point shares and the unattributed part."""
    settled = all(interval.low == interval.high for interval in weighing.credences)
    certain = all(b.culpability.low == b.culpability.high for b in weighing.model.breaches)
    sought = wanted and not (settled and certain)
    dense = len(weighing.credences) <= MAX_DENSE
    # Points are quickly read off what ranges need anyway.
    rows = weighing.sums_by_world() if sought and dense else None
    integrands = integrate_cells(weighing) if sought and not dense else None
    points, rest = weighing.point_shares, weighing.unattributed
    if rows is not None:
        return _go_through(weighing, rows, points, rest)
    if integrands is not None:
        return _search(weighing, integrands, points, rest)
    return Estimates(
        {party: Estimate.around(float(it), it, float(it)) for party, it in points.items()},
        Estimate.around(float(rest), rest, float(rest)),
        VERTICES if wanted else NOT_ASKED,
    )


def _go_through(
    weighing: Weighing, rows: Floats, points: Mapping[str, Fraction], rest: Fraction
) -> Estimates:
    # The first fact is the slowest axis of the worlds; contracting begins with the fastest.
    vertices = contract(rows, weighing.credences[::-1])
    possible, averted = vertices[0], vertices[1]
    found = share_extremes(vertices[2::2], vertices[3::2], possible)
    shares = {
        party: Estimate.around(ends.low, point, ends.high)
        for (party, point), ends in zip(points.items(), found, strict=True)
    }
    part = ratio_extremes(averted, possible)
    return Estimates(shares, Estimate.around(1.0 - part.high, rest, 1.0 - part.low), VERTICES)


def _search(
    weighing: Weighing, integrands: Integrands, points: Mapping[str, Fraction], rest: Fraction
) -> Estimates:
    low = np.array([[float(interval.low)] for interval in weighing.credences])
    high = np.array([[float(interval.high)] for interval in weighing.credences])
    certain = {
        place: int(interval.point)
        for place, interval in enumerate(weighing.credences)
        if interval.is_certain
    }
    search = _Search(integrands.settled(certain), low, high, weighing.effort)
    found = search.shares(points)
    shares = {
        party: Estimate.around(
            float(points[party]) if ends[0] is None else ends[0],
            points[party],
            float(points[party]) if ends[1] is None else ends[1],
        )
        for party, ends in found.items()
    }
    most, least = search.averted()
    unattributed = Estimate.around(
        float(rest) if most is None else 1.0 - most,
        rest,
        float(rest) if least is None else 1.0 - least,
    )
    return Estimates(shares, unattributed, PROVEN if search.proven else INNER)


@dataclass(slots=True)
class _Search:
    integrands: Integrands
    low: Floats
    high: Floats
    effort: Effort
    proven: bool = True

    def largest(self, ratios: Sequence[Ratio]) -> list[float | None]:
        """Return the largest part / whole found of each ratio; None where there is none."""
        # What changes both alike does not change the ratio, and is kept out of the search.
        constant = np.stack([ratio.constant for ratio in ratios], axis=1)
        middle = (self.low + self.high) / 2.0
        low, high = np.where(constant, middle, self.low), np.where(constant, middle, self.high)
        search = RatioSearch(
            self.integrands.diagram,
            np.stack([ratio.part for ratio in ratios]),
            np.stack([ratio.whole for ratio in ratios]),
            Boxes(low, high, np.arange(len(ratios))),
            self.effort,
        )
        with suppress(OutOfTimeError):
            search.maximise()
        self.proven = self.proven and search.proven
        return [float(value) if np.isfinite(value) else None for value in search.best]

    def shares(self, parties: Collection[str]) -> dict[str, tuple[float | None, float | None]]:
        """Return the lowest and the highest share of each party."""
        self.effort.say("ranges of the shares")
        ratios = [ratio for party in parties for ratio in self.integrands.share_ratios[party]]
        found = self.largest(ratios)
        shares: dict[str, tuple[float | None, float | None]] = {}
        for number, party in enumerate(parties):
            low, high = found[2 * number], found[2 * number + 1]
            lowest = 0.0 if low is None or self.nobody(ratios[2 * number].whole) else -low
            shares[party] = lowest, 0.0 if high is None else high
        return shares

    def nobody(self, whole: Floats) -> bool:
        """Return whether at some possible vertex nobody's breach makes a difference."""
        integrands = self.integrands
        possible = integrands.measure(integrands.evidence)
        box = Boxes(self.low, self.high, np.zeros(1, dtype=np.intp))
        try:
            found = reaches_zero(integrands.diagram, whole, possible, box, self.effort)
        except OutOfTimeError:
            found = None
        if found is None:
            self.proven = False
        return bool(found)

    def averted(self) -> tuple[float | None, float | None]:
        """Return the most and the least of what all parties together avert."""
        self.effort.say("range of what no party would have averted")
        least, most = self.largest(self.integrands.averted_ratios)
        return most, None if least is None else -least
