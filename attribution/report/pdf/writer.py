"""A document as PDF: the same bytes for the same document, on every machine and at every time."""

from __future__ import annotations

from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING

from reportlab.lib.pagesizes import A3, A4, landscape
from reportlab.lib.units import mm
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    Image,
    KeepTogether,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Spacer,
)

from attribution.report import blocks
from attribution.report.anchors import collect_anchors
from attribution.report.layout.metrics import clip
from attribution.report.paging import fit, lead_to_wide_figure
from attribution.report.pdf.archive import pack
from attribution.report.pdf.canvas import TaggedCanvas
from attribution.report.pdf.flowables import FlowableMaker
from attribution.report.pdf.glyphs import show_line
from attribution.report.pdf.keeping import keep_headings
from attribution.report.pdf.parts import HeadingParagraph, LateForms, TitleParagraph
from attribution.report.pdf.pictures import PictureFlowable
from attribution.report.pdf.styles import (
    FONT_NAMES,
    MUTED,
    NOTICE_COLOURS,
    name_colours,
    paragraph_styles,
    register_fonts,
)
from attribution.report.wording import Wording

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

_MARGIN = 17 * mm
_TOP, _BOTTOM = 21 * mm, 19 * mm
_PORTRAIT_WIDTH, _PORTRAIT_HEIGHT = A4[0] - 2 * _MARGIN, A4[1] - _TOP - _BOTTOM
_PORTRAIT_ROOM = (_PORTRAIT_WIDTH, _PORTRAIT_HEIGHT)
_PAGES = {"upright": A4, "sideways": landscape(A4), "large": landscape(A3)}
_CAPTION_ROOM = 34.0
_INTRO_ROOM = 78.0
_READABLE = 0.9
"""A picture that would be smaller than this gets a page on its side, then one of A3."""

_SMALL = 7.4
_LOGO_ROOM = 150.0, 42.0


def write_pdf(document: blocks.Document) -> bytes:
    """Return the document as a tagged PDF with outline, page labels, links and embedded fonts.

    Headings, paragraphs, lists, tables with their heads and pictures with their alternative text
    are elements of its structure; the rest is marked as artifacts.
    """
    register_fonts()
    name_colours(document.house.find_accent())
    buffer = BytesIO()
    template = _Template(buffer, document)
    story = _Story(document, template.words)
    canvas = partial(TaggedCanvas, structure=story.maker.structure)
    template.build(story.make(), canvasmaker=canvas)
    return pack(buffer.getvalue())


def _room(size: tuple[float, float]) -> tuple[float, float]:
    """Return width and height between the margins of a page."""
    return size[0] - 2 * _MARGIN, size[1] - _TOP - _BOTTOM


def _picture_room(page: str) -> tuple[float, float]:
    """Return width and height for a picture under a heading and its introduction."""
    width, height = _room(_PAGES[page])
    return width, height - _CAPTION_ROOM - _INTRO_ROOM


class _Template(BaseDocTemplate):
    """Upright pages and pages on their side, with header and footer."""

    def __init__(self, buffer: BytesIO, document: blocks.Document) -> None:
        self.document = document
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
                    [Frame(_MARGIN, _BOTTOM, *_room(size), 0, 0, 0, 0, id=name)],
                    onPage=partial(self._decorate, size),
                    pagesize=size,
                )
                for name, size in _PAGES.items()
            ]
        )

    def beforeDocument(self) -> None:  # noqa: N802 - reportlab's own name
        """Set what a viewer shows: title, outline, pages numbered from 1."""
        self.canv.setViewerPreference("DisplayDocTitle", "true")
        self.canv.showOutline()
        self.canv.addPageLabel(0, style="ARABIC", start=1)

    def _decorate(self, size: tuple[float, float], canvas: Canvas, _template: object) -> None:
        """Draw header and footer: title, privilege, case, evidence root, page x of y."""
        width, height = size
        canvas.saveState()
        canvas.setFillColor(MUTED)
        canvas.setStrokeColor(MUTED)
        canvas.setLineWidth(0.4)
        canvas.setFont(FONT_NAMES["regular"], _SMALL)
        top = height - 13 * mm
        room = (width - 2 * _MARGIN) * 0.42
        canvas.drawString(_MARGIN, top, clip(show_line(self.document.title), _SMALL, room))
        name = self.words.text("document.name")
        canvas.drawRightString(width - _MARGIN, top, clip(show_line(name), _SMALL, room))
        canvas.line(_MARGIN, top - 4, width - _MARGIN, top - 4)
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
        canvas.line(_MARGIN, bottom + 10, width - _MARGIN, bottom + 10)
        footer = clip(show_line(self.document.footer), _SMALL, (width - 2 * _MARGIN) * 0.75)
        canvas.drawString(_MARGIN, bottom, footer)
        page = self.words.text("common.page", page=canvas.getPageNumber())
        right = width - _MARGIN - 18
        canvas.drawRightString(right, bottom, page)
        canvas.saveState()
        canvas.translate(right + 2.5, bottom)
        canvas.doForm("total-pages")
        canvas.restoreState()


