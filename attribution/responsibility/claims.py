"""Contested claims of a case: what positions hold of them, and how far each moves the shares."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attribution.errors import ManifestError
from attribution.model.comparison import Crux, CruxPair
from attribution.model.graph import CausalGraph
from attribution.model.manifest import ARROW, Claim, Manifest, Position
from attribution.responsibility.compilation import step_facts
from attribution.responsibility.conversion import point_shares
from attribution.responsibility.model import PotencyModel
from attribution.responsibility.positions import find_cruxes
from attribution.responsibility.potency import Assessor
from attribution.responsibility.sensitivity import find_crux_pairs


def contested_claims(graph: CausalGraph, manifest: Manifest) -> tuple[Claim, ...]:
    """Return the claims, and one for each node or edge that is contested without any.

    A claim on a statement that a changed fact of the case took away is none here.
    """
    here = {node.id for node in graph.nodes}
    claims = tuple(claim for claim in manifest.claims if claim.node in here)
    claimed = {claim.node for claim in claims}
    of_nodes = tuple(
        Claim(id=node.id, statement=node.statement, asserted_by="", node=node.id)
        for node in graph.nodes
        if node.status == "contested" and node.id not in claimed
    )
    return (*claims, *of_nodes, *_contested_steps(graph))


def _contested_steps(graph: CausalGraph) -> Iterator[Claim]:
    said = {node.id: node.statement.rstrip(".") for node in graph.nodes}
    for (source, target), fact in step_facts(graph.edges).items():
        statement = f"That “{said[source]}” was a cause of this: “{said[target]}”."
        yield Claim(f"{source}{ARROW}{target}", statement, asserted_by="", node=fact)


def facts_of(graph: CausalGraph, manifest: Manifest, position: Position) -> dict[str, int]:
    """Return what a position holds, by node of the graph.

    Raises ManifestError if it contradicts itself.
    """
    here = {node.id for node in graph.nodes}
    claims: dict[str, Claim] = {claim.id: claim for claim in manifest.claims}
    facts: dict[str, int] = {}
    for name, held in position.holds.items():
        claim = claims[name]
        if claim.node not in here:
            continue
        value = claim.value if held else 1 - claim.value
        if facts.setdefault(claim.node, value) != value:
            raise ManifestError(
                f"position {position.id} contradicts itself",
                file="case.yaml",
                place=f"positions, {position.id}",
                got=f"claims that make node {claim.node} both true and false",
                expected="claims that can be held together",
                remedy="hold only one of the claims about this node",
            )
    return facts


def weigh_claims(
    model: PotencyModel, contested: Sequence[Claim], assessor: Assessor
) -> tuple[Crux, ...]:
    """Return the claims, the one that moves a share most first."""
    claims = {claim.id: claim for claim in contested}
    found = find_cruxes(
        model,
        {claim.id: {claim.node: claim.value} for claim in claims.values()},
        assessor=assessor,
    )
    return tuple(
        Crux(
            claim=crux.claim,
            statement=claims[crux.claim].statement,
            node=claims[crux.claim].node,
            when_true=point_shares(crux.when_true),
            when_false=point_shares(crux.when_false),
            swing={party: float(value) for party, value in crux.swing.items()},
            max_swing=float(crux.largest_swing),
        )
        for crux in found
    )


def pair_claims(
    model: PotencyModel, contested: Sequence[Claim], assessor: Assessor
) -> tuple[CruxPair, ...]:
    """Return the pairs of claims that matter notably more together than apart."""
    claims = {claim.id: {claim.node: claim.value} for claim in contested}
    found = find_crux_pairs(model, claims, assessor=assessor)
    return tuple(
        CruxPair(
            pair.claims,
            {party: float(value) for party, value in pair.swing.items()},
            float(pair.beyond),
        )
        for pair in found
    )
