"""The rows of what is concluded, or only put forward: findings, tests, proposals, contradictions.

Columns are as in `attribution.store.tables`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from attribution.store.canonical import to_json

if TYPE_CHECKING:
    from attribution.model.analysis import Analysis

Row = dict[str, Any]


def _findings(analysis: Analysis) -> Iterator[Row]:
    for finding in analysis.graph.findings:
        yield {
            "id": finding.id,
            "rule": finding.rule,
            "version": finding.version,
            "statement": finding.statement,
            "status": finding.status,
            "evidence": to_json(list(finding.evidence)),
            "refuted_by": finding.refuted_by,
            "nodes": to_json(list(finding.nodes)),
            "decided_by": finding.decided_by,
            "decided_at": finding.decided_at,
            "because": finding.because,
            "confirmed_by": finding.confirmed_by,
            "edge": None if finding.edge is None else to_json(list(finding.edge)),
            "factors": to_json(list(finding.factors)),
        }


def _tests(analysis: Analysis) -> Iterator[Row]:
    for finding in analysis.graph.findings:
        for position, edge in enumerate(finding.tests):
            yield {
                "finding": finding.id,
                "position": position,
                "source": edge.source,
                "target": edge.target,
                "counterfactual": edge.counterfactual,
                "sufficient": int(edge.sufficient),
                "status": edge.status,
                "confirmed_by": edge.confirmed_by,
            }


def _proposals(analysis: Analysis) -> Iterator[Row]:
    for position, proposal in enumerate(analysis.graph.proposals):
        yield {
            "position": position,
            "id": proposal.id,
            "kind": proposal.kind,
            "relation": proposal.relation,
            "statement": proposal.statement,
            "source": proposal.source,
            "target": proposal.target,
            "counterfactual": proposal.counterfactual,
            "basis": proposal.basis,
            "nodes": to_json([node.to_dict() for node in proposal.nodes]),
            "value": proposal.value,
            "obstacle": proposal.obstacle,
            "status": proposal.status,
            "answer": proposal.answer,
            "decided_by": proposal.decided_by,
            "decided_at": proposal.decided_at,
            "because": proposal.because,
            "refuted_by": proposal.refuted_by,
            "rule": proposal.rule,
            "version": proposal.version,
        }


def _accounts(analysis: Analysis) -> Iterator[Row]:
    for number, proposal in enumerate(analysis.graph.proposals):
        for position, account in enumerate(proposal.accounts):
            yield {
                "proposal": number,
                "position": position,
                "reference": account.reference,
                "sentence": account.sentence,
                "text": account.text,
                "words": account.words,
                "speaker": account.speaker,
                "party": account.party,
                "time": account.time,
                "basis": account.basis,
                "hedge": account.hedge,
                "against": int(account.against),
                "told": to_json(list(account.told)),
            }


def _contradictions(analysis: Analysis) -> Iterator[Row]:
    for one in analysis.graph.contradictions:
        yield {
            "id": one.id,
            "kind": one.kind,
            "about": one.about,
            "status": one.status,
            "resolution": one.resolution,
            "sides": to_json([side.to_dict() for side in one.sides]),
        }


CONCLUSIONS: dict[str, Callable[[Analysis], Iterable[Row]]] = {
    "findings": _findings,
    "tests": _tests,
    "proposals": _proposals,
    "accounts": _accounts,
    "contradictions": _contradictions,
}
"""Each table of conclusions, with what gives its rows."""
