"""Reviews and exposures that hang on an order nobody can decide (invented records)."""

from __future__ import annotations

from dataclasses import replace

from attribution.model.event import Event, Precedent
from attribution.model.instant import SECOND, Instant
from attribution.model.oversight import Deployment
from attribution.oversight.release import trace_change
from tests.unit.oversight.recorded import MERGED, approval, assess, event, pull
from tests.unit.oversight.test_release import HISTORY, deployment

BEFORE = "that the approval came before the merge"
TAKEN_BACK = "that the approval was taken back"


def rests(*events: Event) -> list[str]:
    (review,) = assess(*events)
    return [order.rests for one in review.approvals for order in one.open_orders]


def test_an_approval_in_the_second_of_the_merge_counts_and_its_order_is_open() -> None:
    """Neither record names the other: the verdict gives the benefit of the doubt and says so."""
    (review,) = assess(*pull(), approval(at=MERGED))
    (given,) = review.approvals
    assert given.defects == ()
    assert review.verdict == "sound"
    assert [order.rests for order in given.open_orders] == [BEFORE]
    assert given.to_dict()["open_orders"] == [order.to_dict() for order in given.open_orders]


def test_an_approval_an_hour_before_or_after_the_merge_has_no_open_order() -> None:
    assert rests(*pull(), approval(at=MERGED - 3600)) == []
    (review,) = assess(*pull(), approval(at=MERGED + 3600))
    assert review.approvals[0].defects == ("after_merge",)
    assert review.approvals[0].open_orders == ()


def test_a_record_of_the_order_settles_it() -> None:
    """The merge is told to come after the approval: nothing is open."""
    opened, merged = pull()
    given = approval(at=MERGED)
    later = replace(merged, after=(Precedent(given.id, "commit-named"),))
    assert rests(opened, later, given) == []


def test_a_later_or_earlier_request_for_changes_by_the_same_reviewer_may_be_open() -> None:
    """Approval and request for changes within one second: which stood last is not told."""
    other = event(
        "review.changes_requested", 3600, "/7/reviews/z", number=7, repository="org/infra",
        reviewer="reviewer",
    )  # fmt: skip
    vague = replace(other, time=Instant(3599 * SECOND), time_low=Instant(3590 * SECOND))
    assert rests(*pull(), approval(), vague) == [TAKEN_BACK]


def test_an_approval_is_too_fast_only_where_even_the_longest_reading_is() -> None:
    """Opened by a note known to an hour: nobody can say that the review took 41 seconds."""
    opened, merged = pull()
    quick = approval(at=41)
    (review,) = assess(opened, merged, quick)
    assert review.approvals[0].defects == ("too_fast",)
    noted = replace(opened, time_low=Instant(-3600 * SECOND))
    (review,) = assess(noted, merged, quick)
    assert review.approvals[0].defects == ()


def vague(sha: str, time: int, slack: int) -> Deployment:
    low, high = Instant((time - slack) * SECOND), Instant((time + slack) * SECOND)
    return replace(deployment(sha, time * SECOND), id=f"d{time}", time_low=low, time_high=high)


def test_an_exposure_has_the_bounds_of_the_deployments_that_begin_and_end_it() -> None:
    """Deployed at 100 ± 5, taken back at 200 ± 5: between 90 and 110 seconds."""
    (trace,) = trace_change(
        HISTORY[1], [vague("b", 100, 5), vague("f", 200, 5)], HISTORY
    ).environments
    assert trace.span.to_list() == [90.0, 100.0, 110.0]
    assert trace.open_orders == ()
    (stretch,) = trace.exposures
    assert (stretch.to_dict()["seconds_low"], stretch.to_dict()["seconds_high"]) == (90.0, 110.0)


def test_deployments_that_may_have_come_the_other_way_round_are_an_open_order() -> None:
    """The one that brings the change and the one that takes it back overlap."""
    made = [vague("b", 100, 60), vague("f", 150, 60)]
    (trace,) = trace_change(HISTORY[1], made, HISTORY).environments
    (order,) = trace.open_orders
    assert (order.first.what, order.second.what) == ("deployment d100", "deployment d150")
    assert order.rests == "from when to when production ran the change"
    assert trace.span.to_list() == [0.0, 50.0, 170.0]


def test_two_deployments_that_both_carry_the_change_leave_nothing_open() -> None:
    made = [vague("b", 100, 60), vague("c", 150, 60)]
    (trace,) = trace_change(HISTORY[1], made, HISTORY).environments
    assert trace.open_orders == ()
