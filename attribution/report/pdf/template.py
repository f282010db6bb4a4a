"""The pages of a PDF: upright ones, and those on their side that wide pictures get."""

from __future__ import annotations

from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING

from reportlab.lib.pagesizes import A3, A4, landscape
from reportlab.lib.units import mm
from reportlab.platypus import (
    ActionFlowable,
    BaseDocTemplate,
    Flowable,
    Frame,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
)

from attribution.report import blocks
from attribution.report.layout.metrics import clip
from attribution.report.pdf.glyphs import show_line
from attribution.report.pdf.styles import FONT_NAMES, MUTED, NOTICE_COLOURS
from attribution.report.wording import Wording

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

MARGIN = 17 * mm
TOP, BOTTOM = 21 * mm, 19 * mm
PAGES = {"upright": A4, "sideways": landscape(A4), "large": landscape(A3)}
_SMALL = 7.4


def find_room(size: tuple[float, float]) -> tuple[float, float]:
    """Return width and height between the margins of a page."""
    return size[0] - 2 * MARGIN, size[1] - TOP - BOTTOM


class PageWriter(BaseDocTemplate):
    """Upright pages and pages on their side, with header and footer.

    A wide picture waits for the end of the page that its section is on, and gets the next one: what
    follows it in the document fills the page before.
    """

    _hanging: list[Flowable]

    def __init__(self, buffer: BytesIO, document: blocks.Document) -> None:
        self.document = document
        self.waiting: list[tuple[str, Flowable]] = []
        self.closing = False
        self._next: Flowable | None = None
        self.words = Wording(document.audience, document.house)
        super().__init__(
            buffer,
            pagesize=A4,
            title=document.title,
            subject=document.subtitle,
            author="",
            creator="attribution",
            producer="attribution",
            lang="en",
            invariant=1,
        )
        self.addPageTemplates(
            [
                PageTemplate(
                    name,
                    [Frame(MARGIN, BOTTOM, *find_room(size), 0, 0, 0, 0, id=name)],
                    onPage=partial(self._decorate, size),
                    pagesize=size,
                )
                for name, size in PAGES.items()
            ]
        )

    def beforeDocument(self) -> None:  # noqa: N802 - reportlab's own name
        """Set what a viewer shows: title, outline, pages numbered from 1."""
        self.canv.setViewerPreference("DisplayDocTitle", "true")
        self.canv.showOutline()
        self.canv.addPageLabel(0, style="ARABIC", start=1)

    def afterPage(self) -> None:  # noqa: N802 - reportlab's own name
        """Turn to the page of the picture that has waited longest."""
        if self.waiting:
            page, self._next = self.waiting.pop(0)
            self.handle_nextPageTemplate(page)

    def handle_pageEnd(self) -> None:  # noqa: N802 - reportlab's own name
        """End the page; where a picture comes next, an upright page comes after it."""
        super().handle_pageEnd()
        if self._next is None:
            return
        self._hanging.append(self._next)
        self._next = None
        if self.waiting or not self.closing:
            self._hanging += [NextPageTemplate("upright"), PageBreak()]

    def handle_wait(self, page: str, figure: Flowable) -> None:
        """Let a picture wait (reportlab calls what an action names)."""
        self.waiting.append((page, figure))

    def handle_close(self) -> None:
        """Turn the page where a picture waits at the end of the document."""
        self.closing = True
        if self.waiting:
            self.handle_pageBreak()

    def _decorate(self, size: tuple[float, float], canvas: Canvas, _template: object) -> None:
        """Draw header and footer: title, privilege, case, evidence root, page x of y."""
        width, height = size
        canvas.saveState()
        canvas.setFillColor(MUTED)
        canvas.setStrokeColor(MUTED)
        canvas.setLineWidth(0.4)
        canvas.setFont(FONT_NAMES["regular"], _SMALL)
        top = height - 13 * mm
        room = (width - 2 * MARGIN) * 0.42
        canvas.drawString(MARGIN, top, clip(show_line(self.document.title), _SMALL, room))
        name = self.words.text("document.name")
        canvas.drawRightString(width - MARGIN, top, clip(show_line(name), _SMALL, room))
        canvas.line(MARGIN, top - 4, width - MARGIN, top - 4)
        if self.document.privilege:
            canvas.setFillColor(NOTICE_COLOURS["privilege"][1])
            canvas.setFont(FONT_NAMES["bold"], _SMALL)
            words = clip(show_line(self.document.privilege, "bold"), _SMALL, room * 1.6, "bold")
            canvas.drawCentredString(width / 2, top + 10, words)
        self._draw_footer(canvas, width)
        canvas.restoreState()

    def _draw_footer(self, canvas: Canvas, width: float) -> None:
        bottom = 11 * mm
        canvas.setFillColor(MUTED)
        canvas.setFont(FONT_NAMES["regular"], _SMALL)
        canvas.line(MARGIN, bottom + 10, width - MARGIN, bottom + 10)
        footer = clip(show_line(self.document.footer), _SMALL, (width - 2 * MARGIN) * 0.75)
        canvas.drawString(MARGIN, bottom, footer)
        page = self.words.text("common.page", page=canvas.getPageNumber())
        right = width - MARGIN - 18
        canvas.drawRightString(right, bottom, page)
        canvas.saveState()
        canvas.translate(right + 2.5, bottom)
        canvas.doForm("total-pages")
        canvas.restoreState()


def put_off(page: str, figure: Flowable) -> Flowable:
    """Return what lets a picture wait for a page of its own, `page` of `PAGES`."""
    return ActionFlowable(("wait", page, figure))


def close_pages() -> Flowable:
    """Return the end of the document: no picture waits any longer, no page comes after the last."""
    return ActionFlowable(("close",))
