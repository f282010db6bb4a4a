"""What review and release really were, for each change that has a record of them."""

from __future__ import annotations

from dataclasses import dataclass

from attribution.model.course import Step
from attribution.model.enforcement import (
    Enforcement,
    Lowering,
    Override,
    OwnerDemand,
    Shortfall,
)
from attribution.model.instant import Instant, format_optional
from attribution.model.order import Moment, OpenOrder
from attribution.model.pace import Pace
from attribution.model.record import JsonValue

REVIEW_DEFECTS = (
    "stale",
    "self_approval",
    "bot_approval",
    "too_fast",
    "after_merge",
)
"""Why an approval is not a sound review of what was merged."""


NAMELESS = frozenset({"", "unknown", "ghost"})
"""What stands for the name of an account that is gone, in a record and here.

Source: https://docs.github.com/en/account-and-profile/concepts/account-management#deleting-your-personal-account
(GitHub's ghost; its API has null as well)
"""


@dataclass(frozen=True, slots=True)
class Approval:
    """One approval, with every reason for which it does not count as a sound review.

    `seconds` is the longest the reading can have taken, from the opening (or the last pushed head)
    to the approval; `defects` are names of `REVIEW_DEFECTS`, empty for a sound approval. `made_as`
    says how the reviewer took part in making the change, where it is a self-approval. `open_orders`
    are those of which its standing depends and that cannot be decided. `nameless` says that the
    account is gone, so that nobody can tell whose the approval was: it counts neither as sound nor
    as unsound. `carried_to` is the patch set up to which Gerrit copied it without a new look, over
    patch sets of the kinds `kinds_since`.
    """

    reviewer: str
    time: Instant | None
    commit: str | None
    seconds: float | None
    defects: tuple[str, ...]
    reference: str
    made_as: str | None = None
    pace: Pace | None = None
    open_orders: tuple[OpenOrder, ...] = ()
    nameless: bool = False
    carried_to: int | None = None
    kinds_since: tuple[str, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Return whether it is known to have no defect."""
        return not self.defects and not self.nameless

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the approval."""
        return {
            "reviewer": self.reviewer,
            "time": format_optional(self.time),
            "commit": self.commit,
            "seconds": self.seconds,
            "defects": list(self.defects),
            "evidence": self.reference,
            "made_as": self.made_as,
            "pace": None if self.pace is None else self.pace.to_dict(),
            "open_orders": [order.to_dict() for order in self.open_orders],
            "nameless": self.nameless,
            "carried_to": self.carried_to,
            "kinds_since": list(self.kinds_since),
        }


@dataclass(frozen=True, slots=True)
class Check:
    """One automated check on a head: its last conclusion of `runs`, and whether it was required."""

    name: str
    head: str
    conclusion: str
    required: bool | None
    reference: str
    runs: int = 1

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the check."""
        return {
            "name": self.name,
            "head": self.head,
            "conclusion": self.conclusion,
            "required": self.required,
            "runs": self.runs,
            "evidence": self.reference,
        }


@dataclass(frozen=True, slots=True)
class WorkflowRun:
    """A run of a workflow, or of a suite of checks, on the merged head; `attempt` from 1."""

    name: str
    conclusion: str
    attempt: int | None
    event: str | None
    reference: str

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the run."""
        return {
            "name": self.name,
            "conclusion": self.conclusion,
            "attempt": self.attempt,
            "event": self.event,
            "evidence": self.reference,
        }


@dataclass(frozen=True, slots=True)
class ChangeReview:
    """The oversight of one pull request as its records show it.

    `verdict`: `sound` (an approval without defect of the merged head), `ineffective` (approvals,
    each with a defect), `absent` (the record of the pull request shows no approval) or `unknown`
    (no record of reviews was supplied, or nobody can tell whose the approvals were: no evidence of
    review is not no review).
    `bypassed_by` is the actor who used an override, where a record shows one. `enforced` is what
    the platform enforced at the merge, `enforced_last` in the last state on record. `owners` is
    None where the files, or who owned them, are not on record. `unanswered` were asked for a review
    and had given none when the record was made. `merging` bounds the time of the merge. `unseen`
    says, where no approval is on record, which gaps of the records one may stand in.
    `course` has every step of it in time order. `lowered` are the rules that were lowered before
    the merge and still were so at it.
    """

    repository: str | None
    number: int
    title: str
    author: str
    head: str | None
    merge: str | None
    commits: tuple[str, ...]
    opened: Instant | None
    merged: Instant | None
    merged_by: str | None
    lines_changed: int | None
    approvals: tuple[Approval, ...]
    checks: tuple[Check, ...]
    verdict: str
    bypassed_by: str | None
    references: tuple[str, ...]
    base: str | None = None
    enforced: Enforcement | None = None
    enforced_last: Enforcement | None = None
    owners: tuple[OwnerDemand, ...] | None = None
    override: Override | None = None
    shortfalls: tuple[Shortfall, ...] = ()
    workflows: tuple[WorkflowRun, ...] = ()
    unanswered: tuple[str, ...] = ()
    merging: Moment | None = None
    unseen: str = ""
    course: tuple[Step, ...] = ()
    lowered: tuple[Lowering, ...] = ()

    @property
    def sound_approvals(self) -> int:
        """Return how many people gave an approval without a defect."""
        return len({item.reviewer for item in self.approvals if item.is_sound})

    @property
    def standing_objections(self) -> tuple[Step, ...]:
        """Return the requests for changes that no approval or dismissal on record took back.

        What came after the merge neither objects nor takes back; a comment takes nothing back.
        """
        standing: dict[str, Step] = {}
        for step in self.course:
            if self._is_later(step):
                continue
            # Of accounts that are gone nobody can tell that two are one.
            who = step.reference if step.who in NAMELESS else step.who
            if step.kind == "changes_requested":
                standing[who] = step
            elif step.kind in {"approved", "dismissed"}:
                standing.pop(who, None)
        return tuple(standing.values())

    @property
    def dismissed_reviews(self) -> tuple[Step, ...]:
        """Return reviews on record as dismissed, and acts of dismissing, up to the merge."""
        return tuple(
            step for step in self.course if step.kind == "dismissed" and not self._is_later(step)
        )

    def _is_later(self, step: Step) -> bool:
        return step.time is not None and self.merged is not None and step.time > self.merged

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the review record with its verdict."""
        last = self.enforced_last
        return {
            "repository": self.repository,
            "number": self.number,
            "title": self.title,
            "author": self.author,
            "head": self.head,
            "merge": self.merge,
            "base": self.base,
            "commits": list(self.commits),
            "opened": format_optional(self.opened),
            "merged": format_optional(self.merged),
            "merged_by": self.merged_by,
            "lines_changed": self.lines_changed,
            "approvals": [approval.to_dict() for approval in self.approvals],
            "sound_approvals": self.sound_approvals,
            "checks": [check.to_dict() for check in self.checks],
            "workflows": [run.to_dict() for run in self.workflows],
            "verdict": self.verdict,
            "bypassed_by": self.bypassed_by,
            "override": None if self.override is None else self.override.to_dict(),
            "enforced_at_merge": None if self.enforced is None else self.enforced.to_dict(),
            "enforced_last": None if last is None else last.to_dict(),
            "owners": None if self.owners is None else [own.to_dict() for own in self.owners],
            "unanswered": list(self.unanswered),
            "unseen": self.unseen or None,
            "course": [step.to_dict() for step in self.course],
            "lowered": [lowering.to_dict() for lowering in self.lowered],
            "standing_objections": [step.to_dict() for step in self.standing_objections],
            "dismissed_reviews": [step.to_dict() for step in self.dismissed_reviews],
            "shortfalls": [shortfall.to_dict() for shortfall in self.shortfalls],
            "evidence": list(self.references),
        }


@dataclass(frozen=True, slots=True)
class Deployment:
    """One deployment that took place: what it carried, to where, and who set it off.

    `ended` is when its environment was taken down or it was told to be inactive, where a record
    says so. `shown_by` is the event of the timeline that `time` is from, `time_low` and `time_high`
    bound it. `basis` says why something else counts as a deployment, None for a record of one.
    """

    id: str
    sha: str
    environment: str
    repository: str | None
    creator: str
    time: Instant | None
    state: str | None
    references: tuple[str, ...]
    ended: Instant | None = None
    time_low: Instant | None = None
    time_high: Instant | None = None
    shown_by: str | None = None
    basis: str | None = None

    @property
    def moment(self) -> Moment | None:
        """Return when it took place, None where no record tells."""
        if self.time is None:
            return None
        low = self.time if self.time_low is None else self.time_low
        high = self.time if self.time_high is None else self.time_high
        return Moment(f"deployment {self.id}", low, high, self.references, self.shown_by)

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the deployment."""
        ended = {} if self.ended is None else {"ended": format_optional(self.ended)}
        basis = {} if self.basis is None else {"basis": self.basis}
        return {
            "id": self.id,
            "sha": self.sha,
            "environment": self.environment,
            "repository": self.repository,
            "creator": self.creator,
            "time": format_optional(self.time),
            "state": self.state,
            "evidence": list(self.references),
            **ended,
            **basis,
        }
