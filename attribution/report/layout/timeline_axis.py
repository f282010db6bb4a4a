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

_DATE = 5.6

MARK_ROW = 10.0
"""The height of a row of flags (points)."""


@dataclass(frozen=True, slots=True)
class Flag:
    """A moment marked across all lanes (detection, mitigation ...)."""

    words: str
    time: Instant


def stack_flags(flags: Sequence[Flag], axis: Axis) -> list[int]:
    """Return the row of each flag, so that its words meet no other's words and no other's line.

    The line of a flag runs down from its row: words that it would cross stand above it. Two that
    each cross the other's words are set apart as they come.
    """
    places = []
    for flag, before in zip(flags, choose_sides(flags, axis), strict=True):
        x, reach = axis.x(flag.time), _flag_reach(flag) + 2
        places.append((x, x - reach, x + 6) if before else (x, x - 1, x + reach))
    rows = [0] * len(flags)
    left, row = list(range(len(flags))), 0
    while left:
        placed: list[int] = []
        for one in left:
            if any(_meet(places[one], places[other]) for other in placed):
                continue
            if any(_has_to_be_above(places[other], places[one]) for other in left if other != one):
                continue
            placed.append(one)
        placed = placed or left[:1]
        for one in placed:
            rows[one] = row
        left = [one for one in left if one not in placed]
        row += 1
    return rows


_Place = tuple[float, float, float]
"""Where a flag stands, and from where to where its words are."""


def _meet(one: _Place, other: _Place) -> bool:
    return one[1] < other[2] and other[1] < one[2]


def _has_to_be_above(one: _Place, other: _Place) -> bool:
    """Return whether the line of `other` would run through the words of `one` below it."""
    through = one[1] < other[0] < one[2] and one[0] != other[0]
    return through and not other[1] < one[0] < other[2]


def choose_sides(flags: Sequence[Flag], axis: Axis) -> list[bool]:
    """Return whether the words of each flag stand before it.

    They do where the edge is near, and where they would cross another's line behind it only.
    """
    lines = [axis.x(flag.time) for flag in flags]
    sides = []
    for x, flag in zip(lines, flags, strict=True):
        reach = _flag_reach(flag)
        fits = x + reach <= axis.right + 4
        after, before = (
            sum(left < at < right for at in lines)
            for left, right in ((x, x + reach), (x - reach, x))
        )
        sides.append(not fits or (after > before and x - reach >= axis.left))
    return sides


def _flag_reach(flag: Flag) -> float:
    return text_width(flag.words, SIZE, "bold") + 10


def stands_before(
    x: float, reach: float, room: tuple[float, float], lines: Sequence[float]
) -> bool:
    """Return whether words of `reach` points from a mark's middle are to stand before it.

    They do where behind it they would leave the room, or cross more lines than before it.
    """
    if x - reach < room[0]:
        return False
    if x + reach > room[1]:
        return True
    after = sum(x < at < x + reach for at in lines)
    return sum(x - reach < at < x for at in lines) < after


def draw_uncertainty(low: float, high: float, y: float) -> Shape:
    """Return the bar of when it can have been, below the words beside a mark at `y`."""
    return Rectangle(low, y + 3.9, high - low, 2.2, "uncertain", 1.1)


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
    for flag, row, before in zip(flags, rows, choose_sides(flags, axis), strict=True):
        x, y = axis.x(flag.time), 6 + row * MARK_ROW
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
        shapes.append(Label(middle, y + 23, duration(cut.length), _DATE, "muted", "middle"))
    day, free = "", 0.0
    for moment, x in axis.ticks(58):
        when = to_datetime(Instant(moment))
        clock = when.strftime("%H:%M:%S" if moment % (60 * SECOND) else "%H:%M")
        date = when.strftime("%Y-%m-%d")
        shapes.append(line(x, y, x, y + 3, "axis"))
        half = text_width(clock, SIZE) / 2
        place = min(x, axis.right + 3 - half)
        if place - half >= free:
            shapes.append(Label(place, y + 10, clock, SIZE, "label", "middle"))
            free = place + half + 2
            if date != day:
                middle = min(x, axis.right + 2 - text_width(date, _DATE) / 2)
                shapes.append(Label(middle, y + 17, date, _DATE, "muted", "middle"))
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
