"""The picture of a bow-tie: threats to the left, harm to the right, controls as bars between.

Each control has a column with its name above, and a bar on every line it stands in the way of. The
bar's form tells its state, so that it can be read in grey.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from attribution.model.bowtie import BARRIER_STATES, PREVENTION, RECOVERY, BowTie, Branch, Guard
from attribution.report.layout.legend import Entry, draw_legend
from attribution.report.layout.metrics import wrap_lines
from attribution.report.layout.picture import (
    Group,
    Label,
    Path,
    Picture,
    Rectangle,
    Shape,
    arrow_head,
    line,
    shift,
)

MOST_BRANCHES = 10
"""Lines drawn on either side; the tables have all of them."""

_SIZE = 6.8
_LEADING = 8.4
_BOX = 150.0
_EVENT = 104.0
_COLUMN = 66.0
_GAP = 16.0
_MARGIN = 6.0
_TITLE_LINES = 8
_TEXT_LINES = 5


@dataclass(frozen=True, slots=True)
class BowTieWords:
    """The words beside the statements; `title` and `anchor` give a barrier's name and a link."""

    states: Mapping[str, str]
    threats: str
    consequences: str
    more: Callable[[int], str]
    anchor: Callable[[str], str]


def draw_bow_tie(tie: BowTie, words: BowTieWords) -> Picture:
    """Return the picture, as wide as its controls need; its parts are in the bow-tie's order."""
    threats, consequences = tie.threats[:MOST_BRANCHES], tie.consequences[:MOST_BRANCHES]
    before = _columns(tie, threats, PREVENTION)
    after = _columns(tie, consequences, RECOVERY)
    left = _MARGIN + _BOX + _GAP
    centre = left + _COLUMN * len(before) + _GAP
    right = centre + _EVENT + _GAP
    ends = right + _COLUMN * len(after) + _GAP
    head = 14.0 + _head_height([*before, *after])
    threat_rows, low_left = _rows(threats, head)
    harm_rows, low_right = _rows(consequences, head)
    low = max(low_left, low_right, head + 40)
    threat_rows = _centred(threat_rows, low_left, low)
    harm_rows = _centred(harm_rows, low_right, low)
    middle = (head + low) / 2
    shapes: list[Shape] = [
        Label(_MARGIN, 10, words.threats, _SIZE, "muted", bold=True),
        Label(ends + _BOX, 10, words.consequences, _SIZE, "muted", "end", bold=True),
    ]
    shapes += _draw_lines(threat_rows, _MARGIN + _BOX, centre - _GAP, (centre, middle), into=True)
    shapes += _draw_lines(harm_rows, ends, right, (centre + _EVENT, middle), into=False)
    shapes += _draw_columns(before, threats, threat_rows, left, words)
    shapes += _draw_columns(after, consequences, harm_rows, right, words)
    shapes += _draw_boxes(threats, threat_rows, _MARGIN, "node", words)
    shapes += _draw_boxes(consequences, harm_rows, ends, "node-harm", words)
    shapes.append(_draw_event(tie, centre, middle, words))
    for count, x in (
        (len(tie.threats) - len(threats), _MARGIN),
        (len(tie.consequences) - len(consequences), ends),
    ):
        if count:
            shapes.append(Label(x, low + 8, words.more(count), _SIZE, "muted"))
    width = ends + _BOX + _MARGIN
    used = {guard.barrier.state for guard in (*before, *after)}
    entries = [
        Entry(words.states[state], tuple(_draw_bar(state, 9, 4, 9)))
        for state in BARRIER_STATES
        if state in used
    ]
    legend, height = draw_legend(entries, width - 2 * _MARGIN)
    moved = [shift(shape, _MARGIN, low + 16) for shape in legend]
    return Picture(width, low + 18 + height, (*shapes, *moved))


def _columns(tie: BowTie, branches: Sequence[Branch], side: str) -> list[Guard]:
    """Return the guards of one side that stand on a line drawn, in the order along the lines."""
    guards = {guard.barrier.id: guard for guard in tie.guards if guard.side == side}
    found = dict.fromkeys(name for branch in branches for name in branch.guards)
    return [guards[name] for name in found if name in guards]


def _head_height(guards: Sequence[Guard]) -> float:
    tallest = max((len(_title(guard)) for guard in guards), default=0)
    return (tallest + 1) * _LEADING + 10 if guards else 6.0


def _title(guard: Guard) -> tuple[str, ...]:
    return wrap_lines(guard.barrier.title, _SIZE, _COLUMN - 6, _TITLE_LINES)


def _statement(branch: Branch) -> tuple[str, ...]:
    return wrap_lines(branch.statement, _SIZE, _BOX - 10, _TEXT_LINES)