class _Story:
    """The flowables of a document in order, with the turns of the page that wide pictures need."""

    def __init__(self, document: blocks.Document, words: Wording) -> None:
        self.document = document
        self.words = words
        captions = (words.text("common.figure"), words.text("common.table"))
        self.maker = FlowableMaker(collect_anchors(document), captions)
        self.story: list[Flowable] = []

    def make(self) -> list[Flowable]:
        """Return title and blocks."""
        document = self.document
        logo = document.house.read_logo()
        if logo is not None:
            image = Image(BytesIO(logo), *_LOGO_ROOM, kind="proportional", hAlign="RIGHT")
            self.story += [image, Spacer(0, 4)]
        title = self.maker.structure.add("H1")
        self.story.append(self.maker.paragraph(blocks.text(document.title), "title", element=title))
        self.story.append(self.maker.paragraph(blocks.text(document.subtitle), "subtitle"))
        remaining = list(document.blocks)
        while remaining:
            lead = lead_to_wide_figure(remaining, _PORTRAIT_ROOM, _READABLE)
            if lead:
                del remaining[: len(lead)]
                self._add_sideways(lead)
            else:
                self._add(remaining.pop(0))
        self.story.append(LateForms(self.maker.pages))
        return list(keep_headings(self.story, _PORTRAIT_WIDTH, _PORTRAIT_HEIGHT))

    def _add_contents(self) -> None:
        headings = [b for b in self.document.blocks if isinstance(b, blocks.Heading)]
        self.story.append(self._title_apart("common.about"))
        self.story += self.maker.make_facts(self.document.facts, _PORTRAIT_WIDTH)
        self.story.append(self._title_apart("common.contents"))
        self.story += self.maker.make_contents(headings, _PORTRAIT_WIDTH)

    def _title_apart(self, key: str) -> Flowable:
        """Return a title that is in no list of contents."""
        style, element = paragraph_styles()["h2"], self.maker.structure.add("H2")
        runs = blocks.text(self.words.text(key))
        return TitleParagraph(runs, style, frozenset(), element=element)

    def _add_sideways(self, lead: list[blocks.Block]) -> None:
        """Put heading, introduction and wide picture on a page on its side."""
        figure = lead[-1]
        if not isinstance(figure, blocks.Figure):
            return
        page = "sideways"
        if fit(figure.picture, *_picture_room(page)) < _READABLE:
            page = "large"
        if self.story and isinstance(self.story[-1], PageBreak):
            self.story.pop()  # two in a row would leave a page empty
        self.story += [NextPageTemplate(page), PageBreak()]
        for block in lead[:-1]:
            self._add(block)
        self._add_figure(figure, *_picture_room(page))
        self.story += [NextPageTemplate("upright"), PageBreak()]

    def _add(self, block: blocks.Block) -> None:
        maker, width = self.maker, _PORTRAIT_WIDTH
        if isinstance(block, blocks.Heading):
            element = maker.structure.add(f"H{block.level + 1}")
            self.story.append(HeadingParagraph(block, maker.pages, element))
        elif isinstance(block, blocks.Paragraph):
            self.story.append(maker.paragraph(block.runs, block.style, block.anchor))
        elif isinstance(block, blocks.Bullets):
            self.story += maker.make_bullets(block)
        elif isinstance(block, blocks.Table):
            self.story += maker.make_table(block, width, _PORTRAIT_HEIGHT)
        elif isinstance(block, blocks.KeyFigures):
            self.story += maker.make_key_figures(block, width)
        elif isinstance(block, blocks.Notice):
            self.story += maker.make_notice(block, width)
        elif isinstance(block, blocks.Figure):
            self._add_figure(block, width, _PORTRAIT_HEIGHT - _CAPTION_ROOM)
        elif isinstance(block, blocks.Contents):
            self._add_contents()

    def _add_figure(self, figure: blocks.Figure, width: float, height: float) -> None:
        caption = blocks.text(self.maker.number_figure(figure.caption))
        apart = self.maker.structure.add("Div")
        drawn = apart.add("Figure", alternative=figure.alternative)
        words = self.maker.paragraph(caption, "figure", figure.anchor, element=apart.add("Caption"))
        room, links = (width, height), apart.add("P")
        picture = PictureFlowable(figure.picture, room, self.maker.anchors, drawn, links)
        parts = [Spacer(0, 4), picture, words]
        self.story.append(KeepTogether(parts))
