"""The timeline as a picture: lanes, a bent axis in UTC, impact, and the steps of the response."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from attribution.model.event import Event
from attribution.model.instant import Instant
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
    line,
    shift,
)
from attribution.report.layout.timeline_axis import (
    MARK_ROW,
    SIZE,
    Flag,
    draw_axis,
    draw_background,
    draw_cut,
    draw_uncertainty,
    stack_flags,
    stands_before,
)

_UNDATED = 290.0
"""The least width of a column of undated events (points)."""

_LABELS = 104.0
_ROW = 15.0
_RADIUS = 6.2
_TEXT_LIMIT = 150.0


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane: its name and the events in it, in time order."""

    name: str
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class TimelineWords:
    """What the picture says, and how events are numbered and linked.

    `numbers` are the labels of the key events by event id; other events are drawn as ticks.
    `duration` writes a length of time in microseconds.
    """

    numbers: Mapping[str, str]
    titles: Mapping[str, str]
    legend: Mapping[str, str]
    undated: str
    duration: Callable[[int], str]
    anchor: Callable[[str], str] | None = None


@dataclass(frozen=True, slots=True)
class _Placed:
    event: Event
    x: float
    row: int
    text: str
    before: bool


def draw_timeline(  # noqa: PLR0917 - everything a timeline shows, each of its own type
    lanes: Sequence[Lane],
    undated: Sequence[Event],
    flags: Sequence[Flag],
    impact: tuple[Instant, Instant] | None,
    words: TimelineWords,
    width: float = 740.0,
) -> Picture:
    """Return the picture; a lane grows by rows until no two labels in it overlap."""
    axis = Axis(_key_times(lanes, flags, impact, words), _LABELS, width - 4)
    lines = [axis.x(flag.time) for flag in flags]
    flag_rows = stack_flags(flags, axis)
    top = 6 + MARK_ROW * (max(flag_rows, default=-1) + 1) + 4
    body: list[Shape] = []
    places: dict[str, tuple[float, float]] = {}
    y = top
    for number, lane in enumerate(lanes):
        placed = _pack(lane, axis, words, width, lines)
        height = _ROW * (max((item.row for item in placed), default=0) + 1) + 5
        body += _draw_lane(lane.name, y, height, width, shaded=number % 2 == 0)
        for item in placed:
            at = y + 2.5 + _ROW * (item.row + 0.5)
            places[item.event.id] = (item.x, at)
            body.append(_draw_event(item, at, axis, words))
        y += height
    back = draw_background(axis, impact, flags, flag_rows, top, y)
    joins = _draw_joins(lanes, {id_: at for id_, at in places.items() if id_ in words.numbers})
    foot = draw_axis(axis, y, words.duration)
    y += 26
    y, apart = _draw_undated(undated, words, y, width)
    told = _legend(words, lanes, undated, axis, impact, joined=bool(joins))
    legend, height = draw_legend(told, width - 8)
    lanes_behind = tuple(shape for shape in body if isinstance(shape, Rectangle))
    front = tuple(shape for shape in body if not isinstance(shape, Rectangle))
    moved = tuple(shift(shape, 4, y + 6) for shape in legend)
    shapes = (*lanes_behind, *back, *joins, *front, *foot, *apart, *moved)
    return Picture(width, y + height + 8, shapes)


def _key_times(
    lanes: Sequence[Lane],
    flags: Sequence[Flag],
    impact: tuple[Instant, Instant] | None,
    words: TimelineWords,
) -> list[Instant]:
    """Return the times the axis has to tell apart: of key events, or of all where none is key."""
    dated = [(event.id, event.time) for lane in lanes for event in lane.events]
    times = [time for event, time in dated if time is not None and event in words.numbers]
    times = times or [time for _, time in dated if time is not None]
    return [*times, *(flag.time for flag in flags), *(impact or ())]


