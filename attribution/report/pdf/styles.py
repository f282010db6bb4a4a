"""Fonts, paragraph styles and colours of the PDF."""

from __future__ import annotations

from functools import cache

from reportlab import rl_config
from reportlab.lib.colors import Color, HexColor, toColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from attribution.report.layout.metrics import FONTS, font_path

FONT_NAMES = {face: f"Report-{face}" for face in FONTS}
"""Face of `layout.metrics.FONTS` -> the name it is registered under."""

INK = HexColor("#1f2430")
MUTED = HexColor("#5b6372")
LINK = HexColor("#0b4f9e")
RULE = HexColor("#cfd5df")
HEAD = HexColor("#eef1f6")
GROUP = HexColor("#f5f6f9")

ACCENT, QUIET = "report-accent", "report-quiet"
"""Colours as the markup of paragraphs names them: a number would be taken apart at each use."""

NOTICE_COLOURS: dict[str, tuple[Color, Color | str]] = {
    "notice": (GROUP, MUTED),
    "warning": (HexColor("#fff6e0"), HexColor("#b36b00")),
    "privilege": (HexColor("#fdecea"), HexColor("#b3261e")),
    "answer": (HexColor("#eaf2fb"), ACCENT),
}
"""Kind of notice -> its ground and the bar at its left."""


def name_colours(accent: str | None) -> None:
    """Set the colour of links and lines for the document that is written next."""
    toColor.setExtraColorsNameSpace({ACCENT: HexColor(accent) if accent else LINK, QUIET: MUTED})


@cache
def register_fonts() -> None:
    """Make the fonts of `reports/fonts` known to reportlab, bold and italic as one family.

    So are the colours that markup names. Streams are left binary: spelling them out in ASCII
    would cost a fifth of the file.
    """
    rl_config.useA85 = 0
    name_colours(None)
    for face, name in FONT_NAMES.items():
        pdfmetrics.registerFont(TTFont(name, str(font_path(face))))
    regular, bold, italic = (FONT_NAMES[face] for face in ("regular", "bold", "italic"))
    pdfmetrics.registerFontFamily(
        regular, normal=regular, bold=bold, italic=italic, boldItalic=bold
    )


def _style(name: str, size: float, leading: float, **changes: object) -> ParagraphStyle:
    settings: dict[str, object] = {
        "fontName": FONT_NAMES["regular"],
        "fontSize": size,
        "leading": leading,
        "textColor": INK,
        "allowWidows": 0,
        "allowOrphans": 0,
        "splitLongWords": 1,
    }
    return ParagraphStyle(name, **(settings | changes))  # type: ignore[arg-type]


@cache
def paragraph_styles() -> dict[str, ParagraphStyle]:
    """Return every paragraph style by its name."""
    register_fonts()
    bold = FONT_NAMES["bold"]
    styles = [
        _style("body", 9.2, 12.6, spaceAfter=6),
        _style("entry", 9.2, 12.6, leftIndent=16, spaceAfter=1.5),
        _style("label", 9.2, 12.6, leftIndent=4),
        _style("lead", 10.4, 14.4, spaceAfter=8),
        _style("small", 7.8, 10.4, spaceAfter=6, textColor=MUTED),
        _style("title", 21, 25, fontName=bold, spaceAfter=3),
        _style("subtitle", 11, 15, spaceAfter=8, textColor=MUTED),
        _style("h1", 15, 19, fontName=bold, spaceBefore=16, spaceAfter=7),
        _style("h2", 11.2, 14.5, fontName=bold, spaceBefore=11, spaceAfter=5),
        _style("h3", 9.6, 12.6, fontName=bold, spaceBefore=8, spaceAfter=4),
        _style("caption", 8, 10.4, fontName=bold),
        _style("figure", 8, 10.4, spaceBefore=4, spaceAfter=10, textColor=MUTED),
        _style("head", 7.2, 9.2, fontName=bold),
        _style("head-right", 7.2, 9.2, fontName=bold, alignment=TA_RIGHT),
        _style("cell", 7.6, 9.8),
        _style("cell-right", 7.6, 9.8, alignment=TA_RIGHT),
        _style("figure-value", 15, 18, fontName=bold, textColor=ACCENT),
        _style("figure-label", 8.2, 10.4, fontName=bold),
        _style("notice-title", 9.2, 12, fontName=bold, spaceAfter=2),
        _style("notice", 9.2, 12.6),
        _style("contents-1", 9.2, 12.4),
        _style("contents-2", 8.4, 10.9, leftIndent=14, textColor=MUTED),
    ]
    return {style.name: style for style in styles}
