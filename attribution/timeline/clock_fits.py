"""What the pairs of one source say of its clock, against sources whose own clocks have a place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from attribution.model.clock import ClockEstimate, ClockPair
from attribution.model.instant import SECOND
from attribution.timeline.clock_bounds import (
    DRIFT,
    FARTHEST,
    Bounds,
    bound_offset,
    count_agreeing,
    find_agreement,
)
from attribution.timeline.clock_sources import ClockSource
from attribution.timeline.clock_table import load_clocks

ENOUGH = 3
"""Pairs of different events on which an offset can rest, so that one of them may be false."""

CLEARLY = 128_000
"""Microseconds by which zero must lie outside: STEPT of RFC 5905, appendix A."""

_SHOWN = 10
_MILLISECOND = 1000

Placed = Mapping[str, tuple[int, int]]
"""Between what, in microseconds, has to be added to the times of each source that has a place."""


@dataclass(frozen=True, slots=True)
class Row:
    """What the pairs about one event say: what has to be added to a time `at` of the source."""

    pair: ClockPair
    at: int
    low: int | None
    high: int | None

    @property
    def excludes(self) -> bool:
        """Whether it alone rules out that nothing has to be added."""
        return (self.low or 0) > 0 or (0 if self.high is None else self.high) < 0


@dataclass(frozen=True, slots=True)
class Fit:
    """The pairs that agree and those that do not, and between what the offset then lies.

    `bounds` holds over all records of the source, None where one end is open or there is no
    agreement. `assumed` names the end, `low` or `high`, that rests on the speed of automatic
    messages. `settings` is how many of the contradicting pairs agree on another offset.
    """

    agreeing: tuple[Row, ...]
    contradicting: tuple[Row, ...]
    bounds: tuple[int, int] | None
    assumed: str | None = None
    settings: int = 0

    def why_insignificant(self) -> str | None:
        """Return why nothing is to be corrected, None where the estimate is significant."""
        if self.bounds is None:
            return "it is bounded from one side only"
        low, high = self.bounds
        if low <= CLEARLY and high >= -CLEARLY:
            return "zero is not clearly outside these bounds"
        if self.assumed == ("low" if low > 0 else "high"):
            return "it rests on how fast automatic messages are: slow delivery would look the same"
        if sum(row.excludes for row in self.agreeing) < ENOUGH:
            return f"fewer than {ENOUGH} pairs rule out, each alone, that the clocks agreed"
        if self.settings >= ENOUGH:
            return (
                f"{self.settings} pairs agree on another offset: the clock was set meanwhile, or"
                " drifted, so that no one offset holds for all of its records"
            )
        return None


def fit_clock(source: ClockSource, pairs: Sequence[ClockPair], placed: Placed) -> Fit:
    """Return what the pairs with sources that have a place say of a source's clock."""
    rows = _gather(source.evidence, pairs, placed)
    bounds = Bounds.of([(row.at, row.low, row.high) for row in rows])
    region = find_agreement(bounds)
    if region is None:
        return Fit((), tuple(rows), None)
    agreeing = [row for row, agrees in zip(rows, region.agrees, strict=True) if agrees]
    against = [row for row, agrees in zip(rows, region.agrees, strict=True) if not agrees]
    settings = count_agreeing(bounds.take(~region.agrees))
    found = bound_offset(bounds.take(region.agrees), source.first, source.last)
    assumed = None
    if found is None and (supposed := _suppose(agreeing)) is not None:
        end, ends = supposed
        found = bound_offset(ends, source.first, source.last)
        assumed = None if found is None else end
    return Fit(tuple(agreeing), tuple(against), found, assumed, settings)


