"""Tables: each row is measured once, and a page takes as many rows as fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self, cast

from reportlab.platypus import Flowable

from attribution.report.pdf.paragraph import MarkedParagraph, copy_part
from attribution.report.pdf.styles import GROUP, HEAD, MUTED, RULE

if TYPE_CHECKING:
    from attribution.report.pdf.canvas import TaggedCanvas

ASIDE, _ABOVE, _BELOW = 3.2, 2.4, 3.4
"""Room in points beside, above and below the words of a cell."""

_ABOVE_CAPTION = 6.0
_SHADED = frozenset({"total", "gap", "group"})
_TALL = 0.4
"""A row taller than this part of a page is broken inside where the page ends."""

_FEWEST_LINES = 3
"""Lines that stand on either side of such a break."""

_THICK, _THIN = 0.8, 0.4


@dataclass(frozen=True, slots=True)
class TableRow:
    """The cells of a row, one of which can reach over all columns; its style is that of a block."""

    cells: tuple[MarkedParagraph, ...]
    style: str = "body"
    over_all: bool = False


@dataclass(frozen=True, slots=True)
class _Measured:
    """A row with its height."""

    row: TableRow
    height: float


class RowTable(Flowable):
    """A table with a caption and heads that come again on each page.

    It breaks between rows: not after a single one, before a single last one, between the head of a
    group and its first row, or before totals. `page_height` is the room of a whole page.
    """

    def __init__(
        self,
        caption: MarkedParagraph,
        heads: TableRow,
        rows: Sequence[TableRow],
        widths: Sequence[float],
        page_height: float,
    ) -> None:
        super().__init__()
        self.widths, self.width, self._page = tuple(widths), sum(widths), page_height
        self._caption = caption
        self._caption_height = caption.wrap(self.width)[1] + _ABOVE_CAPTION + _BELOW
        self._heads = self._measure(heads)
        self._rows = tuple(self._measure(row) for row in rows)

    @property
    def least(self) -> float:
        """Return the height of the least that stands at the foot of a page."""
        whole = self._fixed + sum(row.height for row in self._rows)
        count = 2 + (bool(self._rows) and self._rows[0].row.style == "group")
        least = self._fixed + sum(row.height for row in self._rows[:count])
        return min(whole, least, self._fixed + _TALL * self._page)

    @property
    def _fixed(self) -> float:
        return self._caption_height + self._heads.height

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Return the size of the whole."""
        self.height = self._fixed + sum(row.height for row in self._rows)
        return self.width, self.height

    def split(self, _width: float, height: float) -> list[Flowable]:
        """Return what this page takes and what is left; none if it had better begin on the next."""
        count, left = self._count_fitting(height - self._fixed)
        if count == len(self._rows):
            return [self]
        following = self._rows[count]
        broken = None
        if following.height > min(_TALL * self._page, self._page - self._fixed):
            broken = self._break(following, left)
        if broken is not None:
            upper, lower = broken
            rest = (lower, *self._rows[count + 1 :])
            return [self._with((*self._rows[:count], upper)), self._with(rest)]
        count = self._retreat(count)
        if not count and height >= self._page - 1:
            count = 1
        if not count:
            return []
        return [self._with(self._rows[:count]), self._with(self._rows[count:])]

    def draw(self) -> None:
        """Draw grounds and rules, then the words."""
        canvas = cast("TaggedCanvas", self.canv)
        top = self.height - self._caption_height
        placed = list(self._place(top))
        bottom = top - self._heads.height
        canvas.draw_ground(0, bottom, self.width, self._heads.height, HEAD)
        canvas.draw_rule(0, top, self.width, _THICK, MUTED)
        for measured, row_top in placed[1:]:
            low = row_top - measured.height
            if measured.row.style in _SHADED:
                canvas.draw_ground(0, low, self.width, measured.height, GROUP)
            canvas.draw_rule(0, low, self.width, _THIN, RULE)
        canvas.draw_rule(0, bottom, self.width, _THICK, MUTED)
        for measured, row_top in placed[1:]:
            if measured.row.style == "total":
                canvas.draw_rule(0, row_top, self.width, _THICK, MUTED)
        self._caption.paint(canvas, 0, self.height - _ABOVE_CAPTION)
        for measured, row_top in placed:
            left = 0.0
            for cell, width in zip(measured.row.cells, self.widths, strict=False):
                cell.paint(canvas, left + ASIDE, row_top - _ABOVE)
                left += width

    def _place(self, top: float) -> Iterator[tuple[_Measured, float]]:
        """Yield the heads and each row with its upper edge."""
        for measured in (self._heads, *self._rows):
            yield measured, top
            top -= measured.height

    def _measure(self, row: TableRow) -> _Measured:
        widths = (self.width,) if row.over_all else self.widths
        pairs = zip(row.cells, widths, strict=True)
        tallest = max(cell.wrap(width - 2 * ASIDE)[1] for cell, width in pairs)
        return _Measured(row, tallest + _ABOVE + _BELOW)

    def _count_fitting(self, room: float) -> tuple[int, float]:
        """Return how many rows fit, and the room that is left below them."""
        for count, row in enumerate(self._rows):
            if row.height > room:
                return count, room
            room -= row.height
        return len(self._rows), room

    def _retreat(self, count: int) -> int:
        """Return how many rows of those that fit the page had better take."""
        if len(self._rows) - count == 1 and count > 2:  # noqa: PLR2004 - two stay, two go on
            count -= 1
        while count > 2 and self._rows[count].row.style == "total":  # noqa: PLR2004 - as above
            count -= 1
        while count and self._rows[count - 1].row.style == "group":
            count -= 1
        tall = count and self._rows[0].height > _TALL * self._page / 2
        return count if count > 1 or tall else 0

    def _break(self, measured: _Measured, room: float) -> tuple[_Measured, _Measured] | None:
        """Return the two parts of a row; none if too little of it would be on this page."""
        parts = []
        for cell in measured.row.cells:
            count = int((room - _ABOVE - _BELOW) / cell.style.leading)
            if count < _FEWEST_LINES:
                return None
            if len(cell.lines) - count == 1:
                count -= 1
            parts.append(cell.part(count))
        upper, lower = (tuple(pair[side] for pair in parts) for side in (0, 1))
        return self._part(measured, upper), self._part(measured, lower)

    def _part(self, measured: _Measured, cells: tuple[MarkedParagraph, ...]) -> _Measured:
        tallest = max(len(cell.lines) * cell.style.leading for cell in cells)
        row = replace(measured.row, cells=cells)
        return _Measured(row, tallest + _ABOVE + _BELOW)

    def _with(self, rows: tuple[_Measured, ...]) -> Self:
        made = copy_part(self)
        vars(made)["_rows"] = rows
        return made
