"""Boolean equations over node ids: `and`, `or`, `not`, `at_least(k, a, b, ...)`, brackets."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence

from attribution.errors import ManifestError

_LONGEST = 20_000


def parent_names(equation: str, node: str) -> tuple[str, ...]:
    """Return the ids an equation names, each once, in order of appearance.

    Raises ManifestError when the equation is not one of this language.
    """
    names: dict[str, None] = {}
    for part in ast.walk(parse_equation(equation, node)):
        if isinstance(part, ast.Name) and part.id != "at_least":
            names[part.id] = None
    return tuple(sorted(names, key=lambda name: _position(equation, name)))


def holds(equation: str, node: str, values: Mapping[str, bool]) -> bool:
    """Return the equation's value for the given values of its parents."""
    return _value(parse_equation(equation, node), values)


def judge(equation: str, node: str, values: Mapping[str, bool | None]) -> bool | None:
    """Return the equation's value where some parents' values are open, None where it is open too.

    The strong three-valued logic of Kleene 1952, section 64.
    """
    return _judgement(parse_equation(equation, node), values)


def loosen(equation: str, node: str, standing: Mapping[str, str]) -> str:
    """Return the equation with causes that may be none: each counts while its condition is true.

    `standing` has the name of the condition by cause. A cause that does not stand falls out of the
    equation as if it were not in it; where nothing is left that would bring the node about, what
    did so is not known, and that part of the equation is true. Raises as `parent_names`.
    """
    loose, gone = _loosened(parse_equation(equation, node), standing)
    return ast.unparse(loose if gone is None else _any_of(loose, gone))


def _loosened(tree: ast.expr, standing: Mapping[str, str]) -> tuple[ast.expr, ast.expr | None]:
    """Return a part of an equation, and when none of its causes stands; None for never."""
    match tree:
        case ast.Name(id=name) if name in standing:
            return tree, _negated(ast.Name(standing[name]))
        case ast.UnaryOp(operand=operand):
            inner, gone = _loosened(operand, standing)
            return _negated(inner), gone
        case ast.BoolOp(op=ast.And(), values=values):
            terms = [_loosened(value, standing) for value in values]
            kept = [it if gone is None else _any_of(it, gone) for it, gone in terms]
            return ast.BoolOp(ast.And(), kept), _all_gone(terms)
        case ast.BoolOp(values=values):
            terms = [_loosened(value, standing) for value in values]
            return ast.BoolOp(ast.Or(), _while_standing(terms)), _all_gone(terms)
        case ast.Call(args=[threshold, *values]):
            terms = [_loosened(value, standing) for value in values]
            counted = ast.Call(tree.func, [threshold, *_while_standing(terms)], [])
            return counted, _all_gone(terms)
        case _:
            return tree, None


_Loosened = tuple[ast.expr, ast.expr | None]


def _while_standing(terms: Sequence[_Loosened]) -> list[ast.expr]:
    return [
        it if gone is None else ast.BoolOp(ast.And(), [it, _negated(gone)]) for it, gone in terms
    ]


def _all_gone(terms: Sequence[_Loosened]) -> ast.expr | None:
    gone = [it for _, it in terms if it is not None]
    return ast.BoolOp(ast.And(), gone) if len(gone) == len(terms) else None


def _any_of(*terms: ast.expr) -> ast.expr:
    return ast.BoolOp(ast.Or(), list(terms))


def _negated(tree: ast.expr) -> ast.expr:
    match tree:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return operand
        case _:
            return ast.UnaryOp(ast.Not(), tree)


def parse_equation(equation: str, node: str) -> ast.expr:
    """Return the checked syntax tree of an equation of node `node`.

    Raises ManifestError naming the node, the equation and what may stand in one.
    """
    try:
        tree = ast.parse(equation[:_LONGEST], mode="eval").body
        sound = len(equation) <= _LONGEST and _is_boolean(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        sound = False
    if not sound:
        raise ManifestError(
            f"the equation of node {node} cannot be read",
            file="case.yaml",
            place=f"graph, node {node}",
            got=equation[:200],
            expected="node ids joined by and, or, not, at_least(k, a, b, ...) and brackets",
            remedy="write the causes as such an expression",
        )
    return tree


def _is_boolean(tree: ast.expr) -> bool:
    match tree:
        case ast.Name():
            return True
        case ast.Constant(value=value):
            return value in {0, 1}
        case ast.BoolOp(values=values):
            return all(_is_boolean(value) for value in values)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _is_boolean(operand)
        case ast.Call(
            func=ast.Name(id="at_least"), args=[ast.Constant(value=int()), *terms], keywords=[]
        ):
            return bool(terms) and all(_is_boolean(term) for term in terms)
        case _:
            return False


def _value(tree: ast.expr, values: Mapping[str, bool]) -> bool:
    match tree:
        case ast.Name(id=name):
            return values[name]
        case ast.Constant(value=value):
            return bool(value)
        case ast.BoolOp(op=ast.And(), values=parts):
            return all(_value(part, values) for part in parts)
        case ast.BoolOp(values=parts):
            return any(_value(part, values) for part in parts)
        case ast.UnaryOp(operand=operand):
            return not _value(operand, values)
        case ast.Call(args=[ast.Constant(value=int(threshold)), *terms]):
            return sum(_value(term, values) for term in terms) >= threshold
        case _:
            raise AssertionError(ast.dump(tree))


def _judgement(tree: ast.expr, values: Mapping[str, bool | None]) -> bool | None:
    match tree:
        case ast.Name(id=name):
            return values.get(name)
        case ast.Constant(value=value):
            return bool(value)
        case ast.UnaryOp(operand=operand):
            found = _judgement(operand, values)
            return None if found is None else not found
        case ast.BoolOp(op=op, values=terms):
            threshold = len(terms) if isinstance(op, ast.And) else 1
        case ast.Call(args=[ast.Constant(value=int(threshold)), *terms]):
            pass
        case _:
            raise AssertionError(ast.dump(tree))
    found_all = [_judgement(term, values) for term in terms]
    if found_all.count(True) >= threshold:
        return True
    return None if len(terms) - found_all.count(False) >= threshold else False


def _position(equation: str, name: str) -> int:
    found = re.search(rf"\b{re.escape(name)}\b", equation)
    return len(equation) if found is None else found.start()
