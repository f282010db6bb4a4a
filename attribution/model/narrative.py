"""What reading a text gave: proposals, each with the sentence it was read from and its place."""

from __future__ import annotations

from dataclasses import dataclass

from attribution.model.record import JsonValue


@dataclass(frozen=True, slots=True)
class Mention:
    """Something a sentence names: `label` says what it is, `id` which one where the case knows it.

    Labels: agent, person, team, service_account, party, service, organisation, system, time,
    change. `start` and `end` are positions in the sentence.
    """

    label: str
    text: str
    start: int
    end: int
    id: str | None = None

    def to_dict(self) -> dict[str, JsonValue]:
        """Return label, text, position and id."""
        return {
            "label": self.label,
            "text": self.text,
            "start": self.start,
            "end": self.end,
            "id": self.id,
        }


@dataclass(frozen=True, slots=True)
class CauseStatement:
    """A sentence that says one thing brought about another, in the text's own words.

    `relation` is cause, contribution, enabling, prevention or counterfactual; `connective` the row
    of the table that was met, `words` what stood there. A side is empty where it stands in another
    sentence (`refers_back`). `denied`: the text says that it was not so; `hedge`: the word that
    weakens it; `irreal`: it is of what might be, was meant or is planned.
    """

    relation: str
    connective: str
    words: str
    cause: str
    effect: str
    denied: bool = False
    hedge: str | None = None
    irreal: bool = False
    refers_back: bool = False

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the statement by field."""
        return {
            "relation": self.relation,
            "connective": self.connective,
            "words": self.words,
            "cause": self.cause,
            "effect": self.effect,
            "denied": self.denied,
            "hedge": self.hedge,
            "irreal": self.irreal,
            "refers_back": self.refers_back,
        }


@dataclass(frozen=True, slots=True)
class Assertion:
    """Who a sentence says says so: a claim by that person or party, not a fact.

    `stance` is said, claimed, admitted, denied, suspected or found; `source` is empty where the
    text does not say who. `words` is what stood there.
    """

    stance: str
    source: str
    words: str
    content: str

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the assertion by field."""
        return {
            "stance": self.stance,
            "source": self.source,
            "words": self.words,
            "content": self.content,
        }


@dataclass(frozen=True, slots=True)
class ActionMention:
    """Something a sentence says was done: by whom, to what, and whether it was.

    `aspect` is done, planned, attempted, requested, forbidden, denied, hypothetical, general (what
    is done as a rule) or reported (somebody else says so). `operation` is the verb's row in the
    table of actions.
    """

    operation: str
    actor: str
    target: str
    aspect: str
    words: str

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the action by field."""
        return {
            "operation": self.operation,
            "actor": self.actor,
            "target": self.target,
            "aspect": self.aspect,
            "words": self.words,
        }


@dataclass(frozen=True, slots=True)
class Lack:
    """Something a sentence says was not there, not done or did not work.

    `subject` is what was lacking, where it is one of the controls or subjects of the table;
    `words` are those that say so.
    """

    subject: str | None
    words: str

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the lack by field."""
        return {"subject": self.subject, "words": self.words}


@dataclass(frozen=True, slots=True)
class ReadSentence:
    """A sentence in which something was found, with its place and whoever wrote it.

    `reference` leads to the record, `number` counts its sentences from 1. `warning` holds the
    words by which the sentence warns of something, `lack` what it says was missing, and `before`
    the sentence before it, where one of its sides, or what it begins with, stands there.
    """

    reference: str
    number: int
    text: str
    speaker: str | None
    mentions: tuple[Mention, ...] = ()
    causes: tuple[CauseStatement, ...] = ()
    assertions: tuple[Assertion, ...] = ()
    actions: tuple[ActionMention, ...] = ()
    warning: str | None = None
    lack: Lack | None = None
    before: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing but names was found."""
        return not (self.causes or self.assertions or self.actions or self.warning or self.lack)

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the sentence with all that was read in it."""
        return {
            "reference": self.reference,
            "sentence": self.number,
            "text": self.text,
            "speaker": self.speaker,
            "status": "proposed",
            "mentions": [one.to_dict() for one in self.mentions],
            "causes": [one.to_dict() for one in self.causes],
            "assertions": [one.to_dict() for one in self.assertions],
            "actions": [one.to_dict() for one in self.actions],
            "warning": self.warning,
            "lack": None if self.lack is None else self.lack.to_dict(),
            "before": self.before,
        }
