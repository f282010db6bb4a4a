"""How wide the columns of a table are: as their weights say, but none wider than what is in it."""

from __future__ import annotations

import math

from attribution.report import blocks
from attribution.report.layout.metrics import load_metrics
from attribution.report.pdf.glyphs import measure
from attribution.report.pdf.lines import find_face
from attribution.report.pdf.styles import paragraph_styles

_SHORT = 64
"""Characters of a text that can be one line; a column with a longer one takes what is left."""

_LEAST, _MOST = 0.7, 1.8
"""A column of long texts takes between so many times its share, and has room for its words."""

_WORD = 1.5
"""How far room for the longest word widens a column, in times its share; longer ones are broken."""


def share_width(table: blocks.Table, width: float, aside: float) -> list[float]:
    """Return the widths of the columns in points, together `width`; `aside` is beside each cell.

    Columns of short texts are as wide as those, where that takes no room from the others; these
    share what is left by how much text they have, near what their weights say. Where no column has
    long texts, what is left goes to all by weight.
    """
    total = sum(column.weight for column in table.columns)
    shares = [width * column.weight / total for column in table.columns]
    wanted = [_want(table, number) for number in range(len(shares))]
    loose = [number for number, want in enumerate(wanted) if want is None]
    changes = {
        number: want + 2 * aside - shares[number]
        for number, want in enumerate(wanted)
        if want is not None
    }
    spared = -sum(change for change in changes.values() if change < 0)
    asked = sum(change for change in changes.values() if change > 0)
    granted = min(1.0, spared / asked) if asked else 0.0
    over = 0.0 if loose else max(0.0, spared - asked) / width
    widths = [share * (1 + over) for share in shares]
    for number, change in changes.items():
        widths[number] += change * granted if change > 0 else change
    left = width - sum(widths[number] for number in changes)
    for number, value in _share_by_text(table, loose, shares, aside).items():
        widths[number] = value * left
    return widths


def _share_by_text(
    table: blocks.Table, loose: list[int], shares: list[float], aside: float
) -> dict[int, float]:
    """Return for each column of long texts its part of the room of them all."""
    amounts = {number: _weigh_texts(table, number) for number in loose}
    whole, held = sum(amounts.values()), sum(shares[number] for number in loose)
    parts = {}
    for number in loose:
        even = shares[number] / held
        word = (_find_longest_word(table, number) + 2 * aside) / held
        least = max(_LEAST * even, min(word, _WORD * even))
        parts[number] = max(least, min(amounts[number] / whole, _MOST * even))
    together = sum(parts.values())
    return {number: part / together for number, part in parts.items()}


def _weigh_texts(table: blocks.Table, number: int) -> float:
    """Return how much text a column has; long texts, which make their rows high, count for more."""
    rows = (row for row in table.rows if row.style != "group")
    return math.sqrt(sum(sum(len(run.text) for run in row.cells[number]) ** 2 for row in rows))


def _find_longest_word(table: blocks.Table, number: int) -> float:
    style = paragraph_styles()["cell"]
    longest = 0.0
    for row in table.rows:
        for run in row.cells[number] if row.style != "group" else ():
            face, size = find_face(run.style, style)
            words = (measure(word, face) * size for word in run.text.split())
            longest = max(longest, *words, 0.0)
    return longest


def _want(table: blocks.Table, number: int) -> float | None:
    """Return the width in which each line of a column stays whole; none if one is a long text."""
    style = paragraph_styles()["cell"]
    widest = _measure_title(table.columns[number].title, paragraph_styles()["head"].fontSize)
    for row in table.rows:
        if row.style == "group":
            continue
        cell = row.cells[number]
        if any(len(line) > _SHORT for line in blocks.plain(cell).split("\n")):
            return None
        widths = [0.0]
        for run in cell:
            face, size = find_face(run.style, style)
            for place, text in enumerate(run.text.split("\n")):
                if place:
                    widths.append(0.0)
                widths[-1] += measure(text, face) * size
        widest = max(widest, *widths)
    return widest + 1.0


def _measure_title(title: str, size: float) -> float:
    """Return the width in which a title stands on two lines, no word of it broken."""
    measured = [load_metrics("bold").width(word, size) for word in title.split()]
    return max(*measured, 0.6 * load_metrics("bold").width(title, size), 0.0)
