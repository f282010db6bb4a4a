"""Extremes of ratios found by search, against every vertex of the box."""

import random
from itertools import product

import numpy as np
import pytest

from attribution.causation.algebra import TruthTables
from attribution.causation.effort import Effort, OutOfTimeError
from attribution.responsibility import bounds
from attribution.responsibility.bounds import Boxes, RatioSearch, reaches_zero
from attribution.responsibility.joining import join_diagrams
from attribution.responsibility.layers import Layers
from attribution.responsibility.worlddiagram import Floats, WorldDiagram

FACTS = ("a", "b", "c", "d", "e", "f")
RATIOS = 5


def random_diagram(draw: random.Random) -> WorldDiagram:
    """Return a diagram with up to 8 cells over 6 facts."""
    tables = TruthTables(FACTS)
    sets = [draw.getrandbits(64) & draw.getrandbits(64) for _ in range(3)]
    cut = [WorldDiagram.cut(tables.branching(worlds, FACTS), FACTS) for worlds in sets]
    return join_diagrams(cut, Effort())


def random_box(draw: random.Random, ratios: int) -> Boxes:
    """Return boxes of which some credences are certain, exactly known, or may be 0 or 1."""
    kinds = [(0.0, 0.0), (1.0, 1.0), (0.3, 0.3), (0.0, 1.0), (0.0, 0.4), (0.2, 0.9), (0.6, 1.0)]
    ends = np.array([[draw.choice(kinds) for _ in range(ratios)] for _ in FACTS])
    return Boxes(ends[..., 0], ends[..., 1], np.arange(ratios))


def random_rows(draw: random.Random, diagram: WorldDiagram, ratios: int) -> tuple[Floats, Floats]:
    """Return wholes that are 0 in some cells, and parts of any sign that are 0 there too."""
    shape = (ratios, len(diagram.cells))
    parts = [draw.choice([-2.0, -1.0, 0.0, 0.0, 0.5, 1.0]) for _ in range(shape[0] * shape[1])]
    wholes = [draw.choice([0.0, 0.0, 1.0, 2.0]) for _ in parts]
    whole = np.array(wholes).reshape(shape)
    return np.where(whole > 0.0, np.array(parts).reshape(shape), 0.0), whole


def expectations(diagram: WorldDiagram, row: Floats, box: Boxes, number: int) -> list[float]:
    """Return the expectation of one number a cell at every vertex, summed world by world."""
    by_world = row[diagram.spread()]
    found = []
    for vertex in product(*zip(box.low[:, number], box.high[:, number], strict=True)):
        weights = np.ones(1)
        for credence in vertex:
            weights = np.multiply.outer(weights, [1.0 - credence, credence]).ravel()
        found.append(float(weights @ by_world))
    return found


@pytest.mark.parametrize("seed", range(80))
def test_search_finds_the_largest_ratio_of_all_vertices(seed: int) -> None:
    """Ratios searched together each have the maximum over their own box, and it is proven."""
    draw = random.Random(seed)
    diagram = random_diagram(draw)
    box = random_box(draw, RATIOS)
    parts, wholes = random_rows(draw, diagram, RATIOS)
    search = RatioSearch(diagram, parts, wholes, box, Effort())
    search.maximise()
    assert search.proven
    for number in range(RATIOS):
        pairs = zip(
            expectations(diagram, parts[number], box, number),
            expectations(diagram, wholes[number], box, number),
            strict=True,
        )
        ratios = [part / whole for part, whole in pairs if whole > 0.0]
        assert search.best[number] == pytest.approx(max(ratios, default=-np.inf), abs=1e-11)


