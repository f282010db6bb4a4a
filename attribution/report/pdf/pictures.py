"""Pictures drawn as vectors on the page, with their links."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from reportlab.lib.colors import HexColor
from reportlab.platypus import Flowable

from attribution.report.layout.palette import Style, load_palette
from attribution.report.layout.picture import Group, Label, Path, Picture, Rectangle, Shape
from attribution.report.paging import fit
from attribution.report.pdf.glyphs import show_line
from attribution.report.pdf.styles import FONT_NAMES

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

    from attribution.report.pdf.canvas import TaggedCanvas
    from attribution.report.pdf.structure import Element


class PictureFlowable(Flowable):
    """A picture, scaled down to the width and height there are, never up.

    It is drawn as an element of the structure, its links as elements beside it.
    """

    def __init__(
        self,
        picture: Picture,
        room: tuple[float, float],
        anchors: frozenset[str],
        element: Element,
        links: Element,
    ) -> None:
        super().__init__()
        self.element, self.links = element, links
        self.picture = picture
        self.scale = fit(picture, *room)
        self.width = picture.width * self.scale
        self.height = picture.height * self.scale
        self.anchors = anchors

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Return the size the picture takes."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw every shape; y runs down in the picture and up on the page."""
        canvas = cast("TaggedCanvas", self.canv)
        box = (*canvas.absolutePosition(0, 0), *canvas.absolutePosition(self.width, self.height))
        told = " ".join(f"{number:.2f}" for number in box)
        self.element.attributes = f"/O/Layout/BBox[{told}]"
        with canvas.mark(self.element, self.links):
            canvas.saveState()
            canvas.translate(0, self.height)
            canvas.scale(self.scale, self.scale)
            for shape in self.picture.shapes:
                _draw(canvas, shape, self.anchors)
            canvas.restoreState()


def _draw(canvas: Canvas, shape: Shape, anchors: frozenset[str]) -> None:
    if isinstance(shape, Group):
        for part in shape.shapes:
            _draw(canvas, part, anchors)
        if shape.link in anchors:
            _link(canvas, shape)
        return
    style = load_palette()[shape.style]
    if isinstance(shape, Label):
        _draw_label(canvas, shape, style)
        return
    fill, stroke = _set_style(canvas, style)
    if isinstance(shape, Rectangle):
        if shape.radius:
            radius = min(shape.radius, shape.width / 2, shape.height / 2)
            x, y = shape.x, -shape.y - shape.height
            canvas.roundRect(x, y, shape.width, shape.height, radius, stroke, fill)
        else:
            canvas.rect(shape.x, -shape.y - shape.height, shape.width, shape.height, stroke, fill)
    else:
        _draw_path(canvas, shape, fill, stroke)


def _set_style(canvas: Canvas, style: Style) -> tuple[int, int]:
    if style.fill is not None:
        canvas.setFillColor(HexColor(style.fill))
    if style.line is not None:
        canvas.setStrokeColor(HexColor(style.line))
        canvas.setLineWidth(style.width)
        canvas.setDash(*((list(style.dash),) if style.dash else ()))
    return int(style.fill is not None), int(style.line is not None)


def _draw_path(canvas: Canvas, shape: Path, fill: int, stroke: int) -> None:
    path = canvas.beginPath()
    for name, *numbers in shape.commands:
        xs = [float(number) for number in numbers[0::2]]
        ys = [-float(number) for number in numbers[1::2]]
        if name == "M":
            path.moveTo(xs[0], ys[0])
        elif name == "L":
            path.lineTo(xs[0], ys[0])
        elif name == "C":
            path.curveTo(xs[0], ys[0], xs[1], ys[1], xs[2], ys[2])
        else:
            path.close()
    canvas.drawPath(path, stroke, fill)


def _draw_label(canvas: Canvas, label: Label, style: Style) -> None:
    face = "bold" if label.bold else "regular"
    canvas.setFillColor(HexColor(style.fill or "#000000"))
    canvas.setFont(FONT_NAMES[face], label.size)
    text = show_line(label.text, face)
    draw = {
        "start": canvas.drawString,
        "middle": canvas.drawCentredString,
        "end": canvas.drawRightString,
    }[label.anchor]
    draw(label.x, -label.y, text)


def _link(canvas: Canvas, group: Group) -> None:
    left, top, right, bottom = _box(group.shapes)
    canvas.linkRect(_read(group), group.link, (left, -bottom, right, -top), relative=1, thickness=0)


def _read(group: Group) -> str:
    """Return what is read for a link: its title, else the words in it."""
    words = " ".join(shape.text for shape in group.shapes if isinstance(shape, Label))
    return group.title or words or str(group.link)


def _box(shapes: tuple[Shape, ...]) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of the shapes that have an outline."""
    boxes = []
    for shape in shapes:
        if isinstance(shape, Rectangle):
            boxes.append((shape.x, shape.y, shape.x + shape.width, shape.y + shape.height))
        elif isinstance(shape, Path):
            numbers = [float(n) for command in shape.commands for n in command[1:]]
            xs, ys = numbers[0::2], numbers[1::2]
            boxes.append((min(xs), min(ys), max(xs), max(ys)))
        elif isinstance(shape, Label):
            boxes.append((shape.x, shape.y - shape.size, shape.x + 40, shape.y + 2))
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)
