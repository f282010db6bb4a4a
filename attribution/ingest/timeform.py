"""How times are written, as `time_format` of `case.yaml` or a format's documentation says it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from attribution.errors import InputError
from attribution.model.instant import HOUR, MINUTE, SECOND

DAY = 24 * HOUR

_DIRECTIVE = re.compile(r"%[-_^#]?([A-Za-z%])")
_RESOLUTIONS = (("f", 1), ("S", SECOND), ("M", MINUTE), ("HI", HOUR))


@dataclass(frozen=True, slots=True)
class TimeFormat:
    """A strptime format: how wide a time in it is, in microseconds, and what it says of the day."""

    text: str
    width: int
    has_year: bool
    counts_days: bool

    @classmethod
    def parse(cls, text: str) -> TimeFormat:
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
        if _names_a_part_twice(text):
            raise InputError(
                "this time format names one part of the time twice",
                got=repr(text),
                expected="each of day, month, year, hour, minute and second once",
                remedy="correct `time_format` in case.yaml, or `--time-format`",
            )
        width = next(
            (width for letters, width in _RESOLUTIONS if set(letters) & set(directives)), DAY
        )
        return cls(text, width, bool(set("yYG") & set(directives)), "j" in directives)

    def read(self, text: str, year: int | None) -> datetime | None:
        """Return the time as written (naive unless it carries an offset), None if it differs."""
        form = self.text if year is None else f"%Y {self.text}"
        try:
            return datetime.strptime(text if year is None else f"{year} {text}", form)  # noqa: DTZ007
        except (ValueError, OverflowError):
            return None

    def move(self, text: str, in_leap_year: datetime, year: int) -> datetime | None:
        """Return the time in another year; None where that has no such date."""
        if self.counts_days:
            return self.read(text, year)
        try:
            return in_leap_year.replace(year=year)
        except ValueError:
            return None


def _names_a_part_twice(text: str) -> bool:
    """Return whether strptime cannot make one pattern of the format: `%d %d`, or `%H` in `%T`."""
    try:
        datetime.strptime("", text)  # noqa: DTZ007 - nothing is read
    except re.error:
        return True
    except ValueError:
        pass
    return False
