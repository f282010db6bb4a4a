"""Which events cannot be put in order: those whose intervals of possible times overlap.

With events sorted by time, and each interval holding its own time, a later event j overlaps i
exactly when `low[j] <= high[i]`, an earlier one when `high[j] >= low[i]`. Counting all partners
takes two binary searches an event; the nearest are read off the sorted neighbourhood, and those
that lie beyond it (a wide interval far away) are found by descent in a tree of minima.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from functools import cached_property
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


def find_overlaps(
    time: Integers,
    low: Integers,
    high: Integers,
    limit: int = NEAREST,
    ordered: Mapping[int, Collection[int]] | None = None,
) -> Overlaps:
    """Return the overlaps of all events at once; see `Neighbourhood`."""
    found = Neighbourhood(time, low, high, limit, ordered)
    nearest: list[list[int]] = []
    for at in range(0, len(time), _CHUNK):
        nearest += found.nearest(np.arange(at, min(at + _CHUNK, len(time))))
    return Overlaps(found.counts.tolist(), nearest)


class Neighbourhood:
    """The overlaps of n events sorted by time, in microseconds, low <= time <= high.

    `counts` is how many others overlap each; which are nearest is told when it is asked, as most
    never are. `ordered` names, for some events, others that overlap them but whose order is known:
    they do not count. Takes O(n log n) time, and O(log n) for each partner named.
    """

    def __init__(
        self,
        time: Integers,
        low: Integers,
        high: Integers,
        limit: int = NEAREST,
        ordered: Mapping[int, Collection[int]] | None = None,
    ) -> None:
        self._time = time
        self._before, self._after = _narrow(time - low), _narrow(high - time)
        self._limit = limit
        self._ordered = ordered or {}
        counts = np.searchsorted(_sort(low), high, side="right")
        counts -= np.searchsorted(_sort(high), low, side="left")
        counts -= 1
        for row, others in self._ordered.items():
            counts[row] -= len(others)
        self.counts: Integers = counts

    def nearest(self, rows: Integers) -> list[list[int]]:
        """Return for each of these events the nearest that overlap it, ascending.

        Nearest is by difference of time, then by position.
        """
        found: dict[int, list[int]] = {}
        start, end = self._stretch(rows)
        counts = self.counts[rows]
        plain = (counts > 0) & (counts <= end - start - 1)
        beyond = counts > end - start - 1
        if self._ordered:
            known = np.isin(rows, list(self._ordered))
            plain &= ~known
            beyond &= ~known
            self._leave_out(found, rows[known].tolist())
        if plain.any():
            self._fill_from_neighbours(found, rows[plain], start[plain], end[plain])
        if beyond.any():
            self._fill_from_afar(found, rows[beyond], self._limit)
        return [found.get(row, []) for row in rows.tolist()]

    def _stretch(self, rows: Integers) -> tuple[Integers, Integers]:
        """Return between which positions the times lie that are inside each event's interval."""
        return (
            np.searchsorted(self._time, self._low(rows), side="left"),
            np.searchsorted(self._time, self._high(rows), side="right"),
        )

    def _low(self, rows: Integers) -> Integers:
        return self._time[rows] - self._before[rows]

    def _high(self, rows: Integers) -> Integers:
        return self._time[rows] + self._after[rows]

    def _leave_out(self, found: dict[int, list[int]], known: list[int]) -> None:
        """Fill in the partners of rows of which some do not count.

        Events are looked up together with others that have about as many to be left out.
        """
        alike: dict[int, list[int]] = defaultdict(list)
        for row in known:
            alike[len(self._ordered[row]).bit_length()].append(row)
        time = self._time
        for bits, members in sorted(alike.items()):
            wanted = self._limit + (1 << bits)
            step = max(1, _CHUNK * self._limit // wanted)
            for at in range(0, len(members), step):
                rows = members[at : at + step]
                self._fill_from_afar(found, np.array(rows, dtype=np.int64), wanted)
                for row in rows:
                    left = [other for other in found[row] if other not in self._ordered[row]]
                    left.sort(key=lambda o, r=row: (abs(time[o] - time[r]), abs(o - r), o))  # type: ignore[misc]
                    found[row] = sorted(left[: self._limit])

    def _fill_from_neighbours(
        self, found: dict[int, list[int]], rows: Integers, start: Integers, end: Integers
    ) -> None:
        """Fill in the partners of rows that all lie in the unbroken stretch around each row."""
        limit = self._limit
        steps = np.concatenate([np.arange(-limit, 0), np.arange(1, limit + 1)])
        candidates = rows[:, None] + steps
        inside = (candidates >= start[:, None]) & (candidates < end[:, None])
        self._pick(found, rows, np.where(inside, candidates, -1), limit)

    def _fill_from_afar(self, found: dict[int, list[int]], rows: Integers, limit: int) -> None:
        """Fill in the partners of rows of which some lie beyond the stretch around the row."""
        last = len(self._time) - 1
        start, end = self._stretch(rows)
        after = self._later.next_below(rows, end, self._high(rows), limit)
        before = self._earlier.next_below(last - rows, last + 1 - start, -self._low(rows), limit)
        before = np.where(before >= 0, last - before, -1)
        self._pick(found, rows, np.concatenate([before, after], axis=1), limit)

    @cached_property
    def _later(self) -> _Minima:
        return _Minima(self._time - self._before)

    @cached_property
    def _earlier(self) -> _Minima:
        return _Minima(-(self._time + self._after)[::-1])

    def _pick(
        self, found: dict[int, list[int]], rows: Integers, candidates: Integers, limit: int
    ) -> None:
        """Keep for each row its `limit` nearest candidates (-1 is none), in time order."""
        time = self._time
        far = np.iinfo(np.int64).max
        real = candidates >= 0
        distance = np.where(real, np.abs(time[candidates] - time[rows, None]), far)
        order = np.lexsort((candidates, np.abs(candidates - rows[:, None]), distance), axis=1)
        chosen = np.take_along_axis(np.where(real, candidates, far), order[:, :limit], axis=1)
        chosen.sort(axis=1)
        widths = np.minimum(real.sum(axis=1), limit).tolist()
        for row, positions, width in zip(rows.tolist(), chosen.tolist(), widths, strict=True):
            found[row] = positions[:width]


def _narrow(widths: Integers) -> NDArray[np.signedinteger]:
    """Return how far bounds lie from times in 32 bits where that holds them."""
    fits = not len(widths) or int(widths.max()) <= np.iinfo(np.int32).max
    return widths.astype(np.int32) if fits else widths


def _sort(values: Integers) -> Integers:
    """Return the values ascending; as they are where they are so already, as most bounds are."""
    return values if (values[1:] >= values[:-1]).all() else np.sort(values)


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
