"""A document as PDF: the same bytes for the same document, on every machine and at every time."""

from __future__ import annotations

from functools import partial
from io import BytesIO

from reportlab.platypus import Flowable, Image, KeepTogether, Spacer

from attribution.report import blocks
from attribution.report.anchors import collect_anchors
from attribution.report.paging import fit, lead_to_wide_figure
from attribution.report.pdf.archive import pack
from attribution.report.pdf.canvas import TaggedCanvas
from attribution.report.pdf.flowables import FlowableMaker
from attribution.report.pdf.keeping import keep_headings
from attribution.report.pdf.parts import HeadingParagraph, LateForms, TitleParagraph
from attribution.report.pdf.pictures import PictureFlowable
from attribution.report.pdf.styles import (
    name_colours,
    paragraph_styles,
    register_fonts,
)
from attribution.report.pdf.template import (
    PAGES,
    PageWriter,
    close_pages,
    find_room,
    put_off,
)
from attribution.report.wording import Wording

_PORTRAIT_ROOM = find_room(PAGES["upright"])
_PORTRAIT_WIDTH, _PORTRAIT_HEIGHT = _PORTRAIT_ROOM
_CAPTION_ROOM = 34.0
_READABLE = 0.9
"""A picture that would be smaller than this gets a page on its side, then one of A3."""

_LOGO_ROOM = 150.0, 42.0


def write_pdf(document: blocks.Document) -> bytes:
    """Return the document as a tagged PDF with outline, page labels, links and embedded fonts.

    Headings, paragraphs, lists, tables with their heads and pictures with their alternative text
    are elements of its structure; the rest is marked as artifacts.
    """
    register_fonts()
    name_colours(document.house.find_accent())
    buffer = BytesIO()
    template = PageWriter(buffer, document)
    story = _Story(document, template.words)
    canvas = partial(TaggedCanvas, structure=story.maker.structure)
    template.build(story.make(), canvasmaker=canvas)
    return pack(buffer.getvalue())


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
                self._add_with_wide(lead)
            else:
                self._add(remaining.pop(0))
        self.story += [close_pages(), LateForms(self.maker.pages)]
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

    def _add_with_wide(self, lead: list[blocks.Block]) -> None:
        """Add heading and introduction, and the wide picture on the page after them."""
        *before, figure = lead
        for block in before:
            self._add(block)
        if isinstance(figure, blocks.Figure):
            for page in ("sideways", "large"):
                width, height = find_room(PAGES[page])
                if fit(figure.picture, width, height - _CAPTION_ROOM) >= _READABLE:
                    break
            made = self._make_figure(figure, width, height - _CAPTION_ROOM)
            self.story.append(put_off(page, made))

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
            self.story += maker.make_notice(block, width, _PORTRAIT_HEIGHT)
        elif isinstance(block, blocks.Figure):
            self.story.append(self._make_figure(block, width, _PORTRAIT_HEIGHT - _CAPTION_ROOM))
        elif isinstance(block, blocks.Contents):
            self._add_contents()

    def _make_figure(self, figure: blocks.Figure, width: float, height: float) -> Flowable:
        caption = blocks.text(self.maker.number_figure(figure.caption))
        apart = self.maker.structure.add("Div")
        drawn = apart.add("Figure", alternative=figure.alternative)
        words = self.maker.paragraph(caption, "figure", figure.anchor, element=apart.add("Caption"))
        room, links = (width, height), apart.add("P")
        picture = PictureFlowable(figure.picture, room, self.maker.anchors, drawn, links)
        return KeepTogether([Spacer(0, 4), picture, words])
