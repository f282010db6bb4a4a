"""What the documents say of orders nobody can decide, and of those a record decides."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from attribution.model.event import Event, Precedent
from attribution.model.instant import MINUTE, Instant
from attribution.model.order import Moment, OpenOrder
from attribution.report.document import build_document
from attribution.report.markdown import write_markdown
from attribution.timeline.response import find_delays, find_marks

if TYPE_CHECKING:
    from attribution.model.analysis import Analysis

TITLE = "Orders that cannot be decided and that something depends on"
UNDECIDED = "which came first cannot be decided"


def write(analysis: Analysis, audience: str) -> str:
    return write_markdown(build_document(analysis, audience))


def with_events(analysis: Analysis, *events: Event) -> Analysis:
    new = {event.id: event for event in events}
    kept = tuple(new.get(event.id, event) for event in analysis.timeline.events)
    return replace(analysis, timeline=replace(analysis.timeline, events=kept))


def noted(analysis: Analysis, minutes: int) -> tuple[Event, Event]:
    """The event that starts the impact and that of its detection, known to so many minutes."""
    marks = {mark.step: mark.event for mark in find_marks(analysis)}
    start, found = marks["start"], marks["detected"]
    assert start is not None
    assert found is not None
    slack = minutes * MINUTE
    first, second = (
        replace(
            event,
            time_low=Instant((event.time or 0) - slack),
            time_high=Instant((event.time or 0) + slack),
        )
        for event in (start, found)
    )
    return first, second


@pytest.mark.parametrize("audience", ["legal", "postmortem"])
def test_an_open_order_of_the_graph_stands_in_a_table_with_both_times(
    analysis: Analysis, audience: str
) -> None:
    """Who reads either document sees what depends on it, and the node it is about."""
    node = analysis.graph.nodes[0]
    order = OpenOrder(
        Moment("the operation", Instant(0), Instant(9 * MINUTE), ("E1#line 4",)),
        Moment("the first sign", Instant(5 * MINUTE), Instant(6 * MINUTE)),
        node.id,
        "that the operation is a cause",
    )
    told = write(replace(analysis, graph=replace(analysis.graph, open_orders=(order,))), audience)
    part = told[told.index(TITLE) :]
    assert "The operation" in part
    assert "1970-01-01 00:00:00 – 1970-01-01 00:09:00" in part
    assert "that the operation is a cause" in part
    assert "E1 · line 4" in part


def test_without_open_orders_there_is_no_such_part(analysis: Analysis) -> None:
    assert TITLE not in write(analysis, "legal")


def test_a_detection_that_may_have_come_before_the_impact_is_told_as_a_bound(
    analysis: Analysis,
) -> None:
    """Both are known to two hours only: no bare figure, and the pair is in the table."""
    vague = with_events(analysis, *noted(analysis, 120))
    text = write(vague, "legal")
    assert UNDECIDED in text
    assert "**up to " in text
    assert "how long this step of the response took" in text
    start = next(mark for mark in find_marks(vague) if mark.step == "start")
    delay = find_delays(find_marks(vague), vague.timeline.events)["detected"]
    assert delay.in_order is None
    assert delay.seconds.low < 0 < delay.seconds.high
    assert start.to_dict()["time_low"] != start.to_dict()["time"]


def test_a_record_of_the_order_settles_which_came_first_but_not_how_long_it_took(
    analysis: Analysis,
) -> None:
    start, found = noted(analysis, 120)
    later = replace(found, after=(Precedent(start.id, "thread-reply"),))
    known = with_events(analysis, start, later)
    delay = find_delays(find_marks(known), known.timeline.events)["detected"]
    assert delay.in_order is True
    assert delay.seconds.low < 0
    assert "**up to " in write(known, "legal")


def test_the_chronology_says_which_order_comes_from_a_record(analysis: Analysis) -> None:
    """The later event names the earlier, whose time overlaps its own."""
    start, found = noted(analysis, 120)
    later = replace(found, after=(Precedent(start.id, "thread-reply"),))
    text = write(with_events(analysis, start, later), "legal")
    assert "by the records, not by the times" in text
    against = replace(found, after=(Precedent(start.id, "thread-reply", against_clocks=True),))
    assert "by the records, not by the times" not in write(
        with_events(analysis, start, against), "legal"
    )
