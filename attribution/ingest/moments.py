"""What a time in a record comes to: a moment with its bounds, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass

from attribution.model.instant import Instant

_EPOCH_RANGES = ((1e11, "seconds"), (1e14, "milliseconds"), (1e17, "microseconds"))
"""Largest epoch value read as each unit where no format says which it is."""

_NANOSECONDS = {"seconds": 10**9, "milliseconds": 10**6, "microseconds": 1000, "nanoseconds": 1}
_LAST = 10**20  # nanoseconds: the year 5138, where the largest value read as seconds lies


class TimeRefusedError(ValueError):
    """A time that is there but cannot be put on a clock; the message is the reason."""


class ZoneMissingError(ValueError):
    """A time without a zone, or with an abbreviation of several, where none was declared."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When something happened: the time itself, its inclusive bounds, and the text it came from."""

    time: Instant
    low: Instant
    high: Instant
    original: str


@dataclass(frozen=True, slots=True)
class WrittenTime:
    """A time of which the format's documentation, or the record itself, says how to read it.

    `unit` is that of an epoch. `form` is a strptime format, which counts over a declared one.
    `zone` is what stands beside the time: a name, an offset or an abbreviation; an abbreviation may
    have been taken at a time up to `slack` microseconds away. `original` is what stands in the
    record, where that is not `text`.
    """

    text: str
    unit: str | None = None
    form: str | None = None
    zone: str | None = None
    slack: int = 0
    original: str | None = None


def tell_unit(value: float) -> str:
    """Return the unit a Unix time is in by its size."""
    return next((name for largest, name in _EPOCH_RANGES if value < largest), "nanoseconds")


def read_epoch(value: float, original: str, unit: str | None = None) -> Moment | None:
    """Return the moment of a Unix time; None for 0.

    Without `unit` seconds, milliseconds, microseconds and nanoseconds are told apart by size.
    Raises TimeRefusedError for a value outside the years 1970 to 5138.
    """
    if value == 0:
        return None
    scale = _NANOSECONDS[unit or tell_unit(value)]
    if not 0 < value < _LAST or value * scale >= _LAST:
        shown = original if len(original) <= 40 else f"{original[:40]}..."  # noqa: PLR2004 - fits on a line
        raise TimeRefusedError(f"{shown} is not a Unix time between 1970 and 5138")
    whole = isinstance(value, int) or value.is_integer()
    low = Instant(int(value) * scale // 1000 if whole else round(value * scale / 1000))
    return Moment(low, low, Instant(low + (max(scale // 1000, 1) if whole else 1) - 1), original)
