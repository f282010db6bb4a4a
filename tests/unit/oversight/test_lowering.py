"""Rules lowered before a merge: by whom, since when, and whether they were put back after it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from attribution.model.enforcement import Lowering
from attribution.model.event import Event
from attribution.oversight.lowering import is_lower
from attribution.schema.instances import validate
from tests.unit.oversight.recorded import MERGED, assess, change, event, pull, state


def lowered(*events: Event) -> tuple[Lowering, ...]:
    (review,) = assess(*pull(), *events)
    validate(review.to_dict(), "review")
    return review.lowered


def set_to(count: int, seconds: float, by: str = "admin") -> Event:
    made = change(seconds, None, {"required_approvals": count}, ["required_approvals"])
    return replace(made, actor=by)


def test_a_rule_lowered_before_the_merge_and_put_back_after_it_names_who_did_either() -> None:
    """This is how a rule is got round without an override on record."""
    (found,) = lowered(
        state(100, required_approvals=2), set_to(0, MERGED - 600), set_to(2, MERGED + 300, "lead")
    )
    assert (found.setting, found.was, found.became, found.by) == (
        "required_approvals",
        2,
        0,
        "admin",
    )
    assert (found.restored, found.restored_by) == (2, "lead")
    assert found.restored_time is not None
    assert found.references == (f"E3#/change{MERGED - 600}",)


@pytest.mark.parametrize(
    "events",
    [
        [state(100, required_approvals=2), set_to(0, 200), set_to(2, 300)],
        [state(100, required_approvals=0), set_to(2, 200)],
        [state(100, required_approvals=2), set_to(0, MERGED + 300)],
        [state(100, required_approvals=2), state(9000, required_approvals=0)],
    ],
)
def test_what_was_put_back_before_the_merge_or_lowered_after_it_is_none(
    events: list[Event],
) -> None:
    assert lowered(*events) == ()


def test_what_it_was_before_is_not_said_where_no_record_tells() -> None:
    (found,) = lowered(set_to(0, 200))
    assert (found.was, found.became, found.restored_time) == (None, 0, None)


def test_a_state_that_shows_it_put_back_names_nobody() -> None:
    (found,) = lowered(
        state(100, required_approvals=2), set_to(0, 200), state(9000, required_approvals=2)
    )
    assert (found.restored, found.restored_by) == (2, None)


def test_a_rule_set_put_into_evaluate_mode_is_lowered_and_said_to_watch() -> None:
    """`nothing required` would hide that the rules are there and let everything pass."""
    scope: dict[str, Any] = {
        "repository": "org/infra", "source": "ruleset", "rule": "42",
        "include": ["refs/heads/main"],
    }  # fmt: skip
    moved = event(
        "protection.changed", 200, "/moved", evidence="E3", actor="admin", **scope,
        before={"enforcement": "active"},
        after={"enforcement": "evaluate", "required_approvals": 0},
    )  # fmt: skip
    (review,) = assess(*pull(), moved)
    assert {(one.setting, one.was, one.became, one.by) for one in review.lowered} == {
        ("enforcement", "active", "evaluate", "admin"),
        ("required_approvals", None, 0, "admin"),
    }
    assert review.enforced is not None
    (idle,) = review.enforced.idle
    assert idle.startswith("rule set 42 watches, and does not enforce (evaluate mode)")


@pytest.mark.parametrize(
    ("name", "was", "became", "expected"),
    [
        ("required_checks", ["a", "b"], ["a", "c", "d"], True),
        ("required_checks", ["a"], ["a", "b"], False),
        ("bypass_actors", [], ["team x"], True),
        ("bypass_actors", ["team x"], [], False),
        ("author_may_approve", False, True, True),
        ("enforced_on_admins", True, False, True),
        ("enforcement", "active", "enabled", False),
    ],
)
def test_less_is_required_as_each_setting_has_it(
    name: str, was: object, became: object, *, expected: bool
) -> None:
    assert is_lower(name, was, became) is expected  # type: ignore[arg-type]
