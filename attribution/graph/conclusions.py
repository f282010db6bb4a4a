"""What findings and edges owe each other: the tests' answers, and what a decision on one settles.

A finding stands or falls with the edges that leave what it states. Whoever confirms it confirms
the edges its rule added there, and each side names what confirmed it: a person, or a record.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from attribution.model.confirmation import by_person, is_by_record
from attribution.model.graph import Edge, Finding
from attribution.model.manifest import Decision

Ends = tuple[str, str]


def decide_finding(finding: Finding, known: Finding, decision: Decision) -> Finding:
    """Return the finding after a decision on it; `known` is the finding as its rule has it.

    A decision that is withdrawn leaves what the rule had: confirmed, where a record confirms it.
    """
    withdrawn = decision.status == "proposed"
    return replace(
        finding,
        status=known.status if withdrawn else decision.status,
        confirmed_by=known.confirmed_by if withdrawn else confirmer(decision),
        decided_by=decision.by,
        decided_at=decision.at,
        because=decision.because,
    )


def confirmer(decision: Decision) -> str | None:
    """Return what `confirmed_by` is after a decision."""
    return by_person(decision.by) if decision.status == "confirmed" else None


def is_open(status: str, confirmed_by: str | None) -> bool:
    """Whether a party's denial contests it: nobody has decided, or but a record confirms it."""
    return status == "proposed" or is_by_record(confirmed_by)


def rejected_steps(findings: Iterable[Finding], rejected: Iterable[str]) -> dict[str, set[str]]:
    """Return the causes of each node that a rejected finding about one step takes from it."""
    gone = frozenset(rejected)
    steps: dict[str, set[str]] = {}
    for finding in findings:
        if finding.edge is not None and finding.id in gone:
            steps.setdefault(finding.edge[1], set()).add(finding.edge[0])
    return steps


def join_tests(
    findings: Iterable[Finding], edges: Iterable[Edge]
) -> tuple[list[Finding], list[Edge]]:
    """Return the findings with the tests they rest on, and the edges with what settled them."""
    ordered = sorted(findings, key=lambda finding: finding.id)
    known = {(edge.source, edge.target): edge for edge in edges}
    owners = _owners(ordered, known)
    settled = {ends: _settle(edge, owners.get(ends)) for ends, edge in known.items()}
    alone = {finding.edge for finding in ordered if finding.edge is not None}
    tested = [
        replace(
            finding,
            tests=tuple(
                edge
                for ends, edge in sorted(settled.items())
                if (ends == finding.edge if finding.edge else ends not in alone)
                and _rests_on(finding, edge)
            ),
        )
        for finding in ordered
    ]
    return tested, list(settled.values())


def _rests_on(finding: Finding, edge: Edge) -> bool:
    """Whether an edge leaves what the finding states, or a record shows how that came about."""
    if finding.edge is not None or not finding.nodes:
        return finding.edge == (edge.source, edge.target)
    shown = edge.target == finding.nodes[0] and is_by_record(edge.confirmed_by)
    mine = edge.rule == finding.rule and (edge.source in finding.nodes or shown)
    return edge.source == finding.nodes[0] or mine


def _owners(findings: Iterable[Finding], edges: Mapping[Ends, Edge]) -> dict[Ends, Finding]:
    """Return the finding that each edge belongs to: the one about this step alone comes first."""
    found: dict[Ends, Finding] = {}
    for finding in sorted(findings, key=lambda item: (item.edge is None, item.id)):
        for ends, edge in edges.items():
            if edge.rule == finding.rule and _rests_on(finding, edge):
                found.setdefault(ends, finding)
    return found


def _settle(edge: Edge, finding: Finding | None) -> Edge:
    """Return the edge with its finding, and with the status that a confirmation gives it."""
    if finding is None:
        return edge
    edge = replace(edge, finding=finding.id)
    of_step = finding.edge is not None and finding.status != "proposed"
    of_person = finding.status == "confirmed" and not is_by_record(finding.confirmed_by)
    if of_step or (of_person and edge.status == "proposed"):
        return replace(edge, status=finding.status, confirmed_by=finding.confirmed_by)
    return edge
