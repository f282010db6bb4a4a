"""Which way names should go: read once for an expression, or part by part."""

from __future__ import annotations

import random

import pytest

from attribution.causation.algebra import TruthTables
from attribution.causation.expression import Expression
from attribution.causation.structural import StructuralModel
from attribution.causation.worlds import Worlds
from attribution.responsibility.wants import Wants, list_signs

NAMES = ("a", "b", "c", "d")


def draw_expression(draw: random.Random, depth: int = 3) -> str:
    """Return a text of names, `and`, `or`, `not` and brackets."""
    if depth == 0 or draw.random() < 0.2:
        return draw.choice(NAMES)
    if draw.random() < 0.3:
        return f"not ({draw_expression(draw, depth - 1)})"
    word = draw.choice((" and ", " or "))
    return "(" + word.join(draw_expression(draw, depth - 1) for _ in range(2)) + ")"


def test_a_name_that_stands_both_ways_comes_twice() -> None:
    assert set(list_signs(Expression.parse("a and not (b or not a)"))) == {
        ("a", True),
        ("b", False),
    }
    assert set(list_signs(Expression.parse("a or not a"))) == {("a", True), ("a", False)}


@pytest.mark.parametrize("seed", range(40))
def test_names_are_asked_as_their_expression_is(seed: int) -> None:
    """Whatever is wanted of a logical expression is wanted of the same names either way."""
    draw = random.Random(seed)
    expression = Expression.parse(draw_expression(draw))
    if not expression.logical:
        return
    model = StructuralModel.from_dict(
        {
            "variables": {name: [0, 1] for name in NAMES},
            "context": {f"u_{name}": 1 for name in NAMES},
            "equations": {name: f"u_{name}" for name in NAMES},
        }
    )
    worlds = Worlds(model, ("u_a", "u_b"), TruthTables(("u_a", "u_b")))
    for truth in (True, False):
        one, other = Wants(worlds, worlds.run()), Wants(worlds, worlds.run())
        one.ask(expression.node, truth=truth, where=0b0110)
        other.ask_names(list_signs(expression), truth=truth, where=0b0110)
        assert (one.true, one.false) == (other.true, other.false)
