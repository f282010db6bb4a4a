from __future__ import annotations

import time as clock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attribution.timeline.order import find_overlaps

Intervals = list[tuple[int, int, int]]


def by_definition(intervals: Intervals, limit: int) -> tuple[list[int], list[list[int]]]:
    counts, nearest = [], []
    for i, (time, low, high) in enumerate(intervals):
        partners = [
            j
            for j, (_, other_low, other_high) in enumerate(intervals)
            if j != i and other_low <= high and other_high >= low
        ]
        counts.append(len(partners))
        partners.sort(key=lambda j: (abs(intervals[j][0] - time), abs(j - i), j))
        nearest.append(sorted(partners[:limit]))
    return counts, nearest


def overlaps(intervals: Intervals, limit: int) -> tuple[list[int], list[list[int]]]:
    time, low, high = np.array(intervals, dtype=np.int64).reshape(-1, 3).T
    found = find_overlaps(time, low, high, limit=limit)
    return found.counts, found.nearest


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 60), st.integers(0, 3) | st.integers(0, 60), st.integers(0, 3)),
        max_size=40,
    ),
    st.integers(1, 6),
)
def test_overlaps_are_those_of_the_definition(
    drawn: list[tuple[int, int, int]], limit: int
) -> None:
    """Counts and nearest partners equal a comparison of every pair."""
    intervals = sorted((time, time - below, time + above) for time, below, above in drawn)
    assert overlaps(intervals, limit) == by_definition(intervals, limit)


def test_a_wide_interval_far_away_is_found_past_everything_between() -> None:
    points = [(1000 * n, 1000 * n, 1000 * n) for n in range(100)]
    intervals = sorted([*points, (200_000, -1, 200_000)])
    counts, nearest = overlaps(intervals, 20)
    assert counts == [1] * 100 + [100]
    assert nearest[3] == [100]
    assert nearest[100] == list(range(80, 100))


@pytest.mark.parametrize("spread", [0, 10**9])
def test_equal_timestamps_take_no_quadratic_time(spread: int) -> None:
    """A hundred thousand events at one instant list 20 partners each and count all."""
    n = 100_000
    time = np.zeros(n, dtype=np.int64)
    before = clock.perf_counter()
    found = find_overlaps(time, time - spread, time + spread)
    assert clock.perf_counter() - before < 10
    assert set(found.counts) == {n - 1}
    assert {len(partners) for partners in found.nearest} == {20}


def test_one_interval_over_everything_takes_no_quadratic_time() -> None:
    n = 100_000
    time = np.arange(n, dtype=np.int64) * 10
    low, high = time.copy(), time.copy()
    low[n // 2], high[n // 2] = -1, 10 * n
    before = clock.perf_counter()
    found = find_overlaps(time, low, high)
    assert clock.perf_counter() - before < 10
    assert found.nearest[0] == [n // 2]
    assert found.counts[n // 2] == n - 1
