"""Zones as records and people name them: which names say one zone, and when its clocks were there.

An abbreviation such as CST is the name of several zones, and holds for one half of the year: it is
only ever used to check a declared zone, and to tell which of two equal hours is meant.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from attribution.errors import InputError
from attribution.ingest.moments import Moment, TimeRefusedError
from attribution.model.instant import Instant, from_datetime, to_datetime
from attribution.schema.values import ZONE_FORM, advise_zone, is_abbreviation

_UTC_NAMES = frozenset({"UTC", "Z", "utc", "z", "GMT"})
_LONGEST = 100  # three times the longest; of one of many slashes the lookup would not come back
_OFFSET = re.compile(r"([+-])(\d\d)(?::?(\d\d))?")


def parse_zone(name: str) -> tzinfo:
    """Return the zone of an IANA name, `UTC` or a fixed offset such as `+02:00`.

    Raises InputError for anything else.
    """
    if name in _UTC_NAMES:
        return UTC
    try:
        match = _OFFSET.fullmatch(name)
        # A key no zone has, so that an abbreviation is refused with the advice below.
        key = "" if is_abbreviation(name) or len(name) > _LONGEST else name
        return ZoneInfo(key) if match is None else _fixed(match)
    except (KeyError, ValueError, OSError):
        raise InputError(
            "there is no time zone of this name",
            got=repr(name),
            expected=ZONE_FORM,
            remedy=f"correct `zone` in case.yaml, or `--tz`: {advise_zone(name)}",
        ) from None


def is_certain(name: str) -> bool:
    """Return whether a name beside a time says one zone: UTC, an offset, or a place.

    Names of the zone database without a place, such as EST or CET, are abbreviations to people.
    """
    return name in _UTC_NAMES or "/" in name or _OFFSET.fullmatch(name) is not None


def confirm(moment: Moment, width: int, abbreviation: str, zone: tzinfo) -> Moment:
    """Return the moment where the declared zone went by this abbreviation.

    `width` is the length of the moment's interval in microseconds without a repeated hour. Raises
    TimeRefusedError where the clocks of the declared zone called themselves something else.
    """
    instants = (moment.low, Instant(moment.high - width))
    fitting = [at for at in instants if _goes_by(abbreviation, at, zone)]
    if not fitting:
        raise _mismatch(moment, abbreviation, zone)
    low, high = fitting[0], Instant(fitting[-1] + width)
    return Moment(low, low, high, moment.original)


def confirm_about(moment: Moment, slack: int, abbreviation: str, zone: tzinfo) -> Moment:
    """Return the moment as it is, where the declared zone went by the abbreviation thereabouts.

    Raises TimeRefusedError where it did so at no time within `slack` microseconds.
    """
    around = (moment.low - slack, moment.low, moment.high, moment.high + slack)
    if any(_goes_by(abbreviation, Instant(at), zone) for at in around):
        return moment
    raise _mismatch(moment, abbreviation, zone)


def _goes_by(abbreviation: str, at: Instant, zone: tzinfo) -> bool:
    return (_name(at, zone) or "").upper() == abbreviation.upper()


def _name(at: Instant, zone: tzinfo) -> str | None:
    return to_datetime(at).astimezone(zone).tzname()


def _mismatch(moment: Moment, abbreviation: str, zone: tzinfo) -> TimeRefusedError:
    return TimeRefusedError(
        f"the time {moment.original!r} is in {abbreviation}, and the clocks of the declared zone"
        f" {zone} showed {_name(moment.low, zone)} then"
    )


def offset_zone(text: str | None) -> tzinfo | None:
    """Return the zone of Z, UTC, GMT or an offset; None for None."""
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


def find_instants(moment: datetime, zone: tzinfo, original: str) -> tuple[Instant, Instant]:
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
