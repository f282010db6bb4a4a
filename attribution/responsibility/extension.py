"""Polynomials of a Boolean game's multilinear extension, and integrals of their derivatives.

With each player joining on their own with chance t, the chance that the coalition wins is a
polynomial in t (Owen 1972, Multilinear extensions of games). A decision joins two of them:
without + t (with - without), so a player's partial derivative is a sum over the player's decisions
of the chance to come there times what joining gains. All coefficients are integers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from heapq import heapify, heappop, heappush
from math import lcm
from operator import add, mul, sub

import numpy as np
import numpy.typing as npt

MAX_COEFFICIENTS = 1 << 22
"""Up to so many coefficients all derivatives of all decisions are kept at the same time."""

_EXACT = 2**62

# A decision: its player (None where no value is asked), the power of the variable that it brings
# into the list of coefficients, and the numbers of its two children, without and with. Numbers 0
# and 1 are losing and winning; the first step is number 2.
Step = tuple[int | None, int, int, int]


def integrate_gains(steps: Sequence[Step], root: int, moments: Sequence[int]) -> dict[int, int]:
    """Return for each player the integral of its partial derivative, in units of the moments.

    `steps` are children first; `moments` are the integrals of the powers.
    """
    return Extension(steps).integrate({root: moments})


class Extension:
    """The polynomials of all decisions of a diagram, which several games may share."""

    def __init__(self, steps: Sequence[Step]) -> None:
        """Go up the steps, which are children first: each decision joins its children's."""
        self.steps = steps
        self._gains: list[list[int]] = []
        chances: list[list[int]] = [[], [1]]
        for _, shift, low, high in steps:
            less, more = chances[low], chances[high]
            gain = _difference(more, less)
            self._gains.append(gain)
            padded = less + [0] * (len(gain) + shift - len(less))
            chances.append([*padded[:shift], *map(add, padded[shift:], gain)])

    def integrate(self, roots: Mapping[int, Sequence[int]]) -> dict[int, int]:
        """Return each player's integral, summed over games, each given by its root and moments.

        Going down gives each decision the integrals of powers times the chance to come there:
        those of a child are its parent's with one more factor t (joined), or 1 - t (not).
        """
        weights: dict[int, Sequence[int]] = {root: it for root, it in roots.items() if root > 1}
        waiting = [-root for root in weights]
        heapify(waiting)
        values: dict[int, int] = {}
        while waiting:
            number = -heappop(waiting)
            here = weights.pop(number)
            player, shift, low, high = self.steps[number - 2]
            if player is not None:
                gain = sum(map(mul, here, self._gains[number - 2]))
                values[player] = values.get(player, 0) + gain
            joined = here[shift:]
            for child, part in ((high, joined), (low, list(map(sub, here, joined)))):
                if child > 1:
                    other = weights.get(child)
                    if other is None:
                        heappush(waiting, -child)
                        weights[child] = part
                    else:
                        weights[child] = list(map(add, other, part))
        return values


def _difference(more: list[int], less: list[int]) -> list[int]:
    longer = len(more) - len(less)
    if longer < 0:
        return list(map(sub, more + [0] * -longer, less))
    return list(map(sub, more, less + [0] * longer))


def integrate_roots(
    nodes: Sequence[tuple[int, int, int]],
    levels: Sequence[tuple[int | None, int]],
    roots: Sequence[int],
    moments: Sequence[int],
) -> list[dict[int, int]] | None:
    """Return what `Extension.integrate` does for each root by itself, all in one pass.

    A node is (level, child without, child with), the first two being losing and winning; `levels`
    gives the player and the power of each. None where nobody plays, and where that would take too
    much room or integers of more than 64 bits: a decision at most trebles the sum of the sizes of
    coefficients.
    """
    players = [player for player, _ in levels if player is not None]
    powers = len(moments)
    if (
        not levels
        or 3 ** len(levels) * max(moments) * powers >= _EXACT
        or len(nodes) * (len(players) + 1) * powers > MAX_COEFFICIENTS
    ):
        return None
    table = np.array(nodes, dtype=np.intp)
    # The chance to win, and after it its derivative by each player.
    found = np.zeros((len(nodes), len(players) + 1, powers), dtype=np.int64)
    found[1, 0, 0] = 1
    column = len(players)
    for level in range(len(levels) - 1, -1, -1):
        player, shift = levels[level]
        ids = np.flatnonzero(table[2:, 0] == level) + 2
        own = found[table[ids, 1]]
        gain = found[table[ids, 2]] - own
        own[:, :, shift:] += gain[:, :, : powers - shift]
        if player is not None:
            own[:, column] = gain[:, 0]
            column -= 1
        found[ids] = own
    values: npt.NDArray[np.int64] = found[np.array(roots, dtype=np.intp), 1:] @ np.array(moments)
    return [
        {player: value for player, value in zip(players, row, strict=True) if value}
        for row in values.tolist()
    ]


@lru_cache(maxsize=256)
def moments_of(blocks: int, stride: int) -> tuple[tuple[int, ...], int]:
    """Return the integrals of t^k s^j over the unit square at k * stride + j, and their scale."""
    scale = lcm(*range(1, blocks + 1)) * lcm(*range(1, stride + 1))
    moments = tuple(
        scale // ((outer + 1) * (inner + 1)) for outer in range(blocks) for inner in range(stride)
    )
    return moments, scale
