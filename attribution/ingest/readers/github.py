"""What the GitHub readers share: people, repositories, reviews and check runs of the REST API.

Times of check runs, reviews and deployments are in UTC, to the second.
"""

from __future__ import annotations

import re

from attribution.ingest.fields import EMPTY, Table, find, flag, stated, table, text
from attribution.ingest.intake import Intake
from attribution.model.record import JsonValue

_REVIEWS = {
    "APPROVED": "review.approved",
    "CHANGES_REQUESTED": "review.changes_requested",
    "COMMENTED": "review.commented",
    "DISMISSED": "review.dismissed",
}
_LINK = re.compile(r"https?://[^/]+/(?:(?:api/v3/)?repos/)?([^/]+/[^/]+)(?:/|$)")
_PULL = re.compile(r"/pulls?/(\d+)")
_DEPLOYMENT = re.compile(r"/deployments/(\d+)")


def login(user: JsonValue) -> str | None:
    """Return an account's login."""
    return text(table(user).get("login"))


def account_type(user: JsonValue) -> str | None:
    """Return an account's type: User, Bot or Organization."""
    return text(table(user).get("type"))


def repository(*sources: JsonValue) -> str | None:
    """Return `owner/name` from the first repository object or link that states it."""
    for source in sources:
        if isinstance(source, dict) and (name := text(source.get("full_name"))):
            return name
        if isinstance(source, str) and (match := _LINK.match(source)):
            return match[1]
    return None


def pull_number(*links: JsonValue) -> int | None:
    """Return the number of the pull request a link leads to."""
    for link in links:
        if isinstance(link, str) and (match := _PULL.search(link)):
            return int(match[1][:18])
    return None


def deployment_number(link: JsonValue) -> str | None:
    """Return the id of the deployment a link leads to."""
    match = _DEPLOYMENT.search(link) if isinstance(link, str) else None
    return match[1] if match else None


def add_review(intake: Intake, place: str, review: Table, pull: Table = EMPTY) -> None:
    """Give the intake one review; `pull` is the pull request it stands beside."""
    state = (text(review.get("state")) or "").upper()
    kind = _REVIEWS.get(state)
    if kind is None:
        what = "was never submitted" if state == "PENDING" else f"has the state {state[:40]!r}"
        intake.reject(place, f"the review {what}")
        return
    links = (review.get("pull_request_url"), review.get("html_url"))
    number = pull.get("number") if isinstance(pull.get("number"), int) else pull_number(*links)
    who = login(review.get("user"))
    body = text(review.get("body"))
    data = stated(
        repository=repository(find(pull, "base", "repo"), *links, pull.get("html_url"))
        or intake.options.repository,
        number=number,
        commit_id=text(review.get("commit_id")),
        reviewer=who,
        reviewer_type=account_type(review.get("user")),
        body=body,
        association=text(review.get("author_association")),
        review_id=text(review.get("id")) if "node_id" in review else None,
    )
    about = "the change" if number is None else f"#{number}"
    verb = kind.partition(".")[2].replace("_", " ")
    intake.add(
        place,
        kind,
        time=review.get("submitted_at"),
        text=f"{who or 'someone'} {verb}: {about}{f': {body}' if body else ''}",
        actor=who,
        subject=about,
        # `gh` gives the node id alone: by it the two forms of a review are one event.
        native_id=text(review.get("node_id")) or text(review.get("id")),
        data=data,
    )


def add_check(intake: Intake, place: str, check: Table) -> None:
    """Give the intake one check run, if it was completed."""
    status = text(check.get("status"))
    if status not in {None, "completed"}:
        intake.reject(place, f"the check run was not completed: {status}")
        return
    name = text(check.get("name")) or "unnamed check"
    conclusion = text(check.get("conclusion"))
    required = flag(check.get("required"))
    app = text(find(check, "app", "slug")) or text(find(check, "app", "name"))
    data = stated(
        name=name,
        head_sha=text(check.get("head_sha")),
        conclusion=conclusion,
        required=flag(check.get("isRequired")) if required is None else required,
        app=app,
        started=intake.timestamp(check.get("started_at"), place),
    )
    intake.add(
        place,
        "check.completed",
        time=check.get("completed_at"),
        text=f"{name}: {conclusion or 'no conclusion'}",
        actor=app,
        subject=name,
        native_id=text(check.get("id")),
        data=data,
    )


def is_review(entry: Table) -> bool:
    """Return whether an object is a pull request review; in a timeline it is an `event`."""
    return {"state", "commit_id", "user"} <= entry.keys() and "event" not in entry


def is_check(entry: Table) -> bool:
    """Return whether an object is a check run; a workflow's run has these fields, too."""
    return {"head_sha", "conclusion", "name"} <= entry.keys() and "workflow_id" not in entry
