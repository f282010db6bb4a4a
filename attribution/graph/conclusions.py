"""What findings and edges owe each other: the tests' answers, and what a decision on one settles.

A finding stands or falls with the edges that leave what it states. Whoever confirms it confirms
the edges its rule added there, and each side names what confirmed it: a person, or a record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    settled |= _settle_chains(settled, ordered)
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


def _settle_chains(edges: Mapping[Ends, Edge], findings: Sequence[Finding]) -> dict[Ends, Edge]:
    """Return the edges between findings, confirmed where a person has confirmed all they serve.

    A breach takes effect by way of nodes that no finding states: the control that did not hold,
    and what it would have caught. Who confirms the breach confirms the steps on that way.
    """
    serving = find_serving(edges.values(), findings)
    confirmed: dict[Ends, Edge] = {}
    for ends, served in serving.items():
        by = [one.confirmed_by for one in served if one.status == "confirmed"]
        of_person = [name for name in by if not is_by_record(name)]
        if len(by) == len(served) and of_person and edges[ends].status == "proposed":
            confirmed[ends] = replace(edges[ends], status="confirmed", confirmed_by=of_person[0])
    return confirmed


def find_serving(
    edges: Iterable[Edge], findings: Iterable[Finding]
) -> dict[Ends, tuple[Finding, ...]]:
    """Return, for each edge that leaves a node no finding states, the findings it serves.

    They are those of the edge's rule that reach its source by such nodes alone; where none does, as
    from what a control would have caught, those that reach its target.
    """
    chief = {finding.nodes[0]: finding for finding in findings if finding.nodes}
    causes: dict[str, list[str]] = {}
    listed = sorted(edges, key=lambda edge: (edge.target, edge.source))
    for edge in listed:
        causes.setdefault(edge.target, []).append(edge.source)
    serving: dict[Ends, tuple[Finding, ...]] = {}
    for edge in listed:
        if edge.source in chief:
            continue
        ways = [edge.source], causes[edge.target]
        for starts in ways:
            served = [one for one in _reaching(starts, causes, chief) if one.rule == edge.rule]
            if served:
                serving[edge.source, edge.target] = tuple(sorted(served, key=lambda it: it.id))
                break
    return serving


def _reaching(
    starts: Sequence[str], causes: Mapping[str, Sequence[str]], chief: Mapping[str, Finding]
) -> Iterator[Finding]:
    """Yield the findings upstream of these nodes, by way of nodes that none states."""
    seen, stack = set(starts), list(starts)
    while stack:
        name = stack.pop()
        if name in chief:
            yield chief[name]
            continue
        fresh = [cause for cause in causes.get(name, ()) if cause not in seen]
        seen.update(fresh)
        stack += fresh


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
