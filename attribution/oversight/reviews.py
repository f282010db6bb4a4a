"""What review of a pull request really was: who approved which head, when, and what is wrong.

An approval counts only for the head it was given for, from somebody else than those who made the
change, from a person, and not faster than the change can be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from attribution.model.actor import ActorDirectory
from attribution.model.commit import Commit
from attribution.model.event import Event
from attribution.model.instant import SECOND, Instant
from attribution.model.oversight import Approval, ChangeReview
from attribution.oversight.changes import Change, collect_changes
from attribution.oversight.checks import find_checks
from attribution.oversight.facts import identity, is_machine, text
from attribution.oversight.makers import find_makers
from attribution.oversight.override import find_override
from attribution.oversight.rate import is_too_fast


@dataclass(frozen=True, slots=True)
class _Records:
    """The events and commits reviews are judged by."""

    events: tuple[Event, ...]
    commits: Mapping[str, Commit]
    directory: ActorDirectory


def assess_reviews(
    events: Iterable[Event], commits: Sequence[Commit], directory: ActorDirectory
) -> tuple[ChangeReview, ...]:
    """Return the oversight of every pull request among the events, by repository and number.

    The verdict is `sound`, `ineffective`, `absent` or `unknown` (see `ChangeReview`). It is
    `absent` only where the record of the pull request comes with its reviews: no evidence of
    review is not no review.
    """
    records = _Records(tuple(events), {commit.sha: commit for commit in commits}, directory)
    changes = collect_changes(records.events, commits)
    return tuple(_assess(change, changes, records) for change in changes)


def _assess(change: Change, changes: Sequence[Change], records: _Records) -> ChangeReview:
    approvals = _approvals(change, records)
    directory = records.directory
    return ChangeReview(
        repository=change.repository,
        number=change.number,
        title=change.title,
        author=identity(change.author, directory) or "unknown",
        head=change.head,
        merge=change.merge,
        commits=change.commits,
        opened=change.opened,
        merged=change.merged,
        merged_by=identity(change.merged_by, directory),
        lines_changed=change.lines_changed(records.commits),
        approvals=approvals,
        checks=find_checks(change, changes, records.events),
        verdict=_verdict(approvals, listed=change.reviews_listed),
        bypassed_by=identity(find_override(change, records.events), directory),
        references=change.references,
    )


def _verdict(approvals: Sequence[Approval], *, listed: bool) -> str:
    if any(not approval.defects for approval in approvals):
        return "sound"
    if approvals:
        return "ineffective"
    return "absent" if listed else "unknown"


def _approvals(change: Change, records: _Records) -> tuple[Approval, ...]:
    """Return the approvals that stood at the merge, in time order.

    One that its reviewer later withdrew, by asking for changes or by dismissal, no longer stands.
    """
    standing = [
        review
        for at, review in enumerate(change.reviews)
        if review.kind == "review.approved" and not _is_withdrawn(review, change.reviews[at + 1 :])
    ]
    makers = find_makers(change, records.events, records.commits, records.directory)
    return tuple(_approval(review, change, makers, records) for review in standing)


def _is_withdrawn(approval: Event, later: Iterable[Event]) -> bool:
    return any(
        review.kind in {"review.changes_requested", "review.dismissed"}
        and text(review, "reviewer") == text(approval, "reviewer")
        for review in later
    )


def _approval(review: Event, change: Change, makers: frozenset[str], records: _Records) -> Approval:
    reviewer = text(review, "reviewer") or review.actor_name or "unknown"
    who = identity(reviewer, records.directory) or reviewer
    commit = text(review, "commit_id")
    seconds = _seconds(review, change, records.commits)
    merged = change.merged
    found = {
        "stale": commit is not None and change.head is not None and commit != change.head,
        "after_merge": merged is not None and review.time is not None and review.time > merged,
        "self_approval": who.casefold() in makers,
        "bot_approval": is_machine(reviewer, text(review, "reviewer_type"), records.directory),
        "too_fast": is_too_fast(seconds, change.lines_changed(records.commits)),
    }
    defects = tuple(name for name, shown in found.items() if shown)
    return Approval(who, review.time, commit, seconds, defects, review.references[0])


def _seconds(review: Event, change: Change, commits: Mapping[str, Commit]) -> float | None:
    """Return the time the reviewer can have had: from the request, or from the head approved.

    The head was pushed no earlier than it was committed, so this is the longest it can have been.
    """
    if review.time is None or change.opened is None:
        return None
    start: Instant = change.opened
    head = commits.get(text(review, "commit_id") or "")
    if head is not None and head.committed is not None and head.committed <= review.time:
        start = max(start, head.committed)
    return (review.time - start) / SECOND
