"""One event in the making: the records that tell of it, and which of them is believed on what."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from attribution.model.actor import ActorDirectory
from attribution.model.event import Event, Join, Precedent, Relation, Witness
from attribution.model.instant import Instant
from attribution.model.key import UNIT, is_unique, key_of_event, name_event
from attribution.model.record import JsonValue, Record
from attribution.timeline.names import natural

__all__ = ["UNIT", "Actors", "Draft", "Testimony", "arrange", "key_of_event"]

_BY_ID = (Join("native-id", "kind and native id are equal"),)
_BY_CONTENT = (Join("same-content", "kind, actor, stated time, subject and text are equal"),)


class Testimony(NamedTuple):
    """A record, the evidence item it stands in, and that source's clock in microseconds."""

    record: Record
    evidence: str
    offset: int
    error: int

    def bounds(self) -> tuple[Instant, Instant, Instant]:
        """Return low, time and high on the true clock; the record must have a time."""
        record = self.record
        if record.time is None:
            message = f"the record at {self.evidence}#{record.place} has no time"
            raise ValueError(message)
        low = record.time if record.time_low is None else min(record.time_low, record.time)
        high = record.time if record.time_high is None else max(record.time_high, record.time)
        offset, error = self.offset, self.error
        return (
            Instant(low + offset - error),
            Instant(record.time + offset),
            Instant(high + offset + error),
        )


class Actors:
    """Finds actors in a directory, each name once."""

    def __init__(self, directory: ActorDirectory) -> None:
        self._directory = directory
        self._ids: dict[str | None, str | None] = {}

    def find(self, name: str | None) -> str | None:
        """Return the id of the actor known by this name, None when nothing says whose it is."""
        if name not in self._ids:
            actor = self._directory.resolve(name)
            self._ids[name] = None if actor is None else actor.id
        return self._ids[name]


def arrange(testimonies: list[Testimony]) -> list[Testimony]:
    """Return the witnesses of one event, given by evidence id, as they are believed.

    Smaller interval, then more facts, then the content itself decide, so that neither the ids nor
    the order of evidence can; only among equal records does the place decide which is cited first.
    """
    first = testimonies[0]
    if len(testimonies) == 1:
        return testimonies
    if all(_same_content(first.record, other.record) for other in testimonies[1:]):
        if len({one.evidence for one in testimonies}) == len(testimonies):
            return sorted(testimonies, key=_precision)  # stable: equal ones stay by evidence id
        return sorted(testimonies, key=lambda one: (_precision(one), *_citation(one)))
    return sorted(
        testimonies,
        key=lambda one: (_precision(one), *_content(one.record), *_citation(one)),
    )


def _same_content(one: Record, other: Record) -> bool:
    return (
        one.text == other.text
        and one.data == other.data
        and one.actor == other.actor
        and one.subject == other.subject
        and one.original_time == other.original_time
    )


def _precision(testimony: Testimony) -> tuple[int, int, int]:
    if testimony.record.time is None:
        return 1, 0, 0
    low, time, high = testimony.bounds()
    return 0, high - low, time


def _content(record: Record) -> tuple[int, str]:
    facts = [record.actor, record.subject, record.text, record.original_time, dict(record.data)]
    known = sum(value is not None for value in record.data.values())
    return -known, json.dumps(facts, sort_keys=True, default=str)


def _citation(testimony: Testimony) -> tuple[object, object]:
    return natural(testimony.evidence), natural(testimony.record.place)


@dataclass(slots=True)
class Draft:
    """The key of an event and its witnesses, in the order in which they are believed.

    `told` are witnesses that add no facts: their time, author and place are those of the telling.
    `joins` says why they are one event, where that is more than one key for all.
    """

    key: str
    testimonies: Sequence[Testimony]
    told: tuple[Testimony, ...] = ()
    joins: tuple[Join, ...] | None = None
    relations: tuple[Relation, ...] = ()
    id: str = field(init=False)
    """`ev-` and 64 bits of the hash of the key."""
    bounds: tuple[Instant, Instant, Instant] | tuple[None, None, None] = field(init=False)
    """Low, time and high of the first witness on the true clock."""

    def __post_init__(self) -> None:
        lead = self.testimonies[0]
        self.bounds = (None, None, None) if lead.record.time is None else lead.bounds()
        self.id = name_event(self.key)

    @property
    def lead(self) -> Record:
        """Return the record that is believed first."""
        return self.testimonies[0].record

    def certain_joins(self) -> tuple[Join, ...]:
        """Return why records with one key are one event; nothing for a record alone."""
        if len(self.testimonies) == 1:
            return ()
        return _BY_ID if is_unique(self.lead.native_id) else _BY_CONTENT

    def to_event(
        self,
        actors: Actors,
        undecidable: tuple[str, ...] = (),
        overlaps: int = 0,
        after: tuple[Precedent, ...] = (),
        bounded_by: tuple[str, ...] = (),
    ) -> Event:
        """Return the event; a fact the first witness lacks comes from the next that has it."""
        lead = self.lead
        actor_name, subject, data = lead.actor, lead.subject, lead.data
        if len(self.testimonies) > 1:
            records = [testimony.record for testimony in self.testimonies]
            actor_name = next((r.actor for r in records if r.actor is not None), None)
            subject = next((r.subject for r in records if r.subject is not None), None)
            if any(record.data != data for record in records):
                data = _unite([record.data for record in records])
        low, time, high = self.bounds
        return Event(
            id=self.id,
            kind=lead.kind,
            time=time,
            time_low=low,
            time_high=high,
            written=self._written(),
            original_time=lead.original_time,
            actor=actors.find(actor_name),
            actor_name=actor_name,
            subject=subject,
            text=lead.text,
            native_id=lead.native_id,
            witnesses=tuple(
                [
                    Witness(testimony.evidence, testimony.record.place)
                    for testimony in (*self.testimonies, *self.told)
                ]
            ),
            order_undecidable_with=undecidable,
            overlaps=overlaps,
            data=data,
            after=after,
            bounded_by=bounded_by,
            joined_by=self.certain_joins() if self.joins is None else self.joins,
            relations=self.relations,
        )

    def _written(self) -> Instant | None:
        for testimony in self.testimonies:
            if testimony.record.written is not None:
                return Instant(testimony.record.written + testimony.offset)
        return None


def tell_event(
    testimony: Testimony,
    name: str,
    actors: Actors,
    undecidable: tuple[str, ...] = (),
    overlaps: int = 0,
) -> Event:
    """Return the event of this id that one record alone tells of."""
    record = testimony.record
    low, time, high = (None, None, None) if record.time is None else testimony.bounds()
    written = None if record.written is None else Instant(record.written + testimony.offset)
    return Event(
        id=name,
        kind=record.kind,
        time=time,
        time_low=low,
        time_high=high,
        written=written,
        original_time=record.original_time,
        actor=actors.find(record.actor),
        actor_name=record.actor,
        subject=record.subject,
        text=record.text,
        native_id=record.native_id,
        witnesses=(Witness(testimony.evidence, record.place),),
        order_undecidable_with=undecidable,
        overlaps=overlaps,
        data=record.data,
    )


def _unite(facts: Sequence[Mapping[str, JsonValue]]) -> dict[str, JsonValue]:
    """Return the facts of all witnesses; where they differ the one believed first is taken."""
    united: dict[str, JsonValue] = {}
    for data in facts:
        for key, value in data.items():
            if united.get(key) is None:
                united[key] = value
    return dict(sorted(united.items()))
