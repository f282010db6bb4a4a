"""Actual causes as the smallest corrections: a solver looks for flags that let the event fail.

Hard clauses say how the event can fail, soft ones that nothing deviates; every minimal set of
soft clauses given up is a cause (Liffiton and Sakallah, JAR 40, 2008, on minimal correction sets).
"""

from __future__ import annotations

from collections.abc import Container, Generator, Iterable

from attribution.causation.clauses import Clauses
from attribution.causation.deviation import Deviations
from attribution.causation.effort import Effort, OutOfTimeError
from attribution.causation.satisfaction import Bounds, Satisfaction

# Where only the first causes are wanted, a size is still enumerated if it has this many more.
_BEYOND = 500

Cause = tuple[int, ...]


class Corrections:
    """The solver for the formula of one event; flags are literals 1, 2, ... in model order.

    `count` causes of less than `size` variables were found, and of this size those it has `met`.
    """

    __slots__ = (
        "_bounds",
        "_effort",
        "_literal",
        "_literals",
        "_names",
        "count",
        "flags",
        "met",
        "size",
        "solver",
    )

    def __init__(self, deviations: Deviations, effort: Effort) -> None:
        self.flags = deviations.flags()
        self._literal = {variable: number for number, variable in enumerate(self.flags, 1)}
        self._names = (-1, *self.flags)
        self._effort = effort
        clauses, top = write_clauses(deviations, self._literal)
        self.solver = Satisfaction(clauses, top, effort)
        self.solver.prefer_false(range(1, top + 1))
        self._literals = list(self._literal.values())
        self._bounds = Bounds(self.solver, self._literals)
        self.size = 1
        self.count = 0
        self.met: list[Cause] = []

    def close(self) -> None:
        """Free the solver's memory."""
        self.solver.close()

    def can_fail(self, allowed: Container[int]) -> bool:
        """Return whether the event can fail when only these variables may deviate."""
        return self.solver.solve(
            [-literal for variable, literal in self._literal.items() if variable not in allowed]
        )

    def reduce(self, allowed: Iterable[int]) -> Cause | None:
        """Return a cause among these variables, None if there is none."""
        return self._reduce([self._literal[variable] for variable in allowed])

    def exclude(self, cause: Cause) -> None:
        """Find neither this cause nor a set that covers it from now on."""
        self.solver.add([-self._literal[variable] for variable in cause])

    def find_smallest_first(
        self, start: int = 1, first: int | None = None, most: int | None = None
    ) -> Generator[list[Cause], None, bool]:
        """Yield the causes of each size, none smaller than `start`; sizes without any left out.

        With `first`, of a size with very many only as many as that are yielded, the first in
        model order, and that ends it. With `most`, the search rests where there are more than
        so many: those of `size` that it has `met` are not yielded, and asked again it goes on.
        Return whether it rests.
        """
        self.size = max(self.size, start)
        while self.solver.solve(()):
            room = None if first is None else first + 1 - self.count
            rests = yield from self._of_size(room, None if most is None else most - self.count)
            if rests or (first is not None and self.count > first):
                return rests
            self._effort.say(f"{self.count:,} causes so far, all of {self.size} variables or fewer")
            self.size += 1
        return False

    def _of_size(self, room: int | None, most: int | None) -> Generator[list[Cause], None, bool]:
        """Yield the causes of the size, as all smaller ones are excluded; return if it rests."""
        literals, met = self._literals, self.met
        bound = self._bounds.at_most(self.size)
        try:
            while self.solver.solve(bound):
                if len(met) == most:
                    return True
                if room is not None and len(met) >= room + _BEYOND:
                    met = self._first_of_size(literals, bound, room, met)
                    break
                cause = self._names_of(self.solver.chosen(literals))
                self.exclude(cause)
                met.append(cause)
        except (KeyboardInterrupt, OutOfTimeError):
            yield met
            raise
        self.met = []
        self.count += len(met)
        if met:
            yield met
        return False

    def _first_of_size(
        self, literals: list[int], bound: list[int], room: int, found: list[Cause]
    ) -> list[Cause]:
        """Return the first `room` causes in model order, those `found` already among them."""
        best = sorted(found)[:room]
        while self.solver.solve(bound):
            given: list[int] = []
            left = set(self.solver.chosen(literals))
            for literal in literals:
                # The last solution has what is given; it is the first when it cannot be bettered.
                if literal not in left:
                    if not self.solver.solve([*bound, *given, literal]):
                        given.append(-literal)
                        continue
                    left = set(self.solver.chosen(literals))
                given.append(literal)
                if left <= set(given):
                    break
            cause = self._names_of([literal for literal in given if literal > 0])
            if len(best) >= room and cause > best[-1]:
                break
            self.exclude(cause)
            best = sorted([*best, cause])[:room]
        return best

    def _names_of(self, literals: list[int]) -> Cause:
        return tuple(self._names[literal] for literal in sorted(literals))

    def _reduce(self, chosen: list[int]) -> Cause | None:
        """Return a cause among the chosen flags by trying to do without each."""
        solver = self.solver
        allowed = dict.fromkeys(chosen)
        outside = [-literal for literal in self._literal.values() if literal not in allowed]
        if not solver.solve(outside):
            return None
        kept: list[int] = []
        rest = solver.chosen(chosen)
        outside += [-literal for literal in chosen if literal not in set(rest)]
        while rest:
            trial = rest.pop()
            if solver.solve([*outside, -trial]):
                outside.append(-trial)
                left = set(solver.chosen(rest))
                outside += [-literal for literal in rest if literal not in left]
                rest = [literal for literal in rest if literal in left]
            else:
                kept.append(trial)
        return self._names_of(kept)


def write_clauses(deviations: Deviations, flag_of: dict[int, int]) -> tuple[list[list[int]], int]:
    """Return the clauses of the formula and the last literal they use.

    A variable with a flag leaves its value for a class of others if it is flagged or there is a
    reason; it is in one class at most.
    """
    formulas = deviations.requirements.formulas
    reasons = deviations.reasons
    literal_of: dict[tuple[int, int], int] = {}
    free = len(flag_of) + 1
    for variable, ways in reasons.items():
        for way in ways:
            literal_of[variable, way] = free
            free += 1

    def leaf(variable: int, mask: int) -> int:
        ways = reasons[variable]
        if mask & deviations.actual[variable]:
            outside = [literal_of[variable, way] for way in ways if not way & mask]
            if len(outside) == 1:
                return -outside[0]
            literal = clauses.new_literal()
            clauses.clauses.extend([-literal, -other] for other in outside)
            return literal
        inside = [literal_of[variable, way] for way in ways if way & mask]
        if len(inside) == 1:
            return inside[0]
        literal = clauses.new_literal()
        clauses.clauses.append([-literal, *inside])
        return literal

    clauses = Clauses(formulas, leaf, free)
    clauses.imply((), deviations.goal)
    for variable, ways in reasons.items():
        flag = [flag_of[variable]] if variable in flag_of else []
        for way, reason in ways.items():
            clauses.imply([-literal_of[variable, way], *flag], reason)
        if len(ways) > 1:
            own = [literal_of[variable, way] for way in ways]
            clauses.clauses.extend(
                [-one, -other] for index, one in enumerate(own) for other in own[:index]
            )
    return clauses.clauses, clauses.top
