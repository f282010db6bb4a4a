"""The systemd journal as `journalctl -o json` writes it: one object a line, times in microseconds.

`_SOURCE_REALTIME_TIMESTAMP` is when the message was sent, as its sender's clock had it, and
`__REALTIME_TIMESTAMP` when the journal received it. Within one boot, `monotonic` orders entries
even where the clock was set back. A field may be a byte array where it is no UTF-8, a list where it
was given several times, and null where it was too large to be printed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attribution.ingest.documents import first_entries, walk_entries
from attribution.ingest.fields import Table, number, text
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.lane import Lane
from attribution.ingest.readers.log_lines import FACILITIES, SEVERITIES, add_line
from attribution.ingest.source import Source
from attribution.ingest.times import WrittenTime
from attribution.model.record import JsonValue

if TYPE_CHECKING:
    from attribution.ingest.lane import Filling

_PROGRAM = ("SYSLOG_IDENTIFIER", "_COMM", "_EXE", "_SYSTEMD_UNIT")
_BYTES = 256


def _read(source: Source, intake: Intake) -> None:
    unprinted = 0
    for place, entry in walk_entries(source, intake, lane=Lane(intake, _open_lane)):
        if "__REALTIME_TIMESTAMP" in entry or "MESSAGE" in entry or "__CURSOR" in entry:
            _add(intake, place, entry)
            unprinted += "MESSAGE" in entry and entry["MESSAGE"] is None
        else:
            intake.reject(place, "neither __REALTIME_TIMESTAMP nor MESSAGE: no journal entry")
    if unprinted:
        intake.truncate(
            f"{unprinted} {'message was' if unprinted == 1 else 'messages were'} left out by"
            " journalctl as too large: export with `--all`"
        )


def _open_lane() -> Filling | None:
    from attribution.ingest.readers.journald_lane import open_lane

    return open_lane(_add)


def _add(intake: Intake, place: str, entry: Table) -> None:
    received = _microseconds(entry.get("__REALTIME_TIMESTAMP"))
    sent = _microseconds(entry.get("_SOURCE_REALTIME_TIMESTAMP"))
    program = next((found for key in _PROGRAM if (found := _text(entry.get(key)))), None)
    message = _text(entry.get("MESSAGE"))
    unit = _text(entry.get("_SYSTEMD_UNIT")) or _text(entry.get("UNIT"))
    add_line(
        intake,
        place,
        time=sent or received,
        written=received,
        text=message or "",
        program=program,
        native_id=_text(entry.get("__CURSOR")),
        facts={
            "host": _text(entry.get("_HOSTNAME")),
            "pid": _text(entry.get("_PID")) or _text(entry.get("SYSLOG_PID")),
            "uid": _text(entry.get("_UID")),
            "unit": unit,
            "severity": _pick(SEVERITIES, entry.get("PRIORITY")),
            "facility": _pick(FACILITIES, entry.get("SYSLOG_FACILITY")),
            "message_id": _text(entry.get("MESSAGE_ID")),
            "boot": _text(entry.get("_BOOT_ID")),
            "monotonic": _text(entry.get("__MONOTONIC_TIMESTAMP")),
            "seqnum": _sequence_number(entry.get("__SEQNUM")),
            "seqnum_id": _text(entry.get("__SEQNUM_ID")),
            "left_out": "MESSAGE" if "MESSAGE" in entry and message is None else None,
        },
    )


def _sequence_number(value: JsonValue) -> int | None:
    """Return the number systemd 254 and later give each entry, None for what is none."""
    found = _text(value)
    known = found is not None and found.isascii() and found.isdigit() and len(found) < 20  # noqa: PLR2004 - 64 bits
    return int(found) if found is not None and known else None


def _microseconds(value: JsonValue) -> WrittenTime | None:
    found = _text(value)
    return None if found is None else WrittenTime(found, unit="microseconds")


def _text(value: JsonValue) -> str | None:
    """Return a field's text: bytes decoded, several values joined by line breaks."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, list):
        if value and all(_is_byte(item) for item in value):
            return bytes(map(int, map(str, value))).decode("utf-8", "replace")
        return "\n".join(found for item in value if (found := _text_of_one(item))) or None
    return text(value)


def _text_of_one(value: JsonValue) -> str | None:
    return _text(value) if not isinstance(value, list) or all(map(_is_byte, value)) else None


def _is_byte(value: JsonValue) -> bool:
    found = number(value)
    return found is not None and 0 <= found < _BYTES


def _pick(names: tuple[str, ...], value: JsonValue) -> str | None:
    found = _text(value)
    known = found is not None and found.isascii() and found.isdigit() and len(found) < 3  # noqa: PLR2004 - at most 23
    return names[int(found)] if found and known and int(found) < len(names) else None


def _sniff(source: Source) -> float:
    entries = first_entries(source)
    if any({"__CURSOR", "__REALTIME_TIMESTAMP"} <= entry.keys() for entry in entries):
        return 1.0
    return 0.8 if any("__REALTIME_TIMESTAMP" in entry for entry in entries) else 0.0


FORMAT = Format(
    id="journald",
    title="systemd journal, journalctl -o json",
    told_by="objects with __CURSOR and __REALTIME_TIMESTAMP, one a line",
    source="https://systemd.io/JOURNAL_EXPORT_FORMATS/",
    kinds=frozenset({"json", "lines"}),
    sniff=_sniff,
    read=_read,
)
