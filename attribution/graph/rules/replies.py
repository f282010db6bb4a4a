"""What persons answered to the questions of the agent that acted, before it acted.

A question is a message of the agent's with a question mark, in a channel or in its session. The
answer is the first message of a person after it in the same thread, or, where the source tells no
threads, in the same channel; in a session, the person's next prompt.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from attribution.graph.facts import Facts, identifier, text_of
from attribution.graph.rules.acts import Act
from attribution.graph.rules.stated import quote
from attribution.graph.tablefile import read_table
from attribution.model.event import Event
from attribution.model.order import Moment
from attribution.provenance.tasks import load_bounds

_PLACES = (
    ("chat.message", "chat.message", "channel"),
    ("session.message", "session.prompt", "session"),
)
"""Where an agent asks and is answered: kind of question, kind of answer, what both share."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A person's answer to a question of the agent that acted later."""

    question: Event
    answer: Event

    @property
    def by(self) -> str | None:
        """Return who answered, as the record names him."""
        return self.answer.actor or self.answer.actor_name

    @property
    def references(self) -> tuple[str, ...]:
        """Return the evidence of the question and of the answer."""
        return tuple(dict.fromkeys((*self.question.references, *self.answer.references)))

    @property
    def moment(self) -> Moment | None:
        """Return when the answer was given."""
        return Moment.of_event(self.answer, f"the answer “{quote(self.answer.text, 60)}”")

    @property
    def leaves_open(self) -> bool:
        """Return whether the answer hands the choice of what is done to the agent, unlimited."""
        return self._has("leaves_open") and not self._has("refuses") and not self._has("limits")

    @property
    def asked(self) -> str:
        """Return what it comes to as a request: a yes takes up what the question proposed."""
        begins = any(_begins(self.answer.text, assent) for assent in load_bounds().assents)
        takes_up = (begins or self.leaves_open) and not self._has("refuses")
        return f"{self.question.text} {self.answer.text}" if takes_up else self.answer.text

    def _has(self, table: str) -> bool:
        text = _words(self.answer.text)
        return any(f" {phrase} " in text for phrase in _phrases(table))


def list_replies(facts: Facts, act: Act, done: Moment | None) -> tuple[Reply, ...]:
    """Return the answers that the act's agent had before it, in time order.

    What cannot be told to have come before or after the act counts as said before.
    """
    if not facts.is_agent(act.doer):
        return ()
    return tuple(
        reply
        for reply in _pair(facts, act)
        if done is None
        or (given := reply.moment) is None
        or facts.chronicle.is_no_later(given, done) is not False
    )


def _pair(facts: Facts, act: Act) -> Iterator[Reply]:
    for asks, answers, shared in _PLACES:
        open_questions: dict[tuple[str, str | None], list[Event]] = {}
        for event in facts.events(asks, answers):
            where = text_of(event.data, shared)
            if where is None or (shared == "session" and where != act.session):
                continue
            place = (where, text_of(event.data, "thread"))
            if event.kind == asks and _is_by(facts, event, act):
                if "?" in event.text:
                    open_questions.setdefault(place, []).append(event)
            elif event.kind == answers and not _is_agents(facts, event):
                for question in open_questions.pop(place, ()):
                    yield Reply(question, event)


def _is_by(facts: Facts, event: Event, act: Act) -> bool:
    doer = facts.actor(act.doer)
    return doer is not None and facts.actor(event.actor or event.actor_name) == doer


def _is_agents(facts: Facts, event: Event) -> bool:
    return event.data.get("bot") is True or facts.is_agent(event.actor or event.actor_name)


def _words(text: str) -> str:
    return f" {identifier(text).replace('_', ' ')} "


def _begins(text: str, phrase: str) -> bool:
    return _words(text).startswith(f" {phrase} ")


@cache
def _phrases(table: str) -> tuple[str, ...]:
    """Return the phrases of one list of `tables/answers.yaml`."""
    return tuple(read_table("answers")[table])
