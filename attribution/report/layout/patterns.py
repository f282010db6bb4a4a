"""A party's colour and pattern, and the mark it has in charts: told apart without colour too."""

from __future__ import annotations

from attribution.report.layout.palette import PARTY_STYLES, party_style
from attribution.report.layout.picture import Rectangle, Shape, circle, line, polygon

_STEP = 4.0


def fill_pattern(index: int | None, x: float, y: float, width: float, height: float) -> list[Shape]:
    """Return a rectangle in the party's colour with its pattern: plain, rising, level, dots ..."""
    shapes: list[Shape] = [Rectangle(x, y, width, height, party_style(index))]
    if index is None:
        return shapes
    kind = min(index, PARTY_STYLES - 1)
    if kind in (1, 3):
        shapes += _diagonals(x, y, width, height, rising=kind == 1)
    if kind in (2, 5):
        at = y + _STEP / 2
        while at < y + height:
            shapes.append(line(x, at, x + width, at, "hatch"))
            at += _STEP
    if kind in (4, 5):
        shapes.append(line(x + width / 2, y, x + width / 2, y + height, "hatch"))
    return shapes


def _diagonals(x: float, y: float, width: float, height: float, *, rising: bool) -> list[Shape]:
    """Return diagonal lines, cut at the edges of the rectangle."""
    shapes: list[Shape] = []
    offset = _STEP
    while offset < width + height:
        x1, y1 = (0.0, offset) if offset <= height else (offset - height, height)
        x2, y2 = (offset, 0.0) if offset <= width else (width, offset - width)
        if not rising:
            y1, y2 = height - y1, height - y2
        shapes.append(line(x + x1, y + y1, x + x2, y + y2, "hatch"))
        offset += _STEP * 1.4
    return shapes


def draw_mark(index: int | None, x: float, y: float, size: float, *, hollow: bool = False) -> Shape:
    """Return the party's mark in a chart, centred: disc, square, triangle, diamond ..."""
    style = "hollow" if hollow else party_style(index)
    r = size / 2
    kind = 0 if index is None else min(index, PARTY_STYLES - 1)
    if kind == 0:
        return circle(x, y, r, style)
    if kind == 1:
        return Rectangle(x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8, style)
    corners = {
        2: ((0.0, -1.1), (1.05, 0.85), (-1.05, 0.85)),
        3: ((0.0, -1.15), (1.15, 0.0), (0.0, 1.15), (-1.15, 0.0)),
        4: ((0.0, 1.1), (1.05, -0.85), (-1.05, -0.85)),
        5: ((-1.0, -0.5), (0.0, -1.1), (1.0, -0.5), (1.0, 0.5), (0.0, 1.1), (-1.0, 0.5)),
    }[kind]
    return polygon(tuple((x + dx * r, y + dy * r) for dx, dy in corners), style)
