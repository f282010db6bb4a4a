"""GitHub pull requests (REST API): opened, merged, reviewed, with the checks and commits beside.

Read are: the pull request object; an export that puts `reviews`, `check_runs`, `commits`, `files`,
`statuses`, `workflow_runs` and `timeline` beside `pull_request`; a list of either; and the bare
list of reviews of one pull request.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

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
from attribution.ingest.readers.github_statuses import add_run
from attribution.ingest.readers.github_timeline import Pull, add_event
from attribution.ingest.source import Source
from attribution.model.record import JsonValue


def _read(source: Source, intake: Intake) -> None:
    for place, entry in walk_entries(source, intake, "pull_requests"):
        if "pull_request" in entry or "reviews" in entry:
            _add_export(intake, "" if place == WHOLE else place, entry)
        elif is_review(entry):
            add_review(intake, place, entry)
        elif is_pull(entry):
            add_pull(intake, place, entry, [], reviews_listed=False)
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
        files = _paths(_listed(export, "files"))
        listed = "reviews" in export
        add_pull(intake, at("pull_request"), pull, shas, reviews_listed=listed, files=files)
    elif "pull_request" in export:
        intake.reject(at("pull_request"), "not a pull request: number, user or head is missing")
    name = repository(find(pull, "base", "repo"), export.get("repository"), pull.get("html_url"))
    beside = Pull(name or intake.options.repository, number(pull.get("number")))
    nested = isinstance(export.get("check_runs"), dict)
    checks = find(export, "check_runs", "check_runs") if nested else export.get("check_runs")
    adders: dict[str, Callable[[str, Table], None]] = {
        "reviews": lambda where, entry: add_review(intake, where, entry, pull),
        "commits": lambda where, entry: add_rest_commit(intake, where, entry, name),
        "check_runs": lambda where, entry: add_check(intake, where, entry),
        "statuses": lambda where, entry: add_run(intake, where, entry, {}),
        "check_suites": lambda where, entry: add_run(intake, where, entry, {}),
        "workflow_runs": lambda where, entry: add_run(intake, where, entry, {}),
        "timeline": lambda where, entry: add_event(intake, where, entry, beside),
    }
    for key, add in adders.items():
        entries = items(checks) if key == "check_runs" else _listed(export, key)
        inside = ("check_runs", "check_runs") if key == "check_runs" and nested else (key,)
        for index, entry in enumerate(entries):
            where = at(*inside, index)
            if isinstance(entry, dict):
                add(where, entry)
            else:
                intake.reject(where, f"an object was expected, got {name_type(entry)}")


def _listed(export: Table, key: str) -> list[JsonValue]:
    return items(export.get(key))


def _paths(files: list[JsonValue]) -> list[JsonValue]:
    """Return the paths a pull request touches: of a renamed file the old one as well."""
    found = [
        path
        for entry in files
        for key in ("filename", "previous_filename")
        if (path := text(find(entry, key)))
    ]
    return list[JsonValue](dict.fromkeys(found))


def _names(people: JsonValue, key: str) -> list[JsonValue] | None:
    """Return the names under `key` of a list of objects, None where there is no such list."""
    if not isinstance(people, list):
        return None
    return [name for person in people if (name := text(find(person, key)))]


def is_pull(entry: Table) -> bool:
    """Return whether an object is a pull request."""
    return {"number", "user", "head"} <= entry.keys()


def add_pull(
    intake: Intake,
    place: str,
    pull: Table,
    commits: list[str],
    *,
    reviews_listed: bool,
    files: list[JsonValue] | None = None,
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
        base_sha=text(find(pull, "base", "sha")),
        default_branch=text(find(pull, "base", "repo", "default_branch")),
        requested_reviewers=_names(pull.get("requested_reviewers"), "login"),
        requested_teams=_names(pull.get("requested_teams"), "slug"),
        files=files or None,
        additions=number(pull.get("additions")),
        deletions=number(pull.get("deletions")),
        changed_files=number(pull.get("changed_files")),
        reviews_listed=reviews_listed or None,
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
    title="GitHub pull request, with its reviews, checks, commits, files and timeline",
    told_by="objects with number, user and head (alone or under pull_request), or reviews with"
    " state and commit_id",
    source="https://docs.github.com/en/rest/pulls",
    kinds=frozenset({"json", "lines"}),
    sniff=_sniff,
    read=_read,
)
