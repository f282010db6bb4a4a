"""Worlds weighted by credences: expectations in exact fractions, and the result they make."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from attribution.errors import ImpossibleError
from attribution.responsibility import allocation
from attribution.responsibility.averting import find_evidence, uncertain_facts
from attribution.responsibility.model import Interval, PotencyModel
from attribution.responsibility.result import Estimate, Necessity, PotencyResult
from attribution.responsibility.views import Antichain, TableView, members_of

if TYPE_CHECKING:
    from attribution.responsibility.ranges import Floats


class Weighing:
    """The worlds of a table with the weights that one model's credences give them."""

    def __init__(self, view: TableView, model: PotencyModel) -> None:
        self.view = view
        self.table = view.table
        self.model = model
        self.evidence = find_evidence(model, self.table.worlds, self.table.actual)
        self.evidence &= self.table.evidence
        self.credences = [self._credence(name) for name in view.axes]
        self.weights = _weights([interval.point for interval in self.credences])
        self.total = self.mass(self.evidence)
        if not self.total:
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

    def mass(self, worlds: int) -> int:
        """Return the sum of weights, in units that are the same for all worlds."""
        weights = self.weights
        return sum(weights[world] for world in self.view.worlds_of(worlds))

    def probability(self, worlds: int) -> Fraction:
        """Return the probability of a set of worlds, given the evidence."""
        return Fraction(self.mass(worlds & self.evidence), self.total)

    @cached_property
    def portions(self) -> dict[str, Fraction]:
        """Return each harm's part of the total amount."""
        total = sum(harm.amount for harm in self.model.harms)
        return {harm.id: harm.amount / total for harm in self.model.harms}

    @cached_property
    def antichains(self) -> dict[str, dict[Antichain, Fraction]]:
        """Return, for each harm, the probability of each antichain."""
        result = {}
        for harm in self.model.harms:
            cells, worlds = self.view.antichains[harm.id]
            result[harm.id] = {
                antichain: probability
                for antichain, cell in zip(cells, worlds, strict=True)
                if (probability := self.probability(cell))
            }
        return result

    @cached_property
    def breach_values(self) -> list[Fraction]:
        """Return the expected Owen value of each breach, in the order of the model."""
        values = [Fraction(0)] * len(self.model.breaches)
        for harm, portion in self.portions.items():
            for antichain, probability in self.antichains[harm].items():
                for position, value in self.view.breach_values[antichain].items():
                    values[position] += portion * probability * value
        return values

    @cached_property
    def party_antichains(self) -> list[tuple[Fraction, tuple[int, ...]]]:
        """Return (probability x portion, minimal averting sets of parties), as bits of parties."""
        number = {party: position for position, party in enumerate(self.model.parties)}
        bit = [1 << number[breach.party] for breach in self.model.breaches]
        grouped: dict[tuple[int, ...], Fraction] = {}
        for harm, portion in self.portions.items():
            for antichain, probability in self.antichains[harm].items():
                coalitions = set()
                for mask in antichain:
                    coalition = 0
                    for position in members_of((mask,)):
                        coalition |= bit[position]
                    coalitions.add(coalition)
                least = tuple(
                    sorted(
                        one
                        for one in coalitions
                        if not any(other != one and other & one == other for other in coalitions)
                    )
                )
                grouped[least] = grouped.get(least, Fraction(0)) + portion * probability
        return [(weight, least) for least, weight in sorted(grouped.items())]

    @cached_property
    def coalition_values(self) -> list[Fraction]:
        """Return v for every coalition of parties, by the integer of its bits."""
        values = [Fraction(0)] * (1 << len(self.model.parties))
        for weight, least in self.party_antichains:
            for coalition in range(len(values)):
                if any(one & coalition == one for one in least):
                    values[coalition] += weight
        return values

    def result(self) -> PotencyResult:
        """Return everything `attribution potency` reports."""
        parties = self.model.parties
        by_breach = self.breach_values
        potency = {
            party: sum(
                (
                    value
                    for breach, value in zip(self.model.breaches, by_breach, strict=True)
                    if breach.party == party
                ),
                Fraction(0),
            )
            for party in parties
        }
        shares, unattributed = self._estimates(1 - sum(by_breach, Fraction(0)))
        necessity = self._necessity()
        scale = 1
        for interval in self.credences:
            scale *= interval.point.denominator
        return PotencyResult(
            shares=shares,
            potency=potency,
            breaches=dict(zip(self.model.breach_variables, by_breach, strict=True)),
            unattributed=unattributed,
            coalitions=self._named_coalitions(),
            other_rules=self._other_rules(necessity),
            necessity=necessity,
            probability=Fraction(self.total, scale),
            facts=uncertain_facts(self.model),
        )

    def _named_coalitions(self) -> dict[str, Fraction]:
        order = sorted(range(len(self.model.parties)), key=self.model.parties.__getitem__)
        named = {}
        for size in range(len(order) + 1):
            for chosen in itertools.combinations(order, size):
                key = ",".join(self.model.parties[position] for position in chosen)
                named[key] = self.coalition_values[sum(1 << position for position in chosen)]
        return named

    def _estimates(self, unattributed: Fraction) -> tuple[dict[str, Estimate], Estimate]:
        from attribution.responsibility.ranges import contract, ratio_extremes, share_extremes

        parties = self.model.parties
        vertices = contract(self._integrands(), self.credences)
        possible, averted = vertices[0], vertices[1]
        least = dict(zip(parties, vertices[2::2], strict=True))
        most = dict(zip(parties, vertices[3::2], strict=True))
        shares = {}
        points = self._point_shares()
        for party in parties:
            extremes = share_extremes(
                least[party],
                most[party],
                _sum_of_others(least, party),
                _sum_of_others(most, party),
                possible,
            )
            shares[party] = Estimate.around(extremes.low, points[party], extremes.high)
        part = ratio_extremes(averted, possible)
        return shares, Estimate.around(1.0 - part.high, unattributed, 1.0 - part.low)

    def _point_shares(self) -> dict[str, Fraction]:
        weighted = dict.fromkeys(self.model.parties, Fraction(0))
        for breach, value in zip(self.model.breaches, self.breach_values, strict=True):
            weighted[breach.party] += value * breach.culpability.point
        total = sum(weighted.values())
        return {p: value / total if total else Fraction(0) for p, value in weighted.items()}

    def _integrands(self) -> Floats:
        """Return what is summed over the worlds: an array of shape (2 + 2 * parties, worlds).

        Its rows: whether the world is evidence; how much all parties together avert; and for
        each party the sums of breach value times low, and times high culpability.
        """
        import numpy as np

        parties = self.model.parties
        arrays = np.zeros((2 + 2 * len(parties), 1 << len(self.view.axes)))
        arrays[0] = self.view.flags(self.evidence)
        for harm, portion in self.portions.items():
            cells, worlds = self.view.antichains[harm]
            labels = np.zeros(arrays.shape[1], dtype=np.int64)
            table = np.zeros((arrays.shape[0], len(cells) + 1))
            for number, (antichain, cell) in enumerate(zip(cells, worlds, strict=True), start=1):
                labels[self.view.flags(cell & self.evidence) > 0.0] = number
                table[:, number] = self._cell_sums(antichain, portion)
            arrays[1:] += table[1:, labels]
        return arrays

    def _cell_sums(self, antichain: Antichain, portion: Fraction) -> list[float]:
        sums = [Fraction(0)] * (2 + 2 * len(self.model.parties))
        sums[1] = portion if antichain else Fraction(0)
        for position, value in self.view.breach_values[antichain].items():
            breach = self.model.breaches[position]
            row = 2 + 2 * self.model.parties.index(breach.party)
            sums[row] += portion * value * breach.culpability.low
            sums[row + 1] += portion * value * breach.culpability.high
        return [float(value) for value in sums]

    def _necessity(self) -> Necessity:
        by_breach = {
            breach.variable: self._but_for({breach.variable: breach.norm})
            for breach in self.model.breaches
        }
        by_party = {
            party: self._but_for(
                {b.variable: b.norm for b in self.model.breaches if b.party == party}
            )
            for party in self.model.parties
        }
        return Necessity(by_party, by_breach)

    def _but_for(self, norms: Mapping[str, int]) -> Fraction:
        total = Fraction(0)
        for harm in self.model.harms:
            if norms:
                prevented = self.view.prevented_by(norms, harm)
                total += self.portions[harm.id] * self.probability(prevented)
        return total

    def _other_rules(self, necessity: Necessity) -> dict[str, dict[str, Fraction]]:
        players = range(len(self.model.parties))
        values = self.coalition_values
        responsible = {
            player: sum(
                (
                    weight * allocation.degree_of_responsibility(least, player)
                    for weight, least in self.party_antichains
                ),
                Fraction(0),
            )
            for player in players
        }
        in_breach = self._parties_in_breach()
        rules = {
            "banzhaf": allocation.banzhaf(values.__getitem__, players),
            "but_for": dict(enumerate(necessity.parties.values())),
            "degree_of_responsibility": responsible,
            "equal": {player: Fraction(int(player in in_breach)) for player in players},
        }
        return {
            rule: {
                self.model.parties[player]: value
                for player, value in allocation.normalise(parts).items()
            }
            for rule, parts in rules.items()
        }

    def _parties_in_breach(self) -> set[int]:
        """Return the parties of whom a breach may have taken place, given the evidence."""
        took_place = {feeder.name: feeder.took_place for feeder in self.table.feeders}
        return {
            self.model.parties.index(breach.party)
            for breach in self.model.breaches
            if self.mass(took_place[breach.variable] & self.evidence)
        }


def _sum_of_others(parts: Mapping[str, Floats], party: str) -> Floats:
    import numpy as np

    others = [value for name, value in parts.items() if name != party]
    return np.sum(others, axis=0) if others else np.zeros_like(parts[party])


def _weights(points: Sequence[Fraction]) -> list[int]:
    """Return the weight of every world, multiplied by the product of the denominators."""
    weights = [1]
    for point in points:
        present, absent = point.numerator, point.denominator - point.numerator
        weights = [weight * absent for weight in weights] + [w * present for w in weights]
    return weights
