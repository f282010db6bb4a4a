"""Silences of a source: in the middle, at its end, and before it began.

A silence is compared with the source's habit (`attribution.timeline.habits`), and, where the case
holds other days, with the same stretch of the clock on those: what is silent every night is silent
by habit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from attribution.model.columns import NONE, RecordColumns
from attribution.model.event import Source
from attribution.model.gap import Gap, Stake, span_words
from attribution.model.instant import HOUR, Instant, format_instant
from attribution.model.record import EvidenceItem, JsonValue, Reading, Record
from attribution.timeline.habits import (
    ENOUGH,
    OCCASIONAL,
    Custom,
    Habit,
    Spans,
    habit_of,
    measure_habit,
)
from attribution.timeline.names import in_place

MOST = 20
"""Silences of one evidence item that are told one by one; of more only the longest."""

_DAY = 24 * HOUR
_DAYS = 366


@dataclass(frozen=True, slots=True)
class _Stream:
    """The moments of one source in true time, ascending; its records, and the time of each.

    `name` tells it from others in the same item (a host), None for the whole of it.
    """

    evidence: str
    name: str | None
    habit: Habit
    moments: Spans
    times: Spans
    records: Sequence[Record]

    @property
    def words(self) -> str:
        return self.evidence if self.name is None else f"{self.name} in {self.evidence}"

    def record_at(self, moment: int) -> Record:
        found = np.flatnonzero(self.times == moment).tolist()
        return in_place(self.records[at] for at in found)[0]

    def recorded(self) -> tuple[str, ...]:
        return tuple(sorted({record.kind for record in self.records}))


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    """Dated records that have a habit, the time of each as stated, and their habits."""

    records: Sequence[Record]
    times: Spans
    habits: frozenset[Habit]


@dataclass(slots=True)
class _Found:
    """A silence of a stream, what its habit is, and why it is one."""

    stream: _Stream
    kind: str
    low: int
    high: int
    custom: Custom
    remarks: list[str] = field(default_factory=list)
    numbers: dict[str, JsonValue] = field(default_factory=dict)


def find_silences(
    readings: Mapping[str, Reading],
    items: Mapping[str, EvidenceItem],
    sources: Iterable[Source],
    end: Instant | None,
    stakes: Sequence[Stake] = (),
) -> list[Gap]:
    """Return the silences that break their source's habit.

    `sources` give the clock of each item, `end` is the last moment of the timeline at which
    something took place. Takes O(n log n) for n records.
    """
    offsets = {source.evidence: round(source.offset_seconds * 1_000_000) for source in sources}
    harm = min((one.start for one in stakes if one.harm and one.start is not None), default=None)
    kept = {evidence: _list_kept(reading) for evidence, reading in readings.items()}
    early = {
        evidence
        for evidence, one in kept.items()
        if harm is not None and len(one.times) and one.times.min() + offsets.get(evidence, 0) < harm
    }
    gaps: list[Gap] = []
    for evidence, one in kept.items():
        if len(one.times) < ENOUGH:
            continue
        item = items.get(evidence)
        ends = (end, None if item is None else item.collected)
        until = min((one for one in ends if one is not None), default=None)
        late = harm if early - {evidence} else None
        streams = _list_streams(evidence, one, offsets.get(evidence, 0))
        found: list[_Found] = []
        for stream in streams:
            known = [(each.low, each.high) for each in found if each.stream.name is None]
            found += [
                each
                for each in _find(stream, len(streams), until, late)
                if not any(low < each.high and each.low < high for low, high in known)
            ]
        gaps += _tell(found)
    return gaps


def _list_kept(reading: Reading) -> _Kept:
    """Return the dated records whose silence can tell something, and when each was."""
    habits = {kind: habit for kind in reading.kinds if (habit := habit_of(kind)) is not None}
    records = reading.records
    if isinstance(records, RecordColumns) and len(habits) == len(reading.kinds):
        times = records.columns.time
        if not (times == NONE).any():
            return _Kept(records, times, frozenset(habits.values()))
    chosen = [one for one in reading.of_kinds(frozenset(habits)) if one.time is not None]
    known = {habits[kind] for kind in {record.kind for record in chosen}}
    return _Kept(chosen, _times(chosen), frozenset(known))


def _times(records: Iterable[Record]) -> Spans:
    return np.array([record.time for record in records], dtype=np.int64)


def _list_streams(evidence: str, kept: _Kept, offset: int) -> list[_Stream]:
    """Return the whole of an item, then the sources in it that a fact tells apart, by name."""
    # Of an item with records of several habits only the weakest claim is made.
    habit = next(iter(kept.habits)) if len(kept.habits) == 1 else OCCASIONAL
    streams = [_stream(evidence, None, habit, kept.records, kept.times + offset)]
    if habit.by is not None:
        parts: dict[str, list[Record]] = defaultdict(list)
        for record in kept.records:
            name = record.data.get(habit.by)
            if isinstance(name, str):
                parts[name].append(record)
        if len(parts) > 1:
            streams += [
                _stream(evidence, name, habit, parts[name], _times(parts[name]) + offset)
                for name in sorted(parts)
                if len(parts[name]) >= ENOUGH
            ]
    return streams


def _stream(
    evidence: str, name: str | None, habit: Habit, records: Sequence[Record], times: Spans
) -> _Stream:
    ordered = np.sort(times)  # np.unique hashes, which takes ten times as long
    moments = ordered[np.flatnonzero(np.diff(ordered, prepend=ordered[0] - 1))]
    return _Stream(evidence, name, habit, moments, times, records)


def _find(
    stream: _Stream, sources: int, until: Instant | None, harm: Instant | None
) -> Iterator[_Found]:
    moments = stream.moments
    spans = np.diff(moments)
    custom, breaks = measure_habit(spans, stream.habit, sources)
    if custom is None:
        return
    for at in breaks.tolist():
        found = _Found(stream, "silence", int(moments[at]), int(moments[at + 1]), custom)
        if _is_of_its_own(found):
            _note_restart(found)
            yield found
    if until is not None and until - moments[-1] > custom.limit:
        yield _Found(stream, "stop", int(moments[-1]), until, custom)
    starts_late = harm is not None and harm < moments[0] and stream.habit.middle
    if harm is not None and starts_late and moments[0] - harm > custom.limit:
        yield _Found(stream, "late_start", harm, int(moments[0]), custom)


def _is_of_its_own(found: _Found) -> bool:
    """Whether the same stretch of the clock on other days is not silent; note how many there are.

    Of the stretch the middle half is looked at, for no two days break off at the same minute.
    """
    moments = found.stream.moments
    length = found.high - found.low
    low, high = found.low + length // 4, found.high - length // 4
    first, last = int(moments[0]), int(moments[-1])
    days = silent = 0
    step = -(-length // _DAY)
    for shift in range(step, _DAYS):
        for moved in (shift * _DAY, -shift * _DAY):
            if low + moved >= first and high + moved <= last:
                days += 1
                held = np.searchsorted(moments, [low + moved, high + moved])
                silent += int(held[0]) == int(held[1])
    found.numbers["other_days"] = days
    if days:
        found.remarks.append(
            f"at the same hours of {days} other {'day' if days == 1 else 'days'} it was never"
            " silent so long"
        )
    return silent == 0


def _note_restart(found: _Found) -> None:
    before = found.stream.record_at(found.low).data.get("boot")
    after = found.stream.record_at(found.high).data.get("boot")
    if before is not None and after is not None and before != after:
        found.remarks.append("the machine was started anew in it (another boot id)")


def _tell(found: list[_Found]) -> list[Gap]:
    """Return the gaps, the longest `MOST` of an item; how many more stands last."""
    ranked = sorted(found, key=lambda one: (one.low - one.high, one.low, one.stream.name or ""))
    gaps = [_gap(one) for one in ranked[:MOST]]
    more = ranked[MOST:]
    if more:
        evidence = more[0].stream.evidence
        gaps.append(
            Gap(
                evidence,
                f"{len(more)} more silences beyond habit, of at most"
                f" {span_words(more[0].high - more[0].low)}",
                Instant(min(one.low for one in more)),
                Instant(max(one.high for one in more)),
                kind="silence",
                mark="more",
                recorded=tuple(sorted({kind for one in more for kind in one.stream.recorded()})),
                numbers={"silences": len(more)},
            )
        )
    return gaps


def _gap(found: _Found) -> Gap:
    stream, custom = found.stream, found.custom
    low, high = Instant(found.low), Instant(found.high)
    length = found.high - found.low
    words = {
        "silence": f"{stream.words} is silent from {format_instant(low)} to {format_instant(high)}"
        f" ({span_words(length)}) and then goes on",
        "stop": f"nothing of {stream.words} after {format_instant(low)}, while other sources go on"
        f" until {format_instant(high)} ({span_words(length)})",
        "late_start": f"{stream.words} begins only at {format_instant(high)},"
        f" {span_words(length)} after the harm began, while other sources go back before that",
    }[found.kind]
    edges = {"silence": (found.low, found.high), "stop": (found.low,), "late_start": (found.high,)}
    named = "" if stream.name is None else f":{stream.name}"
    return Gap(
        stream.evidence,
        ". ".join([words, _habit_words(stream, custom), *map(_sentence, found.remarks)]),
        low,
        high,
        kind=found.kind,
        mark=f"{format_instant(high if found.kind == 'late_start' else low)}{named}",
        recorded=stream.recorded(),
        references=tuple(
            f"{stream.evidence}#{stream.record_at(moment).place}" for moment in edges[found.kind]
        ),
        numbers={
            "silence_seconds": round(length / 1e6, 3),
            **custom.to_dict(),
            **found.numbers,
        },
    )


def _habit_words(stream: _Stream, custom: Custom) -> str:
    basis = (
        f"its longest other silence was {span_words(custom.longest)} and its usual one"
        f" {span_words(custom.usual)}, over {custom.rest + 1:,} moments with a record"
    )
    if not stream.habit.middle:
        return _sentence(basis)
    return _sentence(f"{basis}; that explains a silence of up to {span_words(custom.limit)}")


def _sentence(words: str) -> str:
    return words[0].upper() + words[1:]
