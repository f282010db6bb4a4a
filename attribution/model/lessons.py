"""What those who review an incident add to its records: actions, and what they have to tell."""

from __future__ import annotations

from dataclasses import dataclass

from attribution.model.record import JsonValue

CONTROL_TYPES = ("prevent", "detect", "limit", "recover")
"""What an action is to do, from the surest to the last resort."""

TELLINGS = ("made_sense", "went_well", "luck", "surprise")
"""What a telling is about: why a step looked sensible, what went well, what was luck."""


@dataclass(frozen=True, slots=True)
class Action:
    """An action against a recurrence: who sees to it until when, and what kind of control it is.

    `due` is a date as ISO 8601 writes it; `on` has the ids of statements that it answers.
    """

    what: str
    control: str
    owner: str | None = None
    due: str | None = None
    done: bool = False
    on: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the action as JSON."""
        return {
            "what": self.what,
            "control": self.control,
            "owner": self.owner,
            "due": self.due,
            "done": self.done,
            "on": list(self.on),
            "evidence": list(self.evidence),
        }


@dataclass(frozen=True, slots=True)
class Telling:
    """What somebody who was there tells, of a kind of `TELLINGS`; `on` is a statement's id."""

    kind: str
    text: str
    by: str | None = None
    on: str | None = None
    evidence: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the telling as JSON."""
        return {
            "kind": self.kind,
            "text": self.text,
            "by": self.by,
            "on": self.on,
            "evidence": list(self.evidence),
        }