def _gather(name: str, pairs: Sequence[ClockPair], placed: Placed) -> list[Row]:
    """Return one row an event, its bounds those of all pairs about it, seen from the source."""
    rows: dict[tuple[str, str], Row] = {}
    for given in pairs:
        pair = given if given.one.evidence == name else _turn(given)
        if (there := placed.get(pair.other.evidence)) is None:
            continue
        low = None if pair.low is None else pair.low + there[0]
        high = None if pair.high is None else pair.high + there[1]
        if (low or 0) > FARTHEST or (high or 0) < -FARTHEST:
            continue
        row = Row(pair, pair.one.time, low, high)
        key = (pair.basis, pair.key)
        rows[key] = _join(rows[key], row) if key in rows else row
    return list(rows.values())


def _turn(pair: ClockPair) -> ClockPair:
    """Return the pair with its sides exchanged; the one whose clock is asked for comes first."""
    return ClockPair(
        pair.basis,
        pair.key,
        pair.other,
        pair.one,
        None if pair.high is None else -pair.high,
        None if pair.low is None else -pair.low,
        pair.until,
    )


def _join(one: Row, other: Row) -> Row:
    """Return what two rows about one event say together; of two moments, the closer one."""
    first, second = sorted((one, other), key=_closeness)
    if first.at != second.at:
        return first
    lows = [row.low for row in (one, other) if row.low is not None]
    highs = [row.high for row in (one, other) if row.high is not None]
    low, high = max(lows, default=None), min(highs, default=None)
    if low is not None and high is not None and low > high:
        return first
    return Row(first.pair, first.at, low, high)


def _closeness(row: Row) -> tuple[int, int, str, str]:
    low = -FARTHEST if row.low is None else row.low
    high = FARTHEST if row.high is None else row.high
    return high - low, abs(low + high), row.pair.one.reference, row.pair.other.reference


def _suppose(rows: Sequence[Row]) -> tuple[str, Bounds] | None:
    """Return the end that automatic messages set if the fastest was fast, and the bounds with it.

    None where fewer than three of them tell of different events, or the end is not theirs to set.
    """
    posts = [row for row in rows if row.pair.basis == "cross-post"]
    if len(posts) < ENOUGH:
        return None
    delivery = load_clocks().delivery
    end = "low"
    supposed: list[tuple[int, int | None, int | None]]
    if all(row.high is not None for row in posts):
        fastest = min(posts, key=lambda row: row.high or 0)
        low = (fastest.high or 0) - delivery
        supposed = [
            (row.at, low - -(-abs(row.at - fastest.at) // DRIFT), row.high) for row in posts
        ]
    elif all(row.low is not None for row in posts):
        end = "high"
        fastest = max(posts, key=lambda row: row.low or 0)
        high = (fastest.low or 0) + delivery
        supposed = [(row.at, row.low, high - (-abs(row.at - fastest.at) // DRIFT)) for row in posts]
    else:
        return None
    rest = [(row.at, row.low, row.high) for row in rows if row.pair.basis != "cross-post"]
    return end, Bounds.of([*supposed, *rest])


def summarise(fit: Fit, reference: str) -> ClockEstimate | None:
    """Return the fit in whole milliseconds, with the pairs that bound it most closely.

    None without bounds. The error covers both of them, and the rounding. The offset is the middle,
    but no more than twice the least that is possible: so it cannot be farther from the truth than
    no correction would be.
    """
    if fit.bounds is None:
        return None
    low, high = fit.bounds
    middle = (low + high) // 2
    least = min(abs(low), abs(high)) if low > 0 or high < 0 else abs(middle)
    size = min(abs(middle), 2 * least) // _MILLISECOND * _MILLISECOND
    offset = size if middle > 0 else -size
    error = -(-max(high - offset, offset - low) // _MILLISECOND) * _MILLISECOND
    return ClockEstimate(
        reference,
        offset / SECOND,
        error / SECOND,
        len(fit.agreeing),
        sum(row.excludes for row in fit.agreeing),
        len(fit.contradicting),
        fit.assumed is not None,
        tuple(row.pair for row in sorted(fit.agreeing, key=_closeness)[:_SHOWN]),
        tuple(row.pair for row in sorted(fit.contradicting, key=_closeness)[:_SHOWN]),
    )
