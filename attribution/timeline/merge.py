"""Records of every source merged into one timeline.

One event stands for everything that witnesses it; its id comes from what happened, never from the
order or the names under which evidence was added.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pandas as pd

from attribution.model.actor import ActorDirectory
from attribution.model.clock import SourceClock
from attribution.model.event import Source, Timeline
from attribution.model.instant import SECOND
from attribution.model.record import Accounting, EvidenceItem, Reading
from attribution.timeline.arrangement import arrange_events
from attribution.timeline.clocks import estimate_clocks
from attribution.timeline.draft import Actors, Draft, Testimony, arrange, key_of_event
from attribution.timeline.gaps import find_gaps
from attribution.timeline.joining import join_drafts
from attribution.timeline.names import natural
from attribution.timeline.relating import relate
from attribution.timeline.rulings import NO_RULINGS, Rulings


def merge_records(
    readings: Mapping[str, Reading],
    items: Mapping[str, EvidenceItem],
    directory: ActorDirectory,
    rulings: Rulings = NO_RULINGS,
) -> Timeline:
    """Return the timeline of all readings (by evidence id), clocks corrected, each event once.

    Clocks are corrected as `attribution.timeline.clocks` has it. Two records are one event when
    kind and native id agree, or, without a native id, when kind, actor, stated time, subject and
    text all do; events of different sources are joined as `attribution.timeline.joining` says, but
    for what `rulings` keep apart. Repeats inside one source move from `kept` to `duplicate` in its
    accounting. Events are in the order of (time, time_low, id), but never before one that records
    put before them. Takes O(n log n) for n records. Raises ManifestError for a declared
    equivalence that cannot be.
    """
    clocks = estimate_clocks(readings, items)
    table, keys = _tabulate(readings)
    with _uncollected():
        formats = {evidence: reading.format for evidence, reading in readings.items()}
        joined = join_drafts(_group(table, keys, readings, clocks), formats, rulings)
        drafts = joined.drafts
        relate(drafts, formats, joined.commits)
        actors = Actors(directory)
        dated, disorder = arrange_events(
            [draft for draft in drafts if draft.lead.time is not None], actors, formats
        )
        undated = sorted(
            (draft.to_event(actors) for draft in drafts if draft.lead.time is None),
            key=lambda event: (event.original_time or "", event.id),
        )
    sources = _account(table, readings, clocks, joined.repeats)
    timeline = Timeline(dated, tuple(undated), sources, (), joined.apart)
    return replace(timeline, gaps=(*find_gaps(timeline, readings, items), *disorder))


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


def _tabulate(readings: Mapping[str, Reading]) -> tuple[pd.DataFrame, list[str]]:
    """Return one row a record (evidence code, index in its reading, group, dated), and the keys.

    `group` is the position of the record's key among the keys, in order of first appearance.
    """
    keys: list[str] = []
    parts = []
    for code, evidence in enumerate(sorted(readings, key=natural)):
        records = readings[evidence].records
        keys += [key_of_event(record) for record in records]
        parts.append(
            pd.DataFrame(
                {
                    "evidence": np.full(len(records), code, dtype=np.int32),
                    "index": np.arange(len(records), dtype=np.int32),
                    "dated": np.array([record.time is not None for record in records], np.bool_),
                }
            )
        )
    if not parts:
        parts = [pd.DataFrame({"evidence": [], "index": [], "dated": []})]
    table = pd.concat(parts, ignore_index=True)
    # An array of objects: text with lone surrogates must not be turned into another string type.
    table["group"], distinct = pd.factorize(np.array(keys, dtype=object))
    return table, distinct.tolist()


def _group(
    table: pd.DataFrame,
    keys: Sequence[str],
    readings: Mapping[str, Reading],
    clocks: Mapping[str, SourceClock],
) -> list[Draft]:
    """Return the witnesses of each event; the record whose facts are taken comes first."""
    names = sorted(readings, key=natural)
    corrections = [(clocks[name].offset, clocks[name].error) for name in names]
    records = [readings[name].records for name in names]
    ordered = table.sort_values("group", kind="stable")
    codes = ordered["evidence"].to_numpy().tolist()
    indices = ordered["index"].to_numpy().tolist()
    starts = np.flatnonzero(np.diff(ordered["group"].to_numpy(), prepend=-1)).tolist()
    drafts = []
    for key, start, end in zip(keys, starts, [*starts, len(codes)][1:], strict=True):
        testimonies = [
            Testimony(records[code][index], names[code], *corrections[code])
            for code, index in zip(codes[start:end], indices[start:end], strict=True)
        ]
        drafts.append(Draft(key, arrange(testimonies)))
    return drafts


def _account(
    table: pd.DataFrame,
    readings: Mapping[str, Reading],
    clocks: Mapping[str, SourceClock],
    joined: Mapping[str, int],
) -> tuple[Source, ...]:
    """Return each source with its repeats moved from `kept` to `duplicate`."""
    dated = table[table["dated"].astype("bool")]
    repeats = dated.duplicated(["evidence", "group"]).groupby(dated["evidence"]).sum().to_dict()
    sources = []
    for code, evidence in enumerate(sorted(readings, key=natural)):
        read = readings[evidence]
        repeated = int(repeats.get(code, 0)) + joined.get(evidence, 0)
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
            )
        )
    return tuple(sources)
