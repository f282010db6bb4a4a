"""Commits with their texts and line counts, from two runs of `git log` side by side.

Format: git-log(1), `--numstat -z`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from attribution.ingest.git import Repository
from attribution.model.instant import Instant
from attribution.model.record import JsonValue
from attribution.provenance.blocks import BLOCK, BlockReader
from attribution.provenance.facts import LONGEST, read_time
from attribution.provenance.parts import split_parts

_FIELDS = (
    "%H", "%P", "%an", "%ae", "%at", "%cn", "%ce", "%ct", "%s", "%(trailers:only,unfold)", "%b",
)  # fmt: skip
_FORMAT = "--format=" + "%x00".join(_FIELDS)
_LOG = ("log", "--no-walk=unsorted", "--stdin", "-z", "--no-show-signature", "--encoding=UTF-8")
_NUMSTAT = (
    "--numstat", "--no-renames", "--root", "--no-ext-diff", "--no-textconv", "--diff-merges=off",
)  # fmt: skip
_CHANGE = re.compile(r"\n?(\d+|-)\t(\d+|-)\t")


@dataclass(frozen=True, slots=True)
class WalkedCommit:
    """One commit. `lines` is (added, removed), None where git lacks the objects to count them."""

    sha: str
    parents: tuple[str, ...]
    author: tuple[str, str]
    authored: Instant | None
    committer: tuple[str, str]
    committed: Instant | None
    subject: str
    trailers: tuple[tuple[str, str], ...]
    lines: tuple[int, int] | None
    cut: bool = False
    body: str = ""

    @property
    def data(self) -> dict[str, JsonValue]:
        """Return the keys that marks are looked for in, as a record of kind `commit` has them."""
        return {
            "author_name": self.author[0],
            "author_email": self.author[1],
            "subject": self.subject,
            "body": self.body,
            "trailers": [[key, value] for key, value in self.trailers],
        }


class Walk:
    """A walk over given commits; `uncounted` counts those whose lines could not be counted."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self.uncounted = 0

    def commits(self, shas: Iterable[str]) -> Iterator[WalkedCommit]:
        """Yield the commits in the order given; few are in memory at a time.

        Raises InputError when git cannot read them even without their changes.
        """
        for commit in BlockReader(self._read, lambda row: row.lines is None).rows(shas):
            self.uncounted += commit.lines is None
            yield commit

    def texts(self, shas: Iterable[str]) -> Iterator[WalkedCommit]:
        """Yield the commits in the order given without counting their lines, which is faster."""
        ahead = iter(shas)
        while block := list(islice(ahead, BLOCK)):
            yield from self._read(block, False)  # noqa: FBT003 - as below

    def _read(self, shas: Sequence[str], counted: bool) -> Iterator[WalkedCommit]:  # noqa: FBT001 - as BlockReader calls it
        options = _NUMSTAT if counted else ("--no-patch",)
        output = self._repository.stream(*_LOG, *options, _FORMAT, lines=shas)
        return _read_commits(split_parts(output, LONGEST), counted=counted)


def _read_commits(parts: Iterator[tuple[str, bool]], *, counted: bool) -> Iterator[WalkedCommit]:
    """Yield commits as they are complete: a commit ends where the next begins, or the output."""
    fields: list[str] = []
    added = removed = 0
    cut = False
    for part, shortened in parts:
        if len(fields) < len(_FIELDS):
            fields.append(part.lstrip("\n") if not fields else part)
            cut |= shortened
            continue
        change = _CHANGE.match(part)
        if change is None:
            yield _build(fields, (added, removed) if counted else None, cut=cut)
            fields, added, removed, cut = [part.lstrip("\n")], 0, 0, shortened
            continue
        added += 0 if change[1] == "-" else int(change[1])
        removed += 0 if change[2] == "-" else int(change[2])
    if len(fields) == len(_FIELDS):
        yield _build(fields, (added, removed) if counted else None, cut=cut)


def _build(fields: Sequence[str], lines: tuple[int, int] | None, *, cut: bool) -> WalkedCommit:
    sha, parents, name, email, authored, by, by_email, committed, subject, trailers, body = fields
    return WalkedCommit(
        sha,
        tuple(parents.split()),
        (name, email),
        read_time(authored),
        (by, by_email),
        read_time(committed),
        subject,
        tuple(_split_trailers(trailers)),
        lines,
        cut,
        body,
    )


def _split_trailers(block: str) -> Iterator[tuple[str, str]]:
    for line in block.splitlines():
        key, colon, value = line.partition(":")
        if colon:
            yield key.strip(), value.strip()
