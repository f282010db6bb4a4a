"""Pictures as SVG: in the page with the page's styles, or alone with its own."""

from __future__ import annotations

from html import escape

from attribution.report.layout.metrics import text_width
from attribution.report.layout.palette import Style, load_palette
from attribution.report.layout.picture import Group, Label, Path, Picture, Rectangle, Shape

FONT = "Arial, Arimo, 'Liberation Sans', Helvetica, sans-serif"
"""Fonts with the widths the pictures are measured in come first."""

_PIXELS = 4 / 3
"""CSS pixels in a point."""

_WIDE = 780.0
"""A picture wider than this (points) fills the page, and is scrolled where that is too narrow."""


def write_svg(picture: Picture, key: str, title: str, description: str) -> str:
    """Return an `svg` element; `key` makes its ids unique in the page.

    Title and description are what a screen reader says of the picture.
    """
    width, height = _number(picture.width), _number(picture.height)
    kind = ' class="wide"' if picture.width > _WIDE else ""
    # What is inside an image is not reached by a screen reader, so that one with links is a group.
    role = "group" if _has_links(picture.shapes) else "img"
    head = (
        f'<svg{kind} xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{_number(picture.width * _PIXELS)}" '
        f'height="{_number(picture.height * _PIXELS)}" role="{role}" '
        f'aria-labelledby="{key}-title {key}-description">'
        f'<title id="{key}-title">{escape(title)}</title>'
        f'<desc id="{key}-description">{escape(description)}</desc>'
    )
    return head + "".join(_write(shape) for shape in picture.shapes) + "</svg>"


def write_svg_file(picture: Picture, title: str, description: str) -> str:
    """Return a whole SVG document with its styles, on the ground of the reader's light or dark."""
    svg = write_svg(picture, "picture", title, description)
    ground = (
        f'<rect class="ground" width="{_number(picture.width)}" '
        f'height="{_number(picture.height)}"/>'
    )
    style = (
        f"<style>text{{font-family:{FONT}}}.ground{{fill:#fff}}{picture_css()}"
        "@media (prefers-color-scheme:dark){.ground{fill:#12151c}"
        f"{picture_css(dark=True)}}}</style>"
    )
    at = svg.index("</desc>") + len("</desc>")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{svg[:at]}{style}{ground}{svg[at:]}\n'


def _has_links(shapes: tuple[Shape, ...]) -> bool:
    return any(
        isinstance(shape, Group) and (shape.link is not None or _has_links(shape.shapes))
        for shape in shapes
    )


def picture_css(*, dark: bool = False) -> str:
    """Return the rules of every style of the palette."""
    rules = []
    for name, style in sorted(load_palette().items()):
        fill = style.dark_fill if dark else style.fill
        rules.append(f".s-{name}{{{_declarations(style, dark=dark)}}}")
        rules.append(f".t-{name}{{fill:{fill or 'none'}}}")
    return "".join(rules)


def _declarations(style: Style, *, dark: bool) -> str:
    fill, stroke = (style.dark_fill, style.dark_line) if dark else (style.fill, style.line)
    parts = [f"fill:{fill or 'none'}", f"stroke:{stroke or 'none'}"]
    if not dark and style.width:
        parts.append(f"stroke-width:{_number(style.width)}")
    if not dark and style.dash:
        parts.append(f"stroke-dasharray:{' '.join(map(_number, style.dash))}")
    return ";".join(parts)


def _write(shape: Shape) -> str:
    if isinstance(shape, Group):
        return _write_group(shape)
    if isinstance(shape, Path):
        data = "".join(
            str(command[0]) + " ".join(_number(float(number)) for number in command[1:])
            for command in shape.commands
        )
        return f'<path class="s-{shape.style}" d="{data}"/>'
    if isinstance(shape, Rectangle):
        radius = f' rx="{_number(shape.radius)}"' if shape.radius else ""
        return (
            f'<rect class="s-{shape.style}" x="{_number(shape.x)}" y="{_number(shape.y)}" '
            f'width="{_number(shape.width)}" height="{_number(shape.height)}"{radius}/>'
        )
    return _write_label(shape)


def _write_group(group: Group) -> str:
    inner = "".join(_write(shape) for shape in group.shapes)
    title = f"<title>{escape(group.title)}</title>" if group.title else ""
    if group.link is None:
        return f"<g>{title}{inner}</g>"
    return f'<a href="#{escape(group.link)}">{title}{inner}</a>'


def _write_label(label: Label) -> str:
    anchor = "" if label.anchor == "start" else f' text-anchor="{label.anchor}"'
    weight = ' font-weight="bold"' if label.bold else ""
    # Boxes are drawn to the width of the fonts of the reports: where the reader has others, they
    # are set as wide.
    width = text_width(label.text, label.size, "bold" if label.bold else "regular")
    length = f' textLength="{_number(width)}" lengthAdjust="spacingAndGlyphs"' if width else ""
    return (
        f'<text class="t-{label.style}" x="{_number(label.x)}" y="{_number(label.y)}" '
        f'font-size="{_number(label.size)}"{anchor}{weight}{length}>{escape(label.text)}</text>'
    )


def _number(value: float) -> str:
    """Return the number with at most two decimals: a hundredth of a point is below any eye."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
