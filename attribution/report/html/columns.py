"""How the columns of a table look, said once for the table and not again in each of its cells.

A page of thousands of rows is read by the browser cell by cell: what a cell does not carry is not
parsed.
"""

from __future__ import annotations

from collections.abc import Iterator

from attribution.report import blocks

_RIGHT = ("number", "share")
_RULES = {"r": "text-align:right", "t": "white-space:nowrap", "b": "font-weight:bold"}


class Columns:
    """Knows which columns of the page's tables are set how, and writes the rules they need."""

    def __init__(self) -> None:
        self._used: set[tuple[int, str]] = set()

    def classes(self, table: blocks.Table) -> str:
        """Return the attribute of the table, empty where no column is set apart."""
        found = list(_find_styles(table))
        self._used.update(found)
        names = " ".join(f"{style}{number}" for number, style in found)
        return f' class="{names}"' if names else ""

    def write_css(self) -> str:
        """Return a rule for each column and look that a table of the page has.

        On paper, where columns are narrow, no number is broken.
        """
        rules = "".join(
            f".{style}{number}>*>tr:not(.group)>:nth-child({number}){{{_RULES[style]}}}"
            for number, style in sorted(self._used)
        )
        whole = "".join(
            f".r{number}>tbody>tr:not(.group)>:nth-child({number}){{white-space:nowrap}}"
            for number, style in sorted(self._used)
            if style == "r"
        )
        return f"{rules}@media print{{{whole}}}" if whole else rules


def is_bold(table: blocks.Table, index: int) -> bool:
    """Return whether every row has nothing in this column but one run of strong text."""
    cells = [row.cells[index] for row in table.rows if row.style != "group"]
    return bool(cells) and all(
        len(runs) == 1 and isinstance(runs[0], blocks.Text) and runs[0].style == "strong"
        for runs in cells
    )


def _find_styles(table: blocks.Table) -> Iterator[tuple[int, str]]:
    for index, column in enumerate(table.columns):
        if column.kind in _RIGHT:
            yield index + 1, "r"
        if column.kind == "time":
            yield index + 1, "t"
        if is_bold(table, index):
            yield index + 1, "b"
