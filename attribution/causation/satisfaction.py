"""A solver for clauses that keeps to an effort, and the fewest literals that must be given up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from attribution.causation.clauses import Clause
from attribution.causation.effort import Effort, OutOfTimeError

# After this many conflicts the solver comes back, so that time and Ctrl-C are looked at.
_CONFLICTS_AT_ONCE = 5_000
_STEPS_OF_HARD = 60


class Satisfaction:
    """The clauses given so far. All answers are the same for the same calls in the same order."""

    __slots__ = ("_effort", "_model", "_solver", "steps", "top")

    def __init__(self, clauses: Iterable[Clause], top: int, effort: Effort) -> None:
        from pysat.solvers import Solver

        self._solver: Any = Solver(name="g4", bootstrap_with=clauses)
        self._effort = effort
        self._model: list[int] | None = None
        self.steps: int | None = None
        self.top = top

    def close(self) -> None:
        """Free the solver's memory."""
        self._solver.delete()

    def add(self, clause: Clause) -> None:
        """Add a clause."""
        self._solver.add_clause(clause)

    def new_literal(self) -> int:
        """Return a literal that nothing uses yet."""
        self.top += 1
        return self.top

    def solve(self, assumptions: Sequence[int]) -> bool:
        """Return whether the clauses can hold with these literals.

        Raises OutOfTimeError, also where `steps` were given and are used up: a question takes one,
        a hard one many. Unlike seconds they are the same on every machine.
        """
        self._effort.tick()
        self._model = None
        self._take_steps(1)
        while True:
            self._solver.conf_budget(_CONFLICTS_AT_ONCE)
            answer = self._solver.solve_limited(assumptions=assumptions, expect_interrupt=True)
            if answer is not None:
                return bool(answer)
            self._effort.check()
            self._take_steps(_STEPS_OF_HARD)

    def _take_steps(self, count: int) -> None:
        if self.steps is not None:
            self.steps -= count
            if self.steps < 0:
                raise OutOfTimeError

    def core(self, among: Iterable[int]) -> list[int]:
        """Return those `among` these that the last failure came from; not all may be needed."""
        failed = set(self._solver.get_core() or ())
        return [literal for literal in among if literal in failed] if failed else []

    def chosen(self, literals: Iterable[int]) -> list[int]:
        """Return which of these positive literals hold in the last solution."""
        model = self._solution()
        known = len(model)
        return [literal for literal in literals if literal <= known and model[literal - 1] > 0]

    def holds(self, literal: int) -> bool:
        """Return whether the literal holds in the last solution."""
        model = self._solution()
        known = abs(literal) <= len(model)
        return (known and model[abs(literal) - 1] > 0) is (literal > 0)

    def _solution(self) -> list[int]:
        model = self._model
        if model is None:
            model = self._model = self._solver.get_model()
        return model

    def implied(self, assumptions: Sequence[int]) -> set[int] | None:
        """Return the literals that follow at once from these; None where they contradict."""
        holds, literals = self._solver.propagate(assumptions=assumptions)
        return set(literals) if holds else None

    def prefer_false(self, literals: Iterable[int]) -> None:
        """Try these literals as false first."""
        self._solver.set_phases([-literal for literal in literals])

    def minimise(self, costly: Sequence[int], assumptions: Sequence[int]) -> int | None:
        """Return how few of the `costly` literals can hold; None where the clauses cannot.

        The last solution then is one with so few. Core-guided (Morgado, Dodaro, Marques-Silva,
        CP 2014): each core of preferences that cannot all be met costs one, and is replaced by a
        count of which at most one more each time may be lost. Raises OutOfTimeError.
        """
        from pysat.card import ITotalizer

        given = list(assumptions)
        wishes = dict.fromkeys(-literal for literal in costly)
        counters: dict[int, tuple[Any, int]] = {}
        cost = 0
        while not self.solve(given + list(wishes)):
            core = self.core(wishes)
            if not core:
                return None
            cost += 1
            for literal in core:
                del wishes[literal]
                if literal in counters:
                    counter, bound = counters.pop(literal)
                    self._allow(counter, bound + 1, wishes, counters)
            if len(core) > 1:
                counter = ITotalizer(lits=[-literal for literal in core], ubound=1, top_id=self.top)
                self._take(counter, 0)
                self._allow(counter, 1, wishes, counters)
        return cost

    def _allow(
        self,
        counter: Any,  # noqa: ANN401 - the library has no types
        bound: int,
        wishes: dict[int, None],
        counters: dict[int, tuple[Any, int]],
    ) -> None:
        """Wish that at most `bound` of what the counter counts hold."""
        if bound >= len(counter.lits):
            return
        before = len(counter.cnf.clauses)
        if bound > counter.ubound:
            counter.increase(ubound=bound, top_id=self.top)
            self._take(counter, before)
        wish = -counter.rhs[bound]
        wishes[wish] = None
        counters[wish] = (counter, bound)

    def _take(self, counter: Any, before: int) -> None:  # noqa: ANN401 - as above
        for clause in counter.cnf.clauses[before:]:
            self._solver.add_clause(clause)
        self.top = max(self.top, counter.top_id)


class Bounds:
    """Counts how many of some literals hold, for bounds that are raised step by step."""

    __slots__ = ("_counter", "_literals", "_satisfaction")

    def __init__(self, satisfaction: Satisfaction, literals: list[int]) -> None:
        self._satisfaction = satisfaction
        self._literals = literals
        self._counter: Any = None

    def at_most(self, bound: int) -> list[int]:
        """Return assumptions under which at most `bound` of the literals hold."""
        from pysat.card import ITotalizer

        if bound >= len(self._literals):
            return []
        satisfaction = self._satisfaction
        before = 0
        if self._counter is None:
            self._counter = ITotalizer(lits=self._literals, ubound=bound, top_id=satisfaction.top)
        elif bound > self._counter.ubound:
            before = len(self._counter.cnf.clauses)
            self._counter.increase(ubound=bound, top_id=satisfaction.top)
        else:
            return [-self._counter.rhs[bound]]
        for clause in self._counter.cnf.clauses[before:]:
            satisfaction.add(clause)
        satisfaction.top = max(satisfaction.top, self._counter.top_id)
        return [-self._counter.rhs[bound]]
