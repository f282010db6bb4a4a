"""What the sources show to be missing: cut exports, silences, lost numbers, undated records.

An absence of records is told as such and never as an absence of what they would have told of.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from attribution.model.event import Timeline
from attribution.model.gap import TIMELESS, Gap, Stake, span_words
from attribution.model.instant import Instant
from attribution.model.manifest import Manifest
from attribution.model.record import EvidenceItem, Reading
from attribution.timeline.digests import find_undelivered
from attribution.timeline.events import last_time
from attribution.timeline.names import in_place
from attribution.timeline.rotation import find_rotations
from attribution.timeline.sequences import find_jumps
from attribution.timeline.silences import find_silences
from attribution.timeline.stories import find_cut_stories

_PLANNED = "calendar.event"
_CITED = 5


def list_stakes(manifest: Manifest) -> tuple[Stake, ...]:
    """Return the stretches of time that matter: the harm items, without any the case's period."""
    harms = tuple(
        Stake(f"harm item {harm.id}", harm.start, harm.end)
        for harm in manifest.harms
        if harm.start is not None or harm.end is not None
    )
    period = manifest.period
    if harms or (period.start is None and period.end is None):
        return harms
    return (Stake("the period of the case", period.start, period.end, harm=False),)


def list_open_gaps(manifest: Manifest, gaps: Iterable[Gap]) -> tuple[Gap, ...]:
    """Return the gaps whose finding no decision has rejected."""
    last = {decision.on: decision.status for decision in manifest.decisions}
    return tuple(gap for gap in gaps if last.get(gap.id) != "rejected")


def find_gaps(
    timeline: Timeline,
    readings: Mapping[str, Reading],
    items: Mapping[str, EvidenceItem],
    stakes: Sequence[Stake] = (),
) -> tuple[Gap, ...]:
    """Return the gaps of every source; those that overlap a stake first, then by evidence and time.

    What a calendar plans is neither the end of the timeline nor a sign that its source still
    records.
    """
    gaps = [gap for evidence, reading in readings.items() for gap in _told(evidence, reading)]
    end = last_time(timeline.events, but=_PLANNED)
    gaps += find_silences(readings, items, timeline.sources, end, stakes)
    offsets = {
        source.evidence: round(source.offset_seconds * 1_000_000) for source in timeline.sources
    }
    gaps += [
        _moved(gap, offsets.get(gap.evidence, 0))
        for gap in (
            *find_jumps(readings),
            *find_cut_stories(readings),
            *find_rotations(readings, items),
            *find_undelivered(readings, items),
        )
    ]
    return rank_gaps(gaps, stakes)


def rank_gaps(gaps: Iterable[Gap], stakes: Sequence[Stake]) -> tuple[Gap, ...]:
    """Return the gaps with the stakes they overlap stated, those that overlap any first."""
    told = [replace(gap, bears_on=tuple(_list_overlaps(gap, stakes))) for gap in gaps]
    return tuple(
        sorted(
            told,
            key=lambda gap: (
                not gap.bears_on,
                gap.evidence,
                gap.time_low if gap.time_low is not None else gap.time_high or 0,
                gap.id,
                gap.reason,
            ),
        )
    )


def _told(evidence: str, reading: Reading) -> list[Gap]:
    """Return what the item's own reading tells: where it was cut, and what carries no time."""
    recorded = tuple(sorted(reading.kinds)) if reading.truncations else ()
    gaps = [
        Gap(evidence, reason, mark=_mark(reason), recorded=recorded)
        for reason in reading.truncations
    ]
    undated = (
        in_place(
            record
            for record in reading.records
            if record.time is None and not record.kind.startswith(TIMELESS)
        )
        if reading.accounting.undated
        else []
    )
    if count := len(undated):
        gaps.append(
            Gap(
                evidence,
                f"{count} {'record carries' if count == 1 else 'records carry'} no usable time",
                kind="undated",
                mark="records",
                recorded=tuple(sorted({record.kind for record in undated})),
                references=tuple(f"{evidence}#{record.place}" for record in undated[:_CITED]),
                numbers={"records": count},
            )
        )
    return gaps


def _mark(reason: str) -> str:
    return hashlib.sha256(reason.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _moved(gap: Gap, offset: int) -> Gap:
    """Return the gap in true time: its bounds come from records, whose clock may be off."""
    if not offset:
        return gap
    low, high = (
        None if moment is None else Instant(moment + offset)
        for moment in (gap.time_low, gap.time_high)
    )
    return replace(gap, time_low=low, time_high=high)


def _list_overlaps(gap: Gap, stakes: Sequence[Stake]) -> list[str]:
    if gap.time_low is None or gap.time_high is None:
        return []
    found = []
    for stake in stakes:
        shared = stake.overlap(gap.time_low, gap.time_high)
        if shared is not None and (shared > 0 or gap.time_low == gap.time_high):
            found.append(f"{stake.name}, by {span_words(shared)}" if shared else stake.name)
    return found
