"""Worlds weighted by credences: how much of the evidence a set of worlds is, in exact integers."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property
from math import lcm, prod
from typing import TypeVar

from attribution.causation.algebra import WorldSet
from attribution.causation.effort import Effort
from attribution.errors import ImpossibleError
from attribution.responsibility.averting import AvertingTable
from attribution.responsibility.model import Interval, PotencyModel
from attribution.responsibility.runs import find_evidence
from attribution.responsibility.worlddiagram import WorldDiagram

Key = TypeVar("Key", int, str)


class WeighedWorlds:
    """The worlds of a table with the weights that one model's credences give them."""

    def __init__(self, table: AvertingTable, model: PotencyModel, effort: Effort) -> None:
        """Weigh the worlds.

        Raises ImpossibleError where no world of positive probability has all harms and
        observations.
        """
        self.table = table
        self.model = model
        self.effort = effort
        self.evidence = table.evidence
        if model is not table.model:
            self.evidence &= find_evidence(model, table.worlds, table.actual)
        self.credences = [self._credence(name) for name in table.facts]
        self.points = [interval.point for interval in self.credences]
        if not self.inside:
            raise ImpossibleError(
                "the harm and what was observed have probability 0",
                file=model.structure.file,
                got=" and ".join(harm.effect.text for harm in model.harms),
                expected="credences under which they can have happened",
                remedy="check the credences of exactly 0 or 1 and the equations that lead to it",
            )

    def _credence(self, name: str) -> Interval:
        known = self.model.credence.get(name)
        return known or Interval.exactly(self.model.structure.context[name])

    def mass(self, worlds: WorldSet) -> Fraction:
        """Return the probability of a set of worlds beforehand."""
        return Fraction(self.count(self.table.diagram_of(worlds)), self.whole)

    def count(self, diagram: WorldDiagram) -> int:
        """Return the mass of a set of worlds, given by its diagram."""
        masses, _ = diagram.masses(self.points)
        return sum(mass for cell, mass in zip(diagram.cells, masses, strict=True) if cell == 1)

    @cached_property
    def whole(self) -> int:
        """The mass that stands for 1."""
        return prod(point.denominator for point in self.points)

    @cached_property
    def inside(self) -> int:
        """The mass of the evidence."""
        return self.count(self.table.diagram_of(self.evidence))

    @cached_property
    def total(self) -> Fraction:
        """The probability of the evidence beforehand."""
        return Fraction(self.inside, self.whole)

    def probability(self, worlds: WorldSet) -> Fraction:
        """Return the probability of a set of worlds, given the evidence."""
        return self.mass(worlds & self.evidence) / self.total

    @cached_property
    def possible(self) -> WorldSet:
        """The worlds of positive probability beforehand."""
        worlds = self.table.algebra.everything
        for name, point in zip(self.table.facts, self.points, strict=True):
            if point in (0, 1):
                present = self.table.algebra.variable(name)
                worlds = worlds & (present if point else ~present)
        return worlds

    def likeliest(self, worlds: WorldSet) -> tuple[dict[str, int], Fraction] | None:
        """Return the likeliest world of a set of worlds of the evidence, and its probability.

        The probability is that beforehand. None where the set has probability 0.
        """
        diagram = self.table.diagram_of(worlds & self.evidence)
        weights, edges = diagram.likeliest(self.points)
        inside = [number for number, cell in enumerate(diagram.cells) if cell == 1]
        if not inside or not weights[inside[0]]:
            return None
        return diagram.trace(inside[0], edges, self.points), weights[inside[0]]

    @cached_property
    def likeliest_weight(self) -> Fraction:
        """The probability beforehand of the likeliest world of the evidence."""
        found = self.likeliest(self.evidence)
        return Fraction(0) if found is None else found[1]

    @cached_property
    def weights(self) -> dict[str, int]:
        """Each harm's amount as an integer, in a unit that all harms share."""
        common = lcm(*(harm.amount.denominator for harm in self.model.harms))
        return {
            h.id: h.amount.numerator * (common // h.amount.denominator) for h in self.model.harms
        }

    @cached_property
    def portions(self) -> dict[str, Fraction]:
        """Each harm's part of the total amount."""
        total = sum(self.weights.values())
        return {harm: Fraction(weight, total) for harm, weight in self.weights.items()}

    def scale_sums(self, sums: Mapping[Key, int], scale: int = 1) -> dict[Key, Fraction]:
        """Return sums over worlds as expectations given the evidence.

        They are sums of integer mass times `weights` of harms, in units of 1 / `scale`.
        """
        whole = self.inside * sum(self.weights.values()) * scale
        return {key: Fraction(number, whole) for key, number in sums.items()}

    def outcomes(self, settings: Mapping[str, int]) -> dict[str, Fraction]:
        """Return the probability of each harm, given the evidence, had these been so."""
        worlds = self.table.worlds
        run = worlds.run({name: worlds.constant(name, it) for name, it in settings.items()})
        return {
            harm.id: self.probability(worlds.find(harm.effect, run, self.evidence))
            for harm in self.model.harms
        }
