"""Commits that a platform made of a whole pull request, and the commits they were made of.

GitHub keeps the head of every pull request as `refs/pull/N/head` and ends a squash's subject with
"(#N)" (docs.github.com, "About pull request merges" and "Checking out pull requests locally"). A
squash is followed where what it changes is what the pull request's commits change together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from attribution.errors import InputError
from attribution.ingest.git import Repository
from attribution.provenance.counterparts import pair_lines
from attribution.provenance.patches import read_patches

NO_HEAD = "the head of its pull request is not in this repository"
NO_BASE = "its pull request has no commit in common with the history before it"
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
