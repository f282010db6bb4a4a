"""Packs records into columns as they come, a chunk at a time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from itertools import compress
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from attribution.model.columns import (
    NONE,
    SPELT,
    Columns,
    RecordColumns,
    spell,
    split_place,
)
from attribution.model.record import Record
from attribution.model.texts import Names, Texts, repeat_one

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

CHUNK = 1 << 14
"""How many rows wait as objects before they are packed."""

encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode


@dataclass(frozen=True, slots=True)
class Rows:
    """The fields of several records, in the form of the columns; see `Columns`.

    `original` is the time as it was written, None where it is spelt in the plain way, and `spelt`
    then says in which length. `data` is JSON.
    """

    kind: Sequence[str]
    time: Sequence[int] | Integers
    before: Sequence[int] | Integers
    after: Sequence[int] | Integers
    written: Sequence[int] | Integers
    spelt: Sequence[int] | NDArray[np.uint8]
    original: Sequence[str | None]
    actor: Sequence[str | None]
    subject: Sequence[str | None]
    text: Sequence[str]
    native: Sequence[str | None]
    data: Sequence[bytes]
    head: Sequence[str]
    number: Sequence[int] | Integers

    def __len__(self) -> int:
        return len(self.kind)

    def choose(self, chosen: Sequence[bool]) -> Rows:
        """Return the rows that are chosen."""
        if all(chosen):
            return self
        chosen = chosen if any(chosen) else ()
        return Rows(
            **{
                field.name: list(compress(getattr(self, field.name), chosen))
                for field in fields(Rows)
            }
        )


class RecordPacker:
    """Collects records, and returns them as columns."""

    def __init__(self) -> None:
        self._kinds, self._actors, self._heads = Names(), Names(), Names()
        self._chunks: list[RecordColumns] = []
        self._starts: list[int] = []
        self._packed = 0
        self._rows: list[tuple[Any, ...]] = []
        self._named: dict[int, str] = {}
        self._odd: dict[int, Record] = {}

    def __len__(self) -> int:
        return self._packed + len(self._rows)

    def __getitem__(self, at: int) -> Record:
        if at in self._odd:
            return self._odd[at]
        if at < self._packed:
            chunk = bisect_right(self._starts, at) - 1
            found = self._chunks[chunk][at - self._starts[chunk]]
        else:
            found = self.as_columns(_transpose([self._rows[at - self._packed]]))[0]
        return replace(found, id=self._named[at]) if at in self._named else found

    def take(self, positions: Sequence[int]) -> list[Record]:
        """Return the records at these positions, those of a chunk at once."""
        self._flush()
        chunks: dict[int, list[int]] = {}
        for at in dict.fromkeys(positions):
            chunks.setdefault(bisect_right(self._starts, at) - 1, []).append(at)
        found: dict[int, Record] = {}
        for chunk, members in chunks.items():
            rows = np.array(members) - self._starts[chunk]
            found.update(zip(members, self._chunks[chunk].take(rows), strict=True))
        return [
            self._odd.get(at)
            or (replace(found[at], id=self._named[at]) if at in self._named else found[at])
            for at in positions
        ]

    def find_unlike(self, positions: Sequence[int], rows: Rows) -> list[bool]:
        """Return which rows differ, but in place or spelling of `data`, from the records there.

        A record that columns cannot give back unchanged counts as different.
        """
        self._flush()
        given = self.as_columns(rows).columns
        unlike = np.fromiter(map(self._odd.__contains__, positions), np.bool_, len(positions))
        wanted = np.array(positions, np.int64)
        chunks = np.searchsorted(self._starts, wanted, side="right") - 1
        for chunk in np.unique(chunks).tolist():
            members = np.flatnonzero(chunks == chunk)
            kept = self._chunks[chunk].columns
            unlike[members] |= find_differences(
                kept, wanted[members] - self._starts[chunk], given, members
            )
        found: list[bool] = unlike.tolist()
        return found

    def add(self, record: Record) -> None:
        """Take one record."""
        head, number = split_place(record.place)
        data = _encode_exactly(dict(record.data))
        low, time, high = record.time_low, record.time, record.time_high
        at = len(self)
        spelt = _tell_spelling(record)
        if data is None or len({low is None, time is None, high is None}) > 1:
            self._odd[at] = record
        if record.id != (record.native_id or record.place):
            self._named[at] = record.id
        row = (
            record.kind,
            NONE if time is None else time,
            0 if time is None or low is None else time - low,
            0 if time is None or high is None else high - time,
            NONE if record.written is None else record.written,
            spelt,
            None if spelt else record.original_time,
            record.actor,
            record.subject,
            record.text,
            record.native_id,
            data or b"{}",
            head,
            number,
        )
        self._rows.append(row)
        if len(self._rows) >= CHUNK:
            self._flush()

    def add_rows(self, rows: Rows) -> None:
        """Take records whose ids are their native ids or places, as rows."""
        self._flush()
        self._keep(rows)

    def _flush(self) -> None:
        rows, self._rows = self._rows, []
        if rows:
            self._keep(_transpose(rows))

    def _keep(self, rows: Rows) -> None:
        self._starts.append(self._packed)
        self._chunks.append(self.as_columns(rows))
        self._packed += len(rows)

    def finish(self) -> RecordColumns:
        """Return all records; the packer is of no use afterwards."""
        self._flush()
        if not self._chunks:
            self._keep(_transpose([]))
        columns = [chunk.columns for chunk in self._chunks]
        self._chunks = []
        return RecordColumns(
            join_columns(columns),
            self._kinds,
            self._actors,
            self._heads,
            named=self._named,
            odd=self._odd,
        )

    def as_columns(self, rows: Rows) -> RecordColumns:
        """Return rows as records of their own, without taking them."""
        columns = Columns(
            kind=self._kinds.encode(rows.kind),
            time=np.asarray(rows.time, np.int64),
            before=_narrow(np.asarray(rows.before, np.int64)),
            after=_narrow(np.asarray(rows.after, np.int64)),
            written=_drop_empty(np.asarray(rows.written, np.int64)),
            spelt=np.asarray(rows.spelt, np.uint8),
            originals=Texts.pack(rows.original),
            actor=self._actors.encode(rows.actor),
            subject=Texts.pack(rows.subject),
            text=Texts.pack(rows.text),
            native=Texts.pack(rows.native),
            data=Texts.pack_bytes(rows.data),
            head=self._heads.encode(rows.head),
            number=_narrow(np.asarray(rows.number, np.int64)),
        )
        return RecordColumns(columns, self._kinds, self._actors, self._heads)


def find_differences(
    one: Columns, rows: Integers, other: Columns, others: Integers
) -> NDArray[np.bool_]:
    """Return which rows of two sets of columns with the same names differ, place aside."""
    found = np.zeros(len(rows), np.bool_)
    for name in ("kind", "time", "before", "after", "spelt", "actor"):
        found |= getattr(one, name)[rows] != getattr(other, name)[others]
    if one.written is not None or other.written is not None:
        nothing = np.full(len(rows), NONE)
        left = nothing if one.written is None else one.written[rows]
        found |= left != (nothing if other.written is None else other.written[others])
    for name in ("originals", "subject", "text", "native", "data"):
        found |= getattr(one, name).differs(rows, getattr(other, name), others)
    return found


def _transpose(rows: Sequence[tuple[Any, ...]]) -> Rows:
    return Rows(*(list(zip(*rows, strict=True)) or [()] * len(fields(Rows))))


def _tell_spelling(record: Record) -> int:
    """Return in which length of SPELT a record's time was written in the plain way, else 0."""
    original, time = record.original_time, record.time
    if original is None or time is None or len(original) not in SPELT:
        return 0
    plain = original[-1] == "Z" and spell(time, len(original)) == original
    return len(original) if plain else 0


