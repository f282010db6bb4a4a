"""Times spelt as `2026-01-14T09:12:31Z`, also with three or six digits of fraction, in bulk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from attribution.model.instant import SECOND
from attribution.model.texts import Texts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

_WIDTHS = {20: SECOND, 24: 1000, 27: 1}
_ZERO = np.uint8(ord("0"))
_FIELDS = ((0, 4), (5, 7), (8, 10), (11, 13), (14, 16), (17, 19))
_SEPARATORS = ((4, "-"), (7, "-"), (10, "T"), (13, ":"), (16, ":"))
_LENGTHS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
_FIRST_YEAR, _LAST_YEAR = 2, 9998  # programs write the years 1 and 9999 for "never"
_MONTHS, _HOURS, _SIXTY = 12, 24, 60


class PlainTimes(NamedTuple):
    """Instants, how far after each it may have been (both in microseconds), and spelt lengths."""

    time: Integers
    after: Integers
    spelt: NDArray[np.uint8]


def read_plain_times(texts: Sequence[str | None]) -> PlainTimes | None:
    """Return the times of texts that are all spelt in the plain way; None if one is not."""
    columns = Texts.pack(texts)
    lengths = columns.lengths()
    found = PlainTimes(
        np.empty(len(texts), np.int64), np.empty(len(texts), np.int64), lengths.astype(np.uint8)
    )
    for length in np.unique(lengths).tolist():
        if length not in _WIDTHS:
            return None
        rows = np.flatnonzero(lengths == length)
        whole = len(rows) == len(texts)
        joined = columns.buffer if whole else b"".join(columns.take_bytes(rows))
        spelt = np.frombuffer(joined, np.uint8).reshape(len(rows), length)
        times = _read(spelt, length)
        if times is None:
            return None
        found.time[rows] = times
        found.after[rows] = _WIDTHS[length] - 1
    return found


def _read(spelt: NDArray[np.uint8], length: int) -> Integers | None:
    """Return the instants of rows of letters, None if one is not plain or no time at all."""
    digits = np.ascontiguousarray(spelt.T) - _ZERO  # what comes before 0 wraps around, above 9
    fields = [*_FIELDS, *([(20, length - 1)] if length > min(_WIDTHS) else [])]
    places = [at for start, stop in fields for at in range(start, stop)]
    plain = (digits[places] <= 9).all()  # noqa: PLR2004 - a digit
    for at, letter in (*_SEPARATORS, (length - 1, "Z")):
        plain = plain and (spelt[:, at] == ord(letter)).all()
    if length > min(_WIDTHS):
        plain = plain and (spelt[:, 19] == ord(".")).all()
    if not plain:
        return None
    year, month, day, hour, minute, second, *rest = (
        _read_number(digits[start:stop]) for start, stop in fields
    )
    leap = (month == 2) & (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))  # noqa: PLR2004
    possible = (year >= _FIRST_YEAR) & (year <= _LAST_YEAR) & (month >= 1) & (month <= _MONTHS)
    lengths = _LENGTHS[np.where(possible, month, 0)] + leap
    possible &= (day >= 1) & (day <= lengths) & (hour < _HOURS)
    if not (possible & (minute < _SIXTY) & (second < _SIXTY)).all():
        return None
    micro = rest[0] * _WIDTHS[length] if rest else 0
    seconds = ((_count_days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second
    found: Integers = seconds * SECOND + micro
    return found


def _read_number(digits: NDArray[np.uint8]) -> Integers:
    """Return the numbers whose digits are the columns."""
    found = np.zeros(digits.shape[1], np.int64)
    for digit in digits:
        found *= 10
        found += digit
    return found


def _count_days(year: Integers, month: Integers, day: Integers) -> Integers:
    """Return the days since 1970-01-01 in the Gregorian calendar.

    Algorithm: Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
    """
    since_march = (month + 9) % 12
    year = year - (month <= 2)  # noqa: PLR2004 - a year begins in March here
    era, of_era = np.divmod(year, 400)
    of_year = (153 * since_march + 2) // 5 + day - 1
    days: Integers = era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719468
    return days
