"""Worlds few enough to go through one by one, and coalitions too: everything at once in arrays.

What averts a harm is then a table of worlds by sets of breaches, and every sharing rule that is
linear in the game is one product of that table with a matrix of the rule's coefficients, which
depends on who owns the breaches alone. All numbers are integers, exact whatever their size.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Any

import numpy as np
import numpy.typing as npt

from attribution.causation.algebra import TruthTables, WorldSet
from attribution.causation.effort import Effort
from attribution.responsibility.averting import AvertingTable
from attribution.responsibility.coalitions import (
    MAX_LISTED_PARTIES,
    list_coalitions,
    name_coalitions,
)
from attribution.responsibility.linear import (
    banzhaf_rule,
    bit_of,
    join_breaches,
    list_members,
    owen_rule,
)
from attribution.responsibility.model import PotencyModel
from attribution.responsibility.result import Necessity
from attribution.responsibility.weighing import Weighing, normalise_parties
from attribution.responsibility.worlddiagram import Floats

MAX_FACTS = 8
MAX_SELECTORS = 7
"""Up to so many uncertain facts and breaches worlds and coalitions are gone through in arrays."""

_EXACT = 2**62

# Integers, of 64 bits where these are enough and Python's own where they are not.
Integers = npt.NDArray[Any]


def is_enumerable(table: AvertingTable) -> bool:
    """Return whether the table is small enough to be gone through in arrays."""
    return (
        isinstance(table.algebra, TruthTables)
        and len(table.facts) <= MAX_FACTS
        and 0 < len(table.selectors) <= MAX_SELECTORS
    )


def _suited(array: Integers, bound: int) -> Integers:
    """Return the integers in a form that holds numbers up to `bound`."""
    return array if bound < _EXACT else array.astype(object)


class EnumeratedWeighing(Weighing):
    """The worlds of a small table, each with its weight, and every coalition in each of them."""

    table: AvertingTable

    @cached_property
    def _masses(self) -> Integers:
        """The mass of each world, the first fact being the highest bit of its number."""
        masses: Integers = np.ones(1, dtype=np.int64 if self.whole < _EXACT else object)
        for point in self.points:
            present = point.numerator
            ends = np.array([point.denominator - present, present], dtype=masses.dtype)
            masses = np.multiply.outer(masses, ends).reshape(-1)
        return masses

    def _cells(self, worlds: WorldSet) -> npt.NDArray[np.uint8]:
        """Return a set as 0 or 1, of shape (worlds, sets of breaches)."""
        facts, selectors = len(self.table.facts), len(self.table.selectors)
        size = len(self.table.algebra.names)
        packed = worlds.to_bytes(max(1, (1 << size) // 8), "little")
        bits = np.unpackbits(np.frombuffer(packed, dtype=np.uint8), bitorder="little")
        spread = bits[: 1 << size].reshape(1 << facts, 1 << selectors, -1)
        return np.ascontiguousarray(spread[:, :, 0])

    def _sum(self, table: npt.NDArray[Any], largest: int) -> list[int]:
        """Return the sums over worlds of mass times columns, none above `largest`."""
        bound = self.whole * largest
        masses = _suited(self._masses, bound)
        found: list[int] = (masses @ _suited(table.astype(np.int64), bound)).tolist()
        return found

    def mass(self, worlds: WorldSet) -> Fraction:
        """Return the probability of a set of worlds beforehand."""
        return Fraction(self._sum(self._cells(worlds)[:, :1], 1)[0], self.whole)

    @cached_property
    def inside(self) -> int:
        """The mass of the evidence."""
        return self._sum(self._cells(self.evidence)[:, :1], 1)[0]

    @cached_property
    def _averted(self) -> dict[str, npt.NDArray[np.uint8]]:
        """For each harm whether each set of breaches averts it in each world."""
        return {
            harm: self._cells(averted & self.evidence)
            for harm, averted in self.table.averted.items()
        }

    @cached_property
    def _owners(self) -> tuple[tuple[str, ...], tuple[int, ...]]:
        """The parties with breaches that are selectors, and which of them each selector is of."""
        party = {breach.variable: breach.party for breach in self.model.breaches}
        owners = [party[name] for name in self.table.selectors]
        players = tuple(name for name in self.model.parties if name in owners)
        return players, tuple(map(players.index, owners))

    @cached_property
    def _between(self) -> dict[str, npt.NDArray[np.uint8]]:
        """For each harm whether each coalition of parties averts it in each world."""
        players, owners = self._owners
        joined = join_breaches(owners, len(players))
        return {harm: table[:, joined] for harm, table in self._averted.items()}

    @cached_property
    def _gains(self) -> tuple[Integers, int]:
        """The Owen values of the selectors in each world, over harms; what stands for 1."""
        rule = owen_rule(self._owners[1])
        total = sum(self.weights.values())
        bound = total * rule.scale
        found = sum(
            _suited(table @ rule.coefficients, bound) * self.weights[harm]
            for harm, table in self._averted.items()
        )
        return np.asarray(found), bound

    @cached_property
    def _selector_values(self) -> dict[str, Fraction]:
        gains, scale = self._gains
        sums = self._sum(gains, scale)
        whole = self.inside * scale
        return {
            name: Fraction(it, whole) for name, it in zip(self.table.selectors, sums, strict=True)
        }

    @cached_property
    def breach_values(self) -> list[Fraction]:
        """The expected Owen value of each breach, in the order of the model."""
        nothing = Fraction(0)
        return [self._selector_values.get(name, nothing) for name in self.model.breach_variables]

    @cached_property
    def potency(self) -> dict[str, Fraction]:
        """The Shapley value of each party: what its breaches have by the Owen value."""
        sums = dict.fromkeys(self.model.parties, Fraction(0))
        for breach, value in zip(self.model.breaches, self.breach_values, strict=True):
            sums[breach.party] += value
        return sums

    @cached_property
    def _settled(self) -> tuple[dict[str, Fraction], Fraction]:
        blamed = dict.fromkeys(self.model.parties, Fraction(0))
        for breach, value in zip(self.model.breaches, self.breach_values, strict=True):
            blamed[breach.party] += breach.culpability.point * value
        return normalise_parties(blamed), 1 - sum(self.breach_values, Fraction(0))

    def _over_parties(self, sums: Mapping[str, Sequence[int]], scale: int) -> dict[str, Fraction]:
        players = self._owners[0]
        totals = dict.fromkeys(self.model.parties, 0)
        for harm, own in sums.items():
            for party, value in zip(players, own, strict=True):
                totals[party] += self.weights[harm] * value
        return self.scale_sums(totals, scale)

    @cached_property
    def banzhaf(self) -> dict[str, Fraction]:
        """The Banzhaf value of each party."""
        rule = banzhaf_rule(len(self._owners[0]))
        sums = {
            harm: self._sum(table @ rule.coefficients, rule.scale)
            for harm, table in self._between.items()
        }
        return self._over_parties(sums, rule.scale)

    @cached_property
    def _least(self) -> dict[str, npt.NDArray[np.int64]]:
        """For each harm and world the size of the smallest coalition each party tips, or 0."""
        players = len(self._owners[0])
        member = list_members(players)
        sizes = member.sum(axis=1)
        never = players + 1
        without = np.arange(1 << players)[:, None] & ~(1 << np.arange(players))
        found = {}
        for harm, table in self._between.items():
            tipped = (table[:, :, None] > table[:, without]) & member
            least = np.where(tipped, sizes[:, None], never).min(axis=1)
            found[harm] = np.where(least == never, 0, least)
        return found

    @cached_property
    def degrees(self) -> dict[str, Fraction]:
        """The expected degree of responsibility of each party."""
        scale = lcm(*range(1, len(self._owners[0]) + 1))
        sums = {
            harm: self._sum(np.where(least > 0, scale // np.maximum(least, 1), 0), scale)
            for harm, least in self._least.items()
        }
        return self._over_parties(sums, scale)

    @cached_property
    def involved(self) -> dict[str, frozenset[str]]:
        """For each harm the parties whose breaches may have made a difference to it."""
        players = self._owners[0]
        possible = self._masses > 0
        return {
            harm: frozenset(players[n] for n in np.flatnonzero(least[possible].any(axis=0)))
            for harm, least in self._least.items()
        }

    @cached_property
    def classes(self) -> int:
        """How many different games between parties there are, those lost by all left out."""
        possible = self._masses > 0
        packed = (np.packbits(table[possible], axis=1) for table in self._between.values())
        return sum(len(set(map(bytes, rows)) - {bytes(rows.shape[1])}) for rows in packed)

    @cached_property
    def coalition_values(self) -> dict[str, Fraction]:
        """The worth v, by the names of the coalition's members, sorted and joined by commas."""
        parties, (players, owners) = self.model.parties, self._owners
        if len(parties) > MAX_LISTED_PARTIES:
            return list_coalitions(self)
        places = tuple(parties.index(players[owner]) for owner in owners)
        joined = join_breaches(places, len(parties))
        worths = dict.fromkeys(range(1 << len(parties)), 0)
        for harm, table in self._averted.items():
            for coalition, worth in enumerate(self._sum(table[:, joined], 1)):
                worths[coalition] += self.weights[harm] * worth
        return name_coalitions(parties, self.scale_sums(worths))

    @cached_property
    def necessity(self) -> Necessity:
        """Plain but-for of each party and each breach."""
        selectors = self.table.selectors
        bits = {name: bit_of(len(selectors), number) for number, name in enumerate(selectors)}
        model = self.model
        groups = [
            sum(bits.get(b.variable, 0) for b in model.breaches if b.party == p)
            for p in model.parties
        ]
        groups += [bits.get(name, 0) for name in model.breach_variables]
        sums = dict.fromkeys(range(len(groups)), 0)
        for harm, won in self.table.but_for.items():
            cells = self._cells(won & self.evidence)[:, groups]
            for number, mass in enumerate(self._sum(cells, 1)):
                sums[number] += self.weights[harm] * mass
        values = list(self.scale_sums(sums).values())
        count = len(model.parties)
        return Necessity(
            dict(zip(model.parties, values[:count], strict=True)),
            dict(zip(model.breach_variables, values[count:], strict=True)),
        )

    def sums_by_world(self) -> Floats:
        """Return what is summed over worlds for ranges (see `Weighing.sums_by_world`)."""
        gains, scale = self._gains
        portion = gains.astype(float) / scale
        blame = {b.variable: b.culpability for b in self.model.breaches}
        owned = np.array(self._owners[1])
        rows = [self._cells(self.evidence)[:, 0].astype(float), portion.sum(axis=1)]
        ends = [
            np.array([float(getattr(blame[name], end)) for name in self.table.selectors])
            for end in ("low", "high")
        ]
        for party in self.model.parties:
            where = self._of(party, owned)
            rows += [portion[:, where] @ end[where] for end in ends]
        return np.stack(rows)

    def _of(self, party: str, owned: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
        players = self._owners[0]
        return np.flatnonzero(owned == (players.index(party) if party in players else -1))


def weigh_table(table: AvertingTable, model: PotencyModel, effort: Effort) -> Weighing:
    """Return the worlds of a table with their weights, in the way that suits its size.

    Raises ImpossibleError as `Weighing` does.
    """
    way = EnumeratedWeighing if is_enumerable(table) else Weighing
    return way(table, model, effort)
