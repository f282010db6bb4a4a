"""The index of a history: read from git as far back as somebody asks, and kept.

Source: git-log(1), `--raw -z`, `--diff-merges=first-parent`.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

from attribution.errors import InputError
from attribution.ingest.git import Repository
from attribution.provenance.history_chains import ReadCommit
from attribution.provenance.history_facts import IndexedCommit, Touch
from attribution.provenance.history_store import HistoryStore

MOST_READ = 50_000
"""How many commits are read for the index in one go; what lies further back is asked of git."""

_LOG = (
    # A walk over trees needs little of what it has unpacked again, and more of it costs time.
    "-c", "core.deltaBaseCacheLimit=12m",
    "log", "--stdin", "-z", "--raw", "--no-abbrev", "--no-renames", "--root", "--no-ext-diff",
    "--diff-merges=first-parent", "--no-show-signature", "--no-notes", "--no-mailmap",
    "--format=%x00%H %P",
)  # fmt: skip
_BLOCK = 500
_LONGEST_BLOCK = 4000
_AHEAD = 16  # chunks of a megabyte at most


class TooLongError(Exception):
    """A history is longer than is read for the index in one go."""


class HistoryIndex:
    """Answers which commit last touched a file; reads more of the history where it must."""

    def __init__(
        self, repository: Repository, store: HistoryStore, tell: Callable[[str], None]
    ) -> None:
        self._repository = repository
        self._store = store
        self._tell = tell
        self._lock = threading.Lock()
        self._reading: Generator[ReadCommit] | None = None
        self._closed = False
        self._read = 0

    def find(self, sha: str) -> IndexedCommit:
        """Return a commit by its full id.

        Raises TooLongError when too much lies before it, InputError when git does not find it.
        """
        found = self._store.find(sha)
        while found is None:
            with self._lock:
                found = self._store.find(sha)
                if found is None and (self._closed or not self._read_on(sha)):
                    raise InputError(
                        "git does not list a commit that it names as a parent",
                        file=self._repository.file,
                        place=f"commit {sha}",
                        expected="a complete git repository",
                        remedy="`git fsck` shows what is missing",
                    )
            found = found or self._store.find(sha)
        return found

    def close(self) -> None:
        """End the process that reads the history; what has been read is kept."""
        self._closed = True
        with self._lock:
            if self._reading is not None:
                self._reading.close()

    def list_touching(self, path: bytes, sha: str, limit: int) -> list[Touch]:
        """Return the next commits that touched a file, from one on, along first parents.

        The first is where the search must look at other parents or go on; at most `limit`, and at
        least one unless nobody touched the file. Raises as `find` does.
        """
        commit = self.find(sha)
        while True:
            found = self._store.list_touching(path, commit, limit)
            if found:
                return found
            last = self._store.find_last(commit.chain)
            if not last.parents:
                return []
            commit = self.find(last.parents[0])

    def _read_on(self, sha: str) -> bool:
        """Read another block of commits; return whether there may be more."""
        fresh = self._reading is None
        if self._reading is None:
            self._reading = self._list_commits(sha)
        if self._read >= MOST_READ:
            raise TooLongError
        # Each as long as all before: what is asked first is answered soon, the rest in few steps.
        most = max(_BLOCK, min(self._read, _LONGEST_BLOCK))
        block = list(islice(self._reading, most))
        self._store.add(block)
        self._read += len(block)
        if len(block) < most:
            # One that began elsewhere need not have come by here.
            self._reading = None
            return not fresh or self._store.find(sha) is not None
        self._tell(f"reading which commits touched which files, {self._read:,} so far")
        return True

    def _list_commits(self, sha: str) -> Generator[ReadCommit]:
        """Yield the commits before and including one that were not read, the newest first."""
        awaited, tips = self._store.list_frontier()
        starts = sorted({sha, *awaited})
        given = [*starts, *(f"^{tip}" for tip in tips)]
        yield from _read_commits(_read_ahead(self._repository.stream(*_LOG, lines=given)))
        self._store.complete(starts)


def _read_ahead(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the chunks, the next being read while one is worked on: git does not wait for us."""
    beside = ThreadPoolExecutor(1)
    try:
        ahead = deque(beside.submit(next, chunks, None) for _ in range(_AHEAD))
        while (chunk := ahead.popleft().result()) is not None:
            ahead.append(beside.submit(next, chunks, None))
            yield chunk
    finally:
        beside.shutdown(cancel_futures=True)


def _read_commits(chunks: Iterator[bytes]) -> Iterator[ReadCommit]:
    """Yield commits as git lists them; two NUL end one, since no name of a file is empty."""
    rest = b""
    for chunk in chunks:
        *records, rest = (rest + chunk).split(b"\x00\x00")
        yield from map(_read_commit, records)
    if rest:
        yield _read_commit(rest)


def _read_commit(record: bytes) -> ReadCommit:
    header, _, files = record.strip(b"\x00").partition(b"\x00")
    ids = bytes.fromhex(header.decode("ascii"))
    size = (header + b" ").index(b" ") // 2
    return ids[:size], ids[size:], files.removeprefix(b"\n")  # stands between header and files
