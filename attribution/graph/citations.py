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
    for holder in (*graph.nodes, *graph.edges, *graph.findings, *graph.barriers):
        yield from holder.evidence


def _declared_places(manifest: Manifest) -> Iterator[tuple[str, str]]:
    """Yield each place that a declaration beside the graph cites, with the declaration."""
    for what, entries in (
        ("claim", manifest.claims),
        ("policy", manifest.policies),
        ("task", manifest.tasks),
        ("harm item", manifest.harms),
    ):
        for entry in entries:
            for place in entry.evidence:
                yield place, f"{what} {entry.id}"
    for approval in manifest.approvals:
        for place in approval.evidence:
            yield place, f"approval of {approval.covers}"
    for change in manifest.changes:
        for place in change.evidence:
            yield place, f"change {change.commit}"
