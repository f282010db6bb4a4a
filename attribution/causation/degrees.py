"""Degrees of responsibility without all causes: the cheapest cause around each variable.

A degree is 1/(|X|+|W|) at its best over the causes X with a variable (Halpern 2016, ch. 6). The
cheapest changes and holds that involve a variable are asked of a solver; where what it changes is
not minimal, the cause inside is weighed in its place and never met again.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from attribution.causation.contingency import Contingencies
from attribution.causation.correction import Corrections
from attribution.causation.deviation import Deviations
from attribution.causation.effort import Effort, OutOfTimeError

# So many sets that turn out not to be causes are looked at for one variable before it is given up:
# that a variable is in no cause at all can take as many as there are causes.
_MAX_MISSES = 200

MAX_STEPS = 600
"""So many steps of the solver are taken for all degrees together; what is open then is left out."""


class DegreeSearch:
    """The search for the degrees of the variables that can deviate."""

    __slots__ = ("_contingencies", "_corrections", "_costly", "_effort", "_flags", "_names")

    def __init__(
        self, contingencies: Contingencies, deviations: Deviations, effort: Effort
    ) -> None:
        self._contingencies = contingencies
        self._corrections = Corrections(deviations, effort)
        self._effort = effort
        self._flags = contingencies.holding.flags
        self._names = tuple(deviations.requirements.position)
        self._costly = [*self._flags.values(), *contingencies.holding.holds]

    def close(self) -> None:
        """Free the solver's memory."""
        self._corrections.close()

    def settle(self, known: Mapping[str, Fraction]) -> dict[str, Fraction]:
        """Return the degree of each of these variables, those left out that took too long.

        `known` has the best degree found so far for each, 0 for none.
        """
        best = {name: degree.denominator for name, degree in known.items() if degree}
        settled: dict[str, Fraction] = {}
        solver = self._contingencies.solver
        # Everything added below holds under this literal only: the contingencies are asked again.
        here = solver.new_literal()
        solver.steps = MAX_STEPS
        try:
            for name in known:
                self._effort.say(f"degree of {name}")
                cost = self._settle_one(name, here, best)
                if cost is not None:
                    settled[name] = Fraction(1, cost) if cost else Fraction(0)
        except OutOfTimeError:
            return settled
        finally:
            solver.steps = None
        return settled

    def _settle_one(self, name: str, here: int, best: dict[str, int]) -> int | None:
        """Return the cost of the cheapest cause with it, 0 for none, None if that took too long."""
        solver = self._contingencies.solver
        flag = self._flags[name]
        for _ in range(_MAX_MISSES):
            cost = solver.minimise(self._costly, [here, flag])
            if cost is None:
                return best.get(name, 0)
            if name in best and best[name] <= cost:
                return best[name]
            self._weigh(frozenset(self._changed()), cost, here, best)
        return None

    def _changed(self) -> list[str]:
        chosen = set(self._contingencies.solver.chosen(self._flags.values()))
        return [name for name, literal in self._flags.items() if literal in chosen]

    def _weigh(self, changed: frozenset[str], cost: int, here: int, best: dict[str, int]) -> None:
        """Weigh the cause among the changed variables, and exclude it and all around it."""
        solver = self._contingencies.solver
        position = {name: index for index, name in enumerate(self._names) if name in changed}
        reduced = self._corrections.reduce(position.values())
        if reduced is None:
            raise AssertionError(f"{sorted(changed)} prevented the effect and then did not")
        cause = frozenset(self._names[variable] for variable in reduced)
        if cause != changed:
            found = self._contingencies.find(cause)
            if found is None:
                raise AssertionError(f"{sorted(cause)} prevented the effect and then did not")
            cost = len(cause) + len(found.held)
        for name in cause:
            best[name] = min(cost, best.get(name, cost))
        solver.add([-here, *(-self._flags[name] for name in sorted(cause))])
