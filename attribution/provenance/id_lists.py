"""Where commits lie, by their ids: packed by blocks of commits and the ids' first bytes.

A row for each would have to be put in its place among all the others, which costs more than all
else that is kept of a commit.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter

IdRow = tuple[int, bytes, bytes]
"""The first byte of some ids of one size, those ids one after the other, and as many spots."""

_SPOT = array("q").itemsize


def pack_ids(spots: Mapping[bytes, int]) -> Iterator[IdRow]:
    """Yield ids and their spots, sorted."""
    for first, some in groupby(sorted(spots), itemgetter(0)):
        ids = list(some)
        yield first, b"".join(ids), array("q", map(spots.__getitem__, ids)).tobytes()


def split_ids(ids: bytes, spots: bytes) -> list[bytes]:
    """Return the ids of a row, of which it has as many as spots."""
    size = len(ids) // (len(spots) // _SPOT)
    return [ids[at : at + size] for at in range(0, len(ids), size)]


def find_ids(rows: Sequence[IdRow], wanted: Iterable[bytes]) -> Iterator[tuple[bytes, int]]:
    """Yield those ids of one first byte that its rows have, with their spots."""
    ids = b"".join([row[1] for row in rows])
    spots = array("q", b"".join([row[2] for row in rows]))
    for one in wanted:
        at = ids.find(one)
        while at % len(one) and at > 0:  # the end of one id and the beginning of the next
            at = ids.find(one, at + 1)
        if at >= 0:
            yield one, spots[at // len(one)]
