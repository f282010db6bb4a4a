"""The phases of a response to a failure, as the records show them."""

from __future__ import annotations

from dataclasses import dataclass

from attribution.graph.doubt import first_sign
from attribution.graph.draft import Draft
from attribution.graph.facts import Facts
from attribution.graph.rules.onset import failure_id
from attribution.model.event import Event
from attribution.model.instant import SECOND, Instant
from attribution.model.interval import Interval
from attribution.model.order import Moment, seconds_between
from attribution.model.service import Objectives, Service


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase of the response: how long it took and how long it was to take, in seconds.

    `opened` and `closed` bound its beginning and its end; `began` is the earliest of the one, or
    the time of the record that shows it, and `ended` that of the other.
    """

    name: str
    duty: str
    began: Instant
    ended: Instant | None
    objective: float
    events: tuple[Event, ...]
    opened: Moment
    closed: Moment | None

    def excess(self, outage_end: Instant | None) -> float:
        """Return the seconds by which the phase ran over; an unfinished one ran to the end."""
        ended = self.ended if self.ended is not None else outage_end
        return 0.0 if ended is None else (ended - self.began) / SECOND - self.objective

    @property
    def took(self) -> Interval | None:
        """Return the seconds it took: least, by the records' times, most; None while it lasts."""
        if self.closed is None or self.ended is None:
            return None
        took = seconds_between(self.opened, self.closed, (self.ended - self.began) / SECOND)
        return Interval(max(0.0, took.low), max(0.0, took.point), max(0.0, took.high))

    @property
    def deadline(self) -> Moment:
        """Return when it was to be over."""
        given = round(self.objective * SECOND)
        what = f"the end of the objective for {self.name} ({span(self.objective)})"
        return Moment(
            what,
            Instant(self.opened.low + given),
            Instant(self.opened.high + given),
            self.opened.references,
        )


def list_phases(
    facts: Facts, draft: Draft, service: Service, objectives: Objectives
) -> tuple[Phase, ...]:
    """Return the phases of the response that have an objective and a recorded beginning."""
    onset = first_sign(draft.nodes[failure_id(service)], service.name)
    earliest = None if onset is None else Moment.at(onset.low, onset.what)
    alert = first_event(facts, service, "alert.triggered", earliest)
    alerted = _moment(alert, "the first alert")
    taken = first_event(facts, service, "alert.acknowledged", alerted or earliest)
    taken_up = _moment(taken, "the acknowledgement")
    ended = _end(facts, service, taken_up or earliest)
    phases = []
    if objectives.detect is not None and onset is not None and alerted is not None:
        phases.append(
            Phase(
                name="detection",
                duty="detect-in-time",
                began=onset.low,
                ended=_time(alert),
                objective=objectives.detect,
                events=_distinct(alert),
                opened=onset,
                closed=alerted,
            )
        )
    if objectives.acknowledge is not None and alerted is not None:
        phases.append(
            Phase(
                name="acknowledgement",
                duty="acknowledge-in-time",
                began=_time(alert) or alerted.low,
                ended=_time(taken),
                objective=objectives.acknowledge,
                events=_distinct(alert, taken),
                opened=alerted,
                closed=taken_up,
            )
        )
    if objectives.mitigate is not None and taken_up is not None:
        phases.append(
            Phase(
                name="mitigation",
                duty="mitigate-in-time",
                began=_time(taken) or taken_up.low,
                ended=_time(ended),
                objective=objectives.mitigate,
                events=_distinct(taken, ended),
                opened=taken_up,
                closed=_moment(ended, "the record that it was over"),
            )
        )
    return tuple(phases)


def has_alert(facts: Facts, draft: Draft, service: Service) -> bool:
    """Whether an alert is on record that does not certainly lie before the failure."""
    onset = first_sign(draft.nodes[failure_id(service)], service.name)
    earliest = None if onset is None else Moment.at(onset.low, onset.what)
    return first_event(facts, service, "alert.triggered", earliest) is not None


def _moment(event: Event | None, what: str) -> Moment | None:
    return None if event is None else Moment.of_event(event, what)


def _time(event: Event | None) -> Instant | None:
    return None if event is None else event.time


def _distinct(*events: Event | None) -> tuple[Event, ...]:
    return tuple({event.id: event for event in events if event is not None}.values())


def first_event(facts: Facts, service: Service, kind: str, after: Moment | None) -> Event | None:
    """Return the first event of a kind about a service, or about one of its incidents.

    It is the first that cannot be told to have come before the moment given.
    """
    incidents = {
        event.data.get("incident")
        for event in facts.events("alert.triggered")
        if facts.concerns(event, service)
    } - {None}
    for event in facts.events(kind):
        mine = facts.concerns(event, service) or event.data.get("incident") in incidents
        if mine and not _is_earlier(facts, event, after):
            return event
    return None


def _is_earlier(facts: Facts, event: Event, after: Moment | None) -> bool:
    """Whether an event certainly came before a moment."""
    moment = Moment.of_event(event, event.kind)
    if after is None or moment is None:
        return False
    return facts.chronicle.is_no_later(after, moment) is False


def _end(facts: Facts, service: Service, after: Moment | None) -> Event | None:
    for event in facts.events("impact"):
        over = event.data.get("phase") == "end" and facts.concerns(event, service)
        if over and not _is_earlier(facts, event, after):
            return event
    return first_event(facts, service, "alert.resolved", after)


def span(seconds: float) -> str:
    """Return a duration in its two largest units."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "h"), (minutes, "min"), (rest, "s")]
    told = [f"{amount} {unit}" for amount, unit in parts if amount]
    return " ".join(told[:2]) or "0 s"
