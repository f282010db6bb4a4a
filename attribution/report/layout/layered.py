"""A layered drawing of a directed acyclic graph: causes above, effects below.

The steps of Sugiyama, Tagawa and Toda (1981): layers, order within layers (weighted median and
transposition after Gansner, Koutsofios, North and Vo 1993, section 3), places. A place is the
least-squares one that keeps the distances, found by pooling adjacent violators (Barlow et al.
1972). Plain arithmetic in a fixed order: the same graph gives the same drawing everywhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from attribution.report.layout.geometry import Box, Geometry, Point, Route
from attribution.report.layout.ordering import order_layers

NODE_GAP = 14.0
LAYER_GAP = 34.0
_BEND_WIDTH = 8.0
_SWEEPS = 24
_STRAIGHTNESS = 8.0
"""How much more a bend of a long edge wants to lie straight than a node wants its neighbours."""


@dataclass(frozen=True, slots=True)
class _Chain:
    """An edge as the nodes and bends it goes through, layer by layer."""

    source: str
    target: str
    through: tuple[str, ...]


def lay_out(boxes: Sequence[Box], edges: Sequence[tuple[str, str]]) -> Geometry:
    """Return places of the boxes and routes of the edges, in points from the top left.

    The edges must not form a cycle; an edge to an unknown box raises KeyError.
    """
    sizes = {box.id: (box.width, box.height) for box in boxes}
    layer_of = assign_layers([box.id for box in boxes], edges)
    chains = _split_long_edges(edges, layer_of, sizes)
    layers = order_layers(
        _group_layers(layer_of), [pair for chain in chains for pair in _pairs(chain.through)]
    )
    xs = _place(layers, chains, sizes)
    ys, height = _stack(layers, sizes)
    width = max((xs[node] + sizes[node][0] / 2 for node in xs), default=0.0)
    centres = {box.id: (xs[box.id], ys[layer_of[box.id]]) for box in boxes}
    return Geometry(width, height, centres, _route(chains, xs, ys, layer_of, sizes))


def assign_layers(nodes: Sequence[str], edges: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Return the layer of each node: above all its effects, roots just above their first one."""
    children: dict[str, list[str]] = defaultdict(list)
    parents: dict[str, list[str]] = defaultdict(list)
    for source, target in edges:
        children[source].append(target)
        parents[target].append(source)
    layer: dict[str, int] = {}
    waiting = {node: len(parents[node]) for node in nodes}
    ready = [node for node in nodes if not waiting[node]]
    for node in ready:
        layer[node] = max((layer[parent] + 1 for parent in parents[node]), default=0)
        for child in children[node]:
            waiting[child] -= 1
            if not waiting[child]:
                ready.append(child)
    if len(layer) != len(nodes):
        message = "the graph has a cycle"
        raise ValueError(message)
    for node in reversed(ready):
        if children[node] and not parents[node]:
            layer[node] = min(layer[child] for child in children[node]) - 1
    return layer


def _split_long_edges(
    edges: Sequence[tuple[str, str]],
    layer_of: dict[str, int],
    sizes: dict[str, tuple[float, float]],
) -> list[_Chain]:
    chains = []
    for number, (source, target) in enumerate(edges):
        bends = []
        for layer in range(layer_of[source] + 1, layer_of[target]):
            bend = f"\x00{number}:{layer}"
            layer_of[bend] = layer
            sizes[bend] = (_BEND_WIDTH, 0.0)
            bends.append(bend)
        chains.append(_Chain(source, target, (source, *bends, target)))
    return chains


def _pairs(through: tuple[str, ...]) -> list[tuple[str, str]]:
    return list(pairwise(through))


def _group_layers(layer_of: Mapping[str, int]) -> list[list[str]]:
    layers: list[list[str]] = [[] for _ in range(max(layer_of.values(), default=-1) + 1)]
    for node, layer in layer_of.items():
        layers[layer].append(node)
    return layers


def _place(
    layers: list[list[str]], chains: list[_Chain], sizes: Mapping[str, tuple[float, float]]
) -> dict[str, float]:
    """Return the x of each centre: near its neighbours, in order, never overlapping."""
    neighbours: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for chain in chains:
        for upper, lower in _pairs(chain.through):
            weight = _STRAIGHTNESS if "\x00" in (upper[:1], lower[:1]) else 1.0
            neighbours[upper].append((lower, weight))
            neighbours[lower].append((upper, weight))
    xs: dict[str, float] = {}
    for layer in layers:
        xs |= _spread(layer, sizes)
    for sweep in range(_SWEEPS):
        for layer in layers if sweep % 2 == 0 else reversed(layers):
            wanted = [_wanted(node, neighbours[node], xs) for node in layer]
            xs |= zip(layer, _separate(layer, wanted, sizes), strict=True)
    left = min((xs[node] - sizes[node][0] / 2 for node in xs), default=0.0)
    return {node: x - left for node, x in xs.items()}


def _spread(layer: list[str], sizes: Mapping[str, tuple[float, float]]) -> dict[str, float]:
    """Return the layer's centres side by side, around zero."""
    total = sum(sizes[node][0] + NODE_GAP for node in layer) - NODE_GAP
    places, x = {}, -total / 2
    for node in layer:
        places[node] = x + sizes[node][0] / 2
        x += sizes[node][0] + NODE_GAP
    return places


