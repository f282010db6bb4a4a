"""The records that an intake keeps: each once, each under an id of its own, as columns if many."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Hashable, Sequence
from dataclasses import replace
from hashlib import blake2b
from itertools import compress, count
from typing import TYPE_CHECKING, Any

from attribution.model.record import Record

if TYPE_CHECKING:
    from attribution.model.packing import RecordPacker, Rows

PACKED_FROM = 1 << 12
"""From how many records on they are kept as columns (see `attribution.model.columns`)."""

LINE = "line "
"""What the place of an entry on a line of its own begins with; its number follows."""

_SHORT_KEY = 64
_MOST_DIGITS = 18
_UNIT = "\x1f"  # the ASCII unit separator stands between the parts of a key


class Kept:
    """Records in the order in which they came; those that repeat one by its key are not kept."""

    def __init__(self, packed_from: int = PACKED_FROM) -> None:
        self.undated = 0
        self._packed_from = packed_from
        self._records: list[Record] = []
        self._packer: RecordPacker | None = None
        self._offered = 0
        self._by_key: dict[Hashable, int] = {}
        self._ids: set[str] = set()
        self._repeats: dict[str, int] = {}
        self._lines = array("q")
        self._ids_like_lines = False

    def __len__(self) -> int:
        return len(self._all)

    @property
    def _all(self) -> list[Record] | RecordPacker:
        return self._records if self._packer is None else self._packer

    @property
    def packs(self) -> bool:
        """Whether records are kept as columns by now."""
        return self._packer is not None

    def add(self, record: Record, key: Hashable) -> Record | None:
        """Keep a record, under another id where its own is taken; return the one it repeats.

        A key of bytes is all that the entry says: one that it repeats is like it, and is not made.
        """
        self._offered += 1
        if self._offered == self._packed_from and self._packer is None:
            self._pack()
        whole = type(key) is bytes
        key = _shorten(key)
        known = None if key is None else self._by_key.get(key)
        if known is not None:
            return record if whole else self._all[known]
        if key is not None:
            self._by_key[key] = len(self)
        if record.id in self._ids or self._names_line(record.id):
            record = replace(record, id=self._name_apart(record))
        self._ids.add(record.id)
        self._ids_like_lines |= record.id.startswith(LINE) and record.native_id is not None
        self.undated += record.time is None
        if self._packer is not None:
            self._packer.add(record)
            return None
        self._records.append(record)
        return None

    def add_rows(
        self, rows: Rows, keys: Sequence[Hashable]
    ) -> tuple[int, Sequence[tuple[Record, Record]]] | None:
        """Keep rows that have a time and stand each on a line of its own.

        Returns how many repeat a record, and those of them that may differ from it, after it;
        None, with nothing kept, where the id of one is another's.
        """
        packer = self._packer
        if packer is None or self._ids_like_lines:
            return None
        stated, keys = keys, _shorten_all(keys)
        fresh = self._find_fresh(keys)
        new, new_keys = rows, keys
        if fresh is not None:
            new, new_keys = rows.choose(fresh), list(compress(keys, fresh))
        natives = [native for native in new.native if native is not None]
        if (
            len(set(natives)) < len(natives)
            or not self._ids.isdisjoint(natives)
            or _UNIT + LINE in _UNIT + _UNIT.join(natives)
        ):
            return None
        self._ids.update(natives)
        if len(natives) < len(new):
            named = zip(new.number, new.native, strict=True)
            self._lines.extend(number for number, native in named if native is None)
        self._by_key.update(zip(new_keys, count(len(packer))))
        self._by_key.pop(None, None)
        if len(new):
            packer.add_rows(new)
        if fresh is None:
            return 0, ()
        compared = [
            not one and type(key) is not bytes for one, key in zip(fresh, stated, strict=True)
        ]
        return fresh.count(False), self._repeated(packer, rows, keys, compared)

    def _find_fresh(self, keys: Sequence[Hashable]) -> list[bool] | None:
        """Return which keys repeat none before them; None where none repeats any."""
        stated = [key for key in keys if key is not None] if None in keys else keys
        if len(set(stated)) == len(stated) and self._by_key.keys().isdisjoint(stated):
            return None
        seen: set[Hashable] = set()
        fresh = []
        for key in keys:
            fresh.append(key is None or (key not in seen and key not in self._by_key))
            seen.add(key)
        return fresh

    def _repeated(
        self, packer: RecordPacker, rows: Rows, keys: Sequence[Hashable], repeats: Sequence[bool]
    ) -> list[tuple[Record, Record]]:
        """Return the records kept and those that repeat them, where these are spelt otherwise."""
        if not any(repeats):
            return []
        again = rows.choose(repeats)
        positions = [self._by_key[key] for key in compress(keys, repeats)]
        unlike = packer.find_unlike(positions, again)
        if not any(unlike):
            return []
        records = packer.as_columns(again.choose(unlike))
        kept = packer.take(list(compress(positions, unlike)))
        return list(zip(kept, records, strict=True))

    def _pack(self) -> None:
        from attribution.model.packing import RecordPacker

        self._packer = RecordPacker()
        for record in self._records:
            self._packer.add(record)
        self._records = []

    def _names_line(self, name: str) -> bool:
        """Return whether this is the id of an entry that `add_rows` kept."""
        number = name.removeprefix(LINE)
        if number == name or len(number) > _MOST_DIGITS or not number.isascii():
            return False
        if not number.isdigit():
            return False
        at = bisect_left(self._lines, int(number))
        return at < len(self._lines) and f"{LINE}{self._lines[at]}" == name

    def _name_apart(self, record: Record) -> str:
        """Return an id no other record has: one line of JSON may hold many entries of one name."""
        name = f"{record.id} at {record.place}"
        count = self._repeats[name] = self._repeats.get(name, 0) + 1
        return name if count == 1 else f"{name} ({count})"

    def finish(self) -> Sequence[Record]:
        """Return all records; nothing can be kept any more."""
        if self._packer is None:
            return tuple(self._records)
        found = self._packer.finish()
        return found if len(found) >= self._packed_from else tuple(found)


def _shorten_all(keys: Sequence[Hashable]) -> list[Hashable]:
    """Return what `_shorten` returns for each key."""
    if set(map(type, keys)) == {tuple}:
        parts: Any = keys
        try:
            found = [_UNIT + _UNIT.join(key) for key in parts]
        except TypeError:
            return list(map(_shorten, keys))
        units = "".join(found).count(_UNIT)
        if max(map(len, found)) <= _SHORT_KEY and units == sum(map(len, parts)):
            return list[Hashable](found)
    return list(map(_shorten, keys))


def _shorten(key: Hashable) -> Hashable:
    """Return what takes little room and is equal for equal keys alone: of a long text its hash."""
    if type(key) is bytes:
        return blake2b(key, digest_size=16).digest()
    found: Hashable = key
    if type(key) is tuple:
        try:
            found = _UNIT + _UNIT.join(key)
        except TypeError:
            return key
        if found.count(_UNIT) != len(key):
            return key
    elif type(key) is str and key.startswith(_UNIT):
        return (key, 0)
    if type(found) is not str or len(found) <= _SHORT_KEY:
        return found
    return blake2b(found.encode("utf-8", "surrogatepass"), digest_size=16).digest()
