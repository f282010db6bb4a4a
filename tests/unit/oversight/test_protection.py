"""What was enforced at the merge, from states and changes on either side of it."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attribution.model.enforcement import Enforcement
from attribution.model.event import Event
from attribution.model.instant import SECOND, Instant
from attribution.model.record import JsonValue
from attribution.oversight.protection import ProtectionHistory
from attribution.oversight.references import applies_to, matches
from tests.unit.oversight.recorded import MERGED, REPOSITORY, change, state

APPROVALS = "required_approvals"


def at_merge(*events: Event, default: str | None = None) -> Enforcement | None:
    moment = Instant(MERGED * SECOND)
    return ProtectionHistory(events).at(REPOSITORY, "main", moment, default)


def approvals(*events: Event, default: str | None = None) -> int | None:
    found = at_merge(*events, default=default)
    assert found is not None
    return found.required_approvals


def test_without_a_record_of_rules_nothing_is_said_of_them() -> None:
    assert at_merge() is None


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([state(100, required_approvals=2)], 2),
        ([state(9000, required_approvals=2)], 2),
        ([state(100, required_approvals=2), state(9000, required_approvals=2)], 2),
        ([state(100, required_approvals=2), state(9000, required_approvals=1)], None),
        ([change(100, None, {APPROVALS: 2})], 2),
        ([change(9000, {APPROVALS: 2}, {APPROVALS: 1})], 2),
        ([change(9000, None, {APPROVALS: 1})], None),
        ([state(100, required_approvals=2), change(9000, None, {APPROVALS: 1})], 2),
        ([change(200, None, {APPROVALS: 1}), state(100, required_approvals=2)], 1),
        ([change(200, None, None), state(100, required_approvals=2)], None),
        ([change(200, None, None, []), state(100, required_approvals=2)], 2),
        ([change(200, None, None, ["dismiss_stale"]), state(100, required_approvals=2)], 2),
        ([change(9000, None, None), state(9900, required_approvals=2)], None),
        ([state(None, required_approvals=2)], None),
    ],
)
def test_a_value_holds_up_to_the_next_change_that_may_have_touched_it(
    events: list[Event], expected: int | None
) -> None:
    """Forward from what is known before the merge, backward from what is known after it."""
    for order in itertools.permutations(events):
        assert approvals(*order) == expected


def test_the_setting_at_the_merge_and_the_last_one_are_told_apart() -> None:
    events = (state(100, required_approvals=2), change(9000, None, {APPROVALS: 1}))
    history = ProtectionHistory(events)
    last = history.at(REPOSITORY, "main", None)
    assert last is not None
    assert last.required_approvals == 1
    assert approvals(*events) == 2


def test_the_basis_says_from_when_the_record_is_and_whether_a_log_covers_the_time() -> None:
    seen = at_merge(state(100, required_approvals=2))
    assert seen is not None
    setting = seen.setting(APPROVALS)
    assert setting is not None
    assert "recorded at 1970-01-01T00:01:40Z, before the merge" in setting.basis
    assert "no audit log covers the time" in setting.basis
    assert setting.references == ("E2#/state100branch_protection",)
    covering = (change(50, None, None, []), change(9000, None, None, []))
    covered = at_merge(state(100, required_approvals=2), *covering)
    assert covered is not None
    setting = covered.setting(APPROVALS)
    assert setting is not None
    assert "(an audit log covers the time)" in setting.basis


def test_a_contradiction_without_a_change_between_is_not_settled() -> None:
    found = at_merge(state(100, required_approvals=2), state(9000, required_approvals=1))
    assert found is not None
    assert any("2 at" in note and "1 at" in note for note in found.notes)


def test_a_change_within_the_second_of_the_merge_decides_nothing() -> None:
    found = at_merge(
        state(100, required_approvals=2), change(MERGED, {APPROVALS: 2}, {APPROVALS: 0})
    )
    assert found is not None
    assert found.required_approvals is None
    assert any("within a second of the merge" in note for note in found.notes)


def test_a_protection_that_was_lifted_for_the_merge_was_not_enforced_at_it() -> None:
    """Taken away a minute before, put back a minute after: today's rules say nothing of then."""
    off: dict[str, JsonValue] = {APPROVALS: 0}
    on: dict[str, JsonValue] = {APPROVALS: 2}
    lifted = (change(MERGED - 60, on, off), change(MERGED + 60, off, on))
    assert approvals(*lifted, state(9000, required_approvals=2)) == 0


def test_the_platforms_own_date_of_the_last_change_reaches_back_to_it_and_no_further() -> None:
    since = "1970-01-01T00:10:00Z"
    assert approvals(state(9000, required_approvals=2, unchanged_since=since)) == 2
    later = "1970-01-01T02:10:00Z"
    assert approvals(state(9000, required_approvals=2, unchanged_since=later)) is None
    found = at_merge(state(9000, required_approvals=2, unchanged_since=since))
    assert found is not None
    setting = found.setting(APPROVALS)
    assert setting is not None
    assert setting.basis.startswith("unchanged from 1970-01-01T00:10:00Z to its export")


