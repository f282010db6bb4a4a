"""The expression language of structural models: parsed by a whitelist, never run as code.

Integers, `and or not == != < <= > >= + - * // %`, `in (..)`, `a if c else b`, and the functions
`int`, `min`, `max`, `at_least(k, a, b, ...)` (1 when at least k of the rest are not 0).
Operators mean what they mean in Python, except that truth values are the integers 0 and 1.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from attribution.causation.connectives import read_comparison, read_connectives
from attribution.causation.dialects import translate
from attribution.causation.document import show_number
from attribution.causation.scalar import Evaluator, compile_scalar
from attribution.causation.syntax import (
    FUNCTIONS,
    Arithmetic,
    Call,
    Choice,
    Collection,
    Comparison,
    Junction,
    Name,
    Negation,
    Node,
    Number,
    names_in,
)
from attribution.errors import ModelError

MAX_LENGTH = 100_000
MAX_DEPTH = 100
MAX_LITERAL = 10**18
MAX_QUOTED = 200
MAX_KEPT = 200
"""Texts up to this long are read once and kept for the next model that has them."""

_DIGITS = "integers of at most 18 digits"
_LONG_NUMBER = re.compile(r"\d{4301}")
_BREAKS = str.maketrans("\r\n", "  ")

_ARITHMETIC_WORDS: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.FloorDiv: "//",
    ast.Mod: "%",
}
_COMPARE_WORDS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "in",
    ast.NotIn: "not in",
}


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression. Equal when the text is equal; calling it gives its integer value.

    `place` is where in its document it stands, as a JSON pointer. Where it is `logical` it has
    nothing but names, `and`, `or` and `not`.
    `expression(values)` raises `ZeroDivisionError` for a division by zero and `KeyError` for a
    name without a value; a `StructuralModel` turns both into a `ModelError`.
    """

    text: str
    node: Node = field(compare=False, repr=False)
    names: frozenset[str] = field(compare=False, repr=False)
    _evaluate: Evaluator = field(compare=False, repr=False)
    place: str | None = field(default=None, compare=False, repr=False)
    logical: bool = field(default=False, compare=False, repr=False)

    @property
    def sorted_names(self) -> tuple[str, ...]:
        """The names in alphabetical order."""
        return _sort_names(self.names)

    def __call__(self, values: Mapping[str, int]) -> int:
        """Return the value of the expression at these values of its names."""
        return self._evaluate(values)

    @classmethod
    def parse(
        cls,
        text: str,
        *,
        place: str | None = None,
        file: str | None = None,
        placed: bool = True,
    ) -> Expression:
        """Return the parsed text; unless it is `placed`, its `place` is known to errors alone.

        Raises ModelError (with `file` and `place`) for anything outside the language.
        """
        found = _read_kept(text) if len(text) <= MAX_KEPT else _read_plain(text)
        if found is None:
            node = _Reader(text, place, file).read()
            return cls(text, node, frozenset(names_in(node)), compile_scalar(node), place)
        return found.at(place) if placed else found

    def at(self, place: str | None) -> Expression:
        """Return the same expression at another place."""
        return Expression(self.text, self.node, self.names, self._evaluate, place, self.logical)

    @classmethod
    def constant(cls, value: int) -> Expression:
        """Return the expression whose value is always `value`."""
        node = Number(value)
        return cls(str(value), node, frozenset(), compile_scalar(node))


@lru_cache(maxsize=1 << 13)
def _sort_names(names: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(names))


def _read_plain(text: str) -> Expression | None:
    """Return the expression if it is of the kinds that are read in one pass."""
    found = read_connectives(text, MAX_DEPTH) if len(text) <= MAX_LENGTH else None
    logical = found is not None
    found = found or read_comparison(text)
    if found is None:
        return None
    node, names = found
    return Expression(text, node, names, compile_scalar(node), logical=logical)


