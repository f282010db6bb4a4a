"""What a reader makes of entries that differ in a few fields alone: worked out once, then filled.

A template is made by the reader's own code, handed an entry with marks in place of those fields. So
it can say nothing that the reader would not; where it looks at a field that the template does not
know of, there is no template.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from attribution.ingest.fields import Table
from attribution.model.record import JsonValue

_REMEMBERED = 1 << 16
_PATIENCE = 1 << 15
_MARKS = tuple(f"91827364509182{number:05d}" for number in range(10, 20))
"""Texts that stand for fields, each of digits, so that a reader can make a number of it as well."""

encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Template:
    """The record of an entry, and what is to be put where.

    `native` are the texts between the first field where it stands in the native id; `data` is JSON
    cut where a field stands, `slots` which field that is and whether it is a number there.
    `aliases` are names that the entry states, each with the kind of actor.
    """

    kind: str
    actor: str | None
    subject: str | None
    text: str | None
    native: tuple[str, str]
    data: tuple[bytes, ...]
    slots: tuple[tuple[int, bool], ...]
    aliases: tuple[tuple[tuple[str | None, ...], str | None], ...]

    def fill(self, values: Sequence[str]) -> bytes | None:
        """Return `data` with these texts in place; None where one can be no number as it must."""
        if not self.slots:
            return self.data[0]
        parts = [self.data[0]]
        for (field, is_number), after in zip(self.slots, self.data[1:], strict=True):
            value = values[field]
            if is_number and not (value.isascii() and value.isdigit() and value[0] != "0"):
                return None
            parts += (value.encode() if is_number else encode(value), after)
        return b"".join(parts)


class _Watched(dict[str, JsonValue]):
    """An entry that notes which of its fields are asked for."""

    def __init__(self, entry: Mapping[str, JsonValue]) -> None:
        super().__init__(entry)
        self.asked: set[object] = set()

    def get(self, key: str, default: Any = None) -> Any:  # noqa: ANN401 - as dict.get
        self.asked.add(key)
        return super().get(key, default)

    def __getitem__(self, key: str) -> JsonValue:
        self.asked.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.asked.add(key)
        return super().__contains__(key)


class _Hearing:
    """Takes what a reader says of one entry in place of an intake."""

    def __init__(self) -> None:
        self.said: dict[str, Any] = {}
        self.aliases: list[tuple[tuple[str | None, ...], str | None]] = []

    def add(self, _place: str, kind: str, **said: Any) -> None:  # noqa: ANN401 - as Intake.add
        self.said = {"kind": kind, **said}

    def alias(self, names: tuple[str | None, ...], _place: str, kind: str | None = None) -> None:
        self.aliases.append((names, kind))


class Templates:
    """Templates by what does not differ.

    `varying` are the fields that do, the first of them the one a native id is made of; `text` is
    the field that is the text of the record, where it is one of them. `known` are all fields that
    an entry may hold; `add` is the reader's own function for one entry.
    """

    def __init__(
        self,
        varying: Sequence[str],
        known: frozenset[str],
        add: Callable[[Any, str, Table], None],
    ) -> None:
        self._varying = varying
        self._known = known
        self._add = add
        self._made: dict[Hashable, Template | None] = {}
        self._asked = self._learnt = 0

    def find(self, key: Hashable, entry: Callable[[], dict[str, JsonValue]]) -> Template | None:
        """Return the template of entries with this key, None where there is none.

        Where most entries are like no other before, none is made any more: it would not pay.
        `entry` makes an entry of that key without the varying fields.
        """
        self._asked += 1
        found = self._made.get(key)
        if found is None and key not in self._made:
            self._learnt += 1
            if self._learnt > _PATIENCE and 10 * self._learnt > 9 * self._asked:
                return None
            if len(self._made) >= _REMEMBERED:
                self._made.clear()
            found = self._made[key] = self._learn(entry())
        return found

    def _learn(self, fixed: dict[str, JsonValue]) -> Template | None:
        marks = dict(zip(self._varying, _MARKS, strict=False))
        entry = _Watched(fixed | marks)
        hearing = _Hearing()
        self._add(hearing, "", entry)
        said = hearing.said
        if not said or not entry.asked <= self._known:
            return None
        first, text = _MARKS[0], said["text"]
        native = said["native_id"].split(first) if said["native_id"] else []
        if len(native) != 2 or any(mark in repr(fixed) for mark in marks.values()):  # noqa: PLR2004 - before and after
            return None
        cut = _cut(encode(said["data"]), list(marks.values()))
        return Template(
            kind=said["kind"],
            actor=said.get("actor"),
            subject=said.get("subject"),
            text=None if text in marks.values() else text,
            native=(native[0], native[1]),
            data=cut[0],
            slots=cut[1],
            aliases=tuple(hearing.aliases),
        )


def _cut(
    data: bytes, marks: Sequence[str]
) -> tuple[tuple[bytes, ...], tuple[tuple[int, bool], ...]]:
    """Return JSON cut at its marks, and for each cut which mark it was and whether a number."""
    places = sorted(_find(data, marks))
    parts, slots, at = [], [], 0
    for start, end, field, is_number in places:
        parts.append(data[at:start])
        slots.append((field, is_number))
        at = end
    return (*parts, data[at:]), tuple(slots)


def _find(data: bytes, marks: Sequence[str]) -> Iterator[tuple[int, int, int, bool]]:
    for field, mark in enumerate(marks):
        at = data.find(mark.encode())
        while at >= 0:
            end = at + len(mark)
            quoted = data[at - 1 : at] == data[end : end + 1] == b'"'
            yield (at - 1, end + 1, field, False) if quoted else (at, end, field, True)
            at = data.find(mark.encode(), end)
