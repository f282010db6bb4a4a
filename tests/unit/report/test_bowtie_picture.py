"""The bow-tie's picture keeps every word inside it, whatever the statements are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from attribution.graph.bowtie import draw_bow_ties
from attribution.model.bowtie import BARRIER_STATES
from attribution.report.layout.bowtie import MOST_BRANCHES, BowTieWords, draw_bow_tie
from attribution.report.layout.metrics import text_width
from attribution.report.layout.picture import Group, Label, Shape
from tests.unit.graph.test_bowtie import TWO_WAYS, graph

WORDS = BowTieWords(
    {state: state for state in BARRIER_STATES},
    "What could bring it about",
    "What followed",
    "and {} more".format,
    str,
)


def labels(shapes: tuple[Shape, ...]) -> Iterator[Label]:
    """Yield every label of a picture."""
    for shape in shapes:
        if isinstance(shape, Group):
            yield from labels(shape.shapes)
        elif isinstance(shape, Label):
            yield shape


def test_long_statements_stay_inside_the_picture() -> None:
    """Words are broken to their box and cut after some lines; none leaves the canvas."""
    nodes = tuple(replace(node, statement="Long words " * 60) for node in TWO_WAYS.nodes)
    [tie] = draw_bow_ties(replace(TWO_WAYS, nodes=nodes))
    picture = draw_bow_tie(tie, WORDS)
    for label in labels(picture.shapes):
        width = text_width(label.text, label.size, "bold" if label.bold else "regular")
        left = {"start": label.x, "middle": label.x - width / 2, "end": label.x - width}
        assert left[label.anchor] >= 0
        assert left[label.anchor] + width <= picture.width
        assert 0 < label.y < picture.height


def test_many_threats_are_drawn_up_to_a_number_and_the_rest_is_told() -> None:
    """A bow-tie with more lines than a page holds says how many are left out."""
    names = [f"a{number:02}" for number in range(MOST_BRANCHES + 3)]
    roots = [(name, "act", None) for name in names]
    made = graph(*roots, ("top", "event", " or ".join(names)), ("h", "harm", "top"))
    [tie] = draw_bow_ties(made)
    shown = [label.text for label in labels(draw_bow_tie(tie, WORDS).shapes)]
    assert "and 3 more" in shown
    assert f"{names[MOST_BRANCHES - 1]}." in shown
    assert f"{names[MOST_BRANCHES]}." not in shown
