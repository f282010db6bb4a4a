"""Periods of time in law: hour by hour, calendar days of EU law, business days, months.

Sources: Regulation (EEC, Euratom) 1182/71, article 3 (the day of the event is not counted; a period
not in hours that ends on a holiday, Saturday or Sunday ends with the last hour of the next working
day; a period of two days or more has at least two working days). Public holidays and weekends come
from the library `holidays`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from attribution.errors import InputError

if TYPE_CHECKING:
    from holidays import HolidayBase

_TWO = 2
_DECEMBER = 12
_LAST_DAY = 31
US: Final = "US"


@dataclass(frozen=True, slots=True)
class Due:
    """When a period ends: `conservative` without any extension, `computed` by the rule.

    Each is a day (its last hour) or, for periods in hours, a moment in UTC.
    """

    conservative: date | datetime
    computed: date | datetime

    def to_dict(self) -> dict[str, str]:
        """Return both as text: `YYYY-MM-DD`, or RFC 3339 in UTC."""
        return {"conservative": say(self.conservative), "computed": say(self.computed)}


def say(moment: date | datetime) -> str:
    """Return a day, or a moment as RFC 3339 in UTC."""
    if isinstance(moment, datetime):
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return moment.isoformat()


def load_holidays(country: str) -> HolidayBase:
    """Return the public holidays of a country (ISO 3166, two letters).

    Raises InputError for a country that the library does not have.
    """
    import holidays

    try:
        return holidays.country_holidays(country.upper())
    except NotImplementedError:
        raise InputError(
            "there are no public holidays on record for that country",
            got=country,
            expected="two letters of ISO 3166, such as DE, FR or US",
            remedy="name the country whose holidays count",
        ) from None


def count(unit: str, within: int, start: datetime, country: str | None) -> Due:
    """Return when a period ends that begins at a moment, in the moment's own zone.

    `unit` is a key of `UNITS`; `country` is whose holidays count, None for weekends alone. Raises
    InputError where it ends beyond the year 9999.
    """
    try:
        return UNITS[unit](within, start, country)
    except (OverflowError, ValueError):
        raise InputError(
            "the period ends beyond the calendar",
            got=say(start),
            expected="a moment that a period can be counted from",
            remedy="correct the year",
        ) from None


def _hours(within: int, start: datetime, _country: str | None) -> Due:
    """Return the moment so many hours later, whatever the clocks of the zone do meanwhile."""
    end = (start.astimezone(UTC) + timedelta(hours=within)).astimezone(start.tzinfo)
    return Due(end, end)


def _days(within: int, start: datetime, country: str | None) -> Due:
    """Return the end of a period of calendar days under Regulation 1182/71."""
    first = start.date()
    plain = first + timedelta(days=within)
    end, working = plain, _working(country)
    while not working(end) or (within >= _TWO and _count_working(first, end, working) < _TWO):
        end += timedelta(days=1)
    return Due(plain, end)


def _plain_days(within: int, start: datetime, _country: str | None) -> Due:
    end = start.date() + timedelta(days=within)
    return Due(end, end)


def _business_days(within: int, start: datetime, country: str | None) -> Due:
    """Return the end of a period of days that are no weekend and no federal holiday."""
    working = _working(country or US)
    end, left = start.date(), within
    while left:
        end += timedelta(days=1)
        left -= working(end)
    return Due(end, end)


def _months(within: int, start: datetime, country: str | None) -> Due:
    """Return the day of the same number some months later, or the last of a shorter month."""
    month = start.month - 1 + within
    year, month = start.year + month // _DECEMBER, month % _DECEMBER + 1
    day = min(start.day, _month_length(year, month))
    plain = date(year, month, day)
    end, working = plain, _working(country)
    while not working(end):
        end += timedelta(days=1)
    return Due(plain, end)


def _month_length(year: int, month: int) -> int:
    if month == _DECEMBER:
        return _LAST_DAY
    return (date(year, month + 1, 1) - date(year, month, 1)).days


def _working(country: str | None) -> Callable[[date], bool]:
    free = None if country is None else load_holidays(country)
    weekend = 5

    def is_working(day: date) -> bool:
        return day.weekday() < weekend and (free is None or day not in free)

    return is_working


def _count_working(first: date, last: date, working: Callable[[date], bool]) -> int:
    """Return the working days after `first` up to `last`."""
    days = (last - first).days
    return sum(working(first + timedelta(days=number)) for number in range(1, days + 1))


UNITS: Final[Mapping[str, Callable[[int, datetime, str | None], Due]]] = {
    "hour": _hours,
    "day": _days,
    "plain_day": _plain_days,
    "business_day": _business_days,
    "month": _months,
}
"""Each unit's way of counting; `plain_day` are calendar days without any extension."""
