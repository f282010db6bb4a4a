"""The ratios whose extremes are the ranges, and the facts that none of them depends on."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from attribution.responsibility.worlddiagram import Floats, WorldDiagram

# Different ones: a number a person enters may well be a multiple of one of them.
_PRIMES = (2_147_483_647, 2_147_483_629, 2_147_483_587, 2_147_483_579)
_LARGEST = 2**62
_MODULI = np.array(_PRIMES, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Ratio:
    """What is divided by what, as one number a cell, and which facts do not change the ratio."""

    part: Floats
    whole: Floats
    constant: npt.NDArray[np.bool_]


class RatioMaker:
    """Makes ratios of sums of rows, which have one integer a cell.

    The derivative of a ratio has a numerator that is a polynomial; it is evaluated at credences
    drawn from the integers modulo each of four primes of 31 bits, so that up to 1,000 facts one
    that is not 0 is 0 with probability under 1e-24 (Schwartz 1980, corollary 1).
    """

    def __init__(
        self, diagram: WorldDiagram, rows: Mapping[str, Sequence[int]], scale: int
    ) -> None:
        """Evaluate all rows at the same drawn credences; `scale` is what stands for 1."""
        table = np.array(list(rows.values()), dtype=object)
        if max(map(max, rows.values())) * len(rows) < _LARGEST:
            table = table.astype(np.int64)
        self._rows = table
        self._scale = scale
        self._number = {name: number for number, name in enumerate(rows)}
        draw = random.Random(_PRIMES[0])  # noqa: S311 - nobody is to be kept from guessing them
        # Of shape (primes, rows), and (facts, primes, rows).
        values, slopes = [], []
        for prime in _PRIMES:
            credences = [draw.randrange(1, prime) for _ in diagram.facts]
            residues = (table % prime).astype(np.int64)
            value, slope = _differentiate(diagram, residues, credences, prime)
            values.append(value)
            slopes.append(slope)
        self._values = np.stack(values)
        self._slopes = np.stack(slopes, axis=1)

    def ratio(self, part: Mapping[str, int], whole: Mapping[str, int]) -> Ratio:
        """Return the ratio of two sums, each given by its rows and their signs."""
        value, slope = self._sum(part)
        whole_value, whole_slope = self._sum(whole)
        derivative = (slope * whole_value % _MODULI - whole_slope * value % _MODULI) % _MODULI
        return Ratio(self._measure(part), self._measure(whole), (derivative == 0).all(axis=1))

    def _sum(self, signs: Mapping[str, int]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        which = [self._number[name] for name in signs]
        own = np.array(list(signs.values()), dtype=np.int64)
        return (
            (self._values[..., which] * own).sum(axis=-1) % _MODULI,
            (self._slopes[..., which] * own).sum(axis=-1) % _MODULI,
        )

    def _measure(self, signs: Mapping[str, int]) -> Floats:
        which = [self._number[name] for name in signs]
        own = np.array(list(signs.values()), dtype=self._rows.dtype)
        measured: Floats = ((own @ self._rows[which]) / self._scale).astype(np.float64)
        return measured


def _differentiate(
    diagram: WorldDiagram, table: npt.NDArray[np.int64], credences: Sequence[int], prime: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the expectations of rows (rows, cells) and their derivatives (facts, rows), modulo."""
    count, size = len(diagram.cells), len(diagram.cells) + len(diagram.nodes)
    everything = np.empty((size, len(table)), dtype=np.int64)
    everything[:count] = table.T
    for position, ids, low, high in diagram.levels:
        gain = (everything[high] - everything[low]) % prime
        everything[ids] = (everything[low] + gain * credences[position]) % prime
    reach = np.zeros(size, dtype=np.int64)
    reach[diagram.root] = 1
    slopes = np.zeros((len(credences), len(table)), dtype=np.int64)
    for position, ids, low, high in reversed(diagram.levels):
        here = reach[ids]
        joined = here * credences[position] % prime
        np.add.at(reach, low, here - joined)
        np.add.at(reach, high, joined)
        reach %= prime
        gain = (everything[high] - everything[low]) % prime
        slopes[position] = (here[:, None] * gain % prime).sum(axis=0) % prime
    return everything[diagram.root], slopes
