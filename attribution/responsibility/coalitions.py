"""The worth of coalitions of parties: the probability that their compliance averts the harm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from attribution.responsibility.model import met

if TYPE_CHECKING:
    from attribution.responsibility.weighing import Weighing

MAX_LISTED_PARTIES = 10
"""Up to this many parties v is listed for every coalition; beyond, for single ones and for all."""


def list_coalitions(weighing: Weighing) -> dict[str, Fraction]:
    """Return the worth v, by the names of the coalition's members, sorted and joined by commas."""
    parties = weighing.model.parties
    if len(parties) > MAX_LISTED_PARTIES:
        return _outer_coalitions(weighing)
    sums = dict.fromkeys(range(1 << len(parties)), 0)
    for harm, masses in weighing.party_masses.items():
        games = weighing.games[harm]
        position = [parties.index(owner) for owner in games.owners]
        worths = games.between.worths(masses)
        present = sum(1 << player for player in games.between.players)
        for coalition in sums:
            own = sum(1 << i for i, place in enumerate(position) if coalition >> place & 1)
            sums[coalition] += weighing.weights[harm] * worths[own & present]
    return name_coalitions(parties, weighing.scale_sums(sums))


def name_coalitions(parties: Sequence[str], values: Mapping[int, Fraction]) -> dict[str, Fraction]:
    """Return the values of all coalitions, given as bits of parties, by their members' names.

    Members are sorted and joined by commas, smaller coalitions come first.
    """
    return {name: values[coalition] for coalition, name in _names_of(tuple(parties))}


@lru_cache(maxsize=64)
def _names_of(parties: tuple[str, ...]) -> tuple[tuple[int, str], ...]:
    """Return every coalition with its name, smaller ones first."""
    order = sorted(range(len(parties)), key=parties.__getitem__)
    coalitions = sorted(range(1 << len(parties)), key=lambda c: _by_size(c, order))
    return tuple(
        (c, ",".join(parties[place] for place in order if c >> place & 1)) for c in coalitions
    )


def _outer_coalitions(weighing: Weighing) -> dict[str, Fraction]:
    parties = sorted(weighing.model.parties)
    return {
        "": Fraction(0),
        **{party: _worth(weighing, (party,)) for party in parties},
        ",".join(parties): _worth(weighing, weighing.model.parties),
    }


def _worth(weighing: Weighing, parties: tuple[str, ...]) -> Fraction:
    table = weighing.table
    own = {breach.variable for breach in weighing.model.breaches if breach.party in parties}
    worth = Fraction(0)
    for harm, portion in weighing.portions.items():
        reach = table.reach[harm]
        if own.isdisjoint(reach):
            continue  # nothing that it depends on is met
        fixed = {met(name): int(name in own) for name in reach}
        worth += portion * weighing.probability(table.algebra.fix(table.averted[harm], fixed))
    return worth


def _by_size(coalition: int, order: list[int]) -> tuple[int, list[int]]:
    members = [rank for rank, place in enumerate(order) if coalition >> place & 1]
    return len(members), members
