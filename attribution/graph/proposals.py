"""What a person decided on the proposals of texts, and how a confirmed one enters the equations."""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from dataclasses import replace

from attribution.errors import ManifestError
from attribution.graph.catalogue import Catalogue
from attribution.graph.conclusions import confirmer
from attribution.graph.draft import is_later
from attribution.graph.gone import is_carried
from attribution.model.graph import CausalGraph, Edge, Node
from attribution.model.manifest import Decision, Manifest
from attribution.model.proposal import PREFIX, USUAL, Proposal

_MOST_SHOWN = 12


def decide_proposals(proposals: Sequence[Proposal], manifest: Manifest) -> tuple[Proposal, ...]:
    """Return the proposals with the last decision on each.

    Raises ManifestError for a decision on a proposal that there is not, or that lacks its answer.
    """
    decided = {proposal.id: proposal for proposal in proposals}
    for decision in manifest.decisions:
        if not decision.on.startswith(PREFIX):
            continue
        proposal = decided.get(decision.on)
        if proposal is None and is_carried(decision, decided):
            continue
        if proposal is None:
            raise _unknown(decision, proposals)
        decided[proposal.id] = _decided(proposal, decision)
    return tuple(decided.values())


def check_decision(proposal: Proposal, decision: Decision) -> None:
    """Raise ManifestError where a decision on a proposal could not be carried out.

    A cause needs an answer to the counterfactual test, by the sentence or by the person, and an
    effect; one that cannot be a cause in this graph cannot be confirmed.
    """
    if decision.status != "confirmed":
        return
    if proposal.kind == "claim" and proposal.obstacle is not None:
        remedy = "write it under `claims` in case.yaml, with the node it is about"
        raise _refusal(proposal, "this can be no claim of the case", proposal.obstacle, remedy)
    if not proposal.is_cause:
        return
    if proposal.obstacle is not None:
        raise _refusal(proposal, "this can be no cause in the graph", proposal.obstacle,
                       "reject or contest it, or correct the graph in case.yaml")  # fmt: skip
    if decision.answer is None and proposal.relation not in USUAL:
        raise _refusal(
            proposal,
            "the sentence does not say whether the effect needed it",
            f"a sentence of {proposal.relation}, and no answer",
            "--needed: without it the effect could not have happened; --enough: it would have"
            " sufficed for the effect",
        )
    if decision.effect is None and proposal.target is None:
        raise _no_effect(proposal, "none: no text says of what it is a cause")
    if decision.duty is not None and decision.party is None:
        raise _refusal(proposal, "a breach of duty without a party", f"duty {decision.duty}",
                       "name the party with --party")  # fmt: skip


def check_place(graph: CausalGraph, decision: Decision, catalogue: Catalogue) -> None:
    """Raise ManifestError where a decision on a proposal would leave the graph in contradiction.

    A cause comes before its effect, nothing is its own cause, and a breach is a root.
    """
    proposal = next(one for one in graph.proposals if one.id == decision.on)
    check_decision(proposal, decision)
    if not proposal.is_cause:
        return
    nodes = {node.id: node for node in (*proposal.nodes, *graph.nodes)}
    source, target = proposal.source or "", decision.effect or proposal.target or ""
    if target not in nodes:
        raise _no_effect(proposal, target)
    obstacle = None
    if source == target or _leads_to(graph, target, source):
        obstacle = "the effect is a cause of the cause, so that it would be its own"
    elif is_later(nodes[source], nodes[target]):
        obstacle = "the cause is later than the effect"
    elif nodes[target].is_breach:
        obstacle = "the effect is a breach of duty, which has no causes here"
    elif decision.party is not None and source not in {node.id for node in proposal.nodes}:
        obstacle = "the cause is in the graph already: give it a party under graph.nodes"
    elif decision.duty is not None and nodes[source].equation is not None:
        obstacle = "a breach of duty is a root, and this has causes of its own"
    elif decision.duty is not None and decision.duty not in catalogue.duties:
        obstacle = f"there is no duty {decision.duty}; docs/reference/catalogue.md lists them"
    if obstacle is not None:
        raise _refusal(
            proposal, "this cannot stand in the graph", obstacle, "choose another --effect or duty"
        )


