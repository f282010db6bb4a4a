"""What a graph layout takes and gives: boxes with sizes in, places and routes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A node to be placed: its id and size in points."""

    id: str
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Route:
    """An edge drawn from `source` to `target`: a start point, then cubic curves of three points."""

    source: str
    target: str
    start: Point
    curves: tuple[tuple[Point, Point, Point], ...]


@dataclass(frozen=True, slots=True)
class Geometry:
    """Centres of the boxes and routes of the edges on a canvas of `width` by `height` points."""

    width: float
    height: float
    centres: Mapping[str, Point]
    routes: tuple[Route, ...]


Engine = Callable[[Sequence[Box], Sequence[tuple[str, str]]], Geometry]
"""What lays out: boxes and edges (source, target) in, geometry out; routes in the edges' order."""
