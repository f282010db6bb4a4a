"""What texts put forward, as a part of the picture of the graph that is in no equation."""

from __future__ import annotations

from dataclasses import replace

from attribution.model.graph import CausalGraph, Edge, Node
from attribution.model.proposal import Proposal

TOLD = "told"
"""The status, in pictures alone, of what only a text says."""

_MOST_DRAWN = 12


def with_told(graph: CausalGraph) -> CausalGraph:
    """Return the graph with the first causes that texts put forward and nobody has decided on.

    It is for drawing: these nodes and edges have the status `told`, and no equation names them.
    """
    shown = [proposal for proposal in graph.proposals if _is_drawn(proposal)][:_MOST_DRAWN]
    if not shown:
        return graph
    known = {node.id for node in graph.nodes}
    added: dict[str, Node] = {}
    for proposal in shown:
        for node in proposal.nodes:
            if node.id not in known:
                added.setdefault(node.id, replace(node, status=TOLD))
    edges = [_edge(proposal) for proposal in shown]
    return replace(
        graph,
        nodes=(*graph.nodes, *added.values()),
        edges=(*graph.edges, *(edge for edge in edges if edge is not None)),
    )


def _is_drawn(proposal: Proposal) -> bool:
    return (
        proposal.kind == "cause"
        and proposal.is_cause
        and proposal.obstacle is None
        and proposal.status in {"proposed", "contested"}
    )


def _edge(proposal: Proposal) -> Edge | None:
    if proposal.source is None or proposal.target is None:
        return None
    return Edge(
        source=proposal.source,
        target=proposal.target,
        rule=proposal.rule,
        counterfactual=proposal.counterfactual,
        basis=proposal.basis,
        status=TOLD,
        evidence=proposal.evidence,
    )