# Models of one kind of incident, and one model with other facts, have most equations in common.
_read_kept = lru_cache(maxsize=1 << 13)(_read_plain)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Turns Python's syntax tree into the nodes above and refuses the rest."""

    text: str
    place: str | None
    file: str | None

    @property
    def line(self) -> str:
        """The text with its line breaks as blanks: they mean nothing here."""
        return self.text.translate(_BREAKS).strip()

    def read(self) -> Node:
        """Return the tree of the text."""
        if len(self.text) > MAX_LENGTH:
            raise self.refuse(
                f"{len(self.text)} characters", f"at most {MAX_LENGTH} characters in an expression"
            )
        try:
            with warnings.catch_warnings():
                # `1 is 1` and the like warn on standard error before they are refused below.
                warnings.simplefilter("ignore", SyntaxWarning)
                tree = ast.parse(self.line, mode="eval")
        except SyntaxError as error:
            if _LONG_NUMBER.search(self.text):
                raise self.refuse(repr(self.text), _DIGITS) from None
            column = f" (column {error.offset})" if error.offset else ""
            raise self.refuse(repr(self.text), f"an expression; {error.msg}{column}") from None
        except (RecursionError, MemoryError):
            raise self.refuse("an expression nested too deeply", "less nesting") from None
        except ValueError:
            raise self.refuse(ascii(self.text), "characters that a text can have") from None
        return self.convert(tree.body, 0)

    def refuse(self, got: str, expected: str) -> ModelError:
        return ModelError(
            "this is not an expression of the model language",
            file=self.file,
            place=self.place,
            got=got if len(got) <= MAX_QUOTED else got[:MAX_QUOTED] + "...",
            expected=expected,
            remedy=translate(self.text)
            or "use integers, names, and or not, comparisons, "
            "+ - * // %, in (..), a if c else b, int(), min(), max(), at_least(k, ...)",
        )

    def convert(self, tree: ast.expr, depth: int) -> Node:  # noqa: C901, PLR0911 - one case a form
        if depth > MAX_DEPTH:
            raise self.refuse("an expression nested too deeply", f"at most {MAX_DEPTH} levels")
        match tree:
            case ast.Constant(value=bool() | int() as value) if abs(value) <= MAX_LITERAL:
                return Number(int(value))
            case ast.Constant(value=int() as value):
                raise self.refuse(show_number(value), _DIGITS)
            case ast.Name(id=name) if name not in FUNCTIONS:
                return Name(name)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return Negation(self.convert(operand, depth + 1))
            case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=operand):
                word = "-" if isinstance(sign, ast.USub) else "+"
                return Arithmetic(Number(0), ((word, self.convert(operand, depth + 1)),))
            case ast.BoolOp(op=op, values=values):
                parts = tuple(self.convert(value, depth + 1) for value in values)
                return Junction("and" if isinstance(op, ast.And) else "or", parts)
            case ast.BinOp():
                return self.arithmetic(tree, depth)
            case ast.Compare():
                return self.comparison(tree, depth)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return Choice(
                    self.convert(test, depth + 1),
                    self.convert(body, depth + 1),
                    self.convert(orelse, depth + 1),
                )
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in FUNCTIONS:
                return self.call(name, arguments, depth)
        raise self.refuse(self.source(tree), "only the forms listed below")

    def source(self, tree: ast.expr) -> str:
        return ast.get_source_segment(self.line, tree) or type(tree).__name__

    def arithmetic(self, tree: ast.BinOp, depth: int) -> Node:
        # A sum of many terms leans to the left; walking it here keeps the depth at one.
        steps: list[tuple[str, Node]] = []
        left: ast.expr = tree
        while isinstance(left, ast.BinOp):
            word = _ARITHMETIC_WORDS.get(type(left.op))
            if word is None:
                raise self.refuse(self.source(left), "only + - * // % between numbers")
            steps.append((word, self.convert(left.right, depth + 1)))
            left = left.left
        return Arithmetic(self.convert(left, depth + 1), tuple(reversed(steps)))

    def comparison(self, tree: ast.Compare, depth: int) -> Node:
        links: list[tuple[str, Node | Collection]] = []
        for op, right in zip(tree.ops, tree.comparators, strict=True):
            word = _COMPARE_WORDS.get(type(op))
            if word is None:
                raise self.refuse(self.source(tree), "== != < <= > >= in, not in")
            if word in ("in", "not in"):
                if len(tree.ops) > 1 or not isinstance(right, ast.Tuple | ast.List | ast.Set):
                    raise self.refuse(self.source(tree), "`x in (a, b, ...)`, not chained")
                items = tuple(self.convert(item, depth + 1) for item in right.elts)
                links.append((word, Collection(items)))
            else:
                links.append((word, self.convert(right, depth + 1)))
        return Comparison(self.convert(tree.left, depth + 1), tuple(links))

    def call(self, name: str, arguments: list[ast.expr], depth: int) -> Node:
        wanted = {"int": (1, 1), "min": (2, None), "max": (2, None), "at_least": (2, None)}[name]
        most = wanted[1]
        if len(arguments) < wanted[0] or (most is not None and len(arguments) > most):
            count = "one argument" if most == 1 else "at least two arguments"
            raise self.refuse(f"{name}() with {len(arguments)} arguments", f"{name}() of {count}")
        return Call(name, tuple(self.convert(argument, depth + 1) for argument in arguments))
