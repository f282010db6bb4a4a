"""Families of sets as zero-suppressed decision diagrams: thousands of sets in a few nodes.

Minato, "Zero-suppressed BDDs for set manipulation in combinatorial problems", DAC 1993.
"""

from __future__ import annotations

import math

from attribution.causation.algebra import Branching
from attribution.causation.effort import Effort

NONE, EMPTY = 0, 1
"""The family without a set, and the one of the empty set alone."""

Node = tuple[int, int, int]
"""A position, the sets without it, and what is beside it in the sets with it."""


class MinimalSets:
    """The minimal sets of variables at 1 with which a function that only grows with them is true.

    Sets are bit masks over the order of the function, by `bits`: the bit of each position.
    """

    __slots__ = (
        "_beside",
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
        self._listed: dict[tuple[int, int], list[int]] = {}
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

        `first` must be the same in every call. Raises OutOfTimeError.
        """
        listed = self._listed
        stack = [(self._root, size)]
        while stack:
            node, count = pair = stack[-1]
            fewest, most = self._sizes[node]
            if pair in listed or not fewest <= count <= most or node == EMPTY:
                listed.setdefault(pair, [0] if node == EMPTY and not count else [])
                stack.pop()
                continue
            position, low, high = self._nodes[node]
            without, beside = (low, count), (high, count - 1)
            if without in listed and beside in listed:
                self._effort.tick()
                bit = self.bits[position]
                found = listed[without] + [one | bit for one in listed[beside]]
                if first is not None and len(found) > first:
                    found = sorted(found, reverse=True)[:first]
                listed[pair] = found
                stack.pop()
            else:
                stack += (without, beside)
        return sorted(listed[self._root, size], reverse=True)

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
