"""Approvals and notes of a GitLab merge request, as reviews of the head that stood then.

GitLab tells of an approval twice: in a system note, which has the time, and in the list of who
approves now, which has it only of late (`approved_at`). They are one review.

Source: https://docs.gitlab.com/api/merge_request_approvals/ and, for what the notes say,
https://gitlab.com/gitlab-org/gitlab/-/tree/master/app/services/system_notes
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from attribution.ingest.documents import name_type
from attribution.ingest.fields import Table, find, flag, items, stated, table, text
from attribution.ingest.intake import Intake
from attribution.ingest.readers.gitlab import (
    Heads,
    Request,
    account_type,
    is_push,
    pushed_head,
    username,
)
from attribution.model.record import JsonValue

_SAID: Mapping[str, str] = MappingProxyType(
    {
        "approved this merge request": "approved",
        "unapproved this merge request": "dismissed",
        "requested changes": "changes_requested",
    }
)
"""What a system note says -> what kind of review it is."""

_RESET = re.compile(r"reset approvals? from (.+?) by (.+)", re.DOTALL)
_USER = re.compile(r"@([A-Za-z0-9_][A-Za-z0-9_.-]*)")


@dataclass(frozen=True, slots=True)
class Review:
    """One review as it is given to the intake; `person` is the account object."""

    kind: str
    person: JsonValue
    time: JsonValue
    native_id: str | None = None
    body: str | None = None
    reviewer: str | None = None
    facts: tuple[tuple[str, JsonValue], ...] = ()


def add_reviews(
    intake: Intake, places: Mapping[str, str], export: Table, request: Request, heads: Heads
) -> None:
    """Give the intake the notes of a request, and the approvals no note tells of.

    `places` are those of `notes` and `approvals` in the file.
    """
    standing: dict[str, Review] = {}
    notes = items(export.get("notes"))
    dated = sorted(
        range(len(notes)), key=lambda at: (str(find(table(notes[at]), "created_at")), at)
    )
    for at in dated:
        place = _at(places["notes"], at)
        note = notes[at]
        if not isinstance(note, dict):
            intake.reject(place, f"an object was expected, got {name_type(note)}")
            continue
        for review in add_note(intake, place, note, request, heads):
            name = review.reviewer or username(review.person) or ""
            if review.kind == "approved":
                standing[name] = review
            elif review.kind in {"dismissed", "changes_requested"}:
                standing.pop(name, None)
    place = places["approvals"]
    for index, entry in enumerate(items(table(export.get("approvals")).get("approved_by"))):
        where = place if place.startswith("line") else f"{place}/approved_by/{index}"
        given = table(entry)
        approver = username(given.get("user"))
        if approver is None:
            intake.reject(where, "the approval names no user")
            continue
        listed = Review("approved", given.get("user"), given.get("approved_at"))
        _add(intake, where, standing.get(approver, listed), request, heads)


def _at(place: str, index: int) -> str:
    # An object on one line has no pointer of its own beyond the line.
    return place if place.startswith("line") else f"{place}/{index}"


def add_note(
    intake: Intake, place: str, note: Table, request: Request, heads: Heads
) -> list[Review]:
    """Give the intake one note of a request; return the reviews it tells of.

    A comment is a review without a verdict; what the platform noted beside approvals and pushes is
    kept as an entry of the request's history.
    """
    body = note.get("body")
    body = body.strip() if isinstance(body, str) else ""
    author, time, own = note.get("author"), note.get("created_at"), text(note.get("id"))
    reviews: list[Review] = []
    if flag(note.get("system")) is not True:
        reviews.append(Review("commented", author, time, own, body=body))
    elif body in _SAID:
        reviews.append(Review(_SAID[body], author, time, own))
    elif match := _RESET.match(body):
        cause = (("event", f"reset by {match[2].strip()}"),)
        for name in dict.fromkeys(_USER.findall(match[1])):
            reset = f"{own}:{name}" if own else None
            reviews.append(Review("dismissed", author, time, reset, reviewer=name, facts=cause))
    else:
        _add_history(intake, place, note, request, body)
    for review in reviews:
        _add(intake, place, review, request, heads)
    return reviews


def _add_history(intake: Intake, place: str, note: Table, request: Request, body: str) -> None:
    pushed = is_push(note)
    who = username(note.get("author"))
    first = body.partition("\n")[0]
    intake.add(
        place,
        "pull_request.event",
        time=note.get("created_at"),
        text=f"{request.name}: {first}",
        actor=who,
        subject=request.name,
        native_id=text(note.get("id")),
        data=stated(
            repository=request.repository,
            number=request.number,
            event="pushed" if pushed else first[:200],
            commit_id=pushed_head(note, request) if pushed else None,
        ),
    )


def _add(intake: Intake, place: str, review: Review, request: Request, heads: Heads) -> None:
    who = review.reviewer or username(review.person)
    commit = heads.at(intake.instant(review.time, place))
    verb = review.kind.replace("_", " ")
    intake.add(
        place,
        f"review.{review.kind}",
        time=review.time,
        text=f"{who or 'someone'} {verb}: {request.name}"
        + (f": {review.body}" if review.body else ""),
        actor=username(review.person) if review.person is not None else who,
        subject=request.name,
        native_id=review.native_id,
        data=stated(
            repository=request.repository,
            number=request.number,
            commit_id=commit,
            commit_basis=heads.basis if commit else None,
            reviewer=who,
            reviewer_type=None if review.reviewer else account_type(review.person),
            body=review.body,
            **dict(review.facts),
        ),
    )
