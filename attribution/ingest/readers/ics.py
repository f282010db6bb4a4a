"""Calendars (iCalendar, RFC 5545): what was planned - on-call shifts, maintenance, meetings.

An entry is told by its UID, and one date of a series by its RECURRENCE-ID beside it. A series is
one record; its other dates are not made up. A time with a TZID is of that IANA zone; where the
file defines the zone itself and the two differ, both lie inside the bounds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime

from attribution.errors import InputError
from attribution.ingest.fields import stated
from attribution.ingest.format import Format
from attribution.ingest.ical import Component, Property, walk_components
from attribution.ingest.icalzone import FileZone, ZoneError, parse_zone_component
from attribution.ingest.intake import Intake
from attribution.ingest.mentions import find_mentions
from attribution.ingest.source import Source
from attribution.ingest.times import Clock, Moment, TimeRefusedError
from attribution.model.instant import SECOND, Instant, format_instant, to_datetime
from attribution.model.record import JsonValue

_ENTRIES = frozenset({"VEVENT", "VJOURNAL"})
_DEFINING = frozenset({"VTIMEZONE", "VCALENDAR"})
_STAMP = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z)?)?")
_MOST_PEOPLE = 500


@dataclass(slots=True)
class _Calendar:
    """What holds for the whole file: its zones, its method, and how many entries repeat."""

    zones: dict[str, FileZone | str] = field(default_factory=dict)
    clocks: dict[str, Clock | None] = field(default_factory=dict)
    differing: set[str] = field(default_factory=set)
    method: bool = False
    series: int = 0


def _read(source: Source, intake: Intake) -> None:
    calendar = _Calendar()
    for component in walk_components(source, _DEFINING):
        if component.name == "VTIMEZONE" and (name := component.text("TZID")):
            try:
                calendar.zones.setdefault(name, parse_zone_component(component))
            except ZoneError as error:
                calendar.zones.setdefault(name, str(error))
        elif component.name == "VCALENDAR":
            calendar.method = calendar.method or component.find("METHOD") is not None
    for component in walk_components(source):
        if component.name in _DEFINING and not component.broken:
            continue
        if component.broken:
            intake.reject(component.place, f"{component.name}: {component.broken}")
        elif component.name in _ENTRIES:
            _add(intake, component, calendar)
        else:
            intake.reject(component.place, f"a {component.name} is not an entry that took time")
    if calendar.series:
        what = "entry repeats" if calendar.series == 1 else "entries repeat"
        intake.truncate(
            f"{calendar.series} {what} by a rule: only the dates that are stated are read"
        )


def _add(intake: Intake, entry: Component, calendar: _Calendar) -> None:
    place = entry.place
    start = entry.find("DTSTART")
    try:
        moment = _read_time(start, intake, place, calendar)
        again = _read_time(entry.find("RECURRENCE-ID"), intake, place, calendar)
    except TimeRefusedError as error:
        intake.reject(place, str(error))
        return
    uid, summary = entry.text("UID"), entry.text("SUMMARY")
    repeats = [f"{name}:{p.value[:500]}" for name in ("RRULE", "RDATE") for p in entry.all(name)]
    calendar.series += bool(repeats)
    native = uid if again is None or uid is None else f"{uid}/{_compact(again.time)}"
    organizer = entry.find("ORGANIZER")
    people = [_address(person) for person in entry.all("ATTENDEE")[:_MOST_PEOPLE]]
    transparency = entry.text("TRANSP")
    intake.add(
        place,
        "calendar.event",
        time=moment,
        written=_written(entry, intake, calendar),
        text="\n".join(part for part in (summary, entry.text("DESCRIPTION")) if part),
        actor=None if organizer is None else _address(organizer),
        subject=summary,
        native_id=native,
        data=stated(
            uid=uid,
            recurrence_id=None if again is None else format_instant(again.time),
            start=None if moment is None else format_instant(moment.time),
            end=_stamp_of(entry.find("DTEND"), intake, place, calendar),
            duration=entry.text("DURATION"),
            all_day=True if start is not None and "T" not in start.value else None,
            organizer=None if organizer is None else _address(organizer),
            by=None if organizer is None else organizer.parameters.get("CN") or None,
            attendees=list[JsonValue](people) or None,
            status=entry.text("STATUS"),
            location=entry.text("LOCATION"),
            repeats="; ".join(repeats) or None,
            excluded=[p.value[:500] for p in entry.all("EXDATE")] or None,
            sequence=entry.text("SEQUENCE"),
            refers_to=find_mentions(entry.text("DESCRIPTION") or ""),
            created=_stamp_of(entry.find("CREATED"), intake, place, calendar),
            busy=None if transparency is None else transparency.upper() == "OPAQUE",
        ),
    )


def _written(entry: Component, intake: Intake, calendar: _Calendar) -> Moment | None:
    """Return when the entry was last changed, else made.

    Without a method DTSTAMP is the last change; with one it is when the file was made (section
    3.8.7.2).
    """
    names = (
        ("LAST-MODIFIED", "CREATED") if calendar.method else ("LAST-MODIFIED", "DTSTAMP", "CREATED")
    )
    found = next((entry.find(name) for name in names if entry.find(name)), None)
    try:
        return _read_time(found, intake, entry.place, calendar)
    except TimeRefusedError:
        return None


def _stamp_of(
    found: Property | None, intake: Intake, place: str, calendar: _Calendar
) -> str | None:
    try:
        moment = _read_time(found, intake, place, calendar)
    except TimeRefusedError:
        return None
    return None if moment is None else format_instant(moment.time)


def _read_time(
    found: Property | None, intake: Intake, place: str, calendar: _Calendar
) -> Moment | None:
    """Return the moment of a DATE or DATE-TIME; None for none.

    Raises TimeRefusedError for what is no time or of a zone nobody defines, InputError for one
    without a zone (a floating time, a whole day) where none is declared.
    """
    if found is None or not found.value.strip():
        return None
    text = found.value.strip()
    match = _STAMP.fullmatch(text)
    if match is None:
        raise TimeRefusedError(f"{found.name} is not a time of a calendar: {text[:40]!r}")
    year, month, day, hour, minute, second, utc = match.groups()
    iso = f"{year}-{month}-{day}" + (f"T{hour}:{minute}:{second}{utc or ''}" if hour else "")
    zone = found.parameters.get("TZID")
    if zone is None or utc or hour is None:
        moment = intake.read_time(iso, place)
    else:
        moment = _read_in_zone(iso, zone, intake, calendar)
    original = text if zone is None else f"TZID={zone}:{text}"
    return None if moment is None else replace(moment, original=original)


def _read_in_zone(iso: str, zone: str, intake: Intake, calendar: _Calendar) -> Moment | None:
    """Return the moment by the zone of that name, the file's own rules, or both."""
    own = calendar.zones.get(zone)
    if zone not in calendar.clocks:
        calendar.clocks[zone] = _clock(zone)
    clock = calendar.clocks[zone]
    named = None if clock is None else clock.read(iso)
    if isinstance(own, FileZone):
        defined = _by_file(iso, own, zone)
        if named is None:
            return defined
        differs = (named.low, named.high) != (defined.low, defined.high)
        if differs and zone not in calendar.differing:
            calendar.differing.add(zone)
            intake.truncate(
                f"the file's own rules for {zone} differ from that zone's, first at {iso}: both"
                " readings lie inside the bounds"
            )
        return replace(named, low=min(named.low, defined.low), high=max(named.high, defined.high))
    if clock is None:
        why = "nothing defines it" if own is None else f"its definition cannot be used: {own}"
        raise TimeRefusedError(f"the time {iso} is of the zone {zone[:60]!r}, and {why}")
    return named


