"""Evidence that nothing uses, and citations of what is not there."""

from __future__ import annotations

from collections.abc import Iterator

from attribution.graph.facts import Facts
from attribution.model.graph import CausalGraph, GraphCheck
from attribution.model.manifest import Manifest


def check_evidence(graph: CausalGraph, facts: Facts) -> GraphCheck:
    """Return whether every item and every record that is cited is used somewhere.

    An item whose records stand on the timeline is used; that nothing in the graph rests on them is
    remarked on. A record is orphaned where a declaration cites it and no node, edge, finding or
    event has it.
    """
    in_graph = set(_cited_in(graph))
    items = {place.partition("#")[0] for place in in_graph}
    declared = dict(_declared_places(facts.manifest))
    named = {place.partition("#")[0] for place in declared}
    read = {
        source.evidence
        for source in facts.timeline.sources
        if source.accounting.kept or source.accounting.undated
    }
    entries = [entry.id for entry in facts.manifest.evidence]
    orphans = [item for item in entries if item not in items | named | read]
    loose = declared.keys() - in_graph
    if loose:
        timeline = facts.timeline
        for event in (*timeline.events, *timeline.undated):
            loose -= set(event.references)
            if not loose:
                break
    orphans += [f"{place} ({where})" for place, where in declared.items() if place in loose]
    idle = [item for item in entries if item not in items and item in read]
    remark = f"read, and nothing in the graph rests on them: {', '.join(idle)}"
    detail = f"used by nothing: {', '.join(orphans)}"
    return GraphCheck(
        "no-orphan-evidence",
        not orphans,
        detail if orphans else "every item, and every record that is cited, is used",
        tuple(orphans),
        (remark,) if idle else (),
    )


def check_citations(graph: CausalGraph, facts: Facts) -> GraphCheck:
    """Return whether every evidence item and event that the graph cites is there."""
    known = {entry.id for entry in facts.manifest.evidence}
    lost = sorted(
        {place for place in _cited_in(graph) if known and place.partition("#")[0] not in known}
    )
    cited = {
        moment.event
        for order in graph.open_orders
        for moment in (order.first, order.second)
        if moment.event is not None
    }
    if cited:
        timeline = facts.timeline
        lost += sorted(cited - {event.id for event in (*timeline.events, *timeline.undated)})
    return GraphCheck(
        "every-citation-exists",
        not lost,
        f"not there: {', '.join(lost)}" if lost else "all that the graph cites is there",
        tuple(lost),
    )


def _cited_in(graph: CausalGraph) -> Iterator[str]:
    yield from (place for node in graph.nodes for place in node.evidence)
    yield from (place for edge in graph.edges for place in edge.evidence)
    yield from (place for finding in graph.findings for place in finding.evidence)
    yield from (place for barrier in graph.barriers for place in barrier.evidence)


def _declared_places(manifest: Manifest) -> Iterator[tuple[str, str]]:
    """Yield each place that a declaration beside the graph cites, with the declaration."""
    entries: list[tuple[str, tuple[str, ...]]] = [
        *((f"claim {it.id}", it.evidence) for it in manifest.claims),
        *((f"policy {it.id}", it.evidence) for it in manifest.policies),
        *((f"task {it.id}", it.evidence) for it in manifest.tasks),
        *((f"harm item {it.id}", it.evidence) for it in manifest.harms),
        *((f"approval of {it.covers}", it.evidence) for it in manifest.approvals),
        *((f"change {it.commit}", it.evidence) for it in manifest.changes),
    ]
    for where, places in entries:
        for place in places:
            yield place, where
