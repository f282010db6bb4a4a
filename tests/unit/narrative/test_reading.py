"""Reading of texts: sides of causes, names of the case first, places, and hostile texts."""

from __future__ import annotations

import builtins
from typing import Any

import pytest

from attribution.model.narrative import CauseStatement, ReadSentence
from attribution.narrative import language
from attribution.narrative.connectives import load_connectives
from attribution.narrative.gazetteer import Name
from attribution.narrative.language import MISSED
from attribution.narrative.reading import LONGEST, Passage, read_passages, split_sentences
from attribution.narrative.statements import load_words

NAMES = (
    Name("agent", "Claude Code", "coder"),
    Name("service", "checkout", "checkout"),
    Name("person", "Jules", "on-call"),
)


def read_one(text: str) -> ReadSentence:
    """Return what was read of a text of one sentence."""
    [sentence] = read_passages([Passage("E1#line 4", "ops", text)], NAMES).sentences
    return sentence


def find_cause(text: str) -> CauseStatement:
    """Return the one cause statement of a sentence."""
    [cause] = read_one(text).causes
    return cause


@pytest.mark.parametrize(
    ("text", "cause", "effect"),
    [
        ("The purge emptied the index because the filter was wrong.",
         "the filter was wrong", "The purge emptied the index"),
        ("Due to a full disk, the snapshots were empty.",
         "a full disk", "the snapshots were empty"),
        ("The release was stopped, which led to a backlog of orders.",
         "The release was stopped", "a backlog of orders"),
        ("The root cause of the outage was an expired certificate.",
         "an expired certificate", "the outage"),
        ("The lead said that the outage was caused by the rollout.",
         "the rollout", "the outage"),
        ("If the backup had been elsewhere, the data would not have been lost.",
         "If the backup had been elsewhere", "the data would not have been lost"),
    ],
)  # fmt: skip
def test_the_sides_are_told_in_the_words_of_the_text(text: str, cause: str, effect: str) -> None:
    """Cause and effect keep their sides, whichever stands first, and who says so is left out."""
    found = find_cause(text)
    assert (found.cause, found.effect) == (cause, effect)
    assert not found.refers_back


def test_a_chain_gives_one_statement_a_link() -> None:
    """The effect of the first link is the cause of the second."""
    first, second = read_one(
        "The rule exhausted the workers and caused timeouts, resulting in a backlog."
    ).causes[-2:]
    assert (first.connective, second.connective) == ("caused", "resulted-in")
    assert second.cause == first.effect == "timeouts"


def test_what_stands_in_another_sentence_is_said_to() -> None:
    """A sentence that begins with its effect alone names no cause of its own."""
    for text in ("As a result, checkout was down.", "This caused checkout to fail."):
        found = find_cause(text)
        assert found.cause == ""
        assert found.refers_back


@pytest.mark.parametrize(
    ("text", "denied", "hedge", "irreal"),
    [
        ("The outage was not caused by the release.", True, None, False),
        ("The outage wasn't caused by the release.", True, None, False),
        ("The outage was probably caused by the release.", False, "probably", False),
        ("A full disk could cause an outage.", False, "could", True),
        ("We added a check to prevent workers from starting twice.", False, None, True),
        ("The job began to cause timeouts.", False, None, False),
        ("Clients retried without a pause, overwhelming the ledger.", False, None, False),
    ],
)
def test_denied_doubted_and_planned_are_apart(
    text: str, *, denied: bool, hedge: str | None, irreal: bool
) -> None:
    """None of them is a statement of what caused the harm."""
    found = find_cause(text)
    assert (found.denied, found.hedge, found.irreal) == (denied, hedge, irreal)


def test_succession_is_no_cause() -> None:
    """After, then, when, following, and since in the sense of time say nothing of causes."""
    text = (
        "The alert fired after the deployment. Then the queue grew. When the job ran, the disk"
        " filled up. Errors have been high since the release went out. Following the merge,"
        " latency rose."
    )
    found = read_passages([Passage("E1#/0", None, text)], NAMES).sentences
    assert [one.causes for one in found if one.causes] == []


