"""Events of review records made by hand, for tests of oversight. All of it is invented."""

from __future__ import annotations

from typing import Any

from attribution.model.actor import ActorDirectory
from attribution.model.commit import Commit
from attribution.model.event import Event, Witness
from attribution.model.instant import SECOND, Instant
from attribution.model.oversight import ChangeReview
from attribution.model.record import JsonValue
from attribution.oversight.reviews import assess_reviews
from attribution.oversight.trees import Trees

REPOSITORY = "org/infra"
HEAD, MERGE, BASE = "b" * 40, "c" * 40, "d" * 40
OPENED, APPROVED, MERGED = 0, 3600, 7200
NOBODY = ActorDirectory(())


def event(
    kind: str,
    seconds: float | None,
    place: str,
    *,
    evidence: str = "E1",
    actor: str | None = None,
    native_id: str | None = None,
    **data: JsonValue,
) -> Event:
    """Return an event that lasts the second it is in; None for one without a time."""
    time = None if seconds is None else Instant(round(seconds * SECOND))
    high = None if time is None else Instant(time + SECOND - 1)
    return Event(
        f"ev-{place}", kind, time, time, high, None, None, None, actor, None, place, native_id,
        (Witness(evidence, place),), data={k: v for k, v in data.items() if v is not None},
    )  # fmt: skip


def pull(
    number: int = 7, *, shift: float = 0, author: str = "dev", **more: JsonValue
) -> list[Event]:
    """Return a pull request opened, and merged two hours later."""
    common: dict[str, Any] = {
        "repository": REPOSITORY,
        "number": number,
        "title": f"Change {number}",
        "author": author,
        "head_sha": HEAD,
        "base_ref": "main",
        "additions": 100,
        "deletions": 0,
        "reviews_listed": True,
        **more,
    }
    merged = {"merged_by": "lead", "merge_sha": MERGE, **common}
    return [
        event("pull_request.opened", OPENED + shift, f"/{number}/opened", **common),
        event("pull_request.merged", MERGED + shift, f"/{number}/merged", **merged),
    ]


def approval(reviewer: str = "reviewer", at: float = APPROVED, **more: JsonValue) -> Event:
    """Return an approval of the merged head."""
    facts: dict[str, Any] = {
        "number": 7, "repository": REPOSITORY, "reviewer": reviewer, "commit_id": HEAD, **more,
    }  # fmt: skip
    return event(
        "review.approved", at, f"/{facts['number']}/reviews/{reviewer}", native_id=f"id-{reviewer}",
        **facts,
    )  # fmt: skip


def state(
    seconds: float | None, *, source: str = "branch_protection", **values: JsonValue
) -> Event:
    """Return how the rules of the main branch stood."""
    scope: dict[str, Any] = {"repository": REPOSITORY, "branch": "main", "source": source, **values}
    return event("protection.state", seconds, f"/state{seconds}{source}", evidence="E2", **scope)


def change(
    seconds: float,
    before: dict[str, JsonValue] | None,
    after: dict[str, JsonValue] | None,
    concerns: list[JsonValue] | None = None,
) -> Event:
    """Return a logged change of the protection of the main branch."""
    return event(
        "protection.changed", seconds, f"/change{seconds}", evidence="E3", actor="admin",
        repository=REPOSITORY, branch="main", source="branch_protection", operation="changed",
        before=before, after=after, concerns=concerns, log="github-audit-log",
    )  # fmt: skip


def assess(
    *events: Event, commits: tuple[Commit, ...] = (), trees: Trees | None = None
) -> tuple[ChangeReview, ...]:
    """Return the reviews of the events, which may come in any order."""
    dated = sorted(
        (one for one in events if one.time is not None), key=lambda one: (one.time or 0, one.id)
    )
    undated = [one for one in events if one.time is None]
    return assess_reviews(dated, commits, NOBODY, trees, undated)