def test_of_several_rules_the_strictest_holds() -> None:
    found = at_merge(
        state(100, required_approvals=1, required_checks=["unit"], dismiss_stale=True),
        state(
            100, source="ruleset", rule="9", required_approvals=2, required_checks=["plan"],
            dismiss_stale=False,
        ),
    )  # fmt: skip
    assert found is not None
    assert found.required_approvals == 2
    assert found.required_checks == ("unit", "plan")
    assert found.value("dismiss_stale") is True
    assert found.sources == ("branch_protection", "ruleset")


def test_a_rule_out_of_sight_leaves_a_lower_bound_and_no_no() -> None:
    """Another rule may have asked for more, and may have dismissed what this one did not."""
    hidden = state(None, source="ruleset", rule="9", required_approvals=3)
    found = at_merge(state(100, required_approvals=1, dismiss_stale=False), hidden)
    assert found is not None
    setting = found.setting(APPROVALS)
    assert setting is not None
    assert (setting.value, setting.basis.startswith("at least this")) == (1, True)
    assert found.value("dismiss_stale") is None


@pytest.mark.parametrize(
    ("pattern", "branch", "expected"),
    [
        ("main", "main", True),
        ("main", "mainline", False),
        ("release/*", "release/1.0", True),
        ("release/*", "release/1/0", False),
        ("release/**/*", "release/1/0", True),
        ("*", "feature/x", False),
        ("refs/heads/main", "main", True),
        ("v[0-9]", "v7", True),
        ("v[!0-9]", "v7", False),
    ],
)
def test_a_branch_is_matched_as_the_platform_does(
    pattern: str,
    branch: str,
    expected: bool,  # noqa: FBT001 - a column of the table above
) -> None:
    assert matches(pattern, branch) is expected


@pytest.mark.parametrize(
    ("include", "exclude", "default", "expected"),
    [
        (["~ALL"], [], None, True),
        (["~DEFAULT_BRANCH"], [], "main", True),
        (["~DEFAULT_BRANCH"], [], "trunk", False),
        (["~DEFAULT_BRANCH"], [], None, None),
        (["~ALL"], ["refs/heads/main"], None, False),
        (["refs/heads/release/*"], [], None, False),
        ([], [], "main", None),
    ],
)
def test_a_rule_set_is_for_the_branches_its_conditions_name(
    include: list[str],
    exclude: list[str],
    default: str | None,
    expected: bool | None,  # noqa: FBT001 - a column of the table above
) -> None:
    found = applies_to("main", default, name=None, include=include, exclude=exclude)
    assert found is expected


def test_a_rule_set_whose_branch_cannot_be_told_is_not_counted_but_noted() -> None:
    rule = state(100, source="ruleset", rule="9", branch=None, include=["~DEFAULT_BRANCH"])
    found = at_merge(state(100, required_approvals=1), rule)
    assert found is not None
    assert found.required_approvals == 1
    assert any("for the default branch, and no record says which" in note for note in found.notes)


def test_a_change_at_an_unknown_time_leaves_nothing_certain() -> None:
    """A rule that was taken away, nobody knows when, may have been gone at the merge."""
    gone = replace(change(1, None, {APPROVALS: 0}), time=None, time_low=None, time_high=None)
    found = at_merge(state(100, required_approvals=2), gone)
    assert found is not None
    assert found.required_approvals is None
    assert any(note.startswith("a record without a time (E3#") for note in found.notes)


def test_what_is_not_of_its_type_is_not_taken_for_a_setting() -> None:
    """A hand-kept table can say anything: text for a number, nonsense for a time."""
    told = state(100, required_approvals="2", dismiss_stale=1, unchanged_since="last spring")
    found = at_merge(told)
    assert found is not None
    assert found.settings == ()


STEPS = st.lists(
    st.tuples(st.sampled_from(["seen", "full", "after", "opaque"]), st.integers(0, 2)), max_size=7
)


@given(steps=STEPS, merge=st.integers(0, 8))
@settings(max_examples=60, deadline=None)
def test_what_is_put_together_is_never_other_than_what_was(
    steps: list[tuple[str, int]], merge: int
) -> None:
    """A true history is told in part; the value found at any moment is the true one, or none."""
    value: int | None = 0
    events: list[Event] = [state(5, required_approvals=0)]
    truth: dict[int, int | None] = {0: 0}
    for index, (kind, new) in enumerate(steps, start=1):
        seconds = index * 1000.0
        if kind == "seen":
            events.append(state(seconds, required_approvals=value))
        elif kind == "full":
            events.append(change(seconds, {APPROVALS: value}, {APPROVALS: new}))
        else:
            events.append(change(seconds, None, {APPROVALS: new} if kind == "after" else None))
        value = value if kind == "seen" else new
        truth[index] = value
    moment = merge * 1000 + 500
    found = ProtectionHistory(events).at(REPOSITORY, "main", Instant(moment * SECOND))
    assert found is not None
    true = truth[min(merge, len(steps))]
    assert found.required_approvals in {None, true}
    if not {"after", "opaque"} & {kind for kind, _ in steps}:
        assert found.required_approvals == true