def _draw_lane(name: str, y: float, height: float, width: float, *, shaded: bool) -> list[Shape]:
    lines = wrap_lines(name, SIZE + 0.4, _LABELS - 12, max(1, int(height // 8)), "bold")
    first = y + height / 2 + 2.4 - (len(lines) - 1) * 4
    shapes: list[Shape] = [Rectangle(0, y, width, height, "lane")] if shaded else []
    shapes += [
        Label(4, first + index * 8, text, SIZE + 0.4, "label", bold=True)
        for index, text in enumerate(lines)
    ]
    return shapes


def _pack(
    lane: Lane, axis: Axis, words: TimelineWords, width: float, lines: Sequence[float]
) -> list[_Placed]:
    """Return the lane's events with rows, so that neither marks nor labels overlap.

    A label stands before its mark where it would leave the picture, or cross more of the `lines`.

    Key events come first; the others share one row of ticks below them.
    """
    ends: list[float] = []
    placed = []
    others = []
    for event in lane.events:
        if event.time is None:
            continue
        x = axis.x(event.time)
        if event.id not in words.numbers:
            others.append((event, x))
            continue
        text = clip(words.titles[event.id], SIZE, _TEXT_LIMIT)
        label = text_width(text, SIZE) + 5.5
        before = stands_before(x, _RADIUS + label, (_LABELS, width - 2), lines)
        left = x - _RADIUS - (label if before else 0.0)
        row = next((r for r, end in enumerate(ends) if end <= left), len(ends))
        if row == len(ends):
            ends.append(0.0)
        ends[row] = x + _RADIUS + (0.0 if before else label) + 3
        placed.append(_Placed(event, x, row, text, before))
    grown = [_grow(item, placed, words, (_LABELS, width - 2), lines) for item in placed]
    return grown + [_Placed(event, x, len(ends), "", before=False) for event, x in others]


def _grow(
    item: _Placed,
    lane: Sequence[_Placed],
    words: TimelineWords,
    room: tuple[float, float],
    lines: Sequence[float],
) -> _Placed:
    """Return the item with as much of its words as fit before its neighbour or the next line.

    `_TEXT_LIMIT` is how wide they are at first, so that lanes stay low.
    """
    whole = words.titles[item.event.id]
    if item.text == whole:
        return item
    reach = _RADIUS + 3.5
    ends = [*room, *lines]
    for other in lane:
        if other.row == item.row and other is not item:
            label = text_width(other.text, SIZE) + reach
            before = other.before
            ends += [
                other.x - (label if before else _RADIUS),
                other.x + (_RADIUS if before else label),
            ]
    if item.before:
        free = item.x - max((end for end in ends if end < item.x), default=room[0])
    else:
        free = min((end for end in ends if end > item.x), default=room[1]) - item.x
    # A neighbour may grow into the same room from the other side: each takes half of it.
    used = text_width(item.text, SIZE)
    spare = (free - reach - 4 - used) / 2
    return replace(item, text=clip(whole, SIZE, used + spare)) if spare > 0 else item


def _draw_event(item: _Placed, y: float, axis: Axis, words: TimelineWords) -> Group:
    event, x = item.event, item.x
    shapes: list[Shape] = []
    if event.time_low is not None and event.time_high is not None and _is_wide(event, axis):
        low, high = axis.x(event.time_low), axis.x(event.time_high)
        shapes.append(draw_uncertainty(low, high, y))
    number = words.numbers.get(event.id)
    if number is None:
        shapes.append(line(x, y - 4, x, y + 4, "tick"))
    else:
        shapes += [
            circle(x, y, _RADIUS, "event"),
            Label(x, y + 1.8, number, _fit(number), "on-colour", "middle", bold=True),
        ]
        if item.text:
            at, anchor = (x - _RADIUS - 3.5, "end") if item.before else (x + _RADIUS + 3.5, "start")
            shapes.append(Label(at, y + 2.3, item.text, SIZE, anchor=anchor))
    link = None if words.anchor is None else words.anchor(event.id)
    return Group(tuple(shapes), link, words.titles.get(event.id, event.text))


def _fit(number: str) -> float:
    """Return the size at which a number stays inside its disc."""
    size = 5.2
    return min(size, size * (2 * _RADIUS - 2.4) / max(1.0, text_width(number, size, "bold")))


def _draw_joins(lanes: Sequence[Lane], places: Mapping[str, tuple[float, float]]) -> list[Shape]:
    """Return rings around, and a band between, key events whose order no record decides."""
    joined = {
        tuple(sorted((event.id, other)))
        for lane in lanes
        for event in lane.events
        for other in event.order_undecidable_with
        if event.id in places and other in places
    }
    rings = sorted({places[event] for pair in joined for event in pair})
    bands: list[Shape] = [line(*places[a], *places[b], "undecided") for a, b in sorted(joined)]
    return [*bands, *(circle(x, y, _RADIUS + 1.6, "undecided-ring") for x, y in rings)]


def _draw_undated(
    undated: Sequence[Event], words: TimelineWords, y: float, width: float
) -> tuple[float, list[Shape]]:
    """Return the next free y and the undated events in a row of their own, off the axis."""
    if not undated:
        return y, []
    shapes: list[Shape] = [Label(4, y + 8, words.undated, SIZE, "muted", bold=True)]
    columns = max(1, int((width - _LABELS) // _UNDATED))
    column = (width - _LABELS) / columns
    for number, event in enumerate(undated):
        x, at = _LABELS + column * (number % columns), y + _ROW * (number // columns)
        text = clip(words.titles[event.id], SIZE, column - 2 * _RADIUS - 10)
        label = words.numbers.get(event.id, "")
        link = None if words.anchor is None else words.anchor(event.id)
        parts = (
            circle(x + _RADIUS, at + 6, _RADIUS, "hollow"),
            Label(x + _RADIUS, at + 7.9, label, _fit(label), "label", "middle"),
            Label(x + 2 * _RADIUS + 3, at + 8.3, text, SIZE),
        )
        shapes.append(Group(parts, link, words.titles[event.id]))
    y += _ROW * ((len(undated) - 1) // columns)
    return y + _ROW + 4, shapes


def _legend(
    words: TimelineWords,
    lanes: Sequence[Lane],
    undated: Sequence[Event],
    axis: Axis,
    impact: tuple[Instant, Instant] | None,
    *,
    joined: bool,
) -> tuple[Entry, ...]:
    events = [event for lane in lanes for event in lane.events]
    entries: list[tuple[str, bool, tuple[Shape, ...]]] = [
        ("key", True, (circle(9, 4, 5, "event"),)),
        ("other", any(e.id not in words.numbers for e in events), (line(9, 0, 9, 8, "tick"),)),
        ("impact", impact is not None, (Rectangle(0, 0, 18, 8, "impact"),)),
        (
            "uncertain",
            any(_is_wide(event, axis) for event in events),
            (Rectangle(0, 2, 18, 4, "uncertain", 2.0),),
        ),
        (
            "undecided",
            joined,
            (line(0, 4, 18, 4, "undecided"), circle(9, 4, 4, "undecided-ring")),
        ),
        ("cut", bool(axis.cuts), (*draw_cut(0, 18, 4),)),
        ("undated", bool(undated), (circle(9, 4, 5, "hollow"),)),
    ]
    return tuple(Entry(words.legend[name], shapes) for name, used, shapes in entries if used)


def _is_wide(event: Event, axis: Axis) -> bool:
    if event.time_low is None or event.time_high is None:
        return False
    return axis.x(event.time_high) - axis.x(event.time_low) > 1
