"""What people decided of findings and nodes, and which nodes their claims contest."""

from __future__ import annotations

from dataclasses import replace

from attribution.graph.conclusions import confirmer, decide_finding, is_open
from attribution.graph.declared import require_node
from attribution.graph.gone import is_carried, is_gone
from attribution.model.graph import Finding, Node
from attribution.model.manifest import Decision, Manifest
from attribution.model.proposal import PREFIX


def list_rejected(manifest: Manifest, findings: list[Finding]) -> frozenset[str]:
    """Return the nodes, and the findings about one step, that the last decision on them rejects.

    They fall out of the equations that rules made: what was wrongly found to be needed for an
    effect must not stand between the effect and its other causes.
    """
    chief = {finding.id: finding.nodes[0] for finding in findings if finding.nodes}
    last = {chief.get(item.on, item.on): item.status for item in _on_graph(manifest)}
    return frozenset(node for node, status in last.items() if status == "rejected")


def decide_findings(
    manifest: Manifest, findings: list[Finding], nodes: dict[str, Node]
) -> list[Finding]:
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
        if decision.on not in nodes and is_carried(decision, {*nodes, *known}):
            continue
        require_node(decision.on, nodes, "decisions")
        _set_status(nodes, by_rule[decision.on], decision)
        for finding in findings:
            if finding.nodes and finding.nodes[0] == decision.on:
                by_id[finding.id] = decide_finding(by_id[finding.id], finding, decision)
    return list(by_id.values())


def contest_claims(manifest: Manifest, nodes: dict[str, Node], findings: list[Finding]) -> None:
    """Mark as contested every node that a claim which somebody denies is about.

    Raises ManifestError for a claim that can only be a mistake; one on a statement that a changed
    fact took away contests nothing.
    """
    denied = {
        name for position in manifest.positions for name, held in position.holds.items() if not held
    }
    for claim in manifest.claims:
        if claim.node not in nodes and is_gone(claim.node, nodes):
            continue
        require_node(claim.node, nodes, f"claims, {claim.id}")
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


def _on_graph(manifest: Manifest) -> list[Decision]:
    """Return the decisions about findings and nodes; those on records took effect in the merge."""
    return [
        item
        for item in manifest.decisions
        if not (item.is_of_records or item.is_of_edge or item.is_of_cover)
        and not item.on.startswith(PREFIX)
    ]


def _set_status(nodes: dict[str, Node], known: Node, decision: Decision) -> None:
    withdrawn = decision.status == "proposed"
    nodes[known.id] = replace(
        nodes[known.id],
        status=known.status if withdrawn else decision.status,
        confirmed_by=known.confirmed_by if withdrawn else confirmer(decision),
    )
