"""Numbers that a source gives out one by one: where some are missing, records are.

Only numbers that their documentation calls consecutive count. Ids that merely grow (incident
numbers, offsets, event ids) prove nothing when one is missing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

from attribution.model.gap import Gap
from attribution.model.record import Reading, Record

MOST = 10
"""Jumps of one sequence that are told one by one, the widest; the rest is counted."""

DENSE = 0.5
"""A sequence of which less than this share is there was chosen from, not torn."""

_REORDERED = 100
"""By how much a number may stand too early or late in an order of times and be of the same run."""


@dataclass(frozen=True, slots=True)
class NumberedSeries:
    """A number records carry: in which formats, of which sequence, and who documents it as such."""

    formats: frozenset[str]
    what: str
    read: Callable[[Record], tuple[Hashable, int] | None]
    restarts: bool
    source: str


class _Numbered(NamedTuple):
    number: int
    record: Record


def _journal(record: Record) -> tuple[Hashable, int] | None:
    number, series = record.data.get("seqnum"), record.data.get("seqnum_id")
    return (series, number) if isinstance(number, int) and isinstance(series, str) else None


def _syslog(record: Record) -> tuple[Hashable, int] | None:
    structured = record.data.get("structured")
    meta = structured.get("meta") if isinstance(structured, dict) else None
    number = meta.get("sequenceId") if isinstance(meta, dict) else None
    if not isinstance(number, str) or not number.isascii() or not number.isdigit():
        return None
    if len(number) > _DIGITS:
        return None
    return (record.data.get("host"),), int(number)


_DIGITS = 10  # 2147483647 is the highest

NUMBERED: Final[Sequence[NumberedSeries]] = (
    NumberedSeries(
        frozenset({"journald"}),
        "entries of the journal",
        _journal,
        restarts=False,
        source="https://man7.org/linux/man-pages/man3/sd_journal_get_seqnum.3.html",
    ),
    NumberedSeries(
        frozenset({"syslog"}),
        "messages (meta sequenceId)",
        _syslog,
        restarts=True,
        source="https://www.rfc-editor.org/rfc/rfc5424#section-7.3.1",
    ),
)
"""The sequences that are checked, each with the documentation that calls it consecutive."""


def find_jumps(readings: Mapping[str, Reading]) -> list[Gap]:
    """Return a gap for each stretch of missing numbers, times as the records state them.

    Takes O(n log n) for n records of the formats that have such numbers, nothing for others.
    """
    gaps: list[Gap] = []
    for evidence, reading in readings.items():
        for sequence in NUMBERED:
            if reading.format in sequence.formats:
                gaps += _check(evidence, reading, sequence)
    return gaps


def _check(evidence: str, reading: Reading, sequence: NumberedSeries) -> Iterator[Gap]:
    series: dict[Hashable, list[_Numbered]] = defaultdict(list)
    for record in reading.records:
        if record.time is not None and (found := sequence.read(record)) is not None:
            series[found[0]].append(_Numbered(found[1], record))
    for name in sorted(series, key=str):
        members = sorted(series[name], key=lambda one: (one.record.time or 0, one.number))
        runs = _split_runs(members) if sequence.restarts else [members]
        for run in runs:
            yield from _tell(evidence, sequence, run)


def _split_runs(members: Sequence[_Numbered]) -> list[list[_Numbered]]:
    """Return the runs between restarts: a number that falls far back begins another."""
    runs: list[list[_Numbered]] = []
    highest = 0
    for one in members:
        if not runs or one.number < highest - _REORDERED or one.number == 1:
            runs.append([])
            highest = one.number
        highest = max(highest, one.number)
        runs[-1].append(one)
    return runs


def _tell(evidence: str, sequence: NumberedSeries, run: Sequence[_Numbered]) -> Iterator[Gap]:
    ranked = sorted({one.number: one for one in run}.values(), key=lambda one: one.number)
    first, last = ranked[0], ranked[-1]
    span = last.number - first.number + 1
    missing = span - len(ranked)
    if not missing:
        return
    if len(ranked) < DENSE * span:
        yield _gap(
            evidence,
            f"it holds {len(ranked):,} of the {span:,} {sequence.what} numbered {first.number} to"
            f" {last.number}: it is a selection, or the others are gone",
            (first, last),
            missing,
        )
        return
    jumps = [(low, high) for low, high in pairwise(ranked) if high.number - low.number > 1]
    jumps.sort(key=lambda jump: (jump[0].number - jump[1].number, jump[0].number))
    for low, high in jumps[:MOST]:
        lost = high.number - low.number - 1
        which = f"{low.number + 1}" if lost == 1 else f"{low.number + 1} to {high.number - 1}"
        yield _gap(evidence, f"{lost:,} {sequence.what} missing: number {which}", (low, high), lost)
    more = jumps[MOST:]
    if more:
        lost = sum(high.number - low.number - 1 for low, high in more)
        ends = (min(low for low, _ in more), max(high for _, high in more))
        yield _gap(
            evidence,
            f"{lost:,} more {sequence.what} missing, in {len(more)} places",
            ends,
            lost,
        )


def _gap(evidence: str, reason: str, ends: tuple[_Numbered, _Numbered], missing: int) -> Gap:
    low, high = (one.record for one in ends)
    times = sorted(time for time in (low.time, high.time) if time is not None)
    return Gap(
        evidence,
        reason,
        times[0],
        times[-1],
        kind="sequence",
        mark=f"{low.place}..{high.place}",
        recorded=tuple(sorted({low.kind, high.kind})),
        references=(f"{evidence}#{low.place}", f"{evidence}#{high.place}"),
        numbers={"missing": missing},
    )
