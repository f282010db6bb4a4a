"""Time zones that an iCalendar file defines itself (RFC 5545, section 3.6.5).

A VTIMEZONE is a list of observances: from each onset on, clocks stand at an offset. Onsets repeat
yearly by a rule of month and weekday, which is all that calendars write; other rules are refused
rather than run, as a rule can be made to take for ever.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from attribution.ingest.ical import Component
from attribution.model.instant import Instant, from_datetime

_OFFSET = re.compile(r"([+-])(\d\d)(\d\d)(\d\d)?")
_STAMP = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(Z)?")
_DAY = re.compile(r"([+-]?\d)?(MO|TU|WE|TH|FR|SA|SU)")
_DIGITS = re.compile(r"[0-9]{1,2}")
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_KNOWN = frozenset({"FREQ", "BYMONTH", "BYDAY", "BYMONTHDAY", "UNTIL", "WKST", "INTERVAL"})
_MOST = 500


class ZoneError(ValueError):
    """A VTIMEZONE that cannot be relied on; the message says why."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """The days of a year on which an onset repeats, and the last of them."""

    months: tuple[int, ...]
    weekday: int | None
    ordinal: int
    days: tuple[int, ...]
    until: datetime | None
    until_utc: bool

    def dates(self, year: int) -> Iterator[date]:
        for month in self.months:
            length = calendar.monthrange(year, month)[1]
            found = [
                day
                for day in (self.days or range(1, length + 1))
                if 0 < day <= length
                and (self.weekday is None or date(year, month, day).weekday() == self.weekday)
            ]
            if self.ordinal:
                at = self.ordinal - 1 if self.ordinal > 0 else self.ordinal
                found = found[at : at + 1 or None] if -len(found) <= at < len(found) else []
            yield from (date(year, month, day) for day in found)


@dataclass(frozen=True, slots=True)
class _Observance:
    """Onsets in local time, and the offsets before and from then on."""

    start: datetime
    before: timedelta
    after: timedelta
    rule: _Rule | None
    dates: tuple[datetime, ...]

    def onsets(self, year: int) -> Iterator[datetime]:
        """Yield every onset, in UTC, that can be the last one at some time in the year."""
        yield from (moment - self.before for moment in (self.start, *self.dates))
        if self.rule is None:
            return
        last = year + 1 if self.rule.until is None else min(year + 1, self.rule.until.year)
        for repeat in range(max(self.start.year, last - 3), last + 1):
            for day in self.rule.dates(repeat):
                local = datetime.combine(day, self.start.time())
                end = local - self.before if self.rule.until_utc else local
                if local >= self.start and (self.rule.until is None or end <= self.rule.until):
                    yield local - self.before


@dataclass(slots=True)
class FileZone:
    """A zone of the file's own; it remembers the onsets of the years it was asked for."""

    observances: tuple[_Observance, ...]
    _known: dict[int, list[tuple[datetime, timedelta]]] = field(default_factory=dict)

    def instants(self, local: datetime) -> tuple[Instant, ...]:
        """Return the instants at which its clocks showed a naive time: none, one or two."""
        if local.year not in self._known:
            self._known[local.year] = sorted(
                (onset, observance.after)
                for observance in self.observances
                for onset in observance.onsets(local.year)
            )
        onsets = self._known[local.year]
        earliest = min(self.observances, key=lambda item: item.start).before
        offsets = {earliest} | {after for _, after in onsets}
        found = [
            moment
            for offset in offsets
            if self._offset_at(moment := local - offset, onsets, earliest) == offset
        ]
        return tuple(from_datetime(moment.replace(tzinfo=UTC)) for moment in sorted(found))

    @staticmethod
    def _offset_at(
        moment: datetime, onsets: list[tuple[datetime, timedelta]], earliest: timedelta
    ) -> timedelta:
        passed = [after for onset, after in onsets if onset <= moment]
        return passed[-1] if passed else earliest


def parse_zone_component(component: Component) -> FileZone:
    """Return the zone of a VTIMEZONE; ZoneError for one that is broken or has another rule."""
    if component.broken:
        raise ZoneError(component.broken)
    parts = [part for part in component.inside if part.name in {"STANDARD", "DAYLIGHT"}]
    if not 0 < len(parts) <= _MOST:
        raise ZoneError("it has no observance, or too many")
    zone = FileZone(tuple(_observance(part) for part in parts))
    if sum(len(observance.dates) for observance in zone.observances) > _MOST:
        raise ZoneError("it has too many RDATE")
    return zone


def _observance(part: Component) -> _Observance:
    start = _stamp(part.text("DTSTART") or "")
    listed = [value for entry in part.all("RDATE") for value in entry.value.split(",")]
    rules = part.all("RRULE")
    return _Observance(
        start,
        _offset(part.text("TZOFFSETFROM")),
        _offset(part.text("TZOFFSETTO")),
        _rule(rules[0].value, start) if rules else None,
        tuple(_stamp(value) for value in listed),
    )


def _stamp(text: str) -> datetime:
    match = _STAMP.fullmatch(text)
    try:
        if match is not None:
            return datetime(*(int(part) for part in match.groups()[:6]))  # type: ignore[arg-type] # noqa: DTZ001
    except ValueError:
        pass
    raise ZoneError(f"there is no onset {text[:30]!r}")


def _offset(text: str | None) -> timedelta:
    match = _OFFSET.fullmatch(text or "")
    if match is None:
        raise ZoneError(f"there is no offset {(text or '')[:30]!r}")
    hours, minutes, seconds = int(match[2]), int(match[3]), int(match[4] or 0)
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if offset >= timedelta(days=1):
        raise ZoneError(f"there is no offset {text!r}")
    return -offset if match[1] == "-" else offset


def _rule(text: str, start: datetime) -> _Rule:
    parts = dict(part.partition("=")[::2] for part in text.upper().split(";")[:20] if part)
    simple = parts.get("FREQ") == "YEARLY" and parts.get("INTERVAL", "1") == "1"
    if not simple or not parts.keys() <= _KNOWN:
        raise ZoneError(f"its rule is not a plain yearly one: {text[:60]!r}")
    day = _DAY.fullmatch(parts["BYDAY"]) if "BYDAY" in parts else None
    if "BYDAY" in parts and day is None:
        raise ZoneError(f"its rule names more than one weekday: {text[:60]!r}")
    until = parts.get("UNTIL", "")
    if until and "T" not in until:
        until += "T235959"
    return _Rule(
        months=_numbers(parts.get("BYMONTH"), 1, 12) or (start.month,),
        weekday=None if day is None else _DAYS.index(day[2]),
        ordinal=int(day[1] or 0) if day else 0,
        days=_numbers(parts.get("BYMONTHDAY"), 1, 31) or (() if day else (start.day,)),
        until=_stamp(until) if until else None,
        until_utc=until.endswith("Z"),
    )


def _numbers(text: str | None, low: int, high: int) -> tuple[int, ...]:
    if text is None:
        return ()
    listed = text.split(",")
    if not all(_DIGITS.fullmatch(part) and low <= int(part) <= high for part in listed):
        raise ZoneError(f"its rule has a number out of range: {text[:40]!r}")
    return tuple(sorted({int(part) for part in listed}))
