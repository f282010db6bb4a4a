from __future__ import annotations

import random
from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attribution.model.instant import HOUR, MINUTE, Instant
from attribution.report.blocks import Figure
from attribution.report.document import build_document
from attribution.report.layout.axis import Axis
from attribution.report.layout.components import lay_out_apart
from attribution.report.layout.geometry import Box
from attribution.report.layout.layered import assign_layers, lay_out
from attribution.report.layout.metrics import clip, text_width, wrap, wrap_lines
from attribution.report.layout.ordering import count_crossings, order_layers
from attribution.report.layout.picture import Group, Label, Path, Picture, Rectangle
from attribution.report.told import with_told
from tests.unit.report.drawing import extent, find_faults

if TYPE_CHECKING:
    from collections.abc import Iterator

    from attribution.model.analysis import Analysis
    from attribution.report.layout.geometry import Geometry


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[Box], list[tuple[str, str]]]:
    count = draw(st.integers(1, 14))
    names = [f"n{number}" for number in range(count)]
    pairs = list(combinations(names, 2))
    edges = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=30)) if pairs else []
    heights = draw(st.lists(st.integers(20, 80), min_size=count, max_size=count))
    return [Box(name, 140.0, float(h)) for name, h in zip(names, heights, strict=True)], edges


@given(graphs())
def test_boxes_never_overlap(graph: tuple[list[Box], list[tuple[str, str]]]) -> None:
    boxes, edges = graph
    made = lay_out(boxes, edges)
    for a, b in combinations(boxes, 2):
        (ax, ay), (bx, by) = made.centres[a.id], made.centres[b.id]
        apart_x = abs(ax - bx) - (a.width + b.width) / 2
        apart_y = abs(ay - by) - (a.height + b.height) / 2
        assert max(apart_x, apart_y) >= 9.9


@given(graphs())
def test_parts_set_apart_overlap_nothing_and_keep_their_edges(
    graph: tuple[list[Box], list[tuple[str, str]]],
) -> None:
    """Each box is there once and each edge still runs from its source to its target."""
    boxes, edges = graph
    made = lay_out_apart(lay_out, boxes, edges)
    assert [(route.source, route.target) for route in made.routes] == edges
    assert set(made.centres) == {box.id for box in boxes}
    sizes = {box.id: box for box in boxes}
    for a, b in combinations(boxes, 2):
        (ax, ay), (bx, by) = made.centres[a.id], made.centres[b.id]
        apart_x = abs(ax - bx) - (a.width + b.width) / 2
        apart_y = abs(ay - by) - (a.height + b.height) / 2
        assert max(apart_x, apart_y) >= 9.9
    for route in made.routes:
        for name, (x, y) in (
            (route.source, route.start),
            (route.target, route.curves[-1][2]),
        ):
            cx, cy = made.centres[name]
            assert abs(x - cx) <= sizes[name].width / 2 + 0.01
            assert abs(abs(y - cy) - sizes[name].height / 2) <= 1.01


@given(graphs())
def test_causes_lie_above_effects_and_inside_the_canvas(
    graph: tuple[list[Box], list[tuple[str, str]]],
) -> None:
    boxes, edges = graph
    made = lay_out(boxes, edges)
    assert all(made.centres[a][1] < made.centres[b][1] for a, b in edges)
    for box in boxes:
        x, y = made.centres[box.id]
        assert x - box.width / 2 >= -0.01
        assert x + box.width / 2 <= made.width + 0.01
        assert y - box.height / 2 >= -0.01
        assert y + box.height / 2 <= made.height + 0.01


@given(graphs())
def test_no_edge_runs_through_a_box_of_others(
    graph: tuple[list[Box], list[tuple[str, str]]],
) -> None:
    boxes, edges = graph
    made = lay_out(boxes, edges)
    for route in made.routes:
        for x, y in _sample(route.start, route.curves):
            for box in boxes:
                if box.id in (route.source, route.target):
                    continue
                cx, cy = made.centres[box.id]
                outside_x = abs(x - cx) - box.width / 2
                outside_y = abs(y - cy) - box.height / 2
                assert max(outside_x, outside_y) > -0.5


def _sample(
    start: tuple[float, float], curves: tuple[tuple[tuple[float, float], ...], ...]
) -> Iterator[tuple[float, float]]:
    last = start
    for a, b, c in curves:
        for step in range(9):
            t = step / 8
            weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
            points = (last, a, b, c)
            yield (
                sum(w * p[0] for w, p in zip(weights, points, strict=True)),
                sum(w * p[1] for w, p in zip(weights, points, strict=True)),
            )
        last = c


