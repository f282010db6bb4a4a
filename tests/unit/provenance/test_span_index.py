"""Spans of lines, against going through all of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from attribution.provenance.span_index import SpanIndex

ENDS = st.tuples(st.integers(1, 12), st.integers(0, 6))


@given(st.lists(ENDS, max_size=12))
def test_the_last_span_that_covers_a_line_is_found(ends: list[tuple[int, int]]) -> None:
    spans = [("a", first, first + more, order) for order, (first, more) in enumerate(ends)]
    index = SpanIndex(spans)
    for line in range(22):
        covering = [order for _, first, last, order in spans if first <= line <= last]
        assert index.find("a", line) == (covering[-1] if covering else None)
        assert index.find("b", line) is None


def test_many_spans_over_one_another_are_no_trouble() -> None:
    """A hostile note: each of 20,000 spans covers all lines, and each of those is asked for."""
    index = SpanIndex(("a", 1, 20_000, order) for order in range(20_000))
    assert {index.find("a", line) for line in range(1, 20_001)} == {19_999}
