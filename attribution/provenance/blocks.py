"""Commits read in blocks, by two runs of `git log` side by side, in the order asked for.

The ids are handed over in blocks, so that a commit git cannot diff (objects that a partial or
damaged clone lacks) costs its own changes and nothing else.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

from attribution.errors import InputError

Row = TypeVar("Row")

_WORKERS = 2
BLOCK = 500
_PATIENCE = 10
"""After so many commits of a block that could not be diffed, the rest of it is not tried.

Told by the block, so that the answer does not hang on which of the two runs is ahead.
"""


@dataclass(frozen=True)
class BlockReader(Generic[Row]):
    """Reads commits with their changes where git can tell them, and without where it cannot.

    `read` yields the commits given, with their changes or without as its second argument says, and
    raises InputError where git stops; `lacks` says whether a commit came without its changes.
    """

    read: Callable[[Sequence[str], bool], Iterator[Row]]
    lacks: Callable[[Row], bool]

    def rows(self, shas: Iterable[str]) -> Iterator[Row]:
        """Yield the commits in the order given; few are in memory at a time.

        Raises InputError when git cannot read them even without their changes.
        """
        ahead = iter(shas)
        pool = ThreadPoolExecutor(_WORKERS)
        pending: deque[Future[list[Row]]] = deque()
        try:
            while True:
                while len(pending) <= _WORKERS and (block := list(islice(ahead, BLOCK))):
                    pending.append(pool.submit(self._read_block, block))
                if not pending:
                    return
                yield from pending.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)

    def _read_block(self, block: Sequence[str]) -> list[Row]:
        """Return a block's commits, going round those that git cannot diff."""
        found: list[Row] = []
        while len(found) < len(block):
            left = block[len(found) :]
            if sum(map(self.lacks, found)) >= _PATIENCE:
                return found + list(self.read(left, False))  # noqa: FBT003 - of a callable's type
            whole, broken = self._read_whole(left)
            found += whole
            if not broken:
                return found
            found += self._read_alone(block[len(found)])
        return found

    def _read_alone(self, sha: str) -> list[Row]:
        """Return one commit, without its changes where it is the one that git cannot diff."""
        whole, broken = self._read_whole([sha])
        return list(self.read([sha], False)) if broken else whole  # noqa: FBT003 - as above

    def _read_whole(self, shas: Sequence[str]) -> tuple[list[Row], bool]:
        """Return the commits that were complete, and whether git stopped in the middle."""
        found: list[Row] = []
        try:
            for row in self.read(shas, True):  # noqa: FBT003 - as above
                found.append(row)  # noqa: PERF402 - kept when git stops midway
        except InputError:
            return found, True
        return found, False
