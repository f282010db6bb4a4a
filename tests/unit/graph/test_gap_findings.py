"""Gaps as findings: what they say, what a decision on one does, who names them (synthetic)."""

from __future__ import annotations

from dataclasses import replace

from attribution.model.gap import Gap
from attribution.model.manifest import Decision
from attribution.oversight.visibility import note_unseen
from tests.unit.graph.recorded import OBJECTIVES, OVERREACH, SERVICE, Recorded, at, event, policy
from tests.unit.oversight import recorded as oversight
from tests.unit.oversight.test_reviews import assess, pull

SILENCE = Gap(
    "E3",
    "E3 is silent from one time to another",
    at(-2),
    at(30),
    kind="silence",
    recorded=("alert.acknowledged",),
    references=("E3#line 4", "E3#line 5"),
    bears_on=("harm item H1, by 30 min",),
)
LATE = replace(
    OVERREACH,
    events=(
        *OVERREACH.events,
        event("alert.acknowledged", 121, "operator", incident="I1"),
        event("alert.resolved", 300, "operator", service="shop", incident="I1"),
    ),
    gaps=(SILENCE,),
).with_manifest(services=(replace(SERVICE, objectives=OBJECTIVES),))


def decided(case: Recorded, status: str) -> Recorded:
    return case.with_manifest(
        decisions=(Decision(SILENCE.id, status, "the author", None, "switched off by plan"),)
    )


def test_a_gap_is_a_proposed_finding_without_a_node() -> None:
    """It cites the records around it, says what it overlaps and forbids the wrong conclusion."""
    graph = LATE.graph()
    (finding,) = (one for one in graph.findings if one.rule == "gap")
    assert (finding.id, finding.status, finding.nodes) == (SILENCE.id, "proposed", ())
    assert finding.evidence == SILENCE.references
    assert finding.awaits_decision
    assert finding.refuted_by == SILENCE.refuted_by
    assert "overlaps harm item H1, by 30 min" in finding.statement
    assert "no evidence that there was none" in finding.statement


def test_a_gap_between_an_act_and_its_effect_says_so() -> None:
    (finding,) = (one for one in LATE.graph().findings if one.rule == "gap")
    assert "It reaches into the time between “bot took away" in finding.statement
    assert "Shop failed”" in finding.statement


def test_a_gap_changes_no_share() -> None:
    with_it, without = LATE.attribute(), replace(LATE, gaps=()).attribute()
    assert [party.share for party in with_it.parties] == [party.share for party in without.parties]


def test_an_answer_that_came_late_names_the_gap_it_may_have_stood_in() -> None:
    told = LATE.graph().node("late_acknowledgement_shop").statement
    assert told.endswith(f"({SILENCE.id}): an earlier one may be missing.")
    assert SILENCE.id not in LATE.graph().node("late_mitigation_shop").statement


def test_a_rejected_gap_is_named_no_more_and_a_confirmed_one_is() -> None:
    assert (
        SILENCE.id
        not in decided(LATE, "rejected").graph().node("late_acknowledgement_shop").statement
    )
    graph = decided(LATE, "confirmed").graph()
    assert SILENCE.id in graph.node("late_acknowledgement_shop").statement
    (finding,) = (one for one in graph.findings if one.rule == "gap")
    assert (finding.status, finding.decided_by) == ("confirmed", "the author")


def test_a_gap_of_a_source_that_records_nothing_of_the_kind_is_not_named() -> None:
    other = replace(LATE, gaps=(replace(SILENCE, recorded=("log.line",)),))
    assert SILENCE.id not in other.graph().node("late_acknowledgement_shop").statement


def test_an_approval_nobody_obtained_may_stand_in_a_gap_of_the_chat() -> None:
    chat = Gap("E4", "two messages are missing", at(-60), at(-30), recorded=("chat.message",))
    asked = replace(OVERREACH, gaps=(chat,)).with_manifest(
        policies=(policy("production_approval", enforced=False),)
    )
    node = asked.graph().node("production_approval_not_obtained_shop")
    assert chat.id in node.statement
    assert chat.id not in asked.graph().node("production_approval_not_enforced_shop").statement


def test_a_verdict_without_an_approval_names_the_gap_that_may_hide_one() -> None:
    """The export of the pull request was cut: that it shows no approval is no evidence of none."""
    cut = Gap("E1", "the listing was not read to its end", recorded=("pull_request.opened",))
    (review,) = note_unseen((assess(pull(listed=True)),), (cut,))
    assert review.verdict == "absent"
    assert cut.id in review.unseen
    assert review.to_dict()["unseen"] == review.unseen
    (alone,) = note_unseen((assess(pull(listed=True)),), ())
    assert alone.to_dict()["unseen"] is None


def test_what_was_enforced_says_where_the_log_of_changes_has_a_gap() -> None:
    """That no change of the rules is on record between is only as good as the log is whole."""
    reviews = oversight.assess(*oversight.pull(), oversight.state(100, required_approvals=1))
    cut = Gap("E7", "the log was not read to its end", recorded=("protection.changed",))
    (review,) = note_unseen(reviews, (cut,))
    assert review.enforced is not None
    assert cut.id in review.enforced.notes[-1]
    (whole,) = note_unseen(reviews, ())
    assert whole.enforced is not None
    assert not any("gap" in note for note in whole.enforced.notes)