def _wanted(
    node: str, neighbours: list[tuple[str, float]], xs: Mapping[str, float]
) -> tuple[float, float]:
    """Return where the node would like to be, and how strongly."""
    if not neighbours:
        return xs[node], 0.1
    weight = sum(weight for _, weight in neighbours)
    return sum(xs[other] * weight for other, weight in neighbours) / weight, weight


def _separate(
    layer: list[str], wanted: list[tuple[float, float]], sizes: Mapping[str, tuple[float, float]]
) -> list[float]:
    """Return the centres nearest to the wanted ones that keep order and distance."""
    offsets, offset = [], 0.0
    for index, node in enumerate(layer):
        if index:
            offset += (sizes[layer[index - 1]][0] + sizes[node][0]) / 2 + NODE_GAP
        offsets.append(offset)
    blocks: list[tuple[float, float, int]] = []
    for (place, weight), shift in zip(wanted, offsets, strict=True):
        mean, total, count = place - shift, weight, 1
        while blocks and blocks[-1][0] > mean:
            before, before_total, before_count = blocks.pop()
            mean = (before * before_total + mean * total) / (before_total + total)
            total, count = total + before_total, count + before_count
        blocks.append((mean, total, count))
    means = [mean for mean, _, count in blocks for _ in range(count)]
    return [mean + shift for mean, shift in zip(means, offsets, strict=True)]


def _stack(
    layers: list[list[str]], sizes: Mapping[str, tuple[float, float]]
) -> tuple[list[float], float]:
    """Return the y of each layer's centre line and the height of the whole."""
    ys, y = [], 0.0
    for layer in layers:
        tall = max(sizes[node][1] for node in layer)
        ys.append(y + tall / 2)
        y += tall + LAYER_GAP
    return ys, max(0.0, y - LAYER_GAP)


def _route(
    chains: list[_Chain],
    xs: Mapping[str, float],
    ys: Sequence[float],
    layer_of: Mapping[str, int],
    sizes: Mapping[str, tuple[float, float]],
) -> tuple[Route, ...]:
    """Return smooth routes that pass other layers only where a bend keeps a way open."""
    tall = [0.0] * len(ys)
    for node, layer in layer_of.items():
        tall[layer] = max(tall[layer], sizes[node][1])
    leaving, arriving = _ports(chains, xs, sizes)
    routes = []
    for number, chain in enumerate(chains):
        x, layer = leaving[number], layer_of[chain.source]
        y = ys[layer] + sizes[chain.source][1] / 2
        start, curves = (x, y), []
        for node in chain.through[1:]:
            layer = layer_of[node]
            last = node == chain.target
            end_x = arriving[number] if last else xs[node]
            end_y = ys[layer] - (sizes[node][1] if last else tall[layer]) / 2
            gap_top = ys[layer - 1] + tall[layer - 1] / 2
            curves += _descend(x, y, gap_top, end_x, ys[layer] - tall[layer] / 2, end_y)
            x, y = end_x, end_y
            if not last:
                below = ys[layer] + tall[layer] / 2
                curves.append(_straight((x, y), (x, below)))
                y = below
        routes.append(Route(chain.source, chain.target, start, tuple(curves)))
    return tuple(routes)


def _descend(  # noqa: PLR0917 - two points and the gap between them
    x: float, y: float, gap_top: float, end_x: float, gap_bottom: float, end_y: float
) -> list[tuple[Point, Point, Point]]:
    """Return curves straight down to the gap between two layers, across in it, and down again."""
    curves = []
    if gap_top - y > 1:
        curves.append(_straight((x, y), (x, gap_top)))
        y = gap_top
    middle = (y + gap_bottom) / 2
    curves.append(((x, middle), (end_x, middle), (end_x, gap_bottom)))
    if end_y - gap_bottom > 1:
        curves.append(_straight((end_x, gap_bottom), (end_x, end_y)))
    return curves


def _straight(start: Point, end: Point) -> tuple[Point, Point, Point]:
    (x1, y1), (x2, y2) = start, end
    return (
        (x1 + (x2 - x1) / 3, y1 + (y2 - y1) / 3),
        (x1 + (x2 - x1) * 2 / 3, y1 + (y2 - y1) * 2 / 3),
        end,
    )


def _ports(
    chains: list[_Chain], xs: Mapping[str, float], sizes: Mapping[str, tuple[float, float]]
) -> tuple[dict[int, float], dict[int, float]]:
    """Return where each edge leaves its source and meets its target, spread along the sides."""

    def spread(of: dict[str, list[tuple[float, int]]]) -> dict[int, float]:
        places = {}
        for node, ends in of.items():
            usable = sizes[node][0] * 0.86
            for rank, (_, number) in enumerate(sorted(ends), 1):
                places[number] = xs[node] - usable / 2 + usable * rank / (len(ends) + 1)
        return places

    leaving: dict[str, list[tuple[float, int]]] = defaultdict(list)
    arriving: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for number, chain in enumerate(chains):
        leaving[chain.source].append((xs[chain.through[1]], number))
        arriving[chain.target].append((xs[chain.through[-2]], number))
    return spread(leaving), spread(arriving)
