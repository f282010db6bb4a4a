"""Checks on the whole graph: no cycle, no cause after its effect, every edge tested, no orphans."""

from __future__ import annotations

import networkx as nx

from attribution.errors import ManifestError
from attribution.graph.draft import is_later
from attribution.graph.equation import holds, parent_names
from attribution.model.graph import CausalGraph, Edge, GraphCheck, MissingFactor, Node


def order_nodes(nodes: dict[str, Node], file: str = "case.yaml") -> tuple[Node, ...]:
    """Return the nodes causes first, ties by id.

    Raises ManifestError for an equation that names an unknown node and for a cycle.
    """
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(sorted(nodes))
    for node in nodes.values():
        for parent in parent_names(node.equation, node.id) if node.equation else ():
            if parent not in nodes:
                raise ManifestError(
                    f"the equation of node {node.id} names a node that does not exist",
                    file=file,
                    place=f"graph, node {node.id}",
                    got=parent,
                    expected="the id of a node; `attribution graph CASE --format json` lists them",
                    remedy="correct the name, or add the node under graph.nodes",
                )
            graph.add_edge(parent, node.id)
    try:
        return tuple(nodes[name] for name in nx.lexicographical_topological_sort(graph))
    except nx.NetworkXUnfeasible:
        cycle = " -> ".join(source for source, _ in nx.find_cycle(graph))
        raise ManifestError(
            "the graph has a cycle: something would be its own cause",
            file=file,
            place="graph",
            got=cycle,
            expected="causes before their effects",
            remedy="take one of these nodes out of another's equation",
        ) from None


def check_graph(graph: CausalGraph) -> tuple[GraphCheck, ...]:
    """Return the result of every check; a failed one says which node or edge and why."""
    nodes = {node.id: node for node in graph.nodes}
    late = [
        f"{edge.source} -> {edge.target}"
        for edge in graph.edges
        if is_later(nodes[edge.source], nodes[edge.target])
    ]
    untested = [
        f"{edge.source} -> {edge.target}"
        for edge in graph.edges
        if not edge.counterfactual.startswith(("no:", "yes:"))
    ]
    unsupported = [
        node.id
        for node in graph.nodes
        if node.is_breach and not node.evidence and node.status != "confirmed"
    ]
    masterless = [node.id for node in graph.nodes if node.is_breach and node.party is None]
    return (
        _check("no-cause-after-its-effect", late, "no cause is later than its effect"),
        _check(
            "every-edge-tested", untested, "every edge has an answer to the counterfactual test"
        ),
        _check("every-breach-has-evidence", unsupported, "every breach cites evidence"),
        _check("every-breach-has-an-owner", masterless, "every breach is owed by a declared party"),
    )


def _check(name: str, failures: list[str], passed: str) -> GraphCheck:
    detail = passed if not failures else f"not so for: {', '.join(failures)}"
    return GraphCheck(name, not failures, detail)


def untested_edges(nodes: tuple[Node, ...], edges: dict[tuple[str, str], Edge]) -> list[Edge]:
    """Return an open edge for each cause that an equation names and nobody has tested."""
    return [
        Edge(
            source=parent,
            target=node.id,
            rule=node.rule,
            counterfactual="open: nobody has answered the test",
            basis="the equation names it",
        )
        for node in nodes
        if node.equation
        for parent in parent_names(node.equation, node.id)
        if (parent, node.id) not in edges
    ]


def missing_factors(nodes: tuple[Node, ...]) -> list[MissingFactor]:
    """Return, per node, that its listed causes do not suffice for it, or that none is listed."""
    found = []
    for node in nodes:
        if node.equation is None and node.kind == "event":
            found.append(
                MissingFactor(node.id, "Nothing in the records explains it: no cause is known.")
            )
        elif node.strength is not None and node.strength.point < 1:
            found.append(
                MissingFactor(
                    node.id,
                    "Its listed causes do not suffice: given all of them it happens with"
                    f" probability {node.strength.point:g}. Something else is needed too.",
                )
            )
    return found


def actual_values(nodes: tuple[Node, ...]) -> dict[str, bool]:
    """Return the value of every node when each root has its likelier value.

    A root without a credence is true. Mechanisms operate as is likelier; nothing leaks in.
    """
    values: dict[str, bool] = {}
    for node in nodes:
        if node.equation is None:
            values[node.id] = node.credence is None or node.credence.point >= 0.5  # noqa: PLR2004
        else:
            operates = node.strength is None or node.strength.point >= 0.5  # noqa: PLR2004
            values[node.id] = operates and holds(node.equation, node.id, values)
    return values