def _rows(branches: Sequence[Branch], top: float) -> tuple[list[float], float]:
    """Return the middle of each line from `top` down, and where the last box ends."""
    rows, y = list[float](), top
    for branch in branches:
        height = max(len(_statement(branch)) * _LEADING + 8, 28.0)
        rows.append(y + height / 2)
        y += height + 8
    return rows, y


def _centred(rows: list[float], low: float, lowest: float) -> list[float]:
    return [row + (lowest - low) / 2 for row in rows]


def _draw_lines(
    rows: Sequence[float], start: float, bend: float, goal: tuple[float, float], *, into: bool
) -> list[Shape]:
    """Return the line of each branch: straight past its controls, then a curve to the event."""
    x, y = goal
    shapes: list[Shape] = []
    for row in rows:
        middle = (bend + x) / 2
        shapes.append(
            Path((("M", start, row), ("L", bend, row), ("C", middle, row, middle, y, x, y)), "edge")
        )
        if not into:
            shapes.append(arrow_head((start, row), (1.0, 0.0), "edge-head"))
    if into and rows:
        shapes.append(arrow_head(goal, (1.0, 0.0), "edge-head"))
    return shapes


def _draw_columns(
    guards: Sequence[Guard],
    branches: Sequence[Branch],
    rows: Sequence[float],
    left: float,
    words: BowTieWords,
) -> list[Shape]:
    shapes: list[Shape] = []
    for number, guard in enumerate(guards):
        x = left + _COLUMN * (number + 0.5)
        lines = _title(guard)
        parts: list[Shape] = [
            Label(x, 24 + _LEADING * place, text, _SIZE, anchor="middle")
            for place, text in enumerate(lines)
        ]
        state = words.states[guard.barrier.state]
        parts.append(Label(x, 24 + _LEADING * len(lines), state, _SIZE, anchor="middle", bold=True))
        for branch, row in zip(branches, rows, strict=True):
            if guard.barrier.id in branch.guards:
                parts += _draw_bar(guard.barrier.state, x, row, 22)
        shapes.append(Group(tuple(parts), words.anchor(guard.barrier.id), guard.barrier.statement))
    return shapes


def _draw_bar(state: str, x: float, y: float, height: float) -> list[Shape]:
    """Return a control's bar: whole if it was there, broken, struck through or hollow if not."""
    width, top = 5.0, y - height / 2
    if state == "effective":
        return [Rectangle(x - 4, top, 8, height, "barrier")]
    if state == "present":
        return [Rectangle(x - width / 2, top, width, height, "barrier")]
    if state == "degraded":
        part = height * 0.32
        return [
            Rectangle(x - width / 2, top, width, part, "barrier"),
            Rectangle(x - width / 2, y + height / 2 - part, width, part, "barrier"),
        ]
    hollow = Rectangle(x - width / 2, top, width, height, "node-proposed")
    if state == "bypassed":
        return [
            Rectangle(x - width / 2, top, width, height, "barrier"),
            line(x - 6, y + height / 3, x + 6, y - height / 3, "mark"),
        ]
    if state == "unknown":
        return [Rectangle(x - width / 2, top, width, height, "node-contested")]
    return [hollow]


def _draw_boxes(
    branches: Sequence[Branch], rows: Sequence[float], x: float, style: str, words: BowTieWords
) -> list[Shape]:
    shapes: list[Shape] = []
    for branch, row in zip(branches, rows, strict=True):
        lines = _statement(branch)
        height = max(len(lines) * _LEADING + 8, 28.0)
        first = row - (len(lines) - 1) * _LEADING / 2 + 2.4
        parts: list[Shape] = [Rectangle(x, row - height / 2, _BOX, height, style, 3.0)]
        parts += [
            Label(x + 5, first + place * _LEADING, text, _SIZE) for place, text in enumerate(lines)
        ]
        shapes.append(Group(tuple(parts), words.anchor(branch.node), branch.statement))
    return shapes


def _draw_event(tie: BowTie, x: float, middle: float, words: BowTieWords) -> Group:
    lines = wrap_lines(tie.statement, 7.4, _EVENT - 14, 6, "bold")
    height = max(len(lines) * 9.4 + 14, 44.0)
    first = middle - (len(lines) - 1) * 9.4 / 2 + 2.6
    parts: list[Shape] = [
        Rectangle(x, middle - height / 2, _EVENT, height, "node-harm", height / 2)
    ]
    parts += [
        Label(x + _EVENT / 2, first + place * 9.4, text, 7.4, anchor="middle", bold=True)
        for place, text in enumerate(lines)
    ]
    return Group(tuple(parts), words.anchor(tie.event), tie.statement)
