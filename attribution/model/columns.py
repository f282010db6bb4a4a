"""Records as columns: a million of them in a few hundred bytes each, made `Record`s when asked for.

A column holds what all records have at one field: times as whole microseconds, texts in one
buffer, what repeats as numbers of names, `data` as JSON. The place of a record is a name and the
number it ends with ("line " and 17), its id its native id or its place unless it is named apart,
and a time as it was written is spelt anew where it is written in the plain way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, overload

import msgspec
import numpy as np

from attribution.model.instant import Instant, to_datetime
from attribution.model.key import LONGEST_SHORT, UNIT, hash_all, hash_unique, is_unique
from attribution.model.record import Record
from attribution.model.texts import Names, Texts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]
    Signed = NDArray[np.signedinteger]

NONE = int(np.iinfo(np.int64).min)
"""Stands in a column of instants where there is none."""

SPELT = {20: "seconds", 24: "milliseconds", 27: "microseconds"}
"""The length of an original time spelt as `2026-01-14T09:12:31Z`, by how finely it is spelt."""

_UNITS: Mapping[int, Literal["s", "ms", "us"]] = {20: "s", 24: "ms", 27: "us"}
_UNIT = UNIT.encode()
_PART = 1 << 12
_DIGITS = "0123456789"
_MOST_DIGITS = 18  # of a number that fits into 64 bits whatever its digits
_decode = msgspec.json.Decoder().decode


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """The fields of records, each as a column; see `RecordColumns`.

    `before` and `after` are how far the bounds lie from `time`, in microseconds. `written` is None
    where no record has it. `spelt` is a key of SPELT, or 0 where the time stands in `originals`.
    """

    kind: NDArray[np.int32]
    time: Integers
    before: Signed
    after: Signed
    written: Integers | None
    spelt: NDArray[np.uint8]
    originals: Texts
    actor: NDArray[np.int32]
    subject: Texts
    text: Texts
    native: Texts
    data: Texts
    head: NDArray[np.int32]
    number: Signed


class RecordColumns(Sequence[Record]):
    """A sequence of records that are kept as columns.

    `kinds`, `actors` and `heads` are the names that the columns of numbers stand for. `named` has
    the ids that are neither native id nor place. `odd` has the few records, by position, that
    columns cannot give back unchanged: their rows hold all but what is odd about them.
    """

    def __init__(
        self,
        columns: Columns,
        kinds: Names,
        actors: Names,
        heads: Names,
        *,
        named: Mapping[int, str] | None = None,
        odd: Mapping[int, Record] | None = None,
    ) -> None:
        self.columns = columns
        self.kinds = kinds
        self.actors = actors
        self.heads = heads
        self.named: Mapping[int, str] = named or {}
        self.odd: Mapping[int, Record] = odd or {}

    def __len__(self) -> int:
        return len(self.columns.time)

    @overload
    def __getitem__(self, at: int) -> Record: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Record, ...]: ...
    def __getitem__(self, at: int | slice) -> Record | tuple[Record, ...]:
        if isinstance(at, slice):
            return tuple(self.take(np.arange(len(self))[at]))
        return self.take(np.array([range(len(self))[at]]))[0]

    def __iter__(self) -> Iterator[Record]:
        for rows in self._parts():
            yield from self.take(rows)

    def _parts(self) -> Iterator[Integers]:
        for start in range(0, len(self), _PART):
            yield np.arange(start, min(start + _PART, len(self)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RecordColumns | tuple):
            return NotImplemented
        return len(self) == len(other) and all(
            one == two for one, two in zip(self, other, strict=True)
        )

    __hash__ = None  # type: ignore[assignment]

    @property
    def used_kinds(self) -> frozenset[str]:
        """The kinds of the records."""
        return frozenset(self.kinds.texts[code] for code in np.unique(self.columns.kind).tolist())

    @property
    def span(self) -> tuple[Instant, Instant] | None:
        """The first and the last time of the records, None where none has any."""
        times = self.columns.time[self.columns.time != NONE]
        return (Instant(int(times.min())), Instant(int(times.max()))) if len(times) else None

    def of_kinds(self, kinds: frozenset[str]) -> Iterator[Record]:
        """Yield the records of these kinds, in order, without making the others."""
        wanted = [code for code, kind in enumerate(self.kinds.texts) if kind in kinds]
        rows = np.flatnonzero(np.isin(self.columns.kind, wanted))
        for start in range(0, len(rows), _PART):
            yield from self.take(rows[start : start + _PART])

    def find(self, place: str) -> list[int]:
        """Return the positions of the records at a place."""
        head, number = split_place(place)
        if head not in self.heads.texts:
            return []
        chosen = self.columns.head == self.heads.texts.index(head)
        found: list[int] = np.flatnonzero(chosen & (self.columns.number == number)).tolist()
        return found

    @cached_property
    def digests(self) -> NDArray[np.uint64]:
        """128 bits of the hash of each record's key as two numbers; an event's id shows the first.

        See `attribution.model.key`.
        """
        found = np.empty((len(self), 2), np.uint64)
        folded = [(name or "").casefold() for name in self.actors.texts]
        native = self.columns.native
        for rows in self._parts():
            known = native.longer(rows, LONGEST_SHORT)
            for at in np.flatnonzero(~known & ~native.gaps(rows)).tolist():
                known[at] = is_unique(native[int(rows[at])])
            own = np.flatnonzero(known)
            told = rows[own]
            hashes = hash_unique(self._kinds(told), native.take_bytes(told))
            found[told] = _as_numbers(hashes)
            if len(own) < len(rows):
                others = np.delete(rows, own)
                found[others] = _as_numbers(hash_all(self._contents(others, folded)))
        return found

    def _contents(self, rows: Integers, folded: Sequence[str]) -> Iterator[bytes]:
        """Yield what `key_of_content` returns for each of these records, as UTF-8."""
        columns = self.columns
        times = columns.time[rows]
        stated = list(map(b"%d".__mod__, times.tolist()))
        if (times == NONE).any():
            for at in np.flatnonzero(times == NONE).tolist():
                original = self._originals(rows[at : at + 1])[0] or ""
                stated[at] = f"undated {original}".encode("utf-8", "surrogatepass")
        actors = [name.encode("utf-8", "surrogatepass") for name in folded]
        kinds = [(kind or "").encode("utf-8", "surrogatepass") for kind in self.kinds.texts]
        fields = zip(
            [kinds[code] for code in columns.kind[rows].tolist()],
            columns.native.take_bytes(rows),
            stated,
            [actors[code] for code in columns.actor[rows].tolist()],
            columns.subject.take_bytes(rows),
            columns.text.take_bytes(rows),
            strict=True,
        )
        return map(_UNIT.join, fields)

    def _kinds(self, rows: Integers) -> list[str]:
        return [self.kinds.texts[code] or "" for code in self.columns.kind[rows].tolist()]

    def _originals(self, rows: Integers) -> list[str | None]:
        spelt = self.columns.spelt[rows]
        times = self.columns.time[rows]
        length = int(spelt[0]) if len(spelt) else 0
        if length and (spelt == length).all():
            return spell_all(times, length)
        found = self.columns.originals.take(rows)
        for at in np.flatnonzero(spelt).tolist():
            found[at] = spell(int(times[at]), int(spelt[at]))
        return found

    def _places(self, rows: Integers) -> list[str]:
        heads = [self.heads.texts[code] for code in self.columns.head[rows].tolist()]
        return [
            f"{head}{number}" if number >= 0 else head or ""
            for head, number in zip(heads, self.columns.number[rows].tolist(), strict=True)
        ]

    def take(self, rows: Integers) -> list[Record]:
        """Return the records at these positions, much faster than one by one."""
        columns = self.columns
        times = columns.time[rows]
        written = [NONE] * len(rows) if columns.written is None else columns.written[rows].tolist()
        places, natives = self._places(rows), columns.native.take(rows)
        fields = zip(
            [native or place for place, native in zip(places, natives, strict=True)],
            places,
            [self.kinds.texts[code] for code in columns.kind[rows].tolist()],
            times.tolist(),
            (times - columns.before[rows]).tolist(),
            (times + columns.after[rows]).tolist(),
            written,
            self._originals(rows),
            [self.actors.texts[code] for code in columns.actor[rows].tolist()],
            columns.subject.take(rows),
            columns.text.take(rows),
            natives,
            map(_decode, columns.data.take_bytes(rows)),
            strict=True,
        )
        found = [_make(values) for values in fields]
        if self.named or self.odd:
            for at, row in enumerate(rows.tolist()):
                if row in self.named:
                    found[at] = replace(found[at], id=self.named[row])
                found[at] = self.odd.get(row, found[at])
        return found


def _make(row: tuple[Any, ...]) -> Record:
    name, place, kind, time, low, high, written, *rest = row
    if time == NONE:
        return Record(name, place, kind, None, None, None, _instant(written), *rest)
    return Record(name, place, kind, time, low, high, _instant(written), *rest)


def _as_numbers(hashes: Sequence[bytes]) -> NDArray[np.uint64]:
    return np.frombuffer(b"".join(hashes), dtype=">u8").reshape(-1, 2)


def _instant(value: int) -> Instant | None:
    return None if value == NONE else Instant(value)


def spell(time: int, length: int) -> str:
    """Return an instant as RFC 3339 text in UTC of one of the lengths in SPELT."""
    moment = to_datetime(Instant(time)).replace(tzinfo=None)
    return f"{moment.isoformat(timespec=SPELT[length])}Z"


def spell_all(times: Integers, length: int) -> list[str | None]:
    """Return what `spell` returns for each of these instants."""
    texts = np.datetime_as_string(times.astype("datetime64[us]"), unit=_UNITS[length])
    return [f"{text}Z" for text in texts.tolist()]


def split_place(place: str) -> tuple[str, int]:
    """Return a place without the number it ends with, and the number; -1 where it ends with none.

    A number that could be spelt in another way is none: no place is changed by being split.
    """
    head = place.rstrip(_DIGITS)
    digits = place[len(head) :]
    if digits and len(digits) <= _MOST_DIGITS and (digits[0] != "0" or digits == "0"):
        return head, int(digits)
    return place, -1
