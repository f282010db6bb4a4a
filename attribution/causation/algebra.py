"""Boolean algebras whose elements are sets of worlds: truth tables, and decision diagrams.

An element is a Boolean function of named variables. Both algebras answer the same questions; truth
tables are the faster for up to `MAX_TABLE` variables, decision diagrams (Bryant 1986) go far beyond
where the function has structure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol, TypeAlias

MAX_TABLE = 14
"""Up to this many variables an element is a truth table of 2^n bits in one integer."""

MAX_SPARE = 4
"""So many more are allowed for that are soon done away with: a table's bits are cheaper than its
nodes."""


# A set of worlds. Sets of one algebra combine by &, | and `a & ~b`, and are compared by ==; an
# integer and an element of a library without types have nothing else in common.
WorldSet: TypeAlias = Any


@dataclass(frozen=True, slots=True)
class Branching:
    """A Boolean function as a reduced ordered decision diagram in plain values.

    `order` has the variables from the top. A node is (position in `order`, id where the variable is
    0, id where it is 1); ids 0 and 1 are false and true, the id of `nodes[i]` is i + 2, and
    children come before their parents.
    """

    order: tuple[str, ...]
    nodes: tuple[tuple[int, int, int], ...]
    root: int


class Algebra(Protocol):
    """What sets of worlds must answer beside &, |, `a & ~b` and ==."""

    @property
    def names(self) -> tuple[str, ...]:
        """The variables."""

    @property
    def everything(self) -> WorldSet:
        """The set of all worlds."""

    @property
    def nothing(self) -> WorldSet:
        """The empty set."""

    def look(self) -> None:
        """Stop where time or room are over; called between combinations of sets."""

    def variable(self, name: str) -> WorldSet:
        """Return the worlds in which the variable is 1."""

    def fix(self, worlds: WorldSet, values: Mapping[str, int]) -> WorldSet:
        """Return the worlds that are in the set once these variables are given these values."""

    def exists(self, names: Iterable[str], worlds: WorldSet) -> WorldSet:
        """Return the worlds that some values of these variables bring into the set."""

    def close_upwards(self, names: Iterable[str], worlds: WorldSet) -> WorldSet:
        """Return the smallest set that contains `worlds` and grows with each of these variables."""

    def branching(self, worlds: WorldSet, order: Sequence[str]) -> Branching:
        """Return the set as a diagram with the variables in this order; others must not matter."""


def differ(one: WorldSet, two: WorldSet) -> WorldSet:
    """Return the worlds in just one of the two."""
    return (one & ~two) | (two & ~one)


def tie(algebra: Algebra, names: Sequence[str], worlds: WorldSet) -> WorldSet:
    """Return the set in which all these variables are what the first of them is."""
    if len(names) < 2:  # noqa: PLR2004 - one is tied to itself
        return worlds
    first = algebra.variable(names[0])
    present = algebra.fix(worlds, dict.fromkeys(names, 1))
    absent = algebra.fix(worlds, dict.fromkeys(names, 0))
    return (first & present) | (absent & ~first)


def find_member(algebra: Algebra, worlds: WorldSet) -> dict[str, int]:
    """Return the variables' values in one world of a set that is not empty, always the same."""
    diagram = algebra.branching(worlds, algebra.names)
    values = dict.fromkeys(algebra.names, 0)
    node = diagram.root
    while node > 1:
        position, low, high = diagram.nodes[node - 2]
        values[diagram.order[position]] = int(low == 0)
        node = low or high
    return values


@cache
def _all_of(count: int) -> int:
    """Return the truth table over `count` variables that is true everywhere."""
    return (1 << (1 << count)) - 1


@cache
def _ones_of(bit: int, count: int) -> int:
    """Return the truth table over `count` variables of the one at this bit."""
    half = 1 << bit
    block = ((1 << half) - 1) << half
    for doubling in range(bit + 1, count):
        block |= block << (1 << doubling)
    return block


@dataclass(frozen=True, slots=True)
class TruthTables:
    """Sets of worlds as integers of 2^n bits; bit w belongs to the world numbered w.

    The first of `names` is the highest bit of a world's number.
    """

    names: tuple[str, ...]

    @property
    def everything(self) -> int:
        """The set of all worlds."""
        return _all_of(len(self.names))

    @property
    def nothing(self) -> int:
        """The empty set."""
        return 0

    def look(self) -> None:
        """Do nothing: tables are small."""

    def variable(self, name: str) -> int:
        """Return the worlds in which the variable is 1."""
        return self._where(self._bit(name))

    def _bit(self, name: str) -> int:
        return len(self.names) - 1 - self.names.index(name)

    def _where(self, bit: int) -> int:
        return _ones_of(bit, len(self.names))

    def fix(self, worlds: int, values: Mapping[str, int]) -> int:
        """Return the worlds that are in the set once these variables are given these values."""
        for name, value in values.items():
            bit = self._bit(name)
            where = self._where(bit)
            if value:
                kept = worlds & where
                worlds = kept | kept >> (1 << bit)
            else:
                kept = worlds & ~where
                worlds = kept | kept << (1 << bit)
        return worlds

    def exists(self, names: Iterable[str], worlds: int) -> int:
        """Return the worlds that some values of these variables bring into the set."""
        for name in names:
            worlds = self.fix(worlds, {name: 0}) | self.fix(worlds, {name: 1})
        return worlds

    def close_upwards(self, names: Iterable[str], worlds: int) -> int:
        """Return the smallest set that contains `worlds` and grows with each of these variables."""
        for name in names:
            bit = self._bit(name)
            worlds |= (worlds & ~self._where(bit)) << (1 << bit)
        return worlds

    def branching(self, worlds: int, order: Sequence[str]) -> Branching:
        """Return the set as a diagram; `order` must go through names in their own order."""
        positions = {name: position for position, name in enumerate(order)}
        nodes: list[tuple[int, int, int]] = []
        known: dict[tuple[int, int], int] = {}
        unique: dict[tuple[int, int, int], int] = {}
        depth = len(self.names)

        def build(level: int, table: int) -> int:
            if level == depth:
                return table
            key = (level, table)
            found = known.get(key)
            if found is None:
                half = 1 << (depth - 1 - level)
                low = build(level + 1, table & ((1 << half) - 1))
                high = build(level + 1, table >> half)
                if low == high:
                    found = low
                else:
                    node = (positions[self.names[level]], low, high)
                    found = unique.get(node, 0)
                    if not found:
                        found = unique[node] = len(nodes) + 2
                        nodes.append(node)
                known[key] = found
            return found

        root = build(0, worlds)
        return Branching(tuple(order), tuple(nodes), root)
