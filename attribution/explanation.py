"""Why a node, edge, finding, breach, share, claim or harm item of a case is what it is.

An explanation is a list of titled paragraphs and the evidence behind them with the original text
of each place, so that a reader need not take anything on trust.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass

from attribution.case import Case
from attribution.errors import EvidenceError, ManifestError
from attribution.graph.contested import (
    OF_PARTIES,
    contradictions_about,
    describe_contradiction,
)
from attribution.graph.factors import load_factors
from attribution.graph.rules import RULES
from attribution.ingest.place import show_place
from attribution.model.confirmation import tell_status
from attribution.model.contradiction import Contradiction
from attribution.model.graph import Edge, Finding, MissingFactor, Node
from attribution.model.manifest import COPIES, JOIN
from attribution.model.record import JsonValue
from attribution.model.result import BreachShare, PartyShare
from attribution.timeline.event_account import describe_event

_LONGEST = 4_000
_ARROW = "->"


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A place in the evidence, with the original text that stands there."""

    reference: str
    file: str
    text: str

    def to_dict(self) -> dict[str, JsonValue]:
        """Return reference, file and text."""
        return {"reference": self.reference, "file": self.file, "text": self.text}


@dataclass(frozen=True, slots=True)
class Explanation:
    """What `explain` says of one id: what it is, paragraphs by title, and the exhibits."""

    id: str
    what: str
    paragraphs: tuple[tuple[str, str], ...]
    exhibits: tuple[Exhibit, ...]

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the document of `attribution explain --json`."""
        return {
            "id": self.id,
            "what": self.what,
            "paragraphs": [{"title": title, "text": text} for title, text in self.paragraphs],
            "evidence": [exhibit.to_dict() for exhibit in self.exhibits],
        }


def explain(case: Case, subject: str) -> Explanation:
    """Return the explanation of a node, edge (`a->b`), finding, party, claim, harm, event or place.

    Raises ManifestError when the case has nothing of that id, listing what it has.
    """
    for explained in (
        _as_place,
        _as_event,
        _as_node,
        _as_finding,
        _as_edge,
        _as_party,
        _as_claim,
        _as_harm,
        _as_contradiction,
    ):
        explanation = explained(case, subject)
        if explanation is not None:
            return explanation
    raise ManifestError(
        "there is nothing of this id in the case",
        got=subject,
        expected="a node, finding, party, claim, harm item, contradiction, event, `source->target`"
        " or `E1#line 4`",
        remedy="`attribution graph CASE --format json` lists nodes and edges, `attribution review`"
        " the findings",
    )


def _as_place(case: Case, subject: str) -> Explanation | None:
    if "#" not in subject:
        return None
    return Explanation(subject, "a place in the evidence", (), (exhibit(case, subject),))


def _as_event(case: Case, subject: str) -> Explanation | None:
    event_id = subject.removeprefix(JOIN).removeprefix(COPIES)
    if not event_id.startswith("ev-"):
        return None
    timeline = case.timeline()
    events = {event.id: event for event in (*timeline.events, *timeline.undated)}
    if event_id not in events:
        return None
    event = events[event_id]
    paragraphs = describe_event(event, events, timeline.apart)
    return Explanation(
        event_id, f"an event ({event.kind})", paragraphs, _exhibits(case, event.references)
    )


def _as_node(case: Case, subject: str) -> Explanation | None:
    found = next((node for node in case.graph().nodes if node.id == subject), None)
    return None if found is None else _explain_node(case, found)


def _as_finding(case: Case, subject: str) -> Explanation | None:
    found = next((item for item in case.graph().findings if item.id == subject), None)
    return None if found is None else _explain_finding(case, found)


def _as_edge(case: Case, subject: str) -> Explanation | None:
    ends = tuple(part.strip() for part in subject.split(_ARROW))
    found = next((e for e in case.graph().edges if (e.source, e.target) == ends), None)
    return None if found is None else _explain_edge(case, found)


def _as_party(case: Case, subject: str) -> Explanation | None:
    shown = case.manifest.mode == "liability"
    known = any(party.id == subject for party in case.manifest.parties)
    return _explain_party(case, subject) if known and shown else None


def _as_claim(case: Case, subject: str) -> Explanation | None:
    shown = case.manifest.mode == "liability"
    known = any(claim.id == subject for claim in case.manifest.claims)
    return _explain_claim(case, subject) if known and shown else None


def _as_harm(case: Case, subject: str) -> Explanation | None:
    found = next((node for node in case.graph().nodes if node.harm == subject), None)
    return None if found is None else _explain_node(case, found)


def _as_contradiction(case: Case, subject: str) -> Explanation | None:
    found = next((one for one in _contradictions(case, [subject]) if one.id == subject), None)
    if found is None:
        return None
    references = [place for side in found.sides for place in side.evidence]
    told = describe_contradiction(found, _party_names(case))
    return Explanation(found.id, "a contradiction", told, _exhibits(case, references))


def _contradictions(case: Case, names: Iterable[str]) -> tuple[Contradiction, ...]:
    """Return the contradictions about these ids, without the parties' in a case for learning."""
    learning = case.manifest.mode == "learning"
    found = contradictions_about(case.graph(), tuple(names))
    return tuple(one for one in found if not (learning and one.kind == OF_PARTIES))


