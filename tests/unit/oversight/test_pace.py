"""How fast a review was, ranked among the repository's own."""

from __future__ import annotations

import random

import pytest

from attribution.model.event import Event
from attribution.model.oversight import Approval, ChangeReview
from attribution.model.pace import Pace
from attribution.oversight.pace import MINIMUM
from tests.unit.oversight.recorded import REPOSITORY, approval, assess, event, pull


def asked(seconds: float, reviewer: str, kind: str = "review_requested") -> Event:
    return event(
        f"pull_request.{kind}", seconds, f"/{kind}{seconds}{reviewer}", number=7,
        repository=REPOSITORY, requested_reviewer=reviewer,
    )  # fmt: skip


def paces(reviews: tuple[ChangeReview, ...]) -> list[tuple[Approval, Pace]]:
    return [(a, a.pace) for one in reviews for a in one.approvals if a.pace is not None]


@pytest.mark.parametrize(
    ("events", "seconds", "basis"),
    [
        ([], 3600, "opened"),
        ([asked(600, "reviewer")], 3000, "this reviewer was asked"),
        ([asked(600, "Reviewer"), asked(1600, "reviewer")], 2000, "this reviewer was asked"),
        ([asked(600, "another")], 3600, "opened"),
        ([asked(3700, "reviewer")], 3600, "opened"),
        ([asked(900, "", "ready_for_review")], 2700, "ready for review"),
    ],
)
def test_the_time_runs_from_the_request_to_this_reviewer(
    events: list[Event], seconds: float, basis: str
) -> None:
    ((_, pace),) = paces(assess(*pull(), approval(), *events))
    assert (pace.seconds, pace.basis, pace.lines) == (seconds, basis, 100)
    assert pace.lines_per_hour == pytest.approx(100 * 3600 / seconds)


def history(count: int, seed: int = 1) -> list[Event]:
    """Return so many changes of drawn sizes, each approved after a drawn time."""
    drawn = random.Random(seed)
    events: list[Event] = []
    for number in range(1, count + 1):
        shift = number * 100_000.0
        events += pull(number, shift=shift, additions=drawn.choice([10, 50, 100, 400]))
        reviewer = drawn.choice(["reviewer", "mate", "dev"])
        events.append(approval(reviewer, shift + drawn.choice([60, 600, 3600]), number=number))
    return events


def test_ranks_are_those_of_counting_one_by_one() -> None:
    """Each approval against every other by a person who did not make the change."""
    found = paces(assess(*history(120)))
    assert len(found) == 120
    for this, pace in found:
        others = [
            other
            for that, other in found
            if that is not this and "self_approval" not in that.defects
        ]
        assert pace.lines is not None
        assert pace.lines_per_hour is not None
        sized = [one for one in others if (one.lines or 0) >= (pace.lines or 0)]
        slower = sum(one.seconds > pace.seconds for one in sized)
        behind = sum((one.lines_per_hour or 0) < pace.lines_per_hour for one in others)
        assert pace.by_time is not None
        assert pace.by_rate is not None
        assert (pace.by_time.count, pace.by_rate.count) == (len(sized), len(others))
        expected = slower / len(sized) if len(sized) >= MINIMUM else None
        assert pace.by_time.faster_than == expected
        assert pace.by_rate.faster_than == behind / len(others)


def test_too_few_reviews_give_a_count_and_no_rank() -> None:
    for _, pace in paces(assess(*history(MINIMUM))):
        assert pace.by_rate is not None
        assert pace.by_rate.count <= MINIMUM
        assert (pace.by_rate.faster_than is None) is (pace.by_rate.count < MINIMUM)


def test_reviews_of_another_repository_are_not_compared() -> None:
    elsewhere = [approval("mate", 90, number=8, repository="org/app")]
    reviews = assess(*pull(), approval(), *pull(8, repository="org/app"), *elsewhere)
    assert [pace.by_rate.count for _, pace in paces(reviews) if pace.by_rate] == [0, 0]


def test_without_a_size_there_is_a_time_and_no_rank() -> None:
    ((_, pace),) = paces(assess(*pull(additions=None), approval()))
    assert (pace.seconds, pace.lines, pace.by_time, pace.by_rate) == (3600, None, None, None)
