"""Counts over many sessions, and what to bear in mind when reading them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from attribution.model.record import JsonValue
from attribution.model.session import APPROVALS, LEVELS, AgentSession

NOT_VISIBLE = "not_visible"
NO_DECISION = "no_decision"
_SILENT = (
    "a permission given in silence leaves no trace in a transcript: not visible is neither allowed"
    " nor unasked"
)
_MODES = "a permission mode is stated when the person writes; a change in between is not recorded"
_LEVEL = (
    "the level is observed from counts (Feng, McDonald and Zhang 2025); it says nothing of how the"
    " agent was designed"
)
_BEYOND = (
    "what seems to go beyond the task is a question to ask; leave given off the record is not seen"
)
NOTES = (_SILENT, _MODES, _LEVEL, _BEYOND)


@dataclass(slots=True)
class SessionTotals:
    """Sums over sessions as they come."""

    sessions: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    approvals: Counter[str] = field(default_factory=Counter)
    destructive: Counter[str] = field(default_factory=Counter)
    levels: Counter[str] = field(default_factory=Counter)

    def add(self, session: AgentSession) -> None:
        """Count a session."""
        figures = session.figures
        self.sessions += 1
        self.counts.update(
            actions=figures.actions,
            decisions=figures.decisions,
            beyond_task_proposed=figures.beyond,
            by_helpers=figures.helpers,
            requests=figures.requests,
            answered_by_person=figures.answered,
            edited_by_person=figures.edited,
            interruptions=figures.interruptions,
            persons_own_actions=figures.own_actions,
        )
        self.approvals.update(figures.approvals)
        self.destructive.update(figures.destructive_approvals)
        self.levels[level_key(session)] += 1

    @property
    def by_level(self) -> dict[str, int]:
        """How many sessions were seen at each level, the least autonomous first, or at none."""
        return {name: self.levels[name] for name in (*LEVELS, NOT_VISIBLE, NO_DECISION)}

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the sums, the sessions at each level, and the notes."""
        return {
            "sessions": self.sessions,
            **{name: self.counts[name] for name in sorted(self.counts)},
            "approvals": {name: self.approvals[name] for name in APPROVALS},
            "destructive_approvals": {name: self.destructive[name] for name in APPROVALS},
            "levels": dict(self.by_level),
            "notes": list[JsonValue](NOTES),
        }


def level_key(session: AgentSession) -> str:
    """Return the level's name, or which of two reasons there is for having none."""
    if session.autonomy.level is not None:
        return session.autonomy.level
    return NOT_VISIBLE if session.figures.decisions else NO_DECISION
