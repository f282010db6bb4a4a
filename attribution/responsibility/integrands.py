"""What is summed over the worlds for shares and their ranges, by class of worlds alike."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from attribution.responsibility.cells import LOST, Games, HarmGames
from attribution.responsibility.joining import join_diagrams
from attribution.responsibility.ratios import Ratio, RatioMaker
from attribution.responsibility.worlddiagram import Floats, WorldDiagram

if TYPE_CHECKING:
    from attribution.responsibility.weighing import Weighing

# Integers of 64 bits, or Python's own of any size.
Integers: TypeAlias = npt.NDArray[Any]


@dataclass(frozen=True, eq=False)
class Integrands:
    """What is summed over the worlds, by cell of one diagram, as integers: units of 1 / `scale`.

    `evidence` is 1 in cells of the evidence; `averted` how much all parties together avert; and
    `least`, `point` and `most` have each party's breach values times culpability: low, point, high.
    """

    diagram: WorldDiagram
    scale: int
    evidence: Sequence[int]
    averted: Sequence[int]
    least: Mapping[str, Sequence[int]]
    point: Mapping[str, Sequence[int]]
    most: Mapping[str, Sequence[int]]

    def settled(self, facts: Mapping[int, int]) -> Integrands:
        """Return the integrands of the worlds in which these facts, by position, are so."""
        if not facts:
            return self
        diagram, kept = self.diagram.settled(facts)

        def keep(rows: Mapping[str, Sequence[int]]) -> dict[str, list[int]]:
            return {party: [row[cell] for cell in kept] for party, row in rows.items()}

        evidence = [self.evidence[cell] for cell in kept]
        averted = [self.averted[cell] for cell in kept]
        ends = keep(self.least), keep(self.point), keep(self.most)
        return Integrands(diagram, self.scale, evidence, averted, *ends)

    def measure(self, values: Sequence[int]) -> Floats:
        """Return integers of these units as floats."""
        return np.array([value / self.scale for value in values])

    @cached_property
    def share_ratios(self) -> Mapping[str, tuple[Ratio, Ratio]]:
        """For each party the ratios whose maxima are minus its lowest and its highest share."""
        found = {}
        for party in self.point:
            own = {f"least {party}": 1}, {f"most {party}": 1}
            wide, narrow = dict(own[0]), dict(own[1])
            for other in self.point:
                if other != party:
                    wide[f"most {other}"] = narrow[f"least {other}"] = 1
            found[party] = (
                self._maker.ratio({f"least {party}": -1}, wide),
                self._maker.ratio(own[1], narrow),
            )
        return found

    @cached_property
    def averted_ratios(self) -> tuple[Ratio, Ratio]:
        """The ratios whose maxima are minus the least and the most that all parties avert."""
        whole = {"evidence": 1}
        return (
            self._maker.ratio({"averted": -1}, whole),
            self._maker.ratio({"averted": 1}, whole),
        )

    @cached_property
    def _maker(self) -> RatioMaker:
        rows = {"evidence": self.evidence, "averted": self.averted}
        rows |= {f"least {party}": row for party, row in self.least.items()}
        rows |= {f"most {party}": row for party, row in self.most.items()}
        return RatioMaker(self.diagram, rows, self.scale)


def integrate_cells(weighing: Weighing) -> Integrands:
    """Return the integrands over the diagram that tells apart all worlds whose games differ.

    They do not depend on credences, and are kept with the table for the next position.
    """
    found = known_integrands(weighing)
    if found is None:
        found = weighing.table.integrands[_key(weighing)] = _integrate(weighing)
    return found


def known_integrands(weighing: Weighing) -> Integrands | None:
    """Return the integrands if they were found before."""
    return weighing.table.integrands.get(_key(weighing))


def _key(weighing: Weighing) -> Hashable:
    model = weighing.model
    blame = tuple(breach.culpability for breach in model.breaches)
    return weighing.evidence, blame, tuple(harm.amount for harm in model.harms)


def _integrate(weighing: Weighing) -> Integrands:
    split = {party for party in weighing.model.parties if not _is_even(weighing, party)}
    diagrams = [weighing.table.diagram_of(weighing.evidence)]
    widths = []
    for games in weighing.games.values():
        own = [games.between]
        own += [games.within(party) for party in games.own if party in split]
        widths.append(len(own))
        diagrams += [it.worlds for it in own]
    diagram = join_diagrams(diagrams, weighing.effort)
    units = _Units.of(weighing, split)
    ids = np.array([it if isinstance(it, tuple) else () for it in diagram.cells], dtype=np.intp)
    values = np.zeros((len(ids), len(weighing.model.breaches)), dtype=object)
    averted = np.zeros(len(ids), dtype=object)
    start = 1
    for (harm, games), width in zip(weighing.games.items(), widths, strict=True):
        cells = ids[:, start : start + width]
        start += width
        values += units.portions[harm] * _breach_values(games, units, cells)
        # Python's own integers: the units of many-digit amounts pass 64 bits.
        won = (cells[:, 0] != LOST).astype(object)
        averted += units.portions[harm] * units.whole_blame * units.games * won
    return _in_rows(weighing, diagram, units, (ids[:, 0] == 1, averted, values))


@dataclass(frozen=True, slots=True)
class _Units:
    """Everything in integers: portions of harms, culpabilities, and values of games."""

    split: Collection[str]
    portions: Mapping[str, int]
    blame: Sequence[tuple[int, int, int]]
    whole_blame: int
    games: int
    scale: int

    @classmethod
    def of(cls, weighing: Weighing, split: Collection[str]) -> _Units:
        portions = weighing.portions
        whole = lcm(*(portion.denominator for portion in portions.values()))
        ranges = [
            (b.culpability.low, b.culpability.point, b.culpability.high)
            for b in weighing.model.breaches
        ]
        blame = lcm(*(end.denominator for ends in ranges for end in ends))
        games = 1
        for own in weighing.games.values():
            within = (own.within(party).scale for party in own.own if party in split)
            games = lcm(games, own.between.scale, *within)
        return cls(
            split,
            {harm: _in_units(portion, whole) for harm, portion in portions.items()},
            [
                (_in_units(low, blame), _in_units(point, blame), _in_units(high, blame))
                for low, point, high in ranges
            ],
            blame,
            games,
            whole * blame * games,
        )


def _in_units(number: Fraction, units: int) -> int:
    return number.numerator * (units // number.denominator)


def _breach_values(games: HarmGames, units: _Units, cells: Integers) -> Integers:
    """Return the value of each breach in each row of cells, in units of 1 / `games` of units.

    With one culpability throughout, the value of a party's breaches lies on its first.
    """
    found = np.zeros((len(cells), len(units.blame)), dtype=object)
    first = [games.own[party][0] if games.own[party] else 0 for party in games.owners]
    whole = _gains_by_row(games.between, cells[:, 0], units)
    for player, party in enumerate(games.owners):
        if party not in units.split and player in whole:
            found[:, first[player]] += whole[player]
    apart = [party for party in games.own if party in units.split]
    for column, party in enumerate(apart, 1):
        for number, values in _gains_by_row(games.within(party), cells[:, column], units).items():
            found[:, number] += values
    return found


def _gains_by_row(games: Games, cells: Integers, units: _Units) -> dict[int, Integers]:
    """Return the gains of each player who has any, by row of cells."""
    different, place = np.unique(cells, return_inverse=True)
    games.find_gains(different.tolist())
    factor = units.games // games.scale
    columns: dict[int, Integers] = {}
    for position, cell in enumerate(different.tolist()):
        for player, value in games.gains(cell).items() if cell != LOST else ():
            if player not in columns:
                columns[player] = np.zeros(len(different), dtype=object)
            columns[player][position] = value * factor
    return {player: column[place] for player, column in columns.items()}


def _in_rows(
    weighing: Weighing,
    diagram: WorldDiagram,
    units: _Units,
    found: tuple[Integers, Integers, Integers],
) -> Integrands:
    inside, averted, values = found
    blame = np.array(units.blame, dtype=object)
    breaches = weighing.model.breaches
    sums: tuple[dict[str, list[int]], ...] = ({}, {}, {})
    for party in weighing.model.parties:
        own = [number for number, breach in enumerate(breaches) if breach.party == party]
        for end, rows in enumerate(sums):
            rows[party] = (values[:, own] @ blame[own, end]).tolist() if own else [0] * len(inside)
    evidence = [units.scale if it else 0 for it in inside.tolist()]
    return Integrands(diagram, units.scale, evidence, averted.tolist(), *sums)


def _is_even(weighing: Weighing, party: str) -> bool:
    return len({b.culpability for b in weighing.model.breaches if b.party == party}) <= 1
