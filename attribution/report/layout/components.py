"""Parts of a graph that hang together with nothing else, set in rows below the rest.

One tall column of small parts would push the graph proper into a size nobody can read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from attribution.report.layout.geometry import Box, Engine, Geometry, Point, Route

_SMALL = 4
"""A part of no more boxes than this is set apart."""

_GAP = 26.0
_LEAST_WIDTH = 1022.0
"""The width of a row (points) where what is above it is narrower."""


def lay_out_apart(
    engine: Engine, boxes: Sequence[Box], edges: Sequence[tuple[str, str]]
) -> Geometry:
    """Return the geometry the engine gives, small parts laid out each by itself and below.

    Routes come in the order of the edges. Raises what the engine raises.
    """
    parts = find_parts([box.id for box in boxes], edges)
    small = [part for part in parts if len(part) <= _SMALL]
    if len(parts) == 1 or not small:
        return engine(boxes, edges)
    apart = {name for part in small for name in part}
    made = []
    for part in ({box.id for box in boxes} - apart, *map(set, small)):
        if part:
            inside = [edge for edge in edges if edge[0] in part]
            made.append(engine([box for box in boxes if box.id in part], inside))
    first, *others = made if len(small) < len(parts) else [Geometry(0.0, 0.0, {}, ()), *made]
    return _join([(first, (0.0, 0.0)), *_set_in_rows(others, first)], edges)


def find_parts(
    nodes: Sequence[str], edges: Sequence[tuple[str, str]]
) -> tuple[tuple[str, ...], ...]:
    """Return the nodes by what hangs together, in the order in which each first comes up."""
    beside: dict[str, list[str]] = defaultdict(list)
    for source, target in edges:
        beside[source].append(target)
        beside[target].append(source)
    seen: set[str] = set()
    parts = []
    for start in nodes:
        if start in seen:
            continue
        seen.add(start)
        part = [start]
        for node in part:
            for other in beside[node]:
                if other not in seen:
                    seen.add(other)
                    part.append(other)
        parts.append(tuple(part))
    return tuple(parts)


def _set_in_rows(parts: Sequence[Geometry], above: Geometry) -> list[tuple[Geometry, Point]]:
    """Return each part with its place, from left to right in rows below what is above."""
    room = max(above.width, _LEAST_WIDTH)
    x, y, tall = 0.0, above.height + (_GAP if above.height else 0.0), 0.0
    placed = []
    for part in parts:
        if x and x + part.width > room:
            x, y, tall = 0.0, y + tall + _GAP, 0.0
        placed.append((part, (x, y)))
        x, tall = x + part.width + _GAP, max(tall, part.height)
    return placed


def _join(placed: Sequence[tuple[Geometry, Point]], edges: Sequence[tuple[str, str]]) -> Geometry:
    centres: dict[str, Point] = {}
    routes: dict[tuple[str, str], list[Route]] = defaultdict(list)
    for part, (dx, dy) in placed:
        centres |= {name: (x + dx, y + dy) for name, (x, y) in part.centres.items()}
        for route in part.routes:
            routes[route.source, route.target].append(_shift(route, dx, dy))
    return Geometry(
        max(part.width + dx for part, (dx, _) in placed),
        max(part.height + dy for part, (_, dy) in placed),
        centres,
        tuple(routes[edge].pop(0) for edge in edges),
    )


def _shift(route: Route, dx: float, dy: float) -> Route:
    def moved(point: Point) -> Point:
        return point[0] + dx, point[1] + dy

    curves = tuple((moved(a), moved(b), moved(c)) for a, b, c in route.curves)
    return Route(route.source, route.target, moved(route.start), curves)
