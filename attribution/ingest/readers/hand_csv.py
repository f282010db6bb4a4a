"""Hand-kept CSV: what each column means is declared, never guessed (RFC 4180).

`columns` of `case.yaml` (or `--map`) names the column of each field. A column that bears a field's
own name needs no declaration; `time` must be among them. Cells of the columns left over are kept
under `columns`.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import chain, islice

from attribution.errors import InputError
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.readers.csv_columns import FACT, require_declared
from attribution.ingest.readers.csv_rows import read_header, tell_delimiter, walk_rows
from attribution.ingest.source import Source
from attribution.model.kinds import KINDS
from attribution.model.record import JsonValue

_HEADER_ALONE = 0.5  # taken as a header, to be told that it has no rows
_LOOKED_AT = 200  # rows from which it is told what still has to be said


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
         "required", "approved_by_person", "acted_on"),
        _boolean,
    ),
    **dict.fromkeys(
        ("resources", "components", "mentions", "parents", "files", "reverts", "commits", "told",
         "harm"),
        _listing,
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
    rows = walk_rows(source)
    header = read_header(rows, source)
    ahead = list(islice(rows, _LOOKED_AT))
    if not ahead:
        raise InputError(
            "the file has a header line and no rows",
            file=source.file,
            got=f"the columns {', '.join(header)}",
            expected="a row for each entry below the header",
            remedy="export it again with its rows, or leave it out",
        )
    columns = require_declared(
        header,
        [
            (place, row)
            for place, row in ahead
            if not isinstance(row, str) and len(row) == len(header)
        ],
        intake.options.columns or {},
        intake.clock,
        source.file,
    )
    layout = _Layout(header, {field: header.index(column) for field, column in columns.items()})
    for place, row in chain(ahead, rows):
        if isinstance(row, str):
            intake.reject(place, row)
        elif len(row) != len(header):
            reason = f"{len(row)} cells where the header has {len(header)} columns"
            intake.reject(place, reason)
        else:
            _add(intake, place, row, layout)
    intake.remark_units()


def _add(intake: Intake, place: str, row: list[str], layout: _Layout) -> None:
    kind = layout.cell(row, "kind") or "note"
    if kind not in KINDS:
        intake.reject(place, f"there is no kind {kind[:60]!r}; known are: {', '.join(KINDS)}")
        return
    rest = layout.left_over(row)
    data: dict[str, JsonValue] = {"columns": rest} if rest else {}
    for field in layout.position:
        key, cell = field.removeprefix(FACT), layout.cell(row, field)
        if field.startswith(FACT) and cell:
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


def _sniff(source: Source) -> float:
    """Return how far the first lines look like rows of one width under a header of names."""
    delimiter = tell_delimiter(source)
    head = source.head.decode("utf-8", "replace").splitlines()[:20]
    try:
        rows = [row for row in csv.reader(head, delimiter=delimiter) if row]
    except csv.Error:
        return 0.0
    if not rows or len(rows[0]) < 2 or not all(name.strip() for name in rows[0]):  # noqa: PLR2004 - a table
        return 0.0
    named = not any(cell[:1].isdigit() for cell in rows[0])
    if len(rows) == 1:
        return _HEADER_ALONE if named else 0.0
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
