"""The marks of swim lanes: told apart by their shape, then by full or hollow, never by hue alone.

A disc with a tick is somebody's approval, a diamond that of whoever made the change, a square that
of a machine. Full counts, hollow does not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from attribution.report.layout.picture import (
    Label,
    Path,
    Rectangle,
    Shape,
    circle,
    line,
    polygon,
)

RADIUS = 5.0
"""Half the size of a mark (points)."""


def draw_act(symbol: str, x: float, y: float) -> tuple[Shape, ...]:
    """Return the mark of a symbol of `SYMBOLS`, centred."""
    return SYMBOLS[symbol](x, y)


def draw_bearer(kind: str, x: float, y: float) -> tuple[Shape, ...]:
    """Return the sign of who a lane is of: `person`, `machine`, else an account of either."""
    if kind == "person":
        bust = (
            ("M", x - 3.4, y + 4.0),
            ("C", x - 3.4, y - 0.2, x + 3.4, y - 0.2, x + 3.4, y + 4.0),
            ("Z",),
        )
        return (circle(x, y - 2.2, 1.9, "act"), Path(bust, "act"))
    if kind == "machine":
        eyes = (circle(x - 1.4, y + 0.6, 0.7, "act-eye"), circle(x + 1.4, y + 0.6, 0.7, "act-eye"))
        return (
            line(x, y - 4.2, x, y - 2.4, "act-line"),
            Rectangle(x - 3.4, y - 2.4, 6.8, 6.2, "act", 1.0),
            *eyes,
        )
    return (circle(x, y, 3.0, "act-hollow"),)


def _tick(x: float, y: float, style: str) -> Path:
    points = (("M", x - 2.3, y + 0.1), ("L", x - 0.7, y + 1.9), ("L", x + 2.4, y - 1.8))
    return Path(points, style)


def _cross(x: float, y: float, size: float, style: str = "act-line") -> tuple[Shape, ...]:
    return (
        line(x - size, y - size, x + size, y + size, style),
        line(x - size, y + size, x + size, y - size, style),
    )


def _diamond(x: float, y: float, style: str) -> Path:
    r = RADIUS + 0.9
    return polygon(((x, y - r), (x + r, y), (x, y + r), (x - r, y)), style)


def _square(x: float, y: float, style: str) -> Rectangle:
    r = RADIUS - 0.5
    return Rectangle(x - r, y - r, 2 * r, 2 * r, style)


def _hexagon(x: float, y: float, style: str) -> Path:
    r = 3.9
    corners = ((-1.0, 0.0), (-0.5, -0.87), (0.5, -0.87), (1.0, 0.0), (0.5, 0.87), (-0.5, 0.87))
    return polygon(tuple((x + dx * r, y + dy * r) for dx, dy in corners), style)


def _struck(x: float, y: float) -> Path:
    r = RADIUS + 1.6
    return line(x - r, y + r * 0.75, x + r, y - r * 0.75, "act-struck")


def _triangle(x: float, y: float, size: float, style: str) -> Path:
    return polygon(((x, y - size), (x + size, y + size * 0.8), (x - size, y + size * 0.8)), style)


def _bubble(x: float, y: float) -> tuple[Shape, ...]:
    tail = ((x - 2.6, y + 2.4), (x - 2.8, y + 5.2), (x + 0.4, y + 2.4))
    dots = tuple(circle(x + dx, y - 0.4, 0.6, "act") for dx in (-2.0, 0.0, 2.0))
    return (
        Rectangle(x - 4.6, y - 3.6, 9.2, 6.2, "act-hollow", 2.0),
        polygon(tail, "act"),
        *dots,
    )


def _flag(x: float, y: float) -> tuple[Shape, ...]:
    return (
        line(x - 3.4, y - 4.6, x - 3.4, y + 5.0, "act-line"),
        polygon(((x - 3.4, y - 4.6), (x + 4.6, y - 1.9), (x - 3.4, y + 0.8)), "act"),
    )


def _chevrons(x: float, y: float) -> tuple[Shape, ...]:
    def one(at: float) -> Path:
        return polygon(
            (
                (at - 2.2, y - 4.2),
                (at + 0.4, y - 4.2),
                (at + 3.0, y),
                (at + 0.4, y + 4.2),
                (at - 2.2, y + 4.2),
                (at + 0.4, y),
            ),
            "act",
        )

    return (one(x - 2.4), one(x + 1.8))


Draw = Callable[[float, float], tuple[Shape, ...]]

SYMBOLS: Mapping[str, Draw] = {
    "opened": lambda x, y: (
        circle(x, y, RADIUS, "act-hollow"),
        line(x - 2.6, y, x + 2.6, y, "act-line"),
        line(x, y - 2.6, x, y + 2.6, "act-line"),
    ),
    "asked": lambda x, y: (
        circle(x, y, RADIUS, "act-hollow"),
        Label(x, y + 2.4, "?", 7.0, "label", "middle", bold=True),
    ),
    "committed": lambda x, y: (circle(x, y, 2.4, "act"),),
    "pushed": lambda x, y: (_triangle(x, y, 4.6, "act"),),
    "commented": _bubble,
    "changes_requested": lambda x, y: (
        Rectangle(x - 4.8, y - 4.8, 9.6, 9.6, "act-hollow", 3.0),
        *_cross(x, y, 2.3),
    ),
    "approved": lambda x, y: (circle(x, y, RADIUS, "act"), _tick(x, y, "act-tick")),
    "approved_in_vain": lambda x, y: (
        circle(x, y, RADIUS, "act-hollow"),
        _tick(x, y, "act-line"),
    ),
    "approved_stale": lambda x, y: (
        circle(x, y, RADIUS, "act-hollow"),
        _tick(x, y, "act-line"),
        _struck(x, y),
    ),
    "approved_by_maker": lambda x, y: (
        _diamond(x, y, "act-hollow"),
        _tick(x, y, "act-line"),
    ),
    "approved_by_machine": lambda x, y: (
        _square(x, y, "act-hollow"),
        _tick(x, y, "act-line"),
    ),
    "dismissed": lambda x, y: (circle(x, y, RADIUS, "act-hollow"), *_cross(x, y, 2.2)),
    "check_passed": lambda x, y: (_hexagon(x, y, "act"),),
    "check_failed": lambda x, y: (_hexagon(x, y, "act-hollow"), *_cross(x, y, 1.7)),
    "overridden": lambda x, y: (
        _triangle(x, y, 5.4, "mark-flag"),
        Label(x, y + 3.4, "!", 7.0, "on-colour", "middle", bold=True),
    ),
    "merged": _flag,
    "closed": lambda x, y: (_square(x, y, "act-hollow"), *_cross(x, y, 2.2)),
    "released": _chevrons,
    "empty": lambda x, y: (circle(x, y, RADIUS, "act-empty"),),
}
"""Symbol -> its mark, in the order of the legend."""
