"""What a person decides on one cause of one effect, in place of the rule that drew the edge.

A rejected edge takes its source out of the equation that rules made of the effect. A contested one
may stand or not, and the ranges of the shares hold both. An answer to the
counterfactual test stands on the edge in place of the rule's, with who gave it; one that the
equation contradicts is refused, for the shares follow the equation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from attribution.errors import ManifestError
from attribution.graph.conclusions import confirmer
from attribution.graph.draft import Causes, Draft
from attribution.graph.gone import is_carried
from attribution.model.graph import Edge
from attribution.model.manifest import ARROW, Decision, Manifest


def decided_edges(manifest: Manifest) -> dict[tuple[str, str], Decision]:
    """Return the last decision on each edge, by source and target, without those withdrawn."""
    last: dict[tuple[str, str], Decision] = {}
    for decision in manifest.decisions:
        if decision.is_of_edge:
            source, _, target = decision.on.partition(ARROW)
            last[source.strip(), target.strip()] = decision
    return last


def decide_causes(draft: Draft, manifest: Manifest) -> dict[str, Causes]:
    """Return the causes of each node as rules found them and decisions on edges change them.

    Raises ManifestError for an answer that these contradict.
    """
    causes = dict(draft.causes)
    for (source, target), decision in decided_edges(manifest).items():
        if (source, target) in draft.edges and decision.status != "proposed":
            causes[target] = _decide_cause(causes[target], source, decision)
    return causes


def _decide_cause(causes: Causes, source: str, decision: Decision) -> Causes:
    rest = _without(causes, source)
    if decision.status == "rejected":
        return rest
    could_still_be = source in causes.alternatives and rest.alternatives
    if (decision.counterfactual or "").startswith("yes:") and not could_still_be:
        raise ManifestError(
            "this answer does not fit the equation of the effect",
            file="case.yaml",
            place=f"decisions, {decision.on}",
            got=decision.counterfactual,
            expected="another cause in the graph that would have brought the effect about",
            remedy="reject the edge, or write the equation of the effect under graph.nodes",
        )
    return causes


def _without(causes: Causes, source: str) -> Causes:
    slots = (causes.alternatives, causes.requirements, causes.blocks, causes.extensions)
    return Causes(*([cause for cause in slot if cause != source] for slot in slots))


def decide_edges(
    manifest: Manifest, edges: Mapping[tuple[str, str], Edge]
) -> dict[tuple[str, str], Edge]:
    """Return the edges with what persons decided on them.

    Raises ManifestError for a decision on an edge that no rule would draw; one that a changed fact
    took away is passed over, and named by a check.
    """
    decided = dict(edges)
    for ends, decision in decided_edges(manifest).items():
        if ends not in decided and is_carried(decision, [ARROW.join(known) for known in edges]):
            continue
        if ends not in decided:
            raise ManifestError(
                "a decision is about an edge that is not in the graph",
                file="case.yaml",
                place="decisions",
                got=decision.on,
                expected=", ".join(sorted(ARROW.join(known) for known in edges)) or "no edge",
                remedy="correct the id; `attribution graph CASE --format json` lists the edges",
            )
        if decision.status == "proposed":
            continue
        edge = replace(decided[ends], status=decision.status, confirmed_by=confirmer(decision))
        if decision.counterfactual is not None:
            basis = f"{decision.by}: {decision.because}" if decision.because else decision.by
            edge = replace(edge, counterfactual=decision.counterfactual, basis=basis)
        decided[ends] = edge
    return decided


def check_edges(edges: Mapping[tuple[str, str], Edge]) -> None:
    """Raise ManifestError for an edge that a decision rejects and a written equation still names.

    A contested edge stays in force: whether it stands is a fact that may be settled either way.
    """
    for ends, edge in edges.items():
        if edge.status == "rejected":
            raise ManifestError(
                "an edge is rejected that an equation in case.yaml names",
                file="case.yaml",
                place="decisions",
                got=ARROW.join(ends),
                expected=f"an equation of {edge.target} without {edge.source}",
                remedy="change the equation of the node under graph.nodes",
            )
