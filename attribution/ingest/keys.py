"""By which keys the records kept so far are known, and which names are taken as their ids."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from hashlib import blake2b
from itertools import compress
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from attribution.model.packing import Rows
    from attribution.model.record import Record

UNIT = "\x1f"  # the ASCII unit separator stands between the parts of a key

_SHORT_KEY = 64
_PAIR = 2
_NOTHING: Mapping[Hashable, int] = MappingProxyType({})


class Keys:
    """The position of the record with each key, and the ids that are no record's to take.

    A record's own key is its kind and native id. The native id is then its id as well, unless that
    was taken, so one mapping of each kind knows both; what else is a key or an id stands apart.
    """

    def __init__(self) -> None:
        self._own: dict[Hashable, dict[Hashable, int]] = {}
        self._others: dict[Hashable, int] = {}
        self._ids: set[str] = set()
        self._has_tuples = False

    def find(self, key: Hashable) -> int | None:
        """Return the position of the record with a key, None where there is none."""
        if type(key) is tuple and len(key) == _PAIR:
            found = self._own_of(key[0]).get(key[1])
            if found is not None:
                return found
        return self._others.get(_shorten(key))

    def find_all(self, keys: Sequence[Hashable]) -> list[int | None]:
        """Return what `find` returns for each key, None for no key."""
        found: list[int | None] = [None] * len(keys)
        if self._own:
            found = [
                self._own_of(key[0]).get(key[1])
                if type(key) is tuple and len(key) == _PAIR
                else None
                for key in keys
            ]
        if not self._others or None not in found:
            return found
        others = map(self._others.get, _shorten_all(keys))
        return [one if one is not None else other for one, other in zip(found, others, strict=True)]

    def _own_of(self, kind: Hashable) -> Mapping[Hashable, int]:
        return self._own.get(kind, _NOTHING)

    def is_taken(self, name: str) -> bool:
        """Return whether a record has this id, those aside whose ids are their places."""
        return name in self._ids or any(name in own for own in self._own.values())

    def are_free(self, names: Sequence[str]) -> bool:
        """Return whether these differ from each other and from every id that is taken."""
        distinct = set(names)
        return len(distinct) == len(names) and all(
            taken.isdisjoint(distinct)
            for taken in (self._ids, *(own.keys() for own in self._own.values()))
        )

    def know_own(self, kinds: Iterable[str], natives: Sequence[str]) -> bool:
        """Return whether `find` may know the own key of a record whose native id is free."""
        if not self._has_tuples:
            return False
        pairs = list(zip(kinds, natives, strict=True))
        return not self._others.keys().isdisjoint(_shorten_all(pairs))

    def add(self, key: Hashable, record: Record, position: int) -> None:
        """Note the key and the id of a record."""
        native = record.native_id
        if native is not None and key == (record.kind, native):
            self._own.setdefault(record.kind, {})[native] = position
            if record.id == native:
                return
        elif key is not None:
            self._has_tuples |= type(key) is tuple
            self._others[_shorten(key)] = position
        self._ids.add(record.id)

    def add_own(self, kinds: Sequence[str], natives: Sequence[str], first: int) -> None:
        """Note records, from a position on, whose ids are their native ids and keys their own."""
        positions = range(first, first + len(natives))
        for kind in dict.fromkeys(kinds):
            own = self._own.setdefault(kind, {})
            if kinds.count(kind) == len(kinds):
                own.update(zip(natives, positions, strict=True))
            else:
                chosen = [one == kind for one in kinds]
                own.update(zip(compress(natives, chosen), compress(positions, chosen), strict=True))

    def add_all(self, keys: Sequence[Hashable], rows: Rows, first: int) -> None:
        """Note rows, from a position on, whose ids are their native ids, and their keys."""
        others: list[Hashable] = []
        positions = []
        for position, (key, kind, native) in enumerate(
            zip(keys, rows.kind, rows.native, strict=True), first
        ):
            if native is not None and key == (kind, native):
                self._own.setdefault(kind, {})[native] = position
                continue
            if native is not None:
                self._ids.add(native)
            if key is not None:
                others.append(key)
                positions.append(position)
        if others:
            self._has_tuples = self._has_tuples or tuple in map(type, others)
            self._others.update(zip(_shorten_all(others), positions, strict=True))


def _shorten_all(keys: Sequence[Hashable]) -> list[Hashable]:
    """Return what `_shorten` returns for each key."""
    if set(map(type, keys)) == {tuple}:
        parts: Any = keys
        try:
            found = [UNIT + UNIT.join(key) for key in parts]
        except TypeError:
            return list(map(_shorten, keys))
        units = "".join(found).count(UNIT)
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
            found = UNIT + UNIT.join(key)
        except TypeError:
            return key
        if found.count(UNIT) != len(key):
            return key
    elif type(key) is str and key.startswith(UNIT):
        return (key, 0)
    if type(found) is not str or len(found) <= _SHORT_KEY:
        return found
    return blake2b(found.encode("utf-8", "surrogatepass"), digest_size=16).digest()
