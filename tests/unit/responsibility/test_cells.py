"""Games of harms that few of many breaches matter to, and the smallest coalitions that win."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import combinations

import pytest

from attribution.causation.algebra import TruthTables
from attribution.responsibility.cells import Games
from attribution.responsibility.model import PotencyModel
from attribution.responsibility.potency import Assessor

PARTIES_A_HARM = 3


def build_many(harms: int) -> PotencyModel:
    """Return harms that each come about by one party and either of two others, and no others."""
    names = [f"b{number}" for number in range(PARTIES_A_HARM * harms)]
    equations = {name: f"u_{name}" for name in names}
    for harm in range(harms):
        first, second, third = names[PARTIES_A_HARM * harm : PARTIES_A_HARM * (harm + 1)]
        equations[f"h{harm}"] = f"{first} and ({second} or {third})"
    return PotencyModel.from_dict(
        {
            "variables": {name: [0, 1] for name in equations},
            "context": {f"u_{name}": 1 for name in names},
            "equations": equations,
            "parties": [f"p{number}" for number in range(len(names))],
            "breaches": {
                name: {"party": f"p{number}", "norm": 0} for number, name in enumerate(names)
            },
            "harms": [{"effect": f"h{harm} == 1", "amount": harm + 1} for harm in range(harms)],
        }
    )


@pytest.mark.parametrize("harms", [2, 7, 60])
def test_parties_bear_their_own_harms_alone(harms: int) -> None:
    """Shares of harms that have nothing to do with each other are those of each by itself."""
    model = build_many(harms)
    result = Assessor(model).assess()
    total = sum(range(1, harms + 1))
    for harm in range(harms):
        part = Fraction(harm + 1, total)
        own = [f"p{PARTIES_A_HARM * harm + place}" for place in range(PARTIES_A_HARM)]
        assert [result.potency[party] / part for party in own] == [
            Fraction(2, 3),
            Fraction(1, 6),
            Fraction(1, 6),
        ]
        necessary = [result.necessity.parties[party] for party in own]
        assert necessary == [part, 0, 0]
        assert [result.coalitions[party] for party in own] == [part, 0, 0]
    assert result.coalitions[",".join(sorted(model.parties))] == 1
    degrees = result.other_rules["degree_of_responsibility"]
    # One for who decides alone, a half for each of two who must both comply.
    assert degrees["p0"] == 2 * degrees["p1"] == 2 * degrees["p2"]


@pytest.mark.parametrize("seed", range(60))
def test_smallest_winning_coalitions_are_those_of_all_coalitions(seed: int) -> None:
    """A player's is the smallest set that wins with the player and loses without."""
    draw = random.Random(seed)
    count = draw.randint(1, 6)
    groups = [set(draw.sample(range(count), draw.randint(1, count))) for _ in range(3)]
    every = [set(some) for size in range(count + 1) for some in combinations(range(count), size)]

    def wins(some: set[int]) -> bool:
        return any(group <= some for group in groups)

    algebra = TruthTables(tuple(f"x{player}" for player in range(count)))
    table = sum(
        1 << sum(1 << (count - 1 - player) for player in some) for some in every if wins(some)
    )
    players = [(f"x{player}", player) for player in range(count)]
    games = Games.of(algebra, (), table, players)
    (cell,) = games.worlds.cells
    least = {
        player: min(len(some) for some in every if player in some and tips(wins, some, player))
        for player in range(count)
        if any(player in some and tips(wins, some, player) for some in every)
    }
    assert isinstance(cell, int)
    assert games.least_winning(cell) == least


def tips(wins: object, some: set[int], player: int) -> bool:
    """Return whether the coalition wins, and loses without the player."""
    assert callable(wins)
    return wins(some) and not wins(some - {player})
