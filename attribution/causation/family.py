"""Families of sets as zero-suppressed decision diagrams: thousands of sets in a few nodes.

Minato, "Zero-suppressed BDDs for set manipulation in combinatorial problems", DAC 1993.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from typing import TypeVar

from attribution.causation.algebra import Branching
from attribution.causation.effort import Effort

NONE, EMPTY = 0, 1
"""The family without a set, and the one of the empty set alone."""

Node = tuple[int, int, int]
"""A position, the sets without it, and what is beside it in the sets with it."""

Pair = tuple[int, int]
"""A node and how many variables its sets have."""

Value = TypeVar("Value")


class MinimalSets:
    """The minimal sets of variables at 1 with which a function that only grows with them is true.

    Sets are bit masks over the order of the function, by `bits`: the bit of each position.
    """

    __slots__ = (
        "_beside",
        "_counted",
        "_effort",
        "_function",
        "_known",
        "_listed",
        "_nodes",
        "_root",
        "_sizes",
        "bits",
    )

    def __init__(self, function: Branching, bits: tuple[int, ...], effort: Effort) -> None:
        self.bits = bits
        self._effort = effort
        self._function = function
        self._nodes: list[Node] = [(len(bits), NONE, NONE)] * 2
        self._known: dict[Node, int] = {}
        self._beside: dict[tuple[int, int], int] = {}
        self._counted: dict[Pair, int] = {}
        self._listed: dict[Pair, list[int]] = {}
        minimal = [NONE, EMPTY]
        for position, low, high in function.nodes:
            # A set with the position is minimal if what is beside it is, and is needed beside it.
            with_it = self._without(minimal[high], low)
            minimal.append(self._node(position, minimal[low], with_it))
        self._root = minimal[function.root]
        self._sizes = self._measure()

    @property
    def largest(self) -> int:
        """Return the size of the largest set, 0 if there is none."""
        return max(0, self._sizes[self._root][1])

    def of_size(self, size: int, first: int | None = None) -> list[int]:
        """Return the sets of one size, the largest masks first, and no more than the `first`.

        Where there are more than that, memory is taken for the first alone. Raises OutOfTimeError.
        """
        root = (self._root, size)
        if first is not None and self.count(size) > first:
            return self._take(root, first)
        listed = self._listed
        for pair in self._unknown_below(root, listed, ([], [0])):
            without, beside, bit = self._parts(pair)
            listed[pair] = listed[without] + [one | bit for one in listed[beside]]
        return sorted(listed[root], reverse=True)

    def count(self, size: int) -> int:
        """Return how many sets have this size, without listing them. Raises OutOfTimeError."""
        counted = self._counted
        for pair in self._unknown_below((self._root, size), counted, (0, 1)):
            without, beside, _ = self._parts(pair)
            counted[pair] = counted[without] + counted[beside]
        return counted[self._root, size]

    def _take(self, root: Pair, first: int) -> list[int]:
        """Return the `first` of very many sets, all counted before.

        Each part of the diagram has its sets by descending mask, merged of those of its two parts
        one at a time, and only as far as they are asked for.
        """
        counted = self._counted
        found: defaultdict[Pair, list[int]] = defaultdict(list)
        taken: defaultdict[Pair, list[int]] = defaultdict(lambda: [0, 0])
        stack: list[Pair] = []
        while len(found[root]) < first:
            self._effort.tick()
            pair = stack[-1] if stack else root
            if pair[0] == EMPTY:
                found[pair] = [0]
                stack.pop()
                continue
            without, beside, bit = self._parts(pair)
            at = taken[pair]
            left = [at[n] < counted[part] for n, part in enumerate((without, beside))]
            if left[0] and at[0] == len(found[without]):
                stack.append(without)
            elif left[1] and at[1] == len(found[beside]):
                stack.append(beside)
            else:
                one = found[without][at[0]] if left[0] else -1
                other = found[beside][at[1]] | bit if left[1] else -1
                at[other > one] += 1
                found[pair].append(max(one, other))
                del stack[-1:]
        return found[root]

    def _unknown_below(
        self, root: Pair, known: dict[Pair, Value], ends: tuple[Value, Value]
    ) -> Iterator[Pair]:
        """Yield each pair down from `root` when both its parts are known; it must become known.

        Those that have nothing, or the empty set alone, are given the values at the `ends`.
        """
        stack = [root]
        while stack:
            node, count = pair = stack[-1]
            fewest, most = self._sizes[node]
            if pair in known or not fewest <= count <= most or node == EMPTY:
                known.setdefault(pair, ends[node == EMPTY and not count])
                stack.pop()
                continue
            without, beside, _ = self._parts(pair)
            if without in known and beside in known:
                self._effort.tick()
                yield pair
                stack.pop()
            else:
                stack += (without, beside)

    def _parts(self, pair: Pair) -> tuple[Pair, Pair, int]:
        """Return where the sets without the position are, what is beside it, and its bit."""
        node, count = pair
        position, low, high = self._nodes[node]
        return (low, count), (high, count - 1), self.bits[position]

    def _measure(self) -> list[tuple[float, int]]:
        """Return for each node the sizes of its smallest and its largest set."""
        sizes: list[tuple[float, int]] = [(math.inf, -1), (0, 0)]
        for _, low, high in self._nodes[2:]:
            fewest = min(sizes[low][0], sizes[high][0] + 1)
            sizes.append((fewest, max(sizes[low][1], sizes[high][1] + 1)))
        return sizes

    def _node(self, position: int, low: int, high: int) -> int:
        if high == NONE:
            return low
        key = (position, low, high)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = len(self._nodes)
            self._nodes.append(key)
        return found

    def _without(self, sets: int, function: int) -> int:
        """Return those of the sets for which the function is not true. Raises OutOfTimeError."""
        beside = self._beside
        stack = [(sets, function)]
        while stack:
            pair = stack[-1]
            if pair in beside:
                stack.pop()
                continue
            family, node = pair
            if family == NONE or node <= 1:
                beside[pair] = NONE if node == 1 else family
                continue
            at, low, high = self._nodes[family]
            top, false, true = self._function.nodes[node - 2]
            if top < at:  # None of the sets has it.
                if (family, false) in beside:
                    beside[pair] = beside[family, false]
                else:
                    stack.append((family, false))
                continue
            first = (low, false if top == at else node)
            second = (high, true if top == at else node)
            if first in beside and second in beside:
                self._effort.tick()
                beside[pair] = self._node(at, beside[first], beside[second])
            else:
                stack += (first, second)
        return beside[sets, function]
