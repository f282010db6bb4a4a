"""How long each phase of the outage lasted, from the steps of the response or as declared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from itertools import pairwise

from attribution.model.declared_loss import Estimate
from attribution.model.instant import Instant, parse_instant
from attribution.model.loss import PHASES, Range
from attribution.timeline.response import Mark

_BOUNDS = {
    "detection": ("start", "detected"),
    "response": ("detected", "mitigated"),
    "restoration": ("mitigated", "recovered"),
}
BY_TIMELINE = "from the timeline"
BY_HARM = "from times declared with the harm"
_HOUR = 3_600_000_000
_MINUTE = 60_000_000
_FINEST = Decimal("0.000001")
_DECEMBER = 12


@dataclass(frozen=True, slots=True)
class Bounded:
    """A time with its bounds, in microseconds, and the record that shows it."""

    low: int
    time: int
    high: int
    source: str

    def no_later_than(self, other: Bounded) -> Bounded:
        """Return this time, moved to the other where it lies after it."""
        return replace(
            self,
            low=min(self.low, other.low),
            time=min(self.time, other.time),
            high=min(self.high, other.high),
        )


@dataclass(frozen=True, slots=True)
class Phases:
    """Hours of each phase and of the outage, as far as they are known.

    `start` and `end` bound the outage where the records show both. `unseen` are the phases that
    they do not tell apart; `moved` the steps that lie after a later one, which is named.
    """

    hours: Mapping[str, Estimate]
    outage: Estimate | None
    unseen: tuple[str, ...]
    start: Bounded | None = None
    end: Bounded | None = None
    moved: Mapping[str, str] = field(default_factory=dict)

    def minutes_within(self, month: str) -> Estimate | None:
        """Return the minutes of the outage in a month of UTC (`2026-03`), None where not known."""
        if self.start is None or self.end is None:
            return None
        first, last = bound_month(month)
        ends = []
        for begin, end in (
            (self.start.high, self.end.low),
            (self.start.time, self.end.time),
            (self.start.low, self.end.high),
        ):
            ends.append(max(0, min(end, last) - max(begin, first)))
        return Estimate(_measure(ends, _MINUTE), *_cited(self.start, self.end))


def time_phases(marks: tuple[Mark, ...], declared: Mapping[str, Estimate]) -> Phases:
    """Return the phases by the steps of the response; a declared phase goes before them.

    A step that lies after a later one counts as falling together with it.
    """
    steps = _in_order(marks)
    moved = _find_moved(marks)
    hours = {
        phase: _between(steps[first], steps[last])
        for phase, (first, last) in _BOUNDS.items()
        if first in steps and last in steps
    }
    start, end = steps.get("start"), steps.get("recovered")
    outage = None if start is None or end is None else _between(start, end)
    hours |= declared
    if declared and all(phase in hours for phase in PHASES):
        outage = _sum([hours[phase] for phase in PHASES])
    return Phases(
        hours={phase: hours[phase] for phase in PHASES if phase in hours},
        outage=outage,
        unseen=tuple(phase for phase in PHASES if phase not in hours),
        start=start,
        end=end,
        moved=moved,
    )


def bound_month(month: str) -> tuple[Instant, Instant]:
    """Return the first instant of a month (`2026-03`) in UTC, and that of the next."""
    year, number = (int(part) for part in month.split("-"))
    following = (year + 1, 1) if number == _DECEMBER else (year, number + 1)
    return (
        parse_instant(f"{year:04}-{number:02}-01T00:00:00Z"),
        parse_instant(f"{following[0]:04}-{following[1]:02}-01T00:00:00Z"),
    )


def count_minutes(month: str) -> Decimal:
    """Return how many minutes a month of UTC has."""
    first, last = bound_month(month)
    return Decimal((last - first) // _MINUTE)


def _in_order(marks: tuple[Mark, ...]) -> dict[str, Bounded]:
    steps = {
        mark.step: Bounded(mark.moment.low, mark.time, mark.moment.high, mark.source)
        for mark in marks
    }
    later: Bounded | None = None
    for step in ("recovered", "mitigated", "detected"):
        if step in steps:
            steps[step] = steps[step] if later is None else steps[step].no_later_than(later)
            later = steps[step]
    return steps


def _find_moved(marks: tuple[Mark, ...]) -> dict[str, str]:
    """Return the steps that lie after the one that should follow, by their likeliest times."""
    times = {mark.step: mark.time for mark in marks}
    order = [step for step in ("start", "detected", "mitigated", "recovered") if step in times]
    return {step: later for step, later in pairwise(order) if times[step] > times[later]}


def _between(first: Bounded, last: Bounded) -> Estimate:
    lengths = [
        max(0, last.low - first.high),
        max(0, last.time - first.time),
        max(0, last.high - first.low),
    ]
    return Estimate(_measure(lengths, _HOUR), *_cited(first, last))


def _cited(*steps: Bounded) -> tuple[tuple[str, ...], str]:
    """Return the records that show these times, and a note of where the times come from."""
    records = tuple(dict.fromkeys(step.source for step in steps if "#" in step.source))
    return records, BY_TIMELINE if all("#" in step.source for step in steps) else BY_HARM


def _measure(microseconds: list[int], unit: int) -> Range:
    """Return lengths in a unit with six decimals, the ends rounded outwards."""
    roundings = (ROUND_FLOOR, ROUND_HALF_UP, ROUND_CEILING)
    low, likely, high = (
        (Decimal(length) / unit).quantize(_FINEST, rounding=rounding)
        for length, rounding in zip(microseconds, roundings, strict=True)
    )
    return Range(low, likely, high)


def _sum(parts: list[Estimate]) -> Estimate:
    value = Range.exactly(0)
    for part in parts:
        value += part.value
    cited = dict.fromkeys(reference for part in parts for reference in part.evidence)
    return Estimate(value, tuple(cited), "the sum of the phases")
