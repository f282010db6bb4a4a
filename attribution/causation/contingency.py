"""Contingencies: which variables must stay as they were for a change to change the outcome."""

from __future__ import annotations

import time
from collections.abc import Container, Mapping
from dataclasses import dataclass, field

from attribution.causation.expression import Expression
from attribution.causation.structural import StructuralModel

_STEPS_BETWEEN_LOOKS = 256


class OutOfTimeError(Exception):
    """The time allowed for a search is over; caught where the partial answer is put together."""


@dataclass(slots=True)
class Clock:
    """Counts the steps of a search and raises OutOfTimeError after `seconds` (`None`: never)."""

    seconds: float | None = None
    _steps: int = 0
    _end: float = field(init=False, default=0.0)

    def __post_init__(self) -> None:
        self._end = time.monotonic() + (self.seconds or 0.0)

    def tick(self) -> None:
        """Count one step."""
        self._steps += 1
        if (
            self.seconds is not None
            and self._steps % _STEPS_BETWEEN_LOOKS == 0
            and time.monotonic() > self._end
        ):
            raise OutOfTimeError


@dataclass(frozen=True, slots=True)
class Change:
    """A change of some variables, against what was, and the event it may prevent.

    `actual` has the value of every variable and of the context. `holdable` are the variables
    that may be held at their actual values; those changed are never held.
    """

    model: StructuralModel
    event: Expression
    actual: Mapping[str, int]
    setting: Mapping[str, int]
    holdable: Container[str]

    def find_contingency(self, clock: Clock | None = None) -> dict[str, int] | None:
        """Return a smallest set held at its actual values with which the change prevents the event.

        Every variable of the answer is held against what its equation gives. `None` if no set
        does. Variables are visited in topological order and only those whose equation gives
        another value than the actual one are branched on, so the search is exact: holding any
        other variable changes nothing.
        """
        watch = clock or Clock()
        cone = set(self.model.cone_of(self.event.names & self.model.domains.keys()))
        changed = [name for name in self.model.domains if name in cone and name in self.setting]
        affected = self.model.descendants_of(changed) & cone
        order = [name for name in self.model.domains if name in affected]
        for size in range(len(order) + 1):
            values = dict(self.actual)
            values.update({name: self.setting[name] for name in changed})
            search = _Search(self, order, values, watch)
            held = search.descend(0, size)
            if held is not None:
                return {name: self.actual[name] for name in order if name in held}
            if not search.cut:
                return None
        return None


@dataclass(slots=True)
class _Search:
    change: Change
    order: list[str]
    values: dict[str, int]
    clock: Clock
    cut: bool = False

    def descend(self, position: int, room: int) -> frozenset[str] | None:
        """Return what is held from `position` on, at most `room` variables, or None."""
        self.clock.tick()
        change = self.change
        for index in range(position, len(self.order)):
            name = self.order[index]
            if name in change.setting:
                continue
            value = change.model.value_of(name, self.values)
            self.values[name] = value
            if value == change.actual[name] or name not in change.holdable:
                continue
            if room == 0:
                self.cut = True
                continue
            held = self.descend(index + 1, room)
            if held is not None:
                return held
            self.values[name] = change.actual[name]
            held = self.descend(index + 1, room - 1)
            return None if held is None else held | {name}
        return None if change.model.holds(change.event, self.values) else frozenset()
