"""A timeline too long to be listed, in figures: by source and kind, and over time.

The analysis that a document is then made of has only the events it shows, each under the number it
has in the whole timeline; the whole of it goes into a file beside the document.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from attribution.model.analysis import Analysis
from attribution.model.event import Event
from attribution.model.instant import HOUR, MINUTE, Instant, format_optional
from attribution.model.record import JsonValue
from attribution.report.selection import find_key_events, is_long, select_dated, select_undated
from attribution.timeline.response import Delay, find_delays, find_marks

_DAY = 24 * HOUR
_STEPS = (
    MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 6 * HOUR, _DAY, 7 * _DAY, 28 * _DAY, 364 * _DAY,
    3640 * _DAY,
)  # fmt: skip
MOST_STRETCHES = 48
"""Stretches of time in which something happened, at most; the shortest step that keeps to it."""

_KINDS_TOLD = 3


@dataclass(frozen=True, slots=True)
class Annex:
    """The file beside the document that has every event: its name, SHA-256, and rows."""

    name: str
    sha256: str
    rows: int

    def to_dict(self) -> dict[str, JsonValue]:
        """Return name, hash and number of rows."""
        return {"name": self.name, "sha256": self.sha256, "rows": self.rows}


@dataclass(frozen=True, slots=True)
class Group:
    """The events of one kind that one source tells of, undated ones included."""

    evidence: str
    kind: str
    count: int
    first: Instant | None
    last: Instant | None

    def to_dict(self) -> dict[str, JsonValue]:
        """Return source, kind, count and the times of the first and the last."""
        return {
            "evidence": self.evidence,
            "kind": self.kind,
            "count": self.count,
            "first": format_optional(self.first),
            "last": format_optional(self.last),
        }


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time in which something happened, and the kinds most of it is of."""

    start: Instant
    count: int
    kinds: tuple[tuple[str, int], ...]

    def to_dict(self) -> dict[str, JsonValue]:
        """Return start, count and counts by kind."""
        kinds: dict[str, JsonValue] = dict(self.kinds)
        return {"start": format_optional(self.start), "count": self.count, "kinds": kinds}


@dataclass(frozen=True, slots=True)
class Digest:
    """A long timeline in figures.

    `numbers` are those of the events shown, and of those whose order to them is undecided; `key`
    of all events findings rest on, shown or not; `undecided` the pairs whose order is not decided.
    `step` is the length of every stretch, in microseconds. `delays` are those of the response, told
    from all events: what orders two steps may be a record that is not shown.
    """

    numbers: Mapping[str, str]
    dated: int
    undated: int
    key: int
    undecided: int
    groups: tuple[Group, ...]
    step: int
    stretches: tuple[Stretch, ...]
    delays: Mapping[str, Delay]
    annex: Annex | None = None

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the figures, and the file that has every event."""
        return {
            "events": self.dated,
            "undated": self.undated,
            "key_events": self.key,
            "undecided_pairs": self.undecided,
            "by_source_and_kind": [group.to_dict() for group in self.groups],
            "stretch_seconds": self.step // 1_000_000,
            "by_time": [stretch.to_dict() for stretch in self.stretches],
            "annex": None if self.annex is None else self.annex.to_dict(),
        }


def condense(analysis: Analysis) -> tuple[Analysis, Digest | None]:
    """Return the analysis with the events a document shows, and what stands for the others.

    A timeline that can be listed comes back as it is, and nothing beside it. Takes a few passes
    over the events, and memory for those shown.
    """
    if not is_long(analysis):
        return analysis, None
    timeline = analysis.timeline
    dated, undated = select_dated(analysis), select_undated(analysis)
    shown = tuple(timeline.events[at] for at in dated)
    step, stretches = _count_stretches(timeline.events)
    digest = Digest(
        numbers=_number(timeline.events, shown)
        | {timeline.undated[at].id: f"U{at + 1}" for at in undated},
        dated=len(timeline.events),
        undated=len(timeline.undated),
        key=len(find_key_events(analysis)),
        undecided=sum(event.overlaps for event in timeline.events) // 2,
        groups=_count_groups((*timeline.events, *timeline.undated)),
        step=step,
        stretches=stretches,
        delays=find_delays(find_marks(analysis), timeline.events),
    )
    rest = tuple(timeline.undated[at] for at in undated)
    return replace(analysis, timeline=replace(timeline, events=shown, undated=rest)), digest


def _number(events: Iterable[Event], shown: Iterable[Event]) -> dict[str, str]:
    wanted = {name for event in shown for name in (event.id, *event.order_undecidable_with)}
    return {event.id: f"T{at}" for at, event in enumerate(events, 1) if event.id in wanted}


def _count_groups(events: Iterable[Event]) -> tuple[Group, ...]:
    """Return the counts by source and kind, largest first; an event counts for each source."""
    counts: Counter[tuple[str, str]] = Counter()
    first: dict[tuple[str, str], Instant] = {}
    last: dict[tuple[str, str], Instant] = {}
    for event in events:
        for evidence in {witness.evidence for witness in event.witnesses}:
            key = evidence, event.kind
            counts[key] += 1
            if event.time is not None:
                first.setdefault(key, event.time)
                last[key] = event.time
    ordered = sorted(counts, key=lambda key: (-counts[key], key))
    return tuple(Group(*key, counts[key], first.get(key), last.get(key)) for key in ordered)


def _count_stretches(events: Iterable[Event]) -> tuple[int, tuple[Stretch, ...]]:
    """Return the length of a stretch and the stretches in which something happened, in order."""
    times = [(event.time, event.kind) for event in events if event.time is not None]
    minutes = {time // MINUTE for time, _ in times}
    step = next(
        (
            step
            for step in _STEPS
            if len({minute * MINUTE // step for minute in minutes}) <= MOST_STRETCHES
        ),
        _STEPS[-1],
    )
    counts: dict[int, Counter[str]] = {}
    for time, kind in times:
        counts.setdefault(time // step, Counter())[kind] += 1
    return step, tuple(
        Stretch(
            Instant(number * step),
            counts[number].total(),
            tuple(sorted(counts[number].items(), key=lambda item: (-item[1], item[0])))[
                :_KINDS_TOLD
            ],
        )
        for number in sorted(counts)
    )
