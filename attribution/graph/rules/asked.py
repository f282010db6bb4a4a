"""What the doer of an act had been asked to do, and whether the act lies within it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from attribution.graph.facts import Facts, identifier, text_of
from attribution.graph.rules.acts import Act
from attribution.graph.rules.replies import Reply, list_replies
from attribution.graph.rules.stated import quote
from attribution.model.event import Event
from attribution.model.manifest import Task
from attribution.model.order import Moment

_NEGATIONS = frozenset({"not", "never", "no", "don", "without", "nothing", "cannot"})
_REACH_OF_NEGATION = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody had been asked before an act: prompts of the session, tasks, answers given."""

    prompts: tuple[Event, ...]
    tasks: tuple[Task, ...]
    replies: tuple[Reply, ...]

    @property
    def is_on_record(self) -> bool:
        """Whether a record shows what was asked; answers alone do not."""
        return bool(self.prompts or self.tasks)

    @property
    def request(self) -> str:
        """Return the first request, in its own words."""
        return self.prompts[0].text if self.prompts else self.tasks[0].text

    @property
    def references(self) -> tuple[str, ...]:
        """Return the evidence of the prompts and tasks."""
        prompted = [place for prompt in self.prompts for place in prompt.references]
        return tuple(
            dict.fromkeys(prompted + [place for task in self.tasks for place in task.evidence])
        )


def list_asked(facts: Facts, act: Act) -> Asked:
    """Return what the act's doer had been asked up to the act's first call.

    What cannot be told to have come before or after it counts as asked.
    """
    done = moment_of(act)
    prompts = tuple(
        event
        for event in facts.events("session.prompt")
        if act.session is not None
        and text_of(event.data, "session") == act.session
        and (done is None or facts.chronicle.is_no_later(asking(event), done) is not False)
    )
    return Asked(prompts, _tasks_of(facts, act), list_replies(facts, act, done))


def moment_of(act: Act) -> Moment | None:
    """Return when the act began: by the session's own log, which has its prompts too, if it can."""
    own = [event for event in act.witnesses if text_of(event.data, "session") == act.session]
    return Moment.of_event((own or act.events)[0], f"the operation on {act.service.name}")


def asking(event: Event) -> Moment:
    """Return when something was asked. Raises ValueError for an event without a time."""
    moment = Moment.of_event(event, f"the request “{quote(event.text, 60)}”")
    if moment is None:
        message = f"the event {event.id} is listed by its time and has none"
        raise ValueError(message)
    return moment


def is_within(facts: Facts, act: Act, asked: Asked) -> bool:
    """Whether what was asked covers the act, by the words it uses."""
    texts = [
        *(prompt.text for prompt in asked.prompts),
        *(task.text for task in asked.tasks),
        *(reply.asked for reply in asked.replies),
    ]
    if any(_asks_for(facts, act, text) for text in texts):
        return True
    allowed = [word.casefold() for task in asked.tasks for word in task.allows]
    return any(
        word in done.casefold() for word in allowed for done in (*_operations(act), *act.resources)
    )


def is_named(act: Act, text: str) -> bool:
    """Whether a text names what the act took away, or the service that it was of."""
    names = (*act.resources, act.service.id, act.service.name, *act.service.aliases)
    return any(name.casefold() in text.casefold() for name in names)


def _tasks_of(facts: Facts, act: Act) -> tuple[Task, ...]:
    """Return the declared tasks of the act's doer, those of its session where one is named."""
    doer = facts.actor(act.doer)
    return tuple(
        task
        for task in facts.manifest.tasks
        if doer is not None
        and facts.actor(task.actor) == doer
        and (task.session is None or act.session is None or task.session == act.session)
    )


def _asks_for(facts: Facts, act: Act, text: str) -> bool:
    """Whether one request speaks of taking this thing, or things of its kind, away."""
    words = identifier(text).split("_")
    taken_away = any(
        word in facts.catalogue.operations.destructive_words
        and not _NEGATIONS & set(words[max(0, place - _REACH_OF_NEGATION) : place])
        for place, word in enumerate(words)
    )
    kinds = {word for operation in _operations(act) for word in _kind_of_thing(operation)}
    of_kind = bool(kinds & {word.rstrip("s") for word in words})
    return taken_away and (is_named(act, text) or of_kind)


def _operations(act: Act) -> tuple[str, ...]:
    return tuple(text_of(event.data, "operation") or "" for event in act.events)


def _kind_of_thing(operation: str) -> set[str]:
    """Return what an operation acts on by its name: DeleteDBInstance gives `instance` and `db`."""
    parts = re.findall(r"[A-Z]+(?=[A-Z][a-z])|[A-Z][a-z]+|[A-Z]+", operation)
    return {part.casefold().rstrip("s") for part in parts[1:]}
