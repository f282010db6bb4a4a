"""The fast lane for hand-kept JSON lines: objects that hold the fields and `data` alone."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

import msgspec
import numpy as np
from msgspec import UNSET, Meta, UnsetType

from attribution.ingest.kept import LINE
from attribution.ingest.lane import Filling
from attribution.ingest.plaintimes import read_plain_times
from attribution.ingest.readers.csv_columns import FIELDS
from attribution.ingest.readers.hand_entries import canonical
from attribution.model.columns import NONE
from attribution.model.kinds import KINDS
from attribution.model.packing import Rows, encode

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from attribution.ingest.lane import Filled
    from attribution.model.texts import Texts

    Integers = NDArray[np.int64]


def open_lane(columns: Mapping[str, str]) -> Filling | None:
    """Return the struct of such an entry and what fills rows from it; None where none can be.

    `columns` is the key of each field.
    """
    keys = set(columns.values())
    if not columns.keys() <= set(FIELDS) or "data" in keys or len(keys) < len(columns):
        return None
    optional = Annotated[str, Meta(min_length=1)] | None | UnsetType
    kinds: Any = Literal.__getitem__(tuple(KINDS))
    shape = msgspec.defstruct(
        "Entry",
        [
            ("data", dict[str, Any] | None | UnsetType, UNSET),
            *(
                (field, kinds | None | UnsetType if field == "kind" else optional, UNSET)
                for field in columns
            ),
        ],
        rename=dict(columns),
        forbid_unknown_fields=True,
        gc=False,
    )
    return Filling(shape, partial(_fill, columns.keys()), partial(_fill_alike, columns))


def _fill(present: Collection[str], entries: Sequence[Any], first: int) -> Filled | None:
    """Return the rows of entries with a plain time and a text, None where one has not both."""

    def stated(field: str) -> Sequence[str | None]:
        if field not in present:
            return [None] * len(entries)
        values = list(map(attrgetter(field), entries))
        return values if all(values) else [value or None for value in values]

    times, texts, natives = stated("time"), stated("text"), stated("native_id")
    written = stated("written")
    if None in times or None in texts or (None in written and any(written)):
        return None
    moments = read_plain_times([time for time in times if time])
    entered = read_plain_times([time for time in written if time])
    if moments is None or entered is None:
        return None
    nothing = [0] * len(entries)
    kinds = [kind or "note" for kind in stated("kind")]
    facts = list(map(attrgetter("data"), entries))
    rows = Rows(
        kind=kinds,
        time=moments.time,
        before=nothing,
        after=moments.after,
        written=entered.time if len(entered.time) else [NONE] * len(entries),
        spelt=moments.spelt,
        original=[None] * len(entries),
        actor=stated("actor"),
        subject=stated("subject"),
        text=[text for text in texts if text],
        native=natives,
        data=[encode(data) if data else b"{}" for data in facts]
        if any(facts)
        else [b"{}"] * len(entries),
        head=[LINE] * len(entries),
        number=range(first, first + len(entries)),
    )
    if all(natives):
        return rows, None
    return rows, [
        (kind, native) if native else canonical(entry)
        for kind, native, entry in zip(kinds, natives, entries, strict=True)
    ]


def _fill_alike(
    columns: Mapping[str, str], texts: Mapping[str, Texts], numbers: Integers
) -> Filled | None:
    """Return the rows of lines that hold texts alone, all in the same fields, none of them empty.

    None where one has another field, a time that is not plain, or neither time nor text.
    """
    held = {field: texts[key] for field, key in columns.items() if key in texts}
    if len(held) < len(texts) or not all(column.lengths().all() for column in texts.values()):
        return None
    if "time" not in held or "text" not in held:
        return None
    moments = read_plain_times(held["time"])
    entered = read_plain_times(held["written"]) if "written" in held else None
    kinds = _list_names(held["kind"]) if "kind" in held else ["note"] * len(held["time"])
    if moments is None or ("written" in held and entered is None) or not KINDS.keys() >= set(kinds):
        return None
    size = len(kinds)
    without: list[str | None] = [None] * size
    nothing = np.zeros(size, np.int64)
    rows = Rows(
        kind=cast("list[str]", kinds),
        time=moments.time,
        before=nothing,
        after=moments.after,
        written=nothing + NONE if entered is None else entered.time,
        spelt=moments.spelt,
        original=without,
        actor=_list_names(held["actor"]) if "actor" in held else without,
        subject=held.get("subject", without),
        text=cast("Sequence[str]", held["text"]),
        native=held.get("native_id", without),
        data=[b"{}"] * size,
        head=[LINE] * size,
        number=numbers,
    )
    return rows, None if "native_id" in held else _spell_canonical(texts)


def _list_names(column: Texts) -> list[str | None]:
    """Return texts that may all be one."""
    if column.buffer == column.raw(0) * len(column):
        return [column[0]] * len(column)
    return column[:]


def _spell_canonical(texts: Mapping[str, Texts]) -> list[Hashable]:
    """Return what `canonical` returns for lines of these texts, which no backslash spells."""
    keys = sorted(texts)
    spelt = b",".join(encode(key).replace(b"%", b"%%") + b':"%b"' for key in keys)
    parts = [texts[key].take_bytes(np.arange(len(texts[key]))) for key in keys]
    return [b"{" + spelt % values + b"}" for values in zip(*parts, strict=True)]
