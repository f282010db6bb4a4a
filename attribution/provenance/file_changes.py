"""Commits with each file they change: its name before and after, its contents, its line counts.

Read from git-log(1) with `--raw --numstat -z`: first an entry a file with modes and object ids,
then one with the lines, in the same order. A merge has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from attribution.ingest.git import Repository
from attribution.provenance.blocks import BlockReader
from attribution.provenance.facts import LONGEST
from attribution.provenance.parts import split_parts

SUBMODULE = "160000"
_FIELDS = ("%H", "%an", "%ae", "%B")
_FORMAT = "--format=" + "%x00".join(_FIELDS)
_LOG = ("log", "--no-walk=unsorted", "--stdin", "-z", "--no-show-signature", "--encoding=UTF-8")
_RAW = (
    "--raw", "--no-abbrev", "--root", "--no-ext-diff", "--no-textconv", "--diff-merges=off",
    "--ignore-submodules=none",
)  # fmt: skip
RENAMES = ("-M", "-l400")
"""A file is renamed where half of it is the same; beyond 400 new files only exact copies are."""

_ENTRY = re.compile(r"\n?:(\d+) (\d+) ([0-9a-f]+) ([0-9a-f]+) ([A-Z])\d*")
_LINES = re.compile(r"\n?(\d+|-)\t(\d+|-)\t")
_MOVED = frozenset("RC")


@dataclass(frozen=True, slots=True)
class FileChange:
    """What a commit did to one file.

    `before` and `after` are its name, None where the file was not there; `old` and `new` the ids of
    its contents. `lines` is (added, removed), None for a binary file and where it was not counted.
    """

    before: str | None
    after: str | None
    old: str
    new: str
    submodule: bool
    lines: tuple[int, int] | None

    @property
    def path(self) -> str:
        """Return its name after the change, or before it where the file is gone."""
        return self.after or self.before or ""


@dataclass(frozen=True, slots=True)
class ChangedCommit:
    """A commit: who wrote it, its message, its files; `counted` where git could compare them."""

    sha: str
    author: tuple[str, str]
    message: str
    files: tuple[FileChange, ...]
    counted: bool


def walk_changes(repository: Repository, shas: Iterable[str]) -> Iterator[ChangedCommit]:
    """Yield the commits in the order given, each with its changes against its one parent.

    Renames are followed. Where git lacks what it needs to compare, a commit has its files without
    lines, a renamed one as removed and added. Raises InputError when git cannot read a commit.
    """

    def read(block: Sequence[str], counted: bool) -> Iterator[ChangedCommit]:  # noqa: FBT001 - as BlockReader calls it
        options = ("--numstat", *RENAMES) if counted else ("--no-renames",)
        output = repository.stream(*_LOG, *_RAW, *options, _FORMAT, lines=block)
        return _read_commits(split_parts(output, LONGEST), counted=counted)

    yield from BlockReader(read, lambda row: not row.counted).rows(shas)


def read_merge(repository: Repository, sha: str) -> ChangedCommit:
    """Return a merge with what it brought to its first parent. Raises InputError as git does."""
    output = repository.stream(
        *_LOG, *_RAW, "--diff-merges=first-parent", "--numstat", *RENAMES, _FORMAT, lines=[sha]
    )
    [commit] = _read_commits(split_parts(output, LONGEST), counted=True)
    return commit


def _read_commits(parts: Iterator[tuple[str, bool]], *, counted: bool) -> Iterator[ChangedCommit]:
    """Yield commits as they are complete: a commit ends where the next begins, or the output."""
    draft = _Draft()
    for part, _ in parts:
        if len(draft.fields) < len(_FIELDS):
            draft.fields.append(part.lstrip("\n") if not draft.fields else part)
        elif match := _ENTRY.match(part):
            draft.add_entry(match, parts)
        elif draft.counts < len(draft.entries) and (match := _LINES.match(part)):
            draft.add_lines(match, part, parts)
        else:
            yield draft.finish(counted=counted)
            draft = _Draft()
            draft.fields.append(part.lstrip("\n"))
    if len(draft.fields) == len(_FIELDS):
        yield draft.finish(counted=counted)


class _Draft:
    """A commit while it is read."""

    def __init__(self) -> None:
        self.fields: list[str] = []
        self.entries: list[tuple[re.Match[str], str, str]] = []
        self.lines: list[tuple[int, int] | None] = []

    @property
    def counts(self) -> int:
        return len(self.lines)

    def add_entry(self, match: re.Match[str], parts: Iterator[tuple[str, bool]]) -> None:
        before = after = _next(parts)
        if match[5] in _MOVED:
            after = _next(parts)
        self.entries.append((match, before, after))

    def add_lines(self, match: re.Match[str], part: str, parts: Iterator[tuple[str, bool]]) -> None:
        if match.end() == len(part):  # a renamed file: both names follow
            _next(parts)
            _next(parts)
        binary = match[1] == "-" or match[2] == "-"
        self.lines.append(None if binary else (int(match[1]), int(match[2])))

    def finish(self, *, counted: bool) -> ChangedCommit:
        sha, name, email, message = self.fields
        lines = self.lines + [None] * (len(self.entries) - len(self.lines))
        files = tuple(
            FileChange(
                None if match[5] == "A" else before,
                None if match[5] == "D" else after,
                match[3],
                match[4],
                SUBMODULE in {match[1], match[2]},
                count,
            )
            for (match, before, after), count in zip(self.entries, lines, strict=True)
        )
        return ChangedCommit(sha, (name, email), message, files, counted)


def _next(parts: Iterator[tuple[str, bool]]) -> str:
    return next(parts, ("", False))[0]
