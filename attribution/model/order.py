"""Which of two things came first, as far as their times and the records of their order tell.

Every comparison of uncertain times goes through here, so that "it cannot be decided" is an answer
and not lost in a sign of less-than.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from attribution.model.event import Event
from attribution.model.instant import SECOND, Instant, format_instant
from attribution.model.interval import Interval
from attribution.model.record import JsonValue


@dataclass(frozen=True, slots=True)
class Moment:
    """When something happened: no earlier than `low` and no later than `high`.

    `what` names it inside a sentence ("the first alert"); `event` is the event of the timeline that
    it is, where it is one.
    """

    what: str
    low: Instant
    high: Instant
    references: tuple[str, ...] = ()
    event: str | None = None

    @classmethod
    def of_event(cls, event: Event, what: str) -> Moment | None:
        """Return when an event happened, None for an undated one."""
        if event.time is None:
            return None
        low = event.time if event.time_low is None else event.time_low
        high = event.time if event.time_high is None else event.time_high
        return cls(what, low, high, event.references, event.id)

    @classmethod
    def at(cls, instant: Instant, what: str, references: tuple[str, ...] = ()) -> Moment:
        """Return a moment that is known exactly, as a declared time is."""
        return cls(what, instant, instant, references)

    @property
    def span(self) -> str:
        """Return `2026-03-09T18:59:00Z to 2026-03-09T18:59:59Z`, one time where it is exact."""
        low, high = (format_instant(_to_second(end)) for end in (self.low, self.high))
        return low if low == high else f"{low} to {high}"

    def to_dict(self) -> dict[str, JsonValue]:
        """Return what it is, its bounds, its evidence and the event."""
        return {
            "what": self.what,
            "time_low": format_instant(self.low),
            "time_high": format_instant(self.high),
            "evidence": list(self.references),
            "event": self.event,
        }


def _to_second(instant: Instant) -> Instant:
    """Return the whole second that an instant lies in: fractions of a bound only hide the rest."""
    return Instant(instant - instant % SECOND)


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """Two moments whose order cannot be decided, and the node whose statement depends on it.

    `rests` says in words what depends on the first being no later than the second.
    """

    first: Moment
    second: Moment
    node: str
    rests: str

    @property
    def sentence(self) -> str:
        """Return that the order cannot be decided, and why."""
        return (
            f"the order of {self.first.what} and {self.second.what} cannot be decided: their times"
            f" overlap ({self.first.span} against {self.second.span})"
        )

    def to_dict(self) -> dict[str, JsonValue]:
        """Return both moments, the node, and what depends on it."""
        return {
            "first": self.first.to_dict(),
            "second": self.second.to_dict(),
            "node": self.node,
            "rests": self.rests,
        }


class Chronicle:
    """Compares moments: by the clocks where these can tell, else by records of their order."""

    def __init__(self, events: Iterable[Event] = ()) -> None:
        self._after: dict[str, tuple[str, ...]] = {}
        self._high: dict[str, Instant] = {}
        self._commits: dict[str, Event] = {}
        for event in events:
            if event.after:
                before = tuple(one.event for one in event.after if not one.against_clocks)
                self._after[event.id] = before
            if event.kind == "commit" and isinstance(sha := event.data.get("sha"), str):
                self._commits.setdefault(sha, event)

    def commit(self, sha: str, committed: Instant | None, what: str) -> Moment | None:
        """Return when a commit was made: as its event has it, else at the time given."""
        event = self._commits.get(sha)
        if event is not None:
            return Moment.of_event(event, what)
        return None if committed is None else Moment.at(committed, what)

    def is_no_later(self, first: Moment, second: Moment) -> bool | None:
        """Return whether `first` came no later than `second`, None where it cannot be decided."""
        if first.high <= second.low:
            return True
        if first.low > second.high:
            return False
        if first.event is None or second.event is None:
            return None
        if first.event == second.event or self._leads(first.event, second.event):
            return True
        return False if self._leads(second.event, first.event) else None

    def _leads(self, start: str, end: str) -> bool:
        """Whether records put one event before another, directly or through others."""
        seen = {end}
        queue = [end]
        for at in queue:
            for before in self._after.get(at, ()):
                if before == start:
                    return True
                if before not in seen:
                    seen.add(before)
                    queue.append(before)
        return False


def seconds_between(first: Moment, second: Moment, point: float) -> Interval:
    """Return the seconds from one moment to another: least, the estimate given, and most."""
    low, high = (second.low - first.high) / SECOND, (second.high - first.low) / SECOND
    return Interval(min(low, point), point, max(high, point))
