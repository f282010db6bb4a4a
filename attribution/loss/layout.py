"""How the sheets of the workbook look: formats by unit, headers, names, and text made safe."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_LONGEST_TEXT: Final = 32_000
"""Characters of a cell; the format holds 32 767."""

_USUAL_WIDTH: Final = 8
_LINE_HEIGHT: Final = 13.5
_MOST_LINES: Final = 30
"""A row can be 409 points high."""

_NUMBER_COLUMNS = frozenset({"Low", "Likely", "High", "Weight", "Below", "Above"})
_NUMBER_FORMATS = {
    "money": "#,##0.00",
    "money/h": "#,##0.00",
    "percent": "0.00####",
    "hours": "#,##0.00####",
    "minutes": "#,##0.00####",
    "part": "0.00######",
}
_ENTERED = {"font_color": "#0000FF", "bg_color": "#FFF9E5", "border": 1, "border_color": "#BFBFBF"}
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def plain_text(text: str) -> str:
    """Return a text with characters that do not show, or turn others round, spelt out."""
    shown = "".join(
        f"<U+{ord(sign):04X}>" if sign != "\n" and unicodedata.category(sign) in _HIDDEN else sign
        for sign in text
    )
    return shown if len(shown) <= _LONGEST_TEXT else f"{shown[:_LONGEST_TEXT]}... (cut)"


class Styles:
    """The formats of cells."""

    def __init__(self, book: Workbook) -> None:
        def add(**properties: object) -> Format:
            look = {"font_name": "Arial", "font_size": 10, "valign": "top", **properties}
            return book.add_format(look)

        self.text = add(text_wrap=True, align="left", indent=1)
        self.line = add()
        self.strong = add(bold=True)
        self.title = add(bold=True, font_size=14)
        header = {"bold": True, "text_wrap": True, "bg_color": "#E7E6E6", "bottom": 1}
        self.header = add(**header, align="left", indent=1)
        self.group = add(bold=True, top=4, top_color="#7F7F7F")
        self.warning = add(bold=True, font_color="#C00000", align="left", indent=1)
        self.number_header = add(**header, align="right")
        self.total_text = add(bold=True, top=1, align="left", indent=1)
        self.total = add(bold=True, top=1, num_format=_NUMBER_FORMATS["money"])
        self.count = add(num_format="0")
        self._entered = {
            unit: add(num_format=form, **_ENTERED) for unit, form in _NUMBER_FORMATS.items()
        }
        self._computed = {unit: add(num_format=form) for unit, form in _NUMBER_FORMATS.items()}

    def entered(self, unit: str) -> Format:
        """Return the look of an input: blue, to be changed."""
        return self._entered[unit]

    def computed(self, unit: str) -> Format:
        """Return the look of a formula."""
        return self._computed[unit]


@dataclass(slots=True)
class Layout:
    """The workbook while it is written."""

    book: Workbook
    styles: Styles
    _widths: dict[tuple[str, int], int] = field(default_factory=dict)
    _lines: dict[tuple[str, int], int] = field(default_factory=dict)

    def add(self, name: str) -> Worksheet:
        """Return a new sheet, set up to print a page wide."""
        sheet = self.book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.hide_gridlines(2)
        sheet.set_footer("&L&A&RPage &P of &N")
        return sheet

    def sheet(self, name: str) -> Worksheet:
        """Return a sheet that was added before."""
        return self.book.get_worksheet_by_name(name)

    def title(self, sheet: Worksheet, text: str) -> None:
        """Write the heading of a sheet."""
        sheet.write_string(0, 0, plain_text(text), self.styles.title)

    def header(
        self, sheet: Worksheet, row: int, columns: Sequence[tuple[str, int]], *, frozen: int = 1
    ) -> None:
        """Write the header of a table and set the widths of its columns.

        It stays in sight, with the `frozen` first columns, and is on every page.
        """
        sheet.freeze_panes(row + 1, frozen)
        sheet.repeat_rows(0, row)
        for at, (title, width) in enumerate(columns):
            self.width(sheet, at, width)
            number = title.partition(" ")[0] in _NUMBER_COLUMNS
            style = self.styles.number_header if number else self.styles.header
            sheet.write_string(row, at, title, style)

    def group(self, sheet: Worksheet, row: int, title: str, columns: int) -> None:
        """Write the heading of the rows that follow."""
        for at in range(1, columns):
            sheet.write_blank(row, at, None, self.styles.group)
        sheet.write_string(row, 0, title, self.styles.group)

    def width(self, sheet: Worksheet, column: int, characters: int) -> None:
        """Set the width of a column."""
        sheet.set_column(column, column, characters)
        self._widths[sheet.get_name(), column] = characters

    def text(
        self, sheet: Worksheet, row: int, column: int, text: str, *, wrap: bool = True
    ) -> None:
        """Write text, as text whatever it begins with."""
        if not text:
            return
        shown = plain_text(text)
        sheet.write_string(row, column, shown, self.styles.text if wrap else self.styles.line)
        if wrap:
            self._heighten(sheet, row, column, shown)

    def _heighten(self, sheet: Worksheet, row: int, column: int, text: str) -> None:
        """Make a row high enough for a text that wraps: not every program does so by itself."""
        room = self._widths.get((sheet.get_name(), column), _USUAL_WIDTH)
        lines = sum(max(1, len(textwrap.wrap(line, room))) for line in text.split("\n"))
        place = sheet.get_name(), row
        if lines > self._lines.get(place, 1):
            self._lines[place] = lines
            sheet.set_row(row, _LINE_HEIGHT * min(lines, _MOST_LINES))

    def name(self, name: str, sheet: str, row: int, column: int) -> None:
        """Give a cell its name."""
        from xlsxwriter.utility import quote_sheetname, xl_rowcol_to_cell

        cell = xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)
        self.book.define_name(name, f"={quote_sheetname(sheet)}!{cell}")
