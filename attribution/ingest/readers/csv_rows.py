"""Rows of files with separated values, each with its place or the reason why it cannot be read."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from attribution.errors import InputError
from attribution.ingest.source import MAX_LINE, Source

_DELIMITERS = (",", ";", "\t", "|")
_BAD_BYTES = dict.fromkeys(range(0xDC80, 0xDD00))

Row = tuple[str, list[str] | str]
"""The place of a row, and its cells or the reason why it cannot be read."""


def read_header(rows: Iterator[Row], source: Source) -> list[str]:
    """Return the names in the first row.

    Raises InputError where there is none, or it cannot be read: the row below it names no columns.
    """
    place, row = next(rows, (None, "no row"))
    if isinstance(row, str):
        raise InputError(
            "the file has no header line that can be read",
            file=source.file,
            place=place,
            got=row,
            expected="column names, in UTF-8",
            remedy="save the table as CSV (UTF-8), or take out what is no text",
        )
    return [name.strip() for name in row]


def walk_rows(source: Source) -> Iterator[Row]:
    """Yield each row that is not blank with the line it begins on."""
    lines = _decode_lines(source)
    delimiter = tell_delimiter(source)
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        place = f"line {reader.line_num + 1}"
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield place, f"not a row of CSV: {error}"
            continue
        reason = _refuse(row)
        if reason is not None:
            yield place, reason
        elif any(cell.strip() for cell in row):
            yield place, row


def _decode_lines(source: Source) -> Iterator[str]:
    for _, line in source.lines():
        # A line too long becomes one cell that the row check refuses.
        yield "\x00\n" if line is None else line.decode("utf-8", "surrogateescape")


def _refuse(row: list[str]) -> str | None:
    for cell in row:
        if cell == "\x00":
            return f"the line is longer than {MAX_LINE >> 20} MiB, or holds a NUL"
        if "\x00" in cell:
            return "a cell holds a NUL"
        bad = next((char for char in cell if ord(char) in _BAD_BYTES), None)
        if bad is not None:
            return f"not UTF-8: byte 0x{ord(bad) - 0xDC00:02x} in {cell[:40]!a}"
    return None


def tell_delimiter(source: Source) -> str:
    """Return the separator the first line has most of: comma, semicolon, tab or bar."""
    line = next((line for _, line in source.lines()), b"") or b""
    header = line.decode("utf-8", "replace")
    return max(_DELIMITERS, key=header.count)
