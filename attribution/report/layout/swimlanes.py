"""Swim lanes of one change: who did what to it when, a lane for each, over a bent axis in UTC.

What was called for and never came is drawn as an empty place where it had to be by.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from attribution.model.instant import Instant
from attribution.report.layout.act_marks import RADIUS, SYMBOLS, draw_act, draw_bearer
from attribution.report.layout.axis import Axis
from attribution.report.layout.legend import Entry, draw_legend
from attribution.report.layout.metrics import clip, text_width, wrap_lines
from attribution.report.layout.picture import (
    Group,
    Label,
    Picture,
    Rectangle,
    Shape,
    circle,
    shift,
)
from attribution.report.layout.timeline_axis import (
    MARK_ROW,
    Flag,
    draw_axis,
    draw_background,
    draw_cut,
    draw_uncertainty,
    stack_flags,
    stands_before,
)

WIDTH = 480.0
_LABELS = 112.0
_SIZE = 6.8
_SMALL = 6.0
_ROW = 15.0
_LINE = 8.0
_TEXT_LIMIT = 190.0
_GAP = 4.0


@dataclass(frozen=True, slots=True)
class Act:
    """Something done, or an empty place: its symbol, time with bounds, words, and words in full.

    Without a time it stands apart. `open_order` says that its order to something that matters
    cannot be decided.
    """

    symbol: str
    words: str
    title: str
    time: Instant | None
    low: Instant | None = None
    high: Instant | None = None
    link: str | None = None
    open_order: bool = False


@dataclass(frozen=True, slots=True)
class SwimLane:
    """A lane: its name, what is below it in small, who bears it (`draw_bearer`), and its acts."""

    name: str
    detail: str
    bearer: str
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class LaneWords:
    """What the picture says: the legend by symbol, and how a length of time is written.

    Beside the symbols the legend knows `uncertain`, `undecided` and `cut`.
    """

    legend: Mapping[str, str]
    bearers: Mapping[str, str]
    undated: str
    duration: Callable[[int], str]


@dataclass(frozen=True, slots=True)
class _Placed:
    act: Act
    x: float
    row: int
    words: str
    before: bool
    crossed: bool


def draw_swimlanes(
    lanes: Sequence[SwimLane], flags: Sequence[Flag], words: LaneWords, width: float = WIDTH
) -> Picture:
    """Return the picture; a lane grows by rows until nothing in it overlaps."""
    acts = [act for lane in lanes for act in lane.acts]
    times = [act.time for act in acts if act.time is not None]
    axis = Axis([*times, *(flag.time for flag in flags)], _LABELS, width - 4)
    lines = [axis.x(flag.time) for flag in flags]
    flag_rows = stack_flags(flags, axis)
    top = 6 + MARK_ROW * (max(flag_rows, default=-1) + 1) + 4
    behind: list[Shape] = []
    front: list[Shape] = []
    y = top
    dated = [lane for lane in lanes if any(act.time is not None for act in lane.acts)]
    for number, lane in enumerate(dated):
        placed = _pack(lane.acts, axis, width, lines)
        named = _name_lane(lane)
        rows = max((item.row for item in placed), default=0) + 1
        height = max(_ROW * rows, _LINE * len(named)) + 6
        if number % 2 == 0:
            behind.append(Rectangle(0, y, width, height, "lane"))
        front += _draw_name(lane, named, y + height / 2)
        start = y + (height - _ROW * rows) / 2
        ground = "break" if number % 2 else "lane"
        front += [
            _draw_placed(item, start + _ROW * (item.row + 0.5), axis, ground) for item in placed
        ]
        y += height
    back = draw_background(axis, None, flags, flag_rows, top, y) if times else []
    foot = draw_axis(axis, y, words.duration) if times else []
    y += 28 if times else 4
    y, apart = _draw_undated(lanes, words, y, width)
    legend, height = draw_legend(_legend(lanes, axis, words), width - 8)
    moved = tuple(shift(shape, 4, y + 4) for shape in legend)
    return Picture(width, y + height + 6, (*behind, *back, *front, *foot, *apart, *moved))


def _name_lane(lane: SwimLane) -> tuple[tuple[str, bool], ...]:
    """Return the lines of a lane's name, each with whether it is of the name itself."""
    room = _LABELS - 22
    return (
        *((text, True) for text in wrap_lines(lane.name, _SIZE, room, 2, "bold")),
        *((text, False) for text in wrap_lines(lane.detail, _SMALL, room, 2)),
    )


def _draw_name(lane: SwimLane, lines: Sequence[tuple[str, bool]], middle: float) -> list[Shape]:
    first = middle + 2.4 - (len(lines) - 1) * _LINE / 2
    shapes: list[Shape] = list(draw_bearer(lane.bearer, 8, middle)) if lane.bearer else []
    for index, (text, own) in enumerate(lines):
        size, style = (_SIZE, "label") if own else (_SMALL, "muted")
        shapes.append(Label(17, first + index * _LINE, text, size, style, bold=own))
    return [Group(tuple(shapes), title=", ".join(filter(None, (lane.name, lane.detail))))]


