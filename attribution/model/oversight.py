"""What review and release really were, for each change that has a record of them."""

from __future__ import annotations

from dataclasses import dataclass

from attribution.model.instant import Instant, format_optional
from attribution.model.record import JsonValue

REVIEW_DEFECTS = (
    "stale",
    "self_approval",
    "bot_approval",
    "too_fast",
    "after_merge",
)
"""Why an approval is not a sound review of what was merged."""


@dataclass(frozen=True, slots=True)
class Approval:
    """One approval, with every reason for which it does not count as a sound review.

    `seconds` is the time from the request (or the last pushed head) to the approval;
    `defects` are names of `REVIEW_DEFECTS`, empty for a sound approval.
    """

    reviewer: str
    time: Instant | None
    commit: str | None
    seconds: float | None
    defects: tuple[str, ...]
    reference: str

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the approval."""
        return {
            "reviewer": self.reviewer,
            "time": format_optional(self.time),
            "commit": self.commit,
            "seconds": self.seconds,
            "defects": list(self.defects),
            "evidence": self.reference,
        }


@dataclass(frozen=True, slots=True)
class Check:
    """One automated check on a head: its conclusion, and whether it was required."""

    name: str
    head: str
    conclusion: str
    required: bool | None
    reference: str


@dataclass(frozen=True, slots=True)
class ChangeReview:
    """The oversight of one pull request as its records show it.

    `verdict`: `sound` (an approval without defect of the merged head), `ineffective` (approvals,
    each with a defect), `absent` (the record of the pull request shows no approval) or `unknown`
    (no record of reviews was supplied: no evidence of review is not no review).
    `bypassed_by` is the actor who used an override, where a record shows one.
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

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the review record with its verdict."""
        return {
            "repository": self.repository,
            "number": self.number,
            "title": self.title,
            "author": self.author,
            "head": self.head,
            "merge": self.merge,
            "commits": list(self.commits),
            "opened": format_optional(self.opened),
            "merged": format_optional(self.merged),
            "merged_by": self.merged_by,
            "lines_changed": self.lines_changed,
            "approvals": [approval.to_dict() for approval in self.approvals],
            "checks": [
                {
                    "name": check.name,
                    "head": check.head,
                    "conclusion": check.conclusion,
                    "required": check.required,
                    "evidence": check.reference,
                }
                for check in self.checks
            ],
            "verdict": self.verdict,
            "bypassed_by": self.bypassed_by,
            "evidence": list(self.references),
        }


@dataclass(frozen=True, slots=True)
class Deployment:
    """One deployment that took place: what it carried, to where, and who set it off."""

    id: str
    sha: str
    environment: str
    repository: str | None
    creator: str
    time: Instant | None
    state: str | None
    references: tuple[str, ...]

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the deployment."""
        return {
            "id": self.id,
            "sha": self.sha,
            "environment": self.environment,
            "repository": self.repository,
            "creator": self.creator,
            "time": format_optional(self.time),
            "state": self.state,
            "evidence": list(self.references),
        }
