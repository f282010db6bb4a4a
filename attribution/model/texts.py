"""Many texts in one buffer of UTF-8: each takes its bytes and four, where a `str` takes 50 more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from operator import ne
from typing import TYPE_CHECKING, TypeVar, cast, overload

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

Column = TypeVar("Column", bound="NDArray[np.generic]")

_PART = 1 << 14
_SPREAD = 4


class Texts(Sequence[str | None]):
    """A column of texts, None where there is none. Half surrogate pairs come back as they were."""

    __slots__ = ("buffer", "ends", "missing")

    def __init__(
        self, buffer: bytes, ends: NDArray[np.unsignedinteger], missing: NDArray[np.bool_] | None
    ) -> None:
        self.buffer = buffer
        self.ends = ends
        self.missing = missing

    @classmethod
    def pack(cls, texts: Sequence[str | None]) -> Texts:
        """Return these texts as a column."""
        if isinstance(texts, Texts):
            return texts
        if texts and texts.count(None) == len(texts):
            nothing = np.zeros(len(texts), np.uint32)
            return cls(b"", nothing, np.ones(len(texts), np.bool_))
        has_gaps = None in texts
        filled = [text or "" for text in texts] if has_gaps else cast("Sequence[str]", texts)
        joined = "".join(filled)
        if joined.isascii():
            buffer = joined.encode()
            lengths = map(len, filled)
        else:
            parts = [text.encode("utf-8", "surrogatepass") for text in filled]
            buffer = b"".join(parts)
            lengths = map(len, parts)
        missing = np.array([text is None for text in texts], np.bool_) if has_gaps else None
        return cls(buffer, _narrow(np.fromiter(accumulate(lengths), np.int64, len(texts))), missing)

    @classmethod
    def pack_bytes(cls, parts: Sequence[bytes]) -> Texts:
        """Return texts that are UTF-8 already as a column."""
        if parts and parts[0] and parts.count(parts[0]) == len(parts):
            return cls.cut_equal(parts[0] * len(parts), len(parts[0]))
        ends = np.fromiter(accumulate(map(len, parts)), np.int64, len(parts))
        return cls(b"".join(parts), _narrow(ends), None)

    @classmethod
    def cut_equal(cls, buffer: bytes, length: int) -> Texts:
        """Return the texts of which each takes `length` bytes of a buffer, as a column."""
        return cls(buffer, _narrow(np.arange(length, len(buffer) + 1, length)), None)

    @classmethod
    def join(cls, columns: Sequence[Texts]) -> Texts:
        """Return the texts of several columns, one after the other."""
        shift = 0
        ends = []
        for column in columns:
            ends.append(column.ends.astype(np.int64) + shift)
            shift += len(column.buffer)
        missing = None
        if any(column.missing is not None for column in columns):
            missing = np.concatenate([column.gaps() for column in columns])
        joined = _narrow(np.concatenate(ends)) if ends else np.zeros(0, np.uint32)
        buffer = b"".join(column.buffer for column in columns)
        return cls(buffer, repeat_one(joined), None if missing is None else repeat_one(missing))

    def lengths(self) -> Integers:
        """Return how many bytes each text takes, 0 for none."""
        lengths = self.ends.astype(np.int64)
        lengths[1:] -= lengths[:-1].copy()
        return lengths

    def gaps(self, rows: Integers | None = None) -> NDArray[np.bool_]:
        """Return where there is no text, of all or at these positions."""
        if self.missing is None:
            return np.zeros(len(self) if rows is None else len(rows), np.bool_)
        return self.missing if rows is None else self.missing[rows]

    def __len__(self) -> int:
        return len(self.ends)

    @overload
    def __getitem__(self, at: int) -> str | None: ...
    @overload
    def __getitem__(self, at: slice) -> list[str | None]: ...
    def __getitem__(self, at: int | slice) -> str | list[str | None] | None:
        if isinstance(at, slice):
            return self.take(np.arange(len(self))[at])
        at = range(len(self))[at]
        if self.missing is not None and self.missing[at]:
            return None
        return self.raw(at).decode("utf-8", "surrogatepass")

    def __iter__(self) -> Iterator[str | None]:
        for start in range(0, len(self), _PART):
            yield from self.take(np.arange(start, min(start + _PART, len(self))))

    def raw(self, at: int) -> bytes:
        """Return the UTF-8 of the text at a position that is not negative; empty for none."""
        return self.buffer[int(self.ends[at - 1]) if at else 0 : int(self.ends[at])]

    def take(self, rows: Integers) -> list[str | None]:
        """Return the texts at these positions, much faster than one by one."""
        chunk, bounds = self._cut(rows)
        found: list[str | None]
        if chunk.isascii():
            joined = chunk.decode()
            found = [joined[low:high] for low, high in bounds]
        else:
            found = [chunk[low:high].decode("utf-8", "surrogatepass") for low, high in bounds]
        if self.missing is not None:
            for at in np.flatnonzero(self.missing[rows]).tolist():
                found[at] = None
        return found

    def take_bytes(self, rows: Integers) -> list[bytes]:
        """Return the UTF-8 of the texts at these positions."""
        found = self._take_equal(rows)
        if found is not None:
            return found
        chunk, bounds = self._cut(rows)
        return [chunk[low:high] for low, high in bounds]

    def _take_equal(self, rows: Integers) -> list[bytes] | None:
        """Return the texts at positions one after the other, None unless all are of one length."""
        if not len(rows):
            return None
        first, last = int(rows[0]), int(rows[-1])
        if last - first + 1 != len(rows) or (rows[1:] <= rows[:-1]).any():
            return None
        start = int(self.ends[first - 1]) if first else 0
        ends = self.ends[first : last + 1].astype(np.int64)
        length = int(ends[0]) - start
        if not length or (np.diff(ends) != length).any():
            return None
        found: list[bytes] = np.frombuffer(self.buffer, f"V{length}", len(rows), start).tolist()
        return found

    def longer(self, rows: Integers, than: int) -> NDArray[np.bool_]:
        """Return at which positions stands a text of more letters than that, by its bytes alone.

        Of a text that is not ASCII nothing is told, and where there is one of no other either.
        """
        if not len(rows):
            return np.zeros(0, np.bool_)
        starts = np.where(rows > 0, self.ends[rows - 1], 0).astype(np.int64)
        ends = self.ends[rows].astype(np.int64)
        found: NDArray[np.bool_] = ends - starts > than
        if self.buffer[int(starts.min()) : int(ends.max())].isascii():
            return found if self.missing is None else found & ~self.missing[rows]
        return np.zeros(len(rows), np.bool_)

    def differs(self, rows: Integers, other: Texts, others: Integers) -> NDArray[np.bool_]:
        """Return where the texts at these positions are not those of another column at its own."""
        if not self.buffer and not other.buffer:
            found = np.zeros(len(rows), np.bool_)
        else:
            pairs = map(ne, self.take_bytes(rows), other.take_bytes(others))
            found = np.fromiter(pairs, np.bool_, len(rows))
        if self.missing is not None or other.missing is not None:
            found |= self.gaps()[rows] != other.gaps()[others]
        return found

    def _cut(self, rows: Integers) -> tuple[bytes, Iterable[tuple[int, int]]]:
        """Return a piece of the buffer that holds these texts, and where in it each stands."""
        if not len(rows):
            return b"", ()
        ends = self.ends[rows].astype(np.int64)
        starts = np.where(rows > 0, self.ends[rows - 1], 0).astype(np.int64)
        first, last = int(starts.min()), int(ends.max())
        if last - first > _SPREAD * int((ends - starts).sum()) + _PART:
            spans = zip(starts.tolist(), ends.tolist(), strict=True)
            parts = [self.buffer[low:high] for low, high in spans]
            return b"".join(parts), pairwise(accumulate(map(len, parts), initial=0))
        return self.buffer[first:last], zip(
            (starts - first).tolist(), (ends - first).tolist(), strict=True
        )


class Names:
    """Texts that repeat, numbered in the order in which they first appear."""

    __slots__ = ("_codes", "texts")

    def __init__(self, texts: Iterable[str | None] = ()) -> None:
        self.texts: list[str | None] = list(texts)
        self._codes = {text: code for code, text in enumerate(self.texts)}

    def encode(self, texts: Sequence[str | None]) -> NDArray[np.int32]:
        """Return the number of each text, new ones numbered on."""
        codes = self._codes
        distinct = dict.fromkeys(texts)
        for text in distinct:
            if text not in codes:
                codes[text] = len(self.texts)
                self.texts.append(text)
        if len(distinct) == 1:
            return np.full(len(texts), codes[texts[0]], np.int32)
        return np.fromiter(map(codes.__getitem__, texts), np.int32, len(texts))


def repeat_one(values: Column) -> Column:
    """Return a column all of whose values are one as that one value, with the others' places."""
    if len(values) and (values == values[0]).all():
        return cast("Column", np.broadcast_to(values[:1].copy(), values.shape))
    return values


def _narrow(ends: Integers) -> NDArray[np.unsignedinteger]:
    wide = len(ends) and int(ends[-1]) > np.iinfo(np.uint32).max
    return ends.astype(np.uint64 if wide else np.uint32)
