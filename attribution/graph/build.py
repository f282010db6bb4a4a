"""Builds the causal graph of a case: rules, then what the manifest adds, then decisions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from attribution.graph.agreement import (
    check_coverage,
    check_declarations,
    check_duties,
    check_hypotheses,
    check_order,
    check_subjects,
)
from attribution.graph.belief import believe
from attribution.graph.catalogue import Catalogue, catalogue_for
from attribution.graph.checks import check_graph, order_nodes, untested_edges
from attribution.graph.conclusions import join_tests, rejected_steps
from attribution.graph.contested import contest_edges, contest_nodes
from attribution.graph.contradictions import Stated, find_contradictions
from attribution.graph.declared import enter_declared
from attribution.graph.draft import Draft
from attribution.graph.edge_decisions import check_edges, decide_causes, decide_edges
from attribution.graph.facts import Facts, Trace, no_trace
from attribution.graph.in_force import keep_in_force, keep_linked
from attribution.graph.leads import Leads
from attribution.graph.node_decisions import contest_claims, decide_findings, list_rejected
from attribution.graph.proposals import decide_proposals, enter_confirmed
from attribution.graph.reach import trace_reach
from attribution.graph.rules import RULES
from attribution.graph.sufficiency import complete_missing, find_missing, mark_insufficient
from attribution.model.actor import ActorDirectory
from attribution.model.commit import Commit
from attribution.model.event import Timeline
from attribution.model.graph import CausalGraph, Duty, Finding, Node
from attribution.model.homonym import Homonym
from attribution.model.manifest import Manifest
from attribution.model.order import Chronicle
from attribution.model.oversight import ChangeReview, Deployment
from attribution.model.session import AgentSession
from attribution.narrative.reading import Narrative


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
    rejected = list_rejected(manifest, draft.findings)
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
    enter_declared(manifest, nodes, edges)
    proposals = decide_proposals(draft.proposals, manifest)
    enter_confirmed(proposals, manifest, nodes, edges)
    edges = decide_edges(manifest, edges)
    findings = decide_findings(manifest, draft.findings, nodes)
    contest_claims(manifest, nodes, findings)
    contradictions = find_contradictions(Stated(facts, draft, nodes, tuple(findings)))
    contest_nodes(contradictions, nodes, findings)
    nodes = keep_linked(manifest, nodes, findings)
    check_subjects(manifest, nodes)
    check_hypotheses(manifest, nodes)
    check_duties(catalogue, nodes)
    check_coverage(manifest, nodes, commits, reviews)
    nodes = {node.id: believe(manifest, catalogue, node) for node in nodes.values()}
    ordered = order_nodes(nodes)
    kept = keep_in_force(ordered, edges)
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
