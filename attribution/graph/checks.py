"""Checks on the whole graph: its order, its tests, its evidence, and what contradicts itself."""

from __future__ import annotations

from collections.abc import Sequence

import networkx as nx

from attribution.errors import ManifestError
from attribution.graph.citations import check_citations, check_evidence
from attribution.graph.draft import is_later
from attribution.graph.equation import parent_names
from attribution.graph.facts import Facts
from attribution.graph.gone import list_gone
from attribution.graph.paths import Paths, is_open
from attribution.model.graph import CausalGraph, Edge, GraphCheck, Node
from attribution.model.manifest import Manifest

_MOMENTARY = frozenset(("act", "event"))


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


KNOWLEDGE = "warning"
"""The rule whose conditions say what somebody knew, which bears on culpability alone."""


def check_graph(graph: CausalGraph, facts: Facts) -> tuple[GraphCheck, ...]:
    """Return the result of every check; a failed one names what it fails for.

    That there is no cycle `order_nodes` has seen to, which put the nodes into their order.
    """
    paths = Paths(graph)
    breaches = [node for node in graph.nodes if node.is_breach and node.status != "rejected"]
    unsupported = [it.id for it in breaches if not it.evidence and it.status != "confirmed"]
    return (
        _check("no-cycle", (), "no statement is its own cause"),
        _check_order(graph),
        _check(
            "every-edge-tested",
            [_name(edge) for edge in graph.edges if is_open(edge)],
            "every edge has an answer to the counterfactual test",
        ),
        _check_paths(paths, breaches),
        _check("every-breach-has-evidence", unsupported, "every breach cites evidence"),
        _check(
            "every-breach-has-an-owner",
            [node.id for node in breaches if node.party is None],
            "every breach is owed by a declared party",
        ),
        _check(
            "every-harm-has-a-cause",
            [it.id for it in graph.nodes if it.kind == "harm" and it.equation is None],
            "every harm item has a cause",
        ),
        _check_connection(graph, paths),
        check_evidence(graph, facts),
        check_citations(graph, facts),
        _check_contradictions(graph),
        _check_lessons(graph, facts.manifest),
        _check(
            "entries-are-on-statements",
            list_gone(graph, facts.manifest),
            "every decision, claim and judgement of case.yaml is on a statement of the graph",
        ),
    )


def _check_order(graph: CausalGraph) -> GraphCheck:
    """Causes later than their effects fail; those whose times overlap are told apart from them."""
    nodes = {node.id: node for node in graph.nodes}
    late = [e for e in graph.edges if is_later(nodes[e.source], nodes[e.target])]
    doubted = {
        _name(edge)
        for edge in graph.edges
        if _may_be_later(nodes[edge.source], nodes[edge.target]) and edge not in late
    }
    remarks = [f"cannot be told which came first: {name}" for name in sorted(doubted)]
    remarks += [f"cannot be told ({order.node}): {order.sentence}" for order in graph.open_orders]
    passed = "no cause is certainly later than its effect"
    return _check(
        "no-cause-after-its-effect", [_name(edge) for edge in late], passed, tuple(remarks)
    )


def _may_be_later(cause: Node, effect: Node) -> bool:
    """Whether a cause may have begun after its effect, for all that their times tell.

    The times of an omission and of a harm item are the stretch it lasted, not a doubt. What rests
    on one record is told by it as one.
    """
    if not {cause.kind, effect.kind} <= _MOMENTARY or set(cause.evidence) & set(effect.evidence):
        return False
    if cause.time_high is None or effect.time_low is None:
        return False
    return cause.time_high > effect.time_low


def _check_paths(paths: Paths, breaches: list[Node]) -> GraphCheck:
    failures = []
    for breach in breaches:
        edge = paths.first_open(breach.id)
        if edge is not None:
            failures.append(f"{breach.id}, first at {_name(edge)}")
    return _check(
        "every-path-tested",
        failures,
        "on every path from a breach to a harm item, every edge has an answer to its test",
    )


def _check_connection(graph: CausalGraph, paths: Paths) -> GraphCheck:
    """Nodes that nothing is connected with fail; that others lead to no harm item is remarked.

    A warning that nobody on record was told of is connected with nothing, and is no error.
    """
    linked = {end for edge in graph.edges for end in (edge.source, edge.target)}
    kept = [node for node in graph.nodes if node.status != "rejected"]
    alone = [
        it.id for it in kept if it.id not in linked and it.kind != "harm" and it.rule != KNOWLEDGE
    ]
    idle = [it.id for it in kept if it.id in linked and it.id not in paths.leading]
    remark = f"these lead to no harm item and bear no share of one: {', '.join(idle)}"
    return _check(
        "no-node-stands-alone",
        alone,
        "every node is connected with another",
        (remark,) if idle else (),
    )


def _check_contradictions(graph: CausalGraph) -> GraphCheck:
    """Nothing that contradicts may stand as settled unless a person has decided."""
    nodes = {node.id: node for node in graph.nodes}
    contested = [one for one in graph.contradictions if one.resolution is None]
    settled = [
        f"{one.id}, by {name}"
        for one in contested
        for name in one.nodes
        if name in nodes and nodes[name].status == "proposed"
    ]
    named = ", ".join(one.id for one in contested)
    remarks = (f"{len(contested)} contested, for a person to decide: {named}",)
    return _check(
        "contradictions-are-contested",
        settled,
        "what is contradicted stands as contested until a person decides",
        remarks if contested else (),
    )


def _check_lessons(graph: CausalGraph, manifest: Manifest) -> GraphCheck:
    """Fail for an action or a telling on a statement that is not there: it answers none.

    No refusal, because a statement goes when a fact of the case that it rests on is changed.
    """
    here = {node.id for node in graph.nodes}
    named = [f"actions: {name}" for action in manifest.actions for name in action.on]
    named += [f"tellings: {telling.on}" for telling in manifest.tellings if telling.on]
    return _check(
        "lessons-are-on-statements",
        [name for name in named if name.split(": ")[1] not in here],
        "every action and every telling is on a statement of the graph",
    )


def _check(
    name: str, failures: Sequence[str], passed: str, remarks: tuple[str, ...] = ()
) -> GraphCheck:
    detail = passed if not failures else f"not so for: {', '.join(failures)}"
    return GraphCheck(name, not failures, detail, tuple(failures), remarks)


def _name(edge: Edge) -> str:
    return f"{edge.source} -> {edge.target}"


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
