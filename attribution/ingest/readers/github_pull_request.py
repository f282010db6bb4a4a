"""GitHub pull requests (REST API): opened, merged, reviewed, with the checks and commits beside.

Read are: the pull request object; an export that puts `reviews`, `check_runs` and `commits` beside
`pull_request`; a list of either; and the bare list of reviews of one pull request.
"""

from __future__ import annotations

from collections.abc import Mapping

from attribution.ingest.documents import WHOLE, first_entries, name_type, walk_entries
from attribution.ingest.fields import EMPTY, Table, find, items, number, stated, table, text
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.readers.commits import add_rest_commit
from attribution.ingest.readers.github import (
    account_type,
    add_check,
    add_review,
    is_review,
    login,
    repository,
)
from attribution.ingest.source import Source
from attribution.model.record import JsonValue


def _read(source: Source, intake: Intake) -> None:
    for place, entry in walk_entries(source, intake, "pull_requests"):
        if "pull_request" in entry or "reviews" in entry:
            _add_export(intake, "" if place == WHOLE else place, entry)
        elif is_review(entry):
            add_review(intake, place, entry)
        elif is_pull(entry):
            add_pull(intake, place, entry, [])
        else:
            intake.reject(place, "neither a pull request nor a review of one")


def _add_export(intake: Intake, place: str, export: Table) -> None:
    # An object on one line has no pointer of its own beyond the line.
    def at(*parts: object) -> str:
        return place if place.startswith("line") else "/".join([place, *map(str, parts)])

    pull = table(export.get("pull_request"))
    commits = _listed(export, "commits")
    if is_pull(pull):
        shas = [sha for commit in commits if (sha := text(find(commit, "sha")))]
        facts: dict[str, JsonValue] = {"reviews_listed": True} if "reviews" in export else {}
        add_pull(intake, at("pull_request"), pull, shas, facts)
    elif "pull_request" in export:
        intake.reject(at("pull_request"), "not a pull request: number, user or head is missing")
    name = repository(find(pull, "base", "repo"), export.get("repository"), pull.get("html_url"))
    for key, entries in (("reviews", _listed(export, "reviews")), ("commits", commits)):
        for index, entry in enumerate(entries):
            where = at(key, index)
            if not isinstance(entry, dict):
                intake.reject(where, f"an object was expected, got {name_type(entry)}")
            elif key == "reviews":
                add_review(intake, where, entry, pull)
            else:
                add_rest_commit(intake, where, entry, name)
    checks = export.get("check_runs")
    nested = isinstance(checks, dict)
    for index, entry in enumerate(items(find(checks, "check_runs") if nested else checks)):
        where = at("check_runs", *(["check_runs"] if nested else []), index)
        if isinstance(entry, dict):
            add_check(intake, where, entry)
        else:
            intake.reject(where, f"an object was expected, got {name_type(entry)}")


def _listed(export: Table, key: str) -> list[JsonValue]:
    return items(export.get(key))


def is_pull(entry: Table) -> bool:
    """Return whether an object is a pull request."""
    return {"number", "user", "head"} <= entry.keys()


def add_pull(
    intake: Intake,
    place: str,
    pull: Table,
    commits: list[str],
    beside: Mapping[str, JsonValue] = EMPTY,
) -> None:
    """Give the intake a pull request: opened, and merged or closed. `beside` adds to its data."""
    name = repository(find(pull, "base", "repo"), pull.get("html_url"), pull.get("url"))
    name = name or intake.options.repository
    key = number(pull.get("number"))
    title = text(pull.get("title")) or ""
    author = login(pull.get("user"))
    common = stated(
        repository=name,
        number=key,
        title=title,
        author=author,
        author_type=account_type(pull.get("user")),
        head_sha=text(find(pull, "head", "sha")),
        head_ref=text(find(pull, "head", "ref")),
        base_ref=text(find(pull, "base", "ref")),
        additions=number(pull.get("additions")),
        deletions=number(pull.get("deletions")),
        changed_files=number(pull.get("changed_files")),
    ) | dict(beside)

    def add(event: str, time: str, who: str | None, facts: dict[str, JsonValue]) -> None:
        intake.add(
            place,
            f"pull_request.{event}",
            time=pull.get(time),
            text=f"#{key} {event}: {title}",
            actor=who,
            subject=f"#{key}",
            native_id=f"{name or ''}#{key}:{event}",
            data=facts,
        )

    listed = list[JsonValue](commits) or None
    add(
        "opened", "created_at", author, common | stated(body=text(pull.get("body")), commits=listed)
    )
    if pull.get("merged_at"):
        by = pull.get("merged_by")
        facts = stated(
            merged_by=login(by),
            merged_by_type=account_type(by),
            merge_sha=text(pull.get("merge_commit_sha")),
            bypassed=bypassed if isinstance(bypassed := pull.get("bypassed"), bool) else None,
            commits=listed,
        )
        add("merged", "merged_at", login(by), common | facts)
    elif pull.get("closed_at"):
        add("closed", "closed_at", login(pull.get("closed_by")), common)


def _sniff(source: Source) -> float:
    entries = first_entries(source, "pull_requests")
    if any(is_pull(table(entry.get("pull_request"))) or is_pull(entry) for entry in entries):
        return 1.0
    return 0.9 if any(map(is_review, entries)) else 0.0


FORMAT = Format(
    id="github-pull-request",
    title="GitHub pull request, with its reviews, check runs and commits",
    told_by="objects with number, user and head (alone or under pull_request), or reviews with"
    " state and commit_id",
    source="https://docs.github.com/en/rest/pulls",
    kinds=frozenset({"json", "lines"}),
    sniff=_sniff,
    read=_read,
)
