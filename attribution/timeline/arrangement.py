"""The dated events in order: by their times, and by what records say where times leave it open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from attribution.model.event import Event, Precedent
from attribution.model.gap import Gap
from attribution.model.instant import Instant
from attribution.timeline.disorder import find_disorder
from attribution.timeline.draft import Actors, Draft
from attribution.timeline.events import MergedEvents, Order, Pool, collect
from attribution.timeline.order import Neighbourhood
from attribution.timeline.precedence import Step, find_precedence
from attribution.timeline.succession import Bounds, Succession, find_ordered, settle
from attribution.timeline.testimonies import Groups, narrow

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]


def arrange_events(
    drafts: Sequence[Draft],
    groups: Groups,
    plain: Integers,
    actors: Actors,
    formats: Mapping[str, str],
) -> tuple[Sequence[Event], tuple[Gap, ...]]:
    """Return the dated events in order, and what records of their order contradict.

    The order is that of (time, time_low, id), but that no event stands before one that records put
    before it. `plain` are the events of `groups` that have no draft. `formats` are those of the
    evidence items.
    """
    by_time = sorted(drafts, key=lambda draft: (draft.bounds[1], draft.bounds[0], draft.id))
    pool = Pool(by_time, groups, plain, actors)
    steps = find_precedence(by_time, formats)
    succession = _settle(np.array([column[: len(by_time)] for column in pool.bounds]).T, steps)
    _narrow(pool, succession)
    place = timed = _sort(pool.bounds.time, pool.bounds.low, pool.digest)
    if succession.rank:
        rank, level = pool.bounds.time.copy(), np.zeros(len(pool), dtype=np.int64)
        for at, (time, depth) in succession.rank.items():
            rank[at], level[at] = time, depth
        place = _sort(rank, level, pool.bounds.low, pool.digest)
    ordered, left_out = find_ordered(succession)
    order = Order(
        place,
        timed,
        _overlap(pool, timed, ordered),
        _tell(succession, pool, place),
        succession.narrowed_by,
    )
    if not succession.conflicts and not succession.cycles and not left_out:
        return collect(pool, order), ()
    made = _make(MergedEvents(pool, order), succession, left_out)
    return collect(pool, order), find_disorder(made, succession, left_out)


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


def list_undated(
    drafts: Sequence[Draft], groups: Groups, plain: Integers, actors: Actors
) -> Sequence[Event]:
    """Return the events without a time, in the order of (original_time, id)."""
    pool = Pool(drafts, groups, plain, actors)
    stated = [event.original_time or "" for event in pool.walk()]
    ids = pool.digest.tolist()
    place = np.array(sorted(range(len(pool)), key=lambda at: (stated[at], ids[at])), np.int64)
    return collect(pool, Order(place, place))


def _as_bounds(row: Sequence[int]) -> Bounds:
    low, time, high = row
    return low, time, high


def _narrow(pool: Pool, succession: Succession) -> None:
    for at in succession.narrowed_by:
        low, time, high = succession.bounds[at]
        pool.drafts[at].bounds = Instant(low), Instant(time), Instant(high)
        pool.bounds.low[at], pool.bounds.time[at], pool.bounds.high[at] = low, time, high


def _sort(first: Integers, *further: Integers | NDArray[np.uint64]) -> Integers:
    """Return the positions in ascending order of `first`, equal ones in that of the further keys.

    Most events stand alone at their time: only the others are sorted by more than that.
    """
    order = narrow(np.argsort(first, kind="stable"))
    ordered = first[order]
    equal = np.zeros(len(order), np.bool_)
    np.equal(ordered[1:], ordered[:-1], out=equal[1:])
    equal[:-1] |= equal[1:]
    tied = np.flatnonzero(equal)
    if len(tied):
        members = order[tied]
        keys = [key[members] for key in further[::-1]]
        order[tied] = members[np.lexsort([*keys, ordered[tied]])]
    return order


def _overlap(
    pool: Pool, by_time: Integers, ordered: Mapping[int, set[int]] | None = None
) -> Neighbourhood:
    """Return the overlaps of the events whose order is open, numbered by time."""
    moved: dict[int, set[int]] = {}
    if ordered:
        row = np.empty_like(by_time)
        row[by_time] = np.arange(len(by_time))
        moved = {int(row[at]): {int(row[o]) for o in others} for at, others in ordered.items()}
    low, time, high = (column[by_time] for column in pool.bounds)
    return Neighbourhood(time, low, high, ordered=moved)


def _tell(succession: Succession, pool: Pool, place: Integers) -> dict[int, tuple[Precedent, ...]]:
    """Return for each event those that records put directly before it, in order."""
    if not succession.steps and not succession.conflicts:
        return {}
    number = np.empty_like(place)
    number[place] = np.arange(len(place))
    told: dict[int, list[tuple[int, str, Precedent]]] = defaultdict(list)
    against = [conflict.step for conflict in succession.conflicts]
    for steps, contradicted in ((succession.steps, False), (against, True)):
        for earlier, later, rule in steps:
            precedent = Precedent(pool.drafts[earlier].id, rule, contradicted)
            told[later].append((int(number[earlier]), rule, precedent))
    return {at: tuple(one for *_, one in sorted(ones)) for at, ones in told.items()}


def _make(
    events: MergedEvents, succession: Succession, left_out: Sequence[int]
) -> dict[int, Event]:
    """Return the events, by position, that are told of because their order does not fit."""
    about = {at for cycle in succession.cycles for at in cycle} | set(left_out)
    for conflict in succession.conflicts:
        about |= {conflict.cause, conflict.effect, conflict.step.earlier, conflict.step.later}
    positions = sorted(about)
    made = events.take(np.array(positions, np.int64))
    return dict(zip(positions, made, strict=True))