def _contradiction_paragraphs(case: Case, *names: str) -> list[tuple[str, str]]:
    return [
        paragraph
        for one in _contradictions(case, names)
        for paragraph in describe_contradiction(one, _party_names(case))
    ]


def _party_names(case: Case) -> dict[str, str]:
    return {party.id: party.name for party in case.manifest.parties}


def exhibit(case: Case, reference: str) -> Exhibit:
    """Return the original text at a reference such as `E1#line 4`.

    Raises EvidenceError for an item the case does not have or that is not what was taken in,
    InputError for a place its file lacks.
    """
    evidence, _, place = reference.partition("#")
    item = next((item for item in case.evidence if item.id == evidence), None)
    if item is None:
        raise EvidenceError(
            "the case has no such evidence item",
            got=evidence,
            expected=", ".join(item.id for item in case.evidence) or "no item at all",
            remedy="correct the reference",
        )
    text = show_place(case.folder / item.path, place, item.format)
    shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}\n[{len(text)} characters in all]"
    return Exhibit(reference, item.path, shown)


def _exhibits(case: Case, references: Iterable[str]) -> tuple[Exhibit, ...]:
    return tuple(exhibit(case, reference) for reference in dict.fromkeys(references))


def _explain_node(case: Case, node: Node) -> Explanation:
    paragraphs = [("Statement", node.statement), ("Status", _status(case, node))]
    paragraphs += _contradiction_paragraphs(case, node.id)
    if node.equation is not None:
        paragraphs.append(("Comes about when", node.equation))
    if node.credence is not None:
        low, point, high = node.credence.to_list()
        paragraphs.append(
            ("Credence", f"{low:g} to {high:g}, best estimate {point:g} ({node.basis})")
        )
    if node.duty is not None:
        paragraphs += _duty_paragraphs(case, node)
    paragraphs += [
        (f"{_part_of(edge, node)} {edge.source}", f"{edge.counterfactual} (basis: {edge.basis})")
        for edge in case.graph().edges
        if edge.target == node.id
    ]
    paragraphs += [
        ("Missing", _missing(factor))
        for factor in case.graph().missing_factors
        if factor.node == node.id
    ]
    paragraphs += _rule_paragraphs(node.rule)
    what = "a breach" if node.is_breach else f"a node ({node.kind})"
    return Explanation(node.id, what, tuple(paragraphs), _exhibits(case, node.evidence))


def _part_of(edge: Edge, node: Node) -> str:
    """Return what the source of an edge is to its target: a cause, or what keeps it away."""
    against = re.search(rf"\bnot {re.escape(edge.source)}\b", node.equation or "")
    doubted = " (contested)" if edge.status == "contested" else ""
    return f"{'Would be kept away by' if against else 'Caused by'}{doubted}"


def _missing(factor: MissingFactor) -> str:
    looked = "; ".join(lead.sentence for lead in factor.look_in)
    return f"{factor.statement} ({factor.kind.replace('_', ' ')})" + (
        f" Look in: {looked}." if looked else ""
    )


def _status(case: Case, node: Node) -> str:
    decisions = reversed(case.manifest.decisions)
    decision = next((item for item in decisions if item.on in {node.id, node.finding}), None)
    if decision is None:
        return tell_status(node.status, node.confirmed_by)
    because = f", because: {decision.because}" if decision.because else ""
    return f"{node.status}, by {decision.by}{because}"


def _duty_paragraphs(case: Case, node: Node) -> list[tuple[str, str]]:
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


def _share_paragraphs(share: BreachShare) -> list[tuple[str, str]]:
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


