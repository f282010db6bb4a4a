"""Minimal sets of random functions that only grow, against all subsets one after another."""

from __future__ import annotations

import itertools
import random

import pytest

from attribution.causation.algebra import Branching
from attribution.causation.diagram import Diagrams
from attribution.causation.effort import Effort, OutOfTimeError
from attribution.causation.family import MinimalSets

NAMES = ("a", "b", "c", "d", "e", "f")


def draw_function(terms: list[tuple[str, ...]]) -> Branching:
    algebra = Diagrams(NAMES, Effort())
    found = algebra.nothing
    for term in terms:
        whole = algebra.everything
        for name in term:
            whole &= algebra.variable(name)
        found |= whole
    return algebra.branching(found, NAMES)


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
            assert cut.of_size(size, first) == of_size[:first], seed


def test_what_is_always_true_needs_the_empty_set_only() -> None:
    sets = MinimalSets(draw_function([()]), tuple(1 << bit for bit in range(6)), Effort())
    assert sets.of_size(0) == [0]
    assert sets.largest == 0


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
