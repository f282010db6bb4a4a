"""True times of the story as each source wrote them down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo


def parse(text: str) -> datetime:
    """Return the true time of a story table."""
    return datetime.fromisoformat(text)


def zulu(text: str) -> str:
    """Return whole seconds UTC with `Z`, as most services write it."""
    return parse(text).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def zulu_milliseconds(text: str, ahead: float = 0) -> str:
    """Return milliseconds UTC with `Z`, by a clock that runs `ahead` seconds fast."""
    moment = parse(text).astimezone(UTC) + timedelta(seconds=ahead)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def offset(text: str, hours: int, separator: str = "T") -> str:
    """Return whole seconds with a fixed offset, as the caller of an export asked for it."""
    moment = parse(text).astimezone(timezone(timedelta(hours=hours)))
    return moment.isoformat(sep=separator, timespec="seconds")


def local_milliseconds(text: str, zone: str) -> str:
    """Return milliseconds in a page's own zone."""
    return parse(text).astimezone(ZoneInfo(zone)).isoformat(timespec="milliseconds")


def epoch(text: str) -> str:
    """Return Unix seconds with six digits, the form of chat exports."""
    moment = parse(text)
    return f"{int(moment.timestamp())}.{moment.microsecond:06d}"
