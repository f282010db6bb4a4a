"""The axioms that single out the Shapley and Owen values, on random games."""

from __future__ import annotations

import itertools
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from attribution.responsibility import allocation

MOST = 5


@st.composite
def games(draw: st.DrawFn) -> list[int]:
    """Return the worth of every coalition of one to five players."""
    players = draw(st.integers(1, MOST))
    worths = draw(st.lists(st.integers(-9, 9), min_size=2**players, max_size=2**players))
    return [0, *worths[1:]]


@st.composite
def games_with_blocks(draw: st.DrawFn) -> tuple[list[int], list[list[int]]]:
    game = draw(games())
    players = range(player_count(game))
    block_of = [draw(st.integers(0, len(players) - 1)) for _ in players]
    blocks = [[p for p in players if block_of[p] == block] for block in players]
    return game, [block for block in blocks if block]


def player_count(game: list[int]) -> int:
    return len(game).bit_length() - 1


@given(games())
def test_shapley_is_the_mean_over_orders(game: list[int]) -> None:
    """The Shapley value is what a player adds, averaged over all orders of arrival."""
    players = range(player_count(game))
    orders = list(itertools.permutations(players))
    expected = dict.fromkeys(players, Fraction(0))
    for order in orders:
        before = 0
        for player in order:
            expected[player] += Fraction(game[before | 1 << player] - game[before], len(orders))
            before |= 1 << player
    assert allocation.shapley(game.__getitem__, players) == expected


@given(games())
def test_efficiency(game: list[int]) -> None:
    """Shapley values sum to what all are worth together."""
    values = allocation.shapley(game.__getitem__, range(player_count(game)))
    assert sum(values.values()) == game[-1]


@given(games_with_blocks())
def test_owen_sums_to_shapley_of_blocks(case: tuple[list[int], list[list[int]]]) -> None:
    """A block's Owen values sum to its Shapley value in the game between blocks."""
    game, blocks = case
    masks = [sum(1 << player for player in block) for block in blocks]

    def between(coalition: int) -> int:
        return game[sum(mask for number, mask in enumerate(masks) if coalition >> number & 1)]

    values = allocation.owen(game.__getitem__, blocks)
    shapley = allocation.shapley(between, range(len(blocks)))
    for number, block in enumerate(blocks):
        assert sum(values[player] for player in block) == shapley[number]


@given(games())
def test_null_player(game: list[int]) -> None:
    """A player who never adds anything gets nothing under any rule, and changes nobody's value."""
    count = player_count(game)
    wider = game + game
    for rule in (allocation.shapley, allocation.banzhaf):
        values = rule(wider.__getitem__, range(count + 1))
        assert values.pop(count) == 0
        assert values == rule(game.__getitem__, range(count))


@given(games(), st.data())
def test_symmetry(game: list[int], data: st.DataObject) -> None:
    """Swapping two players swaps their values and leaves the others' as they were."""
    count = player_count(game)
    one, two = data.draw(st.integers(0, count - 1)), data.draw(st.integers(0, count - 1))

    def swap(number: int) -> int:
        return {one: two, two: one}.get(number, number)

    def swapped(coalition: int) -> int:
        return game[sum(1 << swap(p) for p in range(count) if coalition >> p & 1)]

    for rule in (allocation.shapley, allocation.banzhaf):
        values = rule(game.__getitem__, range(count))
        assert rule(swapped, range(count)) == {swap(p): value for p, value in values.items()}


@given(games(), st.data())
def test_additivity(game: list[int], data: st.DataObject) -> None:
    """The value of a sum of games is the sum of the values."""
    other = [
        0,
        *data.draw(st.lists(st.integers(-9, 9), min_size=len(game) - 1, max_size=len(game) - 1)),
    ]
    players = range(player_count(game))
    both = [a + b for a, b in zip(game, other, strict=True)]
    first = allocation.shapley(game.__getitem__, players)
    second = allocation.shapley(other.__getitem__, players)
    assert allocation.shapley(both.__getitem__, players) == {
        player: first[player] + second[player] for player in players
    }
