"""Pictures of the document as PNG, with their alternative text."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from docx.shared import Pt

from attribution.report import blocks
from attribution.report.docx.elements import Element, make
from attribution.report.html.svg import write_svg_file
from attribution.report.paging import fit
from attribution.report.raster import draw_png

if TYPE_CHECKING:
    from docx.document import Document

_DOTS = 150 / 96
"""Dots of a picture in a CSS pixel: 150 an inch; drawing takes time with the number of dots."""


def make_picture(document: Document, figure: blocks.Figure, room: tuple[float, float]) -> Element:
    """Return a paragraph with the picture, as large as fits into `room` (width, height; points).

    Raises MissingExtraError where what draws a PNG is not installed.
    """
    picture = figure.picture
    scale = fit(picture, *room)
    svg = write_svg_file(picture, figure.caption, figure.alternative)
    png = draw_png(svg, scale * _DOTS)
    width, height = Pt(picture.width * scale), Pt(picture.height * scale)
    inline = document.part.new_pic_inline(BytesIO(png), width, height)
    inline.docPr.set("name", figure.anchor)
    inline.docPr.set("title", figure.caption)
    inline.docPr.set("descr", figure.alternative)
    properties = make("pPr", make("pStyle", val="Picture"))
    return make("p", properties, make("r", make("drawing", inline)))
