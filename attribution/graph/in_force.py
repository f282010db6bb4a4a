"""What of the graph still stands once declarations and decisions have changed its equations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from attribution.graph.equation import parent_names
from attribution.model.graph import Edge, Finding, Node
from attribution.model.manifest import Manifest


def keep_linked(
    manifest: Manifest, nodes: dict[str, Node], findings: list[Finding]
) -> dict[str, Node]:
    """Return the nodes without the conditions a rule added that nothing names any more."""
    named = {
        parent
        for node in nodes.values()
        if node.equation
        for parent in parent_names(node.equation, node.id)
    }
    named |= {node for finding in findings for node in finding.nodes}
    named |= {claim.node for claim in manifest.claims}
    kept = {
        node.id: node
        for node in nodes.values()
        if node.kind != "condition" or node.rule == "declared" or node.id in named
    }
    # What only a node that went had named goes with it.
    return kept if len(kept) == len(nodes) else keep_linked(manifest, kept, findings)


def keep_in_force(nodes: tuple[Node, ...], edges: Mapping[tuple[str, str], Edge]) -> list[Edge]:
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
