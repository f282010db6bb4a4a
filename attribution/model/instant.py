"""Instants: whole microseconds since 1970-01-01T00:00:00Z, so that ordering is exact and cheap."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NewType

Instant = NewType("Instant", int)

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def from_datetime(moment: datetime) -> Instant:
    """Return the instant of an aware datetime.

    Raises ValueError for a naive one: a time without a zone is never given one here.
    """
    if moment.tzinfo is None:
        message = f"{moment.isoformat()} has no time zone"
        raise ValueError(message)
    return Instant((moment - _EPOCH) // _MICROSECOND)


def to_datetime(instant: Instant) -> datetime:
    """Return the aware UTC datetime of an instant."""
    return _EPOCH + timedelta(microseconds=instant)


def parse_instant(text: str) -> Instant:
    """Return the instant of an RFC 3339 time that carries its offset.

    Raises ValueError when the text is not such a time, or has no offset.
    """
    return from_datetime(datetime.fromisoformat(text))


def format_instant(instant: Instant) -> str:
    """Return RFC 3339 UTC with `Z`: whole seconds when exact, else six digits of fraction."""
    moment = to_datetime(instant)
    text = moment.strftime("%Y-%m-%dT%H:%M:%S")
    text = text.rjust(20 - 1, "0")
    return f"{text}.{moment.microsecond:06d}Z" if moment.microsecond else f"{text}Z"


def format_optional(instant: Instant | None) -> str | None:
    """Return `format_instant`, or None for an absent time."""
    return None if instant is None else format_instant(instant)
