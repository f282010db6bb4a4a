"""Sets of worlds as binary decision diagrams, by the library dd (CUDD where its wheel has it)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any, TypeAlias

from attribution.causation.algebra import Branching, WorldSet
from attribution.causation.effort import Effort

MAX_NODES = 2_000_000
"""Beyond this many nodes of all sets together a diagram is given up (about 200 MB)."""

_MEMORY = 2**27
_LEAST_MEMORY = 2**23
_FILLED_IN_A_SECOND = 2**26
"""How much memory one operation fills within a second; nothing stops it before it is full."""

_CACHE = 2**12
_NODES_BETWEEN_LOOKS = 64
_LOOKS_BETWEEN_COUNTS = 512
_NODE_IN_PYTHON = 2**10
"""So much slower than the library in C the one in Python is, in bytes of its memory to a node."""


Manager: TypeAlias = Any


class TooLargeError(Exception):
    """The diagram has outgrown its limit; caught where another way of computing is chosen."""


@contextmanager
def growth_refused() -> Iterator[None]:
    """Turn the library's answer to an operation beyond its memory into TooLargeError."""
    try:
        yield
    except (MemoryError, ValueError, RuntimeError) as error:
        # CUDD returns no node; the library says so in the first words, its twin in the second.
        told = ("`NULL` pointer", "reached `self.max_nodes` nodes")
        if isinstance(error, MemoryError) or any(words in str(error) for words in told):
            raise TooLargeError from None
        raise


class Diagrams:
    """The algebra of decision diagrams over `names`, in that order from the top.

    Operations on elements are the library's own; `look` is called now and then while many are
    combined, and raises TooLargeError or OutOfTimeError. Diagrams are read with the variables
    `first` on top and the rest below, each in the order of `names`.
    """

    def __init__(
        self,
        names: Sequence[str],
        effort: Effort,
        first: Collection[str] = (),
        max_nodes: int = MAX_NODES,
    ) -> None:
        self.names = tuple(names)
        self.first = frozenset(first)
        self.effort = effort
        self.max_nodes = max_nodes
        self.manager = _manager(self.names, _memory_for(effort))
        self._operations = 0

    @cached_property
    def everything(self) -> WorldSet:
        """The set of all worlds."""
        return self.manager.true

    @cached_property
    def nothing(self) -> WorldSet:
        """The empty set."""
        return self.manager.false

    def look(self) -> None:
        """Stop where time or room are over. Raises TooLargeError and OutOfTimeError."""
        self._operations += 1
        self.effort.check()
        if self._operations % _LOOKS_BETWEEN_COUNTS == 0 and self.max_nodes < len(self.manager):
            raise TooLargeError

    def variable(self, name: str) -> WorldSet:
        """Return the worlds in which the variable is 1."""
        return self.manager.var(name)

    def fix(self, worlds: WorldSet, values: Mapping[str, int]) -> WorldSet:
        """Return the worlds that are in the set once these variables are given these values."""
        self.look()
        if not values:
            return worlds
        return self.manager.let({name: bool(value) for name, value in values.items()}, worlds)

    def exists(self, names: Iterable[str], worlds: WorldSet) -> WorldSet:
        """Return the worlds that some values of these variables bring into the set."""
        self.look()
        return self.manager.exist(list(names), worlds)

    def close_upwards(self, names: Iterable[str], worlds: WorldSet) -> WorldSet:
        """Return the smallest set that contains `worlds` and grows with each of these variables.

        In one pass: a node of such a variable is followed by its lower branch, and by both at once.
        """
        growing = frozenset(names)
        known = {self.nothing: self.nothing, self.everything: self.everything}
        waiting = [worlds]
        while waiting:
            node = waiting[-1]
            if node in known:
                waiting.pop()
                continue
            low, high = _branches(node)
            if node.var in growing:
                high = low | high
            missing = [child for child in (low, high) if child not in known]
            if missing:
                waiting += missing
                continue
            self.look()
            known[node] = self.manager.ite(self.manager.var(node.var), known[high], known[low])
            waiting.pop()
        return known[worlds]

    def branching(self, worlds: WorldSet, order: Sequence[str]) -> Branching:
        """Return the set as a diagram with the variables in this order; others must not matter.

        The order is that of `names` with `first` on top. Raises TooLargeError if that order makes
        it too large.
        """
        wanted = set(order)
        if tuple(name for name in self.names if name in wanted) == tuple(order):
            return self._reading.branching(worlds, order)
        return self._regrouped.branching(self.manager.copy(worlds, self._regrouped.manager), order)

    @cached_property
    def _reading(self) -> _Reading:
        return _Reading(self)

    @cached_property
    def _regrouped(self) -> Diagrams:
        top = [name for name in self.names if name in self.first]
        rest = [name for name in self.names if name not in self.first]
        return Diagrams((*top, *rest), self.effort, max_nodes=self.max_nodes)


