"""Formulas over ranges: one text, computed in exact decimals and written for a spreadsheet.

A formula is arithmetic over names: `+ - * /`, `min`, `max`, and

    after(h, w)      the part of `h` hours that comes after the first `w`: 0 where h <= w
    within(m, h)     the part of `h` hours that is within the first `m`: 1 where h <= m
    tier(x, name)    the value of the lowest tier of the table `name` that `x` lies below, else 0

Both readings of a formula follow interval arithmetic (Moore, Kearfott and Cloud 2009, chapter 2):
each end is computed from the ends of the figures that make it so, and the low end of a difference
takes the high end of what is subtracted. The ends are sharp where no figure occurs twice, or where
one that does pulls the same way each time; otherwise they are safe, and wider than need be.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from functools import cache
from typing import Literal

from attribution.model.loss import CreditTier, Range

End = Literal["low", "likely", "high"]
ENDS: tuple[End, End, End] = ("low", "likely", "high")

_OTHER: Mapping[End, End] = {"low": "high", "likely": "likely", "high": "low"}
_PRECISION = Context(prec=60, rounding=ROUND_HALF_UP)
_FUNCTIONS = {"min": None, "max": None, "after": 2, "within": 2, "tier": 2}
_FALLING = {("after", 1), ("within", 1), ("tier", 0)}
"""Arguments with which a function falls: its low end takes their high end."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What the names of a formula stand for.

    `signed` are the figures that can be below 0; what is not in it never is, whatever is entered.
    """

    values: Mapping[str, Range]
    signed: frozenset[str] = frozenset()
    tiers: Mapping[str, tuple[CreditTier, ...]] = field(default_factory=dict)


@cache
def parse_formula(text: str) -> ast.expr:
    """Return the tree of a formula; ValueError for anything but the arithmetic above."""
    tree = ast.parse(text, mode="eval").body
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and not (
            isinstance(node.func, ast.Name) and node.func.id in _FUNCTIONS and not node.keywords
        ):
            message = f"no function of a formula: {ast.unparse(node)}"
            raise ValueError(message)
        if not isinstance(node, _ALLOWED):
            message = f"no part of a formula: {ast.unparse(node)}"
            raise ValueError(message)  # noqa: TRY004 - the text is at fault, not a type
    return tree


_ALLOWED = (
    *(ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div),
    *(ast.Call, ast.Name, ast.Load, ast.Constant),
)


@cache
def list_names(text: str) -> tuple[str, ...]:
    """Return the figures that a formula is over, each once, in the order they stand."""
    functions = set()
    tables = set()
    for node in ast.walk(parse_formula(text)):
        if isinstance(node, ast.Call):
            functions.add(id(node.func))
            if _called(node) == "tier":
                tables.add(id(node.args[1]))
    names = [
        node
        for node in ast.walk(parse_formula(text))
        if isinstance(node, ast.Name) and id(node) not in (functions | tables)
    ]
    names.sort(key=lambda node: node.col_offset)
    return tuple(dict.fromkeys(node.id for node in names))


def compute(text: str, scope: Scope, places: int | None = None) -> Range:
    """Return what a formula gives, rounded half away from zero to `places` decimals where given.

    Raises ZeroDivisionError where a figure that is divided by can be 0.
    """
    tree = parse_formula(text)
    with localcontext(_PRECISION):
        ends = [_value(tree, end, scope) for end in ENDS]
        return Range(*(end if places is None else round_half_up(end, places) for end in ends))


def round_half_up(value: Decimal, places: int) -> Decimal:
    """Return a value with `places` decimals, a half away from zero, as a spreadsheet's ROUND."""
    rounded = value.quantize(Decimal(1).scaleb(-places), context=_PRECISION)
    return abs(rounded) if rounded.is_zero() else rounded


def write_formula(text: str, end: End, scope: Scope, places: int | None = None) -> str:
    """Return the formula of one end for a spreadsheet with cells named `NAME_low` and so on."""
    written = _write(parse_formula(text), end, scope)
    return f"={written}" if places is None else f"=ROUND({written},{places})"


def sort_tiers(tiers: tuple[CreditTier, ...]) -> list[CreditTier]:
    """Return tiers in the order in which they are looked up: the lowest bound first."""
    return sorted(tiers, key=lambda tier: tier.below)


def name_tier(table: str, number: int, key: str) -> str:
    """Return the name of the cell with `below` or `credit` of a tier, counted from 1."""
    return f"{table}_{number}_{key}"


def is_signed(text: str, scope: Scope) -> bool:
    """Return whether what a formula gives can be below 0, whatever is entered."""
    return not _stays_positive(parse_formula(text), scope)


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _stays_positive(node: ast.expr, scope: Scope) -> bool:
    match node:
        case ast.Name(id=name):
            return name not in scope.signed
        case ast.BinOp(op=ast.Sub()):
            return False
        case ast.BinOp(left=left, right=right):
            return _stays_positive(left, scope) and _stays_positive(right, scope)
        case ast.Call(args=args) if _called(node) == "max":
            return any(_stays_positive(arg, scope) for arg in args)
        case ast.Call(args=args) if _called(node) == "min":
            return all(_stays_positive(arg, scope) for arg in args)
        case _:
            return True


