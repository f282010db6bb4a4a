"""The waterfall of a sum: each part begins where the one before it ends, the sum stands last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from attribution.report.layout.charts import WIDTH
from attribution.report.layout.metrics import wrap_lines
from attribution.report.layout.picture import Group, Label, Picture, Rectangle, Shape, line

_SIZE = 7.4
_LABELS = 150.0
_VALUES = 116.0
_ROW = 15.0
_BAR = 8.0
_TOP = 4.0
_MOST_TICKS = 5


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the sum, or the sum: its words, its range, how that is written; none below 0."""

    words: str
    low: Decimal
    likely: Decimal
    high: Decimal
    shown: str


def draw_waterfall(parts: Sequence[Part], total: Part) -> Picture:
    """Return the parts one after another by their likely amounts, and their total from 0.

    The whisker of a part is its own range, from where the part begins.
    """
    begins = [sum((part.likely for part in parts[:at]), Decimal(0)) for at in range(len(parts))]
    rows = [*zip(parts, begins, strict=True), (total, Decimal(0))]
    most = max(begin + part.high for part, begin in rows) or Decimal(1)
    bottom = _TOP + _ROW * len(rows)
    shapes = _draw_axis(most, bottom)
    for at, (part, begin) in enumerate(rows):
        y = _TOP + _ROW * (at + 0.5)
        shapes.append(_draw_part(part, begin, most, y, is_total=part is total))
        if part is not total:
            end = _x(begin + part.likely, most)
            foot = y + _ROW / 2 + (_ROW - _BAR) / 2
            shapes.append(line(end, y + _BAR / 2, end, foot, "axis"))
    return Picture(WIDTH, bottom + 16, tuple(shapes))


def _x(amount: Decimal, most: Decimal) -> float:
    return _LABELS + (WIDTH - _LABELS - _VALUES) * float(amount / most)


def _draw_axis(most: Decimal, bottom: float) -> list[Shape]:
    shapes: list[Shape] = []
    step = _choose_step(most)
    amount = Decimal(0)
    while amount <= most:
        x = _x(amount, most)
        shapes.append(line(x, _TOP, x, bottom, "grid"))
        shown = f"{amount:,f}".replace(",", "\u00a0")
        shapes.append(Label(x, bottom + 10, shown, 6.4, "muted", "middle"))
        amount += step
    shapes.append(line(_x(Decimal(0), most), bottom, _x(most, most), bottom, "axis"))
    return shapes


def _choose_step(most: Decimal) -> Decimal:
    """Return the least of 1, 2 and 5 times a power of ten with few enough ticks up to `most`."""
    power = Decimal(1).scaleb(most.adjusted() - 1)
    steps = (power * factor for factor in (1, 2, 5, 10, 20, 50))
    return next(step for step in steps if most / step <= _MOST_TICKS)


def _draw_part(part: Part, begin: Decimal, most: Decimal, y: float, *, is_total: bool) -> Group:
    first, last = _x(begin, most), _x(begin + part.likely, most)
    low, high = _x(begin + part.low, most), _x(begin + part.high, most)
    words = wrap_lines(part.words, _SIZE, _LABELS - 14, 1)
    style = "sum-total" if is_total else "sum-part"
    return Group(
        (
            Label(8, y + 2.6, words[0] if words else "", _SIZE, bold=is_total),
            Rectangle(first, y - _BAR / 2, last - first, _BAR, style),
            line(low, y, high, y, "axis"),
            line(low, y - 2.5, low, y + 2.5, "axis"),
            line(high, y - 2.5, high, y + 2.5, "axis"),
            Label(WIDTH - 2, y + 2.6, part.shown, 6.8, "label", "end", bold=is_total),
        ),
        title=f"{part.words}: {part.shown}",
    )
