"""The course of a change: who did what to it and when, from its opening to its merge and beyond."""

from __future__ import annotations

from dataclasses import dataclass

from attribution.model.instant import Instant, format_optional
from attribution.model.record import JsonValue

STEPS = (
    "opened",
    "asked",
    "unasked",
    "committed",
    "pushed",
    "commented",
    "changes_requested",
    "approved",
    "dismissed",
    "check",
    "auto_merge",
    "queued",
    "overridden",
    "merged",
    "closed",
)
"""What can have been done to a change. `asked`: somebody was asked for a review; `committed`: a
commit of the change was made, of which no record shows the push."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: a name of `STEPS`, by whom, when, and which head it was about.

    `machine` says that no person bears the name, None where nothing tells. `about` names a check,
    or whoever was asked. `low` and `high` bound `time`; all are None for an undated step.
    """

    kind: str
    who: str
    machine: bool | None
    time: Instant | None
    reference: str
    head: str | None = None
    about: str = ""
    conclusion: str | None = None
    low: Instant | None = None
    high: Instant | None = None

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the step."""
        return {
            "step": self.kind,
            "who": self.who or None,
            "machine": self.machine,
            "time": format_optional(self.time),
            "time_low": format_optional(self.low),
            "time_high": format_optional(self.high),
            "head": self.head,
            "about": self.about or None,
            "conclusion": self.conclusion,
            "evidence": self.reference,
        }
