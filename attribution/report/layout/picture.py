"""A picture as shapes: what the PDF writer draws and the SVG writer spells out.

Lengths are points, the origin is the top left corner, y grows downwards. A style is a name of
`reports/styles/palette.toml`, so that colours are data and a dark page can have its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A rectangle with rounded corners of radius `radius`."""

    x: float
    y: float
    width: float
    height: float
    style: str
    radius: float = 0.0


@dataclass(frozen=True, slots=True)
class Path:
    """A path of commands `("M", x, y)`, `("L", x, y)`, `("C", x1, y1, x2, y2, x, y)`, `("Z",)`."""

    commands: tuple[tuple[str | float, ...], ...]
    style: str


@dataclass(frozen=True, slots=True)
class Label:
    """One line of text; `y` is its baseline, `anchor` is `start`, `middle` or `end`."""

    x: float
    y: float
    text: str
    size: float
    style: str = "label"
    anchor: str = "start"
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Shapes that belong together: a link to an anchor and a title shown on hovering."""

    shapes: tuple[Shape, ...]
    link: str | None = None
    title: str | None = None


Shape = Rectangle | Path | Label | Group


@dataclass(frozen=True, slots=True)
class Picture:
    """Shapes on a canvas of `width` by `height` points."""

    width: float
    height: float
    shapes: tuple[Shape, ...]


def line(x1: float, y1: float, x2: float, y2: float, style: str) -> Path:
    """Return a straight line."""
    return Path((("M", x1, y1), ("L", x2, y2)), style)


def polygon(points: tuple[tuple[float, float], ...], style: str) -> Path:
    """Return a closed path through the points."""
    first, *rest = points
    return Path((("M", *first), *(("L", *point) for point in rest), ("Z",)), style)


def circle(x: float, y: float, radius: float, style: str) -> Path:
    """Return a circle as four cubic curves, the usual approximation (error below 0.03 %)."""
    k = 0.5522847498 * radius
    return Path(
        (
            ("M", x - radius, y),
            ("C", x - radius, y - k, x - k, y - radius, x, y - radius),
            ("C", x + k, y - radius, x + radius, y - k, x + radius, y),
            ("C", x + radius, y + k, x + k, y + radius, x, y + radius),
            ("C", x - k, y + radius, x - radius, y + k, x - radius, y),
            ("Z",),
        ),
        style,
    )


def arrow_head(tip: tuple[float, float], direction: tuple[float, float], style: str) -> Path:
    """Return a filled arrow head with its tip at `tip`, pointing along the unit vector."""
    (x, y), (dx, dy), size = tip, direction, 5.0
    back_x, back_y = x - dx * size, y - dy * size
    side_x, side_y = -dy * size * 0.45, dx * size * 0.45
    return polygon(
        ((x, y), (back_x + side_x, back_y + side_y), (back_x - side_x, back_y - side_y)), style
    )


def shift(shape: Shape, dx: float, dy: float) -> Shape:
    """Return the shape moved by (dx, dy)."""
    if isinstance(shape, Group):
        return replace(shape, shapes=tuple(shift(part, dx, dy) for part in shape.shapes))
    if isinstance(shape, Path):
        return replace(shape, commands=tuple(_shift(part, dx, dy) for part in shape.commands))
    return replace(shape, x=shape.x + dx, y=shape.y + dy)


def _shift(command: tuple[str | float, ...], dx: float, dy: float) -> tuple[str | float, ...]:
    name, *numbers = command
    moved = [float(number) + (dy if index % 2 else dx) for index, number in enumerate(numbers)]
    return (name, *moved)


def bounds(shapes: tuple[Shape, ...]) -> tuple[float, float]:
    """Return the largest x and y that shapes other than text reach."""
    right = bottom = 0.0
    for shape in shapes:
        if isinstance(shape, Group):
            x, y = bounds(shape.shapes)
        elif isinstance(shape, Path):
            numbers = [float(n) for command in shape.commands for n in command[1:]]
            x, y = max(numbers[0::2], default=0.0), max(numbers[1::2], default=0.0)
        elif isinstance(shape, Rectangle):
            x, y = shape.x + shape.width, shape.y + shape.height
        else:
            x, y = 0.0, shape.y
        right, bottom = max(right, x), max(bottom, y)
    return right, bottom
