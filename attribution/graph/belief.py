"""How far each root of the graph is believed."""

from __future__ import annotations

from dataclasses import replace

from attribution.graph.catalogue import Catalogue
from attribution.model.graph import Node
from attribution.model.interval import CERTAIN, EXCLUDED, Interval
from attribution.model.manifest import Manifest


def believe(manifest: Manifest, catalogue: Catalogue, node: Node) -> Node:
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
