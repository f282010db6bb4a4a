"""Amounts of money as documents write them."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from attribution.model.loss import Range
from attribution.report.blocks import Inlines, Text

NBSP = "\u00a0"
_GROUPED = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")


def money(amount: Decimal) -> str:
    """Return `52 019.29` with spaces that do not break; whole amounts keep their two decimals."""
    return f"{amount:,.2f}".replace(",", NBSP)


def whole_money(amount: Decimal) -> str:
    """Return `52 019`, to the nearest whole unit, for a figure that is read at a glance."""
    return f"{amount.quantize(Decimal(1), ROUND_HALF_UP):,}".replace(",", NBSP)


def regroup(sentence: str) -> str:
    """Return a sentence with the amounts in it grouped as documents group them."""
    return _GROUPED.sub(NBSP, sentence)


def money_range(amount: Range, currency: str) -> str:
    """Return `USD 150 000.00 (97 000.00 to 241 000.00)`, without a range where there is none."""
    said = f"{currency}{NBSP}{money(amount.likely)}"
    if amount.low == amount.high:
        return said
    return f"{said} ({money(amount.low)} to {money(amount.high)})"


def money_cell(amount: Range) -> Inlines:
    """Return the likely amount, and under it the range, for a cell of a table."""
    likely = Text(money(amount.likely), "strong")
    if amount.low == amount.high:
        return (likely,)
    return (likely, Text(f"\n{money(amount.low)} to {money(amount.high)}", "small"))
