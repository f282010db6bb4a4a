"""Sharing rules that are linear in the game, as matrices over all coalitions.

A coalition or set is a number whose bits say who is in it. A value is the product of what each
coalition wins with the matrix; it depends on how many play and on who owns what alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import comb, lcm

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule linear in the game: the coefficient of each coalition for each player, by `scale`."""

    coefficients: npt.NDArray[np.int64]
    scale: int


@lru_cache(maxsize=256)
def join_breaches(owners: tuple[int, ...], players: int) -> npt.NDArray[np.intp]:
    """Return for each coalition of players the set of all their breaches.

    `owners` has the player of each breach, the first being the highest bit of a set.
    """
    top = len(owners) - 1
    own = [sum(1 << (top - n) for n, it in enumerate(owners) if it == p) for p in range(players)]
    sets = [sum(own[p] for p in range(players) if c >> p & 1) for c in range(1 << players)]
    return np.array(sets, dtype=np.intp)


@lru_cache(maxsize=256)
def owen_rule(owners: tuple[int, ...]) -> Rule:
    """Return the Owen value of each breach over sets of breaches (Owen 1977).

    `owners` has the party of each breach, the first being the highest bit of a set.
    """
    count = len(owners)
    sizes = {owner: owners.count(owner) for owner in owners}
    scale = lcm(*range(1, len(sizes) + 1)) * lcm(*range(1, max(sizes.values()) + 1))
    scale *= lcm(*(comb(len(sizes) - 1, n) for n in range(len(sizes))))
    scale *= lcm(*(comb(size - 1, n) for size in sizes.values() for n in range(size)))
    whole = {
        owner: sum(bit_of(count, n) for n in range(count) if owners[n] == owner) for owner in sizes
    }
    table = np.zeros((1 << count, count), dtype=np.int64)
    for number, owner in enumerate(owners):
        others = [whole[it] for it in sizes if it != owner]
        peers = [bit_of(count, n) for n in range(count) if owners[n] == owner and n != number]
        for joined, outside in _subsets(others):
            for added, inside in _subsets(peers):
                parts = len(sizes) * comb(len(others), outside) * (len(peers) + 1)
                weight = scale // (parts * comb(len(peers), inside))
                table[joined | added | bit_of(count, number), number] += weight
                table[joined | added, number] -= weight
    return Rule(table, scale)


@lru_cache(maxsize=64)
def banzhaf_rule(players: int) -> Rule:
    """Return the Banzhaf value of each player over coalitions (Banzhaf 1965)."""
    member = list_members(players)
    return Rule(np.where(member, 1, -1).astype(np.int64), 1 << (players - 1))


@lru_cache(maxsize=64)
def list_members(players: int) -> npt.NDArray[np.bool_]:
    """Return who is in each coalition: an array of shape (coalitions, players)."""
    coalitions = np.arange(1 << players)
    return (coalitions[:, None] >> np.arange(players) & 1).astype(bool)


@lru_cache(maxsize=64)
def list_tipping(players: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the size of each coalition, and each coalition without each of the players.

    Both are arrays over coalitions, the sizes as a column.
    """
    sizes = list_members(players).sum(axis=1, dtype=np.int64)[:, None]
    without = np.arange(1 << players)[:, None] & ~(1 << np.arange(players))
    return sizes, without


def bit_of(count: int, number: int) -> int:
    """Return the set of one breach, the first of `count` being the highest bit."""
    return 1 << (count - 1 - number)


def _subsets(items: Sequence[int]) -> list[tuple[int, int]]:
    """Return the union and the size of every subset of these disjoint sets of bits."""
    found = [(0, 0)]
    for item in items:
        found += [(union | item, size + 1) for union, size in found]
    return found
