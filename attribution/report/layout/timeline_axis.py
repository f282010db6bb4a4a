"""What lies behind the events of a timeline: axis, cuts, impact, and the moments marked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from attribution.model.instant import SECOND, Instant, to_datetime
from attribution.report.layout.axis import Axis
from attribution.report.layout.metrics import text_width
from attribution.report.layout.picture import Label, Path, Rectangle, Shape, line, polygon

SIZE = 6.6
"""The size of the words of a timeline (points)."""

MARK_ROW = 10.0
"""The height of a row of flags (points)."""


@dataclass(frozen=True, slots=True)
class Flag:
    """A moment marked across all lanes (detection, mitigation ...)."""

    words: str
    time: Instant


def stack_flags(flags: Sequence[Flag], axis: Axis) -> list[int]:
    """Return the row of each flag, so that their words do not overlap."""
    ends: list[float] = []
    rows = []
    for flag in flags:
        left = _flag_left(flag, axis)
        row = next((r for r, end in enumerate(ends) if end <= left), len(ends))
        if row == len(ends):
            ends.append(0.0)
        ends[row] = left + text_width(flag.words, SIZE, "bold") + 12
        rows.append(row)
    return rows


def _flag_left(flag: Flag, axis: Axis) -> float:
    """Return the left end of flag and words; the words stand before it where the edge is near."""
    x, needed = axis.x(flag.time), text_width(flag.words, SIZE, "bold") + 10
    return x if x + needed <= axis.right + 4 else x - needed


def draw_background(  # noqa: PLR0917 - what lies behind the events, in the order it is drawn
    axis: Axis,
    impact: tuple[Instant, Instant] | None,
    flags: Sequence[Flag],
    rows: Sequence[int],
    top: float,
    bottom: float,
) -> list[Shape]:
    """Return the band of impact, the grid, the cuts, and a line with a flag for each moment."""
    shapes: list[Shape] = []
    if impact is not None:
        left, right = axis.x(impact[0]), axis.x(impact[1])
        shapes.append(Rectangle(left, top, max(right - left, 1.0), bottom - top, "impact"))
    shapes += [line(x, top, x, bottom, "grid") for _, x in axis.ticks(58)]
    for cut in axis.cuts:
        left, wide = cut.left + 5, cut.right - cut.left - 10
        shapes.append(Rectangle(left, top, wide, bottom - top, "break"))
    for flag, row in zip(flags, rows, strict=True):
        x, y = axis.x(flag.time), 6 + row * MARK_ROW
        before = _flag_left(flag, axis) < x
        shapes += [
            line(x, y, x, bottom, "mark"),
            polygon(((x, y), (x + 6, y + 3), (x, y + 6)), "mark-flag"),
            Label(
                x - 3 if before else x + 8,
                y + 5.6,
                flag.words,
                SIZE,
                "mark-flag",
                "end" if before else "start",
                bold=True,
            ),
        ]
    return shapes


def draw_axis(axis: Axis, y: float, duration: Callable[[int], str]) -> list[Shape]:
    """Return the axis with its times in UTC, a date at each new day, and the length of each cut."""
    shapes: list[Shape] = []
    shapes += [line(stretch.left, y, stretch.right, y, "axis") for stretch in axis.stretches]
    for cut in axis.cuts:
        shapes += draw_cut(cut.left, cut.right, y)
        middle = (cut.left + cut.right) / 2
        shapes.append(Label(middle, y + 23, duration(cut.length), 5.6, "muted", "middle"))
    day, free = "", 0.0
    for moment, x in axis.ticks(58):
        when = to_datetime(Instant(moment))
        clock = when.strftime("%H:%M:%S" if moment % (60 * SECOND) else "%H:%M")
        date = when.strftime("%Y-%m-%d")
        shapes.append(line(x, y, x, y + 3, "axis"))
        half = text_width(clock, SIZE) / 2
        if x - half >= free:
            shapes.append(Label(x, y + 10, clock, SIZE, "label", "middle"))
            free = x + half + 2
            if date != day:
                shapes.append(Label(x, y + 17, date, 5.6, "muted", "middle"))
                day = date
    shapes.append(Label(4, y + 10, "UTC", SIZE, "muted", bold=True))
    return shapes


def draw_cut(left: float, right: float, y: float) -> list[Shape]:
    """Return a zigzag across the cut: the mark that the axis does not run to scale there."""
    middle = (left + right) / 2
    points = [(left, y), (middle - 5, y), (middle - 2.5, y - 4), (middle + 2.5, y + 4)]
    points += [(middle + 5, y), (right, y)]
    first, *rest = points
    return [Path((("M", *first), *(("L", *point) for point in rest)), "axis")]
