"""What an unresolved contradiction makes contested, and how it is told to whoever asks why."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from attribution.graph.conclusions import is_open
from attribution.model.contradiction import CONTRADICTIONS, Contradiction, Side
from attribution.model.graph import CausalGraph, Edge, Finding, Node
from attribution.model.manifest import ARROW

OF_PARTIES = "claims"
"""The kind of contradiction that parties alone have; a document for learning has none of it."""


def contest_nodes(
    contradictions: tuple[Contradiction, ...], nodes: dict[str, Node], findings: list[Finding]
) -> None:
    """Mark what the sides of an unresolved contradiction state as contested, where it is open."""
    open_nodes = {
        node for one in contradictions if one.resolution is None for node in one.nodes
    } & nodes.keys()
    for name in sorted(open_nodes):
        if is_open(nodes[name].status, nodes[name].confirmed_by):
            nodes[name] = replace(nodes[name], status="contested", confirmed_by=None)
    open_edges = _open_edges(contradictions)
    for number, finding in enumerate(findings):
        touched = bool(finding.nodes) and finding.nodes[0] in open_nodes
        step = finding.edge is not None and ARROW.join(finding.edge) in open_edges
        if (touched or step) and is_open(finding.status, finding.confirmed_by):
            findings[number] = replace(finding, status="contested", confirmed_by=None)


def contest_edges(contradictions: tuple[Contradiction, ...], edges: list[Edge]) -> list[Edge]:
    """Return the edges, contested where nobody decided between opposite answers to their test."""
    open_edges = _open_edges(contradictions)
    return [
        replace(edge, status="contested", confirmed_by=None)
        if ARROW.join((edge.source, edge.target)) in open_edges
        else edge
        for edge in edges
    ]


def _open_edges(contradictions: tuple[Contradiction, ...]) -> frozenset[str]:
    """Return the names of the edges whose test has opposite answers and nobody has decided."""
    return frozenset(
        one.about
        for one in contradictions
        if one.kind == "opposite_tests" and one.resolution is None
    )


def contradictions_about(graph: CausalGraph, names: Collection[str]) -> Iterator[Contradiction]:
    """Yield the contradictions about one of these ids, or with one of them on a side."""
    for one in graph.contradictions:
        if one.about in names or one.id in names or not set(names).isdisjoint(one.nodes):
            yield one


def describe_contradiction(
    one: Contradiction, names: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    """Return a contradiction as titled paragraphs: its two sides, and how it stands.

    `names` are those of the parties, by id.
    """
    what = CONTRADICTIONS[one.kind]
    sides = " Against that: ".join(_tell(side, names) for side in one.sides)
    return (
        (f"Contradiction: {what} ({one.id})", sides),
        (f"This contradiction is {_standing(one)}", _consequence(one)),
    )


def _tell(side: Side, names: Mapping[str, str]) -> str:
    by = ", ".join(names.get(name, name) for name in side.by.split(", "))
    rests = f"; {', '.join(side.evidence)}" if side.evidence else "; no evidence given"
    return f"{side.statement} ({by}{rests})"


def _standing(one: Contradiction) -> str:
    return "contested" if one.resolution is None else "decided"


def _consequence(one: Contradiction) -> str:
    if one.resolution is not None:
        return one.resolution
    return (
        "Nobody has decided between the two, so the ranges of the shares hold either. Confirm or"
        " reject one side with `attribution decide`."
    )
