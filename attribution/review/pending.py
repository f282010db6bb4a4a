"""What a person can decide on, in one form: findings, gaps of the records, joins of records.

Each source of a case that proposes something is a function of `SOURCES`, which turns what it has
into `Pending`. A new kind of proposal is one more function.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from attribution.graph.conclusions import find_serving
from attribution.graph.factors import load_factors
from attribution.graph.rules import RULES
from attribution.model.graph import Edge, Finding, Node
from attribution.model.instant import Instant
from attribution.model.manifest import Decision
from attribution.model.proposal import ANSWERS, USUAL
from attribution.model.record import JsonValue
from attribution.timeline.undoing import Joining, list_joinings

if TYPE_CHECKING:
    from attribution.case import Case

JOIN = "join"
PROPOSAL = "proposal"

KINDS = ("finding", "gap", PROPOSAL, JOIN)
"""In this order they are gone through where nothing else orders them."""


_SUFFICE = " Its known causes together suffice."
_MOST_ACCOUNTS = 4


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for what is proposed: a title and a text, as in `the test` and its answer."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Pending:
    """Something that is proposed to a person.

    `reasons` say why it is proposed and what would refute it; `evidence` are references such as
    `E1#line 4`; `nodes` are those of the causal graph it stands for. `document` is its JSON form.
    `asks` says that to confirm it a person must answer the counterfactual test; `answer` is the one
    that what would come of it is computed with, or the sentence's own.
    """

    id: str
    kind: str
    statement: str
    status: str
    evidence: tuple[str, ...]
    reasons: tuple[Reason, ...]
    awaits: bool
    document: Mapping[str, JsonValue]
    nodes: tuple[str, ...] = ()
    asks: bool = False
    answer: str | None = None

    def decide(self, status: str, by: str, at: Instant | None, because: str = "") -> Decision:
        """Return the decision that gives it this status; `proposed` takes an earlier one back."""
        answer = self.answer if status == "confirmed" else None
        return Decision(self.id, status, by, at, because, answer=answer)


def list_pending(case: Case) -> tuple[Pending, ...]:
    """Return everything a person can decide on, decided or not. Raises as `Case.graph`."""
    return tuple(entry for source in SOURCES for entry in source(case))


def list_findings(case: Case) -> Iterator[Pending]:
    """Yield the findings of rules, and the gaps of the records among them."""
    graph = case.graph()
    missing = {factor.node: factor.statement for factor in graph.missing_factors}
    statements = {node.id: node.statement for node in graph.nodes}
    controls = {node.id for node in graph.nodes if node.kind == "control"}
    stated = {finding.nodes[0] for finding in graph.findings if finding.nodes}
    stated |= {node.id for node in graph.nodes if node.kind == "harm"}
    serving = find_serving(graph.edges, graph.findings)
    against = _blocking(graph.nodes, graph.edges)
    for finding in graph.findings:
        own = [
            edge
            for edge in graph.edges
            if edge.source in finding.nodes or (edge.source, edge.target) == finding.edge
        ]
        further = [
            edge
            for edge in graph.edges
            if finding in serving.get((edge.source, edge.target), ()) and edge.target in stated
        ]
        yield Pending(
            id=finding.id,
            kind="gap" if finding.rule == "gap" else "finding",
            statement=finding.statement,
            status=finding.status,
            evidence=finding.evidence,
            reasons=tuple(
                chain(
                    _reasons(finding, own, missing, statements, against),
                    _further_reasons(further, statements, controls),
                    [Reason("Would be refuted by", finding.refuted_by)],
                )
            ),
            awaits=finding.awaits_decision,
            document=finding.to_dict(),
            nodes=finding.nodes,
        )


def _reasons(
    finding: Finding,
    edges: list[Edge],
    missing: Mapping[str, str],
    statements: Mapping[str, str],
    against: Collection[tuple[str, str]],
) -> Iterator[Reason]:
    rule = next((item for item in RULES if item.id == finding.rule), None)
    if rule is not None:
        yield Reason(f"Rule {rule.id}", rule.title)
    effects: dict[tuple[str, str], list[str]] = {}
    for edge in edges:
        suffices = "" if edge.target in missing or not edge.sufficient else _SUFFICE
        answer = f"{edge.counterfactual.rstrip('.')}. Basis: {edge.basis.rstrip('.')}.{suffices}"
        asked = "been untrue" if (edge.source, edge.target) in against else "been"
        effects.setdefault((answer, asked), []).append(edge.target)
    for (answer, asked), targets in effects.items():
        told = "; ".join(statements.get(target, target).rstrip(".") for target in targets)
        yield Reason(f"Without it, could this still have {asked}: {told}?", answer)
    for edge in edges:
        if edge.target in missing or not edge.sufficient:
            lacking = missing.get(edge.target, "no: something else is needed too")
            told = statements.get(edge.target, edge.target).rstrip(".")
            yield Reason(f"Do the known causes suffice for this: {told}?", lacking)
    if not edges and finding.nodes:
        yield Reason("In the graph", "it is a cause of nothing by itself: no share rests on it")
    if finding.factors:
        titles = [load_factors()[code].title for code in finding.factors]
        yield Reason("It shows", ", ".join(titles))


def _blocking(nodes: Iterable[Node], edges: Iterable[Edge]) -> set[tuple[str, str]]:
    """Return the ends of the edges whose source keeps its target from being so."""
    equations = {node.id: node.equation or "" for node in nodes}
    return {
        (edge.source, edge.target)
        for edge in edges
        if re.search(rf"\bnot {re.escape(edge.source)}\b", equations[edge.target])
        and edge.counterfactual.startswith("no:")
    }


def _further_reasons(
    edges: list[Edge], statements: Mapping[str, str], controls: Collection[str]
) -> Iterator[Reason]:
    """Yield the tests of the steps on the way to what it led to: they are confirmed with it."""
    for edge in edges:
        way = statements.get(edge.source, edge.source).rstrip(".")
        effect = statements.get(edge.target, edge.target).rstrip(".")
        asked = "Had this been so" if edge.source in controls else "Without this"
        title = f"{asked}: {way}. Could this still have been: {effect}?"
        yield Reason(title, edge.counterfactual)


def list_joins(case: Case) -> Iterator[Pending]:
    """Yield the records that a rule made one event."""
    return map(_join, list_joinings(case.timeline()))


def _join(joining: Joining) -> Pending:
    return Pending(
        id=joining.id,
        kind=JOIN,
        statement=f"These {len(joining.records)} records tell of one event: {joining.text}",
        status=joining.status,
        evidence=joining.records,
        reasons=(
            *(Reason(f"Rule {rule}", basis) for rule, basis in joining.bases),
            Reason("Would be refuted by", "a record that shows two such events"),
        ),
        awaits=joining.awaits_decision,
        document=joining.to_dict(),
    )


def list_proposals(case: Case) -> Iterator[Pending]:
    """Yield what texts propose: nothing of it is in an equation before a person confirms it."""
    for proposal in case.graph().proposals:
        usual = USUAL.get(proposal.relation)
        reasons = [
            Reason(f"{account.speaker or 'Not said who'} says", f"“{account.text}”")
            for account in proposal.accounts[:_MOST_ACCOUNTS]
        ]
        reasons.append(Reason("The counterfactual test", proposal.counterfactual))
        if proposal.obstacle is not None:
            reasons.append(Reason("It cannot be confirmed as it stands", proposal.obstacle))
        reasons.append(Reason("Would be refuted by", proposal.refuted_by or "a record against it"))
        yield Pending(
            id=proposal.id,
            kind=PROPOSAL,
            statement=proposal.statement,
            status=proposal.status,
            evidence=proposal.evidence,
            reasons=tuple(reasons),
            awaits=proposal.awaits_decision,
            document=proposal.to_dict(),
            asks=proposal.is_cause and usual is None,
            answer=(usual or ANSWERS[0]) if proposal.is_cause else None,
        )


SOURCES: tuple[Callable[[Case], Iterator[Pending]], ...] = (
    list_findings,
    list_proposals,
    list_joins,
)
"""What of a case is proposed to a person."""
