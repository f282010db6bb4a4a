"""The expression language of structural models: parsed by a whitelist, never run as code.

Integers, `and or not == != < <= > >= + - * // %`, `in (..)`, `a if c else b`, and the functions
`int`, `min`, `max`, `at_least(k, a, b, ...)` (1 when at least k of the rest are not 0).
Operators mean what they mean in Python, except that truth values are the integers 0 and 1.
"""

from __future__ import annotations

import ast
import operator
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from attribution.errors import ModelError

MAX_LENGTH = 100_000
MAX_DEPTH = 100
MAX_LITERAL = 10**18

FUNCTIONS = ("at_least", "int", "max", "min")

Evaluator = Callable[[Mapping[str, int]], int]


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

    `expression(values)` raises `ZeroDivisionError` for a division by zero and `KeyError` for a
    name without a value; a `StructuralModel` turns both into a `ModelError`.
    """

    text: str
    node: Node = field(compare=False, repr=False)
    names: frozenset[str] = field(compare=False, repr=False)
    _evaluate: Evaluator = field(compare=False, repr=False)

    def __call__(self, values: Mapping[str, int]) -> int:
        return self._evaluate(values)

    @classmethod
    def parse(cls, text: str, *, place: str | None = None, file: str | None = None) -> Expression:
        """Return the parsed text.

        Raises ModelError (with `file` and `place`) for anything outside the language.
        """
        reader = _Reader(text, place, file)
        node = reader.read()
        return cls(text, node, frozenset(_names(node)), compile_scalar(node))

    @classmethod
    def constant(cls, value: int) -> Expression:
        """Return the expression whose value is always `value`."""
        node = Number(value)
        return cls(str(value), node, frozenset(), compile_scalar(node))


@dataclass(frozen=True, slots=True)
class _Reader:
    """Turns Python's syntax tree into the nodes above and refuses the rest."""

    text: str
    place: str | None
    file: str | None

    def read(self) -> Node:
        if len(self.text) > MAX_LENGTH:
            raise self.refuse(
                f"{len(self.text)} characters", f"at most {MAX_LENGTH} characters in an expression"
            )
        try:
            with warnings.catch_warnings():
                # `1 is 1` and the like warn on standard error before they are refused below.
                warnings.simplefilter("ignore", SyntaxWarning)
                tree = ast.parse(self.text.strip(), mode="eval")
        except SyntaxError as error:
            column = f" (column {error.offset})" if error.offset else ""
            raise self.refuse(repr(self.text), f"an expression; {error.msg}{column}") from None
        except (RecursionError, MemoryError, ValueError) as error:
            raise self.refuse(
                f"an expression that cannot be parsed ({error})", "less nesting, no null bytes"
            ) from None
        return self.convert(tree.body, 0)

    def refuse(self, got: str, expected: str) -> ModelError:
        return ModelError(
            "this is not an expression of the model language",
            file=self.file,
            place=self.place,
            got=got if len(got) <= 200 else got[:200] + "...",
            expected=expected,
            remedy="use integers, names, and or not, comparisons, + - * // %, in (..), "
            "a if c else b, int(), min(), max(), at_least(k, ...)",
        )

    def convert(self, tree: ast.expr, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise self.refuse("an expression nested too deeply", f"at most {MAX_DEPTH} levels")
        match tree:
            case ast.Constant(value=bool() | int() as value) if abs(value) <= MAX_LITERAL:
                return Number(int(value))
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
        return ast.get_source_segment(self.text.strip(), tree) or type(tree).__name__

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


def _names(node: Node | Collection) -> Iterator[str]:
    if isinstance(node, Name):
        yield node.name
    for child in _children(node):
        yield from _names(child)


def compile_scalar(node: Node) -> Evaluator:
    """Return a function from values by name to the integer the node stands for."""
    match node:
        case Number(value=value):
            return lambda values: value
        case Name(name=name):
            return lambda values: values[name]
        case Negation(operand=operand):
            inner = compile_scalar(operand)
            return lambda values: 0 if inner(values) else 1
        case Junction(word=word, operands=parts):
            return _compile_junction(word, [compile_scalar(part) for part in parts])
        case Arithmetic(first=first, rest=steps):
            return _compile_arithmetic(
                compile_scalar(first), [(ARITHMETIC[w], compile_scalar(s)) for w, s in steps]
            )
        case Comparison():
            return _compile_comparison(node)
        case Choice(test=test, then=then, otherwise=otherwise):
            check, yes, no = (compile_scalar(part) for part in (test, then, otherwise))
            return lambda values: yes(values) if check(values) else no(values)
        case Call(function=function, arguments=arguments):
            return _compile_call(function, [compile_scalar(part) for part in arguments])


def _compile_junction(word: str, parts: list[Evaluator]) -> Evaluator:
    stop_at_true = word == "or"

    def evaluate(values: Mapping[str, int]) -> int:
        value = 0
        for part in parts:
            value = part(values)
            if bool(value) is stop_at_true:
                break
        return value

    return evaluate


def _compile_arithmetic(
    first: Evaluator, steps: list[tuple[Callable[[int, int], int], Evaluator]]
) -> Evaluator:
    def evaluate(values: Mapping[str, int]) -> int:
        value = first(values)
        for apply, step in steps:
            value = apply(value, step(values))
        return value

    return evaluate


def _compile_comparison(node: Comparison) -> Evaluator:
    first = compile_scalar(node.first)
    word, right = node.rest[0]
    if isinstance(right, Collection):
        items = [compile_scalar(item) for item in right.items]
        inside = word == "in"

        def member(values: Mapping[str, int]) -> int:
            value = first(values)
            return int(any(value == item(values) for item in items) is inside)

        return member
    links = [
        (COMPARE[word], compile_scalar(part))
        for word, part in node.rest
        if not isinstance(part, Collection)
    ]

    def evaluate(values: Mapping[str, int]) -> int:
        left = first(values)
        for holds, part in links:
            value = part(values)
            if not holds(left, value):
                return 0
            left = value
        return 1

    return evaluate


def _compile_call(function: str, parts: list[Evaluator]) -> Evaluator:
    match function:
        case "int":
            return parts[0]
        case "min":
            return lambda values: min(part(values) for part in parts)
        case "max":
            return lambda values: max(part(values) for part in parts)
    needed, rest = parts[0], parts[1:]
    return lambda values: int(sum(1 for part in rest if part(values)) >= needed(values))
