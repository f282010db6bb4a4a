"""Rules that share the worth of a coalition among its members, in exact fractions.

Players are the bits of an integer and a coalition is the integer of its members' bits; a game is
a function from coalitions to their worth, with worth 0 for the empty one.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterator, Sequence
from fractions import Fraction
from math import factorial

Game = Callable[[int], Fraction | int]


def shapley(game: Game, players: Sequence[int]) -> dict[int, Fraction]:
    """Return each player's Shapley value (Shapley 1953): the mean over orders of what it adds.

    The values sum to the worth of all players. Takes 2^n coalitions.
    """
    return owen(game, [[player] for player in players])


def owen(game: Game, blocks: Sequence[Sequence[int]]) -> dict[int, Fraction]:
    """Return each player's Owen value (Owen 1977) with `blocks` as the prior unions.

    The mean of what a player adds over the orders in which every block comes in one piece. A
    block's values sum to its Shapley value in the game between blocks.
    """
    values: dict[int, Fraction] = {}
    for number, block in enumerate(blocks):
        others = [_union(other) for index, other in enumerate(blocks) if index != number]
        before = list(_weighted_coalitions(others))
        for player in block:
            rest = [1 << other for other in block if other != player]
            inside = list(_weighted_coalitions(rest))
            total = Fraction(0)
            for outer, outer_weight in before:
                for inner, inner_weight in inside:
                    coalition = outer | inner
                    added = game(coalition | 1 << player) - game(coalition)
                    if added:
                        total += outer_weight * inner_weight * added
            values[player] = total
    return values


def banzhaf(game: Game, players: Sequence[int]) -> dict[int, Fraction]:
    """Return each player's Banzhaf value (Banzhaf 1965): the plain mean of what it adds."""
    values = {}
    for player in players:
        rest = [1 << other for other in players if other != player]
        added = [
            game(coalition | 1 << player) - game(coalition)
            for coalition, _ in _weighted_coalitions(rest)
        ]
        values[player] = Fraction(sum(added)) / len(added)
    return values


def normalise(values: dict[int, Fraction]) -> dict[int, Fraction]:
    """Return the values divided by their sum; all zero where the sum is."""
    total = sum(values.values())
    return {player: value / total if total else Fraction(0) for player, value in values.items()}


def degree_of_responsibility(winning: Collection[int], player: int) -> Fraction:
    """Return 1/(k+1), k the fewest others who must join before the player makes the difference.

    `winning` has the minimal coalitions that make it (Chockler and Halpern 2004, over players
    in place of variables). 0 for a player in none of them.
    """
    sizes = [coalition.bit_count() for coalition in winning if coalition >> player & 1]
    return Fraction(1, min(sizes)) if sizes else Fraction(0)


def _union(members: Sequence[int]) -> int:
    return sum(1 << member for member in members)


def _weighted_coalitions(parts: Sequence[int]) -> Iterator[tuple[int, Fraction]]:
    """Yield each union of parts with the probability that just these come first."""
    count = len(parts)
    for size in range(count + 1):
        weight = Fraction(factorial(size) * factorial(count - size), factorial(count + 1))
        for chosen in itertools.combinations(parts, size):
            yield sum(chosen), weight
