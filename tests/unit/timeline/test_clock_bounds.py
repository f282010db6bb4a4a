"""The arithmetic of clock bounds, beside the plainest way to the same answers."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from attribution.timeline.clock_bounds import (
    DRIFT,
    Bounds,
    bound_offset,
    count_agreeing,
    find_agreement,
)

Rows = list[tuple[int, int | None, int | None]]
_WIDE = 75  # no bound is farther, drift included
MANY = settings(max_examples=60, deadline=None)


@st.composite
def rows(draw: st.DrawFn, least: int = 1) -> Rows:
    """Return pairs: a moment, and bounds of which either may be missing."""
    found: Rows = []
    for _ in range(draw(st.integers(least, 7))):
        low = draw(st.one_of(st.none(), st.integers(-30, 30)))
        width = draw(st.one_of(st.none(), st.integers(0, 20)))
        high = (
            None if width is None else (draw(st.integers(-30, 30)) if low is None else low + width)
        )
        found.append((draw(st.integers(0, 20)) * DRIFT, low, high))
    return found


def _holds(row: tuple[int, int | None, int | None], offset: int, moment: int) -> bool:
    at, low, high = row
    drift = -(-abs(at - moment) // DRIFT)
    return (low is None or low - drift <= offset) and (high is None or high + drift >= offset)


@MANY
@given(rows())
def test_the_agreement_is_what_counting_at_every_offset_finds(given_rows: Rows) -> None:
    """The most pairs hold inside the region, fewer outside of it, and a tie is no agreement."""
    moments = sorted(at for at, _, _ in given_rows)
    middle = moments[(len(moments) - 1) // 2]
    agreeing = {
        offset: tuple(_holds(row, offset, middle) for row in given_rows)
        for offset in range(-_WIDE, _WIDE + 1)
    }
    best = max(sum(told) for told in agreeing.values())
    holding = [offset for offset, told in agreeing.items() if sum(told) == best]
    region = find_agreement(Bounds.of(given_rows))
    assert count_agreeing(Bounds.of(given_rows)) == best
    several = len({agreeing[offset] for offset in holding}) > 1
    assert (region is None) == (2 * best <= len(given_rows) or several)
    if region is not None:
        assert holding[0] == max(region.low, -_WIDE)
        assert holding[-1] == min(region.high, _WIDE)
        assert tuple(region.agrees) == agreeing[holding[0]]


@MANY
@given(rows(2), st.integers(0, 20), st.integers(0, 20))
def test_the_bounds_are_the_second_closest_at_the_worst_moment(
    given_rows: Rows, one: int, other: int
) -> None:
    """Looking at every microsecond in turn finds the same ends, to within one microsecond."""
    first, last = sorted((one * DRIFT // 8, other * DRIFT // 8))
    lows = [(at, low) for at, low, _ in given_rows if low is not None]
    highs = [(at, high) for at, _, high in given_rows if high is not None]
    found = bound_offset(Bounds.of(given_rows), first, last)
    if min(len(lows), len(highs)) < 2:
        assert found is None
        return
    assert found is not None
    low = min(
        sorted(value - abs(at - moment) / DRIFT for at, value in lows)[-2]
        for moment in range(first, last + 1, 50)
    )
    high = max(
        sorted(value + abs(at - moment) / DRIFT for at, value in highs)[1]
        for moment in range(first, last + 1, 50)
    )
    assert low - 2.1 <= found[0] <= low
    assert high <= found[1] <= high + 2.1


def test_no_pairs_agree_on_nothing() -> None:
    """Without a pair there is neither an agreement nor a bound."""
    assert find_agreement(Bounds.of([])) is None
    assert count_agreeing(Bounds.of([])) == 0
    assert bound_offset(Bounds.of([]), 0, 1) is None


def test_one_false_pair_moves_neither_end_beyond_the_truth() -> None:
    """A pair that happens to agree and is false is outdone by the second closest."""
    true = [(0, 90, 100), (0, 92, 103), (0, 88, 99)]
    assert bound_offset(Bounds.of([*true, (0, 98, 99)]), 0, 0) == (91, 100)
