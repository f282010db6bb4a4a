"""Which pull request carried a commit, as records or the platform's own subject lines show it."""

from __future__ import annotations

import re
from collections import defaultdict
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


class RequestIndex:
    """The pull requests by the commits they carry and by number: a commit is looked up at once."""

    def __init__(self, requests: Iterable[PullRequest]) -> None:
        self._by_commit: dict[str, list[PullRequest]] = defaultdict(list)
        self._by_number: dict[int, list[PullRequest]] = defaultdict(list)
        for request in requests:
            self._by_number[request.number].append(request)
            for sha in request.commits:
                self._by_commit[sha].append(request)

    def request_of(self, event: Event) -> PullRequest | None:
        """Return the pull request that carried this commit, None where nothing shows one.

        A record that lists the commit comes before the number in the commit's own subject.
        """
        repository = _text(event.data, "repository")
        sha = _text(event.data, "sha")
        listed = [] if sha is None else _fitting(self._by_commit.get(sha, ()), repository)
        if listed:
            return listed[0]
        number = number_in(_text(event.data, "subject") or event.text)
        if number is None:
            return None
        named = _fitting(self._by_number.get(number, ()), repository)
        return named[0] if len(named) == 1 else PullRequest(number, repository)


def _fitting(requests: Iterable[PullRequest], repository: str | None) -> list[PullRequest]:
    return [
        request
        for request in requests
        if repository is None or request.repository in {None, repository}
    ]


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
