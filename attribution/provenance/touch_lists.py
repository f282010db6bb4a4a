"""Which commits touched a file: where they stand in their chains, packed by blocks of commits.

A history holds many more of these than anybody asks for; so a row has those of some files whose
names follow on one another, and they are unpacked for the files that are asked about.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate

from attribution.provenance.history_chains import join_spot, split_spot

TouchRow = tuple[bytes, bytes, bytes, bytes, bytes]
"""Touches of some files, as `pack_touches` packs them."""

_FILES = (b"100644", b"100755", b"100664")
_BEFORE = (b"000000", *_FILES)  # or not there before
_PLAIN = frozenset(b":%b %b " % (old, new) for old in _BEFORE for new in _FILES)
_MODES = slice(15)
_IDS = slice(15, -2)
_EACH = slice(16, -2)  # without the space between them
_NEITHER = b"f"
_LEAST = 28  # touches in a row, but for the last of a block


def pack_touches(
    abouts: Sequence[bytes], paths: Sequence[bytes], spots: Sequence[int]
) -> Iterator[TouchRow]:
    """Yield touches by rows: the first file's name, all their names, how many touches each has.

    Then the spots of the commits that touched them, and the ids of what each file was and is there;
    these are all ones where one of the two is no plain file. One and one of `abouts`, `paths` and
    `spots` belong together: what `--raw -z` has of a file, its name, and the commit's spot.
    """
    order = sorted(range(len(paths)), key=paths.__getitem__)
    many = Counter(paths)
    names = sorted(many)
    counts = array("I", map(many.__getitem__, names))
    ends = list(accumulate(counts))
    sides = _pack_sides(abouts, order)
    width = len(sides) // max(1, len(order))
    places = array("q", [spots[at] for at in order])
    first = start = 0
    while first < len(names):
        last = min(bisect_left(ends, start + _LEAST), len(names) - 1)
        end = ends[last]
        some = names[first : last + 1]
        packed = places[start:end].tobytes(), sides[start * width : end * width]
        yield some[0], b"\x00".join(some), counts[first : last + 1].tobytes(), *packed
        first, start = last + 1, end


def _pack_sides(abouts: Sequence[bytes], order: Sequence[int]) -> bytes:
    """Return in some order the ids of what files were and are, of what `--raw` has of each."""
    sides = [
        about[_IDS] if about[_MODES] in _PLAIN else _NEITHER * len(about[_EACH]) for about in abouts
    ]
    return bytes.fromhex(b"".join(map(sides.__getitem__, order)).decode("ascii"))


class TouchList:
    """The commits that touched one file, as far as the history has been read."""

    def __init__(self, name: bytes) -> None:
        """Name the file, as git has it."""
        self.blocks = 0
        self._name = name
        self._spots: list[int] = []
        self._sides: dict[int, bytes] = {}

    def extend(self, rows: Sequence[tuple[int, bytes, bytes, bytes, bytes]]) -> None:
        """Take in more blocks: of each its number, and what of its row follows the first name."""
        for self.blocks, names, counts, spots, sides in rows:
            listed = names.split(b"\x00")
            if self._name not in listed:
                continue
            at = listed.index(self._name)
            many, places = array("I", counts), array("q", spots)
            start, width = sum(many[:at]), len(sides) // len(places)
            self._spots += places[start : start + many[at]]
            self._sides.update(
                (places[one], sides[one * width : (one + 1) * width])
                for one in range(start, start + many[at])
            )
        if rows:
            self._spots.sort()

    def cut(self, since: int, limit: int) -> dict[int, bytes]:
        """Return the next spots of a chain from one on, and the file's ids before and after each.

        There are none where one of the two is no plain file; zero is the id of one not there.
        """
        first = bisect_left(self._spots, since)
        following = join_spot(split_spot(since)[0] + 1, 0)
        last = bisect_left(self._spots, following, first)
        found = (
            (spot, self._sides[spot]) for spot in self._spots[first : min(last, first + limit)]
        )
        return {spot: b"" if both.count(b"\xff") == len(both) else both for spot, both in found}
