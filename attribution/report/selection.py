"""Which events of a timeline a document shows one by one.

Of a timeline that is too long for that they are the ones that a finding or a step of the response
rests on, and then those around them. A finding keeps the first records it cites before another
keeps its second, so that none is left without any where there are too many for all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from attribution.model.analysis import Analysis
from attribution.model.event import Event
from attribution.timeline.response import find_marks

LIMIT = 2000
"""Events up to which a document lists all of them."""

LISTED = 600
"""Events that a document lists of a longer timeline, dated ones; of undated ones a tenth of it."""

AROUND = 3
"""How many events before and after one that a finding rests on are of interest beside it."""


def rank_references(analysis: Analysis) -> Mapping[str, int]:
    """Return each reference that a node, edge, barrier or finding cites, and where in its list.

    Of several places the first counts; 0 is the first reference of something.
    """
    graph = analysis.graph
    ranks: dict[str, int] = {}
    for cited in _citing(analysis):
        for rank, reference in enumerate(cited):
            ranks[reference] = min(rank, ranks.get(reference, rank))
    for finding in graph.findings:
        for rank, reference in enumerate(finding.evidence):
            ranks[reference] = min(rank, ranks.get(reference, rank))
    return ranks


def _citing(analysis: Analysis) -> Iterator[Sequence[str]]:
    """Yield the references of every statement, test and barrier of the graph."""
    graph = analysis.graph
    yield from (node.evidence for node in graph.nodes)
    yield from (edge.evidence for edge in graph.edges)
    yield from (barrier.evidence for barrier in graph.barriers)


def find_key_events(analysis: Analysis) -> tuple[Event, ...]:
    """Return the events that a node, edge, barrier or mark rests on, in time order."""
    cited = {reference for part in _citing(analysis) for reference in part}
    marked = {mark.event.id for mark in find_marks(analysis) if mark.event is not None}
    return tuple(
        event
        for event in analysis.timeline.events
        if event.id in marked or not cited.isdisjoint(event.references)
    )


def is_long(analysis: Analysis) -> bool:
    """Return whether there are more events than a document lists one by one."""
    return len(analysis.timeline.events) + len(analysis.timeline.undated) > LIMIT


def select_key(analysis: Analysis, limit: int) -> tuple[Event, ...]:
    """Return up to `limit` of the events that something rests on, in time order.

    The steps of the response come first, then the first reference of each finding, and so on.
    """
    events = analysis.timeline.events
    return tuple(events[at] for at in sorted(_rank_events(analysis)[:limit]))


def _rank_events(analysis: Analysis) -> list[int]:
    """Return the positions of the dated events that something rests on, foremost first."""
    events = analysis.timeline.events
    ranks = rank_references(analysis)
    marked = {mark.event.id for mark in find_marks(analysis) if mark.event is not None}
    rank = {
        at: -1 if event.id in marked else min(found)
        for at, event in enumerate(events)
        if (found := [ranks[ref] for ref in event.references if ref in ranks]) or event.id in marked
    }
    return sorted(rank, key=lambda at: (rank[at], at))


def select_dated(analysis: Analysis) -> list[int]:
    """Return the positions of the dated events to show, in time order, `LISTED` at most."""
    events = analysis.timeline.events
    key = _rank_events(analysis)
    around = (
        at + step * side
        for step in range(1, AROUND + 1)
        for at in sorted(key)
        for side in (-1, 1)
        if 0 <= at + step * side < len(events)
    )
    return sorted(_first(LISTED, key, around, _ends(events)))


def select_undated(analysis: Analysis) -> list[int]:
    """Return the positions of the undated events to show: those cited, and then the first."""
    events = analysis.timeline.undated
    ranks = rank_references(analysis)
    cited = [at for at, event in enumerate(events) if any(r in ranks for r in event.references)]
    return sorted(_first(LISTED // 10, cited, range(len(events))))


def _ends(events: Sequence[Event]) -> Iterator[int]:
    """Yield the first and the last event of every source."""
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    for at, event in enumerate(events):
        for witness in event.witnesses:
            first.setdefault(witness.evidence, at)
            last[witness.evidence] = at
    yield from sorted({*first.values(), *last.values()})


def _first(limit: int, *preferred: Iterable[int]) -> set[int]:
    """Return up to `limit` different positions, from the first sequence as long as it lasts."""
    chosen: set[int] = set()
    for positions in preferred:
        for at in positions:
            if len(chosen) == limit:
                return chosen
            chosen.add(at)
    return chosen
