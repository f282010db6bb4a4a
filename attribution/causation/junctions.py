"""`and` and `or` over sets of worlds: part after part, or in pairs where there are many."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from attribution.causation.algebra import WorldSet

if TYPE_CHECKING:
    from attribution.causation.sets import State, Truth

MANY = 8
"""From so many parts on, diagrams joined one to the next grow long before they are done."""


def join_in_turn(
    word: str, parts: Sequence[Truth], nothing: WorldSet, look: Callable[[], None]
) -> Truth:
    """Return `and` or `or`; what no longer decides a world is not evaluated in it."""

    def every(states: Mapping[str, State], within: WorldSet) -> WorldSet:
        for part in parts:
            look()
            within = part(states, within)
            if within == nothing:
                break
        return within

    def some(states: Mapping[str, State], within: WorldSet) -> WorldSet:
        false = within
        for part in parts:
            look()
            false = false & ~part(states, false)
            if false == nothing:
                break
        return within & ~false

    return every if word == "and" else some


def join_in_pairs(word: str, parts: Sequence[Truth], look: Callable[[], None]) -> Truth:
    """Return `and` or `or` of parts that have a value in every world.

    Neighbours are joined first: what parts have in common is mostly near in their order.
    """
    join = operator.and_ if word == "and" else operator.or_

    def evaluate(states: Mapping[str, State], within: WorldSet) -> WorldSet:
        found = []
        for part in parts:
            look()
            found.append(part(states, within))
        while len(found) > 1:
            look()
            pairs = zip(found[::2], found[1::2], strict=False)
            odd = found[-1:] if len(found) % 2 else []
            found = [*(join(one, two) for one, two in pairs), *odd]
        return found[0]

    return evaluate
