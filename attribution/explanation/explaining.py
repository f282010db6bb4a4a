"""Why a node, edge, finding, breach, share, claim or harm item of a case is what it is.

An explanation is a list of titled paragraphs and the evidence behind them with the original text
of each place, so that a reader need not take anything on trust.
"""

from __future__ import annotations

from dataclasses import dataclass

from attribution.case import Case
from attribution.errors import ManifestError
from attribution.explanation.exhibits import Exhibit, exhibit, exhibits
from attribution.explanation.paragraphs import (
    find_shown,
    name_parties,
    tell_contradictions,
    tell_duty,
    tell_missing,
    tell_part,
    tell_rule,
    tell_standing,
)
from attribution.graph.contested import describe_contradiction
from attribution.graph.factors import load_factors
from attribution.model.confirmation import tell_status
from attribution.model.graph import Edge, Finding, Node
from attribution.model.manifest import ARROW, COPIES, JOIN
from attribution.model.record import JsonValue
from attribution.model.result import PartyShare
from attribution.timeline.event_account import describe_event


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
        event_id, f"an event ({event.kind})", paragraphs, exhibits(case, event.references)
    )


def _as_node(case: Case, subject: str) -> Explanation | None:
    found = next((node for node in case.graph().nodes if node.id == subject), None)
    return None if found is None else _explain_node(case, found)


def _as_finding(case: Case, subject: str) -> Explanation | None:
    found = next((item for item in case.graph().findings if item.id == subject), None)
    return None if found is None else _explain_finding(case, found)


def _as_edge(case: Case, subject: str) -> Explanation | None:
    ends = tuple(part.strip() for part in subject.split(ARROW))
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
    found = next((one for one in find_shown(case, [subject]) if one.id == subject), None)
    if found is None:
        return None
    references = [place for side in found.sides for place in side.evidence]
    told = describe_contradiction(found, name_parties(case))
    return Explanation(found.id, "a contradiction", told, exhibits(case, references))


def _explain_node(case: Case, node: Node) -> Explanation:
    paragraphs = [("Statement", node.statement), ("Status", tell_standing(case, node))]
    paragraphs += tell_contradictions(case, node.id)
    if node.equation is not None:
        paragraphs.append(("Comes about when", node.equation))
    if node.credence is not None:
        low, point, high = node.credence.to_list()
        paragraphs.append(
            ("Credence", f"{low:g} to {high:g}, best estimate {point:g} ({node.basis})")
        )
    if node.duty is not None:
        paragraphs += tell_duty(case, node)
    paragraphs += [
        (f"{tell_part(edge, node)} {edge.source}", f"{edge.counterfactual} (basis: {edge.basis})")
        for edge in case.graph().edges
        if edge.target == node.id
    ]
    paragraphs += [
        ("Missing", tell_missing(factor))
        for factor in case.graph().missing_factors
        if factor.node == node.id
    ]
    paragraphs += tell_rule(node.rule)
    what = "a breach" if node.is_breach else f"a node ({node.kind})"
    return Explanation(node.id, what, tuple(paragraphs), exhibits(case, node.evidence))


def _explain_edge(case: Case, edge: Edge) -> Explanation:
    paragraphs = (
        ("Without the cause, could the effect still have been?", edge.counterfactual),
        ("Basis of the answer", edge.basis),
        (
            "Do all listed causes together suffice?",
            "yes" if edge.sufficient else "no: something else is needed too",
        ),
        ("Status", tell_status(edge.status, edge.confirmed_by)),
        *tell_contradictions(case, f"{edge.source}{ARROW}{edge.target}"),
        *tell_rule(edge.rule),
    )
    return Explanation(
        f"{edge.source}{ARROW}{edge.target}", "an edge", paragraphs, exhibits(case, edge.evidence)
    )


def _explain_finding(case: Case, finding: Finding) -> Explanation:
    paragraphs = [
        ("Statement", finding.statement),
        ("Status", tell_status(finding.status, finding.confirmed_by)),
        *tell_contradictions(case, *_subjects(finding)),
        *(_test_paragraph(case, edge) for edge in finding.tests),
        ("Would be refuted by", finding.refuted_by),
        *_factor_paragraphs(finding),
        *([("Nodes", ", ".join(finding.nodes))] if finding.nodes else []),
        *tell_rule(finding.rule),
    ]
    return Explanation(finding.id, "a finding", tuple(paragraphs), exhibits(case, finding.evidence))


def _subjects(finding: Finding) -> tuple[str, ...]:
    """Return the ids that a finding states: its node, or its edge."""
    return (ARROW.join(finding.edge),) if finding.edge else finding.nodes[:1]


def _test_paragraph(case: Case, edge: Edge) -> tuple[str, str]:
    effect = case.graph().node(edge.target).statement
    suffice = "suffice" if edge.sufficient else "do not suffice: something else is needed too"
    answers = f"{edge.counterfactual}. The effect: {effect} Its causes together {suffice}."
    standing = f"This step is {tell_status(edge.status, edge.confirmed_by)}."
    return f"Test of {edge.source}{ARROW}{edge.target}", f"{answers} {standing}"


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
    return Explanation(party_id, "a party", tuple(paragraphs), exhibits(case, references))


def _explain_claim(case: Case, claim_id: str) -> Explanation:
    claim = next(item for item in case.manifest.claims if item.id == claim_id)
    names = name_parties(case)
    paragraphs = [
        ("Statement", claim.statement),
        ("Asserted by", names.get(claim.asserted_by, claim.asserted_by)),
        ("Denied by", ", ".join(names.get(name, name) for name in claim.denied_by) or "nobody"),
        ("Means that", f"{claim.node} = {claim.value}"),
        *tell_contradictions(case, claim.node),
    ]
    for crux in case.compare().cruxes:
        if crux.claim == claim_id:
            swings = ", ".join(
                f"{names.get(party, party)} {swing:.4f}" for party, swing in crux.swing.items()
            )
            paragraphs.append(("Settling it moves", swings))
    return Explanation(claim_id, "a claim", tuple(paragraphs), exhibits(case, claim.evidence))
