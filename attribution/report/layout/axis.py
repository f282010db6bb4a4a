"""A time axis that bends: long stretches without a key event are cut short and marked as cut."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from attribution.model.instant import HOUR, MINUTE, SECOND, Instant

_LONG = 0.12
"""A stretch between events longer than this part of the time drawn is cut where they crowd."""

_EMPTY = 0.35
"""A stretch longer than this part is cut even where nothing crowds."""

_OUTSTANDING = 2.0
"""Where nothing crowds, a stretch is cut only if it is longer than the next by this factor."""

_MAX_CUTS = 9
_SLOT = 14.0
"""The width a mark takes (points); events nearer than this crowd each other."""

_CROWDED = 0.6
"""Events crowd while they fill a smaller part of the slots they could."""

_LEAST = 22.0
"""The least width of a stretch (points)."""

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
    """A stretch cut short: its length in microseconds, and where it is drawn."""

    length: int
    left: float
    right: float


class Axis:
    """Maps instants to x; built over the times that have to be told apart.

    A stretch gets its width half by its length and half by the number of times in it: within a
    stretch the axis is to scale, from one stretch to the next it is not.
    """

    def __init__(
        self, times: Iterable[Instant], left: float, right: float, cut_width: float = 20.0
    ) -> None:
        self.left, self.right = left, right
        self._cut_width = cut_width
        moments = sorted(set(times))
        gaps = sorted(
            ((after - before, index) for index, (before, after) in enumerate(pairwise(moments), 1)),
            key=lambda gap: (-gap[0], gap[1]),
        )
        drawn = moments[-1] - moments[0] if moments else 0
        splits: list[int] = []
        self._place(moments, splits)
        shorter = [length for length, _ in gaps[1:]] + [0]
        for (length, index), following in zip(gaps[:_MAX_CUTS], shorter, strict=False):
            crowded = self._is_crowded(moments)
            if length <= (_LONG if crowded else _EMPTY) * drawn:
                break
            if not crowded and length <= _OUTSTANDING * following:
                break
            splits.append(index)
            drawn -= length
            self._place(moments, splits)

    def _place(self, moments: Sequence[Instant], splits: Sequence[int]) -> None:
        """Set stretches and cuts for the moments split at these indices."""
        edges = [0, *sorted(splits), len(moments)]
        groups = [moments[start:end] for start, end in pairwise(edges) if start < end]
        room = self.right - self.left - self._cut_width * max(0, len(groups) - 1)
        room -= _LEAST * len(groups)
        active = sum(group[-1] - group[0] for group in groups)
        stretches: list[Stretch] = []
        cuts: list[Cut] = []
        x = self.left
        for group in groups:
            if stretches:
                cuts.append(Cut(group[0] - stretches[-1].end, x, x + self._cut_width))
                x += self._cut_width
            share = len(group) / len(moments)
            if active:
                share = (group[-1] - group[0]) / active * 0.5 + share * 0.5
            width = _LEAST + room * share
            stretches.append(Stretch(group[0], group[-1], x, x + width))
            x += width
        self.stretches: tuple[Stretch, ...] = tuple(stretches)
        self.cuts: tuple[Cut, ...] = tuple(cuts)
        self._starts = [stretch.start for stretch in stretches]

    def _is_crowded(self, moments: Sequence[Instant]) -> bool:
        slots = {int(self.x(moment) / _SLOT) for moment in moments}
        could = min(len(moments), int((self.right - self.left) / _SLOT / 2))
        return len(slots) < _CROWDED * could

    def x(self, moment: int) -> float:
        """Return the place of a moment; outside of all moments, the nearer end."""
        if not self.stretches:
            return self.left
        index = max(0, bisect_right(self._starts, moment) - 1)
        stretch = self.stretches[index]
        if moment <= stretch.end:
            return self._within(stretch, max(moment, stretch.start))
        end = self._within(stretch, stretch.end)
        if index + 1 < len(self.stretches):
            following = self.stretches[index + 1]
            inside = (moment - stretch.end) / self.cuts[index].length
            return end + (self._within(following, following.start) - end) * inside
        return end

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
