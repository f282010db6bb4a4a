"""What the sources show to be missing: cut exports, sources that fall silent, undated records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from attribution.model.event import Event, Gap, Timeline
from attribution.model.instant import HOUR, Instant, format_instant
from attribution.model.record import EvidenceItem, Reading
from attribution.timeline.events import MergedEvents

if TYPE_CHECKING:
    from numpy.typing import NDArray

ENOUGH = 10
"""How many dated records a source must have before its habit can be told."""

FACTOR = 10
"""A silence is one when it is this many times the longest the source otherwise kept."""

SHORTEST = HOUR
"""No silence shorter than this is reported, in microseconds."""

_PLANNED = "calendar.event"
_NO_HABIT = ("session.", _PLANNED)


def find_gaps(
    timeline: Timeline, readings: Mapping[str, Reading], items: Mapping[str, EvidenceItem]
) -> tuple[Gap, ...]:
    """Return the gaps of every source, by evidence id, then by time.

    A source stops when its last record lies before the end of the timeline (or before it was
    collected, if that is earlier) by more than `FACTOR` times its longest earlier silence. An
    agent's session does not stop in this sense: it comes to its end. What a calendar plans is
    neither the end of the timeline nor a sign that its source still records.
    """
    gaps = [
        Gap(evidence, reason) for evidence in readings for reason in readings[evidence].truncations
    ]
    gaps += [
        Gap(
            evidence,
            f"{count} {'record carries' if count == 1 else 'records carry'} no usable time",
        )
        for evidence in readings
        if (count := readings[evidence].accounting.undated)
    ]
    if timeline.events:
        gaps += _find_stops(timeline, items)
    return tuple(sorted(gaps, key=lambda gap: (gap.evidence, gap.time_low or 0, gap.reason)))


def _find_stops(timeline: Timeline, items: Mapping[str, EvidenceItem]) -> list[Gap]:
    times = _list_moments(timeline.events)
    took_place = (event.time for event in reversed(timeline.events) if event.kind != _PLANNED)
    end = next(took_place, None) or Instant(0)
    found = []
    for evidence, moments in times.items():
        item = items.get(evidence)
        until = end if item is None or item.collected is None else min(end, item.collected)
        habit, last = int(np.diff(moments).max(initial=0)), Instant(int(moments[-1]))
        if len(moments) >= ENOUGH and until - last > max(FACTOR * habit, SHORTEST):
            found.append(
                Gap(
                    evidence,
                    f"nothing after {format_instant(last)}, while other sources go on until"
                    f" {format_instant(until)}; its longest silence before was"
                    f" {habit / 60_000_000:.0f} min",
                    last,
                    until,
                )
            )
    return found


def _list_moments(events: Sequence[Event]) -> dict[str, NDArray[np.int64]]:
    """Return for each source the times of its events, ascending, but of those without a habit."""
    if isinstance(events, MergedEvents):
        return events.moments(lambda kind: not kind.startswith(_NO_HABIT))
    times: dict[str, list[Instant]] = defaultdict(list)
    for event in events:
        if event.time is not None and not event.kind.startswith(_NO_HABIT):
            for evidence in {witness.evidence for witness in event.witnesses}:
                times[evidence].append(event.time)
    return {evidence: np.array(found, np.int64) for evidence, found in times.items()}