@pytest.mark.parametrize("seed", range(80))
def test_search_without_ascent_proves_the_same(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Branch and bound alone finds the maximum, in batches of one box, whatever it starts from."""
    draw = random.Random(seed)
    diagram = random_diagram(draw)
    box = random_box(draw, RATIOS)
    parts, wholes = random_rows(draw, diagram, RATIOS)
    usual = RatioSearch(diagram, parts, wholes, box, Effort())
    usual.maximise()
    monkeypatch.setattr(RatioSearch, "_ascend", lambda *_: None)
    monkeypatch.setattr(bounds, "_LEAST_BATCH", 1)
    monkeypatch.setattr(bounds, "_MOST_NUMBERS", 1)
    alone = RatioSearch(diagram, parts, wholes, box, Effort())
    alone.maximise()
    assert alone.proven
    assert alone.best == pytest.approx(usual.best, abs=1e-11)


@pytest.mark.parametrize("seed", range(40))
def test_bounds_are_never_below_a_vertex(seed: int) -> None:
    """The bound of a box holds at each of its vertices."""
    draw = random.Random(seed)
    diagram = random_diagram(draw)
    box = random_box(draw, 1)
    parts, _ = random_rows(draw, diagram, 1)
    layers, kept = Layers.merge(diagram, parts)
    above, _ = layers.bound(parts[:, kept].T, box.low, box.high)
    assert above[0] >= max(expectations(diagram, parts[0], box, 0)) - 1e-12


@pytest.mark.parametrize("seed", range(40))
def test_slopes_are_those_between_the_ends_of_a_credence(seed: int) -> None:
    """An expectation moves along each credence as the slope says, however cells were merged."""
    draw = random.Random(seed)
    diagram = random_diagram(draw)
    parts, wholes = random_rows(draw, diagram, 3)
    layers, kept = Layers.merge(diagram, np.concatenate([parts, wholes]))
    values = np.stack([parts[:, kept].T, wholes[:, kept].T], axis=1)
    credences = np.array([[draw.random() for _ in range(3)] for _ in FACTS])
    here, slopes = layers.differentiate(values, credences)
    assert here == pytest.approx(layers.expect(values, credences), abs=1e-12)
    for fact in range(len(FACTS)):
        moved = credences.copy()
        moved[fact] = 1.0
        expected = here + slopes[fact] * (1.0 - credences[fact])
        assert expected == pytest.approx(layers.expect(values, moved), abs=1e-12)


def test_ratio_given_up_is_not_proven(monkeypatch: pytest.MonkeyPatch) -> None:
    """After the most boxes that are allowed what was found is an inner bound, and said to be."""
    draw = random.Random(1)
    diagram = random_diagram(draw)
    parts, wholes = random_rows(draw, diagram, RATIOS)
    box = Boxes(np.full((6, RATIOS), 0.2), np.full((6, RATIOS), 0.9), np.arange(RATIOS))
    monkeypatch.setattr(bounds, "MAX_BOXES", 0)
    search = RatioSearch(diagram, parts, wholes, box, Effort())
    search.maximise()
    assert not search.proven
    assert np.isfinite(search.best).all()


def test_search_stops_when_time_is_over() -> None:
    """A search that was stopped before it began has ascended once and proven nothing."""
    draw = random.Random(1)
    diagram = random_diagram(draw)
    stopped = Effort()
    stopped.stop()
    rows = random_rows(draw, diagram, 1)
    search = RatioSearch(diagram, *rows, random_box(draw, 1), stopped)
    with pytest.raises(OutOfTimeError):
        search.maximise()
    assert not search.proven
    assert np.isfinite(search.best).all()


@pytest.mark.parametrize("seed", range(80))
def test_zero_is_reached_where_some_vertex_has_it(seed: int) -> None:
    """A part of 0 with a whole above 0 is found exactly where a vertex has it."""
    draw = random.Random(seed)
    diagram = random_diagram(draw)
    box = random_box(draw, 1)
    parts, wholes = random_rows(draw, diagram, 1)
    part, whole = np.abs(parts[0]), wholes[0]
    pairs = zip(
        expectations(diagram, part, box, 0), expectations(diagram, whole, box, 0), strict=True
    )
    reached = any(one == 0.0 < other for one, other in pairs)
    assert reaches_zero(diagram, part, whole, box, Effort()) is reached
