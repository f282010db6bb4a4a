"""Times as records write them, put into UTC without ever guessing a zone, an order or a year.

Every time comes with the bounds its resolution allows: a time given to the second may be any
microsecond of that second. Formats: RFC 3339, ISO 8601 (extended form), Unix epochs, and whatever
`time_format` of `case.yaml` declares for a hand-kept file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from attribution.errors import InputError
from attribution.model.instant import HOUR, MINUTE, SECOND, Instant, from_datetime, to_datetime
from attribution.model.manifest import Period
from attribution.schema.values import ZONE_FORM, advise_zone

DAY = 24 * HOUR
_REMEMBERED = 4096
_NO_YEAR = 9999  # programs write it for "never", and a clock's offset must fit after any time
_LEAP_YEAR = 2000  # has every date a year can have

_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)"
    r"(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,18}))?)?\s?(Z|z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?"
)
_OFFSET = re.compile(r"([+-])(\d\d)(?::?(\d\d))?")
_DIRECTIVE = re.compile(r"%[-_^#]?([A-Za-z%])")
_RESOLUTIONS = (("f", 1), ("S", SECOND), ("M", MINUTE), ("HI", HOUR))
_EPOCH_RANGES = ((1e11, SECOND), (1e14, 1000), (1e17, 1))
"""Largest epoch value read as seconds, milliseconds, microseconds, and microseconds per unit."""


class TimeRefusedError(ValueError):
    """A time that is there but cannot be put on a clock; the message is the reason."""


class ZoneMissingError(ValueError):
    """A time without a zone, where none was declared."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When something happened: the time itself, its inclusive bounds, and the text it came from."""

    time: Instant
    low: Instant
    high: Instant
    original: str


def parse_zone(name: str) -> tzinfo:
    """Return the zone of an IANA name, `UTC` or a fixed offset such as `+02:00`.

    Raises InputError for anything else.
    """
    if name in {"UTC", "Z", "utc", "GMT"}:
        return UTC
    try:
        match = _OFFSET.fullmatch(name)
        return ZoneInfo(name) if match is None else _fixed(match)
    except (KeyError, ValueError, OSError):
        raise InputError(
            "there is no time zone of this name",
            got=repr(name),
            expected=ZONE_FORM,
            remedy=f"correct `zone` in case.yaml, or `--tz`: {advise_zone(name)}",
        ) from None


class Clock:
    """Reads the times of one evidence item under its declared zone, time format and window."""

    def __init__(
        self,
        zone: str | None = None,
        time_format: str | None = None,
        window: Period | None = None,
    ) -> None:
        self._zone = None if zone is None else parse_zone(zone)
        self._format = None if time_format is None else _TimeFormat.parse(time_format)
        self._window = window
        self._known: dict[str, Moment | None] = {}

    @property
    def has_zone(self) -> bool:
        """Whether a zone is declared for times that carry none."""
        return self._zone is not None

    @property
    def has_format(self) -> bool:
        """Whether it is declared how times are written."""
        return self._format is not None

    def read(self, value: object) -> Moment | None:
        """Return the moment a record's time field states; None when the field states none.

        Numbers are epochs. An unset time (empty, year 1, epoch 0) is none at all.
        Raises TimeRefusedError for a time that cannot be read, ZoneMissingError for one without a
        zone where none is declared.
        """
        if value is None or value == "":
            return None
        if isinstance(value, bool):
            raise TimeRefusedError("a time was expected, got a truth value")
        if isinstance(value, int | float):
            return read_epoch(value, str(value))
        if not isinstance(value, str):
            raise TimeRefusedError(f"a time was expected, got {type(value).__name__}")
        # Logs repeat their times, session starts above all.
        if value in self._known:
            return self._known[value]
        moment = self._read_text(value.strip())
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[value] = moment
        return moment

    def _read_text(self, text: str) -> Moment | None:
        if not text:
            return None
        declared = self._format
        if declared is not None:
            if not declared.has_year and declared.read(text, _LEAP_YEAR) is not None:
                return self._read_year_less(text, declared)
            stated = declared.read(text, None) if declared.has_year else None
            if stated is not None:
                return self._place(stated, stated.tzinfo, declared.width, text)
        quick = _read_utc_second(text)
        if quick is not None:
            return quick
        match = _ISO.fullmatch(text)
        if match is None:
            raise TimeRefusedError(self._describe_unknown(text))
        return self._read_iso(match)

    def _describe_unknown(self, text: str) -> str:
        shown = text if len(text) <= 40 else f"{text[:40]}..."  # noqa: PLR2004 - fits on a line
        if self._format is not None:
            return f"the time {shown!r} is neither {self._format.text!r} nor RFC 3339, or never was"
        return (
            f"the time {shown!r} is not RFC 3339; day and month are never guessed:"
            " declare `time_format` in case.yaml, or `--time-format`"
        )

    def _read_iso(self, match: re.Match[str]) -> Moment | None:
        year, month, day, hour, minute, second, fraction, offset = match.groups()
        if year == "0001":
            return None
        leap = second == "60"
        micro = int((fraction or "0")[:6].ljust(6, "0"))
        try:
            naive = datetime(  # noqa: DTZ001 - its zone follows
                int(year), int(month), int(day), int(hour or 0), int(minute or 0),
                59 if leap else int(second or 0), micro,
            )  # fmt: skip
        except ValueError as error:
            raise TimeRefusedError(f"there is no such time as {match[0]!r}: {error}") from None
        if hour is None:
            width = DAY
        elif second is None:
            width = MINUTE
        else:
            width = SECOND // 10 ** min(len(fraction), 6) if fraction else SECOND
        # POSIX clocks repeat second 59 for a leap second: the true instant is in either one.
        width += SECOND if leap else 0
        return self._place(naive, _offset_zone(offset), width, match[0])

    def _read_year_less(self, text: str, declared: _TimeFormat) -> Moment | None:
        """Return the one moment of that date inside the window; None if none or several are."""
        stated = [declared.read(text, year) for year in _years(self._window)]
        moments = [self._place(m, m.tzinfo, declared.width, text) for m in stated if m is not None]
        inside = [moment for moment in moments if _inside(moment, self._window)]
        return inside[0] if len(inside) == 1 else None

    def _place(self, moment: datetime, zone: tzinfo | None, width: int, original: str) -> Moment:
        zone = zone or self._zone
        if zone is None:
            raise ZoneMissingError(original)
        if moment.year >= _NO_YEAR:
            raise TimeRefusedError(f"{original!r} stands for no real time")
        early, late = _instants(moment.replace(tzinfo=None), zone, original)
        return Moment(early, early, Instant(late + width - 1), original)


