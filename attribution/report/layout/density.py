"""How many events happened when: a column for each stretch of time, on a logarithmic scale."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from attribution.model.instant import Instant, to_datetime
from attribution.report.layout.metrics import text_width
from attribution.report.layout.picture import Group, Label, Picture, Rectangle, Shape, line

WIDTH = 740.0
_LEFT = 44.0
_TOP = 16.0
_HEIGHT = 96.0
_SIZE = 6.6
_GAP = 7.0
"""The width of the mark where stretches without an event are left out (points)."""

_WIDEST = 40.0


@dataclass(frozen=True, slots=True)
class Column:
    """A stretch of time: its start, how many events it has (at least one), and its title."""

    start: Instant
    count: int
    title: str


def draw_density(columns: Sequence[Column], step: int, words: str) -> Picture:
    """Return the picture; stretches without an event are left out, and a white bar marks where.

    `step` is the length of a stretch in microseconds, `words` stand over the scale.
    """
    decades = max(1, math.ceil(math.log10(max((one.count for one in columns), default=1) + 1)))
    gaps = sum(b.start - a.start > step for a, b in pairwise(columns))
    wide = min(_WIDEST, (WIDTH - _LEFT - 4 - gaps * _GAP) / max(1, len(columns)))
    bottom = _TOP + _HEIGHT
    shapes: list[Shape] = [Label(4, 9, words, _SIZE, "muted", bold=True)]
    for decade in range(decades + 1):
        y = bottom - _HEIGHT * decade / decades
        shapes.append(line(_LEFT, y, WIDTH - 4, y, "grid"))
        shapes.append(Label(_LEFT - 4, y + 2.3, f"{10**decade:,}".replace(",", "\u2009"), _SIZE,
                            "muted", "end"))  # fmt: skip
    x, free, day = _LEFT, 0.0, ""
    previous: Column | None = None
    for column in columns:
        if previous is not None and column.start - previous.start > step:
            shapes.append(line(x + _GAP / 2, _TOP, x + _GAP / 2, bottom, "undecided"))
            x += _GAP
        # One event is a column of its own height: the logarithm of 1 is 0.
        height = _HEIGHT * max(math.log10(column.count), 0.06) / decades
        bar = Rectangle(x + 0.4, bottom - height, max(wide - 0.8, 0.6), height, "event")
        shapes.append(Group((bar,), title=column.title))
        labels, free, day = _label(column, x, free, day, bottom)
        shapes += labels
        x += wide
        previous = column
    shapes.append(line(_LEFT, bottom, x, bottom, "axis"))
    shapes.append(Label(4, bottom + 10, "UTC", _SIZE, "muted", bold=True))
    return Picture(WIDTH, bottom + 24, tuple(shapes))


def _label(
    column: Column, x: float, free: float, day: str, bottom: float
) -> tuple[list[Shape], float, str]:
    """Return the time under a column where there is room, the next free x, and the day told."""
    when = to_datetime(column.start)
    clock, date = when.strftime("%H:%M"), when.strftime("%Y-%m-%d")
    if x < free:
        return [], free, day
    shapes: list[Shape] = [Label(x, bottom + 10, clock, _SIZE)]
    needed = text_width(clock, _SIZE)
    if date != day:
        shapes.append(Label(x, bottom + 18, date, 5.6, "muted"))
        needed = max(needed, text_width(date, 5.6))
    return shapes, x + needed + 6, date
