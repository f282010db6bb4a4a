"""Clauses against facts: what is met, what is not, and what stays open."""

from __future__ import annotations

from itertools import product

import pytest

from attribution.cover.facttest import hold_test
from attribution.cover.findings import KINDS, ask_fact, find_clauses
from attribution.cover.tables import load_fact_kinds, load_forms
from attribution.model.cover import MET, NOT_MET, OPEN, Answer
from attribution.model.graph import Barrier, Node
from attribution.model.instant import parse_instant
from attribution.model.manifest import ClaimMade, Decision, InsuranceEntry
from attribution.model.policy import Clause, FactTest, Form
from tests.unit.cover.builder import START, facts, policy

_RANK = {NOT_MET: 0, OPEN: 1, MET: 2}


def ask(of: object, kind: str, **arguments: object) -> Answer:
    return ask_fact(of, FactTest(kind, arguments))  # type: ignore[arg-type]


def test_tests_are_three_valued_after_kleene() -> None:
    """`all` is the least of its parts, `any` the greatest, `not` turns: for all nine pairs."""
    parts = (FactTest("a"), FactTest("b"))
    for first, second in product(_RANK, repeat=2):
        answers = {"a": Answer(first, "a."), "b": Answer(second, "b.")}

        def hold(word: str, *parts: FactTest, among: dict[str, Answer] = answers) -> str:
            return hold_test(FactTest(word, parts=parts), lambda test: among[test.fact]).status

        assert hold("all", *parts) == min(first, second, key=_RANK.__getitem__)
        assert hold("any", *parts) == max(first, second, key=_RANK.__getitem__)
        assert _RANK[hold("not", parts[0])] == 2 - _RANK[first]


def test_every_kind_of_fact_has_a_row_and_every_row_a_function() -> None:
    """The table of kinds, the functions, and the kinds that known forms use are the same lists."""
    assert set(load_fact_kinds()) == set(KINDS)
    for form in load_forms().values():
        assert {part["fact"] for part in form["test"]["all"]} <= set(KINDS)
        assert form["verified_on"] is None
        assert form["confidence"] == "unverified"


@pytest.mark.parametrize(
    ("low", "high", "status"),
    [
        ("2025-12-31T23:00:00Z", "2025-12-31T23:59:59Z", NOT_MET),
        ("2025-12-31T23:59:00Z", "2026-01-01T00:01:00Z", OPEN),
        ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", MET),
        ("2026-12-31T23:59:59Z", "2027-01-01T00:00:00Z", OPEN),
        ("2027-01-01T00:00:00Z", "2027-01-01T00:00:00Z", NOT_MET),
    ],
)
def test_the_event_is_within_the_period_only_if_all_its_times_are(
    low: str, high: str, status: str
) -> None:
    """The period includes its first moment and not its last; a time across the edge is open."""
    first, last = parse_instant(low), parse_instant(high)
    event = Node("failure", "event", "It failed.", time=first, time_low=first, time_high=last)
    assert ask(facts(event), "event_within_period").status == status


def test_what_no_record_shows_is_open_and_never_denied() -> None:
    """No marker is no person, no record of a review is no missing review, no claim is no peace."""
    bare = facts()
    for kind in ("event_within_period", "generative_ai", "human_review", "intentional_act",
                 "prior_knowledge", "claim_made_within_period"):  # fmt: skip
        answer = ask(bare, kind)
        assert (answer.status, answer.unshown) == (OPEN, True), kind
        assert answer.settles


def test_absence_of_a_record_of_review_is_open_and_a_recorded_lapse_is_not_met() -> None:
    """An approval nobody can find is a question; one given to another version is a fact."""
    lacking = Node("a", "omission", "Nobody obtained it.", basis="absence_of_record",
                   control="review", evidence=("E1#1",))  # fmt: skip
    absent = Barrier("b", "review", "Review", "prevent", "absent", (), "None.", None, "", ("E1#1",))
    assert ask(facts(lacking, barriers=(absent,)), "human_review").status == OPEN
    shown = Barrier(
        "b", "review", "Review", "prevent", "degraded", (), "Stale.", None, "", ("E1#1",)
    )
    assert ask(facts(barriers=(shown,)), "human_review").status == NOT_MET
    sound = Barrier(
        "b", "review", "Review", "prevent", "effective", (), "Sound.", None, "", ("E1#1",)
    )
    assert ask(facts(barriers=(sound,)), "human_review").status == MET


def test_a_contested_fact_is_open_and_names_both_sides() -> None:
    node = Node("contested_act", "act", "The bot did it.", status="contested", evidence=("E1#1",))
    answer = ask(facts(node), "node", node="contested_act")
    assert answer.status == OPEN
    assert answer.positions == ("The team says: The bot did it alone.", "The vendor denies it.")


def test_an_agents_own_act_is_shown_and_a_persons_is_no_denial_of_ai() -> None:
    act = Node("act", "act", "Bot deleted it.", actor="bot", evidence=("E2#1",))
    assert ask(facts(act), "generative_ai", output="operation").status == MET
    assert ask(facts(act), "generative_ai", output="code").status == OPEN
    assert ask(facts(Node("act", "act", "A.", actor="person")), "generative_ai").status == OPEN


def test_claim_and_notice_dates() -> None:
    """A claim 59 days after the period counts with 60 days to report, notice after 31 days not."""
    entry = InsuranceEntry(
        "p.yaml",
        ("team",),
        first_aware=START,
        notified=parse_instant("2026-04-10T00:00:01Z"),
        claims=(ClaimMade("vendor", parse_instant("2027-02-28T00:00:00Z")),),
    )
    asked = facts(of=policy(reporting_days=60), entry=entry)
    assert ask(asked, "claim_made_within_period").status == MET
    assert ask(facts(entry=entry), "claim_made_within_period").status == NOT_MET
    assert ask(asked, "notified_in_time", within_days=30).status == NOT_MET
    assert ask(asked, "notified_in_time", within_days=31).status == NOT_MET
    assert ask(asked, "notified_in_time", within_days=32).status == MET


def test_a_form_not_on_an_incomplete_schedule_is_a_question() -> None:
    """It is not attached only where the schedule is complete, or says so."""
    form = Form("F 1", "f", attached=True, source="s", verified_on=None, confidence="unverified")
    assert ask(facts(), "form_attached", form="F 1").status == OPEN
    whole = facts(of=policy(schedule_complete=True))
    assert ask(whole, "form_attached", form="F 1").status == NOT_MET
    attached = ask(facts(of=policy(forms=(form,))), "form_attached", form="F 1")
    assert attached.status == MET
    assert "not verified against the form" in attached.because


@pytest.mark.parametrize(
    ("status", "expected"),
    [("confirmed", MET), ("rejected", NOT_MET), ("contested", OPEN), ("proposed", OPEN)],
)
def test_a_persons_answer_stands_over_the_records(status: str, expected: str) -> None:
    """Who, when and why are kept beside it; a withdrawn answer leaves what the records say."""
    clause = Clause("X1", "exclusion", "x", "t", FactTest("judgement", {"question": "Was it?"}))
    decision = Decision("cover:X1", status, "the adjuster", START, "the letter of 3 March says so")
    (found,) = find_clauses(facts(of=policy(clause), decisions=(decision,)))
    assert found.answer.status == expected
    if status != "proposed":
        assert (found.decided_by, found.decided_at) == ("the adjuster", START)
        assert "the letter of 3 March" in found.answer.because
        assert "Was it?" in found.answer.because
