"""Actual causes by the modified Halpern-Pearl definition.

Halpern, "A Modification of the Halpern-Pearl Definition of Causality", IJCAI 2015, AC2(a^m);
degrees after Halpern, "Actual Causality", MIT Press 2016, ch. 6.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from attribution.causation.contingency import Change, Clock
from attribution.causation.expression import Expression
from attribution.causation.structural import StructuralModel


@dataclass(frozen=True, slots=True)
class Witness:
    """How a set of causes makes the difference.

    `contrast` is the other value of each cause; `held` the contingency W with its values;
    `cost` the number of variables that count in the degree of responsibility.
    """

    contrast: Mapping[str, int]
    held: Mapping[str, int]
    cost: int


@dataclass(frozen=True, slots=True)
class ModifiedDefinition:
    """AC2 and the enumeration of the modified definition in one model with its actual values."""

    model: StructuralModel
    effect: Expression
    actual: Mapping[str, int]
    clock: Clock

    def find_witness(self, names: frozenset[str]) -> Witness | None:
        """Return the witness of AC2 with the fewest variables held, or None if AC2 fails."""
        ordered = [name for name in self.model.domains if name in names]
        best: Witness | None = None
        for setting in itertools.product(*(self.model.domains[name] for name in ordered)):
            contrast = dict(zip(ordered, setting, strict=True))
            if all(contrast[name] == self.actual[name] for name in ordered):
                continue
            holdable = self.model.domains.keys() - names
            change = Change(self.model, self.effect, self.actual, contrast, holdable)
            held = change.find_contingency(self.clock)
            if held is not None and (best is None or len(held) < best.cost):
                best = Witness(contrast, held, len(held))
        return best

    def degree(self, names: frozenset[str], witness: Witness) -> Fraction:
        """Return 1/(|X|+|W|), W counting only variables held against their equations."""
        return Fraction(1, len(names) + witness.cost)

    def find_causes(self, candidates: tuple[str, ...]) -> Iterator[frozenset[str]]:
        """Yield every cause, smallest first, each size in topological order.

        Every way the model could run is an assignment in which each variable follows its
        equation, is held at its actual value, or deviates from both. The causes are the minimal
        sets of deviating variables among the assignments in which the effect is false.
        """
        order = self.model.cone_of(self.effect.names & self.model.domains.keys())
        usable = [name for name in order if name in candidates]
        found: list[frozenset[str]] = []
        for size in range(1, len(usable) + 1):
            search = _Deviations(self, order, frozenset(usable), found, size, dict(self.actual))
            search.descend(0, ())
            new = [cause for cause in search.hits if not any(old < cause for old in found)]
            place = {name: index for index, name in enumerate(order)}
            new.sort(key=lambda cause: sorted(place[name] for name in cause))
            found.extend(new)
            yield from new
            if not search.cut:
                return


@dataclass(slots=True)
class _Deviations:
    """One round of the search: all sets of exactly `size` deviating variables."""

    definition: ModifiedDefinition
    order: tuple[str, ...]
    candidates: frozenset[str]
    found: list[frozenset[str]]
    size: int
    values: dict[str, int]
    cut: bool = False
    hits: set[frozenset[str]] = field(default_factory=set)

    def descend(self, position: int, deviating: tuple[str, ...]) -> None:
        self.definition.clock.tick()
        if position == len(self.order):
            if len(deviating) == self.size and not self.definition.model.holds(
                self.definition.effect, self.values
            ):
                self.hits.add(frozenset(deviating))
            return
        name = self.order[position]
        actual = self.definition.actual[name]
        value = self.definition.model.value_of(name, self.values)
        for choice in (value,) if value == actual else (value, actual):
            self.values[name] = choice
            self.descend(position + 1, deviating)
        if name not in self.candidates or self.covers_cause(deviating, name):
            return
        if len(deviating) == self.size:
            self.cut = True
            return
        for choice in self.definition.model.domains[name]:
            if choice not in (value, actual):
                self.values[name] = choice
                self.descend(position + 1, (*deviating, name))

    def covers_cause(self, deviating: tuple[str, ...], name: str) -> bool:
        together = {*deviating, name}
        return together in self.hits or any(cause <= together for cause in self.found)
