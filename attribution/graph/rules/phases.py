"""The phases of a response to a failure, as the records show them."""

from __future__ import annotations

from dataclasses import dataclass

from attribution.graph.draft import Draft
from attribution.graph.facts import Facts
from attribution.graph.rules.onset import failure_id
from attribution.model.event import Event
from attribution.model.instant import SECOND, Instant
from attribution.model.manifest import Objectives, Service


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase of the response: how long it took and how long it was to take, in seconds."""

    name: str
    duty: str
    began: Instant
    ended: Instant | None
    objective: float
    events: tuple[Event, ...]

    def excess(self, outage_end: Instant | None) -> float:
        """Return the seconds by which the phase ran over; an unfinished one ran to the end."""
        ended = self.ended if self.ended is not None else outage_end
        return 0.0 if ended is None else (ended - self.began) / SECOND - self.objective


def list_phases(
    facts: Facts, draft: Draft, service: Service, objectives: Objectives
) -> tuple[Phase, ...]:
    """Return the phases of the response that have an objective and a recorded beginning."""
    onset = draft.nodes[failure_id(service)].time_low
    alert = first_event(facts, service, "alert.triggered", onset)
    taken = first_event(facts, service, "alert.acknowledged", alert.time if alert else onset)
    ended = _end(facts, service, taken.time if taken else onset)
    phases = []
    if objectives.detect is not None and onset is not None and alert is not None:
        phases.append(
            _phase(
                "detection",
                "detect-in-time",
                began=onset,
                ended=alert,
                objective=objectives.detect,
                opened=alert,
            )
        )
    if objectives.acknowledge is not None and alert is not None and alert.time is not None:
        phases.append(
            _phase(
                "acknowledgement",
                "acknowledge-in-time",
                began=alert.time,
                ended=taken,
                objective=objectives.acknowledge,
                opened=alert,
            )
        )
    if objectives.mitigate is not None and taken is not None and taken.time is not None:
        phases.append(
            _phase(
                "mitigation",
                "mitigate-in-time",
                began=taken.time,
                ended=ended,
                objective=objectives.mitigate,
                opened=taken,
            )
        )
    return tuple(phases)


def _phase(
    name: str,
    duty: str,
    *,
    began: Instant,
    ended: Event | None,
    objective: float,
    opened: Event | None,
) -> Phase:
    events = tuple(event for event in (opened, ended) if event is not None)
    return Phase(
        name=name,
        duty=duty,
        began=began,
        ended=ended.time if ended is not None else None,
        objective=objective,
        events=_distinct(events),
    )


def _distinct(events: tuple[Event, ...]) -> tuple[Event, ...]:
    return tuple({event.id: event for event in events}.values())


def first_event(facts: Facts, service: Service, kind: str, after: Instant | None) -> Event | None:
    """Return the first event of a kind about a service, or about one of its incidents."""
    incidents = {
        event.data.get("incident")
        for event in facts.events("alert.triggered")
        if facts.concerns(event, service)
    } - {None}
    for event in facts.events(kind):
        mine = facts.concerns(event, service) or event.data.get("incident") in incidents
        if mine and (after is None or (event.time is not None and event.time >= after)):
            return event
    return None


def _end(facts: Facts, service: Service, after: Instant | None) -> Event | None:
    for event in facts.events("impact"):
        over = event.data.get("phase") == "end" and facts.concerns(event, service)
        if over and (after is None or (event.time or 0) >= after):
            return event
    return first_event(facts, service, "alert.resolved", after)


def span(seconds: float) -> str:
    """Return a duration in its two largest units."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "h"), (minutes, "min"), (rest, "s")]
    told = [f"{amount} {unit}" for amount, unit in parts if amount]
    return " ".join(told[:2]) or "0 s"
