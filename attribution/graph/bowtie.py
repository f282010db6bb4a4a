"""Bow-ties read off the causal graph: nothing is in them that is not in it."""

from __future__ import annotations

import networkx as nx

from attribution.graph.checks import actual_values
from attribution.graph.equation import holds
from attribution.model.bowtie import PREVENTION, RECOVERY, BowTie, Branch, Guard
from attribution.model.graph import Barrier, CausalGraph, Node


def draw_bow_ties(graph: CausalGraph) -> tuple[BowTie, ...]:
    """Return a bow-tie for each event that a harm item came of directly, in the graph's order.

    A control stands between the nodes it would have stopped and their causes; what removed it is
    no threat but what degraded it. A node that only ever served as a control's is on neither side.
    """
    kept = [node for node in graph.nodes if node.status != "rejected"]
    nodes = {node.id: node for node in kept}
    whole: nx.DiGraph[str] = nx.DiGraph()
    whole.add_nodes_from(nodes)
    whole.add_edges_from(
        (edge.source, edge.target)
        for edge in graph.edges
        if edge.source in nodes and edge.target in nodes
    )
    barriers = {barrier.node for barrier in graph.barriers if barrier.node is not None}
    flow = nx.DiGraph(whole)
    flow.remove_nodes_from(_beside(whole, nodes, barriers & nodes.keys()))
    tops = [
        node
        for node in kept
        if node.kind == "event"
        and node.id in flow
        and any(nodes[effect].kind == "harm" for effect in flow.successors(node.id))
    ]
    return tuple(_draw(graph, node, whole, flow, nodes) for node in tops)


def _beside(whole: nx.DiGraph[str], nodes: dict[str, Node], barriers: set[str]) -> set[str]:
    """Return the barriers' nodes, and what bears on the course of events only through them."""
    beside = {name for name, node in nodes.items() if node.kind == "control"} | barriers
    for name in reversed(list(nx.topological_sort(whole))):
        effects = list(whole.successors(name))
        serves = bool(effects) and all(effect in beside for effect in effects)
        kind = nodes[name].kind
        if (serves and kind != "harm") or (kind == "condition" and _is_late(whole, name, beside)):
            beside.add(name)
    return beside


def _is_late(whole: nx.DiGraph[str], name: str, beside: set[str]) -> bool:
    """Return whether a condition says no more than that some barrier beside it was late."""
    causes = list(whole.predecessors(name))
    return bool(causes) and all(cause in beside for cause in causes)


def _draw(
    graph: CausalGraph,
    top: Node,
    whole: nx.DiGraph[str],
    flow: nx.DiGraph[str],
    nodes: dict[str, Node],
) -> BowTie:
    order = {node.id: place for place, node in enumerate(graph.nodes)}
    before: set[str] = nx.ancestors(flow, top.id)
    after: set[str] = nx.descendants(flow, top.id)
    guards = tuple(
        guard
        for barrier in graph.barriers
        if (guard := _place(graph, barrier, whole, top, (before | {top.id}, after))) is not None
    )
    threats = [name for name in before if not flow.in_degree(name)]
    harms = [name for name in after if nodes[name].kind == "harm"]
    return BowTie(
        top.id,
        top.statement,
        tuple(
            _branch(nodes[name], _between(flow, name, top.id, order), guards, PREVENTION, order)
            for name in sorted(threats, key=order.__getitem__)
        ),
        tuple(
            _branch(nodes[name], _between(flow, top.id, name, order), guards, RECOVERY, order)
            for name in sorted(harms, key=order.__getitem__)
        ),
        guards,
    )


def _between(
    flow: nx.DiGraph[str], first: str, last: str, order: dict[str, int]
) -> tuple[str, ...]:
    after: set[str] = nx.descendants(flow, first)
    before: set[str] = nx.ancestors(flow, last)
    within = (after & before) | {first, last}
    return tuple(sorted(within, key=order.__getitem__))


def _branch(
    node: Node,
    path: tuple[str, ...],
    guards: tuple[Guard, ...],
    side: str,
    order: dict[str, int],
) -> Branch:
    """Return the branch with the barriers that stand before a node of its way."""
    mine = [
        guard
        for guard in guards
        if guard.side == side and any(name in path for name in guard.before)
    ]
    mine.sort(key=lambda guard: (min(order[name] for name in guard.before), guard.barrier.id))
    return Branch(node.id, node.statement, path, tuple(guard.barrier.id for guard in mine))


def _place(
    graph: CausalGraph,
    barrier: Barrier,
    whole: nx.DiGraph[str],
    top: Node,
    sides: tuple[set[str], set[str]],
) -> Guard | None:
    """Return a barrier where it stands in this bow-tie, None where it stands in another.

    `sides` are the nodes up to the failure and those after it.
    """
    before, after = sides
    if barrier.node is None or barrier.node not in whole:
        return _place_outside(barrier, top, after)
    reached = nx.descendants(whole, barrier.node)
    stopped = tuple(name for name in whole.successors(barrier.node) if name in before)
    if stopped:
        degraded = tuple(sorted(nx.ancestors(whole, barrier.node) - before))
        spared = _spared(graph, barrier.node, {top.id, *after})
        return Guard(barrier, PREVENTION, stopped, _breaches(graph, degraded), spared)
    limited = tuple(sorted(name for name in after & reached if graph.node(name).kind == "harm"))
    if not limited or top.id in reached:
        return None
    return Guard(barrier, RECOVERY, limited, (barrier.node,), _spared(graph, barrier.node, after))


def _place_outside(barrier: Barrier, top: Node, after: set[str]) -> Guard | None:
    """Return a barrier that no node stands for: one that held, before the harm it is for."""
    if top.id not in barrier.guards:
        return None
    side = PREVENTION if barrier.type == "prevent" else RECOVERY
    guarded = (top.id,) if side == PREVENTION else tuple(sorted(after))
    return Guard(barrier, side, guarded, (), None)


def _breaches(graph: CausalGraph, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if graph.node(name).is_breach)


def _spared(graph: CausalGraph, barrier: str, outcomes: set[str]) -> tuple[str, ...]:
    """Return which outcomes would not have come about had the barrier held, all else as it was.

    A control's node is then true; an omission (a response that came late) is then false.
    """
    actual = actual_values(graph.nodes)
    held = graph.node(barrier).kind == "control"
    values: dict[str, bool] = {}
    for node in graph.nodes:
        if node.id == barrier:
            values[node.id] = held
        elif node.equation is None:
            values[node.id] = actual[node.id]
        else:
            operates = node.strength is None or node.strength.point >= 0.5  # noqa: PLR2004
            values[node.id] = operates and holds(node.equation, node.id, values)
    return tuple(
        node.id
        for node in graph.nodes
        if node.id in outcomes
        and node.kind in {"event", "harm"}
        and actual[node.id]
        and not values[node.id]
    )