def _pack(acts: Sequence[Act], axis: Axis, width: float, lines: Sequence[float]) -> list[_Placed]:
    """Return the acts with rows, so that neither marks nor words in a lane overlap.

    Words stand after their mark, or before it where they would leave the picture or cross a line.
    """
    taken: list[list[tuple[float, float]]] = []
    placed = []
    for act in acts:
        if act.time is None:
            continue
        x = axis.x(act.time)
        shown = clip(act.words, _SIZE, _TEXT_LIMIT)
        reach = text_width(shown, _SIZE) + RADIUS + _GAP
        before = stands_before(x, reach, (_LABELS, width - 2), lines)
        before = before or (act.symbol == "empty" and x - reach >= _LABELS)
        left, right = (x - reach, x + RADIUS) if before else (x - RADIUS, x + reach)
        left, right = left - 2, right + 2
        row = next((r for r, spans in enumerate(taken) if _is_free(spans, left, right)), len(taken))
        if row == len(taken):
            taken.append([])
        taken[row].append((left, right))
        crossed = any(left < at < right and abs(at - x) > RADIUS for at in lines)
        placed.append(_Placed(act, x, row, shown, before, crossed))
    return placed


def _is_free(spans: Sequence[tuple[float, float]], left: float, right: float) -> bool:
    return all(right <= start or left >= end for start, end in spans)


def _draw_placed(item: _Placed, y: float, axis: Axis, ground: str) -> Group:
    act, x = item.act, item.x
    shapes: list[Shape] = []
    if act.low is not None and act.high is not None and act.symbol != "empty":
        low, high = axis.x(act.low), axis.x(act.high)
        if high - low > 1:
            shapes.append(draw_uncertainty(low, high, y))
    if act.open_order:
        shapes.append(circle(x, y, RADIUS + 2.2, "undecided-ring"))
    shapes += draw_act(act.symbol, x, y)
    if item.words:
        reach = RADIUS + _GAP
        at, anchor = (x - reach, "end") if item.before else (x + reach, "start")
        style = "muted" if act.symbol == "empty" else "label"
        if item.crossed:
            wide = text_width(item.words, _SIZE) + 2
            left = at - wide + 1 if item.before else at - 1
            shapes.append(Rectangle(left, y - 4.5, wide, 8.2, ground))
        shapes.append(Label(at, y + 2.4, item.words, _SIZE, style, anchor))
    return Group(tuple(shapes), act.link, act.title)


def _draw_undated(
    lanes: Sequence[SwimLane], words: LaneWords, y: float, width: float
) -> tuple[float, list[Shape]]:
    """Return the next free y, and the acts without a time in rows of their own, off the axis."""
    undated = [(lane, act) for lane in lanes for act in lane.acts if act.time is None]
    if not undated:
        return y, []
    shapes: list[Shape] = [
        Label(4, y + 9 + index * _LINE, text, _SIZE, "muted", bold=True)
        for index, text in enumerate(wrap_lines(words.undated, _SIZE, _LABELS - 8, 2, "bold"))
    ]
    x, left = _LABELS, _LABELS
    for lane, act in undated:
        told = f"{lane.name}: {act.words}"
        shown = clip(told, _SIZE, width - left - 2 * RADIUS - 14)
        needed = 2 * RADIUS + 4 + text_width(shown, _SIZE) + 12
        if x > left and x + needed > width:
            x, y = left, y + _ROW
        mark = draw_act(act.symbol, x + RADIUS + 1, y + 7)
        label = Label(x + 2 * RADIUS + 5, y + 9.4, shown, _SIZE)
        shapes.append(Group((*mark, label), act.link, act.title))
        x += needed
    return y + _ROW + 4, shapes


def _legend(lanes: Sequence[SwimLane], axis: Axis, words: LaneWords) -> tuple[Entry, ...]:
    """Return the entries of what is in the picture, and of nothing else."""
    acts = [act for lane in lanes for act in lane.acts]
    symbols = {act.symbol for act in acts}
    bearers = {lane.bearer for lane in lanes if lane.bearer}
    entries = [Entry(words.bearers[kind], draw_bearer(kind, 9, 4)) for kind in sorted(bearers)]
    entries += [
        Entry(words.legend[name], draw_act(name, 9, 4)) for name in SYMBOLS if name in symbols
    ]
    wide = any(_is_wide(act, axis) for act in acts)
    others: list[tuple[str, bool, tuple[Shape, ...]]] = [
        ("uncertain", wide, (Rectangle(0, 2, 18, 4, "uncertain", 2.0),)),
        ("undecided", any(act.open_order for act in acts), (circle(9, 4, 4, "undecided-ring"),)),
        ("cut", bool(axis.cuts), (*draw_cut(0, 18, 4),)),
    ]
    entries += [Entry(words.legend[name], shapes) for name, used, shapes in others if used]
    return tuple(entries)


def _is_wide(act: Act, axis: Axis) -> bool:
    if act.low is None or act.high is None or act.symbol == "empty":
        return False
    return axis.x(act.high) - axis.x(act.low) > 1
