"""Worlds few enough to go through one by one, and coalitions too: everything at once in arrays.

What averts a harm is then a table of worlds by sets of breaches, and every sharing rule that is
linear in the game is one product of that table with a matrix of the rule's coefficients, which
depends on who owns the breaches alone. All numbers are integers, exact whatever their size.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property
from itertools import compress
from math import lcm
from typing import Any

import numpy as np
import numpy.typing as npt

from attribution.causation.algebra import TruthTables, WorldSet
from attribution.causation.effort import Effort
from attribution.responsibility.arrays import Integers, integer_type, spread_tables, suited
from attribution.responsibility.averting import AvertingTable
from attribution.responsibility.coalitions import (
    MAX_LISTED_PARTIES,
    list_coalitions,
    name_coalitions,
)
from attribution.responsibility.linear import (
    Rule,
    banzhaf_rule,
    bit_of,
    join_breaches,
    list_tipping,
    owen_rule,
)
from attribution.responsibility.model import PotencyModel
from attribution.responsibility.result import Necessity
from attribution.responsibility.weighing import Weighing, divide_by_sum
from attribution.responsibility.worlddiagram import Floats

MAX_FACTS = 8
MAX_SELECTORS = 7
"""Up to so many uncertain facts and breaches worlds and coalitions are gone through in arrays."""


def is_enumerable(table: AvertingTable) -> bool:
    """Return whether the table is small enough to be gone through in arrays."""
    return (
        isinstance(table.algebra, TruthTables)
        and len(table.facts) <= MAX_FACTS
        and 0 < len(table.selectors) <= MAX_SELECTORS
    )


class EnumeratedWeighing(Weighing):
    """The worlds of a small table, each with its weight, and every coalition in each of them."""

    table: AvertingTable

    @cached_property
    def _masses(self) -> Integers:
        """The mass of each world, the first fact being the highest bit of its number."""
        masses: Integers = np.ones(1, dtype=integer_type(self.whole))
        for point in self.points:
            present = point.numerator
            ends = np.array([point.denominator - present, present], dtype=masses.dtype)
            masses = np.multiply.outer(masses, ends).reshape(-1)
        return masses

    def _cells(self, sets: Sequence[WorldSet]) -> npt.NDArray[np.uint8]:
        """Return sets as 0 or 1, of shape (their number, worlds, sets of breaches)."""
        facts, selectors = len(self.table.facts), len(self.table.selectors)
        each = spread_tables(sets, 1 << len(self.table.algebra.names))
        spread = each.reshape(len(sets), 1 << facts, 1 << selectors, -1)
        return np.ascontiguousarray(spread[..., 0])

    def _sum(self, table: npt.NDArray[Any], largest: int) -> list[int]:
        """Return the sums over worlds of mass times columns, none above `largest`."""
        bound = self.whole * largest
        masses = suited(self._masses, bound)
        found: list[int] = (masses @ suited(table, bound)).tolist()
        return found

    def mass(self, worlds: WorldSet) -> Fraction:
        """Return the probability of a set of worlds beforehand."""
        return Fraction(self._sum(self._cells([worlds])[0, :, :1], 1)[0], self.whole)

    @cached_property
    def _tables(self) -> npt.NDArray[np.uint8]:
        """The evidence, what averts each harm with holding, and what averts each without."""
        won = [*self.table.averted.values(), *self.table.but_for.values()]
        return self._cells([self.evidence, *(it & self.evidence for it in won)])

    @cached_property
    def inside(self) -> int:
        """The mass of the evidence."""
        return self._sum(self._tables[0, :, :1], 1)[0]

    @cached_property
    def _averted(self) -> npt.NDArray[np.uint8]:
        """For each harm whether each set of breaches averts it in each world."""
        return self._tables[1 : len(self.table.averted) + 1]

    @cached_property
    def _amount(self) -> int:
        """The amount of all harms together, in the unit of `weights`."""
        return sum(self.weights.values())

    def _over_harms(self, tables: npt.NDArray[Any], largest: int) -> Integers:
        """Return tables of each harm, of numbers up to `largest`, times its amount, summed."""
        bound = largest * self._amount
        amounts = [self.weights[harm] for harm in self.table.averted]
        factors = np.array(amounts, dtype=integer_type(bound))
        found: Integers = (suited(tables, bound) * factors[:, None, None]).sum(axis=0)
        return found

    @cached_property
    def _joint(self) -> Integers:
        """How much of all harms each set of breaches averts in each world."""
        return self._over_harms(self._averted, 1)

    @cached_property
    def _worths(self) -> Integers:
        """How much of all harms each set of breaches averts, over worlds."""
        bound = self.whole * self._amount
        found: Integers = suited(self._masses, bound) @ suited(self._joint, bound)
        return found

    def _apply(self, rule: Rule, worths: Integers) -> list[int]:
        """Return the values of a rule that is linear in the game, times its scale."""
        bound = self.whole * self._amount * rule.scale
        found: list[int] = (suited(worths, bound) @ rule.coefficients).tolist()
        return found

    @cached_property
    def _owners(self) -> tuple[tuple[str, ...], tuple[int, ...]]:
        """The parties with breaches that are selectors, and which of them each selector is of."""
        party = {breach.variable: breach.party for breach in self.model.breaches}
        owners = [party[name] for name in self.table.selectors]
        players = tuple(name for name in self.model.parties if name in owners)
        return players, tuple(map(players.index, owners))

    @cached_property
    def _joined(self) -> npt.NDArray[np.intp]:
        """The set of all breaches of each coalition of parties."""
        players, owners = self._owners
        return join_breaches(owners, len(players))

    @cached_property
    def _between(self) -> npt.NDArray[np.uint8]:
        """For each harm whether each coalition of parties averts it in each world."""
        return self._averted[..., self._joined]

    @cached_property
    def _owen(self) -> Rule:
        return owen_rule(self._owners[1])

    @cached_property
    def _breach_sums(self) -> list[int]:
        """The Owen value of each breach over worlds and harms, times the scale of the rule."""
        sums = self._apply(self._owen, self._worths)
        found = dict(zip(self.table.selectors, sums, strict=True))
        return [found.get(name, 0) for name in self.model.breach_variables]

    @cached_property
    def breach_values(self) -> list[Fraction]:
        """The expected Owen value of each breach, in the order of the model."""
        values = self.scale_sums(dict(enumerate(self._breach_sums)), self._owen.scale)
        return list(values.values())

    @cached_property
    def potency(self) -> dict[str, Fraction]:
        """The Shapley value of each party: what its breaches have by the Owen value."""
        sums = dict.fromkeys(self.model.parties, 0)
        for breach, value in zip(self.model.breaches, self._breach_sums, strict=True):
            sums[breach.party] += value
        return self.scale_sums(sums, self._owen.scale)

    @cached_property
    def _settled(self) -> tuple[dict[str, Fraction], Fraction]:
        blame = [breach.culpability.point for breach in self.model.breaches]
        unit = lcm(*(point.denominator for point in blame))
        blamed = dict.fromkeys(self.model.parties, 0)
        for breach, value in zip(self.model.breaches, self._breach_sums, strict=True):
            point = breach.culpability.point
            blamed[breach.party] += point.numerator * (unit // point.denominator) * value
        whole = self.inside * self._amount * self._owen.scale
        return divide_by_sum(blamed), Fraction(whole - sum(self._breach_sums), whole)

    def _over_parties(self, sums: Sequence[int], scale: int) -> dict[str, Fraction]:
        own = dict(zip(self._owners[0], sums, strict=True))
        return self.scale_sums(dict.fromkeys(self.model.parties, 0) | own, scale)

    @cached_property
    def banzhaf(self) -> dict[str, Fraction]:
        """The Banzhaf value of each party."""
        rule = banzhaf_rule(len(self._owners[0]))
        return self._over_parties(self._apply(rule, self._worths[self._joined]), rule.scale)

    @cached_property
    def _least(self) -> npt.NDArray[np.int64]:
        """For each harm and world the size of the smallest coalition each party tips, or 0."""
        players = len(self._owners[0])
        sizes, without = list_tipping(players)
        table = self._between
        never = players + 1
        tipped = table[..., None] > table[..., without]
        least = np.where(tipped, sizes, never).min(axis=2)
        return np.where(least == never, 0, least)

    @cached_property
    def degrees(self) -> dict[str, Fraction]:
        """The expected degree of responsibility of each party."""
        players = len(self._owners[0])
        scale = lcm(*range(1, players + 1))
        degrees = np.array([0, *(scale // size for size in range(1, players + 1))])
        joint = self._over_harms(degrees[self._least], scale)
        return self._over_parties(self._sum(joint, scale * self._amount), scale)

    @cached_property
    def involved(self) -> dict[str, frozenset[str]]:
        """For each harm the parties whose breaches may have made a difference to it."""
        players = self._owners[0]
        made: Integers = np.any(self._least[:, self._masses > 0], axis=1)
        return {
            harm: frozenset(compress(players, own))
            for harm, own in zip(self.table.averted, made, strict=True)
        }

    @cached_property
    def classes(self) -> int:
        """How many different games between parties there are, those lost by all left out."""
        packed = np.packbits(self._between[:, self._masses > 0], axis=2)
        lost = bytes(packed.shape[2])
        return sum(len({row.tobytes() for row in rows} - {lost}) for rows in packed)

    @cached_property
    def coalition_values(self) -> dict[str, Fraction]:
        """The worth v, by the names of the coalition's members, sorted and joined by commas."""
        parties, (players, owners) = self.model.parties, self._owners
        if len(parties) > MAX_LISTED_PARTIES:
            return list_coalitions(self)
        places = tuple(parties.index(players[owner]) for owner in owners)
        worths = self._worths[join_breaches(places, len(parties))].tolist()
        return name_coalitions(parties, self.scale_sums(dict(enumerate(worths))))

    @cached_property
    def necessity(self) -> Necessity:
        """Plain but-for of each party and each breach."""
        selectors = self.table.selectors
        bits = {name: bit_of(len(selectors), number) for number, name in enumerate(selectors)}
        model = self.model
        owned = dict.fromkeys(model.parties, 0)
        for breach in model.breaches:
            owned[breach.party] |= bits.get(breach.variable, 0)
        groups = [*owned.values(), *(bits.get(name, 0) for name in model.breach_variables)]
        joint = self._over_harms(self._tables[len(self._averted) + 1 :, :, groups], 1)
        sums = self._sum(joint, self._amount)
        values = list(self.scale_sums(dict(enumerate(sums))).values())
        count = len(model.parties)
        return Necessity(
            dict(zip(model.parties, values[:count], strict=True)),
            dict(zip(model.breach_variables, values[count:], strict=True)),
        )

    def sums_by_world(self) -> Floats:
        """Return what is summed over worlds for ranges (see `Weighing.sums_by_world`)."""
        scale = self._amount * self._owen.scale
        gains = suited(self._joint, scale) @ self._owen.coefficients
        # Python divides integers of any size; numbers of 64 bits are floats first.
        exact = gains.dtype == object
        portion = (gains / scale).astype(float) if exact else gains.astype(float) / scale
        blame = {b.variable: b.culpability for b in self.model.breaches}
        players = self._owners[0]
        selectors = self.table.selectors
        owned = [(name, players[n]) for name, n in zip(selectors, self._owners[1], strict=True)]
        # One row a party and end: the culpabilities of its own breaches there, 0 for others'.
        weights = [[1.0] * len(owned)]
        for party in self.model.parties:
            own = [blame[name] if whose == party else None for name, whose in owned]
            weights.append([0.0 if it is None else float(it.low) for it in own])
            weights.append([0.0 if it is None else float(it.high) for it in own])
        rows: Floats = np.empty((len(weights) + 1, len(portion)))
        rows[0] = self._tables[0, :, 0]
        np.matmul(weights, portion.T, out=rows[1:])
        return rows


def weigh_table(table: AvertingTable, model: PotencyModel, effort: Effort) -> Weighing:
    """Return the worlds of a table with their weights, in the way that suits its size.

    Raises ImpossibleError as `Weighing` does.
    """
    way = EnumeratedWeighing if is_enumerable(table) else Weighing
    return way(table, model, effort)