def _leads_to(graph: CausalGraph, start: str, end: str) -> bool:
    reached = [start]
    for current in reached:
        reached += [
            edge.target
            for edge in graph.edges
            if edge.source == current and edge.target not in reached
        ]
    return end in reached


def enter_confirmed(
    proposals: Sequence[Proposal],
    manifest: Manifest,
    nodes: MutableMapping[str, Node],
    edges: MutableMapping[tuple[str, str], Edge],
) -> None:
    """Put each confirmed cause into the equation of its effect, by the person's answer.

    A cause that was needed stands beside all there were, one that sufficed as another way to the
    effect. Raises ManifestError for an effect that there is not.
    """
    last = {one.on: one for one in manifest.decisions if one.on.startswith(PREFIX)}
    for proposal in proposals:
        if proposal.status != "confirmed" or not proposal.is_cause:
            continue
        decision = last[proposal.id]
        check_decision(proposal, decision)
        for node in proposal.nodes:
            nodes.setdefault(node.id, replace(node, credence=None))
        source, target = proposal.source or "", decision.effect or proposal.target or ""
        if target not in nodes:
            raise _no_effect(proposal, target)
        if source in {node.id for node in proposal.nodes}:
            taken = replace(nodes[source], status="confirmed", confirmed_by=confirmer(decision))
            nodes[source] = _breach(taken, decision)
        nodes[target] = replace(
            nodes[target], equation=_enter(nodes[target], source, proposal.answer or "needed")
        )
        edges[source, target] = _edge(proposal, decision, source, target)


def _decided(proposal: Proposal, decision: Decision) -> Proposal:
    answer = None
    if decision.status == "confirmed" and proposal.is_cause:
        answer = decision.answer or USUAL.get(proposal.relation)
    return replace(
        proposal,
        status=decision.status,
        answer=answer,
        target=decision.effect or proposal.target,
        decided_by=decision.by,
        decided_at=decision.at,
        because=decision.because,
    )


def _breach(node: Node, decision: Decision) -> Node:
    """Return a node as the act or omission of a party, where the decision says so."""
    if decision.party is None:
        return node
    if decision.duty is None:
        return replace(node, party=decision.party)
    kind = node.kind if node.kind in {"act", "omission"} else "omission"
    return replace(node, party=decision.party, duty=decision.duty, norm=0, kind=kind)


def _enter(effect: Node, cause: str, answer: str) -> str:
    if effect.equation is None:
        return cause
    joint = "and" if answer == "needed" else "or"
    return f"({effect.equation}) {joint} {cause}"


def _edge(proposal: Proposal, decision: Decision, source: str, target: str) -> Edge:
    needed = proposal.answer == "needed"
    answer = (
        f"no: without it the effect could not have happened, as {decision.by} answered"
        if needed
        else f"yes: it would have sufficed, and so would what else is listed, as {decision.by}"
        " answered"
    )
    said = proposal.counterfactual.removeprefix("open: ").partition(", nobody")[0]
    basis = decision.because or f"{said} ({', '.join(proposal.evidence)})"
    return Edge(
        source=source,
        target=target,
        rule=proposal.rule,
        counterfactual=answer,
        basis=basis,
        status="confirmed",
        confirmed_by=confirmer(decision),
        evidence=proposal.evidence,
        finding=proposal.id,
    )


def _refusal(proposal: Proposal, message: str, got: str, remedy: str) -> ManifestError:
    return ManifestError(
        message, file="case.yaml", place=f"decisions, {proposal.id}", got=got, remedy=remedy
    )


def _no_effect(proposal: Proposal, effect: str) -> ManifestError:
    remedy = "name a node as `effect`; `attribution graph CASE --json` lists them"
    return _refusal(proposal, "the effect is no node of the graph", effect, remedy)


def _unknown(decision: Decision, proposals: Sequence[Proposal]) -> ManifestError:
    known = [proposal.id for proposal in proposals]
    shown = ", ".join(known[:_MOST_SHOWN]) + (", ..." if len(known) > _MOST_SHOWN else "")
    return ManifestError(
        "there is no such proposal of a text",
        file="case.yaml",
        place="decisions",
        got=decision.on,
        expected=shown or "none: the texts propose nothing",
        remedy="copy the id from `attribution review`; one whose text was taken out is gone",
    )