def _value(node: ast.expr, end: End, scope: Scope) -> Decimal:
    match node:
        case ast.Constant(value=value):
            return Decimal(str(value))
        case ast.Name(id=name):
            return Decimal(getattr(scope.values[name], end))
        case ast.BinOp(left=left, op=op, right=right):
            return _binary_value(left, op, right, end, scope)
        case ast.Call(args=args):
            return _call_value(_called(node), args, end, scope)
    raise ValueError(ast.unparse(node))


def _binary_value(
    left: ast.expr, op: ast.operator, right: ast.expr, end: End, scope: Scope
) -> Decimal:
    match op:
        case ast.Add():
            return _value(left, end, scope) + _value(right, end, scope)
        case ast.Sub():
            return _value(left, end, scope) - _value(right, _OTHER[end], scope)
    first, second = _pairing(op, left, right, end, scope)
    candidates = [
        _value(left, one, scope) * _value(right, other, scope)
        if isinstance(op, ast.Mult)
        else _divide(_value(left, one, scope), _value(right, other, scope))
        for one in first
        for other in second
    ]
    return min(candidates) if end == "low" else max(candidates)


def _divide(value: Decimal, by: Decimal) -> Decimal:
    if not by:
        raise ZeroDivisionError
    return value / by


def _pairing(
    op: ast.operator, left: ast.expr, right: ast.expr, end: End, scope: Scope
) -> tuple[tuple[End, ...], tuple[End, ...]]:
    """Return the ends of both sides of a product or quotient among which one end of it lies."""
    second = _OTHER[end] if isinstance(op, ast.Div) else end
    if end == "likely" or (_stays_positive(left, scope) and _stays_positive(right, scope)):
        return (end,), (second,)
    if _stays_positive(right, scope):
        return (end,), ("low", "high")
    if _stays_positive(left, scope) and isinstance(op, ast.Mult):
        return ("low", "high"), (end,)
    return ("low", "high"), ("low", "high")


def _call_value(name: str, args: list[ast.expr], end: End, scope: Scope) -> Decimal:
    if name == "tier":
        return _tier_value(_value(args[0], _OTHER[end], scope), scope.tiers[_name_of(args[1])])
    values = [_value(arg, _end_for(name, at, end), scope) for at, arg in enumerate(args)]
    match name:
        case "min":
            return min(values)
        case "max":
            return max(values)
        case "after":
            hours, first = values
            return Decimal(0) if hours <= first else 1 - first / hours
        case _:
            most, hours = values
            return Decimal(1) if hours <= most else most / hours


def _end_for(function: str, at: int, end: End) -> End:
    return _OTHER[end] if (function, at) in _FALLING else end


def _name_of(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _tier_value(value: Decimal, tiers: tuple[CreditTier, ...]) -> Decimal:
    for tier in sort_tiers(tiers):
        if value < tier.below:
            return tier.credit
    return Decimal(0)


def _write(node: ast.expr, end: End, scope: Scope) -> str:
    match node:
        case ast.Constant(value=value):
            return str(value)
        case ast.Name(id=name):
            return f"{name}_{end}"
        case ast.BinOp(left=left, op=op, right=right):
            return _write_binary(left, op, right, end, scope)
        case ast.Call(args=args):
            return _write_call(_called(node), args, end, scope)
    raise ValueError(ast.unparse(node))


def _write_binary(left: ast.expr, op: ast.operator, right: ast.expr, end: End, scope: Scope) -> str:
    match op:
        case ast.Add():
            return f"({_write(left, end, scope)}+{_write(right, end, scope)})"
        case ast.Sub():
            return f"({_write(left, end, scope)}-{_write(right, _OTHER[end], scope)})"
    first, second = _pairing(op, left, right, end, scope)
    sign = "*" if isinstance(op, ast.Mult) else "/"
    candidates = [
        f"({_write(left, one, scope)}{sign}{_write(right, other, scope)})"
        for one in first
        for other in second
    ]
    if len(candidates) == 1:
        return candidates[0]
    return f"{'MIN' if end == 'low' else 'MAX'}({','.join(candidates)})"


def _write_call(name: str, args: list[ast.expr], end: End, scope: Scope) -> str:
    if name == "tier":
        written = _write(args[0], _OTHER[end], scope)
        table, chain = _name_of(args[1]), "0"
        for number in range(len(scope.tiers[table]), 0, -1):
            below, credit = (name_tier(table, number, key) for key in ("below", "credit"))
            chain = f"IF({written}<{below},{credit},{chain})"
        return chain
    parts = [_write(arg, _end_for(name, at, end), scope) for at, arg in enumerate(args)]
    match name:
        case "after":
            hours, first = parts
            return f"IF({hours}<={first},0,1-{first}/{hours})"
        case "within":
            most, hours = parts
            return f"IF({hours}<={most},1,{most}/{hours})"
        case _:
            return f"{name.upper()}({','.join(parts)})"
