"""Records of every source merged into one timeline.

One event stands for everything that witnesses it; its id comes from what happened, never from the
order or the names under which evidence was added.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

import numpy as np

from attribution.model.actor import ActorDirectory
from attribution.model.clock import SourceClock
from attribution.model.columns import NONE
from attribution.model.event import Source, Timeline
from attribution.model.gap import Stake
from attribution.model.instant import SECOND
from attribution.model.record import Accounting, EvidenceItem, Reading
from attribution.timeline.arrangement import arrange_events, list_undated
from attribution.timeline.asking import find_asked
from attribution.timeline.clocks import estimate_clocks
from attribution.timeline.draft import Actors
from attribution.timeline.gaps import find_gaps
from attribution.timeline.joining import join_drafts
from attribution.timeline.names import natural
from attribution.timeline.relating import relate
from attribution.timeline.rulings import NO_RULINGS, Rulings
from attribution.timeline.testimonies import Groups, Testimonies


def merge_records(
    readings: Mapping[str, Reading],
    items: Mapping[str, EvidenceItem],
    directory: ActorDirectory,
    rulings: Rulings = NO_RULINGS,
    *,
    stakes: Sequence[Stake] = (),
) -> Timeline:
    """Return the timeline of all readings (by evidence id), clocks corrected, each event once.

    Clocks are corrected as `attribution.timeline.clocks` has it. Two records are one event when
    kind and native id agree, or, without a native id, when kind, actor, stated time, subject and
    text all do; events of different sources are joined as `attribution.timeline.joining` says, but
    for what `rulings` keep apart. Repeats inside one source move from `kept` to `duplicate` in its
    accounting. Events are in the order of (time, time_low, id), but never before one that records
    put before them. `stakes` are the stretches that matter, by which gaps are ranked. Takes
    O(n log n) for n records. Raises ManifestError for a declared equivalence that cannot be.
    """
    formats = {name: reading.format for name, reading in readings.items()}
    with _uncollected():
        clocks = estimate_clocks(readings, items)
        table = Testimonies(readings, {name: (c.offset, c.error) for name, c in clocks.items()})
        groups = Groups(table)
        asked = find_asked(groups, readings, rulings)
        joined = join_drafts(groups.drafts(np.flatnonzero(asked)), formats, rulings)
        relate(joined.known, joined.commits)
        drafts = joined.known.drafts
        actors = Actors(directory)
        is_dated = groups.bounds.time != NONE
        dated, disorder = arrange_events(
            [draft for draft in drafts if draft.lead.time is not None],
            groups,
            np.flatnonzero(~asked & is_dated),
            actors,
            formats,
        )
        undated = list_undated(
            [draft for draft in drafts if draft.lead.time is None],
            groups,
            np.flatnonzero(~asked & ~is_dated),
            actors,
        )
        sources = _account(readings, clocks, Counter(groups.repeats()) + Counter(joined.repeats))
        timeline = Timeline(dated, undated, sources, (), joined.apart)
        return replace(timeline, gaps=(*find_gaps(timeline, readings, items, stakes), *disorder))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Hold the cyclic collector: nothing built here has cycles, and its passes took a third."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _account(
    readings: Mapping[str, Reading],
    clocks: Mapping[str, SourceClock],
    repeats: Mapping[str, int],
) -> tuple[Source, ...]:
    """Return each source with its repeats moved from `kept` to `duplicate`."""
    sources = []
    for evidence in sorted(readings, key=natural):
        read = readings[evidence]
        repeated = repeats.get(evidence, 0)
        counts = read.accounting
        clock = clocks[evidence]
        sources.append(
            Source(
                evidence,
                read.format,
                Accounting(
                    read=counts.read,
                    kept=counts.kept - repeated,
                    duplicate=counts.duplicate + repeated,
                    undated=counts.undated,
                    rejected=counts.rejected,
                ),
                clock.offset / SECOND,
                clock.error / SECOND,
                clock.basis,
                clock.statement,
                clock.estimate,
                read.remarks,
            )
        )
    return tuple(sources)
