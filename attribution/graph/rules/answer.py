"""Rule `answer`: an answer to an agent's question that left open what the agent may do.

What it looks for:
    An overreach found by `scope`, of an agent that had asked before it - with a question mark, in
    the chat or in its session, naming what it later took away or the service - and a person's
    answer that hands the choice over without a limit, by the words of `tables/answers.yaml`
    (“whatever gets it clean”). A bare yes is no such answer: it takes up what the question names.

What it adds:
    `answer_SERVICE` -> `leave_SERVICE` -> the act: a breach of the duty to answer with an object
    and a limit, by the party of whoever answered, and that the agent took the answer for leave.
    `would_rely_SERVICE` is what no record tells: that such an answer would move this agent so far.

The counterfactual answer and why:
    No: an answer that names what may be done is no leave for something else. That the agent went
    ahead on its own is the other way in which the act can come about (`overreach_SERVICE`).

When it is wrong:
    The answer was about something else; what it meant was clear to both from what had been said
    before, or elsewhere; the agent had decided before it was answered.

Example:
    “I can bring cv-prod-7 back in line. Shall I?” - “ok - whatever gets it clean”. The agent
    deletes it.

Sources:
    OWASP Top 10 for LLM applications 2025, LLM06 Excessive Agency; NIST AI RMF 1.0, MAP 3.3 (the
    scope in which a system is to act is laid down).
"""

from __future__ import annotations

from dataclasses import replace

from attribution.graph.doubt import doubt_order
from attribution.graph.draft import Draft
from attribution.graph.facts import Facts, text_of
from attribution.graph.owners import resolve_owner
from attribution.graph.rules.acts import Act, list_acts
from attribution.graph.rules.asked import is_named, list_asked, moment_of
from attribution.graph.rules.replies import Reply
from attribution.graph.rules.rule import Rule
from attribution.graph.rules.scope import overreach_id
from attribution.graph.rules.stated import cite, quote
from attribution.model.graph import Edge, Node

DUTY = "instruct-with-care"
_LONGEST = 120


def apply(facts: Facts, draft: Draft) -> None:
    """Add the first answer that left open what the agent may do, before each overreach."""
    for act, act_id in list_acts(facts, draft):
        if overreach_id(act_id) not in draft.nodes:
            continue
        for reply in list_asked(facts, act).replies:
            if reply.leaves_open and is_named(act, reply.question.text):
                _add_answer(facts, draft, act, act_id, reply)
                break


def _add_answer(facts: Facts, draft: Draft, act: Act, act_id: str, reply: Reply) -> None:
    tag = act_id.removeprefix("act_")
    agent, operation = facts.name_inside(act.doer), f"the operation on {act.service.name}"
    answer = _state_answer(facts, act, tag, reply)
    relies = Node(
        id=f"would_rely_{tag}",
        kind="condition",
        statement=f"Such an answer would have moved {agent} to {operation}.",
        basis="unanswered",
        evidence=reply.references,
        rule=RULE.id,
    )
    leave = replace(
        relies,
        id=f"leave_{tag}",
        statement=f"{facts.name_first(act.doer)} took the answer as leave for {operation}.",
        basis=None,
    )
    for node in (answer, relies, leave):
        draft.add_node(node)
    doubt = doubt_order(
        facts,
        draft,
        reply.moment,
        moment_of(act),
        node=answer.id,
        rests="that the answer had been given when the agent acted",
    )
    _link(
        draft,
        (answer, leave.id, "requirements"),
        "no: an answer that names what may be done is no leave for something else",
        f"the agent's question and the answer it got{doubt}",
    )
    _link(
        draft,
        (relies, leave.id, "requirements"),
        "no: an answer that moves nobody is taken as no leave",
        "what it is to rely on an answer; no record tells how far this agent did",
    )
    _link(
        draft,
        (leave, act_id, "alternatives"),
        "no: an act is either within what was asked or beyond it; without leave and without"
        " overreach there would have been none",
        "the ways in which an act can come about",
    )
    RULE.finding(draft, answer)


def _state_answer(facts: Facts, act: Act, tag: str, reply: Reply) -> Node:
    """Return the act of answering: that it left anything open is inferred from its words."""
    moment = reply.moment
    uncertain = facts.is_kept_by_hand(reply.answer) or _edited(reply) is not None
    return Node(
        id=f"answer_{tag}",
        kind="act",
        statement=(
            f"{facts.name_first(reply.by)} answered the question of"
            f" {facts.name_inside(act.doer)}, “{_quote_question(reply)}”, with"
            f" {cite(reply.answer.text)}, which leaves open what it allows.{_say_edited(reply)}"
        ),
        party=resolve_owner(facts, DUTY, actor=reply.by).party,
        actor=reply.by,
        time=reply.answer.time,
        time_low=None if moment is None else moment.low,
        time_high=None if moment is None else moment.high,
        duty=DUTY,
        norm=0,
        basis="single_statement" if uncertain else "rule_inference",
        evidence=reply.references,
        rule=RULE.id,
    )


def _link(draft: Draft, way: tuple[Node, str, str], counterfactual: str, basis: str) -> None:
    """Add an edge from a node to another, in a slot of its causes."""
    source, target, slot = way
    draft.add_cause(
        Edge(
            source=source.id,
            target=target,
            rule=RULE.id,
            counterfactual=counterfactual,
            basis=basis,
            evidence=source.evidence,
        ),
        slot=slot,
    )


def _quote_question(reply: Reply) -> str:
    """Return the question on one line; of a longer message its end, where what is asked stands."""
    line = " ".join(reply.question.text.rpartition("?")[0].split()) + "?"
    return line if len(line) <= _LONGEST else f"…{line[-_LONGEST:].partition(' ')[2]}"


def _edited(reply: Reply) -> str | None:
    return text_of(reply.answer.data, "edited")


def _say_edited(reply: Reply) -> str:
    """Return that the wording is not the one that the agent was answered with, where it may be."""
    edited = _edited(reply)
    if edited is None:
        return ""
    return (
        f" The message was edited ({quote(edited, 40)}); its wording before is not in this record."
    )


RULE = Rule(
    id="answer",
    version=1,
    title="An answer that left open what the agent may do",
    refuted_by="a record of what the answer meant, or that the agent had decided before it",
    apply=apply,
)
