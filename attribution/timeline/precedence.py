"""Which events records themselves put in order, whatever the clocks say: the table at work.

A record that names another event by an id which that event had to exist for is later than it, and
so is what stands after it in a sequence that is only added to. `precedence.yaml` lists what counts,
why, and when it is wrong.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, pairwise, product
from typing import NamedTuple

from attribution.model.record import JsonValue, Record
from attribution.timeline.draft import Draft, Testimony
from attribution.timeline.names import natural
from attribution.timeline.precedence_table import Mark, Marks, load_table

_PATH_LINKS = frozenset({"path", "end"})
_MANY = -1
"""Stands for the position of an event where several bear one name."""

Name = tuple[str, ...]
Shape = tuple[str, str, tuple[str, ...], tuple[JsonValue, ...]]
"""Format, kind, facts, and the values of those that decide which marks a record may hold."""

_OTHER = "@other"
"""Stands for every value of such a fact that the table does not name."""


class Step(NamedTuple):
    """That the event at one position comes no later than that at another, and by which rule."""

    earlier: int
    later: int
    rule: str


def find_precedence(drafts: Sequence[Draft], formats: Mapping[str, str]) -> tuple[Step, ...]:
    """Return which of the dated drafts come after which, sorted, each step once.

    `formats` are those of the evidence items. A name that several events bear orders nothing.
    A record of a kind that the table is not about costs two looks into mappings.
    """
    table = load_table()
    by_format = {name: table.marks_of(name) for name in sorted({*formats.values(), ""})}
    deciding = {
        (name, kind): marks.deciding
        for name, by_kind in by_format.items()
        for kind, marks in by_kind.items()
    }
    stated: list[tuple[int, Testimony, Shape]] = []
    chosen: dict[Shape, Marks] = {}
    for at, draft in enumerate(drafts):
        for testimony in draft.testimonies:
            record = testimony.record
            format_id = formats.get(testimony.evidence, "")
            facts = deciding.get((format_id, record.kind))
            if facts is None:
                continue
            # Records of one kind state the same facts over and over.
            values = tuple(_reduce(record.data.get(fact), facts[fact]) for fact in facts)
            shape = format_id, record.kind, tuple(record.data), values
            if shape not in chosen:
                marks = by_format[format_id][record.kind]
                chosen[shape] = marks.choose(
                    frozenset(record.data), dict(zip(facts, values, strict=True))
                )
            stated.append((at, testimony, shape))
    chosen = _drop_unmatched(chosen)
    found = _Told({}, [], defaultdict(dict))
    for at, testimony, shape in stated:
        if any(chosen[shape]):
            origin = _Origin(testimony.record, testimony.evidence, shape[0])
            found.take(at, chosen[shape], origin)
    steps = {
        Step(earlier, at, rule)
        for rule, space, name, at in found.wanted
        if (earlier := found.names.get((space, name), at)) not in {at, _MANY}
    }
    for (rule, _), places in found.members.items():
        steps.update(_follow(rule, places, drafts, by_clock=rule in table.by_clock))
    return tuple(sorted(steps))


def _reduce(value: JsonValue, named: frozenset[JsonValue]) -> JsonValue:
    """Return a value that the table names, or what stands for any other but none."""
    if value is None or (isinstance(value, str | int | float) and value in named):
        return value
    return _OTHER


def _drop_unmatched(chosen: Mapping[Shape, Marks]) -> dict[Shape, Marks]:
    """Return the marks without names that nobody asks for, and without asking for what nobody is.

    Most records of a log could be named by others, and no other record here names any.
    """
    borne = {mark.space for marks in chosen.values() for mark in marks.own}
    asked = {mark.space for marks in chosen.values() for mark in marks.other}
    return {
        shape: Marks(
            tuple(mark for mark in marks.own if mark.space in asked),
            tuple(mark for mark in marks.other if mark.space in borne),
            marks.sequences,
        )
        for shape, marks in chosen.items()
    }


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
        if not mark.fits(self.record):
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
