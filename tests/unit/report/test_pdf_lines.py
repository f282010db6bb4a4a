"""Lines and tables of a PDF: nothing is lost, nothing is wider or taller than its room."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from attribution.report import blocks
from attribution.report.blocks import Column, Link, Row, Table, Text, text
from attribution.report.pdf.columns import share_width
from attribution.report.pdf.lines import break_lines
from attribution.report.pdf.paragraph import MarkedParagraph
from attribution.report.pdf.styles import paragraph_styles
from attribution.report.pdf.table import RowTable, TableRow

WORDS = st.text("ab/.-\n é", max_size=90)
RUNS = st.lists(
    st.builds(Text, WORDS, st.sampled_from(blocks.TEXT_STYLES))
    | st.builds(Link, WORDS, st.sampled_from(["here", "nowhere"])),
    max_size=6,
).map(tuple)


@settings(max_examples=40, deadline=None)
@given(RUNS, st.floats(40, 300), st.sampled_from(["cell", "cell-right", "entry"]))
def test_lines_hold_every_word_in_their_room(runs: blocks.Inlines, room: float, name: str) -> None:
    """In order, each piece with its own link, and no line wider than there is room."""
    style = paragraph_styles()[name]
    lines = break_lines(runs, style, room, frozenset({"here"}))
    shown = "".join(piece.text for line in lines for piece in line.pieces)
    assert "".join(shown.split()) == "".join(blocks.plain(runs).split())
    for line in lines:
        width = sum(piece._replace(text=piece.text.rstrip()).width for piece in line.pieces[-1:])
        width += sum(piece.width for piece in line.pieces[:-1])
        assert style.leftIndent - 0.02 <= line.start
        assert line.start + width <= room + 0.05
    for number, run in enumerate(runs):
        told = "".join(
            piece.text for line in lines for piece in line.pieces if piece.link == number
        )
        leads = isinstance(run, Link) and run.target == "here"
        assert "".join(told.split()) == ("".join(run.text.split()) if leads else "")


def lay(heights: list[int], page: float = 300.0) -> RowTable:
    """Return a table with rows of so many lines, each named by its number."""
    styles = paragraph_styles()

    def cell(words: str, style: str = "cell") -> MarkedParagraph:
        return MarkedParagraph(text(words), styles[style], frozenset())

    rows = [
        TableRow((cell(f"row{number}" + "\n." * (lines - 1)), cell("x")))
        for number, lines in enumerate(heights)
    ]
    heads = TableRow((cell("one", "head"), cell("two", "head")))
    return RowTable(cell("A table", "caption"), heads, rows, [200.0, 100.0], page)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 60), min_size=1, max_size=14), st.floats(0, 300))
def test_a_table_is_cut_into_pages_without_losing_a_row(heights: list[int], first: float) -> None:
    """Each part fits its page, also where a row is taller than one, and every line comes once."""
    left, room, lines = [lay(heights)], first, []
    for _ in range(200):
        table = left.pop()
        if table.wrap(300, room)[1] <= room:
            parts = [table]
        else:
            parts = [part for part in table.split(300, room) if isinstance(part, RowTable)]
        assert parts or room < 299
        if parts:
            assert parts[0].wrap(300, room)[1] <= room + 0.01
            for measured in parts[0]._rows:
                lines += [
                    piece.text for line in measured.row.cells[0].lines for piece in line.pieces
                ]
        left += parts[1:] if parts else [table]
        room = 300.0
        if not left:
            break
    assert not left
    expected = [f"row{at}" if not n else "." for at, h in enumerate(heights) for n in range(h)]
    assert [line.strip() for line in lines] == expected


def test_a_single_row_stands_on_neither_page() -> None:
    """Two at least stay at the foot of a page, and two go on to the next."""
    table = lay([1] * 10)
    row = table._rows[0].height
    fixed = table.wrap(300, 0)[1] - 10 * row
    assert table.split(300, fixed + row * 1.5) == []
    parts = table.split(300, fixed + row * 9.5)
    assert [len(part._rows) for part in parts if isinstance(part, RowTable)] == [8, 2]


def test_columns_of_short_texts_leave_room_for_long_ones() -> None:
    """And whatever is in them, the columns together are as wide as the table."""
    rows = tuple(Row((text("E1"), text("a long sentence of a finding " * 9))) for _ in range(3))
    table = Table("T", (Column("Evidence"), Column("What")), rows)
    short, long = share_width(table, 500.0, 3.0)
    assert short < 60
    assert short + long == 500.0
    even = replace(table, rows=(Row((text("a"), text("b"))),))
    assert round(sum(share_width(even, 500.0, 3.0)), 6) == 500.0
