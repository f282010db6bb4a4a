"""The titled paragraphs of an explanation: what is told of a node, its duty, share and rule."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterable

from attribution.case import Case
from attribution.graph.contested import (
    OF_PARTIES,
    contradictions_about,
    describe_contradiction,
)
from attribution.graph.rules import RULES
from attribution.model.confirmation import tell_status
from attribution.model.contradiction import Contradiction
from attribution.model.graph import Edge, MissingFactor, Node
from attribution.model.result import BreachShare

Paragraphs = list[tuple[str, str]]


def find_shown(case: Case, names: Iterable[str]) -> tuple[Contradiction, ...]:
    """Return the contradictions about these ids, without the parties' in a case for learning."""
    learning = case.manifest.mode == "learning"
    found = contradictions_about(case.graph(), tuple(names))
    return tuple(one for one in found if not (learning and one.kind == OF_PARTIES))


def tell_contradictions(case: Case, *names: str) -> Paragraphs:
    """Return what stands in contradiction about these ids, and how it stands."""
    return [
        paragraph
        for one in find_shown(case, names)
        for paragraph in describe_contradiction(one, name_parties(case))
    ]


def name_parties(case: Case) -> dict[str, str]:
    """Return the names of the parties by id."""
    return {party.id: party.name for party in case.manifest.parties}


def tell_part(edge: Edge, node: Node) -> str:
    """Return what the source of an edge is to its target: a cause, or what keeps it away."""
    against = re.search(rf"\bnot {re.escape(edge.source)}\b", node.equation or "")
    doubted = " (contested)" if edge.status == "contested" else ""
    return f"{'Would be kept away by' if against else 'Caused by'}{doubted}"


def tell_missing(factor: MissingFactor) -> str:
    """Return what is missing, and where evidence of it may lie."""
    looked = "; ".join(lead.sentence for lead in factor.look_in)
    return f"{factor.statement} ({factor.kind.replace('_', ' ')})" + (
        f" Look in: {looked}." if looked else ""
    )


def tell_standing(case: Case, node: Node) -> str:
    """Return the status of a node, and who decided it or which record shows it."""
    decisions = reversed(case.manifest.decisions)
    decision = next((item for item in decisions if item.on in {node.id, node.finding}), None)
    if decision is None or decision.status == "proposed":
        return tell_status(node.status, node.confirmed_by)
    because = f", because: {decision.because}" if decision.because else ""
    return f"{node.status}, by {decision.by}{because}"


def tell_duty(case: Case, node: Node) -> Paragraphs:
    """Return what was owed by whom, and what its breach carries of the harm."""
    duty = next((item for item in case.graph().duties if item.id == node.duty), None)
    party = next((item for item in case.manifest.parties if item.id == node.party), None)
    paragraphs = [("Owed by", "nobody declared" if party is None else party.name)]
    if duty is not None:
        paragraphs += [
            ("Duty", f"{duty.id}: {duty.statement} Source: {duty.source}"),
            ("Had it been met", duty.compliance or "the statement above would not hold"),
        ]
    if case.manifest.mode == "liability":
        share = _breach_share(case, node.id)
        if share is not None:
            paragraphs += _share_paragraphs(share)
    return paragraphs


def _breach_share(case: Case, node: str) -> BreachShare | None:
    return next(
        (
            breach
            for party in case.attribute().parties
            for breach in party.breaches
            if breach.node == node
        ),
        None,
    )


def _share_paragraphs(share: BreachShare) -> Paragraphs:
    culpability = share.culpability
    blame = f"{culpability.low:g} to {culpability.high:g}"
    return [
        (
            "Share",
            f"{share.points:.4f} (potency {share.potency:.4f}; culpability {blame})",
        ),
        ("Difference it made", share.counterfactual),
        ("Plain but-for: met alone, it would have averted", f"{share.necessity:.4f}"),
    ]


def tell_rule(rule_id: str) -> Paragraphs:
    """Return the page of a rule, which is its module's docstring."""
    rule = next((item for item in RULES if item.id == rule_id), None)
    if rule is None:
        return [("Rule", "none: declared in case.yaml")]
    page = inspect.getdoc(sys.modules[rule.apply.__module__]) or rule.title
    return [(f"Rule {rule.id}, version {rule.version}", page)]
