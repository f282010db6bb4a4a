"""The culpability worksheet grades what records show, and enters nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from attribution.model.graph import CausalGraph, Node
from attribution.model.interval import EXCLUDED, Interval
from attribution.model.manifest import Culpability, Manifest, Policy
from attribution.model.result import Attribution, BreachShare, PartyShare
from attribution.model.worksheet import BreachWorksheet
from attribution.responsibility.culpability_scale import load_scale
from attribution.responsibility.worksheet import fill_worksheet
from tests.unit.graph.recorded import BASE, at

BREACH = Node(
    "grant_abc1234",
    "act",
    "The operator granted too much.",
    party="team",
    duty="least-privilege",
    norm=0,
    time=at(0),
    time_high=at(0),
    rule="permission",
    evidence=("E1#line 1",),
)
NOTICE = Node(
    "warned_abc1234", "condition", "Somebody had a warning.", time=at(-60), rule="warning"
)
UNHEEDED = Node(
    "unheeded_abc1234_deployer",
    "omission",
    "No record shows that the team acted on it.",
    party="team",
    duty="heed-warning",
    norm=0,
    time=at(-60),
    rule="warning",
)


def fill(*nodes: Node, manifest: Manifest = BASE, breach: Node = BREACH) -> BreachWorksheet:
    """Return the worksheet of a breach in a graph with these further nodes."""
    graph = CausalGraph((breach, *nodes), ())
    share = BreachShare(
        breach.id, breach.statement, breach.duty or "", 1.0, 1.0, EXCLUDED, 1.0, (), "", None
    )
    party = PartyShare("team", "Team", "deployer", EXCLUDED, 1.0, EXCLUDED, 1.0, (share,))
    attribution = Attribution("x", (party,), EXCLUDED, (), {}, {})
    [found] = fill_worksheet(graph, manifest, attribution).breaches
    return found


def level(found: BreachWorksheet, factor: str) -> str:
    """Return the level at which a breach is graded on a factor."""
    return next(grade.level for grade in found.grades if grade.factor == factor)


def test_a_warning_counts_for_whoever_had_it_and_before_the_breach_alone() -> None:
    """The same warning after the breach, or of another change, is none."""
    assert level(fill(NOTICE, UNHEEDED), "knowledge") == "warned"
    assert level(fill(NOTICE), "knowledge") == "somebody_warned"
    late = replace(NOTICE, time=at(60)), replace(UNHEEDED, time=at(60))
    assert level(fill(*late), "knowledge") == "not_visible"
    other = replace(NOTICE, id="warned_def9876"), replace(UNHEEDED, id="unheeded_def9876_deployer")
    assert level(fill(*other), "knowledge") == "not_visible"
    rejected = replace(NOTICE, status="rejected"), replace(UNHEEDED, status="rejected")
    assert level(fill(*rejected), "knowledge") == "not_visible"


def test_a_policy_of_the_case_makes_the_departure_graver() -> None:
    """Laid down is more than a general standard; enforced and got round is more than that."""
    review = replace(BREACH, control="review")
    rule = Policy("P1", "All is reviewed.", "review", enforced=False)
    bypassed = replace(rule, enforced=True, bypassed_by="operator")
    levels = [
        level(fill(breach=review, manifest=replace(BASE, policies=policies)), "departure")
        for policies in ((), (rule,), (bypassed,))
    ]
    assert levels == ["general", "written", "enforced"]


def test_the_suggestion_is_one_moved_by_each_grade_and_is_not_entered() -> None:
    """The range is the sum of what the grades move, and the entry stays empty."""
    found = fill(NOTICE, UNHEEDED)
    low = 1 + sum(grade.moves[0] for grade in found.grades)
    high = 1 + sum(grade.moves[1] for grade in found.grades)
    assert found.suggested == (low, high) == (1.25, 2.25)
    assert found.entered is None
    entries = tuple(
        Culpability("team", Interval(1, value, 3), "counsel", "why", at=at(value))
        for value in (1.0, 2.0)
    )
    entered = fill(manifest=replace(BASE, culpability=entries))
    assert entered.entered == Interval(1, 2.0, 3)
    assert entered.suggested == fill().suggested


def test_what_records_do_not_show_moves_nothing() -> None:
    """A level that is not visible leaves the range where it is, and each level names its source."""
    for factor in load_scale().factors.values():
        assert factor.sources
        for name, row in factor.levels.items():
            low, high = row.moves
            assert low <= high
            assert name != "not_visible" or row.moves == (0, 0)


@pytest.mark.parametrize("factor", ["knowledge", "foreseeability", "choice"])
def test_nothing_on_record_is_said_to_be_not_visible(factor: str) -> None:
    """A bare omission is graded on what it is, and on nothing else."""
    bare = replace(BREACH, kind="omission", rule="declared", id="untold")
    assert level(fill(breach=bare), factor) == "not_visible"
