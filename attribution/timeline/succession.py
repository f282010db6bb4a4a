"""What a precedence among events makes of their times: bounds, an order, and contradictions.

Each step says that one event is no later than another. Steps in a cycle cannot all be true, and a
step whose later event lies wholly before the earlier one contradicts a clock: neither is used. What
is left bounds the times - an event is no later than the latest its followers can be, and no earlier
than the earliest its forerunners can be - and gives a linear extension that agrees with the clocks
wherever their intervals are apart.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from attribution.timeline.precedence import Step

BUDGET = 1_000_000
"""Pairs followed, at most, through chains of records; beyond it only neighbours are told apart."""

Pair = tuple[int, int]
Bounds = tuple[int, int, int]
"""Low, time and high of an event in microseconds."""


class Conflict(NamedTuple):
    """A step that a clock contradicts: by at least how much, and between which two events.

    They are the step's own, or those ahead of and behind it in a chain of steps.
    """

    step: Step
    cause: int
    effect: int
    microseconds: int


@dataclass(frozen=True, slots=True)
class Succession:
    """The steps in use, those that are not, and what follows for each event a step is about.

    `open` are the steps in use that the clocks alone do not decide. `bounds` are narrowed,
    `narrowed_by` says by which events; `rank`, a time and a level at that time, is what an event is
    sorted by before anything else.
    """

    steps: tuple[Step, ...]
    open: tuple[Step, ...]
    conflicts: tuple[Conflict, ...]
    cycles: tuple[tuple[int, ...], ...]
    bounds: Mapping[int, Bounds]
    narrowed_by: Mapping[int, tuple[int, ...]]
    rank: Mapping[int, tuple[int, int]]

    @classmethod
    def of_clocks(cls, steps: tuple[Step, ...]) -> Succession:
        """Return the succession of steps all of which the clocks tell as well."""
        return cls(steps, (), (), (), {}, {}, {})


def settle(bounds: Mapping[int, Bounds], steps: Iterable[Step]) -> Succession:
    """Return what the steps make of the bounds of the events they are about.

    Takes O(m log m) for m steps. Where two events bound a third equally, the one with the smaller
    number is named.
    """
    given = sorted({step for step in steps if step.earlier != step.later})
    cycles = find_cycles({(step.earlier, step.later) for step in given})
    part = {at: number for number, cycle in enumerate(cycles) for at in cycle}
    sound = [s for s in given if s.earlier not in part or part[s.earlier] != part.get(s.later)]
    # What the clocks decide the same way needs no more: it narrows nothing, and of a chain that
    # contradicts them a part without it does so already.
    decided = [s for s in sound if bounds[s.earlier][2] < bounds[s.later][0]]
    sound = [s for s in sound if bounds[s.earlier][2] >= bounds[s.later][0]]
    apart = [s for s in sound if bounds[s.earlier][0] > bounds[s.later][2]]
    conflicts = [
        Conflict(s, s.earlier, s.later, bounds[s.earlier][0] - bounds[s.later][2]) for s in apart
    ]
    used = [s for s in sound if bounds[s.earlier][0] <= bounds[s.later][2]]
    reach = _Reach.along(used, bounds)
    torn = [s for s in used if reach.low[s.earlier] > reach.high[s.later]]
    if torn:
        conflicts += [
            Conflict(
                s,
                reach.from_[s.earlier],
                reach.to[s.later],
                reach.low[s.earlier] - reach.high[s.later],
            )
            for s in torn
        ]
        used = [s for s in used if reach.low[s.earlier] <= reach.high[s.later]]
        reach = _Reach.along(used, bounds)
    narrowed = reach.narrow(bounds)
    return Succession(
        tuple(sorted([*decided, *used])),
        tuple(used),
        tuple(sorted(conflicts)),
        cycles,
        narrowed,
        reach.sources(bounds),
        _rank(reach.order, used, narrowed),
    )


def find_cycles(pairs: Iterable[Pair]) -> tuple[tuple[int, ...], ...]:
    """Return the groups of events that come, by the pairs, each before and after the other.

    They are the strongly connected components of more than one event (Kosaraju; Sharir 1981), each
    sorted, found without recursion.
    """
    after, before = _neighbours(pairs)
    finished = _finish(after.keys() | before.keys(), after)
    groups = []
    placed: set[int] = set()
    for start in reversed(finished):
        if start in placed:
            continue
        placed.add(start)
        group = [start]
        for at in group:
            for other in before.get(at, ()):
                if other not in placed:
                    placed.add(other)
                    group.append(other)
        if len(group) > 1:
            groups.append(tuple(sorted(group)))
    return tuple(sorted(groups))


def _neighbours(pairs: Iterable[Pair]) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    after: dict[int, list[int]] = defaultdict(list)
    before: dict[int, list[int]] = defaultdict(list)
    for earlier, later in pairs:
        after[earlier].append(later)
        before[later].append(earlier)
    return dict(after), dict(before)


def _finish(events: Iterable[int], after: Mapping[int, Sequence[int]]) -> list[int]:
    """Return the events in the order in which a depth-first walk is done with them."""
    seen: set[int] = set()
    finished = []
    for start in sorted(events):
        if start in seen:
            continue
        seen.add(start)
        stack = [(start, iter(after.get(start, ())))]
        while stack:
            at, rest = stack[-1]
            following = next((other for other in rest if other not in seen), None)
            if following is None:
                finished.append(at)
                stack.pop()
            else:
                seen.add(following)
                stack.append((following, iter(after.get(following, ()))))
    return finished


def _sort(steps: Iterable[Step]) -> list[int]:
    """Return the events of acyclic steps, each after all it follows (Kahn 1962)."""
    pairs = {(step.earlier, step.later) for step in steps}
    after, before = _neighbours(pairs)
    waiting = {at: len(earlier) for at, earlier in before.items()}
    ready = deque(sorted(after.keys() - before.keys()))
    order = []
    while ready:
        at = ready.popleft()
        order.append(at)
        for other in after.get(at, ()):
            waiting[other] -= 1
            if not waiting[other]:
                ready.append(other)
    return order


@dataclass(frozen=True, slots=True)
class _Reach:
    """Along acyclic steps: the events in order, the bounds that reach each, and whose they are."""

    order: list[int]
    low: dict[int, int]
    high: dict[int, int]
    from_: dict[int, int]
    to: dict[int, int]

    @classmethod
    def along(cls, steps: Sequence[Step], bounds: Mapping[int, Bounds]) -> _Reach:
        order = _sort(steps)
        after, before = _neighbours({(step.earlier, step.later) for step in steps})
        low = {at: bounds[at][0] for at in order}
        high = {at: bounds[at][2] for at in order}
        from_, to = {at: at for at in order}, {at: at for at in order}
        for at in order:
            most = max(((low[o], -from_[o]) for o in before.get(at, ())), default=(low[at], 0))
            if most[0] > low[at]:
                low[at], from_[at] = most[0], -most[1]
        for at in reversed(order):
            least = min(((high[o], to[o]) for o in after.get(at, ())), default=(high[at], 0))
            if least[0] < high[at]:
                high[at], to[at] = least
        return cls(order, low, high, from_, to)

    def narrow(self, bounds: Mapping[int, Bounds]) -> dict[int, Bounds]:
        """Return low, time and high of each event within what reaches it."""
        return {
            at: (self.low[at], min(max(bounds[at][1], self.low[at]), self.high[at]), self.high[at])
            for at in self.order
        }

    def sources(self, bounds: Mapping[int, Bounds]) -> dict[int, tuple[int, ...]]:
        """Return, for each event whose bounds became narrower, the events they now come from."""
        found = {}
        for at in self.order:
            ends = [
                source
                for source, moved in (
                    (self.from_[at], self.low[at] > bounds[at][0]),
                    (self.to[at], self.high[at] < bounds[at][2]),
                )
                if moved
            ]
            if ends:
                found[at] = tuple(dict.fromkeys(ends))
        return found


def _rank(
    order: Sequence[int], steps: Iterable[Step], bounds: Mapping[int, Bounds]
) -> dict[int, tuple[int, int]]:
    """Return for each event a time no earlier than that of any it follows, and its level there.

    A time so raised stays within the event's bounds, for those are monotone along the steps.
    """
    _, before = _neighbours({(step.earlier, step.later) for step in steps})
    rank: dict[int, tuple[int, int]] = {}
    for at in order:
        time, level = bounds[at][1], 0
        for other in before.get(at, ()):
            its_time, its_level = rank[other]
            if its_time > time or (its_time == time and its_level >= level):
                time, level = its_time, its_level + 1
        rank[at] = time, level
    return rank


def find_ordered(
    succession: Succession, budget: int = BUDGET
) -> tuple[dict[int, set[int]], tuple[int, ...]]:
    """Return, for each event, those that overlap it and that a chain of steps puts before or after.

    Bounds are narrowed and so monotone along the steps: whatever lies between two events that
    overlap overlaps both, and the search goes no further than that. Beside it stand the events that
    were not searched for because the budget of pairs was used up; of those only the neighbours are
    among the answer.
    """
    bounds = succession.bounds
    _, before = _neighbours({(step.earlier, step.later) for step in succession.open})
    ordered: dict[int, set[int]] = defaultdict(set)
    left_out = []
    for at in sorted(before):
        low = bounds[at][0]
        near = [other for other in before[at] if bounds[other][2] >= low]
        seen = set(near)
        for other in near if budget > 0 else ():
            fresh = [o for o in before.get(other, ()) if o not in seen and bounds[o][2] >= low]
            seen.update(fresh)
            near += fresh
        budget -= len(near)
        if budget <= 0:
            left_out.append(at)
        for other in seen:
            ordered[at].add(other)
            ordered[other].add(at)
    return dict(ordered), tuple(left_out)
