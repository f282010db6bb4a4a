"""Builds the causal graph of a case: rules, then what the manifest adds, then decisions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any

from attribution.errors import ManifestError
from attribution.graph.agreement import (
    check_coverage,
    check_declarations,
    check_duties,
    check_hypotheses,
    check_order,
    check_subjects,
)
from attribution.graph.catalogue import Catalogue, catalogue_for
from attribution.graph.checks import check_graph, order_nodes, untested_edges
from attribution.graph.conclusions import (
    confirmer,
    decide_finding,
    is_open,
    join_tests,
    rejected_steps,
)
from attribution.graph.contested import contest_edges, contest_nodes
from attribution.graph.contradictions import Stated, find_contradictions
from attribution.graph.draft import Draft
from attribution.graph.edge_decisions import check_edges, decide_causes, decide_edges
from attribution.graph.equation import parent_names
from attribution.graph.facts import Facts, Trace, no_trace
from attribution.graph.leads import Leads
from attribution.graph.proposals import decide_proposals, enter_confirmed
from attribution.graph.reach import trace_reach
from attribution.graph.rules import RULES
from attribution.graph.sufficiency import complete_missing, find_missing, mark_insufficient
from attribution.model.actor import ActorDirectory
from attribution.model.commit import Commit
from attribution.model.event import Timeline
from attribution.model.graph import CausalGraph, Duty, Edge, Finding, Node
from attribution.model.homonym import Homonym
from attribution.model.interval import CERTAIN, EXCLUDED, Interval
from attribution.model.manifest import Decision, DeclaredNode, Manifest
from attribution.model.order import Chronicle
from attribution.model.oversight import ChangeReview, Deployment
from attribution.model.proposal import PREFIX
from attribution.model.session import AgentSession
from attribution.narrative.reading import Narrative

_SETTABLE = {field.name for field in fields(Node)} - {
    "id",
    "rule",
    "finding",
    "status",
    "confirmed_by",
}


def build_graph(
    manifest: Manifest,
    timeline: Timeline,
    *,
    commits: tuple[Commit, ...],
    reviews: tuple[ChangeReview, ...],
    deployments: tuple[Deployment, ...],
    directory: ActorDirectory,
    sessions: tuple[AgentSession, ...] = (),
    homonyms: tuple[Homonym, ...] = (),
    trace: Trace = no_trace,
    read_texts: Callable[[], Narrative | None] = lambda: None,
) -> CausalGraph:
    """Return the causal graph that rules and manifest make of the merged records.

    Raises ManifestError when what the manifest declares does not fit: an unknown node in an
    equation, a cycle, a claim or decision about nothing in the graph.
    """
    catalogue = catalogue_for(manifest)
    check_declarations(manifest, catalogue, commits)
    facts = Facts(
        manifest,
        timeline,
        commits,
        reviews,
        deployments,
        directory,
        catalogue,
        sessions,
        Chronicle(timeline.events),
        homonyms,
        trace,
        read_texts(),
    )
    draft = Draft()
    for rule in RULES:
        rule.apply(facts, draft)
    rejected = _rejected(manifest, draft.findings)
    steps = rejected_steps(draft.findings, rejected)
    causes = decide_causes(draft, manifest)
    nodes = {
        node_id: replace(
            node,
            equation=causes[node_id].without(rejected | steps.get(node_id, set())).equation(),
        )
        for node_id, node in draft.nodes.items()
    }
    edges = dict(draft.edges)
    _declare(manifest, nodes, edges)
    proposals = decide_proposals(draft.proposals, manifest)
    enter_confirmed(proposals, manifest, nodes, edges)
    edges = decide_edges(manifest, edges)
    findings = _decide(manifest, draft.findings, nodes)
    _contest(manifest, nodes, findings)
    contradictions = find_contradictions(Stated(facts, draft, nodes, tuple(findings)))
    contest_nodes(contradictions, nodes, findings)
    nodes = _linked(manifest, nodes, findings)
    check_subjects(manifest, nodes)
    check_hypotheses(manifest, nodes)
    check_duties(catalogue, nodes)
    check_coverage(manifest, nodes, commits, reviews)
    nodes = {node.id: _believed(manifest, catalogue, node) for node in nodes.values()}
    ordered = order_nodes(nodes)
    kept = _edges_in_force(ordered, edges)
    check_edges({(edge.source, edge.target): edge for edge in kept})
    kept += untested_edges(ordered, {(edge.source, edge.target): edge for edge in kept})
    check_order(ordered, kept)
    kept = contest_edges(contradictions, mark_insufficient(kept, ordered))
    findings, kept = join_tests(findings, kept)
    graph = CausalGraph(
        nodes=_with_findings(ordered, findings),
        edges=tuple(sorted(kept, key=lambda edge: (edge.target, edge.source))),
        findings=tuple(findings),
        duties=_duties_used(catalogue, ordered),
        barriers=tuple(sorted(draft.barriers, key=lambda barrier: barrier.id)),
        missing_factors=complete_missing(
            draft.missing + find_missing(ordered),
            Leads(manifest, timeline, directory, ordered, kept),
        ),
        open_orders=tuple(
            sorted(
                (order for order in draft.open_orders if order.node in nodes),
                key=lambda order: (order.node, order.first.low, order.second.low, order.rests),
            )
        ),
        proposals=proposals,
        texts=draft.texts,
        reach=trace_reach(facts, ordered, tuple(kept)),
        contradictions=contradictions,
    )
    return replace(graph, checks=check_graph(graph, facts))


def _rejected(manifest: Manifest, findings: list[Finding]) -> frozenset[str]:
    """Return the nodes, and the findings about one step, that the last decision on them rejects.

    They fall out of the equations that rules made: what was wrongly found to be needed for an
    effect must not stand between the effect and its other causes.
    """
    chief = {finding.id: finding.nodes[0] for finding in findings if finding.nodes}
    last = {chief.get(item.on, item.on): item.status for item in _on_graph(manifest)}
    return frozenset(node for node, status in last.items() if status == "rejected")


def _on_graph(manifest: Manifest) -> list[Decision]:
    """Return the decisions about findings and nodes; those on records took effect in the merge."""
    return [
        item
        for item in manifest.decisions
        if not (item.is_of_records or item.is_of_edge or item.on.startswith(PREFIX))
    ]


def _declare(
    manifest: Manifest, nodes: dict[str, Node], edges: dict[tuple[str, str], Edge]
) -> None:
    for declared in manifest.nodes:
        nodes[declared.id] = _declared_node(declared, nodes.get(declared.id))
    for edge in manifest.edges:
        for end in (edge.source, edge.target):
            _require_node(end, nodes, "graph.edges")
        edges[edge.source, edge.target] = Edge(
            source=edge.source,
            target=edge.target,
            rule="declared",
            counterfactual=edge.counterfactual,
            basis=edge.basis,
            sufficient=edge.sufficient,
            evidence=edge.evidence,
        )


def _declared_node(declared: DeclaredNode, known: Node | None) -> Node:
    given: dict[str, Any] = {
        key: value for key, value in declared.fields.items() if key in _SETTABLE
    }
    if "time" in given:
        given.setdefault("time_low", given["time"])
        given.setdefault("time_high", given["time"])
    if "credence" in given and declared.because:
        given.setdefault("basis", declared.because)
    if known is not None:
        return replace(known, **given)
    basis = given.pop("basis", None) or declared.because or "single_statement"
    given.setdefault("kind", "condition")
    given.setdefault("statement", declared.id)
    if given.get("duty") is not None:
        given.setdefault("norm", 0)
    return Node(id=declared.id, basis=basis, **given)


def _require_node(node_id: str, nodes: Mapping[str, Node], place: str) -> None:
    if node_id not in nodes:
        raise ManifestError(
            "the manifest names a node that is not in the graph",
            file="case.yaml",
            place=place,
            got=node_id,
            expected=", ".join(sorted(nodes)) or "no node: the graph is empty",
            remedy="correct the id; `attribution graph CASE --format json` lists the nodes",
        )


def _decide(manifest: Manifest, findings: list[Finding], nodes: dict[str, Node]) -> list[Finding]:
    """Apply the decisions in their order; the last one on a finding or node stands."""
    known = {finding.id: finding for finding in findings}
    by_id = dict(known)
    by_rule = dict(nodes)
    for decision in _on_graph(manifest):
        finding = by_id.get(decision.on)
        if finding is not None:
            by_id[finding.id] = decide_finding(finding, known[finding.id], decision)
            if finding.nodes:
                _set_status(nodes, by_rule[finding.nodes[0]], decision)
            continue
        _require_node(decision.on, nodes, "decisions")
        _set_status(nodes, by_rule[decision.on], decision)
        for finding in findings:
            if finding.nodes and finding.nodes[0] == decision.on:
                by_id[finding.id] = decide_finding(by_id[finding.id], finding, decision)
    return list(by_id.values())


def _set_status(nodes: dict[str, Node], known: Node, decision: Decision) -> None:
    withdrawn = decision.status == "proposed"
    nodes[known.id] = replace(
        nodes[known.id],
        status=known.status if withdrawn else decision.status,
        confirmed_by=known.confirmed_by if withdrawn else confirmer(decision),
    )


def _contest(manifest: Manifest, nodes: dict[str, Node], findings: list[Finding]) -> None:
    """Mark as contested every node that a claim which somebody denies is about."""
    denied = {
        name for position in manifest.positions for name, held in position.holds.items() if not held
    }
    for claim in manifest.claims:
        _require_node(claim.node, nodes, f"claims, {claim.id}")
        node = nodes[claim.node]
        if (claim.denied_by or claim.id in denied) and is_open(node.status, node.confirmed_by):
            nodes[claim.node] = replace(node, status="contested", confirmed_by=None)
            for number, finding in enumerate(findings):
                if (
                    finding.nodes
                    and finding.nodes[0] == claim.node
                    and is_open(finding.status, finding.confirmed_by)
                ):
                    findings[number] = replace(finding, status="contested", confirmed_by=None)


def _linked(manifest: Manifest, nodes: dict[str, Node], findings: list[Finding]) -> dict[str, Node]:
    """Return the nodes without the conditions a rule added that nothing names any more."""
    named = {
        parent
        for node in nodes.values()
        if node.equation
        for parent in parent_names(node.equation, node.id)
    }
    named |= {node for finding in findings for node in finding.nodes}
    named |= {claim.node for claim in manifest.claims}
    return {
        node.id: node
        for node in nodes.values()
        if node.kind != "condition" or node.rule == "declared" or node.id in named
    }


def _believed(manifest: Manifest, catalogue: Catalogue, node: Node) -> Node:
    """Return the node with the credence its basis, its decision or a person gives it.

    A rejected root is false; a confirmed one is believed at least as a machine record is; a
    contested one may be settled either way, so that the ranges hold every party's version.
    """
    override = next((item for item in manifest.credences if item.of == node.id), None)
    if node.equation is not None:
        return replace(node, credence=None)
    if override is not None:
        return replace(
            node, credence=override.value, basis=f"set by {override.by}: {override.because}"
        )
    if node.status == "rejected":
        return replace(node, credence=EXCLUDED, basis="rejected by a decision in case.yaml")
    credence = node.credence
    kind = catalogue.credences.get(node.basis or "")
    if credence is None and kind is not None and kind.set_by is not None:
        node = replace(node, basis=f"{node.basis}; {kind.set_by}", credence=kind.interval)
        credence = kind.interval
    if credence is None:
        credence = (
            catalogue.credence(node.basis)
            if node.basis is not None and node.basis in catalogue.credences
            else CERTAIN
            if node.observed
            else catalogue.credence("single_statement")
        )
    if node.status == "contested":
        return replace(
            node,
            credence=Interval(0.0, credence.point, 1.0),
            basis=f"{node.basis}; contested, so it may be settled either way",
        )
    if node.status == "confirmed":
        floor = catalogue.credence("machine_record")
        credence = Interval(
            max(credence.low, floor.low),
            max(credence.point, floor.point),
            max(credence.high, floor.high),
        )
    return replace(node, credence=credence)


def _edges_in_force(nodes: tuple[Node, ...], edges: Mapping[tuple[str, str], Edge]) -> list[Edge]:
    """Return the edges whose source the target's equation names; others no longer hold."""
    named = {
        (parent, node.id)
        for node in nodes
        if node.equation
        for parent in parent_names(node.equation, node.id)
    }
    strengths = {node.id: node.strength for node in nodes}
    kept = []
    for key in sorted(named & edges.keys()):
        strength = strengths[key[1]]
        weak = strength is not None and strength.point < 1
        kept.append(replace(edges[key], sufficient=edges[key].sufficient and not weak))
    return kept


def _with_findings(nodes: tuple[Node, ...], findings: list[Finding]) -> tuple[Node, ...]:
    chief = {finding.nodes[0]: finding.id for finding in findings if finding.nodes}
    return tuple(replace(node, finding=chief.get(node.id)) for node in nodes)


def _duties_used(catalogue: Catalogue, nodes: tuple[Node, ...]) -> tuple[Duty, ...]:
    """Return the duties the graph's breaches name, each with the parties that owed it here."""
    owners: dict[str, dict[str, None]] = {}
    for node in nodes:
        if node.duty is not None and node.status != "rejected":
            owners.setdefault(node.duty, {})
            if node.party is not None:
                owners[node.duty][node.party] = None
    return tuple(
        replace(
            catalogue.duties[duty],
            owed_by=", ".join(sorted(parties)) or catalogue.duties[duty].owed_by,
        )
        for duty, parties in sorted(owners.items())
    )
