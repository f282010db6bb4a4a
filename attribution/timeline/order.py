"""Which events cannot be put in order: those whose intervals of possible times overlap.

With events sorted by time, and each interval holding its own time, a later event j overlaps i
exactly when `low[j] <= high[i]`, an earlier one when `high[j] >= low[i]`. Counting all partners
takes two binary searches an event; the nearest are read off the sorted neighbourhood, and those
that lie beyond it (a wide interval far away) are found by descent in a tree of minima.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

NEAREST = 20
_CHUNK = 1 << 15
_NONE = 0  # no node of the tree has this number


class Overlaps(NamedTuple):
    """For each event how many others overlap it, and the positions of the nearest, ascending."""

    counts: list[int]
    nearest: list[list[int]]


class _Stretch(NamedTuple):
    """The times, and for each event the positions whose times lie inside its interval."""

    time: Integers
    start: Integers
    end: Integers


def find_overlaps(
    time: Integers,
    low: Integers,
    high: Integers,
    limit: int = NEAREST,
    ordered: Mapping[int, Collection[int]] | None = None,
) -> Overlaps:
    """Return the overlaps of n events sorted by time, in microseconds, low <= time <= high.

    Nearest is by difference of time, then by position. Takes O((n + output) log n) time. `ordered`
    names, for some events, others that overlap them but whose order is known: they do not count.
    """
    n = len(time)
    counts = (
        np.searchsorted(np.sort(low), high, side="right")
        - np.searchsorted(np.sort(high), low, side="left")
        - 1
    )
    stretch = _Stretch(
        time, np.searchsorted(time, low, side="left"), np.searchsorted(time, high, side="right")
    )
    nearest: list[list[int]] = [[] for _ in range(n)]
    beyond = counts > stretch.end - stretch.start - 1
    plain = np.flatnonzero((counts > 0) & ~beyond)
    for at in range(0, len(plain), _CHUNK):
        _fill_from_neighbours(nearest, plain[at : at + _CHUNK], stretch, limit)
    wide = np.flatnonzero(beyond)
    if len(wide):
        _fill_from_afar(nearest, wide, low, high, stretch, limit)
    found = Overlaps(counts.tolist(), nearest)
    if ordered:
        _leave_out(found, ordered, limit, (low, high, stretch))
    return found


def _leave_out(
    found: Overlaps,
    ordered: Mapping[int, Collection[int]],
    limit: int,
    events: tuple[Integers, Integers, _Stretch],
) -> None:
    """Take the ordered partners off the counts and lists; the next nearest take their places.

    Events are looked up anew together with others that have about as many to be left out.
    """
    low, high, stretch = events
    alike: dict[int, list[int]] = defaultdict(list)
    for row, others in ordered.items():
        found.counts[row] -= len(others)
        alike[len(others).bit_length()].append(row)
    time = stretch.time
    for bits, members in sorted(alike.items()):
        wanted = limit + (1 << bits)
        step = max(1, _CHUNK * limit // wanted)
        for at in range(0, len(members), step):
            rows = members[at : at + step]
            table = np.array(rows, dtype=np.int64)
            _fill_from_afar(found.nearest, table, low, high, stretch, wanted)
            for row in rows:
                left = [other for other in found.nearest[row] if other not in ordered[row]]
                left.sort(key=lambda o, r=row: (abs(time[o] - time[r]), abs(o - r), o))  # type: ignore[misc]
                found.nearest[row] = sorted(left[:limit])


def _fill_from_neighbours(
    nearest: list[list[int]], rows: Integers, stretch: _Stretch, limit: int
) -> None:
    """Fill in the partners of rows that all lie in the unbroken stretch around each row."""
    steps = np.concatenate([np.arange(-limit, 0), np.arange(1, limit + 1)])
    candidates = rows[:, None] + steps
    inside = (candidates >= stretch.start[rows, None]) & (candidates < stretch.end[rows, None])
    _pick(nearest, rows, np.where(inside, candidates, -1), stretch.time, limit)


def _fill_from_afar(  # noqa: PLR0917 - the bounds and the stretch are one table
    nearest: list[list[int]],
    rows: Integers,
    low: Integers,
    high: Integers,
    stretch: _Stretch,
    limit: int,
) -> None:
    """Fill in the partners of rows of which some lie beyond the stretch around the row."""
    last = len(low) - 1
    later = _Minima(low)
    earlier = _Minima(-high[::-1])
    for at in range(0, len(rows), _CHUNK):
        chunk = rows[at : at + _CHUNK]
        after = later.next_below(chunk, stretch.end[chunk], high[chunk], limit)
        before = earlier.next_below(
            last - chunk, last + 1 - stretch.start[chunk], -low[chunk], limit
        )
        before = np.where(before >= 0, last - before, -1)
        candidates = np.concatenate([before, after], axis=1)
        _pick(nearest, chunk, candidates, stretch.time, limit)


def _pick(
    nearest: list[list[int]], rows: Integers, candidates: Integers, time: Integers, limit: int
) -> None:
    """Keep for each row its `limit` nearest candidates (-1 is none), in time order."""
    far = np.iinfo(np.int64).max
    real = candidates >= 0
    distance = np.where(real, np.abs(time[candidates] - time[rows, None]), far)
    order = np.lexsort((candidates, np.abs(candidates - rows[:, None]), distance), axis=1)
    chosen = np.take_along_axis(np.where(real, candidates, far), order[:, :limit], axis=1)
    chosen.sort(axis=1)
    widths = np.minimum(real.sum(axis=1), limit).tolist()
    for row, positions, width in zip(rows.tolist(), chosen.tolist(), widths, strict=True):
        nearest[row] = positions[:width]


class _Minima:
    """A complete binary tree of minima over an array, answering for many rows at once."""

    def __init__(self, values: Integers) -> None:
        self.size = 1 << max(1, (len(values) - 1).bit_length())
        self.length = len(values)
        self.tree = np.full(2 * self.size, np.iinfo(np.int64).max)
        self.tree[self.size : self.size + self.length] = values
        for level in range(self.size.bit_length() - 2, -1, -1):
            first = 1 << level
            below = self.tree[2 * first : 4 * first].reshape(-1, 2)
            self.tree[first : 2 * first] = below.min(axis=1)

    def next_below(
        self, rows: Integers, unbroken: Integers, bound: Integers, limit: int
    ) -> Integers:
        """Return up to `limit` positions after each row with value <= bound, -1 where none is left.

        All positions from the row up to `unbroken` are known to qualify.
        """
        found = np.full((len(rows), limit), -1, dtype=np.int64)
        after = rows.astype(np.int64)
        for column in range(limit):
            step = after + 1
            near = (after >= 0) & (step < unbroken)
            seek = (after >= 0) & ~near
            after = np.where(near, step, -1)
            if seek.any():
                after[seek] = self._first_from(step[seek], bound[seek])
            found[:, column] = after
            if not (after >= 0).any():
                break
        return found

    def _first_from(self, position: Integers, bound: Integers) -> Integers:
        """Return the first position at or after each given one with value <= bound, or -1."""
        node = np.where(
            position < self.length, np.minimum(position, self.size - 1) + self.size, _NONE
        )
        climbing = (node != _NONE) & (self.tree[node] > bound)
        while climbing.any():
            last_of_level = (node & (node + 1)) == 0
            onward = np.where(node % 2 == 0, node + 1, (node + 1) >> 1)
            node = np.where(climbing, np.where(last_of_level, _NONE, onward), node)
            climbing &= (node != _NONE) & (self.tree[node] > bound)
        found = node != _NONE
        while (above := found & (node < self.size)).any():
            left = np.where(above, 2 * node, node)
            node = left + (above & (self.tree[left] > bound))
        return np.where(found, node - self.size, -1)
