"""What the manifest declares of the graph: nodes of its own, fields of others, and edges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from attribution.errors import ManifestError
from attribution.model.graph import Edge, Node
from attribution.model.manifest import DeclaredNode, Manifest

_SETTABLE = {field.name for field in fields(Node)} - {
    "id",
    "rule",
    "finding",
    "status",
    "confirmed_by",
}


def enter_declared(
    manifest: Manifest, nodes: dict[str, Node], edges: dict[tuple[str, str], Edge]
) -> None:
    """Put the declared nodes and edges beside those of the rules, or in their place.

    Raises ManifestError for an edge from or to a node that is not there.
    """
    for declared in manifest.nodes:
        nodes[declared.id] = _declared_node(declared, nodes.get(declared.id))
    for edge in manifest.edges:
        for end in (edge.source, edge.target):
            require_node(end, nodes, "graph.edges")
        edges[edge.source, edge.target] = Edge(
            source=edge.source,
            target=edge.target,
            rule="declared",
            counterfactual=edge.counterfactual,
            basis=edge.basis,
            sufficient=edge.sufficient,
            evidence=edge.evidence,
        )


def require_node(node_id: str, nodes: Mapping[str, Node], place: str) -> None:
    """Raise ManifestError where a place of the manifest names a node that is not there."""
    if node_id not in nodes:
        raise ManifestError(
            "the manifest names a node that is not in the graph",
            file="case.yaml",
            place=place,
            got=node_id,
            expected=", ".join(sorted(nodes)) or "no node: the graph is empty",
            remedy="correct the id; `attribution graph CASE --format json` lists the nodes",
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
