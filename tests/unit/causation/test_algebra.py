"""Both algebras of sets of worlds answer alike."""

from __future__ import annotations

import random

import pytest

from attribution.causation.algebra import Algebra, TruthTables, WorldSet
from attribution.causation.diagram import Diagrams
from attribution.causation.effort import Effort

NAMES = ("a", "b", "c", "d", "e")


def draw_worlds(draw: random.Random) -> list[dict[str, int]]:
    """Return some of the worlds of five variables."""
    every = [
        {name: number >> place & 1 for place, name in enumerate(NAMES)}
        for number in range(1 << len(NAMES))
    ]
    return draw.sample(every, draw.randint(0, len(every) // 2))


def collect(algebra: Algebra, worlds: list[dict[str, int]]) -> WorldSet:
    """Return the set of these worlds."""
    found = algebra.nothing
    for world in worlds:
        one = algebra.everything
        for name, value in world.items():
            where = algebra.variable(name)
            one = one & where if value else one & ~where
        found = found | one
    return found


@pytest.mark.parametrize("seed", range(60))
def test_a_set_closed_upwards_has_every_world_above_one_of_its_own(seed: int) -> None:
    """Above in the growing variables, and equal in the others."""
    draw = random.Random(seed)
    worlds = draw_worlds(draw)
    growing = draw.sample(NAMES, draw.randint(0, len(NAMES)))
    above = [
        world
        for world in draw_worlds(random.Random(0)) + draw_worlds(random.Random(1))
        if any(
            all(world[name] >= own[name] if name in growing else world[name] == own[name]
                for name in NAMES)
            for own in worlds
        )
    ]  # fmt: skip
    below = [
        world
        for world in draw_worlds(random.Random(0)) + draw_worlds(random.Random(1))
        if world not in above
    ]
    for algebra in (TruthTables(NAMES), Diagrams(NAMES, Effort())):
        closed = algebra.close_upwards(growing, collect(algebra, worlds))
        for world in above:
            assert collect(algebra, [world]) & ~closed == algebra.nothing
        for world in below:
            assert collect(algebra, [world]) & closed == algebra.nothing
