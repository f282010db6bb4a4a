"""What review of a pull request really was: who approved which head, when, and what is wrong.

An approval counts only for the head it was given for, from somebody else than those who made the
change, from a person, and not faster than the change can be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from attribution.model.actor import ActorDirectory
from attribution.model.commit import Commit
from attribution.model.enforcement import Enforcement
from attribution.model.event import Event
from attribution.model.instant import SECOND, Instant
from attribution.model.order import Chronicle, Moment, OpenOrder
from attribution.model.oversight import NAMELESS, Approval, ChangeReview
from attribution.oversight.changes import Change, collect_changes
from attribution.oversight.checks import CheckRegister, find_checks, find_workflows
from attribution.oversight.course import trace_course
from attribution.oversight.facts import identity, is_machine, number, text, texts
from attribution.oversight.makers import find_makers
from attribution.oversight.override import find_override
from attribution.oversight.ownership import OwnerSource, find_owners
from attribution.oversight.pace import find_pace, rank_reviews, with_size
from attribution.oversight.protection import ProtectionHistory
from attribution.oversight.rate import is_too_fast
from attribution.oversight.records import Records, index_records
from attribution.oversight.requirements import find_shortfalls
from attribution.oversight.trees import Trees

_UNDATED = frozenset({"protection.state", "protection.changed", "codeowners", "team.members"})
"""Kinds of record that say how things stood, and are of use without a time."""


@dataclass(frozen=True, slots=True)
class _Court:
    """What each change is judged by: the records, and what is put together from all of them."""

    records: Records
    register: CheckRegister
    protection: ProtectionHistory
    owners: OwnerSource
    chronicle: Chronicle


def assess_reviews(
    events: Iterable[Event],
    commits: Sequence[Commit],
    directory: ActorDirectory,
    trees: Trees | None = None,
    undated: Iterable[Event] = (),
) -> tuple[ChangeReview, ...]:
    """Return the oversight of every pull request among the events, by repository and number.

    The verdict is `sound`, `ineffective`, `absent` or `unknown` (see `ChangeReview`). It is
    `absent` only where the record of the pull request comes with its reviews: no evidence of
    review is not no review. `trees` are the repositories code owners are looked up in; `undated`
    are events without a time, of which states of rules, ownership and reviews are used: an approval
    that stands in a list without its time is one all the same.
    """
    dated = tuple(events)
    apart = tuple(one for one in undated if one.kind in _UNDATED or one.kind.startswith("review."))
    records = index_records((*dated, *apart), commits, directory)
    changes = collect_changes((*dated, *apart), commits)
    court = _Court(
        records,
        CheckRegister(changes, records),
        ProtectionHistory((*dated, *apart)),
        OwnerSource(records, trees),
        Chronicle(dated),
    )
    return rank_reviews([_assess(change, court) for change in changes])


def _assess(change: Change, court: _Court) -> ChangeReview:
    records = court.records
    directory = records.directory
    makers = find_makers(change, records)
    approvals = _approvals(change, makers, court)
    default = change.stated("default_branch")
    enforced, last = (
        court.protection.at(change.repository, change.base, moment, default)
        if moment is not None or then == "last"
        else None
        for then, moment in (("merge", change.merged), ("last", None))
    )
    override = find_override(change, records)
    review = ChangeReview(
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
        checks=find_checks(change, court.register, records, _required_checks(enforced)),
        verdict=_verdict(approvals, listed=change.reviews_listed),
        bypassed_by=None if override is None else override.by,
        references=change.references,
        base=change.base,
        enforced=enforced,
        enforced_last=last,
        owners=find_owners(change, court.owners, approvals, makers, records),
        override=override,
        workflows=find_workflows(change, records),
        unanswered=change.unanswered,
        merging=change.merging,
        course=trace_course(change, records, override),
        lowered=court.protection.lowered(change.repository, change.base, change.merged, default),
    )
    return replace(review, shortfalls=find_shortfalls(review))


def _required_checks(enforced: Enforcement | None) -> Mapping[str, str] | None:
    """Return the checks required at the merge, each with its evidence; None where not visible."""
    setting = None if enforced is None else enforced.setting("required_checks")
    if setting is None or not isinstance(setting.value, list):
        return None
    return dict.fromkeys(map(str, setting.value), setting.references[0])


def _verdict(approvals: Sequence[Approval], *, listed: bool) -> str:
    if any(approval.is_sound for approval in approvals):
        return "sound"
    if any(not approval.defects for approval in approvals):
        return "unknown"
    if approvals:
        return "ineffective"
    return "absent" if listed else "unknown"


def _approvals(change: Change, makers: Mapping[str, str], court: _Court) -> tuple[Approval, ...]:
    """Return the approvals that stood at the merge, in time order.

    One that its reviewer withdrew before, by asking for changes, or that was dismissed, no longer
    stood. A review that was dismissed only after the merge stood as the approval it had been.
    """
    chronicle = court.chronicle
    return tuple(
        _approval(review, change, makers, court)
        for at, review in enumerate(change.reviews)
        if _is_approval(review, change, chronicle)
        and not _is_withdrawn(review, change, at, chronicle)
    )


def _is_approval(review: Event, change: Change, chronicle: Chronicle) -> bool:
    if review.kind == "review.approved":
        return True
    if review.kind != "review.dismissed" or text(review, "event") == "review_dismissed":
        return False
    own = _number(review)
    return own is not None and any(
        text(other, "dismissed_review") == own
        and text(other, "dismissed_state") == "approved"
        and not _was_before_merge(other, change, chronicle)
        for other in change.reviews
    )


def _number(review: Event) -> str | None:
    """Return the number a dismissal names a review by."""
    return text(review, "review_id") or review.native_id


def _was_before_merge(event: Event, change: Change, chronicle: Chronicle) -> bool:
    """Return whether an event did not certainly come after the merge."""
    moment, merging = Moment.of_event(event, event.kind), change.merging
    if moment is None or merging is None:
        return True
    return chronicle.is_no_later(moment, merging) is not False


def _is_withdrawn(approval: Event, change: Change, at: int, chronicle: Chronicle) -> bool:
    return any(
        _withdraws(review, approval) and _was_before_merge(review, change, chronicle)
        for review in change.reviews[at + 1 :]
    )


def _withdraws(review: Event, approval: Event) -> bool:
    """Return whether a review takes an approval back, given that it comes after it."""
    if review.kind in {"review.changes_requested", "review.dismissed"} and (
        (text(review, "reviewer") or "").casefold() not in NAMELESS
        and text(review, "reviewer") == text(approval, "reviewer")
    ):
        return True
    dismissed = text(review, "dismissed_review")
    return dismissed is not None and dismissed == _number(approval)


def _is_after(review: Event, change: Change, chronicle: Chronicle) -> bool:
    """Return whether a review was certainly given after the merge.

    Of one whose time is that of being recorded (`time_basis`) it cannot be said: it was given
    earlier than that.
    """
    if text(review, "time_basis") is not None:
        return False
    return not _was_before_merge(review, change, chronicle)


def _find_open_orders(
    approval: Event, change: Change, chronicle: Chronicle
) -> tuple[OpenOrder, ...]:
    """Return the orders that the standing of an approval depends on and that are undecidable."""
    given = Moment.of_event(approval, f"the approval of #{change.number}")
    if given is None:
        return ()
    pairs = [(change.merging, "that the approval came before the merge")]
    if text(approval, "time_basis") is not None:
        pairs = []
    pairs += [
        (Moment.of_event(other, "what takes it back"), "that the approval was taken back")
        for other in change.reviews
        if other is not approval
        and _withdraws(other, approval)
        and _was_before_merge(other, change, chronicle)
    ]
    return tuple(
        OpenOrder(given, other, f"#{change.number}", rests)
        for other, rests in pairs
        if other is not None and chronicle.is_no_later(given, other) is None
    )


def _approval(review: Event, change: Change, makers: Mapping[str, str], court: _Court) -> Approval:
    records = court.records
    reviewer = text(review, "reviewer") or review.actor_name or "unknown"
    nameless = reviewer.casefold() in NAMELESS
    who = identity(reviewer, records.directory) or reviewer
    commit = text(review, "commit_id")
    seconds = _seconds(review, change, records.commits)
    lines = change.lines_changed(records.commits)
    role = None if nameless else makers.get(who.casefold())
    found = {
        "stale": commit is not None and change.head is not None and commit != change.head,
        "after_merge": _is_after(review, change, court.chronicle),
        "self_approval": role is not None,
        "bot_approval": is_machine(reviewer, text(review, "reviewer_type"), records.directory),
        "too_fast": seconds is not None and is_too_fast(seconds + _slack(review, change), lines),
    }
    defects = tuple(name for name, shown in found.items() if shown)
    pace = with_size(find_pace(change, reviewer, review.time), lines)
    return Approval(
        who,
        review.time,
        commit,
        seconds,
        defects,
        review.references[0],
        role,
        pace,
        _find_open_orders(review, change, court.chronicle),
        nameless,
        number(review, "carried_to"),
        texts(review, "kinds_since"),
    )


def _slack(review: Event, change: Change) -> float:
    """Return by how many seconds more the reviewer can have had than the times themselves say."""
    opened = change.event("pull_request.opened")
    late = 0 if review.time is None else (review.time_high or review.time) - review.time
    early = 0
    if opened is not None and opened.time is not None and opened.time_low is not None:
        early = opened.time - opened.time_low
    return (late + early) / SECOND


def _seconds(review: Event, change: Change, commits: Mapping[str, Commit]) -> float | None:
    """Return the time the reviewer can have had: from the opening, or from the head approved.

    The head was pushed no earlier than it was committed, and when the timeline or a delivery shows
    the push: this is the longest it can have been.
    """
    if review.time is None or change.opened is None:
        return None
    start: Instant = change.opened
    approved = text(review, "commit_id")
    head = commits.get(approved or "")
    if head is not None and head.committed is not None and head.committed <= review.time:
        start = max(start, head.committed)
    for event in change.events:
        pushed = event.kind == "pull_request.head_force_pushed" or (
            text(event, "event") == "synchronize"
        )
        forced = pushed and event.time is not None
        if forced and approved is not None and text(event, "commit_id") == approved:
            start = max(start, min(event.time or start, review.time))
    return (review.time - start) / SECOND
