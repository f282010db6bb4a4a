"""Chains of first parents: a commit's place, from which the next in line is a step away.

Commits come in any order. Each awaits its parents: the first is to stand behind it, unless another
child has claimed that parent before; then it begins a chain of its own, as does every other parent.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

NOWHERE = -1
"""The spot of a parent that is awaited and claimed by nobody."""

ReadCommit = tuple[bytes, bytes, list[bytes]]
"""A commit as it is read from git: its id, those of its parents one after the other, its files.

Of each file that differs from the first parent: what `--raw -z` says of it, and its path.
"""

RunRow = tuple[int, int, bytes, bytes]
"""Commits one behind the other, as `Block.list_runs` packs them."""

_PLACES = 32
_LONGEST_RUN = 64
_GONE = b"D"


def join_spot(chain: int, place: int) -> int:
    """Return a chain and a place in it as one number, as high as the chain, then the place, is."""
    return chain << _PLACES | place


def split_spot(spot: int) -> tuple[int, int]:
    """Return the chain and the place that make a number."""
    return spot >> _PLACES, spot & ((1 << _PLACES) - 1)


def list_ids(commits: Iterable[ReadCommit]) -> set[bytes]:
    """Return the ids of commits and of all their parents."""
    found: set[bytes] = set()
    for sha, parents, _ in commits:
        found.add(sha)
        if len(parents) == len(sha):
            found.add(parents)
        else:
            found.update(parents[at : at + len(sha)] for at in range(0, len(parents), len(sha)))
    return found


class Block:
    """Commits on their way into the store, and what it has of those around them; ids are bytes."""

    def __init__(self, chains: int, known: set[bytes], awaited: dict[bytes, int]) -> None:
        """Begin with how many chains there are, which commits are known, and the spots awaited."""
        self.awaited = awaited
        self.files: list[bytes] = []
        self.spots: list[int] = []
        self.merges: list[tuple[int, str]] = []
        self.shas: dict[int, bytes] = {}
        self._chains = chains
        self._known = known
        self._firsts: dict[int, bytes] = {}

    def take(self, commits: Iterable[ReadCommit]) -> None:
        """Give each commit its spot: behind the one whose first parent it is.

        `files` has all their files as they came; `spots` says of each which commit touched it.
        """
        known, awaited = self._known, self.awaited
        for sha, parents, files in commits:
            if sha in known:
                continue
            known.add(sha)
            spot = awaited.pop(sha, NOWHERE)
            if spot == NOWHERE:
                self._chains += 1
                spot = join_spot(self._chains, 0)
            self.shas[spot] = sha
            self.files += files
            self.spots += [spot] * (len(files) // 2)
            if len(parents) == len(sha):
                first = parents
            else:
                first = self._take_parents(spot, parents, len(sha))
            self._firsts[spot] = first
            if first and first not in known and awaited.get(first, NOWHERE) == NOWHERE:
                awaited[first] = spot + 1

    def _take_parents(self, spot: int, parents: bytes, size: int) -> bytes:
        """Await all parents of a merge but the first; return that, empty where there is none."""
        if not parents:
            return b""
        self.merges.append((spot, parents.hex(" ", size)))
        for at in range(size, len(parents), size):
            parent = parents[at : at + size]
            if parent not in self._known:
                self.awaited.setdefault(parent, NOWHERE)
        return parents[:size]

    def list_runs(self) -> Iterator[RunRow]:
        """Yield the commits, packed: the first one's spot, how many stand one behind the other.

        Then their ids, and that of the last one's first parent, zero where it has none; last, of
        each how many files differ from its first parent, and how many of them are gone.
        """
        files = Counter(self.spots)
        statuses = zip(self.spots, self.files[::2], strict=True)
        gone = Counter(spot for spot, about in statuses if about.endswith(_GONE))
        for run in _cut_runs(sorted(self.shas)):
            last = self._firsts[run[-1]] or bytes(len(self.shas[run[-1]]))
            ids = b"".join([*map(self.shas.__getitem__, run), last])
            counts = array("I", [number for spot in run for number in (files[spot], gone[spot])])
            yield run[0], len(run), ids, counts.tobytes()


def _cut_runs(spots: list[int]) -> Iterator[list[int]]:
    """Yield sorted spots in runs that have no gap and are not too long."""
    gaps = [at for at, (one, other) in enumerate(pairwise(spots), 1) if other != one + 1]
    for start, end in pairwise([0, *gaps, len(spots)]):
        for at in range(start, end, _LONGEST_RUN):
            yield spots[at : min(end, at + _LONGEST_RUN)]
