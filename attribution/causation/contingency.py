"""Contingencies: which variables must stay as they were for a change to change the outcome."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from attribution.causation.effort import Effort
from attribution.causation.expression import Expression
from attribution.causation.holding import Holding
from attribution.causation.replay import Replay
from attribution.causation.requirement import Requirements
from attribution.causation.satisfaction import Satisfaction
from attribution.causation.structural import StructuralModel

# After so many cores, what is held is counted: hitting every choice among many alike has no end.
_MAX_CORES = 8


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

    def find_contingency(self, effort: Effort | None = None) -> dict[str, int] | None:
        """Return a smallest set held at its actual values with which the change prevents the event.

        Every variable of the answer is held against what its equation gives. `None` if no set
        does. Raises OutOfTimeError.
        """
        replay = Replay(self.model, self.event, self.actual)
        if replay.prevents(self.setting):
            return {}
        requirements = Requirements(self.model, self.actual)
        holding = Holding(replay, requirements, self.setting, self.holdable, self.setting)
        search = Contingencies(replay, holding, effort or Effort())
        try:
            found = search.find(self.setting)
            return None if found is None else replay.certify(self.setting, found.held)
        finally:
            search.close()


@dataclass(frozen=True, slots=True)
class Contingency:
    """New values of the variables changed, and what is held at its actual value meanwhile."""

    contrast: Mapping[str, int]
    held: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Core:
    """Why a change fails: of `choice`, literals of holds, one must be held.

    So it is with every change that changes none of the variables `unless`.
    """

    unless: frozenset[str]
    choice: frozenset[int]


class Contingencies:
    """Finds the smallest sets to hold for changes of some variables, one solver for all."""

    __slots__ = ("_replay", "holding", "solver")

    def __init__(self, replay: Replay, holding: Holding, effort: Effort) -> None:
        self._replay = replay
        self.holding = holding
        self.solver = Satisfaction(holding.clauses, holding.top, effort)
        self.solver.prefer_false(range(1, holding.top + 1))

    def close(self) -> None:
        """Free the solver's memory."""
        self.solver.close()

    def find(self, changed: Iterable[str]) -> Contingency | None:
        """Return new values for these variables with a smallest set to hold, None if none do.

        Raises OutOfTimeError.
        """
        names = frozenset(changed)
        solver, holds = self.solver, self.holding.holds
        given = [
            literal if name in names else -literal for name, literal in self.holding.flags.items()
        ]
        implied = solver.implied(given)
        if implied is None:
            return None
        spare = [literal for literal in holds if literal not in implied]
        if not self._hold_few(spare, given):
            forced = [literal for literal in holds if literal in implied]
            if solver.minimise(spare, [*given, *forced]) is None:
                return None
        return self.read(names)

    def refute(self, changed: frozenset[str], held: frozenset[int]) -> Core | None:
        """Return why these variables and what is held do not prevent the event, None if they do.

        What is held is given by literals, any of which may go unused. Raises OutOfTimeError.
        """
        holding, solver = self.holding, self.solver
        unheld = [-literal for literal in holding.holds if literal not in held]
        unchanged = {-literal: n for n, literal in holding.flags.items() if n not in changed}
        if solver.solve([*unheld, *unchanged]):
            return None
        choice = frozenset(-literal for literal in solver.core(unheld))
        return Core(frozenset(unchanged[one] for one in solver.core(unchanged)), choice)

    def _hold_few(self, spare: list[int], given: list[int]) -> bool:
        """Return whether a smallest set to hold is found by hitting few cores; solve it then.

        Each core is a set of which one must be held; the smallest set that hits all those known
        is tried next (Chandrasekaran et al., SODA 2011, on implicit hitting sets).
        """
        solver = self.solver
        cores: list[frozenset[int]] = []
        unheld = [-literal for literal in spare]
        tried: frozenset[int] = frozenset()
        without = given + unheld
        while not solver.solve(without):
            core = solver.core(unheld)
            if not core or len(cores) == _MAX_CORES:
                return False
            cores.append(frozenset(-literal for literal in core))
            size = len(tried)
            while (better := hit(cores, size)) is None:
                size += 1
            tried = better
            without = given + [literal for literal in unheld if -literal not in tried]
        return True

    def held_by(self, literals: Iterable[int]) -> dict[str, int]:
        """Return the variables that these literals hold, with their actual values."""
        actual = self._replay.actual
        return {name: actual[name] for name in map(self.holding.holds.__getitem__, literals)}

    def read(self, names: frozenset[str]) -> Contingency:
        """Return what the solver's last solution changes and holds."""
        holding = self.holding
        held = self.held_by(self.solver.chosen(holding.holds))
        return Contingency(
            {name: self._value(name) for name in holding.flags if name in names},
            {name: value for name, value in held.items() if name not in names},
        )

    def _value(self, name: str) -> int:
        """Return the value of a changed variable in the last solution, the actual one if it may."""
        actual = self._replay.actual[name]
        for way, literal in self.holding.values.get(name, {}).items():
            if self.solver.holds(literal):
                domain = self._replay.model.domains[name]
                values = [value for bit, value in enumerate(domain) if way >> bit & 1]
                return actual if actual in values else values[0]
        return actual


def hit(cores: Sequence[frozenset[int]], size: int) -> frozenset[int] | None:
    """Return at most `size` literals with one of each core, None where there are none such."""
    if not cores:
        return frozenset()
    forced = frozenset[int]().union(*(core for core in cores if len(core) == 1))
    if forced:
        open_cores = [core for core in cores if forced.isdisjoint(core)]
        rest = hit(open_cores, size - len(forced)) if len(forced) <= size else None
        return None if rest is None else rest | forced
    apart = 0
    seen: frozenset[int] = frozenset()
    for core in cores:
        if seen.isdisjoint(core):
            apart += 1
            seen |= core
    if apart > size:
        return None  # Cores that share nothing take a literal each.
    fewest = min(map(len, cores))
    narrow = next(core for core in cores if len(core) == fewest)
    for literal in sorted(narrow):
        rest = hit([core for core in cores if literal not in core], size - 1)
        if rest is not None:
            return rest | {literal}
    return None
