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
from typing import TYPE_CHECKING, Any, overload

import msgspec
import numpy as np

from attribution.model.instant import Instant, to_datetime
from attribution.model.key import hash_key, is_unique, key_of_content
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

_PART = 1 << 12
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
    number: Integers


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
            places = range(*at.indices(len(self)))
            if places.step == 1:
                return tuple(self._part(places.start, places.stop)) if places else ()
            return tuple(self[one] for one in places)
        at = range(len(self))[at]
        return self._part(at, at + 1)[0]

    def __iter__(self) -> Iterator[Record]:
        for start in range(0, len(self), _PART):
            yield from self._part(start, min(start + _PART, len(self)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RecordColumns | tuple):
            return NotImplemented
        return len(self) == len(other) and all(
            one == two for one, two in zip(self, other, strict=True)
        )

    __hash__ = None  # type: ignore[assignment]

    def of_kinds(self, kinds: frozenset[str]) -> Iterator[Record]:
        """Yield the records of these kinds, in order, without making the others."""
        wanted = [code for code, kind in enumerate(self.kinds.texts) if kind in kinds]
        for at in np.flatnonzero(np.isin(self.columns.kind, wanted)).tolist():
            yield self[at]

    @cached_property
    def digests(self) -> NDArray[np.uint64]:
        """The 64 bits of each event's id; see `attribution.model.key`."""
        found = b"".join(map(hash_key, self.keys()))
        return np.frombuffer(found, dtype=">u8").astype(np.uint64)

    def keys(self) -> Iterator[str]:
        """Yield what `key_of_event` returns for each record."""
        folded = [(name or "").casefold() for name in self.actors.texts]
        for start in range(0, len(self), _PART):
            yield from self._keys(start, min(start + _PART, len(self)), folded)

    def key(self, at: int) -> str:
        """Return what `key_of_event` returns for one record."""
        folded = {at: (self.actors.texts[at] or "").casefold() for at in [self.columns.actor[at]]}
        return next(self._keys(at, at + 1, folded))

    def _keys(
        self, start: int, stop: int, folded: Sequence[str] | Mapping[int, str]
    ) -> Iterator[str]:
        columns = self.columns
        names = self.kinds.texts
        natives = columns.native.part(start, stop)
        kinds = columns.kind[start:stop].tolist()
        if all(map(is_unique, natives)):
            for kind, native in zip(kinds, natives, strict=True):
                yield f"{names[kind]}\x1f{native}"
            return
        rows = zip(
            kinds,
            natives,
            _present(columns.time[start:stop]),
            self._originals(start, stop),
            columns.actor[start:stop].tolist(),
            columns.subject.part(start, stop),
            columns.text.part(start, stop),
            strict=True,
        )
        for kind, native, time, original, actor, subject, text in rows:
            if is_unique(native):
                yield f"{names[kind]}\x1f{native}"
            else:
                yield key_of_content(
                    names[kind] or "", native, time, original, folded[actor], subject, text or ""
                )

    def _originals(self, start: int, stop: int) -> list[str | None]:
        found = self.columns.originals.part(start, stop)
        spelt = self.columns.spelt[start:stop]
        if spelt.any():
            times = self.columns.time[start:stop]
            for at in np.flatnonzero(spelt).tolist():
                found[at] = spell(int(times[at]), int(spelt[at]))
        return found

    def places(self, start: int, stop: int) -> list[str]:
        """Return the places of the records from `start` up to `stop`."""
        heads = [self.heads.texts[code] for code in self.columns.head[start:stop].tolist()]
        numbers = self.columns.number[start:stop].tolist()
        return [
            f"{head}{number}" if number >= 0 else head or ""
            for head, number in zip(heads, numbers, strict=True)
        ]

    def _part(self, start: int, stop: int) -> list[Record]:
        columns = self.columns
        times = columns.time[start:stop]
        lows = (times - columns.before[start:stop]).tolist()
        highs = (times + columns.after[start:stop]).tolist()
        written = [NONE] * (stop - start)
        if columns.written is not None:
            written = columns.written[start:stop].tolist()
        places = self.places(start, stop)
        natives = columns.native.part(start, stop)
        rows = zip(
            [native or place for place, native in zip(places, natives, strict=True)],
            places,
            [self.kinds.texts[code] for code in columns.kind[start:stop].tolist()],
            times.tolist(),
            lows,
            highs,
            written,
            self._originals(start, stop),
            [self.actors.texts[code] for code in columns.actor[start:stop].tolist()],
            columns.subject.part(start, stop),
            columns.text.part(start, stop),
            natives,
            map(_decode, columns.data.part_bytes(start, stop)),
            strict=True,
        )
        found = [_make(row) for row in rows]
        if self.named or self.odd:
            for at in range(start, stop):
                if at in self.named:
                    found[at - start] = replace(found[at - start], id=self.named[at])
                found[at - start] = self.odd.get(at, found[at - start])
        return found


def _make(row: tuple[Any, ...]) -> Record:
    name, place, kind, time, low, high, written, *rest = row
    if time == NONE:
        return Record(name, place, kind, None, None, None, _instant(written), *rest)
    return Record(name, place, kind, time, low, high, _instant(written), *rest)


def _instant(value: int) -> Instant | None:
    return None if value == NONE else Instant(value)


def _present(times: Integers) -> list[int | None]:
    return [None if time == NONE else time for time in times.tolist()]


def spell(time: int, length: int) -> str:
    """Return an instant as RFC 3339 text in UTC of one of the lengths in SPELT."""
    moment = to_datetime(Instant(time)).replace(tzinfo=None)
    return f"{moment.isoformat(timespec=SPELT[length])}Z"
