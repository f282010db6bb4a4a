"""Hand-kept CSV: what each column means is declared, never guessed (RFC 4180).

`columns` of `case.yaml` (or `--map`) names the column of each field. A column that bears a field's
own name needs no declaration; `time` must be among them. Cells of the columns left over are kept
under `columns`.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from attribution.errors import InputError
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.source import MAX_LINE, Source
from attribution.model.kinds import KINDS
from attribution.model.record import JsonValue

_FIELDS = ("time", "written", "actor", "kind", "subject", "text", "native_id")
_DELIMITERS = (",", ";", "\t", "|")
_BAD_BYTES = dict.fromkeys(range(0xDC80, 0xDD00))
_FACT = "data."


def _boolean(cell: str) -> JsonValue:
    words = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    return words.get(cell.lower(), cell)


def _listing(cell: str) -> JsonValue:
    return [part.strip() for part in cell.split(";") if part.strip()]


def _counting(cell: str) -> JsonValue:
    return int(cell) if cell.isascii() and cell.isdigit() and len(cell) < 16 else cell  # noqa: PLR2004 - 2^53


_TYPES: Mapping[str, Callable[[str], JsonValue]] = {
    **dict.fromkeys(
        ("read_only", "mfa", "is_error", "granted", "signed", "backdated", "bot", "bypassed",
         "required", "approved_by_person"),
        _boolean,
    ),
    **dict.fromkeys(
        ("resources", "components", "mentions", "parents", "files", "reverts", "commits"), _listing
    ),
    **dict.fromkeys(
        ("number", "additions", "deletions", "changed_files", "lines_added", "lines_removed"),
        _counting,
    ),
}  # fmt: skip
"""How a cell is read where the kinds table promises more than text; lists are split at `;`."""


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where in a row each field stands; fields of `data` as `data.KEY`."""

    header: list[str]
    position: Mapping[str, int]

    def cell(self, row: list[str], name: str) -> str:
        index = self.position.get(name)
        return "" if index is None else row[index].strip()

    def left_over(self, row: list[str]) -> dict[str, JsonValue]:
        taken = set(self.position.values())
        return {
            name: row[index].strip()
            for index, name in enumerate(self.header)
            if index not in taken and row[index].strip()
        }


def _read(source: Source, intake: Intake) -> None:
    rows = _walk_rows(source, intake)
    first = next(rows, None)
    if first is None:
        raise InputError("the file has no header line", file=source.file, expected="column names")
    layout = _lay_out(source, intake, [name.strip() for name in first[1]])
    for place, row in rows:
        if len(row) != len(layout.header):
            reason = f"{len(row)} cells where the header has {len(layout.header)} columns"
            intake.reject(place, reason)
        else:
            _add(intake, place, row, layout)


def _lay_out(source: Source, intake: Intake, header: list[str]) -> _Layout:
    """Return where each field stands; InputError when a column is missing or means nothing."""
    declared = intake.options.columns or {}
    wanted = {name: name for name in _FIELDS if name in header and name not in declared}
    wanted |= declared
    for field, column in wanted.items():
        if field not in _FIELDS and not (field.startswith(_FACT) and len(field) > len(_FACT)):
            raise _mapping_error(source, f"there is no field {field!r} to map a column to", header)
        if column not in header:
            raise _mapping_error(source, f"there is no column {column!r}", header)
    if "time" not in wanted:
        raise _mapping_error(source, "nothing says which column holds the time", header)
    return _Layout(header, {field: header.index(column) for field, column in wanted.items()})


def _mapping_error(source: Source, message: str, header: list[str]) -> InputError:
    return InputError(
        message,
        file=source.file,
        place="line 1",
        got=f"the columns {', '.join(header)}",
        expected=f"a column for each of: time; if there, {', '.join(_FIELDS[1:])}, data.KEY",
        remedy="declare `columns: {time: COLUMN, actor: COLUMN, text: COLUMN}` in case.yaml,"
        " or `--map time=COLUMN --map actor=COLUMN`",
    )


def _add(intake: Intake, place: str, row: list[str], layout: _Layout) -> None:
    kind = layout.cell(row, "kind") or "note"
    if kind not in KINDS:
        intake.reject(place, f"there is no kind {kind[:60]!r}; known are: {', '.join(KINDS)}")
        return
    rest = layout.left_over(row)
    data: dict[str, JsonValue] = {"columns": rest} if rest else {}
    for field in layout.position:
        key, cell = field.removeprefix(_FACT), layout.cell(row, field)
        if field.startswith(_FACT) and cell:
            data[key] = _TYPES[key](cell) if key in _TYPES else cell
    wording = layout.cell(row, "text") or "; ".join(
        f"{name}: {cell}" for name, cell in rest.items()
    )
    native = layout.cell(row, "native_id") or None
    intake.add(
        place,
        kind,
        time=layout.cell(row, "time"),
        written=layout.cell(row, "written"),
        text=wording,
        actor=layout.cell(row, "actor") or None,
        subject=layout.cell(row, "subject") or None,
        native_id=native,
        data=data,
        key=None if native else tuple(row),
    )


def _walk_rows(source: Source, intake: Intake) -> Iterator[tuple[str, list[str]]]:
    """Yield each row that is not blank with the line it begins on; broken rows are rejected."""
    lines = _decode_lines(source)
    delimiter = _tell_delimiter(source)
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        place = f"line {reader.line_num + 1}"
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            intake.reject(place, f"not a row of CSV: {error}")
            continue
        reason = _refuse(row)
        if reason is not None:
            intake.reject(place, reason)
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


def _tell_delimiter(source: Source) -> str:
    line = next((line for _, line in source.lines()), b"") or b""
    header = line.decode("utf-8", "replace")
    return max(_DELIMITERS, key=header.count)


def _sniff(source: Source) -> float:
    """Return how far the first lines look like rows of one width under a header of names."""
    delimiter = _tell_delimiter(source)
    head = source.head.decode("utf-8", "replace").splitlines()[:20]
    try:
        rows = [row for row in csv.reader(head, delimiter=delimiter) if row]
    except csv.Error:
        return 0.0
    if len(rows) < 2 or len(rows[0]) < 2 or not all(name.strip() for name in rows[0]):  # noqa: PLR2004 - a table
        return 0.0
    named = not any(cell[:1].isdigit() for cell in rows[0])
    even = sum(len(row) == len(rows[0]) for row in rows[1:]) / (len(rows) - 1)
    return 0.6 * even if named else 0.0


FORMAT = Format(
    id="csv",
    title="hand-kept CSV with declared columns",
    told_by="rows of one width under a header of names, separated by comma, semicolon, tab or bar",
    source="https://www.rfc-editor.org/rfc/rfc4180",
    kinds=frozenset({"text"}),
    sniff=_sniff,
    read=_read,
)
