"""Pictures of the document as PNG, with their alternative text."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from docx.oxml.ns import qn
from docx.shared import Emu, Pt

from attribution.report import blocks
from attribution.report.docx.elements import Element, make
from attribution.report.html.svg import write_svg_file
from attribution.report.paging import fit
from attribution.report.raster import draw_png

if TYPE_CHECKING:
    from docx.document import Document
    from docx.parts.story import StoryPart

_LOGO_ROOM = 150.0, 42.0
"""Width and height of a logo at most, in points."""

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
    return _stand_alone(inline, "Picture")


def make_logo(part: StoryPart, logo: bytes) -> Element:
    """Return a paragraph with the logo of the house, no larger than its room.

    It is called a logo: it says nothing that the text beside it does not.
    """
    inline = part.new_pic_inline(BytesIO(logo))
    width, height = int(inline.extent.cx), int(inline.extent.cy)
    scale = min(Pt(_LOGO_ROOM[0]) / width, Pt(_LOGO_ROOM[1]) / height)
    size = Emu(round(width * scale)), Emu(round(height * scale))
    inline = part.new_pic_inline(BytesIO(logo), *size)
    for holder in (inline.docPr, *inline.iter(qn("pic:cNvPr"))):
        holder.set("name", "logo")
        holder.set("descr", "Logo")
    return _stand_alone(inline, "Logo")


def _stand_alone(inline: Element, style: str) -> Element:
    properties = make("pPr", make("pStyle", val=style))
    return make("p", properties, make("r", make("drawing", inline)))
