"""The joins of a timeline that a person can confirm, contest or undo."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from attribution.model.event import Apart, Event, Join, Timeline
from attribution.model.manifest import COPIES, JOIN
from attribution.model.record import JsonValue
from attribution.timeline.rules import REJECTED, RULES


@dataclass(frozen=True, slots=True)
class Joining:
    """Records that are one event, or were until a person undid it.

    `id` is what a decision names: `join:EVENT`, or `copies:EVENT` where one native id or equal
    content joined them. `bases` are pairs of a rule's id and what it rests on here.
    """

    id: str
    status: str
    event: str
    text: str
    records: tuple[str, ...]
    bases: tuple[tuple[str, str], ...]

    @property
    def awaits_decision(self) -> bool:
        """Return whether a rule proposed it and nobody has decided."""
        return self.status == "proposed"

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the entry of `attribution review --json`."""
        return {
            "id": self.id,
            "status": self.status,
            "event": self.event,
            "text": self.text,
            "records": list(self.records),
            "joined_by": [{"rule": rule, "basis": basis} for rule, basis in self.bases],
        }


def list_joinings(timeline: Timeline) -> tuple[Joining, ...]:
    """Return what rules joined and people undid, in the order of events.

    Copies (one native id, or equal content) are there only where a person undid them.
    """
    events = (*timeline.events, *timeline.undated)
    joined = [entry for event in events for entry in _of_event(event)]
    texts = {event.id: event.text for event in events}
    undone = [
        _of_apart(apart, texts) for apart in timeline.apart if apart.reason.startswith(REJECTED)
    ]
    return (*joined, *sorted(undone, key=lambda entry: entry.id))


def list_decidable(timeline: Timeline) -> frozenset[str]:
    """Return every id of a join that a decision can name, those of copies included."""
    copies = (
        f"{COPIES}{event.id}"
        for event in (*timeline.events, *timeline.undated)
        if all(not join.records for join in event.joined_by)
        and len({witness.evidence for witness in event.witnesses}) > 1
    )
    return frozenset((*copies, *(entry.id for entry in list_joinings(timeline))))


def _of_event(event: Event) -> Iterator[Joining]:
    rules = [join for join in event.joined_by if RULES[join.rule].decidable]
    if rules:
        yield Joining(
            f"{JOIN}{event.id}",
            rules[0].status,
            event.id,
            event.text,
            event.references,
            tuple((join.rule, join.basis) for join in _distinct(rules)),
        )


def _distinct(joins: list[Join]) -> list[Join]:
    return list({(join.rule, join.basis): join for join in joins}.values())


def _of_apart(apart: Apart, texts: dict[str, str]) -> Joining:
    prefix = JOIN if RULES[apart.rule].decidable else COPIES
    event = apart.events[0]
    return Joining(
        f"{prefix}{event}",
        "rejected",
        event,
        texts.get(event, ""),
        apart.records,
        ((apart.rule, apart.reason),),
    )
