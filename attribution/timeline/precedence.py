"""Which events records themselves put in order, whatever the clocks say: the table at work.

A record that names another event by an id which that event had to exist for is later than it, and
so is what stands after it in a sequence that is only added to. `precedence.yaml` lists what counts,
why, and when it is wrong.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise, product
from pathlib import Path
from typing import Any, NamedTuple

from attribution.model.record import JsonValue, Record
from attribution.timeline.draft import Draft
from attribution.timeline.names import natural

TABLE = Path(__file__).with_name("precedence.yaml")
_PATH_LINKS = frozenset({"path", "end"})
_MANY = -1
"""Stands for the position of an event where several bear one name."""

Name = tuple[str, ...]


class Step(NamedTuple):
    """That the event at one position comes no later than that at another, and by which rule."""

    earlier: int
    later: int
    rule: str


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

    @property
    def limited(self) -> bool:
        """Whether the row is about some of the records of its kinds alone."""
        return bool(self.where) or self.unless is not None or self.received

    def can_be_on(self, facts: Collection[str]) -> bool:
        """Whether a record that states these facts alone may hold the key."""
        return all(value is None or fact in facts for fact, value in self.where.items()) and all(
            any(choice in facts or choice in _SPECIAL for choice in choices) for choices in self.key
        )

    def fits(self, record: Record) -> bool:
        """Whether the record is one of those that the row is about, its format aside."""
        data = record.data
        for fact, value in self.where.items():
            if data.get(fact) != value:
                return False
        if self.unless is not None and data.get(self.unless) is not None:
            return False
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

    def choose(self, facts: Collection[str]) -> Marks:
        """Return those that a record which states these facts alone may hold."""
        return Marks(*(tuple(mark for mark in group if mark.can_be_on(facts)) for group in self))


@cache
def load_table() -> Table:
    """Return the table of what orders events."""
    from ruamel.yaml import YAML

    rows = YAML(typ="safe").load(TABLE.read_text("utf-8"))
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


def find_precedence(drafts: Sequence[Draft], formats: Mapping[str, str]) -> tuple[Step, ...]:
    """Return which of the dated drafts come after which, sorted, each step once.

    `formats` are those of the evidence items. A name that several events bear orders nothing.
    A record of a kind that the table is not about costs two looks into mappings.
    """
    table = load_table()
    by_format = {name: table.marks_of(name) for name in sorted({*formats.values(), ""})}
    by_evidence = {evidence: by_format[name] for evidence, name in formats.items()}
    found = _Told({}, [], defaultdict(dict))
    chosen: dict[tuple[str, str, tuple[str, ...]], Marks] = {}
    for at, draft in enumerate(drafts):
        for testimony in draft.testimonies:
            record, evidence = testimony.record, testimony.evidence
            marks = by_evidence.get(evidence, by_format[""]).get(record.kind)
            if marks is None:
                continue
            # Records of one kind state the same facts over and over.
            shape = evidence, record.kind, tuple(record.data)
            if shape not in chosen:
                chosen[shape] = marks.choose(frozenset(record.data))
            if any(chosen[shape]):
                origin = _Origin(record, evidence, formats.get(evidence, ""))
                found.take(at, chosen[shape], origin)
    steps = {
        Step(earlier, at, rule)
        for rule, space, name, at in found.wanted
        if (earlier := found.names.get((space, name), at)) not in {at, _MANY}
    }
    for (rule, _), places in found.members.items():
        steps.update(_follow(rule, places, drafts, by_clock=rule in table.by_clock))
    return tuple(sorted(steps))


class _Told(NamedTuple):
    """What the records tell: whose a name is, which names come before which, and sequences."""

    names: dict[tuple[str, Name], int]
    wanted: list[tuple[str, str, Name, int]]
    members: dict[tuple[str, Name], dict[int, tuple[object, int]]]

    def take(self, at: int, marks: Marks, origin: _Origin) -> None:
        """Take in what one record of the event at a position tells."""
        for mark in marks.own:
            for name in origin.names(mark):
                if self.names.setdefault((mark.space, name), at) != at:
                    self.names[mark.space, name] = _MANY
        for mark in marks.other:
            for name in origin.names(mark):
                self.wanted.append((mark.id, mark.space, name, at))
        for mark in marks.sequences:
            for name in origin.names(mark):
                places, time = self.members[mark.id, name], origin.record.time or 0
                _join(places, at, origin.place_in(mark), time)


class _Origin(NamedTuple):
    """A record and where it stands."""

    record: Record
    evidence: str
    format: str

    def names(self, mark: Mark) -> Sequence[Name]:
        """Return what the record holds of the mark's key; nothing where a part is missing."""
        if mark.limited and not mark.fits(self.record):
            return ()
        parts = []
        for choices in mark.key:
            value = self._value(choices)
            if value is None:
                return ()
            parts.append(value)
        if list not in map(type, parts):
            return (tuple(map(str, parts)),)
        lists = [part if isinstance(part, list) else [str(part)] for part in parts]
        return tuple(product(*([v for v in values if isinstance(v, str)] for values in lists)))

    def place_in(self, mark: Mark) -> object:
        """Return what orders the record in its sequence."""
        value = self._value((mark.position or "",))
        return None if value is None else natural(str(value))

    def _value(self, choices: Iterable[str]) -> str | int | list[JsonValue] | None:
        """Return the first of the facts that is there and can be part of a name."""
        for choice in choices:
            special = _SPECIAL.get(choice)
            value = self.record.data.get(choice) if special is None else special(self)
            if value is not None and value != "" and isinstance(value, str | int | list):
                return value
        return None


