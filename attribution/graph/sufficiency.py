"""Whether the listed causes of a node suffice: as they were, did it have to happen?

A cause has its actual value: true where it was observed, false where it was rejected, else the
likelier one, which for a node with causes of its own follows from these. A node suffices where its
equation holds at these values, its mechanism surely operates, and nothing else brings it about.

Sources: Ladkin 2001, Causal System Analysis, on the completeness test; Ladkin and Loer 1998.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from attribution.graph.equation import holds, parent_names
from attribution.graph.leads import Leads, wanting_of
from attribution.model.graph import Edge, MissingFactor, Node

_LIKELIER = 0.5
_MOST_NAMED = 4


def actual_values(nodes: tuple[Node, ...]) -> dict[str, bool]:
    """Return the actual value of every node; `nodes` are causes first.

    Mechanisms operate as is likelier; nothing leaks in.
    """
    values: dict[str, bool] = {}
    for node in nodes:
        if node.status == "rejected":
            values[node.id] = False
        elif node.observed:
            values[node.id] = True
        elif node.equation is None:
            values[node.id] = node.credence is None or node.credence.point >= _LIKELIER
        else:
            operates = node.strength is None or node.strength.point >= _LIKELIER
            values[node.id] = operates and holds(node.equation, node.id, values)
    return values


def find_missing(nodes: tuple[Node, ...]) -> list[MissingFactor]:
    """Return what is missing from each node that happened and need not have, by its causes."""
    values = actual_values(nodes)
    return [
        MissingFactor(node.id, statement, wanting_of(node, situation).id)
        for node in nodes
        for situation, statement in _lacks(node, values)
    ]


def mark_insufficient(edges: list[Edge], nodes: tuple[Node, ...]) -> list[Edge]:
    """Return the edges, insufficient where the causes of their target do not suffice for it.

    That a node also happens without its causes says nothing against them.
    """
    values = actual_values(nodes)
    lacking = {
        node.id
        for node in nodes
        for situation, _ in _lacks(node, values)
        if situation in {"insufficient", "weak"}
    }
    return [replace(edge, sufficient=False) if edge.target in lacking else edge for edge in edges]


def complete_missing(missing: list[MissingFactor], leads: Leads) -> tuple[MissingFactor, ...]:
    """Return what is missing with its kind and where to look, in order of nodes."""
    return tuple(
        leads.complete(factor)
        for factor in sorted(missing, key=lambda factor: (factor.node, factor.statement))
    )


def _lacks(node: Node, values: Mapping[str, bool]) -> Iterator[tuple[str, str]]:
    """Yield each situation of `leads.SITUATIONS` that a node is in, with what is said of it."""
    if node.status == "rejected":
        return
    if node.equation is None:
        if node.kind in {"event", "harm"}:
            yield "unexplained", "Nothing in the records explains it: no cause is known."
        return
    if node.observed and not holds(node.equation, node.id, values):
        yield "insufficient", _say_unreached(node, node.equation, values)
    if node.strength is not None and node.strength.point < 1:
        said = (
            "Its listed causes do not suffice: given all of them it happens with probability"
            f" {node.strength.point:g}. Something else is needed too."
        )
        yield "weak", said
    if node.leak is not None and node.leak.point > 0:
        said = (
            f"It also happens without its listed causes, with probability {node.leak.point:g}:"
            " another cause is not listed."
        )
        yield "leaking", said


def _say_unreached(node: Node, equation: str, values: Mapping[str, bool]) -> str:
    parents = parent_names(equation, node.id)
    untrue = [name for name in parents if not values[name]]
    true = [name for name in parents if values[name]]
    told = [
        f"{_list_names(names)} {'is' if len(names) == 1 else 'are'} {side}"
        for names, side in ((untrue, "more likely false than true"), (true, "true"))
        if names
    ]
    return (
        "Its listed causes, as they most likely were, do not bring it about: "
        f"{', and '.join(told)}. Something else is needed, or one of these was otherwise."
    )


def _list_names(names: list[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more
