"""The observed autonomy level: each row of the table, and when it is not visible."""

from __future__ import annotations

import pytest

from attribution.model.session import APPROVALS, LEVELS, Figures
from attribution.provenance.autonomy import load_levels, observe_autonomy


def figures(requests: int = 1, **given: int) -> Figures:
    approvals = {name: given.pop(name, 0) for name in APPROVALS}
    counts = {"answered": 0, "edited": 0, "interruptions": 0, "own_actions": 0} | given
    decisions = sum(approvals.values())
    return Figures(
        actions=decisions,
        decisions=decisions,
        approvals=approvals,
        destructive_approvals=dict.fromkeys(APPROVALS, 0),
        modes={},
        beyond=0,
        helpers=0,
        requests=requests,
        **counts,
    )


@pytest.mark.parametrize(
    ("given", "level"),
    [
        (figures(3, by_rule=3), "operator"),
        (figures(1, by_rule=20), "observer"),
        (figures(1, by_rule=20, yes=1), "approver"),
        (figures(1, by_rule=20, no=1), "approver"),
        (figures(2, by_rule=20), "consultant"),
        (figures(1, by_rule=20, answered=1), "consultant"),
        (figures(1, by_rule=20, own_actions=2), "collaborator"),
        (figures(1, by_rule=20, own_actions=1), "observer"),
        (figures(1, by_rule=18, no=2), "collaborator"),
        (figures(1, by_rule=9, edited=1), "collaborator"),
        (figures(1, by_rule=9, interruptions=1), "collaborator"),
    ],
)
def test_each_level_is_given_by_its_row(given: Figures, level: str) -> None:
    found = observe_autonomy(given)
    assert found.level == level
    assert found.why == next(row.why for row in load_levels() if row.level == level)


def test_a_level_that_turns_on_what_is_not_recorded_is_not_visible_but_bounded() -> None:
    found = observe_autonomy(figures(1, not_visible=20))
    assert (found.level, found.low, found.high) == (None, "approver", "observer")
    assert "20 of 20" in found.why


def test_a_level_that_does_not_turn_on_it_is_told() -> None:
    assert observe_autonomy(figures(5, not_visible=20)).level == "consultant"


def test_without_a_request_on_record_the_level_is_not_told() -> None:
    found = observe_autonomy(figures(0, by_rule=20))
    assert (found.level, found.low, found.high) == (None, "operator", "observer")


def test_a_session_that_changed_nothing_has_no_level() -> None:
    found = observe_autonomy(figures(3))
    assert (found.level, found.low, found.high) == (None, None, None)


def test_the_rows_are_the_five_levels_of_the_paper_in_its_order() -> None:
    assert tuple(row.level for row in load_levels()) == LEVELS
    assert [row.number for row in load_levels()] == [1, 2, 3, 4, 5]
