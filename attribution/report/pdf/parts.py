"""What reportlab's own paragraphs and tables do not do: bookmarks, late page numbers, captions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from reportlab.platypus import Flowable, LongTable, Paragraph

from attribution.report import blocks
from attribution.report.pdf.markup import show_line, write_markup
from attribution.report.pdf.styles import FONT_NAMES, MUTED, paragraph_styles

if TYPE_CHECKING:
    from attribution.report.pdf.canvas import TaggedCanvas
    from attribution.report.pdf.structure import Element

_NEARLY_A_PAGE = 420.0
"""A row that does not fit on so much room (points) is broken inside."""


class MarkedParagraph(Paragraph):
    """A paragraph that is drawn as an element of the structure, on each page it comes to.

    `names` says of the target of each link in it what is read for it.
    """

    element: Element | None = None
    names: Mapping[str, str] | None = None

    def split(self, width: float, height: float) -> list[Flowable]:
        """Return its parts on two pages, both of the same element."""
        parts: list[Flowable] = super().split(width, height)
        for part in parts:
            if isinstance(part, MarkedParagraph):
                part.element, part.names = self.element, self.names
        return parts

    def draw(self) -> None:
        """Draw it between marks."""
        with cast("TaggedCanvas", self.canv).mark(self.element, self.names):
            super().draw()


class HeadingParagraph(MarkedParagraph):
    """A heading that notes the page it came to and makes its bookmark."""

    def __init__(self, heading: blocks.Heading, pages: dict[str, int]) -> None:
        number = f"{heading.number}  " if heading.number else ""
        self.heading, self.pages = heading, pages
        self.words = show_line(f"{number}{heading.text}", "bold")
        markup = write_markup(blocks.text(f"{number}{heading.text}"), frozenset(), heading.anchor)
        super().__init__(markup, paragraph_styles()[f"h{heading.level}"])

    def draw(self) -> None:
        """Draw it, with its entry in the outline."""
        canvas = cast("TaggedCanvas", self.canv)
        self.pages[self.heading.anchor] = canvas.getPageNumber()
        canvas.addOutlineEntry(
            self.words, self.heading.anchor, self.heading.level - 1, closed=False
        )
        super().draw()


class CellParagraph(MarkedParagraph):
    """A paragraph that is broken into lines once for a width: tables ask three times."""

    anchor: str | None = None
    _known: tuple[float, tuple[float, float]] | None = None

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Return its size at this width."""
        if self._known is None or self._known[0] != width:
            self._known = (width, super().wrap(width, height))
        return self._known[1]

    def split(self, width: float, height: float) -> list[Flowable]:
        """Return its parts on two pages, in a row taller than one; links lead to the first."""
        parts: list[Flowable] = super().split(width, height)
        if parts and isinstance(parts[0], CellParagraph):
            parts[0].anchor = self.anchor
        return parts

    def draw(self) -> None:
        """Draw it, with the place that links lead to at its top."""
        if self.anchor:
            self.canv.bookmarkHorizontal(self.anchor, 0, self.height)
        super().draw()


class Caption(CellParagraph):
    """A caption in the first cell of a row that is otherwise empty, as wide as the table.

    A spanned cell would do the same, but makes reportlab look at every cell on every page.
    """

    def __init__(self, markup: str, width: float) -> None:
        super().__init__(markup, paragraph_styles()["caption"])
        self._table_width = width

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Return the width of the cell, and its height at the width of the table."""
        return width, super().wrap(self._table_width, height)[1]


class RowTable(LongTable):
    """A table that breaks between rows; inside one only where it is taller than a page."""

    def split(self, width: float, height: float) -> list[Flowable]:
        """Return the parts for this page and the next ones, none to try again on a new page."""
        parts: list[Flowable] = super().split(width, height)
        if not parts and height > _NEARLY_A_PAGE:
            self.splitInRow = 1
            parts = super().split(width, height)
        return parts


class LatePageNumber(Flowable):
    """A page number that is known only at the end: a form drawn now and filled in then."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """Return a line's height over the whole width."""
        self.width = width
        return width, 11.0

    def draw(self) -> None:
        """Refer to the form at the right edge."""
        self.canv.saveState()
        self.canv.translate(self.width, 2.4)
        self.canv.doForm(self.name)
        self.canv.restoreState()


class LateForms(Flowable):
    """The last thing on the last page: fills in every number that was put off."""

    def __init__(self, pages: dict[str, int]) -> None:
        super().__init__()
        self.pages = pages

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Return no size at all."""
        return 0.0, 0.0

    def draw(self) -> None:
        """Define the forms."""
        total = self.canv.getPageNumber()
        self._define("total-pages", str(total), 7.4, right=False)
        for anchor, page in self.pages.items():
            self._define(f"page-{anchor}", str(page), 8.4, right=True)

    def _define(self, name: str, text: str, size: float, *, right: bool) -> None:
        self.canv.beginForm(name, -40 if right else 0, -4, 4 if right else 40, 12)
        self.canv.setFillColor(MUTED)
        self.canv.setFont(FONT_NAMES["regular"], size)
        draw = self.canv.drawRightString if right else self.canv.drawString
        draw(0, 0, text)
        self.canv.endForm()