def _explain_edge(case: Case, edge: Edge) -> Explanation:
    paragraphs = (
        ("Without the cause, could the effect still have been?", edge.counterfactual),
        ("Basis of the answer", edge.basis),
        (
            "Do all listed causes together suffice?",
            "yes" if edge.sufficient else "no: something else is needed too",
        ),
        ("Status", tell_status(edge.status, edge.confirmed_by)),
        *_contradiction_paragraphs(case, f"{edge.source}{_ARROW}{edge.target}"),
        *_rule_paragraphs(edge.rule),
    )
    return Explanation(
        f"{edge.source}{_ARROW}{edge.target}", "an edge", paragraphs, _exhibits(case, edge.evidence)
    )


def _explain_finding(case: Case, finding: Finding) -> Explanation:
    paragraphs = [
        ("Statement", finding.statement),
        ("Status", tell_status(finding.status, finding.confirmed_by)),
        *_contradiction_paragraphs(case, *_subjects(finding)),
        *(_test_paragraph(case, edge) for edge in finding.tests),
        ("Would be refuted by", finding.refuted_by),
        *_factor_paragraphs(finding),
        *([("Nodes", ", ".join(finding.nodes))] if finding.nodes else []),
        *_rule_paragraphs(finding.rule),
    ]
    return Explanation(
        finding.id, "a finding", tuple(paragraphs), _exhibits(case, finding.evidence)
    )


def _subjects(finding: Finding) -> tuple[str, ...]:
    """Return the ids that a finding states: its node, or its edge."""
    return (_ARROW.join(finding.edge),) if finding.edge else finding.nodes[:1]


def _test_paragraph(case: Case, edge: Edge) -> tuple[str, str]:
    effect = case.graph().node(edge.target).statement
    suffice = "suffice" if edge.sufficient else "do not suffice: something else is needed too"
    answers = f"{edge.counterfactual}. The effect: {effect} Its causes together {suffice}."
    standing = f"This step is {tell_status(edge.status, edge.confirmed_by)}."
    return f"Test of {edge.source}{_ARROW}{edge.target}", f"{answers} {standing}"


def _factor_paragraphs(finding: Finding) -> list[tuple[str, str]]:
    factors = load_factors()
    return [
        (f"Factor code {code}", f"{factors[code].definition} Shown by: {factors[code].shown_by}")
        for code in finding.factors
    ]


def _explain_party(case: Case, party_id: str) -> Explanation:
    share: PartyShare = next(item for item in case.attribute().parties if item.id == party_id)
    ends = share.share
    paragraphs = [
        (
            "Share",
            f"{ends.point:.4f}, between {ends.low:.4f} and {ends.high:.4f} ({share.role})",
        ),
        ("Potency", f"{share.potency:.4f}: the Shapley value over the parties"),
        ("Plain but-for: its compliance alone would have averted", f"{share.necessity:.4f}"),
    ]
    paragraphs += [
        (
            f"Breach {breach.node}",
            f"{breach.points:.4f}: {breach.statement} {breach.counterfactual}",
        )
        for breach in share.breaches
    ]
    references = [place for breach in share.breaches for place in breach.evidence]
    return Explanation(party_id, "a party", tuple(paragraphs), _exhibits(case, references))


def _explain_claim(case: Case, claim_id: str) -> Explanation:
    claim = next(item for item in case.manifest.claims if item.id == claim_id)
    names = _party_names(case)
    paragraphs = [
        ("Statement", claim.statement),
        ("Asserted by", names.get(claim.asserted_by, claim.asserted_by)),
        ("Denied by", ", ".join(names.get(name, name) for name in claim.denied_by) or "nobody"),
        ("Means that", f"{claim.node} = {claim.value}"),
        *_contradiction_paragraphs(case, claim.node),
    ]
    for crux in case.compare().cruxes:
        if crux.claim == claim_id:
            swings = ", ".join(
                f"{names.get(party, party)} {swing:.4f}" for party, swing in crux.swing.items()
            )
            paragraphs.append(("Settling it moves", swings))
    return Explanation(claim_id, "a claim", tuple(paragraphs), _exhibits(case, claim.evidence))


def _rule_paragraphs(rule_id: str) -> list[tuple[str, str]]:
    """Return the page of a rule, which is its module's docstring."""
    rule = next((item for item in RULES if item.id == rule_id), None)
    if rule is None:
        return [("Rule", "none: declared in case.yaml")]
    page = inspect.getdoc(sys.modules[rule.apply.__module__]) or rule.title
    return [(f"Rule {rule.id}, version {rule.version}", page)]
