"""What a large page makes a browser parse: elements, not only bytes, are what its load takes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from attribution.report.blocks import Block, Column, Document, Row, Table, text
from attribution.report.html.writer import write_html
from attribution.report.sections.chronology import timeline_figure
from attribution.report.sections.events import event_table
from attribution.report.sections.register import build_register
from attribution.report.view import View
from tests.bench.generators.long_timelines import lengthen

if TYPE_CHECKING:
    from attribution.model.analysis import Analysis


def write_blocks(*blocks: Block) -> str:
    return write_html(Document("case", "legal", "Title", "", (), "", blocks))


def test_a_row_of_an_event_is_six_cells_and_its_links(analysis: Analysis) -> None:
    """No cell carries what its column says of all of them."""
    view = View(lengthen(analysis, 300), "legal")
    listed = event_table(view, view.analysis.timeline.events, "annex.events", annex=True)
    page = write_blocks(listed, *build_register(view))
    rows = re.findall(r'<tr id="event-added-.*?</tr>', page)
    assert len(rows) == 300
    for row in rows:
        assert re.findall(r"<(\w+)", row) == ["tr", "th", *["td"] * 5, "a"]
        assert "<strong>" not in row


def test_a_crowded_lane_is_one_shape_and_a_sparse_one_keeps_its_links(analysis: Analysis) -> None:
    """Ticks that can be pointed at lead to their events; a thousand of them are drawn as one."""

    def count_links(shown: Analysis) -> int:
        shapes = timeline_figure(View(shown, "legal")).picture.shapes
        return sum(getattr(shape, "link", None) is not None for shape in shapes)

    few = count_links(analysis)
    assert count_links(lengthen(analysis, 100)) == few + 100
    assert count_links(lengthen(analysis, 1000)) < few + 150


def test_columns_are_set_once_for_their_table() -> None:
    """Numbers stand to the right, times whole, strong ones strong; a mixed column stays."""
    columns = (Column("No."), Column("Time", "time"), Column("Share", "share"), Column("Mixed"))
    rows = (
        Row((text("T1", "strong"), text("1"), text("2"), text("3", "strong"))),
        Row((text("T2", "strong"), text("1"), text("2"), text("3"))),
    )
    table = Table("Invented", columns, rows)
    page = write_blocks(table)
    assert '<table class="b1 t2 r3">' in page
    assert '<th scope="row">T1</th>' in page
    assert "<td><strong>3</strong></td>" in page
    assert ".r3>*>tr:not(.group)>:nth-child(3){text-align:right}" in page
    assert ".b1>*>tr:not(.group)>:nth-child(1){font-weight:bold}" in page
