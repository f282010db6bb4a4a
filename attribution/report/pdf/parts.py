"""Parts of a page that are more than words: headings with bookmarks, list entries, late numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from reportlab.platypus import Flowable

from attribution.report import blocks
from attribution.report.pdf.glyphs import show_line
from attribution.report.pdf.paragraph import MarkedParagraph
from attribution.report.pdf.styles import FONT_NAMES, MUTED, paragraph_styles

if TYPE_CHECKING:
    from attribution.report.pdf.canvas import TaggedCanvas
    from attribution.report.pdf.structure import Element


class TitleParagraph(MarkedParagraph):
    """A title: it stands on the page on which begins what it is over."""


class HeadingParagraph(TitleParagraph):
    """A heading that notes the page it came to and makes its bookmark."""

    def __init__(self, heading: blocks.Heading, pages: dict[str, int], element: Element) -> None:
        number = f"{heading.number}  " if heading.number else ""
        self.heading, self.pages = heading, pages
        self.words = show_line(f"{number}{heading.text}", "bold")
        super().__init__(
            blocks.text(f"{number}{heading.text}"),
            paragraph_styles()[f"h{heading.level}"],
            frozenset(),
            anchor=heading.anchor,
            element=element,
        )

    def draw(self) -> None:
        """Draw it, with its entry in the outline."""
        canvas = cast("TaggedCanvas", self.canv)
        self.pages[self.heading.anchor] = canvas.getPageNumber()
        canvas.addOutlineEntry(
            self.words, self.heading.anchor, self.heading.level - 1, closed=False
        )
        super().draw()


class EntryParagraph(MarkedParagraph):
    """An entry of a list, its number or dot at its left as a label (ISO 32000-1, 14.8.4.3.3)."""

    label: MarkedParagraph | None = None

    def part(self, count: int) -> tuple[EntryParagraph, EntryParagraph]:
        """Return its parts; the label stands at the first."""
        first, second = super().part(count)
        second.label = None
        return first, second

    def paint(self, canvas: TaggedCanvas, left: float, top: float) -> None:
        """Draw label and entry."""
        if self.label is not None:
            self.label.wrap(self.style.leftIndent)
            self.label.paint(canvas, left, top)
        super().paint(canvas, left, top)


class LatePageNumber(Flowable):
    """A page number that is known only at the end: a form drawn now and filled in then."""

    def __init__(self, name: str, element: Element) -> None:
        super().__init__()
        self.name, self.element = name, element

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """Return a line's height over the whole width."""
        self.width = width
        return width, 11.0

    def draw(self) -> None:
        """Refer to the form at the right edge."""
        canvas = cast("TaggedCanvas", self.canv)
        with canvas.mark(self.element):
            canvas.saveState()
            canvas.translate(self.width, 2.4)
            canvas.doForm(self.name)
            canvas.restoreState()


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
