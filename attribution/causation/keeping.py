"""Logical expressions compiled for truth tables, once for all models that have them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from attribution.causation.algebra import WorldSet
from attribution.causation.expression import MAX_KEPT, Expression
from attribution.causation.sets import State, Truth
from attribution.causation.syntax import Junction, Name, Negation, Node


def compile_for_tables(equation: Expression) -> Truth:
    """Return the function of a logical expression of Boolean names to the worlds it is true in.

    For truth tables, in which it is the same in every model that has the equation. What it gives
    for worlds other than those asked about is not promised.
    """
    text = equation.text
    return _compile_kept(text) if len(text) <= MAX_KEPT else _compile(equation.node)


@lru_cache(maxsize=1 << 13)
def _compile_kept(text: str) -> Truth:
    return _compile(Expression.parse(text).node)


def _compile(node: Node) -> Truth:
    match node:
        case Name(name=name):
            return lambda states, _within: states[name]
        case Negation(operand=Name(name=name)):
            return lambda states, within: _outside(states[name], within)
        case Negation(operand=operand):
            inner = _compile(operand)
            return lambda states, within: _outside(inner(states, within), within)
        case Junction(word=word, operands=parts):
            names = [part.name for part in parts if isinstance(part, Name)]
            others = [_compile(part) for part in parts if not isinstance(part, Name)]
            return _join_all(names, others) if word == "and" else _join_any(names, others)
    raise TypeError(node)


def _outside(worlds: WorldSet, within: WorldSet) -> WorldSet:
    return within & ~worlds


def _join_all(names: Sequence[str], others: Sequence[Truth]) -> Truth:
    if len(names) == 2 and not others:  # noqa: PLR2004 - the most frequent equation by far
        one, two = names

        def both(states: Mapping[str, State], _within: WorldSet) -> WorldSet:
            first: WorldSet = states[one]
            return first & states[two]

        return both

    def every(states: Mapping[str, State], within: WorldSet) -> WorldSet:
        for name in names:
            within = within & states[name]
        for part in others:
            within = within & part(states, within)
        return within

    return every


def _join_any(names: Sequence[str], others: Sequence[Truth]) -> Truth:
    if len(names) == 2 and not others:  # noqa: PLR2004 - the most frequent equation by far
        one, two = names

        def either(states: Mapping[str, State], _within: WorldSet) -> WorldSet:
            first: WorldSet = states[one]
            return first | states[two]

        return either

    def some(states: Mapping[str, State], within: WorldSet) -> WorldSet:
        found: WorldSet = 0
        for name in names:
            found |= states[name]
        for part in others:
            found |= part(states, within)
        return found

    return some
