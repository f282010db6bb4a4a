"""Logical expressions compiled for truth tables, once for all models that have them."""

from __future__ import annotations

from functools import lru_cache

from attribution.causation.expression import MAX_KEPT, Expression
from attribution.causation.sets import SetCompiler, Truth


def compile_for_tables(equation: Expression) -> Truth:
    """Return the function of a logical expression of Boolean names to the worlds it is true in.

    For truth tables, in which it is the same in every model that has the equation.
    """
    text = equation.text
    return _compile_kept(text) if len(text) <= MAX_KEPT else _compile_logical(equation)


@lru_cache(maxsize=1 << 13)
def _compile_kept(text: str) -> Truth:
    return _compile_logical(Expression.parse(text))


def _compile_logical(equation: Expression) -> Truth:
    return SetCompiler(equation.names, 0).truth(equation.node)
