"""Lines that come again to the byte: once they are known, they are counted and not read again.

An export taken over and over, or a job that reports the same each time, is mostly such lines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

_MOST_BYTES = 64 << 20
"""Of known lines; they are told from the others by themselves, and kept for it."""


class Recurring:
    """Lines known to hold an entry that is kept, or that repeats one and is like it.

    None is looked for before most lines of a block were repeats: of a file in which hardly any
    recurs every line would be kept for nothing.
    """

    def __init__(self) -> None:
        self._known: set[bytes] = set()
        self._room = _MOST_BYTES
        self._looks = False

    def leave_out(self, block: bytes) -> tuple[bytes, Integers]:
        """Return the lines that are not known, and where each stood in the block, from 0."""
        if not self._looks:
            return block, np.arange(block.count(b"\n") + (not block.endswith(b"\n")))
        lines = block.removesuffix(b"\n").split(b"\n")
        known = self._known
        at = [place for place, line in enumerate(lines) if line not in known]
        if len(at) == len(lines):
            return block, np.arange(len(lines))
        return b"".join([lines[place] + b"\n" for place in at]), np.array(at, np.int64)

    def learn(self, lines: bytes, repeats: int, count: int) -> None:
        """Take note of lines that `leave_out` returned: `count`, of which so many are repeats."""
        if self._looks and len(lines) <= self._room:
            self._known.update(lines.removesuffix(b"\n").split(b"\n"))
            self._room -= len(lines)
        self._looks = self._looks or 2 * repeats >= count
