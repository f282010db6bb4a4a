"""gittuf's statements: a pull request as its GitHub app saw it, approvals, authorisations.

An approval names the branch, the commit it stood at, and the tree the merge would give it: not the
head that was looked at, and not the time. Where it lies in a repository, its history tells when it
was recorded (see `gittuf_repository`).

Sources: https://github.com/gittuf/gittuf/blob/main/docs/design-document.md and, for the predicates,
https://github.com/gittuf/gittuf/tree/main/internal/attestations
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from attribution.ingest.fields import find, items, number, stated, text
from attribution.ingest.intake import Intake
from attribution.ingest.readers.attestations import describe
from attribution.ingest.readers.github_pull_request import add_pull, is_pull
from attribution.ingest.statements import Statement, StatementError
from attribution.model.record import JsonValue

_TYPES = "https://gittuf.dev"
AUTHORIZATIONS = tuple(f"{_TYPES}/reference-authorization/{v}" for v in ("v0.1", "v0.2"))
PULL_REQUESTS = (f"{_TYPES}/github-pull-request/v0.1",)
APPROVALS = (f"{_TYPES}/github-pull-request-approval/v0.1",)

_ACCOUNT = re.compile(r"(.+)\+(\d+)")


@dataclass(frozen=True, slots=True)
class Act:
    """One review as the history of the attestations tells it: whose, approved or dismissed, when.

    `time` is when it was recorded, in RFC 3339; `review` the platform's id of the review; `holder`
    whose key it is where the approver is one.
    """

    approver: str
    event: str
    time: str | None = None
    review: str | None = None
    commit: str | None = None
    holder: str | None = None


@dataclass(frozen=True, slots=True)
class Merge:
    """The pull request whose merge gave the tree that was approved: so its head was approved."""

    number: int | None
    head: str | None
    repository: str | None


NO_MERGE = Merge(None, None, None)


@dataclass(frozen=True, slots=True)
class Authorization:
    """The move of a reference that a statement approves: from a commit, to a tree or a tag."""

    reference: str
    origin: str
    target: str
    approvers: tuple[str, ...] = ()
    dismissed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Approval:
    """A statement of approval, where it stands, and the merge it turned out to be about."""

    place: str
    statement: Statement
    move: Authorization
    merge: Merge


def parse_authorization(statement: Statement) -> Authorization:
    """Return the move a statement approves (reference authorisation, or approval on GitHub).

    Raises StatementError where a part of it is missing, or where its subject is another object:
    gittuf itself refuses such a statement.
    """
    said = statement.predicate
    reference = text(said.get("targetRef"))
    # Version 0.2 of the reference authorisation renamed both, as a tag's target is no tree.
    origin = text(said.get("fromRevisionID") or said.get("fromID"))
    target = text(said.get("targetTreeID") or said.get("targetID"))
    if reference is None or origin is None or target is None:
        raise StatementError("the authorisation lacks the reference, its origin or its target")
    if target not in {d for subject in statement.subjects for d in subject.digests.values()}:
        raise StatementError("the authorisation's target is not its subject")
    approvers, dismissed = (
        tuple(name for name in items(said.get(key)) if isinstance(name, str))
        for key in ("approvers", "dismissedApprovers")
    )
    return Authorization(reference, origin, target, approvers, dismissed)


def add_approvals(
    intake: Intake,
    place: str,
    statement: Statement,
    acts: tuple[Act, ...] = (),
    merge: Merge = NO_MERGE,
) -> None:
    """Give the intake every approval of a pull request that the statement lists, or once listed.

    `acts` are those its history tells; for a name without one the record is undated.
    Raises StatementError where nobody approved anything.
    """
    move = parse_authorization(statement)
    if not move.approvers and not move.dismissed:
        raise StatementError("the approval names nobody who approved")
    told = {(act.approver, act.event) for act in acts}
    listed = [(name, "approved") for name in move.approvers]
    listed += [(name, "dismissed") for name in move.dismissed]
    bare = [Act(name, event) for name, event in listed if (name, event) not in told]
    approval = _Approval(place, statement, move, merge)
    for act in (*acts, *bare):
        match = _ACCOUNT.fullmatch(act.approver)
        account = stated(reviewer_id=match[2] if match else None)
        _add_review(intake, approval, act, match[1] if match else act.approver, account)


def add_authorization(
    intake: Intake,
    place: str,
    statement: Statement,
    acts: tuple[Act, ...] = (),
    merge: Merge = NO_MERGE,
) -> None:
    """Give the intake the authorisation of a move as an approval by each key that signed it.

    Raises StatementError for one without a signature: it is the signature that authorises.
    """
    move = parse_authorization(statement)
    if not statement.signing.key_ids:
        raise StatementError("the authorisation is not signed by a named key")
    told = {act.approver: act for act in acts}
    approval = _Approval(place, statement, move, merge)
    for key in statement.signing.key_ids:
        act = told.get(key, Act(key, "approved"))
        facts: dict[str, JsonValue] = {"reviewer_id": key}
        if act.holder is None:
            facts = {"reviewer_type": "Key"}
        _add_review(intake, approval, act, act.holder or key, facts)


def _add_review(
    intake: Intake, approval: _Approval, act: Act, reviewer: str, facts: dict[str, JsonValue]
) -> None:
    move, merge, statement = approval.move, approval.merge, approval.statement
    logged = statement.signing.logged
    about = f"#{merge.number}" if merge.number is not None else move.reference
    intake.add(
        approval.place,
        f"review.{act.event}",
        time=act.time or logged,
        text=f"{reviewer} {act.event}: {move.reference} from {move.origin[:12]}"
        f" to {move.target[:12]}",
        actor=reviewer,
        subject=about,
        native_id=act.review,
        data=describe(statement)
        | facts
        | stated(
            repository=merge.repository or intake.options.repository,
            number=merge.number,
            commit_id=merge.head,
            reviewer=reviewer,
            ref=move.reference,
            previous=move.origin,
            target=move.target,
            time_basis="recorded" if act.time else "transparency log" if logged else None,
            recorded_in=act.commit,
        ),
        key=(approval.place, act.event, reviewer, act.review),
    )


def add_pull_request(intake: Intake, place: str, statement: Statement) -> None:
    """Give the intake the pull request the statement holds as GitHub's interface gave it.

    Raises StatementError where it holds none.
    """
    if not is_pull(statement.predicate):
        raise StatementError("the statement holds no pull request: number, user or head is missing")
    # The statement holds the pull request without its reviews, and says nothing of there being any.
    facts = describe(statement) | {"reviews_listed": False}
    add_pull(intake, place, statement.predicate, [], reviews_listed=False, beside=facts)


def find_merge(statement: Statement, repository: str | None) -> tuple[Merge, str | None]:
    """Return the pull request a statement holds, and the branch it was to be merged into."""
    said = statement.predicate
    merge = Merge(
        number(said.get("number")),
        text(find(said, "head", "sha")),
        text(find(said, "base", "repo", "full_name")) or repository,
    )
    return merge, text(find(said, "base", "ref"))
