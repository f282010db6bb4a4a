"""Expectations over weighted worlds in exact fractions, and the result they make."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cached_property
from math import lcm
from operator import mul

import numpy as np

from attribution.causation.effort import Effort
from attribution.responsibility.averted import uncertain_facts
from attribution.responsibility.averting import AvertingTable
from attribution.responsibility.cells import LOST, Games, HarmGames, Sums
from attribution.responsibility.coalitions import list_coalitions
from attribution.responsibility.estimates import Estimates, estimate_ranges
from attribution.responsibility.integrands import integrate_cells, known_integrands
from attribution.responsibility.masses import WeighedWorlds
from attribution.responsibility.model import PotencyModel
from attribution.responsibility.result import Method, Necessity, PotencyResult
from attribution.responsibility.rules import apply_rules, find_necessity, find_sufficiency
from attribution.responsibility.worlddiagram import Floats


class Weighing(WeighedWorlds):
    """What is expected over the worlds of a table, with one model's credences and amounts."""

    def __init__(self, table: AvertingTable, model: PotencyModel, effort: Effort) -> None:
        """Weigh the worlds. Raises ImpossibleError as `WeighedWorlds` does."""
        super().__init__(table, model, effort)
        self._within: dict[str, dict[int, Fraction]] = {}
        self._results: dict[bool, PotencyResult] = {}

    @cached_property
    def games(self) -> dict[str, HarmGames]:
        """The games of each harm."""
        return self.table.games_under(self.evidence)

    def masses(self, games: Games) -> dict[int, int]:
        """Return the cells in which something averts the harm, with masses as in `scale_sums`."""
        masses, _ = games.worlds.masses(self.points)
        return {
            cell: mass
            for cell, mass in zip(games.worlds.cells, masses, strict=True)
            if mass and isinstance(cell, int) and cell != LOST
        }

    @cached_property
    def party_masses(self) -> dict[str, dict[int, int]]:
        """The masses of the games between parties of each harm."""
        return {harm: self.masses(it.between) for harm, it in self.games.items()}

    @cached_property
    def potency(self) -> dict[str, Fraction]:
        """The Shapley value of each party."""
        return self.expect_over_parties(Games.expect)

    @cached_property
    def banzhaf(self) -> dict[str, Fraction]:
        """The Banzhaf value of each party."""
        return self.expect_over_parties(Games.expect_banzhaf)

    @cached_property
    def degrees(self) -> dict[str, Fraction]:
        """The expected degree of responsibility of each party."""
        return self.expect_over_parties(Games.expect_degrees)

    @cached_property
    def involved(self) -> dict[str, frozenset[str]]:
        """For each harm the parties whose breaches may have made a difference to it."""
        return {
            harm: frozenset(
                self.games[harm].owners[player]
                for cell in masses
                for player in self.games[harm].between.members(cell)
            )
            for harm, masses in self.party_masses.items()
        }

    @cached_property
    def classes(self) -> int:
        """How many different games between parties there are, those lost by all left out."""
        return sum(len(masses) for masses in self.party_masses.values())

    def sums_by_world(self) -> Floats:
        """Return what is summed over the worlds for shares and their ranges, world by world.

        The rows are 1 inside the evidence; how much all parties together avert; and each party's
        breach values times culpability at its low and at its high. The first uncertain fact is
        the highest bit of a world's number.
        """
        integrands = integrate_cells(self)
        rows = [integrands.evidence, integrands.averted]
        for party in self.model.parties:
            rows += [integrands.least[party], integrands.most[party]]
        cells = integrands.diagram.spread()
        return np.stack([integrands.measure(row) for row in rows])[:, cells]

    def expect_over_parties(
        self, expect: Callable[[Games, Mapping[int, int]], Sums]
    ) -> dict[str, Fraction]:
        """Return the expectation for each party of what its player has in the games."""
        found = [
            (self.weights[harm], self.games[harm].owners, expect(self.games[harm].between, masses))
            for harm, masses in self.party_masses.items()
        ]
        common = lcm(*(scale for _, _, (_, scale) in found))
        sums = dict.fromkeys(self.model.parties, 0)
        for weight, owners, (own, scale) in found:
            for player, value in own.items():
                sums[owners[player]] += weight * (common // scale) * value
        return self.scale_sums(sums, common)

    @cached_property
    def breach_values(self) -> list[Fraction]:
        """The expected Owen value of each breach, in the order of the model."""
        values = {}
        for party in self.model.parties:
            values.update(self._values_within(party))
        return [values[number] for number in range(len(self.model.breaches))]

    def _values_within(self, party: str) -> dict[int, Fraction]:
        """Return the expected Owen value of each of a party's breaches."""
        numbers = [n for n, breach in enumerate(self.model.breaches) if breach.party == party]
        if len(numbers) == 1:
            return {numbers[0]: self.potency[party]}
        if party not in self._within:
            found = []
            for harm, games in self.games.items():
                if games.own.get(party):
                    self.effort.check()
                    within = games.within(party)
                    found.append((self.weights[harm], *within.expect(self.masses(within))))
            common = lcm(*(scale for _, _, scale in found))
            sums = dict.fromkeys(numbers, 0)
            for weight, own, scale in found:
                for number, value in own.items():
                    sums[number] += weight * (common // scale) * value
            self._within[party] = self.scale_sums(sums, common)
        return self._within[party]

    @cached_property
    def coalition_values(self) -> dict[str, Fraction]:
        """The worth v, by the names of the coalition's members, sorted and joined by commas."""
        return list_coalitions(self)

    def result(self, *, ranges: bool = True) -> PotencyResult:
        """Return everything `attribution potency` reports.

        Without `ranges`, low and high are the point. Raises OutOfTimeError before the points are
        known; ranges that time did not suffice for are said to be inner bounds.
        """
        if ranges not in self._results:
            self._results[ranges] = self._result(estimate_ranges(self, wanted=ranges))
        return self._results[ranges]

    def _result(self, estimates: Estimates) -> PotencyResult:
        own = self.model is self.table.model
        return PotencyResult(
            shares=estimates.shares,
            potency=self.potency,
            breaches=dict(zip(self.model.breach_variables, self.breach_values, strict=True)),
            unattributed=estimates.unattributed,
            coalitions=self.coalition_values,
            other_rules={rule: normalise_parties(it) for rule, it in self.raw_rules.items()},
            necessity=self.necessity,
            probability=self.total,
            facts=self.table.uncertain if own else uncertain_facts(self.model),
            method=Method(
                how=self.table.how,
                ranges=estimates.how,
                cells=self.classes,
            ),
        )

    @cached_property
    def _settled(self) -> tuple[dict[str, Fraction], Fraction]:
        """The shares and the unattributed part, at the points."""
        known = known_integrands(self)
        if known is not None:
            masses, _ = known.diagram.masses(self.points)
            sums = {p: sum(map(mul, masses, row)) for p, row in known.point.items()}
            averted = sum(map(mul, masses, known.averted))
            return divide_by_sum(sums), 1 - Fraction(averted, self.inside * known.scale)
        weighted = {}
        for party in self.model.parties:
            blame = {b.culpability.point for b in self.model.breaches if b.party == party}
            if len(blame) <= 1:
                weighted[party] = self.potency[party] * next(iter(blame), Fraction(1))
            else:
                values = self._values_within(party).items()
                weighted[party] = sum(
                    (self.model.breaches[n].culpability.point * value for n, value in values),
                    Fraction(0),
                )
        return normalise_parties(weighted), 1 - sum(self.potency.values(), Fraction(0))

    @property
    def point_shares(self) -> dict[str, Fraction]:
        """Each party's part of potency times culpability, at the points; 0 where the sum is."""
        return self._settled[0]

    @property
    def unattributed(self) -> Fraction:
        """What no party's compliance would have averted, at the points."""
        return self._settled[1]

    @cached_property
    def necessity(self) -> Necessity:
        """Plain but-for of each party and each breach."""
        return find_necessity(self)

    @cached_property
    def raw_rules(self) -> dict[str, dict[str, Fraction]]:
        """What each other rule gives each party, before it is normalised to 1."""
        return apply_rules(self)

    def sufficiency(self) -> dict[str, Fraction | None]:
        """Return the probability of sufficiency of each party's breaches (see `PotencyResult`)."""
        return {party: find_sufficiency(self, party) for party in self.model.parties}


def normalise_parties(values: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Return the values divided by their sum; all zero where the sum is."""
    common = lcm(*(value.denominator for value in values.values()))
    return divide_by_sum({p: it.numerator * (common // it.denominator) for p, it in values.items()})


def divide_by_sum(values: Mapping[str, int]) -> dict[str, Fraction]:
    """Return integers divided by their sum; all zero where the sum is."""
    total = sum(values.values())
    return {
        party: Fraction(value, total) if total else Fraction(0) for party, value in values.items()
    }
