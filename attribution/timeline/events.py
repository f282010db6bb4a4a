"""The events of a timeline as a sequence that makes each of them when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, overload

import numpy as np

from attribution.model.columns import NONE
from attribution.model.event import Event, Precedent
from attribution.model.instant import Instant
from attribution.timeline.draft import Actors, Draft, tell_event
from attribution.timeline.order import Neighbourhood
from attribution.timeline.testimonies import Bounds, Groups

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

FEW = 1 << 14
"""So many events are made at once, and kept."""

_PART = 1 << 11


class Pool:
    """Events before they are in order: drafts first, then events of `groups`, by position."""

    def __init__(
        self, drafts: Sequence[Draft], groups: Groups, plain: Integers, actors: Actors
    ) -> None:
        self.drafts = drafts
        self._groups = groups
        self._plain = plain
        self._actors = actors
        whole = len(plain) == len(groups)
        self.bounds = groups.bounds if whole else groups.bounds.choose(plain)
        self.digest = groups.digest if whole else groups.digest[plain]
        if drafts:
            told = np.array([_as_numbers(draft) for draft in drafts], np.int64).T
            ids = np.array([int(draft.id[3:], 16) for draft in drafts], np.uint64)
            self.bounds = Bounds(
                *(np.concatenate(pair) for pair in zip(told, self.bounds, strict=True))
            )
            self.digest = np.concatenate([ids, self.digest])

    def __len__(self) -> int:
        return len(self.digest)

    def names(self, positions: Sequence[int] | Integers) -> list[str]:
        """Return the ids of events."""
        chosen = self.digest[np.asarray(positions, np.int64)]
        return [f"ev-{digest:016x}" for digest in chosen.tolist()]

    def fits(self, wanted: Callable[[str], bool]) -> NDArray[np.bool_]:
        """Return for each event whether it is of a kind that is wanted."""
        told = [wanted(draft.lead.kind) for draft in self.drafts]
        table = np.array([wanted(kind) for kind in self._groups.table.kinds], np.bool_)
        plain = self._groups.kind[self._plain]
        return np.concatenate([np.array(told, np.bool_), table[plain] if len(plain) else plain > 0])

    def walk(self) -> Iterator[Event]:
        """Yield all events, by position, as if nothing overlapped them."""
        for start in range(0, len(self), _PART):
            positions = np.arange(start, min(start + _PART, len(self)))
            yield from self.take(positions, [(0, ())] * len(positions))

    def take(
        self, positions: Integers, overlaps: Sequence[tuple[int, tuple[str, ...]]]
    ) -> list[Event]:
        """Return the events at positions, given how many overlap each and the nearest of them."""
        found: list[Event | None] = [None] * len(positions)
        told = len(self.drafts)
        for at in np.flatnonzero(positions < told).tolist():
            count, nearest = overlaps[at]
            found[at] = self.drafts[positions[at]].to_event(self._actors, nearest, count)
        groups = self._groups
        rest = np.flatnonzero(positions >= told)
        events = self._plain[positions[rest] - told]
        alone = groups.sizes[events] == 1
        testimonies = groups.table.take(groups.first[events[alone]])
        names = self.names(positions[rest[alone]].tolist())
        for at, one, name in zip(rest[alone].tolist(), testimonies, names, strict=True):
            count, nearest = overlaps[at]
            found[at] = tell_event(one, name, self._actors, nearest, count)
        several = groups.drafts(events[~alone])
        for at, draft in zip(rest[~alone].tolist(), several, strict=True):
            count, nearest = overlaps[at]
            found[at] = draft.to_event(self._actors, nearest, count)
        return [event for event in found if event is not None]


@dataclass(frozen=True, slots=True)
class Order:
    """Events of a pool in their order, and what is known of the order of each.

    `place` is their positions. `near` are their overlaps, which number the events by time alone:
    `by_time` are the positions in that order. Without `near` there is no time to overlap.
    """

    place: Integers
    by_time: Integers
    near: Neighbourhood | None = None
    after: Mapping[int, tuple[Precedent, ...]] = field(default_factory=dict)
    narrowed_by: Mapping[int, tuple[int, ...]] = field(default_factory=dict)


class MergedEvents(Sequence[Event]):
    """Events of a pool in order."""

    def __init__(self, pool: Pool, order: Order) -> None:
        self._pool = pool
        self._order = order

    @cached_property
    def _row(self) -> Integers:
        """The number by time of each position."""
        by_time = self._order.by_time
        row = np.empty_like(by_time)
        row[by_time] = np.arange(len(by_time))
        return row

    def __len__(self) -> int:
        return len(self._order.place)

    @overload
    def __getitem__(self, at: int) -> Event: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Event, ...]: ...
    def __getitem__(self, at: int | slice) -> Event | tuple[Event, ...]:
        if isinstance(at, slice):
            return tuple(self.take(self._order.place[at]))
        position = self._order.place[range(len(self))[at]]
        return self.take(np.array([position]))[0]

    def __iter__(self) -> Iterator[Event]:
        for start in range(0, len(self), _PART):
            yield from self.take(self._order.place[start : start + _PART])

    def __reversed__(self) -> Iterator[Event]:
        for start in range(len(self), 0, -_PART):
            yield from self.take(self._order.place[max(start - _PART, 0) : start][::-1])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, MergedEvents | tuple):
            return NotImplemented
        return len(self) == len(other) and all(
            one == two for one, two in zip(self, other, strict=True)
        )

    __hash__ = None  # type: ignore[assignment]

    def of_kinds(self, kinds: frozenset[str]) -> Iterator[Event]:
        """Yield the events of these kinds, in order, without making the others."""
        place = self._order.place
        chosen = place[self._pool.fits(kinds.__contains__)[place]]
        for start in range(0, len(chosen), _PART):
            yield from self.take(chosen[start : start + _PART])

    def last_time(self, *, but: str) -> Instant | None:
        """Return the time of the last event that is not of a kind, without making any."""
        place = self._order.place[::-1]
        fits = self._pool.fits(lambda kind: kind != but)
        for start in range(0, len(place), FEW):
            part = place[start : start + FEW]
            chosen = part[fits[part]]
            if len(chosen):
                time = int(self._pool.bounds.time[chosen[0]])
                return None if time == NONE else Instant(time)
        return None

    def take(self, positions: Integers) -> list[Event]:
        """Return the events at positions of the pool."""
        order, names = self._order, self._pool.names
        made = self._pool.take(positions, self._overlaps(positions))
        for at, position in enumerate(positions.tolist()):
            if position in order.after or position in order.narrowed_by:
                made[at] = replace(
                    made[at],
                    after=order.after.get(position, ()),
                    bounded_by=tuple(names(order.narrowed_by.get(position, ()))),
                )
        return made

    def _overlaps(self, positions: Integers) -> list[tuple[int, tuple[str, ...]]]:
        near = self._order.near
        if near is None:
            return [(0, ())] * len(positions)
        rows = self._row[positions]
        nearest = near.nearest(rows)
        others = np.array([row for rows in nearest for row in rows], np.int64)
        names = iter(self._pool.names(self._order.by_time[others]))
        counts = near.counts[rows].tolist()
        return [
            (count, tuple(islice(names, len(rows))))
            for count, rows in zip(counts, nearest, strict=True)
        ]


def last_time(events: Sequence[Event], *, but: str) -> Instant | None:
    """Return the time of the last event that is not of a kind, None where there is none."""
    if isinstance(events, MergedEvents):
        return events.last_time(but=but)
    return next((event.time for event in reversed(events) if event.kind != but), None)


def collect(pool: Pool, order: Order) -> Sequence[Event]:
    """Return the events in order: all made at once where they are few."""
    events = MergedEvents(pool, order)
    return tuple(events) if len(events) <= FEW else events


def _as_numbers(draft: Draft) -> tuple[int, int, int]:
    low, time, high = draft.bounds
    if low is None or time is None or high is None:
        return NONE, NONE, NONE
    return low, time, high
