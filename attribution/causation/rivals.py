"""What a hypothesis explains: with its facts fixed, does what was observed have to happen?

A hypothesis fixes the values of some variables. One that an exogenous variable alone sets is given
its value, whatever was believed of it; any other is taken to have been observed at it. In the
worlds that are left an observation has to happen (it does in all), cannot (in none), is accounted
for (in the likeliest of them it happens) or is unexpected. Nothing is said of an observation that
shares no ancestor with what the hypothesis fixes: the two are independent.

Sources: Pearl 2000, section 7.1; Heuer 1999, Psychology of Intelligence Analysis, chapter 8
(consistent, inconsistent, not applicable).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from attribution.causation.algebra import MAX_TABLE, Algebra, TruthTables, WorldSet
from attribution.causation.diagram import Diagrams
from attribution.causation.effort import Effort
from attribution.causation.sets import State
from attribution.causation.structural import StructuralModel
from attribution.causation.syntax import Name
from attribution.causation.weights import Bounds, find_best, weigh
from attribution.causation.worlds import Worlds

HAS_TO, ACCOUNTS, UNEXPECTED, CANNOT = "has_to", "accounts", "unexpected", "cannot"
ASSUMED, NO_BEARING = "assumed", "no_bearing"

Facts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a hypothesis makes of one observation, and how probable it makes it.

    `likelihood` is None where the hypothesis has no world at all, or says nothing of it.
    """

    mark: str
    likelihood: Bounds | None = None


class Rivals:
    """All hypotheses about one Boolean model, judged over the same worlds.

    `credence` gives the probability that each uncertain exogenous variable is 1; `fixable` names
    the variables that hypotheses fix. Raises OutOfTimeError, and TooLargeError where the worlds
    have too little structure.
    """

    def __init__(
        self,
        model: StructuralModel,
        credence: Mapping[str, Bounds],
        fixable: Iterable[str],
        effort: Effort | None = None,
    ) -> None:
        self._sources = {name: _source_of(model, name) for name in sorted(set(fixable))}
        pinned = {source for source in self._sources.values() if source is not None}
        self._credence = dict(credence)
        self._axes = tuple(
            name
            for name in _order(model)
            if name in pinned or (name in credence and not credence[name].is_certain)
        )
        certain = {name: int(known.point) for name, known in credence.items() if known.is_certain}
        self._settled = {name: certain[name] for name in self._axes if name in certain}
        rest = {name: value for name, value in certain.items() if name not in self._settled}
        self.model = model.with_context(rest)
        algebra: Algebra = (
            TruthTables(self._axes)
            if len(self._axes) <= MAX_TABLE
            else Diagrams(self._axes, effort or Effort())
        )
        self._worlds = Worlds(self.model, self._axes, algebra)
        self._states: Mapping[str, State] = self._worlds.run()
        self._cones: dict[str, frozenset[str]] = {}

    def judge(self, facts: Facts, name: str, value: int = 1) -> Verdict:
        """Return what the hypothesis with these facts makes of a variable having had a value."""
        if name in facts:
            return Verdict(ASSUMED if facts[name] == value else CANNOT)
        if not any(self._cone(name) & self._cone(fact) for fact in facts):
            return Verdict(NO_BEARING)
        given, fixed = self._given(facts)
        algebra = self._worlds.algebra
        yes = algebra.fix(self._where(name, value), fixed) & given
        no = given & ~yes
        if given == algebra.nothing:
            return Verdict(CANNOT)
        likelihood = self._ratio(yes, no)
        if no == algebra.nothing:
            return Verdict(HAS_TO, likelihood)
        if yes == algebra.nothing:
            return Verdict(CANNOT, likelihood)
        accounted = self._best(yes) > self._best(no)
        return Verdict(ACCOUNTS if accounted else UNEXPECTED, likelihood)

    def likelihood(self, facts: Facts, observed: Iterable[str]) -> Bounds | None:
        """Return how probable a hypothesis makes all observations together, with outer bounds.

        Those that it assumes are left out. None where it has no world at all.
        """
        given, fixed = self._given(facts)
        algebra = self._worlds.algebra
        if given == algebra.nothing:
            return None
        yes = given
        for name in observed:
            if facts.get(name) == 0:
                return Bounds.exactly(0)
            if name not in facts:
                yes = yes & algebra.fix(self._where(name, 1), fixed)
        return self._ratio(yes, given & ~yes)

    def _given(self, facts: Facts) -> tuple[WorldSet, dict[str, int]]:
        """Return the worlds a hypothesis leaves, and the axes that it or certainty fixes."""
        fixed = dict(self._settled)
        for name, value in facts.items():
            source = self._sources[name]
            if source is not None:
                fixed[source] = value
        algebra = self._worlds.algebra
        given = algebra.everything
        for name, value in sorted(facts.items()):
            if self._sources[name] is None:
                given = given & algebra.fix(self._where(name, value), fixed)
        return given, fixed

    def _where(self, name: str, value: int) -> WorldSet:
        return self._worlds.where(name, value, self._states)

    def _cone(self, name: str) -> frozenset[str]:
        if name not in self._cones:
            self._cones[name] = frozenset(self.model.cone_of([name]))
        return self._cones[name]

    def _ratio(self, yes: WorldSet, no: WorldSet) -> Bounds | None:
        """Return the probability of one set among the two, None where both have probability 0."""
        one, other = self._weigh(yes), self._weigh(no)
        if not one.point + other.point:
            return None
        low = one.low / (one.low + other.high) if one.low + other.high else one.low
        high = one.high / (one.high + other.low) if one.high + other.low else one.high
        return Bounds(low, one.point / (one.point + other.point), high)

    def _weigh(self, worlds: WorldSet) -> Bounds:
        return weigh(self._worlds.algebra.branching(worlds, self._axes), self._credence)

    def _best(self, worlds: WorldSet) -> Fraction:
        return find_best(self._worlds.algebra.branching(worlds, self._axes), self._credence)


def _source_of(model: StructuralModel, name: str) -> str | None:
    """Return the exogenous variable that alone sets a variable, None for any other."""
    node = model.equations[name].node
    return node.name if isinstance(node, Name) and node.name in model.context else None


def _order(model: StructuralModel) -> list[str]:
    """Return the exogenous variables, each near those that decide the same effect with it."""
    order: dict[str, None] = {}
    seen: set[str] = set()
    stack = list(model.domains)
    while stack:
        name = stack.pop()
        if name in model.context:
            order[name] = None
        elif name not in seen:
            seen.add(name)
            stack += reversed(model.equations[name].sorted_names)
    return list(order)
