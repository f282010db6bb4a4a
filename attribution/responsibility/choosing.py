"""A harm prevented by duties met and variables held, in truth tables that grow with each choice.

Whether a variable is held or follows its equation is a choice where either may help. Such a choice
is a variable of the algebra, but only from where it is made: what is computed before has half the
bits. The last choice made is the highest bit of a world's number, so that a table is extended by
putting its copy on top, and a choice is made, or done away with, by halves.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from attribution.causation.algebra import WorldSet
from attribution.causation.sets import State, States
from attribution.responsibility.model import followed

if TYPE_CHECKING:
    from attribution.responsibility.model import Harm
    from attribution.responsibility.runs import Runs


class TooManyChoicesError(Exception):
    """More choices than tables have room for; caught where diagrams are taken instead."""


def prevent_by_choosing(runs: Runs, harm: Harm, room: int) -> int:
    """Return where the breaches selected, all set to norm, prevent the harm with holding.

    The algebra must be one of truth tables; the choices made are done away with in the answer.
    Raises TooManyChoicesError where there are more than `room` of them, and ModelError as
    `Worlds.run` does.
    """
    table = _Growing(runs, harm, room)
    affected = runs.affected[harm.id]
    for position, name in enumerate(affected):
        follows: WorldSet = table.follow(name)
        if name in harm.effect.names:
            table.states[name] = follows
        elif name in runs.worlds.boolean:
            table.settle(name, follows, affected[position + 1 :])
        else:
            table.settle_values(name, follows, affected[position + 1 :])
    return table.prevented()


class _Growing:
    """The states as of one step, in tables twice as wide with each choice."""

    def __init__(self, runs: Runs, harm: Harm, room: int) -> None:
        self.runs = runs
        self.room = room
        self.harm = harm
        self.wants = runs.wants[harm.id]
        self.states: States = dict(runs.complied)
        self.evidence: int = runs.evidence
        self._worlds = runs.worlds
        self._width = 1 << len(runs.worlds.algebra.names)
        self._widths: list[int] = []

    def follow(self, name: str) -> State:
        """Return what the equation of the variable gives."""
        return self._worlds.follow(name, self.states, self.evidence)

    def settle(self, name: str, follows: int, later: Sequence[str]) -> None:
        """Note the state of a Boolean variable that is held or follows, whichever helps.

        `later` are the variables that are still to come.
        """
        holdable = self.runs.fed[name] & self.runs.evidence
        actual: WorldSet = self.runs.actual[name]
        differs = (follows ^ self._widen(actual)) & self._widen(holdable)
        if differs:
            # Where the two differ, the higher of them is 1 and the lower is 0.
            lift = self._widen(self.wants.true.get(name, 0))
            follows ^= (follows ^ lift) & differs
            either = differs & self._widen(self.wants.contested(name))
            if either:
                lifted = follows << self._width
                self._grow(name, later)
                follows = follows ^ either | lifted
        self.states[name] = follows

    def settle_values(self, name: str, follows: State, later: Sequence[str]) -> None:
        """Note the state of a variable of several values that is held or follows.

        Where nothing that could prevent the harm depends on it, it follows.
        """
        holdable = self.runs.fed[name] & self.runs.evidence
        if self.wants.contested(name) & holdable:
            actual = self._widen_state(self.runs.actual[name])
            held = self._worlds.choose(self._widen(holdable), actual, follows)
            width = self._width
            self._grow(name, later)
            follows = _put_above(follows, held, width)
        self.states[name] = follows

    def prevented(self) -> int:
        """Return where some choices prevent the harm."""
        harmed = self._worlds.find(self.harm.effect, self.states, self.evidence)
        prevented: int = self.evidence & ~harmed
        for width in reversed(self._widths):
            prevented = (prevented | prevented >> width) & ((1 << width) - 1)
        return prevented

    def _grow(self, name: str, later: Sequence[str]) -> None:
        """Add the choice about a variable; of the states only what is still read is kept."""
        if len(self._widths) == self.room:
            raise TooManyChoicesError
        equations = self._worlds.model.equations
        read = self.harm.effect.names.union(*(equations[other].names for other in later))
        width = self._width
        self.states = {
            other: _put_above(self.states[other], self.states[other], width)
            for other in read.difference(later, (name,))
        }
        self.evidence |= self.evidence << width
        self._worlds = self._worlds.widened(followed(name))
        self._widths.append(width)
        self._width = width << 1

    def _widen(self, worlds: int) -> int:
        """Return a set over the facts and breaches as one over the choices so far too."""
        for width in self._widths:
            worlds |= worlds << width
        return worlds

    def _widen_state(self, state: State) -> State:
        if isinstance(state, dict):
            return {value: self._widen(worlds) for value, worlds in state.items()}
        return self._widen(state)


def _put_above(lower: State, upper: State, width: int) -> State:
    """Return the state that is the one without the choice just made, and the other with it."""
    if isinstance(lower, dict) and isinstance(upper, dict):
        values = sorted({*lower, *upper})
        return {value: lower.get(value, 0) | upper.get(value, 0) << width for value in values}
    without: WorldSet = lower
    chosen: WorldSet = upper
    return without | chosen << width
