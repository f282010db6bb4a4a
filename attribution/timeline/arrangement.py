"""The dated events in order: by their times, and by what records say where times leave it open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
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
    steps = find_precedence(by_time, formats)
    if steps:
        return _arrange_by_steps(by_time, bounds, ids, steps, actors)
    names = [draft.id for draft in by_time]
    overlaps = find_overlaps(bounds[:, 1], bounds[:, 0], bounds[:, 2])
    return tuple(
        draft.to_event(actors, tuple([names[at] for at in nearest]), count)
        for draft, count, nearest in zip(by_time, overlaps.counts, overlaps.nearest, strict=True)
    ), ()


def _arrange_by_steps(
    drafts: Sequence[Draft],
    bounds: Integers,
    ids: NDArray[np.bytes_],
    steps: Sequence[Step],
    actors: Actors,
) -> tuple[tuple[Event, ...], tuple[Gap, ...]]:
    """Return the events, given in order of time, as the steps among them make it."""
    about = sorted({at for step in steps for at in step[:2]})
    known = dict(zip(about, map(_as_bounds, bounds[about].tolist()), strict=True))
    succession = settle(known, steps)
    for at in succession.narrowed_by:
        bounds[at] = succession.bounds[at]
        low, time, high = succession.bounds[at]
        drafts[at].bounds = Instant(low), Instant(time), Instant(high)
    rank, level = bounds[:, 1].copy(), np.zeros(len(drafts), dtype=np.int64)
    for at, (time, depth) in succession.rank.items():
        rank[at], level[at] = time, depth
    ordered, left_out = find_ordered(succession)
    overlaps = _overlap(bounds, ids, ordered)
    names = [draft.id for draft in drafts]
    place = np.lexsort((ids, bounds[:, 0], level, rank)).tolist()
    number = {at: index for index, at in enumerate(place)}
    told = _tell(succession, names, number)
    events = []
    for at in place:
        count, nearest = overlaps[at]
        event = drafts[at].to_event(actors, tuple([names[other] for other in nearest]), count)
        if at in told or at in succession.narrowed_by:
            event = replace(
                event,
                after=told.get(at, ()),
                bounded_by=tuple(names[by] for by in succession.narrowed_by.get(at, ())),
            )
        events.append(event)
    made = dict(zip(place, events, strict=True))
    return tuple(events), find_disorder(made, succession, left_out)


def _as_bounds(row: Sequence[int]) -> Bounds:
    low, time, high = row
    return low, time, high


def _overlap(
    bounds: Integers, ids: NDArray[np.bytes_], ordered: Mapping[int, set[int]]
) -> list[tuple[int, list[int]]]:
    """Return for each event how many others overlap it whose order is open, and the nearest."""
    low, time, high = bounds.T
    by_time = np.lexsort((ids, low, time))
    back = np.empty_like(by_time)
    back[by_time] = np.arange(len(by_time))
    moved = {int(back[at]): {int(back[o]) for o in others} for at, others in ordered.items()}
    found = find_overlaps(time[by_time], low[by_time], high[by_time], ordered=moved)
    real = by_time.tolist()
    return [
        (found.counts[row], [real[other] for other in found.nearest[row]]) for row in back.tolist()
    ]


def _tell(
    succession: Succession, names: Sequence[str], number: Mapping[int, int]
) -> dict[int, tuple[Precedent, ...]]:
    """Return for each event those that records put directly before it, in order."""
    told: dict[int, list[tuple[int, str, Precedent]]] = defaultdict(list)
    against = [conflict.step for conflict in succession.conflicts]
    for steps, contradicted in ((succession.steps, False), (against, True)):
        for earlier, later, rule in steps:
            precedent = Precedent(names[earlier], rule, contradicted)
            told[later].append((number[earlier], rule, precedent))
    return {at: tuple(one for *_, one in sorted(ones)) for at, ones in told.items()}
