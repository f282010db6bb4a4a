"""Charts of shares: ranges as intervals, and how far each contested fact moves them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from attribution.model.interval import Interval
from attribution.report.layout.legend import Entry, draw_legend
from attribution.report.layout.metrics import text_width, wrap_lines
from attribution.report.layout.palette import party_style
from attribution.report.layout.patterns import draw_mark
from attribution.report.layout.picture import Group, Label, Picture, Rectangle, Shape, line, shift

WIDTH = 480.0
_SIZE = 7.4
_LABELS = 150.0
_VALUES = 92.0
_ROW = 11.6
_MOVE = 11.0
"""The height of a party's bar in a tornado (points)."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One interval: its words, the party whose colour it has (None for no party), the range."""

    words: str
    party: int | None
    value: Interval
    shown: str


@dataclass(frozen=True, slots=True)
class BarGroup:
    """Intervals under one heading."""

    heading: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class CruxRow:
    """A contested fact: per party (index, share when false, share when true, words of the move)."""

    words: str
    moves: tuple[tuple[int, float | None, float | None, str], ...]
    link: str | None = None


def draw_intervals(groups: Sequence[BarGroup]) -> Picture:
    """Return a chart of intervals on one axis from 0 to 100 %: whiskers with the point marked."""
    top = 4.0
    shapes: list[Shape] = []
    y = top
    for group in groups:
        if group.heading:
            for text in wrap_lines(group.heading, _SIZE, WIDTH - 8, 2, "bold"):
                shapes.append(Label(2, y + 9, text, _SIZE, bold=True))
                y += 11
        for bar in group.bars:
            shapes.append(_draw_bar(bar, y + _ROW / 2))
            y += _ROW
        y += 4
    grid = _draw_scale(top, y)
    return Picture(WIDTH, y + 16, (*grid, *shapes))


def _x(value: float) -> float:
    return _LABELS + (WIDTH - _LABELS - _VALUES) * value


def _draw_scale(top: float, bottom: float) -> list[Shape]:
    shapes: list[Shape] = []
    for tenth in range(0, 11, 2):
        x = _x(tenth / 10)
        shapes.append(line(x, top, x, bottom, "grid"))
        shapes.append(Label(x, bottom + 10, f"{tenth * 10} %", 6.4, "muted", "middle"))
    shapes.append(line(_x(0), bottom, _x(1), bottom, "axis"))
    return shapes


def _draw_bar(bar: Bar, y: float) -> Group:
    style = party_style(bar.party)
    low, point, high = _x(bar.value.low), _x(bar.value.point), _x(bar.value.high)
    words = wrap_lines(bar.words, _SIZE, _LABELS - 14, 1)
    shapes: list[Shape] = [
        Label(8, y + 2.6, words[0] if words else "", _SIZE),
        line(low, y, high, y, style),
        line(low, y - 3.5, low, y + 3.5, style),
        line(high, y - 3.5, high, y + 3.5, style),
        draw_mark(bar.party, point, y, 7.5),
        Label(WIDTH - 2, y + 2.6, bar.shown, 6.8, "label", "end"),
    ]
    return Group(tuple(shapes), title=f"{bar.words}: {bar.shown}")


def draw_cruxes(
    rows: Sequence[CruxRow],
    parties: Sequence[tuple[int, str]],
    bases: Mapping[int, float],
    words: Mapping[str, str],
) -> Picture:
    """Return the tornado: for each fact, each party's share if it is false and if it is true.

    `parties` are (index, name) for the legend, `bases` their shares as things stand, by index. Rows
    come as ranked, largest move first; the hollow mark is "false", the full one "true".
    """
    y = top = 15.0
    behind: list[Shape] = []
    shapes: list[Shape] = [Label(WIDTH - 2, 9, words["values"], 6.2, "muted", "end")]
    for number, row in enumerate(rows):
        lines = wrap_lines(row.words, 6.8, _LABELS - 12, 4)
        height = max(_MOVE * len(row.moves), 8.6 * len(lines)) + 7
        if number % 2 == 0:
            behind.append(Rectangle(0, y, WIDTH, height, "lane"))
        first = y + height / 2 + 2.4 - (len(lines) - 1) * 4.3
        labels: tuple[Shape, ...] = tuple(
            Label(4, first + index * 8.6, text, 6.8) for index, text in enumerate(lines)
        )
        shapes.append(Group(labels, row.link, row.words))
        start = y + (height - _MOVE * len(row.moves)) / 2
        for index, move in enumerate(row.moves):
            shapes += _draw_move(move, bases.get(move[0]), start + _MOVE * (index + 0.5))
        y += height
    excluded = any(None in move[1:3] for row in rows for move in row.moves)
    entries = [
        *(Entry(name, (draw_mark(i, 9, 4, 7.5),)) for i, name in parties),
        Entry(words["true"], (draw_mark(None, 9, 4, 7.5),)),
        Entry(words["false"], (draw_mark(None, 9, 4, 7.5, hollow=True),)),
        Entry(words["base"], (_draw_base(9, 4),)),
        *[Entry(words["excluded"], (Label(9, 6.6, "–", 6.8, anchor="middle"),))] * excluded,
    ]
    legend, height = draw_legend(entries, WIDTH - 8)
    moved = [shift(shape, 4, y + 20) for shape in legend]
    return Picture(WIDTH, y + 22 + height, (*behind, *_draw_scale(top, y), *shapes, *moved))


def _draw_base(x: float, y: float) -> Shape:
    return line(x, y - 5, x, y + 5, "base")


def _draw_move(
    move: tuple[int, float | None, float | None, str], base: float | None, y: float
) -> list[Shape]:
    party, false, true, shown = move
    shapes: list[Shape] = [] if base is None else [_draw_base(_x(base), y)]
    if false is not None and true is not None:
        shapes.append(line(_x(false), y, _x(true), y, party_style(party)))
    if false is not None:
        shapes.append(draw_mark(party, _x(false), y, 6.0, hollow=True))
    if true is not None:
        shapes.append(draw_mark(party, _x(true), y, 6.0))
    room = _VALUES - 6
    size = 6.2 if text_width(shown, 6.2) <= room else 5.4
    shapes.append(Label(WIDTH - 2, y + 2.2, shown, size, "label", "end"))
    return shapes
