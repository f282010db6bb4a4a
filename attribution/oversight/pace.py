"""How fast reviews were, as a rank among the repository's own: time, and lines an hour.

A rank says how unusual a review was here, not whether it was good. The comparison is with the other
approvals by people, before the merge and of changes not their own, that the records hold.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from attribution.model.event import Event
from attribution.model.instant import SECOND, Instant
from attribution.model.oversight import Approval, ChangeReview
from attribution.model.pace import Pace, Ranking
from attribution.oversight.changes import Change
from attribution.oversight.facts import text

MINIMUM = 20
"""Reviews to compare with below which no rank is given: one of them would move it by 5 points.

The project's own choice.
"""

_HOUR = 3600
_APART = frozenset({"self_approval", "bot_approval", "after_merge"})
"""Defects for which an approval is no review to compare with."""


def find_pace(change: Change, reviewer: str, approved: Instant | None) -> Pace | None:
    """Return how long an approval took from its request, None where either time is unknown.

    The request is the last one that names the reviewer before the approval, else the last time the
    change was made ready for review, else its opening.
    """
    if approved is None:
        return None
    found: tuple[Instant, str] | None = None
    for kind, basis in (
        ("pull_request.review_requested", "this reviewer was asked"),
        ("pull_request.ready_for_review", "ready for review"),
        ("pull_request.opened", "opened"),
    ):
        times = [
            event.time
            for event in change.events
            if event.kind == kind
            and event.time is not None
            and event.time <= approved
            and (kind != "pull_request.review_requested" or _asks(event, reviewer))
        ]
        if times and found is None:
            found = max(times), basis
    if found is None:
        return None
    return Pace(found[0], found[1], (approved - found[0]) / SECOND, None, None)


def _asks(event: Event, reviewer: str) -> bool:
    return (text(event, "requested_reviewer") or "").casefold() == reviewer.casefold()


def rank_reviews(reviews: Sequence[ChangeReview]) -> tuple[ChangeReview, ...]:
    """Return the reviews with each approval ranked among the others of its repository.

    Takes O(n log n) comparisons for n approvals.
    """
    groups: dict[str | None, list[tuple[int, int]]] = defaultdict(list)
    for at, review in enumerate(reviews):
        for index, approval in enumerate(review.approvals):
            if approval.pace is not None:
                groups[review.repository].append((at, index))
    paces: dict[tuple[int, int], Pace] = {}
    for places in groups.values():
        approvals = {place: reviews[place[0]].approvals[place[1]] for place in places}
        paces |= _rank(approvals)
    return tuple(
        replace(
            review,
            approvals=tuple(
                replace(approval, pace=paces.get((at, index), approval.pace))
                for index, approval in enumerate(review.approvals)
            ),
        )
        for at, review in enumerate(reviews)
    )


def _rank(approvals: dict[tuple[int, int], Approval]) -> dict[tuple[int, int], Pace]:
    """Return the paces of one repository's approvals with their ranks."""
    known = [(place, one.pace, one) for place, one in approvals.items() if one.pace is not None]
    compared = [(place, pace) for place, pace, one in known if _APART.isdisjoint(one.defects)]
    rates = sorted(pace.lines_per_hour for _, pace in compared if pace.lines_per_hour is not None)
    among = {place for place, _ in compared}
    by_size = sorted(known, key=lambda entry: (-(entry[1].lines or 0), entry[0]))
    sized = sorted(
        ((pace.lines, pace.seconds) for _, pace in compared if pace.lines is not None),
        key=lambda entry: (-entry[0], entry[1]),
    )
    found: dict[tuple[int, int], Pace] = {}
    times: list[float] = []
    taken = 0
    for place, pace, _ in by_size:
        own = place in among
        by_time = by_rate = None
        if pace.lines is not None:
            while taken < len(sized) and sized[taken][0] >= pace.lines:
                insort(times, sized[taken][1])
                taken += 1
            slower = len(times) - bisect_right(times, pace.seconds)
            by_time = _ranking(slower, len(times) - own)
        if pace.lines_per_hour is not None:
            slower = bisect_left(rates, pace.lines_per_hour)
            by_rate = _ranking(slower, len(rates) - own)
        found[place] = replace(pace, by_time=by_time, by_rate=by_rate)
    return found


def _ranking(slower: int, others: int) -> Ranking:
    return Ranking(slower / others if others >= MINIMUM else None, others)


def with_size(pace: Pace | None, lines: int | None) -> Pace | None:
    """Return the pace with the size of the change, and the lines an hour where there was time."""
    if pace is None or lines is None:
        return pace
    rate = lines * _HOUR / pace.seconds if pace.seconds > 0 else None
    return replace(pace, lines=lines, lines_per_hour=rate)
