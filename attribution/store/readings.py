"""Readings as rows, so that evidence that has not changed is not read again.

A stored reading is used only when everything that could change it is the same: the evidence's
hash, the reader's options, the program's version, the text of its readers and the plugins that add
formats; and only when its rows still have the hash they were written with.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from attribution import __version__
from attribution.model.instant import Instant, format_optional
from attribution.model.packing import collect_records
from attribution.model.record import Accounting, AliasGroup, Reading, Record, Rejection
from attribution.plugins import fingerprint_plugins
from attribution.store.canonical import to_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from attribution.model.manifest import EvidenceEntry
    from attribution.model.period import Period

RECORD_COLUMNS = (
    "evidence",
    "position",
    "id",
    "place",
    "kind",
    "time",
    "time_low",
    "time_high",
    "written",
    "original_time",
    "actor",
    "subject",
    "text",
    "native_id",
    "data",
)
_PACKAGE = Path(__file__).resolve().parents[1]
_READERS = ("ingest", "model")


def reading_key(entry: EvidenceEntry, period: Period | None = None) -> str:
    """Return every option with which `entry` is read, as canonical JSON."""
    return to_json(
        {
            "columns": dict(entry.columns),
            "format": entry.format,
            "repository": entry.repository,
            "time_format": entry.time_format,
            "window": None
            if period is None
            else [format_optional(period.start), format_optional(period.end)],
            "zone": entry.zone,
        }
    )


@cache
def reader_version() -> str:
    """Return the program's version, a hash over its readers' text, and one over plugins if any."""
    found = hashlib.sha256()
    for folder in _READERS:
        for path in sorted((_PACKAGE / folder).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                found.update(path.relative_to(_PACKAGE).as_posix().encode() + b"\0")
                found.update(hashlib.sha256(path.read_bytes()).digest())
    plugins = fingerprint_plugins()
    return f"{__version__}+{found.hexdigest()[:16]}" + (f"+{plugins}" if plugins else "")


def record_rows(evidence: str, reading: Reading) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a reading's records in the order of `RECORD_COLUMNS`.

    Raises ValueError for a record that holds what a table cannot give back unchanged (half a
    surrogate pair, a number that JSON does not have): such a reading is not stored, and is read
    anew each time.
    """
    for position, record in enumerate(reading.records):
        yield (
            evidence,
            position,
            record.id,
            record.place,
            record.kind,
            record.time,
            record.time_low,
            record.time_high,
            record.written,
            record.original_time,
            record.actor,
            record.subject,
            record.text,
            record.native_id,
            _encode(dict(record.data)),
        )


class RowHash:
    """The SHA-256 of rows, as JSON one a line, taken as they pass."""

    def __init__(self) -> None:
        self._found = hashlib.sha256()

    def follow(self, rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
        """Yield the rows. Raises ValueError for what JSON cannot hold."""
        encode = msgspec.json.Encoder().encode
        for row in rows:
            self._found.update(encode(row) + b"\n")
            yield row

    def hexdigest(self) -> str:
        """Return the hash of what has passed."""
        return self._found.hexdigest()


def reading_row(reading: Reading) -> dict[str, Any]:
    """Return the columns of a reading beside its records."""
    return {
        "format": reading.format,
        **reading.accounting.to_dict(),
        "rejections": to_json([rejection.to_dict() for rejection in reading.rejections]),
        "aliases": to_json([[list(g.names), g.place, g.kind, g.grade] for g in reading.aliases]),
        "truncations": to_json(list(reading.truncations)),
        "remarks": to_json(list(reading.remarks)),
    }


def rebuild_reading(row: dict[str, Any], records: Iterable[Sequence[Any]]) -> Reading:
    """Return the reading that `reading_row` and `record_rows` came from."""
    counts = ("read", "kept", "duplicate", "undated", "rejected")
    return Reading(
        format=row["format"],
        records=collect_records(_record(values) for values in records),
        accounting=Accounting(**{name: row[name] for name in counts}),
        rejections=tuple(Rejection(**item) for item in msgspec.json.decode(row["rejections"])),
        aliases=tuple(
            AliasGroup(tuple(names), place, kind, grade)
            for names, place, kind, grade in msgspec.json.decode(row["aliases"])
        ),
        truncations=tuple(msgspec.json.decode(row["truncations"])),
        remarks=tuple(msgspec.json.decode(row["remarks"])),
    )


def _record(values: Sequence[Any]) -> Record:
    _, _, record_id, place, kind, time, low, high, written, *rest = values
    original_time, actor, subject, text, native_id, data = rest
    return Record(
        id=record_id,
        place=place,
        kind=kind,
        time=_instant(time),
        time_low=_instant(low),
        time_high=_instant(high),
        written=_instant(written),
        original_time=original_time,
        actor=actor,
        subject=subject,
        text=text,
        native_id=native_id,
        data=msgspec.json.decode(data),
    )


def _instant(value: int | None) -> Instant | None:
    return None if value is None else Instant(value)


def _encode(data: dict[str, Any]) -> str:
    """Return `data` as JSON with its keys in their order, for rules may read them in that order."""
    text = msgspec.json.encode(data).decode()
    if msgspec.json.decode(text) != data:
        raise ValueError("data that JSON does not give back unchanged")
    return text
