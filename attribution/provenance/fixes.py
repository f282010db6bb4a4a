"""The commit that repairs: which one a person means, and what it changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from attribution.errors import InputError
from attribution.ingest.git import Repository
from attribution.ingest.objects import StoredObject
from attribution.provenance.blame import CommitLabel, parse_seconds
from attribution.provenance.patches import Patch, read_patches

_FIELDS = 4
_FORMAT = "--format=%H%x00%P%x00%ct%x00%B"
_LONGEST = 1 << 24
# Without an encoding of its own, a NUL or a strange date: what `git log` shows of it stands there.
_PLAIN = re.compile(
    rb"tree [0-9a-f]+\n(?P<parents>(?:parent [0-9a-f]+\n)*)author [^\n\0]*\n"
    rb"committer [^\n\0]*> (?P<time>[0-9]{1,10}) [+-][0-9]{4}\n"
    rb"(?:(?!encoding )[^\n\0]++\n)*\n(?P<message>[^\0]*)"
)
_BY_ID = re.compile(r"[0-9a-f]{4,64}(\^|~[0-9]{1,9})?")


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
    found: dict[str, CommitFacts] = {}
    if not wanted:
        return found
    # Of a shallow clone git shows the commits at its edge without the parents that they have.
    if not repository.is_shallow:
        with repository.objects() as objects:
            for sha, stored in zip(wanted, objects.read_all(wanted, _LONGEST), strict=True):
                facts = None if stored is None else _read_object(sha, stored)
                if facts is not None:
                    found[sha] = facts
    return found | _list_commits(repository, [sha for sha in wanted if sha not in found])


def _read_object(sha: str, stored: StoredObject) -> CommitFacts | None:
    """Return the facts that a commit object holds, None where git has more to say of it."""
    plain = _PLAIN.fullmatch(stored.content or b"") if stored.kind == "commit" else None
    if plain is None:
        return None
    parents = tuple(plain["parents"].decode("ascii").replace("parent ", "").split())
    return CommitFacts(
        sha, parents, int(plain["time"]), plain["message"].decode("utf-8", "replace")
    )


def _list_commits(repository: Repository, wanted: Sequence[str]) -> dict[str, CommitFacts]:
    """Return the facts of commits as `git log` shows them."""
    found: dict[str, CommitFacts] = {}
    if not wanted:
        return found
    options = ("--no-walk=unsorted", "--no-notes", "--encoding=UTF-8", "-z", _FORMAT)
    parts = list(repository.split("log", *options, *wanted, "--"))
    for at in range(0, len(parts) - _FIELDS + 1, _FIELDS):
        sha, parents, committed, message = parts[at : at + _FIELDS]
        found[sha] = CommitFacts(sha, tuple(parents.split()), parse_seconds(committed), message)
    return found


def resolve_commit(repository: Repository, revision: str) -> str | None:
    """Return the full id of the one commit a revision names, None where it names none."""
    if not revision or "\0" in revision:
        return None
    name = f"{revision}^{{commit}}"
    if _BY_ID.fullmatch(revision):
        with repository.objects() as objects:
            stored = objects.read(name)
        return None if stored is None else stored.id
    options = ("rev-parse", "--verify", "--quiet", "--end-of-options")
    try:
        return repository.run(*options, name).strip() or None
    except InputError:
        return None


def is_ancestor(repository: Repository, sha: str, revision: str) -> bool:
    """Return whether a commit is reached from another, both given by full id."""
    return not repository.run("rev-list", "--max-count=1", sha, f"^{revision}", "--").strip()


def require_commit(repository: Repository, revision: str) -> str:
    """Return the full id of the one commit a revision names; InputError where it names none."""
    sha = resolve_commit(repository, revision)
    if sha is None:
        _ = repository.is_shallow  # where there is no repository, this says so
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
        shallow = repository.is_shallow
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
