"""Equations compiled for truth tables: the same worlds as the general way gives."""

from __future__ import annotations

import random

import pytest

from attribution.causation.algebra import TruthTables
from attribution.causation.expression import Expression
from attribution.causation.keeping import compile_for_tables
from attribution.causation.sets import SetCompiler

NAMES = ("a", "b", "c", "d")


def draw_expression(draw: random.Random, depth: int = 4) -> str:
    """Return a text of names, `and`, `or`, `not` and brackets, with up to four operands."""
    if depth == 0 or draw.random() < 0.2:
        return draw.choice(NAMES)
    if draw.random() < 0.3:
        return f"not ({draw_expression(draw, depth - 1)})"
    word = draw.choice((" and ", " or "))
    parts = [draw_expression(draw, depth - 1) for _ in range(draw.randint(2, 4))]
    return "(" + word.join(parts) + ")"


@pytest.mark.parametrize("seed", range(60))
def test_a_logical_expression_is_true_in_the_same_worlds_either_way(seed: int) -> None:
    draw = random.Random(seed)
    expression = Expression.parse(draw_expression(draw))
    algebra = TruthTables(NAMES)
    states = {name: algebra.variable(name) for name in NAMES}
    within = draw.getrandbits(16)
    general = SetCompiler(frozenset(NAMES), 0).truth(expression.node)
    assert compile_for_tables(expression)(states, within) & within == general(states, within)


def test_a_chain_of_thousands_of_names_is_evaluated() -> None:
    """The length of an equation is no depth of recursion."""
    names = [f"v{number}" for number in range(5000)]
    states = dict.fromkeys(names, 1)
    for word, missing, expected in (("and", 0, 0), ("or", 1, 1)):
        expression = Expression.parse(f" {word} ".join(names))
        function = compile_for_tables(expression)
        assert function({**states, "v77": missing}, 1) == expected
