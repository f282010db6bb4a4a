"""Paragraphs: lines of text on a page, as elements of the structure, links with their words."""

from __future__ import annotations

from copy import copy
from itertools import groupby
from typing import TYPE_CHECKING, Self, TypeVar, cast

from reportlab.platypus import Flowable

from attribution.report.blocks import Inlines
from attribution.report.pdf.lines import Line, Piece, break_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportlab.lib.styles import ParagraphStyle

    from attribution.report.blocks import Link
    from attribution.report.pdf.canvas import TaggedCanvas
    from attribution.report.pdf.structure import Element

_Part = TypeVar("_Part", bound=Flowable)

_TOGETHER = 2
"""Lines of a paragraph that stand together at the foot and at the head of a page."""

_DESCENT = 0.25
"""How far the ground of a link reaches below its line, in sizes of the text."""


def copy_part(flowable: _Part) -> _Part:
    """Return a copy that has not been put off to a next page, as reportlab notes of the whole."""
    made = copy(flowable)
    vars(made).pop("_postponed", None)
    return made


class MarkedParagraph(Flowable):
    """A paragraph that is drawn as an element of the structure, on each page it comes to.

    Each link in it is an element inside that one, with its words and the place to press in it.
    `anchor` is what links to the paragraph lead to.
    """

    def __init__(
        self,
        runs: Inlines,
        style: ParagraphStyle,
        anchors: frozenset[str],
        *,
        anchor: str | None = None,
        element: Element | None = None,
    ) -> None:
        super().__init__()
        self.runs, self.style, self.anchors = runs, style, anchors
        self.anchor, self.element = anchor, element
        self.lines: tuple[Line, ...] = ()
        self._broken_at: float | None = None
        self._link_elements: dict[int, Element] = {}

    def wrap(self, width: float, _height: float = 0.0) -> tuple[float, float]:
        """Return its size at this width."""
        if self._broken_at != width:
            self.lines = break_lines(self.runs, self.style, width, self.anchors)
            self._broken_at = width
        self.width, self.height = width, len(self.lines) * self.style.leading
        return self.width, self.height

    def split(self, width: float, height: float) -> list[Flowable]:
        """Return its parts on two pages, with no line alone on either; none if it cannot be."""
        self.wrap(width)
        count = min(int(height / self.style.leading), len(self.lines) - _TOGETHER)
        return [] if count < _TOGETHER else list(self.part(count))

    def part(self, count: int) -> tuple[Self, Self]:
        """Return its first `count` lines and the others, both of the same elements.

        Links lead to the first.
        """
        first, second = copy_part(self), copy_part(self)
        first.lines, second.lines = self.lines[:count], self.lines[count:]
        second.anchor = None
        for piece in (first, second):
            piece.height = len(piece.lines) * self.style.leading
        return first, second

    def draw(self) -> None:
        """Draw it at the place where the canvas is."""
        self.paint(cast("TaggedCanvas", self.canv), 0.0, self.height)

    def paint(self, canvas: TaggedCanvas, left: float, top: float) -> None:
        """Draw it with its upper left corner at this place."""
        if self.anchor:
            canvas.bookmarkHorizontal(self.anchor, left, top)
        element = self.element
        if element is not None and element.once and element.drawn:
            element = None
        placed = self._place(left, top)
        for link, group in groupby(placed, key=lambda one: one[0].link):
            pieces = list(group)
            if element is None or link is None:
                canvas.show(element, pieces)
                continue
            if link not in self._link_elements:
                self._link_elements[link] = element.add("Link")
            canvas.show(self._link_elements[link], pieces)
            self._add_places(canvas, link, pieces)

    def _place(self, left: float, top: float) -> Iterator[tuple[Piece, float, float]]:
        """Yield each piece with where it begins on its base line."""
        leading, size = self.style.leading, self.style.fontSize
        for number, line in enumerate(self.lines):
            x, y = left + line.start, top - number * leading - size
            for piece in line.pieces:
                yield piece, x, y
                if len(line.pieces) > 1:
                    x += piece.width

    def _add_places(
        self, canvas: TaggedCanvas, link: int, pieces: list[tuple[Piece, float, float]]
    ) -> None:
        """Make each line of a link a place to press."""
        run, element = cast("Link", self.runs[link]), self._link_elements[link]
        size = self.style.fontSize
        for y, group in groupby(pieces, key=lambda one: one[2]):
            line = list(group)
            last, x, _ = line[-1]
            right = x + last._replace(text=last.text.rstrip()).width
            box = (line[0][1], y - _DESCENT * size, right, y + size)
            canvas.add_link(run.target, run.text or run.target, box, element)
