"""Which pull request carried a commit, as records or the platform's own subject lines show it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from attribution.model.event import Event
from attribution.model.record import JsonValue

# https://docs.github.com/en/pull-requests/collaborating-with-pull-requests: a squash ends the
# subject with "(#N)", a merge commit's subject is "Merge pull request #N from OWNER/BRANCH".
_OPENED = "pull_request.opened"
_SUBJECT = re.compile(r".*\(#(\d+)\)|Merge pull request #(\d+) from .+")


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A pull request; `reference` is None where only a subject line names it."""

    number: int
    repository: str | None = None
    author: str | None = None
    head_ref: str | None = None
    commits: frozenset[str] = frozenset()
    reference: str | None = None
    body: str = ""


def find_requests(events: Iterable[Event]) -> tuple[PullRequest, ...]:
    """Return the pull requests among the events, with every commit they are shown to carry."""
    found: dict[tuple[str | None, int], PullRequest] = {}
    for event in events:
        number = event.data.get("number")
        if not event.kind.startswith("pull_request.") or not isinstance(number, int):
            continue
        data = event.data
        repository = _text(data, "repository")
        known = found.get((repository, number), PullRequest(number, repository))
        found[repository, number] = replace(
            known,
            author=known.author or _text(data, "author"),
            head_ref=known.head_ref or _text(data, "head_ref"),
            commits=known.commits | _shas(data),
            body=known.body or (_text(data, "body") or "" if event.kind == _OPENED else ""),
            reference=known.reference or event.references[0],
        )
    return tuple(found[key] for key in sorted(found, key=lambda key: (key[0] or "", key[1])))


def request_of(event: Event, requests: Iterable[PullRequest]) -> PullRequest | None:
    """Return the pull request that carried this commit, None where nothing shows one.

    A record that lists the commit comes before the number in the commit's own subject.
    """
    sha = event.data.get("sha")
    repository = _text(event.data, "repository")
    requests = [
        request
        for request in requests
        if repository is None or request.repository in {None, repository}
    ]
    for request in requests:
        if sha in request.commits:
            return request
    number = number_in(_text(event.data, "subject") or event.text)
    if number is None:
        return None
    named = [request for request in requests if request.number == number]
    return named[0] if len(named) == 1 else PullRequest(number, repository)


def number_in(subject: str) -> int | None:
    """Return the pull request number in a subject line the platform wrote, None without one."""
    lines = subject.splitlines()
    match = _SUBJECT.fullmatch(lines[0].strip()) if lines else None
    return None if match is None else int(match[1] or match[2])


# GitHub's merge commits, and those of git itself and of GitLab.
_MERGED = re.compile(
    r"Merge pull request #(?P<number>\d+) from [^/\s]+/(?P<head>\S+)"
    r"|Merge (?:remote-tracking )?branch '(?:origin/)?(?P<branch>[^'\s]+)'(?: of \S+)?(?: into .+)?"
)


def head_in(subject: str) -> tuple[str, int | None] | None:
    """Return the branch that a merge's subject line names, and its pull request's number."""
    match = _MERGED.fullmatch(subject.strip())
    if match is None:
        return None
    return match["head"] or match["branch"], int(match["number"]) if match["number"] else None


def _shas(data: Mapping[str, JsonValue]) -> frozenset[str]:
    listed = data.get("commits")
    named = [data.get("head_sha"), data.get("merge_sha")]
    shas = [*named, *(listed if isinstance(listed, list) else [])]
    return frozenset(sha for sha in shas if isinstance(sha, str) and sha)


def _text(data: Mapping[str, JsonValue], key: str) -> str | None:
    value = data.get(key)
    return value if isinstance(value, str) and value else None
