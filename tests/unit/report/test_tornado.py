from __future__ import annotations

from typing import TYPE_CHECKING

from attribution.report.blocks import Figure, Table, plain
from attribution.report.document import build_document
from attribution.report.layout.charts import WIDTH, CruxRow, draw_cruxes
from attribution.report.layout.picture import Label, Path
from tests.unit.report.drawing import flatten

if TYPE_CHECKING:
    from attribution.model.analysis import Analysis

_WORDS = dict.fromkeys(("true", "false", "base", "excluded", "values"), "")
_LEFT, _RIGHT = 150.0, WIDTH - 92.0


def _spans(shapes: tuple[object, ...], style: str) -> list[tuple[float, float]]:
    """Return the shares from where to where the straight lines of a style run."""
    found = []
    for shape in shapes:
        if isinstance(shape, Path) and shape.style == style and len(shape.commands) == 2:
            (_, x1, *_), (_, x2, *_) = shape.commands
            scale = _RIGHT - _LEFT
            found.append(((float(x1) - _LEFT) / scale, (float(x2) - _LEFT) / scale))
    return found


def test_each_bar_runs_from_one_share_to_the_other_and_the_stroke_is_as_things_stand() -> None:
    rows = [CruxRow("fact", ((0, 0.25, 0.75, "25 → 75"), (1, 0.5, 0.125, "50 → 12.5")))]
    picture = draw_cruxes(rows, [(0, "A"), (1, "B")], {0: 0.5, 1: 0.25}, _WORDS)
    shapes = tuple(flatten(picture.shapes))
    assert _spans(shapes, "party-0") == [(0.25, 0.75)]
    assert _spans(shapes, "party-1") == [(0.5, 0.125)]
    assert _spans(shapes, "base")[:2] == [(0.5, 0.5), (0.25, 0.25)]


def test_the_tornado_has_the_numbers_of_the_table_of_cruxes_in_its_order(
    analysis: Analysis,
) -> None:
    """A reader who adds up bars and a reader of the table come to the same; largest move first."""
    document = build_document(analysis, "legal")
    (figure,) = [
        b for b in document.blocks if isinstance(b, Figure) and b.anchor.endswith("cruxes")
    ]
    labels = [s.text for s in flatten(figure.picture.shapes) if isinstance(s, Label)]
    drawn = [text for text in labels if "→" in text and any(c.isdigit() or c == "–" for c in text)]
    (table,) = [
        block
        for block in document.blocks
        if isinstance(block, Table) and block.caption.startswith("Contested facts")
    ]
    told = [
        line.rpartition(": ")[2] for row in table.rows for line in plain(row.cells[3]).split("\n")
    ]
    assert drawn == told
    swings = [float(plain(row.cells[4])) for row in table.rows]
    assert swings == sorted(swings, reverse=True)
