"""The table of what records put in order themselves: names they hold, and names of others.

`precedence.yaml` lists what counts, why, and when it is wrong.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from attribution.model.record import JsonValue, Record
from attribution.tablefile import read_table

TABLE = Path(__file__).with_name("precedence.yaml")
SPECIAL = frozenset({"@format", "@evidence", "@place", "@native", "@home", "@number", "@links"})
"""What a key can hold beside facts: where a record stands, its id and parts of it, its links."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of the table, as it is told to people."""

    id: str
    statement: str
    basis: str
    order_proof: str
    wrong_when: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Records of one kind and the key they hold: a name of their own, of another, or a sequence.

    Each part of the key is the facts of which the first that a record has is taken.
    """

    id: str
    space: str
    key: tuple[tuple[str, ...], ...]
    formats: frozenset[str]
    where: Mapping[str, JsonValue]
    unless: str | None
    received: bool
    position: str | None = None

    def can_be_on(self, facts: Collection[str], values: Mapping[str, JsonValue]) -> bool:
        """Whether a record that states these facts, some with these values, may hold the key."""
        return (
            all(values.get(fact) == value for fact, value in self.where.items())
            and (self.unless is None or values.get(self.unless) is None)
            and all(
                any(choice in facts or choice in SPECIAL for choice in choices)
                for choices in self.key
            )
        )

    def fits(self, record: Record) -> bool:
        """Whether a record that may hold the key was received when it was written, if need be."""
        return not self.received or record.time == record.written


@dataclass(frozen=True, slots=True)
class Table:
    """The table, its marks by the kind of record: own names, names of others, sequences."""

    rules: Mapping[str, Rule]
    own: Mapping[str, tuple[Mark, ...]]
    other: Mapping[str, tuple[Mark, ...]]
    sequences: Mapping[str, tuple[Mark, ...]]
    by_clock: frozenset[str]
    refused: tuple[tuple[str, str], ...]

    @property
    def kinds(self) -> frozenset[str]:
        """Return the kinds of record that the table is about."""
        return frozenset(self.own.keys() | self.other.keys() | self.sequences.keys())

    def marks_of(self, format_id: str) -> Mapping[str, Marks]:
        """Return the marks by kind of record that can be on records of a format."""
        found = {}
        for kind in sorted(self.kinds):
            marks = Marks(
                *(
                    tuple(m for m in group.get(kind, ()) if not m.formats or format_id in m.formats)
                    for group in (self.own, self.other, self.sequences)
                )
            )
            if any(marks):
                found[kind] = marks
        return found


class Marks(NamedTuple):
    """What records of one kind and format can hold: own names, names of others, sequences."""

    own: tuple[Mark, ...]
    other: tuple[Mark, ...]
    sequences: tuple[Mark, ...]

    @property
    def deciding(self) -> dict[str, frozenset[JsonValue]]:
        """Return the facts whose values decide which marks a record holds, and those values.

        For a fact that decides by being there, there is none.
        """
        found: dict[str, set[JsonValue]] = defaultdict(set)
        for mark in (mark for group in self for mark in group):
            for fact, value in mark.where.items():
                found[fact].add(value)
            if mark.unless is not None:
                found[mark.unless] |= set()
        return {fact: frozenset(values) for fact, values in sorted(found.items())}

    def choose(self, facts: Collection[str], values: Mapping[str, JsonValue]) -> Marks:
        """Return those that a record which states these facts, some with these values, may hold."""
        return Marks(
            *(tuple(mark for mark in group if mark.can_be_on(facts, values)) for group in self)
        )


@cache
def load_table() -> Table:
    """Return the table of what orders events."""
    rows = read_table(TABLE)
    own: dict[str, list[Mark]] = defaultdict(list)
    other: dict[str, list[Mark]] = defaultdict(list)
    sequences: dict[str, list[Mark]] = defaultdict(list)
    for space, row in rows["names"].items():
        _add(own, row, space, space, row["key"])
    for rule in rows["rules"]:
        for row in rule["later"]:
            _add(other, row, rule["id"], row["names"], row["key"])
    for row in rows["sequences"]:
        _add(sequences, row, row["id"], row["id"], row["group"])
    told = [*rows["rules"], *rows["sequences"]]
    return Table(
        {row["id"]: _rule(row) for row in told},
        {kind: tuple(marks) for kind, marks in own.items()},
        {kind: tuple(marks) for kind, marks in other.items()},
        {kind: tuple(marks) for kind, marks in sequences.items()},
        frozenset(row["id"] for row in rows["sequences"] if row.get("clock_agrees")),
        tuple((row["statement"], row["why"]) for row in rows["refused"]),
    )


def _rule(row: Mapping[str, Any]) -> Rule:
    texts = {key: str(row[key]).strip() for key in Rule.__slots__}
    return Rule(**texts)


def _add(
    marks: dict[str, list[Mark]],
    row: Mapping[str, Any],
    rule: str,
    space: str,
    key: Sequence[str],
) -> None:
    mark = Mark(
        rule,
        space,
        tuple(tuple(part.split("|")) for part in key),
        frozenset(row.get("formats", ())),
        dict(row.get("where", {})),
        row.get("unless"),
        bool(row.get("received", False)),
        row.get("position"),
    )
    for kind in row["kinds"]:
        marks[kind].append(mark)