def _native_part(origin: _Origin, index: int) -> str | None:
    """Return what stands before (0) or after (2) the last slash of a record's own id."""
    home, slash, number = (origin.record.native_id or "").rpartition("/")
    return (home, slash, number)[index] if slash else None


def _consequences(origin: _Origin) -> JsonValue:
    """Return the ids of the events that lead to this one by its links."""
    links = origin.record.data.get("links")
    pairs = [link for link in links if isinstance(link, list)] if isinstance(links, list) else []
    return [link[1] for link in pairs if len(link) > 1 and link[0] in _PATH_LINKS]


_SPECIAL = {
    "@format": lambda origin: origin.format,
    "@evidence": lambda origin: origin.evidence,
    "@place": lambda origin: origin.record.place,
    "@native": lambda origin: origin.record.native_id,
    "@home": lambda origin: _native_part(origin, 0),
    "@number": lambda origin: _native_part(origin, 2),
    "@links": _consequences,
}


def _join(places: dict[int, tuple[object, int]], at: int, place: object, time: int) -> None:
    """Note where in a sequence an event stands: where it stands twice, the first time counts."""
    if place is not None and (at not in places or (place, time) < places[at]):
        places[at] = place, time


def _follow(
    rule: str,
    places: Mapping[int, tuple[object, int]],
    drafts: Sequence[Draft],
    *,
    by_clock: bool,
) -> Iterable[Step]:
    """Yield the steps from each member of a sequence to the next, where clocks leave them open.

    A step is left out where every event up to it ends, by its interval, before any from it on
    begins. Members at one place have no order.
    """
    line = sorted(places, key=lambda at: (places[at], at))
    runs: list[list[int]] = []
    for at in line:
        if runs and places[runs[-1][0]][0] == places[at][0]:
            runs[-1].append(at)
        else:
            runs.append([at])
    chain = [run[0] for run in runs if len(run) == 1]
    bounds = [drafts[at].bounds for at in chain]
    latest = list(accumulate((high or 0 for _, _, high in bounds), max))
    earliest = list(accumulate((low or 0 for low, _, _ in reversed(bounds)), min))[::-1]
    for index, (earlier, later) in enumerate(pairwise(chain)):
        open_ = latest[index] >= earliest[index + 1]
        if open_ and not (by_clock and places[earlier][1] > places[later][1]):
            yield Step(earlier, later, rule)
