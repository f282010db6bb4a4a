"""Dates, times and zones as people write them in a Markdown timeline; nothing is guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?" for name in _MONTHS if name != "may") + "|may|sept"
_DAY = r"(\d{1,2})(?:st|nd|rd|th)?"
_DATES = (
    (re.compile(r"(?<![\d-])(\d{4})-(\d\d)-(\d\d)(?![\d-])"), (1, 2, 3)),
    (re.compile(rf"(?i)\b{_DAY}\s+(?:of\s+)?({_MONTH})\b\.?,?\s+(\d{{4}})\b"), (3, 2, 1)),
    (re.compile(rf"(?i)\b({_MONTH})\b\.?\s+{_DAY},?\s+(\d{{4}})\b"), (3, 1, 2)),
)
"""Forms of a date that have one reading, and which group is year, month and day."""

_OPEN_DATE = re.compile(r"(?<![\d/.])\d{1,4}([/.])\d{1,2}\1\d{2,4}(?![\d/.])")
_FROM_UTC = re.compile(r"(?:UTC|GMT)([+-])(\d{1,2})(?::?(\d\d))?")

_CLOCK = r"\d{1,2}:\d\d(?::\d\d(?:[.,]\d{1,6})?)?"
_AREAS = "Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific"  # of IANA
_PLACE = rf"(?:{_AREAS})(?:/[A-Z][A-Za-z_-]+){{1,2}}"
_ABBREVIATIONS = (
    "EST|EDT|CST|CDT|MST|MDT|PST|PDT|ET|CT|MT|PT|AKST|AKDT|HST|AST|ADT|NST|NDT|BRT|ART|WET|WEST|"
    "BST|IST|CET|CEST|EET|EEST|MSK|SAST|GST|PKT|ICT|WIB|SGT|HKT|PHT|JST|KST|AWST|ACST|ACDT|AEST|"
    "AEDT|NZST|NZDT"
)
"""Abbreviations people put behind a time (those of the IANA database, and ET to PT): other capitals
there are words of the text."""
_ZONE = rf"Z|(?:UTC|GMT)(?:[+-]\d{{1,2}}(?::?\d\d)?)?|[+-]\d\d:?\d\d|{_PLACE}|(?:{_ABBREVIATIONS})"
_STATED_ZONE = re.compile(
    rf"(?i:\btimes?\b)[^.\n|]{{0,40}}?\b(UTC(?:[+-]\d{{1,2}}(?::?\d\d)?)?|GMT|{_PLACE})\b"
)
TIME = re.compile(
    r"(?P<about>~|≈|(?:ca|c|approx|about|around|circa)\b\.?)?\s*"
    r"(?:(?P<date>\d{4}-\d\d-\d\d|\d{1,4}[/.]\d{1,2}[/.]\d{2,4})(?:,?\s+|T))?"
    rf"(?P<clock>{_CLOCK})\s?(?P<half>[AaPp]\.?[Mm]\b\.?)?"
    rf"(?:\s*(?:-|\u2013|\u2014|to)\s*(?P<until>{_CLOCK})\s?(?:[AaPp]\.?[Mm]\b\.?)?)?"
    rf"(?:[*_`]{{1,3}}(?=\s))?\s?[(\[]?(?P<zone>(?:{_ZONE})\b|)[)\]]?(?![\w/])"
)
"""The time an entry begins with: approximate or not, with or without date, end and zone."""


@dataclass(frozen=True, slots=True)
class Day:
    """A date as a heading gives it: ISO, or as written where only a declared format can read it."""

    text: str
    certain: bool


class UnclearTimeError(ValueError):
    """A time that can be read in two ways; the message says what to write."""


def find_days(line: str) -> tuple[Day, ...]:
    """Return the dates that stand in a line, each once, in the order of their forms."""
    found: dict[str, Day] = {}
    for form, groups in _DATES:
        for match in form.finditer(line):
            year, month, day = (match[group] for group in groups)
            number = month if month.isdigit() else str(_month(month))
            date = f"{year}-{number.zfill(2)}-{day.zfill(2)}"
            found[date] = Day(date, certain=True)
    for match in _OPEN_DATE.finditer(line):
        found[match[0]] = Day(match[0], certain=False)
    return tuple(found.values())


def _month(name: str) -> int:
    return next(
        number
        for number, known in enumerate(_MONTHS, start=1)
        if known.startswith(name[:3].lower())
    )


def find_zone(line: str) -> str | None:
    """Return the zone a sentence such as 'all times in UTC' states; no abbreviation counts."""
    match = _STATED_ZONE.search(line)
    return None if match is None else plain_zone(match[1])


def plain_zone(zone: str) -> str:
    """Return UTC+2 as +02:00, and any other zone as it is."""
    match = _FROM_UTC.fullmatch(zone)
    return zone if match is None else f"{match[1]}{match[2].zfill(2)}:{match[3] or '00'}"


def read_clock(match: re.Match[str]) -> str:
    """Return the time of day as HH:MM or HH:MM:SS of 24 hours.

    Raises UnclearTimeError for an hour of which nothing says in which half of the day it is.
    """
    hour, _, rest = match["clock"].partition(":")
    half = (match["half"] or "").replace(".", "").upper()
    if half:
        if not 1 <= int(hour) <= 12:  # noqa: PLR2004 - a clock's face
            raise UnclearTimeError(f"{match['clock']} {half} is no time of day")
        return f"{int(hour) % 12 + (12 if half == 'PM' else 0):02d}:{rest}"
    if len(hour) == 1:
        raise UnclearTimeError(
            f"{match['clock']} may be of either half of the day: write 0{match['clock']}, or AM or"
            " PM behind it"
        )
    return f"{hour}:{rest}"