def _read_utc_second(text: str) -> Moment | None:
    """Return the moment of `2026-01-14T09:12:31Z`, the commonest form, at a tenth of the cost."""
    if len(text) != len("2026-01-14T09:12:31Z") or text[10::9] != "TZ" or text[13:17:3] != "::":
        return None
    try:
        low = from_datetime(datetime.fromisoformat(text))
    except ValueError:
        return None
    return (
        None if text[:4] in {"0001", "9999"} else Moment(low, low, Instant(low + SECOND - 1), text)
    )


def read_epoch(value: float, original: str) -> Moment | None:
    """Return the moment of a Unix time in s, ms, us or ns, told apart by its size; None for 0.

    Raises TimeRefusedError for a value outside the years 1970 to 9999.
    """
    if value == 0:
        return None
    for largest, unit in _EPOCH_RANGES:
        if 0 < value < largest:
            whole = isinstance(value, int) or value.is_integer()
            low = Instant(int(value) * unit if whole else round(value * unit))
            return Moment(low, low, Instant(low + (unit if whole else 1) - 1), original)
    if isinstance(value, int) and 0 < value < 10**20:
        low = Instant(value // 1000)
        return Moment(low, low, low, original)
    raise TimeRefusedError(f"{original} is not a Unix time between 1970 and 9999")


@dataclass(frozen=True, slots=True)
class _TimeFormat:
    text: str
    width: int
    has_year: bool

    @classmethod
    def parse(cls, text: str) -> _TimeFormat:
        """Return the format; InputError for one whose meaning depends on the machine."""
        directives = _DIRECTIVE.findall(text)
        if set("ZcxX") & set(directives) or not set("dj") & set(directives):
            raise InputError(
                "this time format does not say a time for certain",
                got=repr(text),
                expected="day, month, hour and minute as in '%d/%m/%Y %H:%M'; %z for an offset",
                remedy="correct `time_format` in case.yaml, or `--time-format`;"
                " %Z, %c and %x mean something else on each machine",
            )
        width = next(
            (width for letters, width in _RESOLUTIONS if set(letters) & set(directives)), DAY
        )
        return cls(text, width, bool(set("yYG") & set(directives)))

    def read(self, text: str, year: int | None) -> datetime | None:
        """Return the time as written (naive unless it carries an offset), None if it differs."""
        form = self.text if year is None else f"%Y {self.text}"
        try:
            return datetime.strptime(text if year is None else f"{year} {text}", form)  # noqa: DTZ007
        except (ValueError, OverflowError):
            return None


def _years(window: Period | None) -> Iterator[int]:
    if window is None or window.start is None or window.end is None:
        return
    first, last = to_datetime(window.start).year, to_datetime(window.end).year
    yield from range(first - 1, last + 2)


def _inside(moment: Moment, window: Period | None) -> bool:
    return (
        window is not None
        and (window.start is None or moment.high >= window.start)
        and (window.end is None or moment.low <= window.end)
    )


def _offset_zone(text: str | None) -> tzinfo | None:
    if text is None:
        return None
    match = _OFFSET.fullmatch(text)
    return UTC if match is None else _fixed(match)


def _fixed(match: re.Match[str]) -> timezone:
    hours, minutes = int(match[2]), int(match[3] or 0)
    if hours > 23 or minutes > 59:  # noqa: PLR2004 - a clock's
        raise TimeRefusedError(f"there is no offset {match[0]!r}")
    delta = timedelta(hours=hours, minutes=minutes)
    return timezone(-delta if match[1] == "-" else delta)


def _instants(moment: datetime, zone: tzinfo, original: str) -> tuple[Instant, Instant]:
    """Return the first and the last instant at which the clocks of `zone` showed `moment`."""
    try:
        if isinstance(zone, timezone):
            instant = from_datetime(moment.replace(tzinfo=zone))
            return instant, instant
        first = moment.replace(tzinfo=zone, fold=0)
        second = moment.replace(tzinfo=zone, fold=1)
        if first.utcoffset() == second.utcoffset():
            instant = from_datetime(first)
            return instant, instant
        back = first.astimezone(UTC).astimezone(zone).replace(tzinfo=None)
    except OverflowError:
        raise TimeRefusedError(f"the time {original!r} is out of range") from None
    if back != moment:
        raise TimeRefusedError(
            f"the clocks of {zone} skipped {original!r}: they were set forward over it"
        )
    return from_datetime(first), from_datetime(second)
