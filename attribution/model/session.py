"""What an agent did in a session, who let it, and what it had been asked to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from attribution.model.instant import Instant, format_optional
from attribution.model.record import JsonValue

APPROVALS = ("yes", "no", "by_rule", "blocked", "not_visible")
"""Who let an action through: a person, refused by a person, a rule, stopped by one, unknown."""

NOT_STATED = "not stated"
"""The mode of an action for which none is recorded."""

LEVELS = ("operator", "collaborator", "consultant", "approver", "observer")
"""The person's role, from the least autonomous agent to the most."""


@dataclass(frozen=True, slots=True)
class Statement:
    """Words of somebody in a session, and where they stand."""

    text: str
    time: Instant | None
    reference: str

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the words with their time and place."""
        return {
            "text": self.text,
            "time": format_optional(self.time),
            "evidence": self.reference,
        }


@dataclass(frozen=True, slots=True)
class Action:
    """One tool call.

    `decision` is whether it can have changed anything outside the conversation; `destructive`
    says by what it takes something away. `approval` is one of APPROVALS and `basis` why.
    `beyond` are reasons to ask whether it went beyond the task: proposals, never findings.
    `account` is what the agent wrote last before it: its own account, not a fact.
    `outcome`: done, failed, refused, interrupted, or no result on record.
    """

    id: str
    time: Instant | None
    tool: str
    target: str | None
    kind: str
    decision: bool
    destructive: str | None
    approval: str
    basis: str
    mode: str | None
    helper: str | None
    outcome: str
    beyond: tuple[str, ...]
    account: Statement | None
    reference: str

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the action; the agent's account is marked as such."""
        account = None if self.account is None else self.account.to_dict()
        return {
            "id": self.id,
            "time": format_optional(self.time),
            "tool": self.tool,
            "target": self.target,
            "kind": self.kind,
            "decision": self.decision,
            "destructive": self.destructive,
            "approval": self.approval,
            "approval_basis": self.basis,
            "permission_mode": self.mode,
            "helper": self.helper,
            "outcome": self.outcome,
            "beyond_task_proposed": list(self.beyond),
            "agents_own_account": account,
            "evidence": self.reference,
        }


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of one session; approvals and permission modes are counted over its decisions.

    A decision for which no mode is stated counts under `not stated` among `modes`.
    `answered` are questions and plans that the person answered, `own_actions` commands the person
    ran in the session, `interruptions` how often the person stopped the agent.
    """

    actions: int
    decisions: int
    approvals: Mapping[str, int]
    destructive_approvals: Mapping[str, int]
    modes: Mapping[str, int]
    beyond: int
    helpers: int
    requests: int
    answered: int
    edited: int
    interruptions: int
    own_actions: int

    @property
    def unlooked(self) -> tuple[float, float] | None:
        """Return the share of decisions no person looked at, low and high; None without any.

        Low counts those that a rule let through, high those as well of which the records do not
        show who did.
        """
        if not self.decisions:
            return None
        low = self.approvals["by_rule"]
        high = low + self.approvals["not_visible"]
        return low / self.decisions, high / self.decisions

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the counts, with the share as low and high."""
        unlooked = self.unlooked
        return {
            "actions": self.actions,
            "decisions": self.decisions,
            "approvals": dict(self.approvals),
            "approved_by_person": self.approvals["yes"],
            "destructive": sum(self.destructive_approvals.values()),
            "destructive_approvals": dict(self.destructive_approvals),
            "permission_modes": dict(self.modes),
            "beyond_task_proposed": self.beyond,
            "by_helpers": self.helpers,
            "requests": self.requests,
            "answered_by_person": self.answered,
            "edited_by_person": self.edited,
            "interruptions": self.interruptions,
            "persons_own_actions": self.own_actions,
            "decisions_no_one_looked_at": None
            if unlooked is None
            else {"low": round(unlooked[0], 6), "high": round(unlooked[1], 6)},
        }


@dataclass(frozen=True, slots=True)
class Autonomy:
    """The observed autonomy level: the role the person had, by the counts of one session.

    `level` is None where it is not visible; then `low` and `high` are the levels between which it
    lies, or None where nothing bounds it. `why` is the rule that gave it, in words.
    """

    level: str | None
    low: str | None
    high: str | None
    why: str
    counts: Mapping[str, float]

    def to_dict(self) -> dict[str, JsonValue]:
        """Return level, bounds, rule and the counts behind it."""
        return {
            "level": self.level,
            "low": self.low,
            "high": self.high,
            "why": self.why,
            "counts": dict(self.counts),
        }


@dataclass(frozen=True, slots=True)
class AgentSession:
    """One session of an agent: what was asked, what was done, who let it, how autonomously."""

    id: str
    agents: tuple[str, ...]
    models: tuple[str, ...]
    start: Instant | None
    end: Instant | None
    requests: tuple[Statement, ...]
    actions: tuple[Action, ...]
    figures: Figures
    autonomy: Autonomy

    def summarise(self) -> dict[str, JsonValue]:
        """Return the session's figures and level, without its requests and actions."""
        return {
            "session": self.id,
            "agents": list(self.agents),
            "models": list(self.models),
            "start": format_optional(self.start),
            "end": format_optional(self.end),
            "figures": self.figures.to_dict(),
            "autonomy": self.autonomy.to_dict(),
        }

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the session with its requests and actions."""
        return {
            **self.summarise(),
            "requests": [request.to_dict() for request in self.requests],
            "actions": [action.to_dict() for action in self.actions],
        }


def count_modes(actions: Iterable[Action]) -> dict[str, int]:
    """Return how many of the actions were taken in which permission mode, by its name."""
    counts = Counter(action.mode or NOT_STATED for action in actions)
    return {mode: counts[mode] for mode in sorted(counts)}


def count_approvals(actions: Iterable[Action]) -> dict[str, int]:
    """Return how many of the actions were let through how, every one of APPROVALS named."""
    counts = Counter(action.approval for action in actions)
    return {approval: counts[approval] for approval in APPROVALS}
