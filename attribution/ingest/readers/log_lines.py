"""What the readers of logs of lines share: decoding, severities, and entries of the same shape."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from attribution.ingest.fields import stated
from attribution.ingest.intake import Intake
from attribution.ingest.jsontext import JsonError, decode_text
from attribution.ingest.source import MAX_LINE, Source
from attribution.model.record import JsonValue

SEVERITIES = ("emergency", "alert", "critical", "error", "warning", "notice", "informational",
              "debug")  # fmt: skip
"""Severity by its number (RFC 5424, section 6.2.1)."""

FACILITIES = (
    "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv",
    "ftp", "ntp", "audit", "alert", "clock", "local0", "local1", "local2", "local3", "local4",
    "local5", "local6", "local7",
)  # fmt: skip
"""Facility by its number (RFC 5424, section 6.2.1), in the short names of syslog(3)."""

_LEVELS = 8


def walk_text(source: Source, intake: Intake) -> Iterator[tuple[str, str]]:
    """Yield each line that is not blank with its place; what cannot be read is rejected."""
    for number, line in source.lines():
        place = f"line {number}"
        if line is None:
            intake.reject(place, f"the line is longer than {MAX_LINE >> 20} MiB")
        elif line.strip():
            try:
                yield place, decode_text(line).rstrip("\r\n")
            except JsonError as error:
                intake.reject(place, error.reason)


def split_priority(number: str | None) -> tuple[str | None, str | None]:
    """Return facility and severity of a PRI value, None and None where it is none."""
    value = int(number) if number is not None and number.isdigit() else -1
    if not 0 <= value < _LEVELS * len(FACILITIES):
        return None, None
    return FACILITIES[value // _LEVELS], SEVERITIES[value % _LEVELS]


def add_line(
    intake: Intake,
    place: str,
    *,
    time: object,
    text: str,
    program: str | None,
    written: object = None,
    native_id: str | None = None,
    key: Hashable = None,
    facts: dict[str, JsonValue],
) -> None:
    """Give the intake one line of a log; `facts` are None where the log does not state them.

    No line repeats another by its content alone: two equal ones may both have happened.
    """
    intake.add(
        place,
        "log.line",
        time=time,
        written=written,
        text=text,
        actor=program,
        subject=None if facts.get("host") is None else str(facts["host"]),
        native_id=native_id,
        key=key,
        data=stated(program=program, **facts),
    )
