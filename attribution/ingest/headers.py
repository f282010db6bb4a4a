"""Header fields of mails (RFC 5322, RFC 2047): words, addresses and dates, from anybody's hand."""

from __future__ import annotations

import binascii
import re
from dataclasses import replace
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses

from attribution.ingest.intake import Intake
from attribution.ingest.times import Moment, TimeRefusedError

_LONGEST = 20_000
_MOST_ADDRESSES = 200
_FOLD = re.compile(r"[\r\n]+[ \t]*")

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# RFC 5322 section 4.3: what the zones with letters that it knows stand for. "-0000" is a time in
# UTC whose writer's own zone is not known (section 3.3).
_ZONES = {
    "UT": "Z", "UTC": "Z", "GMT": "Z", "Z": "Z", "-0000": "Z",
    "EST": "-0500", "EDT": "-0400", "CST": "-0600", "CDT": "-0500",
    "MST": "-0700", "MDT": "-0600", "PST": "-0800", "PDT": "-0700",
}  # fmt: skip
_DATE = re.compile(
    r"(?:[A-Za-z]{2,9}\s{0,4},?\s{0,4})?"
    r"(\d{1,2})[ \t-]{1,4}([A-Za-z]{3,9})\.?[ \t-]{1,4}(\d{2,4})\s{1,4}"
    r"(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\s{0,4}([+-]\d{4}|[A-Za-z]{1,5}))?"
    r"\s{0,4}(?:\([^()]{0,60}\))?\s*"
)
_CENTURY, _OLD_YEARS = 100, 50


def header(message: Message, name: str) -> str:
    """Return a header field unfolded, as it stands; an absent one is empty."""
    value = message.get(name)
    return "" if value is None else _FOLD.sub(" ", str(value)).strip()[:_LONGEST]


def decode_words(value: str) -> str:
    """Return a header with its encoded words decoded; one whose encoding is broken as it stands."""
    try:
        parts = decode_header(value)
    except (HeaderParseError, binascii.Error, ValueError):
        return value
    words = [
        part if isinstance(part, str) else decode_bytes(part, charset) for part, charset in parts
    ]
    return "".join(words).strip()


def decode_bytes(data: bytes, charset: str | None) -> str:
    """Return text in the charset it is declared in, in UTF-8 if none is; Latin-1 if unknown."""
    try:
        return data.decode(charset or "utf-8", "replace")
    except (LookupError, ValueError):
        return data.decode("latin-1")


def addresses(message: Message, *names: str) -> list[tuple[str, str]]:
    """Return display name and address of those a header names, at most 200 of them."""
    values = [value for name in names if (value := header(message, name))]
    try:
        pairs = getaddresses(values)
    except RecursionError:  # comments nest without bound
        return []
    found = [(decode_words(name), address) for name, address in pairs if "@" in address]
    return found[:_MOST_ADDRESSES]


def read_date(value: str, intake: Intake, place: str) -> Moment | None:
    """Return the moment of a date of RFC 5322, its text kept; None for an empty one.

    A zone of letters counts only where the RFC says what it stands for.
    Raises TimeRefusedError for what is no such date, InputError for one without a zone where none
    is declared.
    """
    if not value:
        return None
    match = _DATE.fullmatch(value)
    month = match[2][:3].lower() if match else ""
    if match is None or month not in _MONTHS:
        raise TimeRefusedError(f"the date {value[:60]!r} is not one of RFC 5322")
    day, _, year, hour, minute, second, zone = match.groups()
    offset = _offset(zone, value)
    number = int(year)
    if len(year) < len("2026"):  # RFC 5322 section 4.3: two and three digits
        number += 2000 if number < _OLD_YEARS and len(year) == len("26") else 1900
    written = f"{number:04}-{_MONTHS.index(month) + 1:02}-{int(day):02}T{int(hour):02}:{minute}"
    moment = intake.read_time(f"{written}{f':{second}' if second else ''}{offset}", place)
    return None if moment is None else replace(moment, original=value)


def has_zone(value: str) -> bool:
    """Return whether a date states a zone, so that it can be read whatever is declared."""
    match = _DATE.fullmatch(value)
    return match is not None and match[7] is not None


def _offset(zone: str | None, value: str) -> str:
    if zone is None:
        return ""
    known = _ZONES.get(zone.upper(), zone)
    if known[0].isalpha() and known != "Z":
        raise TimeRefusedError(f"the zone of {value[:60]!r} has more than one meaning: {zone}")
    return known