def _branches(node: WorldSet) -> tuple[WorldSet, WorldSet]:
    """Return what a set is where the variable of its top node is 0, and where it is 1."""
    return (~node.low, ~node.high) if node.negated else (node.low, node.high)


def _memory_for(effort: Effort) -> int:
    """Return the bytes a diagram may take: no more than one operation fills in the time left."""
    left = effort.remaining()
    memory = _MEMORY
    while left is not None and memory > max(_LEAST_MEMORY, left * _FILLED_IN_A_SECOND):
        memory //= 2
    return memory


def _manager(names: Sequence[str], memory: int) -> Manager:
    try:
        # Small tables to begin with: they grow, and most models are small.
        from dd.cudd import BDD

        manager = BDD(memory_estimate=_MEMORY, initial_cache_size=_CACHE)
        manager.configure(max_memory=memory)
    except ImportError:
        from dd import autoref

        manager = autoref.BDD()
        if memory < _MEMORY:
            manager._bdd.max_nodes = memory // _NODE_IN_PYTHON  # noqa: SLF001 - no public way
    # An order that moves by itself would make the time depend on what was computed before.
    manager.configure(reordering=False)
    manager.declare(*names)
    return manager


class _Reading:
    """The nodes of an algebra that were read so far, each but once, in plain values.

    A node is (name, id where it is 0, id where it is 1), numbered as in `Branching`.
    """

    def __init__(self, algebra: Diagrams) -> None:
        # No way back to the algebra: in a cycle its manager would go before what refers to it.
        self._effort = algebra.effort
        self._max_nodes = algebra.max_nodes
        self.nodes: list[tuple[str, int, int]] = []
        self._known: dict[int, int] = {int(algebra.nothing): 0, int(algebra.everything): 1}
        # The library may give the number of a node that nobody refers to any more to another one.
        self._kept: list[WorldSet] = []

    def branching(self, worlds: WorldSet, order: Sequence[str]) -> Branching:
        """Return the diagram of a set, children first; no recursion, as diagrams may be deep."""
        root = self._read(worlds)
        positions = {name: position for position, name in enumerate(order)}
        nodes: list[tuple[int, int, int]] = []
        number = {0: 0, 1: 1}
        waiting = [root]
        while waiting:
            node = waiting[-1]
            if node in number:
                waiting.pop()
                continue
            name, low, high = self.nodes[node - 2]
            if low in number and high in number:
                number[node] = len(nodes) + 2
                nodes.append((positions[name], number[low], number[high]))
                waiting.pop()
            else:
                waiting += (high, low)
        return Branching(tuple(order), tuple(nodes), number[root])

    def _read(self, root: WorldSet) -> int:
        known, nodes = self._known, self.nodes
        if int(root) in known:
            return known[int(root)]
        self._kept.append(root)
        waiting = [(int(root), root)]
        while waiting:
            key, node = waiting[-1]
            if key in known:
                waiting.pop()
                continue
            low, high = _branches(node)
            first, second = int(low), int(high)
            if first in known and second in known:
                nodes.append((node.var, known[first], known[second]))
                known[key] = len(nodes) + 1
                waiting.pop()
                if len(nodes) % _NODES_BETWEEN_LOOKS == 0:
                    self._effort.check()
                    if len(nodes) > self._max_nodes:
                        raise TooLargeError
            else:
                waiting += ((second, high), (first, low))
        return known[int(root)]