def _by_file(iso: str, zone: FileZone, name: str) -> Moment:
    if iso[:4] in {"0001", "9999"}:
        raise TimeRefusedError(f"{iso} stands for no real time")
    try:
        found = zone.instants(datetime.fromisoformat(iso))
    except (ValueError, OverflowError) as error:
        raise TimeRefusedError(f"there is no such time as {iso}: {error}") from None
    if not found:
        raise TimeRefusedError(f"the clocks of {name[:60]!r} skipped {iso}: they were set forward")
    return Moment(found[0], found[0], Instant(found[-1] + SECOND - 1), iso)


def _clock(zone: str) -> Clock | None:
    """Return a clock in the zone of an IANA name, None where there is no such name."""
    try:
        return Clock(zone)
    except InputError:
        return None


def _compact(moment: Instant) -> str:
    return to_datetime(moment).strftime("%Y%m%dT%H%M%SZ")


def _address(person: Property) -> str:
    """Return the address of a person; what is no mailto: as it stands."""
    value = person.value.strip()
    return value[7:] if value[:7].lower() == "mailto:" else value


def _sniff(source: Source) -> float:
    return float(
        source.head.removeprefix(b"\xef\xbb\xbf").lstrip()[:15].upper() == b"BEGIN:VCALENDAR"
    )


FORMAT = Format(
    id="ics",
    title="iCalendar files (.ics)",
    told_by="BEGIN:VCALENDAR at the start",
    source="https://www.rfc-editor.org/rfc/rfc5545",
    kinds=frozenset({"text"}),
    sniff=_sniff,
    read=_read,
)
