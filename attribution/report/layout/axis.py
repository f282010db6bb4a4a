"""A time axis that bends: long silences are cut short, marked as cut, and their length is said."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from attribution.model.instant import HOUR, MINUTE, SECOND, Instant

_SILENCE = 0.14
"""A stretch without events longer than this part of the time drawn is cut."""

_RANGE = 40
"""A stretch that is so many times shorter than the longest silence is none."""

_MAX_CUTS = 6
_DAY = 24 * HOUR
_STEPS = (
    *(SECOND * n for n in (1, 2, 5, 10, 15, 30)),
    *(MINUTE * n for n in (1, 2, 5, 10, 15, 30)),
    *(HOUR * n for n in (1, 2, 3, 6, 12)),
    *(_DAY * n for n in (1, 2, 7, 14, 28, 91, 182, 364)),
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time drawn to scale from `left` to `right` (points)."""

    start: int
    end: int
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Cut:
    """A silence cut out: its length in microseconds, and where the cut is drawn."""

    length: int
    left: float
    right: float


class Axis:
    """Maps instants to x; built over every time the picture has to show."""

    def __init__(
        self, times: Iterable[Instant], left: float, right: float, cut_width: float = 26.0
    ) -> None:
        moments = sorted(set(times))
        groups = _split(moments)
        least = 22.0
        room = right - left - cut_width * (len(groups) - 1) - least * len(groups)
        active = sum(group[-1] - group[0] for group in groups) or 1
        stretches, cuts, x = [], [], left
        for index, group in enumerate(groups):
            if index:
                cuts.append(Cut(group[0] - groups[index - 1][-1], x, x + cut_width))
                x += cut_width
            width = least + room * (group[-1] - group[0]) / active
            stretches.append(Stretch(group[0], group[-1], x, x + width))
            x += width
        self.left, self.right = left, right
        self.stretches: tuple[Stretch, ...] = tuple(stretches)
        self.cuts: tuple[Cut, ...] = tuple(cuts)
        self._starts = [stretch.start for stretch in stretches]

    def x(self, moment: int) -> float:
        """Return the place of a moment; inside a cut, its middle; outside, the nearer end."""
        if not self.stretches:
            return self.left
        index = max(0, bisect_right(self._starts, moment) - 1)
        stretch = self.stretches[index]
        if moment <= stretch.end:
            return self._within(stretch, max(moment, stretch.start))
        if index + 1 < len(self.stretches):
            cut = self.cuts[index]
            return (cut.left + cut.right) / 2
        return stretch.right - 9.0

    def ticks(self, spacing: float) -> list[tuple[int, float]]:
        """Return round moments and their places, at least `spacing` apart in each stretch."""
        found = []
        for stretch in self.stretches:
            span, width = stretch.end - stretch.start, stretch.right - stretch.left
            if width < spacing or not span:
                found.append((stretch.start, self.x(stretch.start)))
                continue
            step = next(
                (step for step in _STEPS if step * (width - 18) / span >= spacing), _STEPS[-1]
            )
            first = -(-stretch.start // step) * step
            inside = [(at, self.x(at)) for at in range(first, stretch.end + 1, step)]
            found += inside or [(stretch.start, self.x(stretch.start))]
        return found

    def _within(self, stretch: Stretch, moment: int) -> float:
        inner_left, inner_right = stretch.left + 9.0, stretch.right - 9.0
        span = stretch.end - stretch.start
        if not span:
            return (inner_left + inner_right) / 2
        return inner_left + (inner_right - inner_left) * (moment - stretch.start) / span


def _split(moments: Sequence[Instant]) -> list[list[Instant]]:
    """Return the moments in groups, split at silences; the longest first, until none is long."""
    if not moments:
        return []
    gaps = sorted(
        ((after - before, index) for index, (before, after) in enumerate(pairwise(moments), 1)),
        key=lambda gap: (-gap[0], gap[1]),
    )
    drawn = moments[-1] - moments[0]
    splits: list[int] = []
    for length, index in gaps[:_MAX_CUTS]:
        if length <= max(_SILENCE * drawn, gaps[0][0] / _RANGE):
            break
        splits.append(index)
        drawn -= length
    edges = [0, *sorted(splits), len(moments)]
    return [list(moments[start:end]) for start, end in pairwise(edges)]
