"""The syntax tree of the expression language of structural models."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass

FUNCTIONS = ("at_least", "int", "max", "min")


@dataclass(frozen=True, slots=True)
class Number:
    """An integer literal."""

    value: int


@dataclass(frozen=True, slots=True)
class Name:
    """A variable of the model or of its context."""

    name: str


@dataclass(frozen=True, slots=True)
class Negation:
    """`not x`: 1 when x is 0, else 0."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Junction:
    """`a and b and ...` or `a or b or ...`; like Python's, its value is that of an operand."""

    word: str
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`first op a op b ...`, applied from left to right."""

    first: Node
    rest: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """`first op a op b ...`: each link holds between neighbours, as in Python."""

    first: Node
    rest: tuple[tuple[str, Node | Collection], ...]


@dataclass(frozen=True, slots=True)
class Collection:
    """The right side of `in`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """`then if test else otherwise`."""

    test: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Call:
    """One of `FUNCTIONS` applied to its arguments."""

    function: str
    arguments: tuple[Node, ...]


Node = Number | Name | Negation | Junction | Arithmetic | Comparison | Choice | Call

_DIVISIONS = frozenset(("//", "%"))

ARITHMETIC: dict[str, Callable[[int, int], int]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "//": operator.floordiv,
    "%": operator.mod,
}
COMPARE: dict[str, Callable[[int, int], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _children(node: Node | Collection) -> Iterator[Node | Collection]:
    match node:
        case Negation(operand=operand):
            yield operand
        case Junction(operands=parts) | Collection(items=parts) | Call(arguments=parts):
            yield from parts
        case Arithmetic(first=first, rest=steps):
            yield first
            yield from (step for _, step in steps)
        case Comparison(first=first, rest=links):
            yield first
            yield from (link for _, link in links)
        case Choice(test=test, then=then, otherwise=otherwise):
            yield from (test, then, otherwise)


def may_divide(node: Node | Collection) -> bool:
    """Return whether the expression has a division, which can be one by zero."""
    stack: list[Node | Collection] = [node]
    while stack:
        inner = stack.pop()
        if isinstance(inner, Arithmetic) and any(word in _DIVISIONS for word, _ in inner.rest):
            return True
        stack.extend(_children(inner))
    return False


def names_in(node: Node | Collection) -> Iterator[str]:
    """Yield the names in the expression, each as often as it occurs, in no order."""
    stack: list[Node | Collection] = [node]
    while stack:
        inner = stack.pop()
        if isinstance(inner, Name):
            yield inner.name
        else:
            stack.extend(_children(inner))
