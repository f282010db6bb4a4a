"""The commit that repairs: which one a person means, and what it changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from attribution.errors import InputError
from attribution.ingest.git import Repository
from attribution.provenance.blame import CommitLabel, parse_seconds
from attribution.provenance.patches import Patch, read_patches

_FIELDS = 4
_FORMAT = "--format=%H%x00%P%x00%ct%x00%B"


@dataclass(frozen=True, slots=True)
class CommitFacts:
    """What a commit object says: its parents, when it was committed, its message.

    The time is in seconds since 1970, UTC.
    """

    sha: str
    parents: tuple[str, ...]
    committed: int
    message: str

    @property
    def subject(self) -> str:
        """Return the first line of the message."""
        return self.message.partition("\n")[0].strip()

    @property
    def label(self) -> CommitLabel:
        """Return what is shown of the commit."""
        return CommitLabel(self.sha, self.committed, self.subject)


@dataclass(frozen=True, slots=True)
class Fix:
    """A commit that repairs something, against its first parent."""

    facts: CommitFacts
    patch: Patch

    @property
    def parent(self) -> str:
        """Return the commit in which the defect still is."""
        return self.facts.parents[0]


def read_commits(repository: Repository, shas: Iterable[str]) -> dict[str, CommitFacts]:
    """Return the facts of commits given by full id. Raises InputError when one is missing."""
    wanted = list(dict.fromkeys(shas))
    if not wanted:
        return {}
    options = ("--no-walk=unsorted", "--no-notes", "--encoding=UTF-8", "-z", _FORMAT)
    parts = list(repository.split("log", *options, *wanted, "--"))
    found: dict[str, CommitFacts] = {}
    for at in range(0, len(parts) - _FIELDS + 1, _FIELDS):
        sha, parents, committed, message = parts[at : at + _FIELDS]
        found[sha] = CommitFacts(sha, tuple(parents.split()), parse_seconds(committed), message)
    return found


def resolve_commit(repository: Repository, revision: str) -> str | None:
    """Return the full id of the one commit a revision names, None where it names none."""
    if not revision or "\0" in revision:
        return None
    options = ("rev-parse", "--verify", "--quiet", "--end-of-options")
    try:
        return repository.run(*options, f"{revision}^{{commit}}").strip() or None
    except InputError:
        return None


def is_shallow(repository: Repository) -> bool:
    """Return whether the history was cut when cloned. Raises InputError for no repository."""
    return repository.run("rev-parse", "--is-shallow-repository").strip() == "true"


def require_commit(repository: Repository, revision: str) -> str:
    """Return the full id of the one commit a revision names; InputError where it names none."""
    sha = resolve_commit(repository, revision)
    if sha is None:
        is_shallow(repository)  # where there is no repository, this says so
        raise InputError(
            "no such commit",
            file=repository.file,
            got=revision,
            expected="a commit id, branch or tag of this repository",
            remedy="`git log` lists the commits; a clone of part of the history may lack it",
        )
    return sha


def read_fix(repository: Repository, revision: str) -> Fix:
    """Return the commit that `revision` names, and what it changed against its first parent.

    Raises InputError when there is no such commit, when it has no parent here (the first commit, or
    the edge of a shallow clone), or when it changed no text.
    """
    sha = require_commit(repository, revision)
    facts = read_commits(repository, [sha])[sha]
    if not facts.parents:
        shallow = is_shallow(repository)
        raise InputError(
            "nothing lies before this commit here",
            file=repository.file,
            place=f"commit {sha}",
            got="the edge of a shallow clone" if shallow else "a first commit, without a parent",
            expected="a commit that repairs what an earlier one brought in",
            remedy="`git fetch --unshallow` brings the history" if shallow else "name the fix",
        )
    [patch] = read_patches(repository, [(facts.parents[0], sha)])
    if not patch.files:
        raise InputError(
            "this commit changes no text",
            file=repository.file,
            place=f"commit {sha}",
            got="binary files alone" if patch.binary else "no line: at most modes or submodules",
            expected="lines that were removed or added",
            remedy="name the commit that holds the fix; only lines of text can be traced",
        )
    return Fix(facts, patch)
