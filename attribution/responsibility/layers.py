"""A diagram of worlds in arrays: expectations, slopes and bounds at many credences in one pass.

Nodes of one level stand side by side, and each pass goes through the levels once. Worlds whose
numbers are the same are not told apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from attribution.responsibility.worlddiagram import Floats, Indices, WorldDiagram


class Level(NamedTuple):
    """The nodes that ask for one fact: their ids, and those of their children."""

    position: int
    ids: slice
    low: Indices
    high: Indices


class Feed(NamedTuple):
    """The edges into the nodes of one level, those of a node together, from its `starts` on."""

    ids: slice
    starts: Indices
    parents: Indices
    positions: Indices
    sides: Indices


@dataclass(frozen=True, eq=False)
class Layers:
    """A diagram over a number of facts; cells have the first ids, and the top level is the last.

    Arguments `credences`, `low` and `high` have shape (facts, k): k points, or boxes by their ends.
    """

    facts: int
    cells: int
    levels: Sequence[Level]
    root: int

    @classmethod
    def merge(cls, diagram: WorldDiagram, rows: Floats) -> tuple[Layers, Indices]:
        """Return the diagram with cells that have the same in all rows as one, and one of each.

        `rows` has shape (rows, cells of the diagram); so has what is kept of it.
        """
        kinds: dict[bytes, int] = {}
        columns = np.ascontiguousarray(rows.T) + 0.0
        kind = [kinds.setdefault(column.tobytes(), len(kinds)) for column in columns]
        _, kept = np.unique(kind, return_index=True)
        total = len(diagram.cells) + len(diagram.nodes)
        new = np.empty(total, dtype=np.intp)
        new[: len(kind)] = kind
        size = len(kinds)
        levels = []
        for position, ids, low, high in diagram.levels:
            below, above = new[low], new[high]
            new[ids] = below
            apart = np.flatnonzero(below != above)
            if apart.size:
                pairs = below[apart] * total + above[apart]
                _, first, which = np.unique(pairs, return_index=True, return_inverse=True)
                new[ids[apart]] = size + which
                end = size + len(first)
                some = apart[first]
                levels.append(Level(position, slice(size, end), below[some], above[some]))
                size = end
        return cls(len(diagram.facts), len(kinds), levels, int(new[diagram.root])), kept

    @property
    def size(self) -> int:
        """How many ids there are."""
        return self.levels[-1].ids.stop if self.levels else self.cells

    def _empty(self, values: Floats) -> Floats:
        everything = np.empty((self.size, *values.shape[1:]))
        everything[: self.cells] = values
        return everything

    def expect(self, values: Floats, credences: Floats) -> Floats:
        """Return the expectations of values, which have shape (cells, ..., k): shape (..., k)."""
        everything = self._empty(values)
        for position, ids, low, high in self.levels:
            start = everything.take(low, axis=0)
            gain = everything.take(high, axis=0)
            gain -= start
            gain *= credences[position]
            np.add(start, gain, out=everything[ids])
        expected: Floats = everything[self.root]
        return expected

    def differentiate(self, values: Floats, credences: Floats) -> tuple[Floats, Floats]:
        """Return expectations of values of shape (cells, n, k), and their slopes by credence.

        The shapes are (n, k) and (facts, n, k).
        """
        everything = self._empty(values)
        reach = self.reach(credences)
        slopes = np.zeros((self.facts, *values.shape[1:]))
        for position, ids, low, high in self.levels:
            start = everything.take(low, axis=0)
            gain = everything.take(high, axis=0)
            gain -= start
            slopes[position] = np.einsum("ik,ink->nk", reach[ids], gain)
            gain *= credences[position]
            np.add(start, gain, out=everything[ids])
        return everything[self.root], slopes

    def reach(self, credences: Floats) -> Floats:
        """Return the probability to come to each node, of shape (ids, k); cells are left out."""
        reach = np.zeros((self.size, credences.shape[1]))
        reach[self.root] = 1.0
        weights = np.stack([1.0 - credences, credences])
        for ids, starts, parents, positions, sides in self._feeds:
            passed = reach.take(parents, axis=0)
            passed *= weights[sides, positions]
            np.add.reduceat(passed, starts, axis=0, out=reach[ids])
        return reach

    @cached_property
    def _feeds(self) -> list[Feed]:
        """What goes into the levels below the top one, from there down."""
        if not self.levels:
            return []
        children = np.concatenate([it for level in self.levels for it in (level.low, level.high)])
        sizes = [len(level.low) for level in self.levels]
        parents = np.concatenate(
            [np.tile(np.arange(it.ids.start, it.ids.stop), 2) for it in self.levels]
        )
        positions = np.repeat([level.position for level in self.levels], np.multiply(sizes, 2))
        sides = np.repeat(np.tile([0, 1], len(sizes)), np.repeat(sizes, 2))
        order = np.argsort(children, kind="stable")
        children = children[order]
        feeds = []
        for level in reversed(self.levels[:-1]):
            starts = np.searchsorted(children, np.arange(level.ids.start, level.ids.stop + 1))
            own = order[starts[0] : starts[-1]]
            feeds.append(
                Feed(level.ids, starts[:-1] - starts[0], parents[own], positions[own], sides[own])
            )
        return feeds

    def bound(self, values: Floats, low: Floats, high: Floats) -> tuple[Floats, list[Floats]]:
        """Return upper bounds of the expectations over boxes, and what each node gains by level.

        `values` has shape (cells, k). Each node may choose its fact's credence at either end by
        itself; the bound is attained where all nodes of a fact choose the same end. The gains are
        what `choose` decides by.
        """
        best = self._empty(values)
        gains = []
        for position, ids, below, above in self.levels:
            start = best.take(below, axis=0)
            gain = best.take(above, axis=0)
            gain -= start
            gains.append(gain)
            chosen = np.where(gain > 0.0, high[position], low[position])
            chosen *= gain
            np.add(start, chosen, out=best[ids])
        bounds: Floats = best[self.root]
        return bounds, gains

    def choose(
        self, gains: Sequence[Floats], low: Floats, high: Floats, weights: Floats
    ) -> tuple[Floats, Floats]:
        """Return each fact's choice (1 for the high end), and how much its nodes disagree.

        Both have shape (facts, k); `gains` are those of `bound` for the same boxes, and `weights`,
        one positive number an id, says how much each node's gain counts.
        """
        choices = np.zeros(low.shape)
        torn = np.zeros(low.shape)
        for (position, ids, *_), gain in zip(self.levels, gains, strict=True):
            for_high = weights[ids] @ np.maximum(gain, 0.0)
            for_low = -(weights[ids] @ np.minimum(gain, 0.0))
            choices[position] = for_high > for_low
            torn[position] = np.minimum(for_high, for_low)
        return choices, torn * (high - low)
