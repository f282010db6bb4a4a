"""What steps make of the times of events, against a comparison of everything with everything."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from attribution.timeline.precedence import Step
from attribution.timeline.succession import Bounds, find_cycles, find_ordered, settle

FEW = settings(max_examples=40, deadline=None)
COUNT = 7

BOUNDS = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 6), st.integers(0, 6)),
    min_size=COUNT,
    max_size=COUNT,
).map(lambda drawn: {at: (t - below, t, t + above) for at, (t, below, above) in enumerate(drawn)})
EVENTS = st.integers(0, COUNT - 1)
STEPS = st.lists(st.builds(Step, EVENTS, EVENTS, st.sampled_from(["a", "b"])), max_size=10)
Pairs = set[tuple[int, int]]


def close(pairs: Pairs) -> Pairs:
    """The pairs and all that follow from them (Warshall 1962)."""
    known = set(pairs)
    for middle, start, end in product(range(COUNT), repeat=3):
        if (start, middle) in known and (middle, end) in known:
            known.add((start, end))
    return known


def pairs_of(steps: tuple[Step, ...] | list[Step]) -> Pairs:
    return {(step.earlier, step.later) for step in steps if step.earlier != step.later}


@FEW
@given(STEPS)
def test_cycles_are_the_events_that_come_before_themselves(steps: list[Step]) -> None:
    """Two events share a group exactly when each reaches the other."""
    known = close(pairs_of(steps))
    expected = {
        frozenset(other for other in range(COUNT) if {(at, other), (other, at)} <= known) | {at}
        for at in range(COUNT)
        if (at, at) in known
    }
    assert set(map(frozenset, find_cycles(pairs_of(steps)))) == expected


@FEW
@given(BOUNDS, STEPS)
def test_steps_not_in_use_are_those_of_cycles_and_those_the_clocks_contradict(
    bounds: dict[int, Bounds], steps: list[Step]
) -> None:
    """Every step is used, contradicted, or inside a cycle; and what is used can all be true."""
    found = settle(bounds, steps)
    known = close(pairs_of(steps))
    inside = {(a, b) for a, b in pairs_of(steps) if (b, a) in known}
    against = pairs_of([conflict.step for conflict in found.conflicts])
    used = pairs_of(found.steps)
    assert used | against | inside == pairs_of(steps)
    assert not (used & against)
    assert not ((used | against) & inside)
    for conflict in found.conflicts:
        gap = bounds[conflict.cause][0] - bounds[conflict.effect][2]
        assert conflict.microseconds == gap > 0
        ahead = (conflict.cause, conflict.step.earlier)
        behind = (conflict.step.later, conflict.effect)
        assert all(a == b or (a, b) in known for a, b in (ahead, behind))
    assert all(bounds[a][0] <= bounds[b][2] for a, b in close(used))


@FEW
@given(BOUNDS, STEPS)
def test_bounds_are_the_narrowest_that_hold_every_time_the_steps_allow(
    bounds: dict[int, Bounds], steps: list[Step]
) -> None:
    """Low is the largest low of all before, high the smallest high of all after; no more."""
    found = settle(bounds, steps)
    known = close(pairs_of(found.steps))
    for at, (low, time, high) in found.bounds.items():
        before = [bounds[o] for o in range(COUNT) if (o, at) in known] + [bounds[at]]
        after = [bounds[o] for o in range(COUNT) if (at, o) in known] + [bounds[at]]
        assert low == max(one[0] for one in before)
        assert high == min(one[2] for one in after)
        assert time == min(max(bounds[at][1], low), high)
        changed = (low, high) != (bounds[at][0], bounds[at][2])
        assert changed == (at in found.narrowed_by)


@FEW
@given(BOUNDS, STEPS)
def test_the_order_extends_the_steps_and_agrees_with_clocks_that_can_tell(
    bounds: dict[int, Bounds], steps: list[Step]
) -> None:
    """No event stands before one it follows, nor before one whose interval ends before its own."""
    found = settle(bounds, steps)
    now = bounds | dict(found.bounds)
    rank = {at: found.rank.get(at, (bounds[at][1], 0)) for at in bounds}
    order = sorted(bounds, key=lambda at: (rank[at], now[at][0], at))
    place = {at: index for index, at in enumerate(order)}
    assert all(place[a] < place[b] for a, b in close(pairs_of(found.steps)))
    for one, other in product(bounds, repeat=2):
        if bounds[one][2] < bounds[other][0]:
            assert place[one] < place[other]


@FEW
@given(BOUNDS, STEPS)
def test_ordered_events_are_all_that_overlap_and_are_connected_by_steps(
    bounds: dict[int, Bounds], steps: list[Step]
) -> None:
    found = settle(bounds, steps)
    known = close(pairs_of(found.steps))
    now = bounds | dict(found.bounds)
    expected: dict[int, set[int]] = {}
    for a, b in known:
        if now[a][2] >= now[b][0]:
            expected.setdefault(a, set()).add(b)
            expected.setdefault(b, set()).add(a)
    ordered, left_out = find_ordered(found)
    assert ordered == expected
    assert left_out == ()


def test_beyond_the_budget_neighbours_alone_are_told_apart_and_the_rest_is_named() -> None:
    """A chain of one time: without a budget to follow it, each event knows its neighbours."""
    bounds = dict.fromkeys(range(5), (0, 0, 0))
    found = settle(bounds, [Step(at, at + 1, "a") for at in range(4)])
    ordered, left_out = find_ordered(found, budget=0)
    assert ordered == {0: {1}, 1: {0, 2}, 2: {1, 3}, 3: {2, 4}, 4: {3}}
    assert left_out == (1, 2, 3, 4)
