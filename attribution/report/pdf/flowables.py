"""Each kind of block as what reportlab sets on a page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reportlab.lib.units import mm
from reportlab.platypus import (
    Flowable,
    ListFlowable,
    ListItem,
    Spacer,
    Table,
    TableStyle,
)

from attribution.report import blocks
from attribution.report.pdf.markup import write_markup
from attribution.report.pdf.parts import (
    Caption,
    CellParagraph,
    LatePageNumber,
    MarkedParagraph,
    RowTable,
)
from attribution.report.pdf.structure import Element
from attribution.report.pdf.styles import (
    ACCENT,
    FONT_NAMES,
    GROUP,
    HEAD,
    INK,
    MUTED,
    NOTICE_COLOURS,
    RULE,
    paragraph_styles,
)

_RIGHT = ("number", "share")
_PADDING = 3.2
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
        made = MarkedParagraph(write_markup(runs, self.anchors, anchor), paragraph_styles()[style])
        made.element = element or self.structure.add("P")
        made.names = _name_links(runs)
        return made

    def make_table(self, table: blocks.Table, width: float) -> list[Flowable]:
        """Return caption and table; the header row is repeated on every page."""
        self._counts[1] += 1
        caption = f"{self._words[1]} {self._counts[1]}. {table.caption}"
        right = [column.kind in _RIGHT for column in table.columns]
        element = self.structure.add("Table")
        head = Caption(write_markup(blocks.text(caption), self.anchors, table.anchor), width)
        head.element = element.add("Caption", once=True)
        titles = element.add("TR")
        rows: list[list[Flowable | str]] = [
            [
                self.paragraph(
                    blocks.text(column.title),
                    "head-right" if flag else "head",
                    element=titles.add("TH", attributes=_COLUMN_HEAD, once=True),
                )
                for column, flag in zip(table.columns, right, strict=True)
            ]
        ]
        rows += [list(self._cells(row, right, element.add("TR"))) for row in table.rows]
        total = sum(column.weight for column in table.columns)
        widths = [width * column.weight / total for column in table.columns]
        rows.insert(0, [head, *([""] * (len(widths) - 1))])
        made = RowTable(rows, widths, repeatRows=2, hAlign="LEFT")
        made.setStyle(_table_style(table))
        return [made, Spacer(0, 8)]

    def _cells(self, row: blocks.Row, right: list[bool], element: Element) -> list[Flowable]:
        cells: list[Flowable] = []
        over_all = row.style == "group"
        for cell, flag in zip(row.cells, right, strict=True):
            style = paragraph_styles()["cell-right" if flag else "cell"]
            made = CellParagraph(write_markup(cell, self.anchors), style)
            made.anchor = None if cells else row.anchor
            made.names = _name_links(cell)
            if not (over_all and cells):
                span = f"/O/Table/ColSpan {len(row.cells)}" if over_all else ""
                made.element = element.add("TD", attributes=span)
            cells.append(made)
        return cells

    def make_notice(self, notice: blocks.Notice, width: float) -> list[Flowable]:
        """Return a paragraph on a coloured ground with a bar at its left."""
        ground, bar = NOTICE_COLOURS[notice.kind]
        apart = self.structure.add("Div")
        content = [
            self.paragraph(blocks.text(notice.title), "notice-title", element=apart.add("P")),
            self.paragraph(notice.runs, "notice", element=apart.add("P")),
        ]
        made = Table([[content]], [width], hAlign="LEFT")
        made.setStyle(
            TableStyle(
                [
                    ("BACKGROUND", (0, 0), (-1, -1), ground),
                    ("LINEBEFORE", (0, 0), (0, -1), 3, bar),
                    ("LEFTPADDING", (0, 0), (-1, -1), 10),
                    ("RIGHTPADDING", (0, 0), (-1, -1), 10),
                    ("TOPPADDING", (0, 0), (-1, -1), 6),
                    ("BOTTOMPADDING", (0, 0), (-1, -1), 7),
                ]
            )
        )
        return [made, Spacer(0, 9)]

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
        items: list[Any] = [
            ListItem(
                self.paragraph(entry, "body", element=element.add("LI").add("LBody")),
                spaceAfter=0,
            )
            for entry in bullets.entries
        ]
        made = ListFlowable(
            items,
            bulletType="1" if bullets.numbered else "bullet",
            start=None if bullets.numbered else "•",
            bulletFontName=FONT_NAMES["regular"],
            bulletFontSize=9.2 if bullets.numbered else 8,
            bulletColor=INK,
            bulletFormat="%s." if bullets.numbered else None,
            leftIndent=16,
            bulletDedent=12,
        )
        return [made, Spacer(0, 3)]

    def make_contents(self, headings: Iterable[blocks.Heading], width: float) -> list[Flowable]:
        """Return the contents: each heading a link, its page filled in at the end."""
        element = self.structure.add("TOC")
        rows = [
            [
                self.paragraph(
                    (blocks.Link(f"{heading.number}  {heading.text}", heading.anchor),),
                    f"contents-{heading.level}",
                    element=element.add("TOCI"),
                ),
                LatePageNumber(f"page-{heading.anchor}"),
            ]
            for heading in headings
            if heading.level <= 2  # noqa: PLR2004 - deeper ones are found under these
        ]
        if not rows:
            return []
        made = Table(rows, [width - 40, 40], hAlign="LEFT")
        made.setStyle(
            TableStyle(
                [
                    ("TOPPADDING", (0, 0), (-1, -1), 0.6),
                    ("BOTTOMPADDING", (0, 0), (-1, -1), 0.6),
                    ("LEFTPADDING", (0, 0), (-1, -1), 0),
                    ("VALIGN", (0, 0), (-1, -1), "BOTTOM"),
                ]
            )
        )
        return [made]

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


def _name_links(runs: blocks.Inlines) -> dict[str, str]:
    """Return for the target of each link the words of the link."""
    return {run.target: run.text for run in runs if isinstance(run, blocks.Link)}


def _table_style(table: blocks.Table) -> TableStyle:
    commands: list[Any] = [
        ("BACKGROUND", (0, 1), (-1, 1), HEAD),
        ("LINEABOVE", (0, 1), (-1, 1), 0.8, MUTED),
        ("LINEBELOW", (0, 1), (-1, 1), 0.8, MUTED),
        ("LINEBELOW", (0, 2), (-1, -1), 0.4, RULE),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), _PADDING),
        ("RIGHTPADDING", (0, 0), (-1, -1), _PADDING),
        ("TOPPADDING", (0, 0), (-1, -1), 2.4),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3.4),
        ("LEFTPADDING", (0, 0), (-1, 0), 0),
        ("TOPPADDING", (0, 0), (-1, 0), 6),
    ]
    for number, row in enumerate(table.rows, 2):
        if row.style == "total":
            commands.append(("LINEABOVE", (0, number), (-1, number), 0.8, MUTED))
            commands.append(("BACKGROUND", (0, number), (-1, number), GROUP))
        if row.style == "gap":
            commands.append(("BACKGROUND", (0, number), (-1, number), GROUP))
        if row.style == "group":
            commands.append(("SPAN", (0, number), (-1, number)))
            commands.append(("BACKGROUND", (0, number), (-1, number), GROUP))
    return TableStyle(commands)
