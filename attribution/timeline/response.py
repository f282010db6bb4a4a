"""When the harm began and how long it took to see, take up, limit and end it.

The figures are read from the merged timeline, each with the event it comes from. Where no record
shows a step, the figure is absent: it is never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from attribution.model.analysis import Analysis
from attribution.model.event import Event, Timeline
from attribution.model.instant import SECOND, Instant, format_instant
from attribution.model.interval import Interval
from attribution.model.manifest import Manifest
from attribution.model.order import Chronicle, Moment, seconds_between
from attribution.model.record import JsonValue

STEPS = ("start", "detected", "acknowledged", "mitigated", "recovered")

_MITIGATING = frozenset({"monitoring"})
_RESOLVING = frozenset({"resolved", "completed"})


@dataclass(frozen=True, slots=True)
class Mark:
    """One step of the response: its time and the record that shows it (an event or a harm item).

    `low` and `high` bound the time; both are the time itself where it was declared.
    """

    step: str
    time: Instant
    event: Event | None
    source: str

    @property
    def moment(self) -> Moment:
        """Return when it was, with its bounds."""
        found = None if self.event is None else Moment.of_event(self.event, self.step)
        return found or Moment.at(self.time, self.step)

    def to_dict(self) -> dict[str, JsonValue]:
        """Return step, time, its bounds, and source."""
        moment = self.moment
        return {
            "step": self.step,
            "time": format_instant(self.time),
            "time_low": format_instant(moment.low),
            "time_high": format_instant(moment.high),
            "source": self.source,
        }


@dataclass(frozen=True, slots=True)
class Delay:
    """Seconds from the start to a step, with bounds; `in_order` is None where that is open."""

    seconds: Interval
    in_order: bool | None


def find_marks(analysis: Analysis) -> tuple[Mark, ...]:
    """Return the steps of the response of a case; see `find_response`."""
    return find_response(analysis.manifest, analysis.timeline)


def find_response(manifest: Manifest, timeline: Timeline) -> tuple[Mark, ...]:
    """Return the steps of the response that the records show, in the order of `STEPS`.

    The start is the first impact on record (else the earliest stretch of harm declared, else the
    first alert). Detection is the first alert from then on, acknowledgement the first one after
    the start, mitigation the first "monitoring" on the status page or resolved alert, recovery
    the end of impact on record, else the end of the last stretch of harm, else "resolved".
    """
    events = [event for event in timeline.events if event.time is not None]
    start = _find_start(manifest, events)
    if start is None:
        return ()
    after = [
        event for event in events if event.time_high is not None and event.time_high >= start.time
    ]
    found = (
        start,
        _first("detected", after, lambda event: event.kind == "alert.triggered"),
        _first("acknowledged", after, lambda event: event.kind == "alert.acknowledged"),
        _first("mitigated", after, _is_mitigation),
        _find_end(manifest, after),
    )
    return tuple(mark for mark in found if mark is not None)


def find_delays(marks: tuple[Mark, ...], events: Iterable[Event]) -> Mapping[str, Delay]:
    """Return, for each step but the start, how long after it the step came.

    The order of the two is what the records of order in `events` and the bounds of both tell.
    """
    start = next((mark for mark in marks if mark.step == "start"), None)
    if start is None:
        return {}
    chronicle = Chronicle(events)
    return {
        mark.step: Delay(
            seconds_between(start.moment, mark.moment, (mark.time - start.time) / SECOND),
            chronicle.is_no_later(start.moment, mark.moment),
        )
        for mark in marks
        if mark is not start
    }


def find_impact(marks: tuple[Mark, ...]) -> tuple[Instant, Instant] | None:
    """Return start and end of the impact, None where either is not on record."""
    by_step = {mark.step: mark.time for mark in marks}
    if "start" not in by_step or "recovered" not in by_step:
        return None
    return by_step["start"], max(by_step["start"], by_step["recovered"])


def _find_start(manifest: Manifest, events: list[Event]) -> Mark | None:
    impact = _first("start", events, lambda event: _is_impact(event, "start"))
    if impact is not None:
        return impact
    harm = min((h.start for h in manifest.harms if h.start is not None), default=None)
    if harm is not None:
        return Mark("start", harm, None, "declared with the harm")
    return _first("start", events, lambda event: event.kind == "alert.triggered")


def _find_end(manifest: Manifest, events: list[Event]) -> Mark | None:
    ends = [event for event in events if _is_impact(event, "end")]
    if ends:
        return _mark("recovered", ends[-1])
    harm = max((h.end for h in manifest.harms if h.end is not None), default=None)
    if harm is not None:
        return Mark("recovered", harm, None, "declared with the harm")
    return _first(
        "recovered",
        events,
        lambda event: event.kind == "status.update" and _status(event) in _RESOLVING,
    )


def _is_impact(event: Event, phase: str) -> bool:
    return event.kind == "impact" and event.data.get("phase") == phase


def _is_mitigation(event: Event) -> bool:
    if event.kind == "status.update":
        return _status(event) in _MITIGATING
    return event.kind == "alert.resolved"


def _status(event: Event) -> str:
    return str(event.data.get("status", "")).casefold()


def _first(step: str, events: Iterable[Event], wanted: Callable[[Event], bool]) -> Mark | None:
    return next((_mark(step, event) for event in events if wanted(event)), None)


def _mark(step: str, event: Event) -> Mark | None:
    if event.time is None:
        return None
    return Mark(step, event.time, event, event.witnesses[0].reference)
