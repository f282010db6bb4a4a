from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from attribution.report.layout.picture import Group, Picture, Rectangle
from attribution.report.layout.waterfall import Part, draw_waterfall


def _part(words: str, amounts: list[int]) -> Part:
    low, likely, high = (Decimal(amount) for amount in sorted(amounts))
    return Part(words, low, likely, high, str(likely))


def _bars(picture: Picture) -> list[Rectangle]:
    groups = [shape for shape in picture.shapes if isinstance(shape, Group)]
    return [shape for group in groups for shape in group.shapes if isinstance(shape, Rectangle)]


@settings(max_examples=40)
@given(st.lists(st.lists(st.integers(0, 10**9), min_size=3, max_size=3), min_size=1, max_size=9))
def test_each_part_begins_where_the_last_ends_and_the_sum_is_as_long_as_all(
    amounts: list[list[int]],
) -> None:
    """The bars of a waterfall add up to the bar of the total, within the page, also for zeros."""
    parts = [_part(f"Head {number}", ends) for number, ends in enumerate(amounts)]
    sums = [int(sum(part.low for part in parts)), int(sum(part.likely for part in parts))]
    total = _part("Total", [*sums, int(sum(part.high for part in parts))])
    picture = draw_waterfall(parts, total)
    *bars, whole = _bars(picture)
    for bar, following in pairwise(bars):
        assert abs(bar.x + bar.width - following.x) < 1e-6
    assert abs(sum(bar.width for bar in bars) - whole.width) < 1e-6
    assert all(bar.x >= 0 and bar.x + bar.width <= picture.width for bar in (*bars, whole))
