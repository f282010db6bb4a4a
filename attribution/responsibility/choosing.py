"""A harm prevented by duties met and variables held, in truth tables that grow with each choice.

Whether a variable is held or follows its equation is a choice where either may help. Such a choice
is a variable of the algebra, but only from where it is made: what is computed before has half the
bits. The last choice made is the highest bit of a world's number, so that a table is extended by
putting its copy on top, and a choice is made, or done away with, by halves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attribution.causation.algebra import WorldSet
from attribution.causation.sets import State, States
from attribution.responsibility.model import followed

if TYPE_CHECKING:
    from attribution.causation.worlds import Worlds
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
    for name in runs.affected[harm.id]:
        follows: WorldSet = table.follow(name)
        if name in harm.effect.names:
            table.states[name] = follows
        elif name in runs.worlds.boolean:
            table.settle(name, follows)
        else:
            table.settle_values(name, follows)
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
        self._chosen: list[str] = []
        self._width = 1 << len(runs.worlds.algebra.names)
        self._widths: list[int] = []
        self._places, self._last_read = _find_readings(runs, harm)

    def follow(self, name: str) -> State:
        """Return what the equation of the variable gives."""
        logic = self.runs.worlds.logic.get(name)
        if logic is not None:
            return logic(self.states, self.evidence)
        return self._worlds.follow(name, self.states, self.evidence)

    @property
    def _worlds(self) -> Worlds:
        """The worlds in tables as wide as the choices so far make them."""
        return self.runs.worlds.widened(self._chosen)

    def settle(self, name: str, follows: int) -> None:
        """Note the state of a Boolean variable that is held or follows, whichever helps."""
        runs, wants = self.runs, self.wants
        holdable: WorldSet = runs.fed[name] & runs.evidence
        if holdable:
            actual: WorldSet = runs.actual[name]
            true: WorldSet = wants.true.get(name, 0)
            contested = holdable & true & wants.false.get(name, 0)
            either = contested and (follows ^ self._widen(actual)) & self._widen(contested)
            # Where it helps that it is true, the higher of the two is taken, elsewhere the lower.
            higher = holdable & actual & true
            lower = holdable & ~(actual | true)
            if higher:
                follows |= self._widen(higher)
            if lower:
                follows &= ~self._widen(lower)
            if either:
                lifted = follows << self._width
                self._grow(name)
                follows = follows ^ either | lifted
        self.states[name] = follows

    def settle_values(self, name: str, follows: State) -> None:
        """Note the state of a variable of several values that is held or follows.

        Where nothing that could prevent the harm depends on it, it follows.
        """
        holdable = self.runs.fed[name] & self.runs.evidence
        if self.wants.contested(name) & holdable:
            actual = self._widen_state(self.runs.actual[name])
            held = self._worlds.choose(self._widen(holdable), actual, follows)
            width = self._width
            self._grow(name)
            follows = _put_above(follows, held, width)
        self.states[name] = follows

    def prevented(self) -> int:
        """Return where some choices prevent the harm."""
        harmed: WorldSet = self._worlds.find(self.harm.effect, self.states, self.evidence)
        prevented: int = self.evidence & ~harmed
        for width in reversed(self._widths):
            prevented = (prevented | prevented >> width) & ((1 << width) - 1)
        return prevented

    def _grow(self, name: str) -> None:
        """Add the choice about a variable; of the states only what is still read is kept."""
        if len(self._widths) == self.room:
            raise TooManyChoicesError
        width, states, places = self._width, self.states, self._places
        here = places[name]
        self.states = {
            other: _put_above(states[other], states[other], width)
            for other, last in self._last_read.items()
            if last > here and places.get(other, -1) < here
        }
        self.evidence |= self.evidence << width
        self._chosen.append(followed(name))
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


def _find_readings(runs: Runs, harm: Harm) -> tuple[dict[str, int], dict[str, int]]:
    """Return the step at which each variable is settled, and that at which each is last read."""
    equations = runs.worlds.model.equations
    affected = runs.affected[harm.id]
    places = {name: place for place, name in enumerate(affected)}
    last_read: dict[str, int] = {}
    for name, place in places.items():
        last_read.update(dict.fromkeys(equations[name].names, place))
    last_read.update(dict.fromkeys(harm.effect.names, len(affected)))
    return places, last_read


def _put_above(lower: State, upper: State, width: int) -> State:
    """Return the state that is the one without the choice just made, and the other with it."""
    if isinstance(lower, dict) and isinstance(upper, dict):
        values = sorted({*lower, *upper})
        return {value: lower.get(value, 0) | upper.get(value, 0) << width for value in values}
    without: WorldSet = lower
    chosen: WorldSet = upper
    return without | chosen << width
