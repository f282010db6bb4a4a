"""Minimal sets of random functions that only grow, against all subsets one after another."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Sequence

import pytest

from attribution.causation.algebra import Branching
from attribution.causation.diagram import Diagrams
from attribution.causation.effort import Effort, OutOfTimeError
from attribution.causation.family import MinimalSets

NAMES = ("a", "b", "c", "d", "e", "f")


def draw_function(terms: Sequence[tuple[str, ...]], names: tuple[str, ...] = NAMES) -> Branching:
    algebra = Diagrams(names, Effort())
    found = algebra.nothing
    for term in terms:
        whole = algebra.everything
        for name in term:
            whole &= algebra.variable(name)
        found |= whole
    return algebra.branching(found, names)


def random_terms(rng: random.Random) -> list[tuple[str, ...]]:
    return [tuple(rng.sample(NAMES, rng.randint(1, len(NAMES)))) for _ in range(rng.randint(0, 12))]


def minimal_masks(terms: list[tuple[str, ...]], bits: dict[str, int]) -> list[int]:
    masks = {sum(bits[name] for name in term) for term in terms}
    return [mask for mask in masks if not any(o != mask and o & mask == o for o in masks)]


def test_minimal_sets_are_those_that_contain_no_other() -> None:
    for seed in range(300):
        rng = random.Random(seed)
        terms = random_terms(rng)
        order = rng.sample(range(len(NAMES)), len(NAMES))
        bits = {name: 1 << place for name, place in zip(NAMES, order, strict=True)}
        sets = MinimalSets(draw_function(terms), tuple(bits.values()), Effort())
        expected = minimal_masks(terms, bits)
        assert sets.largest == max(map(int.bit_count, expected), default=0), seed
        for size in range(len(NAMES) + 1):
            of_size = sorted((m for m in expected if m.bit_count() == size), reverse=True)
            assert sets.of_size(size) == of_size, seed
            first = rng.randint(1, 4)
            cut = MinimalSets(draw_function(terms), tuple(bits.values()), Effort())
            for few in (first, first + 1):
                assert cut.of_size(size, few) == of_size[:few], seed
            assert cut.count(size) == len(of_size), seed


def test_what_is_always_true_needs_the_empty_set_only() -> None:
    sets = MinimalSets(draw_function([()]), tuple(1 << bit for bit in range(6)), Effort())
    assert sets.of_size(0) == [0]
    assert sets.largest == 0


def test_the_first_of_more_sets_than_memory_holds() -> None:
    """Any thirty of sixty: 118,264,581,564,861,424 sets, in an order that is not that of bits."""
    names = tuple(f"v{number}" for number in range(60))
    algebra = Diagrams(names, Effort())
    votes = [algebra.nothing] * 31
    votes[0] = algebra.everything
    for name in names:
        for wanted in range(30, 0, -1):
            votes[wanted] |= votes[wanted - 1] & algebra.variable(name)
    bits = [1 << place for place in random.Random(1).sample(range(60), 60)]
    sets = MinimalSets(algebra.branching(votes[30], names), tuple(bits), Effort())
    assert sets.count(30) == math.comb(60, 30)
    assert sets.count(29) == 0
    subsets = itertools.combinations(range(59, -1, -1), 30)
    expected = [sum(1 << bit for bit in subset) for subset in itertools.islice(subsets, 2000)]
    assert sets.of_size(30, 2000) == expected


def test_time_is_looked_at_while_the_first_are_taken() -> None:
    names = tuple(f"v{number}" for number in range(9))
    effort = Effort()
    terms = list(itertools.combinations(names, 4))
    bits = tuple(1 << bit for bit in range(9))
    sets = MinimalSets(draw_function(terms, names), bits, effort)
    assert sets.count(4) == len(terms)
    effort.stop()
    with pytest.raises(OutOfTimeError):
        sets.of_size(4, len(terms) - 1)


def test_time_is_looked_at_while_sets_are_compared() -> None:
    names = tuple(str(number) for number in range(400))
    algebra = Diagrams(names, Effort())
    pairs = algebra.nothing
    for one, other in itertools.pairwise(names):
        pairs |= algebra.variable(one) & algebra.variable(other)
    function = algebra.branching(pairs, names)
    bits = tuple(1 << bit for bit in range(len(names)))
    effort = Effort()
    effort.stop()
    with pytest.raises(OutOfTimeError):
        MinimalSets(function, bits, effort)