def _drop_empty(written: Integers) -> Integers | None:
    return None if (written == NONE).all() else written


def join_columns(parts: list[Columns]) -> Columns:
    """Return the rows of several sets of columns; `parts` is emptied, to need no room twice."""
    by_name = {
        field.name: [getattr(part, field.name) for part in parts] for field in fields(Columns)
    }
    parts.clear()
    joined: dict[str, Any] = {}
    sizes = [len(time) for time in by_name["time"]]
    for name in list(by_name):
        values = by_name.pop(name)
        if name == "written":
            joined[name] = _join_optional(values, sizes)
        elif values and isinstance(values[0], Texts):
            joined[name] = Texts.join(values)
        else:
            joined[name] = repeat_one(np.concatenate(values))
    return Columns(**joined)


def _join_optional(
    values: list[NDArray[np.int64] | None], sizes: list[int]
) -> NDArray[np.int64] | None:
    if all(value is None for value in values):
        return None
    return np.concatenate(
        [
            np.full(size, NONE) if value is None else value
            for value, size in zip(values, sizes, strict=True)
        ]
    )


def collect_records(records: Iterable[Record], packed_from: int = CHUNK) -> Sequence[Record]:
    """Return records as a tuple, or as columns where they are many; one after the other is read."""
    few: list[Record] = []
    packer: RecordPacker | None = None
    for record in records:
        if packer is not None:
            packer.add(record)
            continue
        few.append(record)
        if len(few) == packed_from:
            packer = RecordPacker()
            for one in few:
                packer.add(one)
    return tuple(few) if packer is None else packer.finish()


def pack_records(records: Sequence[Record]) -> RecordColumns:
    """Return records as columns."""
    packer = RecordPacker()
    for record in records:
        packer.add(record)
    return packer.finish()


def _encode_exactly(data: dict[str, object]) -> bytes | None:
    """Return `data` as JSON; None where JSON would not give it back unchanged."""
    if not data:
        return b"{}"
    try:
        encoded = encode(data)
        return encoded if _decode(encoded) == data else None
    except (ValueError, OverflowError, TypeError, RecursionError):
        return None


def _narrow(values: NDArray[np.int64]) -> NDArray[np.signedinteger]:
    """Return the values in the narrowest type that holds them."""
    if not len(values):
        return values
    low, high = int(values.min()), int(values.max())
    for kind in (np.int8, np.int16, np.int32):
        limits = np.iinfo(kind)
        if limits.min <= low and high <= limits.max:
            return values.astype(kind)
    return values
