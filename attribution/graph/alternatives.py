"""What the graph leaves open: the effects for which it has several causes, or none but one story.

A question is an observed act or event on the way to a harm item that several causes could each
have brought about. Where there is none, the failure itself is the question, with the one cause that
is known.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from attribution.graph.equation import parse_equation
from attribution.model.graph import CausalGraph, Node

_ASKED = frozenset(("act", "event"))
_LEAST = 2


@dataclass(frozen=True, slots=True)
class Question:
    """An effect, and the alternatives that each could have brought it about.

    An alternative is one node, or several that only together suffice.
    """

    effect: str
    alternatives: tuple[tuple[str, ...], ...]


def find_questions(graph: CausalGraph) -> tuple[Question, ...]:
    """Return the questions of a graph, in order of the effects' ids; none without a failure."""
    nodes = {node.id: node for node in graph.nodes if node.status != "rejected"}
    found: dict[str, Question] = {}
    for failure in _failures(nodes):
        asked = _walk_back(failure, nodes)
        for question in asked or [Question(failure, ())]:
            found[question.effect] = question
    return tuple(found[effect] for effect in sorted(found))


def _failures(nodes: dict[str, Node]) -> list[str]:
    """Return the observed events that a harm item comes of directly."""
    direct = {
        name
        for node in nodes.values()
        if node.kind == "harm" and node.equation is not None
        for name in _positive(parse_equation(node.equation, node.id))
    }
    return sorted(it for it in direct if it in nodes and _is_asked(nodes[it]))


def _is_asked(node: Node) -> bool:
    return node.kind in _ASKED and node.observed


def _walk_back(start: str, nodes: dict[str, Node]) -> list[Question]:
    """Return the nearest questions upstream of a node, the node itself among them."""
    found, seen, queue = [], {start}, [start]
    for name in queue:
        node = nodes[name]
        if node.equation is None:
            continue
        tree = parse_equation(node.equation, name)
        several = [group for group in _alternatives(tree) if _known(group, nodes)]
        if several:
            found.append(Question(name, _known(several[0], nodes)))
            continue
        for parent in _positive(tree):
            if parent in nodes and parent not in seen and _is_asked(nodes[parent]):
                seen.add(parent)
                queue.append(parent)
    return found


def _known(
    group: tuple[tuple[str, ...], ...], nodes: dict[str, Node]
) -> tuple[tuple[str, ...], ...]:
    kept = tuple(sorted(names for names in group if names and set(names) <= nodes.keys()))
    return kept if len(kept) >= _LEAST else ()


def _alternatives(tree: ast.expr) -> Iterator[tuple[tuple[str, ...], ...]]:
    """Yield each group of terms of which any suffices, outermost first, nothing under a `not`."""
    match tree:
        case ast.BoolOp(op=ast.Or(), values=terms):
            yield tuple(tuple(sorted(set(_positive(term)))) for term in terms)
        case ast.BoolOp(values=terms):
            for term in terms:
                yield from _alternatives(term)


def _positive(tree: ast.expr) -> Iterator[str]:
    """Yield the names that speak for an effect, those under a `not` left out."""
    match tree:
        case ast.Name(id=name):
            yield name
        case ast.BoolOp(values=terms) | ast.Call(args=[ast.Constant(), *terms]):
            for term in terms:
                yield from _positive(term)
