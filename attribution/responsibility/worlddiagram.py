"""Worlds that are alike, told apart by as few questions as it takes, and their probabilities.

A decision diagram over the uncertain facts whose ends, the cells, are classes of worlds in which
the same sets of breaches avert the harms. What is summed over worlds is summed over its nodes:
weighted model counting (Darwiche 2009, ch. 12), exact in integers, or in floats for many values of
the credences.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import prod

import numpy as np
import numpy.typing as npt

from attribution.causation.algebra import Branching

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class WorldDiagram:
    """A diagram over `facts` from the top, whose cells carry any hashable value.

    A node is (position in `facts`, id where the fact is 0, id where it is 1), with children before
    their parents; the id of a cell is its position, the id of `nodes[i]` is len(cells) + i.
    """

    facts: tuple[str, ...]
    cells: tuple[Hashable, ...]
    nodes: tuple[tuple[int, int, int], ...]
    root: int

    @classmethod
    def cut(cls, branching: Branching, facts: Sequence[str]) -> WorldDiagram:
        """Return the part of a diagram above its other variables; cells are ids of the rest.

        The order of the diagram must begin with `facts`.
        """
        depth = len(facts)
        inner: list[tuple[int, int, int]] = []
        cells: list[int] = []
        kinds: dict[int, tuple[bool, int]] = {}

        def visit(node: int) -> tuple[bool, int]:
            known = kinds.get(node)
            if known is None:
                entry = branching.nodes[node - 2] if node > 1 else None
                if entry is None or entry[0] >= depth:
                    known = (True, len(cells))
                    cells.append(node)
                else:
                    position, low, high = entry
                    below = (visit(low), visit(high))
                    known = (False, len(inner))
                    inner.append((position, _signed(*below[0]), _signed(*below[1])))
                kinds[node] = known
            return known

        root = _signed(*visit(branching.root))
        return cls.numbered(tuple(facts), cells, inner, root)

    @classmethod
    def numbered(
        cls,
        facts: tuple[str, ...],
        cells: Sequence[Hashable],
        inner: Sequence[tuple[int, int, int]],
        root: int,
    ) -> WorldDiagram:
        """Return the diagram whose children are given as cells (-1 - number) or nodes (number)."""
        count = len(cells)

        def identify(child: int) -> int:
            return -1 - child if child < 0 else count + child

        nodes = tuple((position, identify(low), identify(high)) for position, low, high in inner)
        return cls(facts, tuple(cells), nodes, identify(root))

    def masses(self, credences: Sequence[Fraction]) -> tuple[list[int], int]:
        """Return the probability of each cell as an integer, and the integer that stands for 1."""
        denominators = [credence.denominator for credence in credences]
        present = [credence.numerator for credence in credences]
        whole = prod(denominators)
        count = len(self.cells)
        mass = [0] * (count + len(self.nodes))
        mass[self.root] = whole
        nodes = self.nodes
        for index in range(len(nodes) - 1, -1, -1):
            own = mass[count + index]
            if own:
                position, low, high = nodes[index]
                # The product still has all denominators of the facts below: nothing is lost.
                part = own * present[position] // denominators[position]
                mass[low] += own - part
                mass[high] += part
        return mass[:count], whole

    def settled(self, facts: Mapping[int, int]) -> tuple[WorldDiagram, list[int]]:
        """Return the diagram with these facts, by position, given values; and the cells it has.

        The cells are positions in `cells`, in the order of the new diagram.
        """
        count = len(self.cells)
        cells: list[int] = []
        inner: list[tuple[int, int, int]] = []
        unique: dict[tuple[int, int, int], int] = {}
        known: dict[int, int] = {}
        waiting = [self.root]
        while waiting:
            node = waiting[-1]
            if node in known:
                waiting.pop()
            elif node < count:
                known[node] = -1 - len(cells)
                cells.append(node)
            else:
                position, *children = self.nodes[node - count]
                wanted = [children[facts[position]]] if position in facts else children
                below = [known[child] for child in wanted if child in known]
                if len(below) < len(wanted):
                    waiting += wanted
                elif below[0] == below[-1]:
                    known[node] = below[0]
                else:
                    entry = (position, below[0], below[1])
                    if entry not in unique:
                        unique[entry] = len(inner)
                        inner.append(entry)
                    known[node] = unique[entry]
        values = [self.cells[cell] for cell in cells]
        return self.numbered(self.facts, values, inner, known[self.root]), cells

    def _position(self, node: int) -> int:
        count = len(self.cells)
        return len(self.facts) if node < count else self.nodes[node - count][0]

    def likeliest(self, credences: Sequence[Fraction]) -> tuple[list[Fraction], list[int]]:
        """Return for each cell the probability of its likeliest world, and the edges to it.

        The second list has for each id the parent edge (2 * id + side) on the way, -1 at the root.
        """
        best = [max(credence, 1 - credence) for credence in credences]
        count = len(self.cells)
        value = [Fraction(0)] * (count + len(self.nodes))
        edge = [-1] * (count + len(self.nodes))
        value[self.root] = prod(best[: self._position(self.root)], start=Fraction(1))
        for index in range(len(self.nodes) - 1, -1, -1):
            own = value[count + index]
            if own:
                position, *children = self.nodes[index]
                sides = (1 - credences[position], credences[position])
                for side, (child, weight) in enumerate(zip(children, sides, strict=True)):
                    gap = prod(best[position + 1 : self._position(child)], start=Fraction(1))
                    reached = own * weight * gap
                    if reached > value[child]:
                        value[child] = reached
                        edge[child] = 2 * (count + index) + side
        return value[:count], edge

    def trace(
        self, cell: int, edges: Sequence[int], credences: Sequence[Fraction]
    ) -> dict[str, int]:
        """Return the facts of the likeliest world of a cell, by the edges of `likeliest`."""
        half = Fraction(1, 2)
        world = {name: int(it > half) for name, it in zip(self.facts, credences, strict=True)}
        node = cell
        while edges[node] >= 0:
            node, side = divmod(edges[node], 2)
            world[self.facts[self.nodes[node - len(self.cells)][0]]] = side
        return world

    def spread(self) -> Indices:
        """Return the cell of each of the 2^n worlds, the first fact being the highest bit."""
        known: dict[tuple[int, int], Indices] = {}

        def visit(node: int, position: int) -> Indices:
            if position == len(self.facts):
                return np.array([node], dtype=np.intp)
            key = (node, position)
            if key not in known:
                low = high = node
                if self._position(node) == position:
                    _, low, high = self.nodes[node - len(self.cells)]
                below = visit(low, position + 1)
                above = below if low == high else visit(high, position + 1)
                known[key] = np.concatenate([below, above])
            return known[key]

        return visit(self.root, 0)

    @cached_property
    def levels(self) -> list[tuple[int, Indices, Indices, Indices]]:
        """Return (position, ids, low ids, high ids) of the nodes level by level, deepest first."""
        count = len(self.cells)
        levels = []
        table = np.array(self.nodes, dtype=np.intp).reshape(-1, 3)
        for position in range(len(self.facts) - 1, -1, -1):
            where = np.flatnonzero(table[:, 0] == position)
            if where.size:
                levels.append((position, where + count, table[where, 1], table[where, 2]))
        return levels


def _signed(is_cell: bool, number: int) -> int:  # noqa: FBT001 - both come from one pair
    return -1 - number if is_cell else number
