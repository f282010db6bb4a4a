"""Commits that a platform made of a whole pull request, and the commits they were made of.

GitHub keeps the head of every pull request as `refs/pull/N/head` and ends a squash's subject with
"(#N)" (docs.github.com, "About pull request merges" and "Checking out pull requests locally"). A
squash is followed where what it changes is what the pull request's commits change together.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass

from attribution.errors import InputError
from attribution.ingest.git import Repository
from attribution.ingest.patch_ids import read_patch_ids
from attribution.provenance.counterparts import pair_lines
from attribution.provenance.history import History
from attribution.provenance.patches import read_patches

NO_HEAD = "the head of its pull request is not in this repository"
NO_BASE = "its pull request's commits lead to nothing before it within reach"
NOT_COMPARED = "it changes nothing, or the repository lacks files that it changes"
OTHER_PATCH = "its pull request's commits together change something else"

MOST = 250
"""GitHub itself lists no more commits of a pull request than this."""

_NUMBER = re.compile(r".*\(#(\d{1,9})\)")
_HEADS = ("refs/pull/*/head", "refs/remotes/*/pull/*/head", "refs/remotes/*/pr/*")
_HEAD = re.compile(r"refs/(?:pull|remotes/[^/]+/(?:pull|pr))/(\d{1,9})(?:/head)?")


@dataclass(frozen=True, slots=True)
class Squash:
    """What a squash was made of: the commits of its pull request, the newest first.

    `lines` maps path -> number of a line the squash put in -> its number at `head`.
    """

    number: int
    head: str
    commits: tuple[str, ...]
    lines: dict[str, dict[int, int]]


def squashed_number(subject: str, parents: Sequence[str]) -> int | None:
    """Return the number of the pull request that a commit of one parent says it is made of."""
    match = _NUMBER.fullmatch(subject.strip())
    return int(match[1]) if match and len(parents) == 1 else None


def list_heads(repository: Repository) -> dict[int, str]:
    """Return the head of every pull request that the repository has a reference for."""
    rows = repository.run("for-each-ref", "--format=%(objectname) %(refname)", *_HEADS)
    heads: dict[int, str] = {}
    for row in rows.splitlines():
        sha, _, name = row.partition(" ")
        match = _HEAD.fullmatch(name)
        if match:
            heads.setdefault(int(match[1]), sha)
    return heads


@dataclass(frozen=True, slots=True)
class Proposal:
    """A commit that may be a squash: of the commits from `base` to `head`, the newest first."""

    sha: str
    parent: str
    number: int
    head: str
    base: str
    commits: tuple[str, ...]

    @property
    def whole(self) -> str:
        """Return what to compare for the pull request as a whole."""
        return f"{self.head} {self.base}"

    @property
    def squashed(self) -> str:
        """Return what to compare for the commit itself."""
        return f"{self.sha} {self.parent}"


def propose_squashes(
    history: History, heads: Mapping[int, str], lost: Counter[str]
) -> Iterator[Proposal]:
    """Yield what each commit on the first-parent line that names a pull request may be made of.

    The base is the newest commit of that line which the pull request's head has behind it. `lost`
    counts, by reason, those of which nothing can be proposed.
    """
    rank = {at: row for row, at in enumerate(history.line)}
    for at in history.line:
        fact = history.commits[at]
        number, parent = fact.pull_request, history.parent(at)
        if number is None or len(fact.parents) != 1 or parent is None:
            continue
        head = history.position.get(heads.get(number, ""))
        if head is None:
            lost[NO_HEAD] += 1
            continue
        found = _climb(history, head, rank)
        base = min((rank[one] for one in found if rank.get(one, -1) >= rank[parent]), default=None)
        commits = [one for one in found if one not in rank]
        if base is None or not commits or len(commits) > MOST:
            lost[NO_BASE] += base is None
            continue
        below = history.commits[history.line[base]].sha
        made = tuple(
            history.commits[one].sha for one in commits if len(history.commits[one].parents) == 1
        )
        if made:
            yield Proposal(fact.sha, fact.parents[0], number, heads[number], below, made)


def _climb(history: History, head: int, line: Container[int]) -> list[int]:
    """Return what lies behind a commit, no further than the line and not without end."""
    found: dict[int, None] = {}
    ahead = deque([head])
    while ahead and len(found) <= MOST + 1:
        at = ahead.popleft()
        if at in found:
            continue
        found[at] = None
        if at not in line:
            parents = (history.position.get(sha) for sha in history.commits[at].parents)
            ahead.extend(one for one in parents if one is not None)
    return list(found)


def confirm_squashes(
    repository: Repository, proposals: Sequence[Proposal], lost: Counter[str]
) -> frozenset[str]:
    """Return which proposed squashes change what their pull request does.

    `lost` counts the others, by reason.
    """
    asked = [line for one in proposals for line in (one.whole, one.squashed)]
    patches = read_patch_ids(repository, asked, context=False)
    same = set()
    for one in proposals:
        whole, squashed = patches.get(one.whole), patches.get(one.squashed)
        if whole is None or squashed is None:
            lost[NOT_COMPARED] += 1
        elif whole != squashed:
            lost[OTHER_PATCH] += 1
        else:
            same.add(one.sha)
    return frozenset(same)


def follow_squash(
    repository: Repository, sha: str, parent: str, number: int, head: str | None
) -> Squash | str:
    """Return what a commit was squashed from, or why that cannot be told.

    `head` is the head of pull request `number`. Files in which the two differ are left out of
    `lines`; where they differ in all, the squash is not followed.
    """
    if head is None:
        return NO_HEAD
    try:
        base = repository.run("merge-base", parent, head).strip()
        listed = repository.run("rev-list", "--no-merges", f"--max-count={MOST}", f"{base}..{head}")
        squashed, together = read_patches(repository, [(parent, sha), (base, head)])
    except InputError:
        return NO_BASE
    lines = pair_lines(squashed, together)
    commits = tuple(listed.split())
    if not lines or not commits or sha in commits:
        return OTHER_PATCH
    return Squash(number, head, commits, lines)
