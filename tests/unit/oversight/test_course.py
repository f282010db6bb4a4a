from __future__ import annotations

from dataclasses import replace

from attribution.model.event import Event
from attribution.oversight.reviews import assess_reviews
from tests.unit.oversight.test_reviews import (
    APPROVED,
    DIRECTORY,
    HEAD,
    MERGED,
    OLD,
    approval,
    commit,
    event,
    pull,
)


def _push(sha: str, at: float) -> Event:
    return event(
        "pull_request.event", at, f"/push/{at}", actor="dev",
        repository="org/infra", number=212, event="synchronize", commit_id=sha,
    )  # fmt: skip


def test_the_course_tells_every_step_once_in_time_order_and_undated_ones_last() -> None:
    """A push after an approval stands after it, with the head that each was about."""
    undated = replace(approval("late"), time=None, time_low=None, time_high=None)
    events = [
        *pull(),
        approval(commit=OLD),
        _push(HEAD, APPROVED + 60),
        approval("coder[bot]", at=APPROVED + 90),
        event(
            "check.completed", APPROVED + 99, "/c",
            name="lint", conclusion="success", head_sha=HEAD,
        ),
    ]  # fmt: skip
    ordered = sorted(events, key=lambda one: (one.time or 0, one.id))
    (review,) = assess_reviews(ordered, (), DIRECTORY, None, [undated])
    told = [(step.kind, step.who, step.head) for step in review.course]
    assert told == [
        ("opened", "dev", None),
        ("approved", "reviewer", OLD),
        ("pushed", "dev", HEAD),
        ("approved", "coder", HEAD),
        ("check", "", HEAD),
        ("merged", "lead", HEAD),
        ("approved", "late", HEAD),
    ]
    machines = {step.who: step.machine for step in review.course}
    assert machines["coder"] is True
    assert machines["reviewer"] is None, "an account of the type User can be a machine's"
    assert {step.reference for step in review.course if step.kind == "approved"} == {
        item.reference for item in review.approvals
    }


def test_a_commit_is_a_step_only_where_no_push_of_it_is_on_record() -> None:
    made = commit(OLD, committed=30, references=("E7#commit",))
    pushed = commit(HEAD, committed=40, references=("E7#commit 2",))
    events = sorted([*pull(), _push(HEAD, MERGED - 60)], key=lambda one: one.time or 0)
    (review,) = assess_reviews(events, (made, pushed), DIRECTORY)
    heads = [(step.kind, step.head) for step in review.course if step.kind[:4] in {"comm", "push"}]
    assert heads == [("committed", OLD), ("pushed", HEAD)]
