"""The causal graph as a picture: causes on one side, harm on the other.

A party shows by colour and by the pattern of its stripe, a kind by outline, a status by the line:
everything can be read in grey. A control is drawn as a barrier, solid where it was there and
broken where it was not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from attribution.model.confirmation import status_word
from attribution.model.graph import CausalGraph, Edge, Node
from attribution.report.layout.components import lay_out_apart
from attribution.report.layout.geometry import Box, Engine, Geometry, Route
from attribution.report.layout.legend import Entry, draw_legend
from attribution.report.layout.metrics import clip, text_width, wrap_lines
from attribution.report.layout.palette import party_style
from attribution.report.layout.patterns import fill_pattern
from attribution.report.layout.picture import (
    Group,
    Label,
    Path,
    Picture,
    Rectangle,
    Shape,
    arrow_head,
    line,
    polygon,
    shift,
)

NODE_WIDTH = 142.0
_TEXT_SIZE = 7.4
_HEADER_SIZE = 5.8
_LINE_HEIGHT = 8.9
_STRIPE = 9.0
_PADDING = 5.0
_MAX_LINES = 7
_MARGIN = 6.0
_LINES = {
    "confirmed": "edge",
    "recorded": "edge-recorded",
    "proposed": "edge-proposed",
    "contested": "edge-contested",
    "told": "edge-told",
}


@dataclass(frozen=True, slots=True)
class GraphWords:
    """What the picture says beside the statements.

    `witnesses` say of a node, when it is pointed at or read, what difference it made.
    `parties` are (party id, name, role) in the order that gives them their colours; `kinds` and
    `statuses` are the words for both; `anchor` gives the link of a node id, None for no links.
    """

    parties: tuple[tuple[str, str, str], ...]
    kinds: Mapping[str, str]
    statuses: Mapping[str, str]
    breach: str
    witnesses: Mapping[str, str] = field(default_factory=dict)
    anchor: Callable[[str], str] | None = None


def draw_graph(
    graph: CausalGraph,
    words: GraphWords,
    engine: Engine,
    page: tuple[float, float] = (1100.0, 700.0),
) -> Picture:
    """Return the picture, laid out downwards or to the right, whichever is larger on `page`.

    Rejected nodes and edges are left out: they are listed in the tables.
    """
    nodes = [node for node in graph.nodes if node.status != "rejected"]
    shown = {node.id for node in nodes}
    edges = [
        edge
        for edge in graph.edges
        if edge.status != "rejected" and edge.source in shown and edge.target in shown
    ]
    pairs = [(edge.source, edge.target) for edge in edges]
    boxes = [Box(node.id, NODE_WIDTH, _node_height(node)) for node in nodes]
    down = lay_out_apart(engine, boxes, pairs)
    right = lay_out_apart(_sideways(engine), boxes, pairs)
    geometry = max((right, down), key=lambda made: _scale(made, page))
    legend, legend_height = draw_legend(
        _legend_entries(graph, words), max(geometry.width, 3 * NODE_WIDTH)
    )
    width = max(geometry.width, 3 * NODE_WIDTH) + 2 * _MARGIN
    top = geometry.height + 2 * _MARGIN + 8
    shapes: list[Shape] = [
        _draw_edge(route, edge) for route, edge in zip(geometry.routes, edges, strict=True)
    ]
    order = {party: index for index, (party, _, _) in enumerate(words.parties)}
    shapes += [_draw_node(node, geometry, words, order) for node in nodes]
    picture = tuple(shift(shape, _MARGIN, _MARGIN) for shape in shapes)
    return Picture(
        width,
        top + legend_height + _MARGIN,
        (*picture, *(shift(shape, _MARGIN, top) for shape in legend)),
    )


def _sideways(engine: Engine) -> Engine:
    """Return an engine that lays out to the right what the given one lays out downwards."""

    def lay_out(boxes: Sequence[Box], edges: Sequence[tuple[str, str]]) -> Geometry:
        return transpose(engine([Box(b.id, b.height, b.width) for b in boxes], edges))

    return lay_out


def transpose(geometry: Geometry) -> Geometry:
    """Return the geometry with x and y exchanged: what ran downwards runs to the right."""
    return Geometry(
        geometry.height,
        geometry.width,
        {node: (y, x) for node, (x, y) in geometry.centres.items()},
        tuple(
            Route(
                route.source,
                route.target,
                (route.start[1], route.start[0]),
                tuple(((a[1], a[0]), (b[1], b[0]), (c[1], c[0])) for a, b, c in route.curves),
            )
            for route in geometry.routes
        ),
    )


def _scale(geometry: Geometry, page: tuple[float, float]) -> float:
    return min(page[0] / max(geometry.width, 1.0), page[1] / max(geometry.height, 1.0), 1.0)


def _statement_lines(node: Node) -> tuple[str, ...]:
    width = NODE_WIDTH - _STRIPE - 2 * _PADDING
    return wrap_lines(node.statement, _TEXT_SIZE, width, _MAX_LINES)


def _node_height(node: Node) -> float:
    return len(_statement_lines(node)) * _LINE_HEIGHT + _HEADER_SIZE + 3 * _PADDING


def _draw_edge(route: Route, edge: Edge) -> Group:
    style = _LINES.get(status_word(edge.status, edge.confirmed_by), "edge")
    head = f"{style}-head" if edge.status in {"contested", "told"} else "edge-head"
    commands: list[tuple[str | float, ...]] = [("M", *route.start)]
    commands += [("C", *a, *b, *c) for a, b, c in route.curves]
    (_, (bx, by), (x, y)) = route.curves[-1]
    length = ((x - bx) ** 2 + (y - by) ** 2) ** 0.5 or 1.0
    dx, dy = (x - bx) / length, (y - by) / length
    return Group(
        (Path(tuple(commands), style), arrow_head((x, y), (dx, dy), head)),
        title=edge.counterfactual,
    )


def _draw_node(
    node: Node, geometry: Geometry, words: GraphWords, order: Mapping[str, int]
) -> Group:
    cx, cy = geometry.centres[node.id]
    height = _node_height(node)
    x, y = cx - NODE_WIDTH / 2, cy - height / 2
    index = order.get(node.party or "")
    shapes: list[Shape] = [*_outline(node, x, y, height)]
    if index is not None and node.kind != "control":
        shapes += fill_pattern(index, x + 1, y + 1, _STRIPE - 2, height - 2)
    shapes += _header(node, x, y, words, index)
    baseline = y + _PADDING + _HEADER_SIZE + _PADDING + _TEXT_SIZE - 1.5
    shapes += [
        Label(x + _STRIPE + _PADDING, baseline + number * _LINE_HEIGHT, text, _TEXT_SIZE)
        for number, text in enumerate(_statement_lines(node))
    ]
    link = None if words.anchor is None else words.anchor(node.id)
    witness = words.witnesses.get(node.id)
    title = node.statement if witness is None else f"{node.statement}\n{witness}"
    return Group(tuple(shapes), link, title)


def _header(node: Node, x: float, y: float, words: GraphWords, index: int | None) -> list[Shape]:
    """Return the line above the statement: what it is, and whose."""
    left = words.kinds.get(node.kind, node.kind)
    if node.is_breach:
        left = f"{left} · {words.breach}"
    baseline = y + _PADDING + _HEADER_SIZE - 1
    start = x + _STRIPE + _PADDING
    shapes: list[Shape] = [Label(start, baseline, left.upper(), _HEADER_SIZE, "muted", bold=True)]
    if index is not None:
        used = text_width(left.upper(), _HEADER_SIZE, "bold") + 8
        room = NODE_WIDTH - _STRIPE - 2 * _PADDING - used
        party = clip(words.parties[index][2], _HEADER_SIZE, room, "bold")
        shapes.append(
            Label(
                x + NODE_WIDTH - _PADDING,
                baseline,
                party,
                _HEADER_SIZE,
                party_style(index),
                "end",
                bold=True,
            )
        )
    return shapes


def _outline(node: Node, x: float, y: float, height: float) -> list[Shape]:
    word = status_word(node.status, node.confirmed_by)
    style = _LINES.get(word, "edge").replace("edge", "node")
    right, bottom = x + NODE_WIDTH, y + height
    if node.kind == "harm":
        inner = Rectangle(x + 2, y + 2, NODE_WIDTH - 4, height - 4, "node-harm")
        return [Rectangle(x, y, NODE_WIDTH, height, "node-harm"), inner]
    if node.kind == "omission":
        cut = 7.0
        points = ((x, y), (right - cut, y), (right, y + cut), (right, bottom), (x, bottom))
        return [polygon(points, style)]
    if node.kind == "control":
        return [Rectangle(x, y, NODE_WIDTH, height, style), *_barrier(x, y, height)]
    radius = {"event": 9.0, "condition": 4.0}.get(node.kind, 0.0)
    return [Rectangle(x, y, NODE_WIDTH, height, style, radius)]


def _barrier(x: float, y: float, height: float) -> list[Shape]:
    """Return the stripe of a control: bars one above the other, as of a barrier."""
    bars = max(2, int(height // 9))
    step = height / bars
    return [
        Rectangle(x + 1.5, y + number * step + 1.2, _STRIPE - 3, step - 2.4, "barrier")
        for number in range(bars)
    ]


def _legend_entries(graph: CausalGraph, words: GraphWords) -> tuple[Entry, ...]:
    used_parties = {node.party for node in graph.nodes}
    used_status = {status_word(node.status, node.confirmed_by) for node in graph.nodes}
    used_status |= {status_word(edge.status, edge.confirmed_by) for edge in graph.edges}
    used_kinds = {node.kind for node in graph.nodes}
    entries = [
        Entry(label, tuple(fill_pattern(index, 0, 0, 18, 8)))
        for index, (party, label, _) in enumerate(words.parties)
        if party in used_parties
    ]
    entries += [
        Entry(words.statuses.get(status, status), (line(0, 4, 18, 4, style),))
        for status, style in _LINES.items()
        if status in used_status
    ]
    samples: dict[str, tuple[Shape, ...]] = {
        "act": (Rectangle(0, 0, 18, 8, "node"),),
        "omission": (polygon(((0, 0), (14, 0), (18, 4), (18, 8), (0, 8)), "node"),),
        "condition": (Rectangle(0, 0, 18, 8, "node", 2.0),),
        "event": (Rectangle(0, 0, 18, 8, "node", 4.0),),
        "control": (
            Rectangle(0, 0, 18, 8, "node"),
            Rectangle(1, 1, 4, 2.4, "barrier"),
            Rectangle(1, 4.6, 4, 2.4, "barrier"),
        ),
        "harm": (Rectangle(0, 0, 18, 8, "node-harm"), Rectangle(2, 2, 14, 4, "node-harm")),
    }
    entries += [
        Entry(words.kinds.get(kind, kind), shapes)
        for kind, shapes in samples.items()
        if kind in used_kinds
    ]
    return tuple(entries)
