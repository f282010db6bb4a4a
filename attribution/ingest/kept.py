"""The records that an intake keeps: each once, each under an id of its own, as columns if many."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Hashable, Sequence
from dataclasses import replace
from itertools import compress
from typing import TYPE_CHECKING

from attribution.ingest.keys import UNIT, Keys
from attribution.model.record import Record

if TYPE_CHECKING:
    from attribution.model.packing import RecordPacker, Rows

PACKED_FROM = 1 << 12
"""From how many records on they are kept as columns (see `attribution.model.columns`)."""

LINE = "line "
"""What the place of an entry on a line of its own begins with; its number follows."""

_MOST_DIGITS = 18


class Kept:
    """Records in the order in which they came; those that repeat one by its key are not kept."""

    def __init__(self, packed_from: int = PACKED_FROM) -> None:
        self.undated = 0
        self._packed_from = packed_from
        self._records: list[Record] = []
        self._packer: RecordPacker | None = None
        self._offered = 0
        self._keys = Keys()
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
        known = None if key is None else self._keys.find(key)
        if known is not None:
            return record if type(key) is bytes else self._all[known]
        if self._keys.is_taken(record.id) or self._names_line(record.id):
            record = replace(record, id=self._name_apart(record))
        self._keys.add(key, record, len(self))
        self._ids_like_lines |= record.id.startswith(LINE) and record.native_id is not None
        self.undated += record.time is None
        if self._packer is not None:
            self._packer.add(record)
            return None
        self._records.append(record)
        return None

    def add_rows(
        self, rows: Rows, keys: Sequence[Hashable] | None
    ) -> tuple[int, Sequence[tuple[Record, Record]]] | None:
        """Keep rows that have a time and stand each on a line of its own.

        Keys are their own, kind and native id, where none are given. Returns how many repeat a
        record, and those of them that may differ from it, after it; None, with nothing kept, where
        the id of one is another's.
        """
        packer = self._packer
        if packer is None or self._ids_like_lines:
            return None
        if keys is None:
            natives = [native for native in rows.native[:] if native is not None]
            if self._are_free(natives) and not self._keys.know_own(rows.kind, natives):
                self._keys.add_own(rows.kind, natives, len(packer))
                packer.add_rows(rows)
                return 0, ()
            keys = list(zip(rows.kind, rows.native, strict=True))
        return self._add_keyed(packer, rows, keys)

    def _add_keyed(
        self, packer: RecordPacker, rows: Rows, keys: Sequence[Hashable]
    ) -> tuple[int, Sequence[tuple[Record, Record]]] | None:
        fresh = self._find_fresh(keys)
        new, new_keys = rows, keys
        if fresh is not None:
            new, new_keys = rows.choose(fresh), list(compress(keys, fresh))
        natives = [native for native in new.native if native is not None]
        if not self._are_free(natives):
            return None
        if len(natives) < len(new):
            named = zip(new.number, new.native, strict=True)
            self._lines.extend(number for number, native in named if native is None)
        self._keys.add_all(new_keys, new, len(packer))
        if len(new):
            packer.add_rows(new)
        if fresh is None:
            return 0, ()
        compared = [
            not one and type(key) is not bytes for one, key in zip(fresh, keys, strict=True)
        ]
        return fresh.count(False), self._repeated(packer, rows, keys, compared)

    def _are_free(self, natives: Sequence[str]) -> bool:
        """Return whether all of these can be ids, and none could be the place of a line."""
        return self._keys.are_free(natives) and UNIT + LINE not in UNIT + UNIT.join(natives)

    def _find_fresh(self, keys: Sequence[Hashable]) -> list[bool] | None:
        """Return which keys repeat none before them; None where none repeats any."""
        known = self._keys.find_all(keys)
        stated = [key for key in keys if key is not None] if None in keys else keys
        if len(set(stated)) == len(stated) and known.count(None) == len(known):
            return None
        seen: set[Hashable] = set()
        fresh = []
        for key, position in zip(keys, known, strict=True):
            fresh.append(key is None or (position is None and key not in seen))
            seen.add(key)
        return fresh

    def _repeated(
        self, packer: RecordPacker, rows: Rows, keys: Sequence[Hashable], repeats: Sequence[bool]
    ) -> list[tuple[Record, Record]]:
        """Return the records kept and those that repeat them, where these are spelt otherwise."""
        if not any(repeats):
            return []
        again = rows.choose(repeats)
        found = self._keys.find_all(list(compress(keys, repeats)))
        positions = [position for position in found if position is not None]
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
