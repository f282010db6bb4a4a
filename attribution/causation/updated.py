"""Actual causes by the original and the updated Halpern-Pearl definitions.

Halpern and Pearl, "Causes and Explanations: A Structural-Model Approach, Part I", UAI 2001
(original, AC2(b^o)) and BJPS 56, 2005 (updated, AC2(b^u)); degrees after Chockler and Halpern,
"Responsibility and Blame: A Structural-Model Approach", JAIR 22, 2004.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from attribution.causation.contingency import Clock
from attribution.causation.expression import Expression
from attribution.causation.modified import Witness
from attribution.causation.structural import StructuralModel


@dataclass(frozen=True, slots=True)
class ContingentDefinition:
    """AC2 and the enumeration of the updated definition, or of the original one."""

    model: StructuralModel
    effect: Expression
    actual: Mapping[str, int]
    clock: Clock
    original: bool

    @property
    def order(self) -> tuple[str, ...]:
        """Return the variables that can matter, in topological order."""
        return self.model.cone_of(self.effect.names & self.model.domains.keys())

    def find_witness(self, names: frozenset[str]) -> Witness | None:
        """Return the witness of AC2 with the fewest changed variables, or None if AC2 fails."""
        order = self.order
        ordered = [name for name in order if name in names]
        if not ordered:
            return None
        settings = [
            dict(zip(ordered, setting, strict=True))
            for setting in itertools.product(*(self.model.domains[name] for name in ordered))
        ]
        for room in range(len(order) + 1):
            cut = False
            for contrast in settings:
                search = _Contingencies(self, order, contrast, dict(self.actual), {})
                if search.descend(0, room):
                    held = self.drop_idle(frozenset(ordered), contrast, search.held)
                    return Witness(contrast, held, room)
                cut = cut or search.cut
            if not cut:
                return None
        return None

    def degree(self, _names: frozenset[str], witness: Witness) -> Fraction:
        """Return 1/(k+1), k the number of changed contingency variables."""
        return Fraction(1, witness.cost + 1)

    def find_causes(self, candidates: tuple[str, ...]) -> Iterator[frozenset[str]]:
        """Yield every cause, smallest first, each size in topological order.

        Causes of the original definition are single variables (Eiter and Lukasiewicz 2002,
        Hopkins 2002), and each member of an updated cause is itself an original one
        (Halpern 2016, theorem 2.2.3), so that larger sets are sought among those alone.
        """
        single = [name for name in self.order if name in candidates]
        loose: list[str] = []
        for name in single:
            if self.find_witness(frozenset((name,))):
                yield frozenset((name,))
            elif not self.original and self.as_original().find_witness(frozenset((name,))):
                loose.append(name)
        found: list[frozenset[str]] = []
        for size in range(2, len(loose) + 1):
            for names in map(frozenset, itertools.combinations(loose, size)):
                if not any(cause <= names for cause in found) and self.find_witness(names):
                    found.append(names)
                    yield names

    def as_original(self) -> ContingentDefinition:
        """Return the original definition in the same model."""
        return ContingentDefinition(self.model, self.effect, self.actual, self.clock, original=True)

    def is_sufficient(self, names: frozenset[str], held: Mapping[str, int]) -> bool:
        """Return AC2(b): with the causes at their actual values the effect holds regardless.

        Regardless of which variables outside `held` are kept at their actual values, and, in
        the updated definition, of which of those in `held` are set.
        """
        return self.stays(0, self.order, names, held, dict(self.actual))

    def stays(
        self,
        position: int,
        order: tuple[str, ...],
        names: frozenset[str],
        held: Mapping[str, int],
        values: dict[str, int],
    ) -> bool:
        """Return whether the effect holds in every run that differs from `position` on."""
        self.clock.tick()
        if position == len(order):
            return self.model.holds(self.effect, values)
        name = order[position]
        if name in names:
            choices = [self.actual[name]]
        elif name in held and self.original:
            choices = [held[name]]
        else:
            kept = held.get(name, self.actual[name])
            choices = sorted({self.model.value_of(name, values), kept})
        for choice in choices:
            values[name] = choice
            if not self.stays(position + 1, order, names, held, values):
                return False
        return True

    def drop_idle(
        self, names: frozenset[str], contrast: Mapping[str, int], held: Mapping[str, int]
    ) -> dict[str, int]:
        """Return `held` without variables at their actual values that the witness can do without.

        What is dropped follows its equation; both halves of AC2 are checked again for each.
        """
        kept = dict(held)
        for name in held:
            if held[name] != self.actual[name]:
                continue
            fewer = {other: value for other, value in kept.items() if other != name}
            run = self.model.evaluate(self.actual, {**contrast, **fewer})
            if not self.model.holds(self.effect, run) and self.is_sufficient(names, fewer):
                kept = fewer
        return kept


@dataclass(slots=True)
class _Contingencies:
    """The search for W and its setting, with at most `room` variables changed."""

    definition: ContingentDefinition
    order: tuple[str, ...]
    contrast: Mapping[str, int]
    values: dict[str, int]
    held: dict[str, int]
    cut: bool = False

    def descend(self, position: int, room: int) -> bool:
        self.definition.clock.tick()
        model = self.definition.model
        if position == len(self.order):
            return not model.holds(
                self.definition.effect, self.values
            ) and self.definition.is_sufficient(frozenset(self.contrast), self.held)
        name = self.order[position]
        if name in self.contrast:
            self.values[name] = self.contrast[name]
            return self.descend(position + 1, room)
        value = model.value_of(name, self.values)
        actual = self.definition.actual[name]
        if value != actual:
            self.values[name] = value
            if self.descend(position + 1, room):
                return True
        # Holding a variable at its actual value asks no more of AC2(b) than letting it follow.
        if self.hold(name, actual, position, room):
            return True
        others = [other for other in model.domains[name] if other != actual]
        if room == 0:
            self.cut = self.cut or bool(others)
            return False
        return any(self.hold(name, other, position, room - 1) for other in others)

    def hold(self, name: str, value: int, position: int, room: int) -> bool:
        self.values[name] = self.held[name] = value
        if self.descend(position + 1, room):
            return True
        del self.held[name]
        return False