def test_cycle_is_refused() -> None:
    with pytest.raises(ValueError, match="cycle"):
        assign_layers(["a", "b"], [("a", "b"), ("b", "a")])


def test_ordering_removes_the_crossings_that_can_go() -> None:
    layers = [["a", "b", "c"], ["x", "y", "z"]]
    edges = [("a", "z"), ("b", "y"), ("c", "x")]
    below = {"a": ["z"], "b": ["y"], "c": ["x"]}
    assert count_crossings(layers, below) == 3
    assert count_crossings(order_layers(layers, edges), below) == 0


def test_three_hundred_nodes_are_laid_out_in_two_seconds() -> None:
    import time

    rng = random.Random(7)
    names = [f"n{number}" for number in range(300)]
    edges = sorted({tuple(sorted(rng.sample(range(300), 2))) for _ in range(420)})
    pairs = [(names[a], names[b]) for a, b in edges]
    start = time.process_time()
    made: Geometry = lay_out([Box(name, 140.0, 40.0) for name in names], pairs)
    assert time.process_time() - start < 2.0
    assert len(made.centres) == 300


@given(st.text(max_size=300), st.integers(30, 200))
def test_wrapped_lines_fit_and_lose_nothing(text: str, width: int) -> None:
    lines = wrap(text, 7.0, float(width))
    assert all(text_width(line, 7.0) <= width or len(line) == 1 for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@given(st.text(max_size=120), st.integers(20, 120))
def test_clipped_text_fits(text: str, width: int) -> None:
    assert text_width(clip(text, 7.0, float(width)), 7.0) <= width


def test_text_left_out_is_marked() -> None:
    lines = wrap_lines("word " * 60, 7.0, 60.0, 3)
    assert len(lines) == 3
    assert lines[-1].endswith("…")


def test_axis_keeps_order_and_cuts_silence() -> None:
    times = [Instant(minute * MINUTE) for minute in (0, 1, 5, 9)]
    times += [Instant(100 * HOUR), Instant(100 * HOUR + 3 * MINUTE)]
    axis = Axis(times, 0.0, 700.0)
    places = [axis.x(time) for time in times]
    assert places == sorted(places)
    assert len(set(places)) == len(places)
    assert [cut.length for cut in axis.cuts] == [100 * HOUR - 9 * MINUTE]
    assert axis.cuts[0].left < axis.x(50 * HOUR) < axis.cuts[0].right


@given(st.lists(st.integers(0, 10**15), min_size=1, max_size=40))
def test_axis_is_monotone_and_inside(moments: list[int]) -> None:
    axis = Axis([Instant(moment) for moment in moments], 100.0, 740.0)
    places = [axis.x(moment) for moment in sorted(moments)]
    assert places == sorted(places)
    assert all(100.0 <= place <= 740.01 for place in places)
    ticks = axis.ticks(58.0)
    assert [x for _, x in ticks] == sorted(x for _, x in ticks)


def _pictures(analysis: Analysis) -> dict[str, Picture]:
    document = build_document(analysis, "legal")
    return {b.anchor: b.picture for b in document.blocks if isinstance(b, Figure)}


@pytest.mark.parametrize("hostile", [False, True])
def test_no_text_of_a_picture_is_cut_or_overlaps_another(
    analysis: Analysis, hostile_analysis: Analysis, *, hostile: bool
) -> None:
    """Labels lie inside the canvas, and no two of them touch."""
    pictures = _pictures(hostile_analysis if hostile else analysis)
    assert len(pictures) == 4
    for name, picture in pictures.items():
        assert find_faults(picture) == [], name


def test_statements_stay_inside_their_boxes(analysis: Analysis) -> None:
    """In the graph, every label of a node lies within the outline of that node."""
    picture = _pictures(analysis)["figure-graph"]
    nodes = [shape for shape in picture.shapes if isinstance(shape, Group) and shape.link]
    assert len(nodes) == len(with_told(analysis.graph).nodes)
    for node in nodes:
        outline = node.shapes[0]
        numbers = (
            [outline.x, outline.x + outline.width]
            if isinstance(outline, Rectangle)
            else [float(n) for c in outline.commands for n in c[1::2]]
            if isinstance(outline, Path)
            else []
        )
        for label in node.shapes:
            if isinstance(label, Label):
                left, _, right, _ = extent(label)
                assert min(numbers) <= left
                assert right <= max(numbers)
