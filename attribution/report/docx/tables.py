"""Tables with a header row that repeats on every page, and rows that links lead to."""

from __future__ import annotations

from collections.abc import Sequence

from docx.oxml.ns import qn

from attribution.report import blocks
from attribution.report.docx.elements import POINT, Element, make
from attribution.report.docx.runs import Runs
from attribution.report.docx.styles import shade

_RIGHT = ("number", "share")
_GROUNDS = {"group": "f5f6f9", "total": "f5f6f9", "gap": "fff6e0"}


def make_table(table: blocks.Table, caption: str, runs: Runs, width: float) -> Element:
    """Return the table, `width` points wide; the caption is what a screen reader says of it."""
    widths = _divide([column.weight for column in table.columns], width)
    element = _begin("Report Table", widths, caption, head=True)
    head = [
        _cell(runs.paragraph(blocks.text(column.title), _style("Table Head", column)), room)
        for column, room in zip(table.columns, widths, strict=True)
    ]
    element.append(make("tr", make("trPr", make("cantSplit"), make("tblHeader")), *head))
    for row in table.rows:
        element.append(_make_row(row, table.columns, widths, runs))
    return element


def make_facts(facts: Sequence[tuple[str, str]], caption: str, runs: Runs, width: float) -> Element:
    """Return names and values side by side."""
    widths = _divide([1.0, 3.0], width)
    element = _begin("Facts Table", widths, caption, head=False)
    for name, value in facts:
        cells = [
            _cell(runs.paragraph(blocks.text(name, "strong"), "Table Text"), widths[0]),
            _cell(runs.paragraph(blocks.text(value), "Table Text"), widths[1]),
        ]
        element.append(make("tr", make("trPr", make("cantSplit")), *cells))
    return element


def _divide(weights: list[float], width: float) -> list[int]:
    return [round(width * POINT * weight / sum(weights)) for weight in weights]


def _begin(style: str, widths: list[int], caption: str, *, head: bool) -> Element:
    properties = make(
        "tblPr",
        make("tblStyle", val=style.replace(" ", "")),
        make("tblW", w=sum(widths), type="dxa"),
        make("tblLayout", type="fixed"),
        make("tblLook", firstRow=int(head), firstColumn=int(not head), noHBand=1, noVBand=1),
        make("tblCaption", val=caption),
    )
    grid = make("tblGrid", *(make("gridCol", w=room) for room in widths))
    return make("tbl", properties, grid)


def _make_row(
    row: blocks.Row, columns: Sequence[blocks.Column], widths: list[int], runs: Runs
) -> Element:
    element = make("tr", make("trPr", make("cantSplit")))
    if row.style == "group":
        cells = [(row.cells[0], columns[0], sum(widths))]
    else:
        cells = list(zip(row.cells, columns, widths, strict=True))
    for number, (shown, column, room) in enumerate(cells):
        anchor = None if number else row.anchor
        cell = _cell(runs.paragraph(shown, _style("Table Text", column), anchor), room)
        properties = cell.find(qn("w:tcPr"))
        if properties is not None:
            if row.style == "group":
                properties.append(make("gridSpan", val=len(columns)))
            if row.style in _GROUNDS:
                properties.append(shade(_GROUNDS[row.style]))
        element.append(cell)
    return element


def _style(style: str, column: blocks.Column) -> str:
    return f"{style} Right" if column.kind in _RIGHT else style


def _cell(paragraph: Element, room: int) -> Element:
    return make("tc", make("tcPr", make("tcW", w=room, type="dxa")), paragraph)
