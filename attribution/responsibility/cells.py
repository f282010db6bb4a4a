"""The games of a harm: who wins by complying, in each class of worlds alike."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import lcm

from attribution.causation.algebra import Algebra, Branching, WorldSet, tie
from attribution.responsibility.extension import Extension, Step, integrate_roots, moments_of
from attribution.responsibility.games import Diagram
from attribution.responsibility.model import Breach, met
from attribution.responsibility.winning import smallest_by_player
from attribution.responsibility.worlddiagram import WorldDiagram

LOST = 0
"""The cell of worlds outside the evidence, and of those in which nothing averts the harm."""


# What each player has, as integers, and the integer that stands for 1.
Sums = tuple[dict[int, int], int]


@dataclass(frozen=True, eq=False)
class Games:
    """The classes of worlds of one harm, and the game between players in each.

    The cells of `worlds` are positions in `nodes`; `players` gives for each level who it is. With
    `own`, these are one block, and every other player is a block of its own.
    """

    worlds: WorldDiagram
    players: tuple[int, ...]
    nodes: tuple[tuple[int, int, int], ...]
    own: frozenset[int] | None = None
    _gains: dict[int, dict[int, int]] = field(default_factory=dict)
    _least: dict[int, dict[int, int]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        algebra: Algebra,
        facts: tuple[str, ...],
        averted: WorldSet,
        players: Sequence[tuple[str, int]],
        own: frozenset[int] | None = None,
    ) -> Games:
        """Return the games of a set over facts and the variables of these (variable, player)."""
        order = (*facts, *(variable for variable, _ in players))
        branching = algebra.branching(averted, order)
        return cls.over(branching, facts, tuple(player for _, player in players), own)

    @classmethod
    def over(
        cls,
        branching: Branching,
        facts: tuple[str, ...],
        players: tuple[int, ...],
        own: frozenset[int] | None = None,
    ) -> Games:
        """Return the games of a diagram whose order is these facts, then these players."""
        depth = len(facts)
        nodes = tuple((level - depth, low, high) for level, low, high in branching.nodes)
        worlds = WorldDiagram.cut(branching, facts)
        return cls(worlds, players, ((0, 0, 0), (0, 1, 1), *nodes), own)

    @cached_property
    def _extension(self) -> Extension:
        return Extension([self._step(*node) for node in self.nodes[2:]])

    def _step(self, level: int, low: int, high: int) -> Step:
        if level < 0:
            return (None, 1, LOST, LOST)  # above the games: no game comes by here
        asked = self.own is None or self.players[level] in self.own
        return (self.players[level] if asked else None, 1 if asked else self._stride, low, high)

    @property
    def _stride(self) -> int:
        return 1 if self.own is None else len(self.own) + 1

    @cached_property
    def _moments(self) -> tuple[tuple[int, ...], int]:
        alone = 0 if self.own is None else len(self.own) - 1
        return moments_of(len(self.players) - alone, self._stride)

    @property
    def scale(self) -> int:
        """What `gains` count as 1."""
        return self._moments[1]

    def gains(self, cell: int) -> dict[int, int]:
        """Return the values in one cell of the players asked about, in units of 1 / `scale`.

        They are Shapley values, or with `own` the Owen values of these players; who adds nothing
        may lack.
        """
        found = self._gains.get(cell)
        if found is None:
            found = self._gains[cell] = self._extension.integrate({cell: self._moments[0]})
        return found

    def find_gains(self, cells: Collection[int]) -> None:
        """Find the gains in many cells in one pass, for `gains` and `expect` to know them."""
        wanted = [cell for cell in cells if cell not in self._gains]
        steps = [self._step(level, LOST, LOST)[:2] for level in range(len(self.players))]
        found = integrate_roots(self.nodes, steps, wanted, self._moments[0]) if wanted else None
        self._gains.update(zip(wanted, found or (), strict=found is not None))

    def expect(self, masses: Mapping[int, int]) -> Sums:
        """Return the sums over cells of mass times value."""
        moments, scale = self._moments
        if not masses.keys() <= self._gains.keys():
            return self._sum(masses, moments), scale
        sums: dict[int, int] = {}
        for cell, mass in masses.items():
            for player, gain in self._gains[cell].items():
                sums[player] = sums.get(player, 0) + mass * gain
        return sums, scale

    def expect_banzhaf(self, masses: Mapping[int, int]) -> Sums:
        """Return the sums over cells of mass times Banzhaf value: the gains at chance 1/2."""
        count = max(1, len(self.players))
        moments = [1 << (count - 1 - power) for power in range(count)]
        return self._sum(masses, moments), 1 << (count - 1)

    def expect_degrees(self, masses: Mapping[int, int]) -> Sums:
        """Return the sums over cells of mass times degree of responsibility."""
        scale = lcm(*range(1, len(self.players) + 1))
        sums: dict[int, int] = {}
        for cell, mass in masses.items():
            for player, size in self.least_winning(cell).items():
                sums[player] = sums.get(player, 0) + mass * (scale // size)
        return sums, scale

    def _sum(self, masses: Mapping[int, int], moments: Sequence[int]) -> dict[int, int]:
        weighted = {cell: [mass * it for it in moments] for cell, mass in masses.items()}
        return self._extension.integrate(weighted)

    def worths(self, masses: Mapping[int, int]) -> dict[int, int]:
        """Return the sum of mass over the cells that each coalition wins, by bits of players."""
        reached = {0: dict(masses)}
        for level, player in enumerate(self.players):
            split: dict[int, dict[int, int]] = {}
            for coalition, cells in reached.items():
                for joined, side in ((0, 1), (1 << player, 2)):
                    below: dict[int, int] = {}
                    for cell, mass in cells.items():
                        child = self._go(cell, level, side)
                        if child != LOST:
                            below[child] = below.get(child, 0) + mass
                    split[coalition | joined] = below
            reached = split
        return {coalition: cells.get(1, 0) for coalition, cells in reached.items()}

    def least_winning(self, cell: int) -> dict[int, int]:
        """Return for each player the size of the smallest minimal winning coalition they are in.

        The game grows with its players, so that a smallest coalition a player wins by joining is
        minimal with them.
        """
        found = self._least.get(cell)
        if found is None:
            found = self._least[cell] = smallest_by_player(Diagram(self.players, self.nodes, cell))
        return found

    def members(self, cell: int) -> list[int]:
        """Return the players who make a difference in a cell, in ascending order."""
        players = set()
        stack, seen = [cell], set()
        while stack:
            node = stack.pop()
            if node > 1 and node not in seen:
                seen.add(node)
                level, low, high = self.nodes[node]
                players.add(self.players[level])
                stack += [low, high]
        return sorted(players)

    def pivot(self, cell: int, player: int) -> tuple[int, ...] | None:
        """Return a smallest coalition that wins with the player and loses without it.

        None if there is none. Of several, the one whose players come later in the order.
        """
        known: dict[tuple[int, int], tuple[int, ...] | None] = {}

        def search(without: int, joined: int) -> tuple[int, ...] | None:
            if joined == 0 or without == 1:
                return None
            if joined == 1 and without == 0:
                return ()
            key = (without, joined)
            if key not in known:
                level = min(self.nodes[node][0] for node in key if node > 1)
                if self.players[level] == player:
                    known[key] = search(self._go(without, level, 1), self._go(joined, level, 2))
                else:
                    least = search(self._go(without, level, 1), self._go(joined, level, 1))
                    more = search(self._go(without, level, 2), self._go(joined, level, 2))
                    if more is not None and (least is None or len(more) + 1 < len(least)):
                        least = (self.players[level], *more)
                    known[key] = least
            return known[key]

        return search(cell, cell)

    def _go(self, node: int, level: int, side: int) -> int:
        return self.nodes[node][side] if node > 1 and self.nodes[node][0] == level else node


class HarmGames:
    """The games of one harm given some evidence: between parties, and within one of them.

    In the games between parties a player is a position in `owners`; in those within a party it is
    the position of a breach in the model, or `others` + a position in `owners`.
    """

    def __init__(
        self,
        algebra: Algebra,
        facts: tuple[str, ...],
        breaches: Sequence[Breach],
        averted: WorldSet,
        reach: frozenset[str],
    ) -> None:
        """Keep what the games are read from: a set over facts and the variables of breaches.

        Only breaches within `reach` can matter to it; the others are no players.
        """
        self.algebra = algebra
        self.facts = facts
        self.averted = averted
        self.others = len(breaches)
        self.owners = tuple(dict.fromkeys(breach.party for breach in breaches))
        self._variables = [met(breach.variable) for breach in breaches]
        self.own: dict[str, list[int]] = {party: [] for party in self.owners}
        for number, breach in enumerate(breaches):
            if breach.variable in reach:
                self.own[breach.party].append(number)
        self._within: dict[str, Games] = {}

    def _tied(self, *, apart: str | None) -> tuple[WorldSet, list[tuple[str, int]]]:
        """Return the averted set with each party's breaches as one, but for the party `apart`."""
        averted = self.averted
        players = []
        for party, numbers in self.own.items():
            variables = [self._variables[number] for number in numbers]
            if party == apart:
                players += list(zip(variables, numbers, strict=True))
            elif variables:
                averted = tie(self.algebra, variables, averted)
                offset = 0 if apart is None else self.others
                players.append((variables[0], offset + self.owners.index(party)))
        position = {name: place for place, name in enumerate(self.algebra.names)}
        return averted, sorted(players, key=lambda player: position[player[0]])

    @cached_property
    def between(self) -> Games:
        """The games between parties."""
        return Games.of(self.algebra, self.facts, *self._tied(apart=None))

    def within(self, party: str) -> Games:
        """Return the games of one party's breaches, every other party joining as a whole."""
        if party not in self._within:
            own = frozenset(self.own[party])
            self._within[party] = Games.of(self.algebra, self.facts, *self._tied(apart=party), own)
        return self._within[party]
