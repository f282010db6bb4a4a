"""Chains of first parents: a commit's place, from which the next in line is a step away.

Commits come in any order. Each awaits its parents: the first is to stand behind it, unless another
child has claimed that parent before; then it begins a chain of its own, as does every other parent.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from itertools import pairwise

NOWHERE = -1
"""The spot of a parent that is awaited and claimed by nobody."""

ReadCommit = tuple[bytes, bytes, bytes]
"""A commit as it is read from git: its id, those of its parents one after the other, its files.

Of each file that differs from the first parent: what `--raw -z` says of it, and its path, with NUL
between them all.
"""

RunRow = tuple[int, int, bytes, bytes, bytes]
"""Commits one behind the other, as `Block.list_runs` packs them."""

_PLACES = 32
_LONGEST_RUN = 64
_GONE = ord("D")


def join_spot(chain: int, place: int) -> int:
    """Return a chain and a place in it as one number, as high as the chain, then the place, is."""
    return chain << _PLACES | place


def split_spot(spot: int) -> tuple[int, int]:
    """Return the chain and the place that make a number."""
    return spot >> _PLACES, spot & ((1 << _PLACES) - 1)


class Block:
    """Commits on their way into the store, and what it has of those around them; ids are bytes."""

    def __init__(self, chains: int, known: Container[bytes], awaited: dict[bytes, int]) -> None:
        """Begin with how many chains there are, which commits are known, and the spots awaited."""
        self.awaited = awaited
        self.placed: dict[bytes, int] = {}
        self.merges: list[tuple[int, str]] = []
        self.spots: list[int] = []
        self._texts: list[bytes] = []
        self._chains = chains
        self._known = known
        self._about: dict[int, tuple[bytes, bytes, int]] = {}

    def take(self, commits: Iterable[ReadCommit]) -> None:
        """Give each commit its spot: behind the one whose first parent it is."""
        known, placed, awaited = self._known, self.placed, self.awaited
        for sha, parents, files in commits:
            if sha in placed or sha in known:
                continue
            spot = awaited.pop(sha, NOWHERE)
            if spot == NOWHERE:
                self._chains += 1
                spot = join_spot(self._chains, 0)
            placed[sha] = spot
            many = (files.count(b"\x00") + 1) // 2
            if many:
                self._texts.append(files)
                self.spots += [spot] * many
            first = parents if len(parents) == len(sha) else self._await(spot, parents, len(sha))
            self._about[spot] = sha, first, many
            if awaited.get(first, NOWHERE) == NOWHERE and self._is_open(first):
                awaited[first] = spot + 1

    def _await(self, spot: int, parents: bytes, size: int) -> bytes:
        """Await all parents of a merge but the first; return that, empty where there is none."""
        if parents:
            self.merges.append((spot, parents.hex(" ", size)))
        for at in range(size, len(parents), size):
            parent = parents[at : at + size]
            if self._is_open(parent):
                self.awaited.setdefault(parent, NOWHERE)
        return parents[:size]

    def _is_open(self, parent: bytes) -> bool:
        """Return whether there is such a parent, and it has not been read."""
        return parent not in self.placed and parent not in self._known and parent != b""

    def split_files(self) -> tuple[list[bytes], list[bytes]]:
        """Return what `--raw` says of each file of a commit, and its path, in the order of `spots`.

        They are split all at once, which costs less than to split those of each commit.
        """
        parts = b"\x00".join(self._texts).split(b"\x00") if self._texts else []
        return parts[::2], parts[1::2]

    def list_runs(self, abouts: Iterable[bytes]) -> Iterator[RunRow]:
        """Yield the commits, packed: the first one's spot, how many stand one behind the other.

        Then their ids, and that of the last one's first parent, zero where it has none; last, of
        each how many files differ from its first parent, and how many of them are gone.
        """
        statuses = zip(self.spots, abouts, strict=True)
        gone = Counter([spot for spot, about in statuses if about[-1] == _GONE])
        for run in _cut_runs(sorted(self._about)):
            shas, firsts, files = zip(*map(self._about.__getitem__, run), strict=True)
            ids = b"".join([*shas, firsts[-1] or bytes(len(shas[-1]))])
            taken = array("I", [gone.get(spot, 0) for spot in run])
            yield run[0], len(run), ids, array("I", files).tobytes(), taken.tobytes()


def _cut_runs(spots: list[int]) -> Iterator[list[int]]:
    """Yield sorted spots in runs that have no gap and are not too long."""
    gaps = [at for at, (one, other) in enumerate(pairwise(spots), 1) if other != one + 1]
    for start, end in pairwise([0, *gaps, len(spots)]):
        for at in range(start, end, _LONGEST_RUN):
            yield spots[at : min(end, at + _LONGEST_RUN)]
