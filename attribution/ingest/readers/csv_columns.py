"""What must be said about a hand-kept CSV before it can be read, all of it in one message.

Columns, time format and zone are never guessed. What the header and the first rows suggest is
proposed, with the options that would say it.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import product

from attribution.errors import InputError
from attribution.ingest.times import Clock, TimeRefusedError, ZoneMissingError

FIELDS = ("time", "written", "actor", "kind", "subject", "text", "native_id")
FACT = "data."

_USUAL_NAMES: Mapping[str, frozenset[str]] = {
    "time": frozenset({"time", "when", "date", "datetime", "timestamp"}),
    "actor": frozenset({"actor", "who", "user", "person", "author", "by"}),
    "kind": frozenset({"kind"}),
    "text": frozenset({"text", "what", "message", "description", "event", "note"}),
    "native_id": frozenset({"native_id", "id"}),
}
"""Names, in small letters, by which people call the column of a field; only ever proposed."""

_DATES = ("%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%Y/%m/%d", "%d-%m-%Y", "%d/%m/%y", "%m/%d/%y",
          "%d %b %Y", "%d %B %Y", "%b %d %Y", "%b %d, %Y")  # fmt: skip
_CLOCKS = ("%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M:%S %p", "%H:%M %z", "%H:%M:%S %z")
_LIKELY_FORMATS = tuple(
    f"{date}{gap}{clock}" for date, gap, clock in product(_DATES, (" ", ", "), _CLOCKS)
)
_TIME_LIKE = re.compile(r"(?:\D*\d+){3}")
_PLAIN = re.compile(r"[\w=,./:+-]+")


@dataclass(slots=True)
class _Want:
    """What is not said: each as a sentence, and as the option that would say it."""

    sentences: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def require_declared(
    header: Sequence[str],
    rows: Sequence[tuple[str, Sequence[str]]],
    declared: Mapping[str, str],
    clock: Clock,
    file: str,
) -> dict[str, str]:
    """Return the column of each field: as declared, else the one that bears the field's name.

    `rows` are the first rows with their places, each as wide as the header. Raises InputError that
    names everything that is not said (columns, time format, zone) and proposes how to say it.
    """
    columns = {name: name for name in FIELDS if name in header and name not in declared} | {
        **declared
    }
    want = _Want()
    usable = _want_columns(header, columns, want)
    proposed = _propose(header, usable)
    known = proposed | usable
    column = header.index(known["time"]) if "time" in known else None
    cells = [] if column is None else [(place, row[column].strip()) for place, row in rows]
    mapped = not want.sentences
    unclear = _want_clock([(place, cell) for place, cell in cells if cell], clock, want)
    if not want.sentences:
        return columns
    options = [*([_map(known)] if proposed or not mapped else []), *want.options]
    raise InputError(
        "; ".join(want.sentences),
        file=file,
        place=unclear[0] if mapped and unclear else "line 1",
        got=f"the columns {', '.join(map(_show, header))}"
        + (f"; times such as {unclear[1]!r} ({unclear[0]})" if unclear else ""),
        expected="times that say where on a clock they stand"
        if mapped
        else f"a column for each of: time; if there, {', '.join(FIELDS[1:])}, data.KEY",
        remedy=f"say it on the command line, such as `{' '.join(options)}`"
        + "".join(f"; {remark}" for remark in want.remarks)
        + "; in case.yaml these are `columns`, `time_format` and `zone`",
    )


def _want_columns(header: Sequence[str], columns: Mapping[str, str], want: _Want) -> dict[str, str]:
    """Note what is wrong with the columns; return those that are right."""
    usable = {}
    for name, column in columns.items():
        if name not in FIELDS and not (name.startswith(FACT) and len(name) > len(FACT)):
            want.sentences.append(f"there is no field {name!r} to map a column to")
        elif column not in header:
            want.sentences.append(f"there is no column {column!r}")
        else:
            usable[name] = column
    if "time" not in columns:
        want.sentences.append("nothing says which column holds the time")
    return usable


def _map(columns: Mapping[str, str]) -> str:
    """Return the option that maps these columns, with a place left for the time."""
    pairs = {"time": "COLUMN"} | {name: columns[name] for name in sorted(columns, key=_rank)}
    joined = ",".join(f"{name}={column.replace(',', ',,')}" for name, column in pairs.items())
    return f"--map {joined if _PLAIN.fullmatch(joined) else shlex.quote(joined)}"


def _show(column: str) -> str:
    return repr(column) if "," in column else column


def _rank(name: str) -> tuple[int, str]:
    return (FIELDS.index(name) if name in FIELDS else len(FIELDS), name)


def _propose(header: Sequence[str], usable: Mapping[str, str]) -> dict[str, str]:
    """Return for each field without a column the only free column that is usually called so."""
    free = [name for name in header if name not in usable.values()]
    found = {}
    for wanted, names in _USUAL_NAMES.items():
        fitting = [name for name in free if name.casefold() in names]
        if wanted not in usable and len(fitting) == 1:
            found[wanted] = fitting[0]
    return found


def _want_clock(
    cells: Sequence[tuple[str, str]], clock: Clock, want: _Want
) -> tuple[str, str] | None:
    """Note whether times need a format or a zone declared; return the first that does."""
    refused, zoneless = [], []
    for place, cell in cells:
        try:
            clock.read(cell)
        except ZoneMissingError:
            zoneless.append((place, cell))
        except TimeRefusedError:
            refused.append((place, cell))
    texts = [cell for _, cell in cells]
    unreadable = bool(cells) and refused == list(cells) and all(map(_TIME_LIKE.match, texts))
    unclear = list(cells) if unreadable and not clock.has_format else zoneless
    if unclear is not zoneless:
        want.sentences.append("nothing says how its times are written")
        formats = [form for form in _LIKELY_FORMATS if all(_fits(cell, form) for cell in texts)]
        want.options.append(f'--time-format "{formats[0] if formats else "%d/%m/%Y %H:%M"}"')
        if len(formats) > 1:
            others = ", ".join(f'"{form}"' for form in formats[1:])
            want.remarks.append(f"the times would also fit {others}")
        zoneless = [] if any("%z" in form for form in formats) else unclear
    if zoneless and not clock.has_zone:
        want.sentences.append("its times have no zone, and none is declared for the file")
        want.options.append("--tz Europe/Berlin")
        want.remarks.append("name the zone in which it was kept")
    return unclear[0] if unclear else None


def _fits(cell: str, form: str) -> bool:
    try:
        datetime.strptime(cell, form)  # noqa: DTZ007 - only whether it fits is asked
    except ValueError:
        return False
    return True
