"""What the documents say of clocks that were corrected, or could not be."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from attribution.model.clock import ESTIMATED, ClockEstimate, ClockPair, ClockReading
from attribution.model.instant import Instant
from attribution.report.document import AUDIENCES, build_document
from attribution.report.formats import render

if TYPE_CHECKING:
    from attribution.model.analysis import Analysis

SAID = "Estimated and applied: 94 s are taken off its times."
TIME = Instant(1_772_409_600_000_000)


def with_estimate(analysis: Analysis) -> Analysis:
    """Return the case with an estimated clock for its second source."""

    def side(evidence: str, place: str) -> ClockReading:
        return ClockReading(evidence, place, TIME, TIME, TIME)

    pairs = [
        ClockPair("request", f"call-{n}", side("E2", f"line {n}"), side("E1", f"/{n}"), low, high)
        for n, (low, high) in enumerate(((-95_000_000, -93_000_000), (None, 0)))
    ]
    estimate = ClockEstimate(
        "E1", -94.0, 1.0, 4, 4, 1, assumed=False, pairs=(pairs[0],), contradictions=(pairs[1],)
    )
    sources = tuple(
        replace(
            source,
            offset_seconds=-94.0,
            offset_error_seconds=1.0,
            offset_basis=ESTIMATED,
            clock_statement=SAID,
            estimate=estimate,
        )
        if source.evidence == "E2"
        else replace(source, clock_statement="Times stand as recorded.")
        for source in analysis.timeline.sources
    )
    return replace(analysis, timeline=replace(analysis.timeline, sources=sources))


def write(analysis: Analysis, audience: str) -> str:
    return render(build_document(analysis, audience), "md").decode()


@pytest.mark.parametrize("audience", AUDIENCES)
def test_every_reader_is_told_that_a_clock_was_estimated(analysis: Analysis, audience: str) -> None:
    """With the offset and its error, where the times are shown."""
    told = "Estimated, not declared, is the clock offset of E2 (-94 s ± 1 s)"
    assert told in write(with_estimate(analysis), audience)
    assert "Estimated, not declared" not in write(analysis, audience)


def test_the_clock_statement_has_the_ground_and_the_pairs(analysis: Analysis) -> None:
    """What was done, why, on which records, and which do not fit; equal statements share a row."""
    document = write(with_estimate(analysis), "legal")
    assert "| -94 s | ± 1 s | estimated from records |" in document
    assert document.count("Times stand as recorded.") == 1
    rows = [line for line in document.splitlines() if "a call and the record of it" in line]
    assert ["line 0" in rows[0], "-95 s to -93 s" in rows[0]] == [True, True]
    assert "does not fit" in rows[1]
