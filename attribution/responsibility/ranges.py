"""Extremes of shares over all ranges of credence and culpability.

A share is a ratio of functions that are linear in each credence taken alone, so it is monotone in
each, and its extremes lie at vertices of the box. All vertices are computed: each array over the
worlds is contracted, axis by axis, with the low and the high credence of that axis.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from attribution.errors import LimitError
from attribution.responsibility.model import Interval

Floats = npt.NDArray[np.float64]


def contract(arrays: Floats, credences: Sequence[Interval]) -> Floats:
    """Return the expectations of the arrays at every vertex of the box of credences.

    `arrays` has shape (n, 2^u), the second index a world whose bit i is the value of the i-th
    uncertain fact; `credences` has u intervals. The result has shape (n, number of vertices);
    a credence with low = high adds no vertex.
    """
    count = arrays.shape[0]
    current = arrays.reshape(count, 1, -1)
    for credence in credences:
        pairs = current.reshape(count, current.shape[1], -1, 2)
        absent, present = pairs[:, None, ..., 0], pairs[:, None, ..., 1]
        ends = np.array(sorted({float(credence.low), float(credence.high)}))[:, None, None]
        current = absent * (1.0 - ends) + present * ends
        current = current.reshape(count, -1, absent.shape[-1])
    return current.reshape(count, -1)


@dataclass(frozen=True, slots=True)
class Extremes:
    """The least and the greatest value of a quantity over the box."""

    low: float
    high: float


def _possible(weights: Floats) -> npt.NDArray[np.bool_]:
    """Return the vertices at which the evidence has a probability. Raises LimitError for none."""
    possible = weights > 0.0
    if not possible.any():
        raise LimitError(
            "the evidence is so improbable under these credences that no range can be computed",
            expected="credences above about 1e-100 for what happened",
            remedy="give what was observed a credence that says so",
        )
    return possible


def ratio_extremes(part: Floats, whole: Floats) -> Extremes:
    """Return the extremes of part/whole over the vertices with whole > 0."""
    possible = _possible(whole)
    ratios = part[possible] / whole[possible]
    return Extremes(float(ratios.min()), float(ratios.max()))


def share_extremes(least: Floats, most: Floats, possible: Floats) -> list[Extremes]:
    """Return the extremes of each party's share over the vertices that are possible.

    `least` and `most` are the parties' sums of breach value times culpability with each culpability
    at its low or its high, of shape (parties, vertices). A share grows with each culpability of the
    party's own and falls with each of the others'. Where nobody's breach made a difference the
    share is 0.
    """
    where = _possible(possible)
    if not where.all():
        least, most = least[:, where], most[:, where]

    def share(own: Floats, others: Floats) -> Floats:
        total = own + others
        return np.divide(own, total, out=np.zeros_like(total), where=total > 0.0)

    low = share(least, _sum_others(most)).min(axis=1).tolist()
    high = share(most, _sum_others(least)).max(axis=1).tolist()
    return [Extremes(*ends) for ends in zip(low, high, strict=True)]


def _sum_others(rows: Floats) -> Floats:
    """Return for each row the sum of all others."""
    found: Floats = (1.0 - np.eye(len(rows))) @ rows
    return found
