"""Which commits touched a file: where they stand in their chains, packed by blocks of commits.

A history holds many more of these than anybody asks for; so they are kept as git told them, without
a row for each, and unpacked for the files that are asked about.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

_PLAIN = (b":100", b":000")  # or not there before
_MODE = b"100"
_IDS = slice(15, -2)
_EACH = slice(16, -2)  # without the space between them
_NEITHER = b"f"


def pack_touches(spots: Sequence[Any]) -> tuple[bytes, bytes]:
    """Return a file's places in chains, and the ids of what it was and is at each, both packed.

    Three and three of `spots` belong together: the numbers of chain and place, and the bytes that
    `--raw` has of the file. There are no ids where one of the two is no plain file.
    """
    numbers = array("I", [*spots[::3], *spots[1::3]])
    sides = [
        about[_IDS]
        if about[:4] in _PLAIN and about[8:11] == _MODE
        else _NEITHER * len(about[_EACH])
        for about in spots[2::3]
    ]
    return numbers.tobytes(), bytes.fromhex(b"".join(sides).decode("ascii"))


class TouchList:
    """The commits that touched one file, as far as the history has been read."""

    def __init__(self) -> None:
        self.blocks = 0
        self._chains: dict[int, tuple[list[int], list[bytes]]] = {}

    def extend(self, block: int, numbers: bytes, sides: bytes) -> None:
        """Take in what `pack_touches` made of one more block of commits."""
        self.blocks = block
        unpacked = array("I")
        unpacked.frombytes(numbers)
        many = len(unpacked) // 2
        width = len(sides) // many
        for at in range(many):
            places, found = self._chains.setdefault(unpacked[at], ([], []))
            places.append(unpacked[many + at])
            found.append(sides[at * width : (at + 1) * width])

    def cut(self, chain: int, since: int, limit: int) -> dict[int, bytes]:
        """Return the next places of a chain from one on, and the file's ids before and after each.

        There are none where one of the two is no plain file; zero is the id of one not there.
        """
        places, sides = self._chains.get(chain, ([], []))
        first = bisect_left(places, since)
        return {
            place: b"" if both.count(b"\xff") == len(both) else both
            for place, both in zip(
                places[first : first + limit], sides[first : first + limit], strict=True
            )
        }
