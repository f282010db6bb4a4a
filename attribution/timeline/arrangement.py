"""The dated events in order: by their times, and by what records say where times leave it open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from attribution.model.event import Event, Gap, Precedent
from attribution.model.instant import Instant
from attribution.timeline.disorder import find_disorder
from attribution.timeline.draft import Actors, Draft
from attribution.timeline.order import find_overlaps
from attribution.timeline.precedence import Step, find_precedence
from attribution.timeline.succession import Bounds, Succession, find_ordered, settle

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]


def arrange_events(
    drafts: Sequence[Draft], actors: Actors, formats: Mapping[str, str]
) -> tuple[tuple[Event, ...], tuple[Gap, ...]]:
    """Return the dated events in order, and what records of their order contradict.

    The order is that of (time, time_low, id), but that no event stands before one that records put
    before it. `formats` are those of the evidence items.
    """
    if not drafts:
        return (), ()
    bounds = np.array([draft.bounds for draft in drafts], dtype=np.int64)
    ids = np.array([draft.id for draft in drafts], dtype="S19")
    first = np.lexsort((ids, bounds[:, 0], bounds[:, 1]))
    by_time, bounds, ids = [drafts[at] for at in first.tolist()], bounds[first], ids[first]
    succession = _settle(bounds, find_precedence(by_time, formats))
    for at in succession.narrowed_by:
        low, time, high = bounds[at] = succession.bounds[at]
        by_time[at].bounds = Instant(low), Instant(time), Instant(high)
    place = _place(bounds, ids, succession)
    ordered, left_out = find_ordered(succession)
    overlaps = _overlap(bounds, ids, ordered)
    names = [draft.id for draft in by_time]
    told = _tell(succession, names, place)
    events = []
    for at in place:
        count, nearest = overlaps(at)
        by = succession.narrowed_by.get(at, ())
        events.append(
            by_time[at].to_event(
                actors,
                tuple([names[other] for other in nearest]),
                count,
                told.get(at, ()),
                tuple([names[other] for other in by]),
            )
        )
    if not succession.conflicts and not succession.cycles and not left_out:
        return tuple(events), ()
    return tuple(events), find_disorder(dict(zip(place, events, strict=True)), succession, left_out)


def _settle(bounds: Integers, steps: Sequence[Step]) -> Succession:
    """Return what steps make of bounds given in order of time."""
    if not steps:
        return Succession.of_clocks(())
    earlier, later = np.array([step[:2] for step in steps], dtype=np.int64).T
    if (earlier < later).all() and (bounds[earlier, 2] < bounds[later, 0]).all():
        return Succession.of_clocks(tuple(steps))
    about = np.unique(np.concatenate([earlier, later])).tolist()
    known = dict(zip(about, map(_as_bounds, bounds[about].tolist()), strict=True))
    return settle(known, steps)


def _place(bounds: Integers, ids: NDArray[np.bytes_], succession: Succession) -> list[int]:
    """Return the positions in the order in which the events are to stand."""
    if not succession.rank:
        return list(range(len(bounds)))
    rank, level = bounds[:, 1].copy(), np.zeros(len(bounds), dtype=np.int64)
    for at, (time, depth) in succession.rank.items():
        rank[at], level[at] = time, depth
    found: list[int] = np.lexsort((ids, bounds[:, 0], level, rank)).tolist()
    return found


def _as_bounds(row: Sequence[int]) -> Bounds:
    low, time, high = row
    return low, time, high


def _overlap(
    bounds: Integers, ids: NDArray[np.bytes_], ordered: Mapping[int, set[int]]
) -> Callable[[int], tuple[int, list[int]]]:
    """Return what tells of an event how many others overlap it in an open order, and the nearest.

    Narrowed bounds may have moved times, so that the events are sorted by time anew.
    """
    low, time, high = bounds.T
    if not ordered:
        plain = find_overlaps(time, low, high)
        return lambda at: (plain.counts[at], plain.nearest[at])
    by_time = np.lexsort((ids, low, time))
    back = np.empty_like(by_time)
    back[by_time] = np.arange(len(by_time))
    row, real = back.tolist(), by_time.tolist()
    moved = {row[at]: {row[other] for other in others} for at, others in ordered.items()}
    found = find_overlaps(time[by_time], low[by_time], high[by_time], ordered=moved)
    return lambda at: (found.counts[row[at]], [real[other] for other in found.nearest[row[at]]])


def _tell(
    succession: Succession, names: Sequence[str], place: Sequence[int]
) -> dict[int, tuple[Precedent, ...]]:
    """Return for each event those that records put directly before it, in order."""
    if not succession.steps and not succession.conflicts:
        return {}
    number = {at: index for index, at in enumerate(place)}
    told: dict[int, list[tuple[int, str, Precedent]]] = defaultdict(list)
    against = [conflict.step for conflict in succession.conflicts]
    for steps, contradicted in ((succession.steps, False), (against, True)):
        for earlier, later, rule in steps:
            precedent = Precedent(names[earlier], rule, contradicted)
            told[later].append((number[earlier], rule, precedent))
    return {at: tuple(one for *_, one in sorted(ones)) for at, ones in told.items()}
