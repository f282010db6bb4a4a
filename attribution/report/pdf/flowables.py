"""Each kind of block as what reportlab sets on a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reportlab.lib.units import mm
from reportlab.platypus import (
    Flowable,
    Spacer,
    Table,
    TableStyle,
)

from attribution.report import blocks
from attribution.report.pdf.columns import share_width
from attribution.report.pdf.paragraph import MarkedParagraph
from attribution.report.pdf.parts import EntryParagraph, LatePageNumber
from attribution.report.pdf.structure import Element
from attribution.report.pdf.styles import (
    ACCENT,
    GROUP,
    NOTICE_COLOURS,
    RULE,
    paragraph_styles,
)
from attribution.report.pdf.table import ASIDE, RowTable, TableRow

_RIGHT = ("number", "share")
_LEVELS_LISTED = 2
"""Levels of headings in the contents; deeper ones are found under these."""

_IN_TWO_COLUMNS = range(20, 111)
"""How many headings are listed in two columns: fewer look lost, more are longer than a page."""

_BETWEEN_COLUMNS, _PAGE_NUMBER = 22.0, 26.0
_NOTICE_SIDE = 10
_TALLEST_PART = 0.8
"""How much of a page one part of a notice takes at most."""

_NO_PADDING = [
    (f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")
]
_COLUMN_HEAD, _ROW_HEAD = "/O/Table/Scope/Column", "/O/Table/Scope/Row"


class FlowableMaker:
    """Makes flowables for one document: it knows which anchors there are, and counts captions.

    With each flowable goes its element of `structure`, in the order in which they are made.
    """

    def __init__(self, anchors: frozenset[str], words: tuple[str, str]) -> None:
        self.anchors = anchors
        self.structure = Element("Document")
        self.pages: dict[str, int] = {}
        self._words = words
        self._counts = [0, 0]

    def number_figure(self, caption: str) -> str:
        """Return the caption of the next figure with its number."""
        self._counts[0] += 1
        return f"{self._words[0]} {self._counts[0]}. {caption}"

    def paragraph(
        self,
        runs: blocks.Inlines,
        style: str,
        anchor: str | None = None,
        *,
        element: Element | None = None,
    ) -> MarkedParagraph:
        """Return a paragraph in one of the styles, as `element` or the next of the document."""
        return MarkedParagraph(
            runs,
            paragraph_styles()[style],
            self.anchors,
            anchor=anchor,
            element=element or self.structure.add("P"),
        )

    def make_table(self, table: blocks.Table, width: float, page_height: float) -> list[Flowable]:
        """Return caption and table; the header row is repeated on every page."""
        self._counts[1] += 1
        caption = f"{self._words[1]} {self._counts[1]}. {table.caption}"
        right = [column.kind in _RIGHT for column in table.columns]
        element = self.structure.add("Table")
        head = self.paragraph(
            blocks.text(caption),
            "caption",
            table.anchor,
            element=element.add("Caption", once=True),
        )
        titles = element.add("TR")
        heads = tuple(
            self.paragraph(
                blocks.text(column.title),
                "head-right" if flag else "head",
                element=titles.add("TH", attributes=_COLUMN_HEAD, once=True),
            )
            for column, flag in zip(table.columns, right, strict=True)
        )
        rows = [self._make_row(row, right, element.add("TR")) for row in table.rows]
        widths = share_width(table, width, ASIDE)
        return [RowTable(head, TableRow(heads), rows, widths, page_height), Spacer(0, 8)]

    def _make_row(self, row: blocks.Row, right: list[bool], element: Element) -> TableRow:
        over_all = row.style == "group"
        span = f"/O/Table/ColSpan {len(row.cells)}" if over_all else ""
        cells = row.cells[:1] if over_all else row.cells
        made = tuple(
            self.paragraph(
                cell,
                "cell-right" if flag else "cell",
                None if number else row.anchor,
                element=element.add("TD", attributes=span),
            )
            for number, (cell, flag) in enumerate(zip(cells, right, strict=False))
        )
        return TableRow(made, row.style, over_all)

    def make_notice(
        self, notice: blocks.Notice, width: float, page_height: float
    ) -> list[Flowable]:
        """Return a paragraph on a coloured ground with a bar at its left, a long one in parts."""
        apart = self.structure.add("Div")
        title = self.paragraph(blocks.text(notice.title), "notice-title", element=apart.add("P"))
        words = self.paragraph(notice.runs, "notice", element=apart.add("P"))
        words.wrap(width - _NOTICE_SIDE - _NOTICE_SIDE)
        most = int(_TALLEST_PART * page_height / words.style.leading)
        parts = []
        while len(words.lines) > most:
            part, words = words.part(most)
            parts.append(part)
        first, *others = (*parts, words)
        contents = [[title, first], *([other] for other in others)]
        return [*(_frame(content, notice.kind, width) for content in contents), Spacer(0, 9)]

    def make_key_figures(self, figures: blocks.KeyFigures, width: float) -> list[Flowable]:
        """Return the figures side by side."""
        cells = []
        for figure in figures.figures:
            element = self.structure.add("Div")
            parts = {
                "figure-value": figure.value,
                "figure-label": figure.label,
                "small": figure.detail,
            }
            cells.append(
                [
                    self.paragraph(blocks.text(part), style, element=element.add("P"))
                    for style, part in parts.items()
                ]
            )
        made = Table([cells], [width / len(cells)] * len(cells), hAlign="LEFT")
        made.setStyle(
            TableStyle(
                [
                    ("LINEABOVE", (0, 0), (-1, 0), 1.2, ACCENT),
                    ("BACKGROUND", (0, 0), (-1, -1), GROUP),
                    ("VALIGN", (0, 0), (-1, -1), "TOP"),
                    ("LEFTPADDING", (0, 0), (-1, -1), 7),
                    ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
                ]
            )
        )
        return [made, Spacer(0, 9)]

    def make_bullets(self, bullets: blocks.Bullets) -> list[Flowable]:
        """Return a list, numbered or not."""
        numbering = "Decimal" if bullets.numbered else "Disc"
        element = self.structure.add("L", attributes=f"/O/List/ListNumbering/{numbering}")
        made: list[Flowable] = []
        for number, runs in enumerate(bullets.entries, 1):
            item = element.add("LI")
            label = blocks.text(f"{number}." if bullets.numbered else "•")
            drawn = self.paragraph(label, "label", element=item.add("Lbl"))
            entry = EntryParagraph(
                runs, paragraph_styles()["entry"], self.anchors, element=item.add("LBody")
            )
            entry.label = drawn
            made.append(entry)
        return [*made, Spacer(0, 3)]

    def make_contents(self, headings: Iterable[blocks.Heading], width: float) -> list[Flowable]:
        """Return the contents: each heading a link, its page filled in at the end."""
        element = self.structure.add("TOC")
        shown = [heading for heading in headings if heading.level <= _LEVELS_LISTED]
        if not shown:
            return []
        if len(shown) not in _IN_TWO_COLUMNS:
            return [self._list_headings(shown, element, width), Spacer(0, 10)]
        half = _find_middle(shown)
        column = (width - _BETWEEN_COLUMNS) / 2
        parts = [
            self._list_headings(part, element, column) for part in (shown[:half], shown[half:])
        ]
        made = Table([[parts[0], "", parts[1]]], [column, _BETWEEN_COLUMNS, column], hAlign="LEFT")
        made.setStyle(TableStyle([*_NO_PADDING, ("VALIGN", (0, 0), (-1, -1), "TOP")]))
        return [made, Spacer(0, 10)]

    def _list_headings(
        self, headings: Iterable[blocks.Heading], element: Element, width: float
    ) -> Table:
        rows = [
            [
                self.paragraph(
                    (blocks.Link(f"{heading.number}  {heading.text}", heading.anchor),),
                    f"contents-{heading.level}",
                    element=entry.add("Reference"),
                ),
                LatePageNumber(f"page-{heading.anchor}", entry),
            ]
            for heading in headings
            for entry in [element.add("TOCI")]
        ]
        made = Table(rows, [width - _PAGE_NUMBER, _PAGE_NUMBER], hAlign="LEFT")
        above_and_below = [
            (side, (0, 0), (-1, -1), 0.6) for side in ("TOPPADDING", "BOTTOMPADDING")
        ]
        made.setStyle(
            TableStyle([*_NO_PADDING, *above_and_below, ("VALIGN", (0, 0), (-1, -1), "BOTTOM")])
        )
        return made

    def make_facts(self, facts: Iterable[tuple[str, str]], width: float) -> list[Flowable]:
        """Return the facts about the document itself as a table without a header."""
        element = self.structure.add("Table")
        rows = [
            [
                self.paragraph(
                    blocks.text(name), "head", element=row.add("TH", attributes=_ROW_HEAD)
                ),
                self.paragraph(blocks.text(value), "cell", element=row.add("TD")),
            ]
            for name, value in facts
            for row in [element.add("TR")]
        ]
        made = Table(rows, [42 * mm, width - 42 * mm], hAlign="LEFT")
        made.setStyle(
            TableStyle(
                [
                    ("LINEBELOW", (0, 0), (-1, -1), 0.4, RULE),
                    ("TOPPADDING", (0, 0), (-1, -1), 2.4),
                    ("BOTTOMPADDING", (0, 0), (-1, -1), 2.8),
                    ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ]
            )
        )
        return [made, Spacer(0, 10)]


def _find_middle(headings: Sequence[blocks.Heading]) -> int:
    """Return where the second column begins: at the heading of a section next to the middle."""
    middle = len(headings) / 2
    sections = [at for at, heading in enumerate(headings) if heading.level == 1 and at]
    return min(sections, key=lambda at: abs(at - middle), default=len(headings) // 2)


def _frame(content: Sequence[Flowable], kind: str, width: float) -> Table:
    """Return paragraphs on the ground of a kind of notice, with its bar."""
    ground, bar = NOTICE_COLOURS[kind]
    made = Table([[content]], [width], hAlign="LEFT")
    made.setStyle(
        TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, -1), ground),
                ("LINEBEFORE", (0, 0), (0, -1), 3, bar),
                ("LEFTPADDING", (0, 0), (-1, -1), _NOTICE_SIDE),
                ("RIGHTPADDING", (0, 0), (-1, -1), _NOTICE_SIDE),
                ("TOPPADDING", (0, 0), (-1, -1), 6),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 7),
            ]
        )
    )
    return made
