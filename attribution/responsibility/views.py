"""A table of averting sets arranged by world, with what depends on it alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from attribution.responsibility import allocation
from attribution.responsibility.averting import AvertingTable, uncertain_facts
from attribution.responsibility.model import Harm, PotencyModel

if TYPE_CHECKING:
    from attribution.responsibility.ranges import Floats

# The minimal averting sets of one harm in one world, as coalitions of breaches.
Antichain = tuple[int, ...]


class TableView:
    """What averts each harm, by world: the cells of worlds alike, and the values in each."""

    """A table of averting sets arranged by world, with the values that depend on it alone."""

    def __init__(self, table: AvertingTable) -> None:
        self.table = table
        self.axes = table.worlds.axes
        self.antichains = {harm.id: self._arrange(harm) for harm in table.model.harms}
        self._prevented: dict[tuple[str, tuple[tuple[str, int], ...]], int] = {}

    def covers(self, model: PotencyModel) -> bool:
        """Return whether the results of `model` can be read off this table."""
        own = self.table.model
        same = (
            model.structure.equations == own.structure.equations
            and model.structure.domains == own.structure.domains
            and model.kinds == own.kinds
            and [(b.variable, b.party, b.norm) for b in model.breaches]
            == [(b.variable, b.party, b.norm) for b in own.breaches]
            and [(h.id, h.effect) for h in model.harms] == [(h.id, h.effect) for h in own.harms]
        )
        certain = model.certain_context()
        fixed = own.certain_context()
        return (
            same
            and set(uncertain_facts(model)) <= set(self.axes)
            and all(certain.get(name) == value for name, value in fixed.items())
            and own.observed.items() <= model.observed.items()
        )

    def _arrange(self, harm: Harm) -> tuple[list[Antichain], list[int]]:
        """Return the antichains that occur for a harm, and the worlds of each."""
        cells: dict[Antichain, int] = {(): self.table.evidence}
        for mask, worlds in self.table.minimal[harm.id].items():
            split: dict[Antichain, int] = {}
            for antichain, cell in cells.items():
                if inside := cell & worlds:
                    split[(*antichain, mask)] = inside
                if outside := cell & ~worlds:
                    split[antichain] = outside
            cells = split
        return list(cells), list(cells.values())

    @cached_property
    def breach_values(self) -> dict[Antichain, dict[int, Fraction]]:
        """Return the Owen value of each breach for each antichain; breaches of value 0 left out.

        A null player's leaving changes no other's value, so only breaches that occur in the
        antichain are gone through.
        """
        parties = [breach.party for breach in self.table.model.breaches]
        values: dict[Antichain, dict[int, Fraction]] = {}
        for antichain in sorted({a for cells, _ in self.antichains.values() for a in cells}):
            involved = members_of(antichain)
            blocks: dict[str, list[int]] = {}
            for position in involved:
                blocks.setdefault(parties[position], []).append(position)
            values[antichain] = allocation.owen(_AvertedGame(antichain), list(blocks.values()))
        return values

    def prevented_by(self, norms: Mapping[str, int], harm: Harm) -> int:
        """Return the worlds in which meeting these norms alone prevents the harm."""
        key = (harm.id, tuple(sorted(norms.items())))
        if key not in self._prevented:
            self._prevented[key] = self.table.prevented_by(norms, harm)
        return self._prevented[key]

    def worlds_of(self, worlds: int) -> list[int]:
        """Return the numbers of the worlds in a set, in ascending order."""
        import numpy as np

        return [int(world) for world in np.flatnonzero(self.flags(worlds))]

    def flags(self, worlds: int) -> Floats:
        """Return an array over all worlds that is 1.0 in the set and 0.0 outside."""
        import numpy as np

        count = 1 << len(self.axes)
        data = worlds.to_bytes((count + 7) // 8, "little")
        bits = np.unpackbits(np.frombuffer(data, dtype=np.uint8), bitorder="little")[:count]
        return bits.astype(np.float64)


@dataclass(slots=True)
class _AvertedGame:
    antichain: Antichain
    known: dict[int, int] = field(default_factory=dict)

    def __call__(self, coalition: int) -> int:
        worth = self.known.get(coalition)
        if worth is None:
            worth = int(any(mask & coalition == mask for mask in self.antichain))
            self.known[coalition] = worth
        return worth


def members_of(coalitions: Iterable[int]) -> list[int]:
    """Return the players of these coalitions, in ascending order."""
    union = 0
    for coalition in coalitions:
        union |= coalition
    return [position for position in range(union.bit_length()) if union >> position & 1]
