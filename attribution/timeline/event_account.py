"""What an event is, in words: who witnesses it, why they are one event, and what it refers to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attribution.model.event import Apart, Event, Join
from attribution.model.instant import format_instant
from attribution.timeline.rules import RULES

_MOST_SHOWN = 20


def describe_event(
    event: Event, events: Mapping[str, Event], apart: Iterable[Apart]
) -> tuple[tuple[str, str], ...]:
    """Return paragraphs by title: time, joins with their rules, relations, what was left apart.

    `events` are all of the timeline by id, for the words of those referred to.
    """
    return (
        ("What", event.text or event.subject or event.kind),
        ("When", _when(event)),
        ("Witnesses", ", ".join(event.references)),
        *_joins(event.joined_by),
        *_relations(event, events),
        *(_left_apart(one, event) for one in apart if event.id in one.events),
    )


def _when(event: Event) -> str:
    if event.time is None or event.time_low is None or event.time_high is None:
        return f"undated; the record says {event.original_time!r}" if event.original_time else "-"
    low, high = format_instant(event.time_low), format_instant(event.time_high)
    return f"{format_instant(event.time)}, between {low} and {high}"


def _joins(joins: Iterable[Join]) -> Iterator[tuple[str, str]]:
    told: dict[str, list[str]] = {}
    for join in joins:
        on = f" [{', '.join(join.records)}]" if join.records else ""
        status = "" if join.status == "certain" else f" ({join.status})"
        told.setdefault(join.rule, []).append(f"{join.basis}{on}{status}")
    for rule_id, bases in told.items():
        rule = RULES[rule_id]
        shown = "; ".join(bases[:_MOST_SHOWN])
        more = f"; and {len(bases) - _MOST_SHOWN} more" if len(bases) > _MOST_SHOWN else ""
        yield (
            f"One event by the rule {rule_id}",
            f"Here: {shown}{more}. {rule.statement} Why: {rule.why} When wrong: {rule.when_wrong}",
        )


def _relations(event: Event, events: Mapping[str, Event]) -> Iterator[tuple[str, str]]:
    for relation in event.relations[:_MOST_SHOWN]:
        other = events.get(relation.event)
        words = "" if other is None else f" ({other.kind}: {other.text or other.subject or ''})"
        yield f"Refers to {relation.event}", f"{relation.basis}{words}"


def _left_apart(apart: Apart, event: Event) -> tuple[str, str]:
    others = [name for name in apart.events if name != event.id]
    with_others = f" with {', '.join(others)}" if others else ""
    return (
        "Left apart",
        f"The rule {apart.rule} would have made it one event{with_others}, but: {apart.reason}.",
    )