def test_names_of_the_case_come_before_the_model() -> None:
    """An agent is no person, and somebody called like an agent's tool is who the case says."""
    sentence = read_one("Claude Code deleted the checkout volume and Jules restored it.")
    named = {(one.label, one.text, one.id) for one in sentence.mentions}
    assert named >= {
        ("agent", "Claude Code", "coder"),
        ("service", "checkout", "checkout"),
        ("person", "Jules", "on-call"),
    }
    assert [(one.operation, one.actor) for one in sentence.actions] == [
        ("delete", "Claude Code"),
        ("restore", "Jules"),
    ]


def test_places_and_speakers_are_kept() -> None:
    """A sentence leads back to its record, and its number counts within it."""
    text = "All is well.\n- The token was revoked at 14:05 UTC by #212.\n- See 3f2a91c7."
    [sentence] = read_passages([Passage("E3#/7", "ops", text)]).sentences
    assert (sentence.reference, sentence.number, sentence.speaker) == ("E3#/7", 2, "ops")
    told = [(one.label, one.text) for one in sentence.mentions if one.label in {"time", "change"}]
    assert told == [("time", "14:05 UTC"), ("change", "#212")]


def test_without_the_model_the_words_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names of the case, causes, claims and warnings are found; what is missed is said."""
    real = builtins.__import__

    def refuse(name: str, *arguments: Any, **more: Any) -> Any:
        if name == language.MODEL:
            raise ImportError(name)
        return real(name, *arguments, **more)

    language.load_model.cache_clear()
    monkeypatch.setattr(builtins, "__import__", refuse)
    text = (
        "The vendor claimed that Claude Code was used wrongly. The outage was caused by a bad"
        " rule. Please do not deploy checkout. The engineer reverted the release."
    )
    found = read_passages([Passage("E1#/0", None, text)], NAMES)
    language.load_model.cache_clear()
    assert found.missed == MISSED
    claim, cause, order, action = found.sentences
    assert (claim.assertions[0].stance, claim.assertions[0].source) == ("claimed", "The vendor")
    assert claim.mentions[0].id == "coder"
    assert cause.causes[0].cause == "a bad rule"
    assert order.warning == "Please do not deploy"
    assert order.actions[0].aspect == "forbidden"
    assert (action.actions[0].actor, action.actions[0].target) == ("The engineer", "the release")


def test_the_same_text_gives_the_same_answer() -> None:
    """Nothing depends on how often, or beside what, a text is read."""
    text = "The purge ran because the clock was wrong. The lead said that it was known."
    alone = read_passages([Passage("a", None, text)], NAMES)
    beside = read_passages(
        [Passage("b", None, "The bot merged #1."), Passage("a", None, text)], NAMES
    )
    assert alone.sentences == beside.sentences[1:]


@pytest.mark.parametrize(
    "text",
    ["", " \n\n ", "because", "caused by", ", so the", "\u202e" * 50, "\0 because \x1b[2J",
     "a" * 90_000],
)  # fmt: skip
def test_odd_texts_are_read_without_an_error(text: str) -> None:
    """Whatever somebody wrote, there is an answer, and no sentence is longer than is read."""
    for sentence in read_passages([Passage("E1#/0", None, text)]).sentences:
        assert len(sentence.text) <= LONGEST


def test_a_sentence_ends_where_one_ends() -> None:
    """At a full stop before a capital, at a line break, and not after an abbreviation."""
    text = "It failed at 2 p.m. UTC. Dr. Who said so, e.g. Here. v1.2.3 is bad.\n* Next one"
    assert split_sentences(text) == [
        "It failed at 2 p.m. UTC.",
        "Dr. Who said so, e.g. Here. v1.2.3 is bad.",
        "Next one",
    ]


def test_every_row_of_the_tables_is_usable() -> None:
    """Ids are given once, and each kind of row has a pattern that matches some word."""
    table = load_connectives()
    assert len({row.id for row in table.rows}) == len(table.rows)
    assert {row.relation for row in table.rows} == {
        "cause", "contribution", "enabling", "prevention", "counterfactual",
    }  # fmt: skip
    words = load_words()
    assert set(words.stances.values()) == {
        "said", "claimed", "admitted", "denied", "suspected", "found",
    }  # fmt: skip
