"""Actual causes by the modified Halpern-Pearl definition.

Halpern, "A Modification of the Halpern-Pearl Definition of Causality", IJCAI 2015, AC2(a^m);
degrees after Halpern, "Actual Causality", MIT Press 2016, ch. 6.

Every way the model could run is an assignment in which each variable follows its equation, is
held at its actual value, or deviates from both. The causes are the minimal sets of deviating
variables among the assignments in which the effect is false.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from attribution.causation.certificates import Certificates
from attribution.causation.cohort import Cohorts
from attribution.causation.contingency import Contingencies, Contingency
from attribution.causation.correction import Corrections
from attribution.causation.cutsets import CutSets, bits_of
from attribution.causation.degrees import DegreeSearch
from attribution.causation.deviation import Deviations
from attribution.causation.effort import Effort, OutOfTimeError
from attribution.causation.enumeration import Enumeration
from attribution.causation.expression import Expression
from attribution.causation.formula import FALSE
from attribution.causation.holding import Holding
from attribution.causation.replay import Replay
from attribution.causation.requirement import Requirements
from attribution.causation.structural import StructuralModel

NO_WAY = "no candidate can prevent the effect"
UNSETTLED = "stopped before a way was chosen"
BY_CUT_SETS = "minimal cut sets, as no variable is needed both to stay and to change"

# Fewer causes than this are put to the solver one by one.
_FEWEST_TOGETHER = 64

# A cause with more settings than this is put to the solver without trying each.
_MAX_TRIED = 8


@dataclass(frozen=True, slots=True)
class Witness:
    """How a set of causes makes the difference.

    `contrast` is the other value of each cause; `held` the contingency W with its values;
    `cost` the number of variables that count in the degree of responsibility.
    """

    contrast: Mapping[str, int]
    held: Mapping[str, int]
    cost: int


class ModifiedDefinition:
    """AC2 and the enumeration of the modified definition in one model with its actual values.

    `actual` has the value of every variable and of the context. `method` says how causes are
    sought, once they are; `first` that no more than so many of them are wanted.
    """

    def __init__(
        self,
        model: StructuralModel,
        effect: Expression,
        actual: Mapping[str, int],
        effort: Effort,
        *,
        first: int | None = None,
    ) -> None:
        self.model = model
        self.effect = effect
        self.actual = actual
        self.effort = effort
        self._first = first
        self.method = UNSETTLED
        self.replay = Replay(model, effect, actual)
        self.requirements = Requirements(model, actual)
        self._names = tuple(model.domains)
        self._certificates = Certificates(self.replay)
        self._contingencies: Contingencies | None = None
        self._cohorts: Cohorts | None = None
        self._sought: Deviations | None = None
        self._cuts: CutSets | None = None
        self._flags: frozenset[str] = frozenset()

    def deviations(self, candidates: Iterable[str]) -> Deviations:
        """Return the formula of how the effect can fail when these variables may deviate."""
        return Deviations(self.requirements, self.effect, self.actual, candidates)

    def find_witness(self, names: frozenset[str]) -> Witness | None:
        """Return the witness of AC2 with the fewest variables held, or None if AC2 fails."""
        found = self._find_contingency(names)
        return None if found is None else self._certify([found])[0]

    def find_witnesses(self, causes: Sequence[frozenset[str]]) -> Iterator[Witness]:
        """Yield the witnesses of causes, in their order.

        Raises OutOfTimeError, after those found until then have been yielded.
        """
        found: list[Contingency | None] = [None] * len(causes)
        try:
            if len(causes) >= _FEWEST_TOGETHER and self._leave_no_choice(causes):
                self._find_together(causes, found)
            elif self._contingencies is None:
                found = self._try_alone(causes)
            for number, names in enumerate(causes):
                self.effort.tick()
                if found[number] is None:
                    found[number] = self._find_contingency(names)
                if found[number] is None:
                    raise AssertionError(f"{sorted(names)} passed AC2 and then failed it")
        except (KeyboardInterrupt, OutOfTimeError):
            yield from self._certify(_leading(found))
            raise
        yield from self._certify(_leading(found))

    def _leave_no_choice(self, causes: Sequence[frozenset[str]]) -> bool:
        """Return whether each variable of these causes has but one value beside its actual one."""
        names = frozenset[str]().union(*causes)
        domains = self.model.domains
        return names <= self._flags and all(len(domains[name]) == 2 for name in names)  # noqa: PLR2004 - a pair

    def _find_together(
        self, causes: Sequence[frozenset[str]], found: list[Contingency | None]
    ) -> None:
        """Find what to hold for causes that leave no choice of new values."""
        if self._cohorts is None:
            self._cohorts = Cohorts(
                self._certificates, lambda: self._contingencies_of(self._flags), self.effort
            )
        other = {
            name: next(value for value in domain if value != self.actual[name])
            for name, domain in self.model.domains.items()
            if name in self._flags and len(domain) > 1
        }
        contrasts = [{name: other[name] for name in self.in_order(names)} for names in causes]
        for alike, held in self._cohorts.explain(contrasts):
            for bit in bits_of(alike):
                found[bit] = Contingency(contrasts[bit], held)

    def _find_contingency(self, names: frozenset[str]) -> Contingency | None:
        if self._contingencies is None or not names <= self._flags:
            alone = self._change_alone(names)
            if alone is not None:
                return Contingency(alone, {})
        return self._contingencies_of(names).find(names)

    def _certify(self, found: Sequence[Contingency]) -> list[Witness]:
        """Return the witnesses found once a run of the model has shown each."""
        certified = self._certificates.certify(found)
        return [
            Witness(contingency.contrast, held, len(held))
            for contingency, held in zip(found, certified, strict=True)
        ]

    def in_order(self, names: Iterable[str]) -> list[str]:
        """Return these variables in the order of the model."""
        return sorted(names, key=self.requirements.position.__getitem__)

    def is_minimal(self, names: frozenset[str], among: frozenset[str]) -> bool:
        """Return whether no strict subset of these variables passes AC2, of those `among` them.

        What passes AC2 does so with more added, so that only the largest subsets are tried.
        """
        deviations = self.deviations(names)
        if deviations.goal == FALSE:
            return True
        corrections = Corrections(deviations, self.effort)
        position = self.requirements.position
        usable = [position[name] for name in position if name in among]
        size = min(len(usable), len(names) - 1)
        try:
            return not any(map(corrections.can_fail, itertools.combinations(usable, size)))
        finally:
            corrections.close()

    def prevents_alone(self, names: frozenset[str]) -> bool:
        """Return whether some change of these variables prevents the effect with nothing held."""
        if self._change_alone(names) is not None:
            return True
        holding = Holding(self.replay, self.requirements, names, holdable=())
        contingencies = Contingencies(self.replay, holding, self.effort)
        try:
            return contingencies.find(names) is not None
        finally:
            contingencies.close()

    def degree(self, names: frozenset[str], witness: Witness) -> Fraction:
        """Return 1/(|X|+|W|), W counting only variables held against their equations."""
        return Fraction(1, len(names) + witness.cost)

    def find_causes(self, candidates: tuple[str, ...]) -> Iterator[frozenset[str]]:
        """Yield every cause, smallest first, each size in topological order.

        Raises OutOfTimeError, after what was found until then has been yielded.
        """
        deviations = self._sought = self.deviations(candidates)
        if deviations.goal == FALSE:
            self.method = NO_WAY
            return
        self._flags = frozenset(self._names[variable] for variable in deviations.flags())
        start = 1
        if deviations.is_monotone:
            cuts = self._cuts = CutSets(deviations)
            if cuts.are_few():
                self.method = BY_CUT_SETS
                yield from self._in_order(cuts.find_all(self.effort))
                return
            start = cuts.smallest[-1]
        enumeration = Enumeration(deviations, self.effort, self._first)
        self.method = enumeration.method
        for some in enumeration.find_smallest_first(start):
            self.method = enumeration.method
            yield from self._in_order(some)

    def find_degrees(self, known: Mapping[str, Fraction]) -> dict[str, Fraction]:
        """Return the degrees of responsibility of candidates without enumerating all causes.

        After `find_causes`; `known` has the best degree of each candidate in the causes it gave.
        Those left out could not be settled within the effort.
        """
        deviations, cuts = self._sought, self._cuts
        if deviations is None:
            return {}
        settled = {name: Fraction(0) for name in known if name not in self._flags}
        if cuts is not None and cuts.is_tree and deviations.plain:
            for variable, size in cuts.smallest_with().items():
                settled[self._names[variable]] = Fraction(1, size)
            return settled
        search = DegreeSearch(self._contingencies_of(self._flags), deviations, self.effort)
        try:
            settled |= search.settle({name: known[name] for name in known if name in self._flags})
        finally:
            search.close()
        return settled

    def _in_order(self, causes: Iterable[tuple[int, ...]]) -> Iterator[frozenset[str]]:
        for cause in sorted(causes, key=lambda one: (len(one), one)):
            yield frozenset(map(self._names.__getitem__, cause))

    def _change_alone(self, names: frozenset[str]) -> dict[str, int] | None:
        """Return other values for these variables that prevent the effect with nothing held.

        Only where these are few to try: each at a value other than its actual one.
        """
        return next(filter(self.replay.prevents, self._other_settings(names)), None)

    def _try_alone(self, causes: Sequence[frozenset[str]]) -> list[Contingency | None]:
        """Return for each what `_change_alone` does, all run together."""
        settings = [setting for names in causes for setting in self._other_settings(names)]
        prevented = iter(self._certificates.prevent(settings))
        found: list[Contingency | None] = []
        for names in causes:
            own = [it for it in self._other_settings(names) if next(prevented)]
            found.append(Contingency(own[0], {}) if own else None)
        return found

    def _other_settings(self, names: frozenset[str]) -> list[dict[str, int]]:
        """Return the settings in which each variable has another value; none if there are many."""
        others = {
            name: [value for value in self.model.domains[name] if value != self.actual[name]]
            for name in self.in_order(names)
        }
        if math.prod(map(len, others.values())) > _MAX_TRIED:
            return []
        settings: list[dict[str, int]] = [{}]
        for name, values in others.items():
            settings = [{**setting, name: value} for setting in settings for value in values]
        return settings

    def _contingencies_of(self, names: frozenset[str]) -> Contingencies:
        shared = names <= self._flags
        if shared and self._contingencies is not None:
            return self._contingencies
        holding = Holding(self.replay, self.requirements, self._flags if shared else names)
        contingencies = Contingencies(self.replay, holding, self.effort)
        if shared:
            self._contingencies = contingencies
        return contingencies


def _leading(found: Iterable[Contingency | None]) -> list[Contingency]:
    """Return those before the first that is missing."""
    return [one for one in itertools.takewhile(lambda it: it is not None, found) if one]
