"""Commits with their texts and line counts, from two runs of `git log` side by side.

The ids are handed over in blocks, so that a commit git cannot diff (objects that a partial or
damaged clone lacks) costs its line counts and nothing else. Format: git-log(1), `--numstat -z`.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

from attribution.errors import InputError
from attribution.ingest.git import Repository
from attribution.model.instant import Instant
from attribution.model.record import JsonValue
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
_WORKERS = 2
_BLOCK = 500
_PATIENCE = 10
"""After so many commits of a block that could not be diffed, the rest of it is not tried.

Told by the block, so that the answer does not hang on which of the two runs is ahead.
"""


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
        ahead = iter(shas)
        pool = ThreadPoolExecutor(_WORKERS)
        pending: deque[Future[list[WalkedCommit]]] = deque()
        try:
            while True:
                while len(pending) <= _WORKERS and (block := list(islice(ahead, _BLOCK))):
                    pending.append(pool.submit(self._read_block, block))
                if not pending:
                    return
                for commit in pending.popleft().result():
                    self.uncounted += commit.lines is None
                    yield commit
        finally:
            pool.shutdown(cancel_futures=True)

    def texts(self, shas: Iterable[str]) -> Iterator[WalkedCommit]:
        """Yield the commits in the order given without counting their lines, which is faster."""
        ahead = iter(shas)
        while block := list(islice(ahead, _BLOCK)):
            yield from self._read(block, counted=False)

    def _read_block(self, block: Sequence[str]) -> list[WalkedCommit]:
        """Return a block's commits, going round those that git cannot diff."""
        found: list[WalkedCommit] = []
        while len(found) < len(block):
            left = block[len(found) :]
            if sum(commit.lines is None for commit in found) >= _PATIENCE:
                return found + self._read(left, counted=False)
            try:
                return found + self._read(left, counted=True)
            except _BrokenOffError as error:
                found += error.whole
                found += self._read_alone(block[len(found)])
        return found

    def _read_alone(self, sha: str) -> list[WalkedCommit]:
        """Return one commit, without its lines where it is the one that git cannot diff."""
        try:
            return self._read([sha], counted=True)
        except _BrokenOffError:
            return self._read([sha], counted=False)

    def _read(self, shas: Sequence[str], *, counted: bool) -> list[WalkedCommit]:
        options = _NUMSTAT if counted else ("--no-patch",)
        output = self._repository.stream(*_LOG, *options, _FORMAT, lines=shas)
        found: list[WalkedCommit] = []
        try:
            for commit in _read_commits(split_parts(output, LONGEST), counted=counted):
                found.append(commit)  # noqa: PERF402 - kept when git stops midway
        except InputError:
            if not counted:
                raise
            raise _BrokenOffError(found) from None
        return found


class _BrokenOffError(Exception):
    """Git stopped in the middle; `whole` are the commits that were complete by then."""

    def __init__(self, whole: list[WalkedCommit]) -> None:
        super().__init__()
        self.whole = whole


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
