"""Answers to an agent's question: what they allow, what they leave open, what they limit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from attribution.model.event import Event
from attribution.model.graph import CausalGraph
from tests.unit.graph.recorded import OVERREACH, Recorded, event
from tests.unit.graph.test_warnings import case as approved
from tests.unit.graph.test_warnings import settled

QUESTION = "shop-prod has drifted. I can bring it back in line. Shall I?"
DESTRUCTIVE = "Deleting shop-prod and creating it again is surest. Shall I?"


def say(minutes: float, who: str, text: str, channel: str = "shop", **data: str) -> Event:
    """Return a message in a channel."""
    return event("chat.message", minutes, who, text, channel=channel, **data)


def asking(answer: str, question: str = QUESTION, **data: str) -> Recorded:
    """Return the overreach, after a question of the agent's and a person's answer to it."""
    told = (say(-20, "bot", question), say(-15, "operator", answer, **data))
    return replace(OVERREACH, events=(*OVERREACH.events, *told))


def found(graph: CausalGraph) -> set[str]:
    """Return what the graph says of the answer and of the overreach."""
    return {node.id for node in graph.nodes if node.id in {"answer_shop", "overreach_shop"}}


BOTH, OVERREACHED = {"answer_shop", "overreach_shop"}, {"overreach_shop"}


@pytest.mark.parametrize(
    ("answer", "question", "expected"),
    [
        ("ok - whatever gets it clean, in meetings till eight", QUESTION, BOTH),
        ("Up to you", QUESTION, BOTH),
        ("Do whatever, except anything that deletes", QUESTION, OVERREACHED),
        ("No, don't do anything", QUESTION, OVERREACHED),
        ("Yes", QUESTION, OVERREACHED),
        ("Yes, the settings one by one", QUESTION, OVERREACHED),
        ("whatever works", "The page is slow. Shall I look at the template?", OVERREACHED),
        ("Yes", DESTRUCTIVE, set()),
        ("ok - whatever works", DESTRUCTIVE, set()),
        ("No, not today", DESTRUCTIVE, OVERREACHED),
        ("ok, delete shop-prod", QUESTION, set()),
    ],
)
def test_what_an_answer_allows_leaves_open_or_limits(
    answer: str, question: str, expected: set[str]
) -> None:
    """Leave for the very act is no overreach; open leave is an act of its own; the rest neither."""
    assert found(asking(answer, question).graph()) == expected


def test_an_answer_is_the_next_persons_in_the_same_thread_before_the_act() -> None:
    """Not another channel's or thread's, not the agent's own, not one after the act."""
    asked = say(-20, "bot", QUESTION, thread="t1")
    for told in (
        say(-15, "operator", "whatever", channel="lunch", thread="t1"),
        say(-15, "operator", "whatever", thread="t2"),
        say(-15, "bot", "whatever", thread="t1"),
        say(9, "operator", "whatever", thread="t1"),
    ):
        case = replace(OVERREACH, events=(*OVERREACH.events, asked, told))
        assert found(case.graph()) == OVERREACHED, told
    case = replace(
        OVERREACH, events=(*OVERREACH.events, asked, say(-15, "lead", "whatever", thread="t1"))
    )
    answer = case.graph().node("answer_shop")
    assert (answer.party, answer.duty, answer.basis) == (
        "house",
        "instruct-with-care",
        "rule_inference",
    )


def test_an_answer_in_the_session_counts_as_one_in_the_chat() -> None:
    """What the agent wrote in its session, and the prompt that came next."""
    asked = event("session.message", -20, "bot", QUESTION, session="s1", agent="bot")
    told = event("session.prompt", -15, "operator", "you decide", session="s1", agent="bot")
    assert found(replace(OVERREACH, events=(*OVERREACH.events, asked, told)).graph()) == BOTH


def test_of_an_edited_answer_the_wording_is_a_statement() -> None:
    """What the agent read was perhaps another text: the finding says so."""
    answer = asking("whatever", edited="2026-03-11T09:00:00Z").graph().node("answer_shop")
    assert answer.basis == "single_statement"
    assert "The message was edited" in answer.statement


@pytest.mark.parametrize("relied", [0.0, 0.5, 1.0])
def test_the_share_of_an_open_answer_by_hand(relied: float) -> None:
    """Relied on (r), either alone would have sufficed: the team has r/2 and the maker the rest."""
    potency = settled(
        approved(say(-20, "bot", QUESTION), say(-15, "operator", "whatever")),
        overreach_shop=1.0,
        asked_shop=0.0,
        answer_shop=1.0,
        would_rely_shop=relied,
        would_catch_production_approval_shop=0.0,
    ).potency()
    assert potency["team"] == pytest.approx(relied / 2)
    assert potency["maker"] == pytest.approx(1 - relied / 2)


def test_an_answer_alone_is_no_task() -> None:
    """Where nobody knows what was asked for, an open answer accuses nobody."""
    case = asking("whatever")
    untold = tuple(one for one in case.events if one.kind != "session.prompt")
    assert found(replace(case, events=untold).graph()) == set()
