"""The timeline of a GitHub pull request: who was asked to review, what was pushed, when it merged.

Read are the response of `issues/NUMBER/timeline`, alone or under `timeline` beside `repository` and
`number`. An entry does not say which pull request it is of; a review in the same list does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from attribution.ingest.documents import first_entries, walk_entries
from attribution.ingest.fields import Table, find, number, stated, table, text
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.readers.commits import Person, add_commit, parse_trailers
from attribution.ingest.readers.github import (
    account_type,
    add_review,
    login,
    pull_number,
    repository,
)
from attribution.ingest.source import Source
from attribution.model.record import JsonValue

KINDS: Mapping[str, str] = {
    "review_requested": "pull_request.review_requested",
    "review_request_removed": "pull_request.review_request_removed",
    "review_dismissed": "review.dismissed",
    "head_ref_force_pushed": "pull_request.head_force_pushed",
    "ready_for_review": "pull_request.ready_for_review",
    "convert_to_draft": "pull_request.converted_to_draft",
    "assigned": "pull_request.assigned",
    "auto_merge_enabled": "pull_request.auto_merge_enabled",
    "auto_merge_disabled": "pull_request.auto_merge_disabled",
    "added_to_merge_queue": "pull_request.queued",
    "removed_from_merge_queue": "pull_request.unqueued",
    "merged": "pull_request.event",
    "closed": "pull_request.event",
    "reopened": "pull_request.event",
}
"""Timeline events by their kind of record; any other is `pull_request.event`.

Source: https://docs.github.com/en/rest/using-the-rest-api/issue-event-types
"""

_OTHER = "pull_request.event"


@dataclass(frozen=True, slots=True)
class Pull:
    """The pull request a timeline is of, as far as it is known."""

    repository: str | None
    number: int | None


def _read(source: Source, intake: Intake) -> None:
    whole = table(source.document) if source.kind == "json" else {}
    entries = list(walk_entries(source, intake, "timeline"))
    pull = find_pull([entry for _, entry in entries], whole, intake.options.repository)
    if pull.number is None:
        intake.truncate("the timeline does not say which pull request it is of")
    for place, entry in entries:
        add_event(intake, place, entry, pull)


def find_pull(entries: Sequence[Table], beside: Table, default: str | None) -> Pull:
    """Return the pull request that the entries, or what stands beside them, say they are of."""
    links = [entry.get(key) for entry in entries for key in ("pull_request_url", "html_url", "url")]
    own = [entry.get("pull_request_url") for entry in entries]
    own += [entry.get("html_url") for entry in entries if entry.get("event") == "reviewed"]
    stated_number = number(beside.get("number"))
    return Pull(
        text(beside.get("repository")) or repository(*links) or default,
        pull_number(*own) if stated_number is None else stated_number,
    )


def add_event(intake: Intake, place: str, entry: Table, pull: Pull) -> None:
    """Give the intake one entry of a timeline."""
    event = text(entry.get("event"))
    if event == "reviewed":
        add_review(intake, place, entry, {"number": pull.number} if pull.number else {})
    elif event == "committed":
        _add_commit(intake, place, entry, pull)
    elif event is None:
        intake.reject(place, "no event: this is no entry of a timeline")
    else:
        _add(intake, place, entry, event, pull)


def _add(intake: Intake, place: str, entry: Table, event: str, pull: Pull) -> None:
    who = login(entry.get("actor")) or login(entry.get("user"))
    dismissed = table(entry.get("dismissed_review"))
    wanted = login(entry.get("requested_reviewer"))
    team = text(find(entry, "requested_team", "slug"))
    assignee = entry.get("assignee")
    data = stated(
        repository=pull.repository,
        number=pull.number,
        event=event,
        requested_reviewer=wanted,
        requested_team=team,
        requester=login(entry.get("review_requester")),
        assignee=login(assignee),
        assignee_type=account_type(assignee),
        assigner=login(entry.get("assigner")) or (who if event == "assigned" else None),
        # Of a dismissal the commit is the head at that time, not the one that was reviewed.
        dismissed_review=text(dismissed.get("review_id")),
        dismissed_state=text(dismissed.get("state")),
        dismissal_commit=text(dismissed.get("dismissal_commit_id")),
        message=text(dismissed.get("dismissal_message")),
        app=text(find(entry, "performed_via_github_app", "slug")),
        commit_id=text(entry.get("commit_id")) if event != "review_dismissed" else None,
    )
    about = "the change" if pull.number is None else f"#{pull.number}"
    whom = wanted or team or login(assignee)
    identity = text(entry.get("id")) or text(entry.get("node_id"))
    intake.add(
        place,
        KINDS.get(event, _OTHER),
        time=entry.get("created_at") or entry.get("submitted_at"),
        text=f"{about} {event.replace('_', ' ')}{f': {whom}' if whom else ''}",
        actor=who,
        subject=about,
        native_id=identity,
        data=data,
    )


def _add_commit(intake: Intake, place: str, entry: Table, pull: Pull) -> None:
    message = entry.get("message")
    message = message if isinstance(message, str) else ""
    author, committer = (_person(entry.get(role)) for role in ("author", "committer"))
    parents: list[JsonValue] = [
        sha for parent in _listed(entry.get("parents")) if (sha := text(find(parent, "sha")))
    ]
    facts = stated(parents=parents, trailers=parse_trailers(message), repository=pull.repository)
    add_commit(
        intake,
        place,
        text(entry.get("sha")),
        author=author,
        committer=committer,
        message=message,
        facts=facts,
    )


def _listed(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []


def _person(value: JsonValue) -> Person:
    person = table(value)
    return Person(text(person.get("name")), text(person.get("email")), person.get("date"))


def _is_event(entry: Table) -> bool:
    return isinstance(entry.get("event"), str) and bool(
        {"actor", "user", "sha", "node_id"} & entry.keys()
    )


def _sniff(source: Source) -> float:
    whole = table(source.document) if source.kind == "json" else {}
    if "pull_request" in whole:
        return 0.0
    entries = first_entries(source, "timeline")
    runs = any("workflow_id" in entry or "run_attempt" in entry for entry in entries)
    return 0.0 if runs else float(any(map(_is_event, entries)))


FORMAT = Format(
    id="github-timeline",
    title="GitHub timeline of a pull request",
    told_by="objects with event and actor, in a list or under timeline",
    source="https://docs.github.com/en/rest/issues/timeline",
    kinds=frozenset({"json", "lines"}),
    sniff=_sniff,
    read=_read,
)
