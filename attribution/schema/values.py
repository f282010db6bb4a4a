"""Scalars of a manifest as typed values: times, zones, amounts, intervals."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from attribution.model.instant import Instant, parse_instant
from attribution.model.interval import Interval

_OFFSET = re.compile(r"[+-](\d{2}):(\d{2})")
_ABBREVIATION = re.compile(r"[A-Z][A-Za-z]{1,4}")
_ABBREVIATIONS = frozenset({"CET", "EET", "EST", "HST", "MET", "MST", "WET"})
"""Zone names of the IANA database without a place; each is short for clocks of several places."""
_DAY = timedelta(days=1)

ZONE_FORM = "an IANA name such as Europe/Berlin, UTC, or an offset such as +02:00"


def read_instant(value: object) -> Instant | None:
    """Return the instant of a time with its offset, None for an absent one.

    Raises ValueError for a time that no calendar has.
    """
    return None if value is None else parse_instant(str(value))


def is_abbreviation(text: str) -> bool:
    """Return whether a name of the zone database is what people use for several zones."""
    return text in _ABBREVIATIONS


def is_zone(text: str) -> bool:
    """Return whether `text` is an IANA zone name, `UTC`, `Z`, or an offset such as `+02:00`."""
    offset = _OFFSET.fullmatch(text)
    if offset is not None:
        hours, minutes = int(offset[1]), int(offset[2])
        return minutes < 60 and timedelta(hours=hours, minutes=minutes) < _DAY  # noqa: PLR2004
    if text in ("UTC", "Z"):
        return True
    if is_abbreviation(text):
        return False
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        return False
    return True


def advise_zone(text: str) -> str:
    """Return what to write in place of a zone that is none."""
    if _ABBREVIATION.fullmatch(text):
        return (
            f"{text} is an abbreviation: several zones share such letters, and they hold for one"
            " half of the year; name the place whose clock it was, such as Europe/Berlin"
        )
    return f"write {ZONE_FORM}"


def read_interval(value: Any) -> Interval:  # noqa: ANN401 - a value the schema has checked
    """Return `[low, point, high]` as an interval; ValueError when they are not in that order."""
    low, point, high = (float(part) for part in value)
    return Interval(low, point, high)


def read_amount(value: object) -> Decimal:
    """Return an amount exactly as it was written, without a float between."""
    return Decimal(format(Decimal(str(value)), "f"))


def read_texts(value: Any) -> tuple[str, ...]:  # noqa: ANN401 - a value the schema has checked
    """Return a list of texts, empty for an absent one."""
    return tuple(value or ())
