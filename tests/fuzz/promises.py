"""What every reader promises, whatever it is given, and a check of it."""

from __future__ import annotations

import atexit
import csv
import io
import json
import shutil
import tempfile
import zlib
from functools import cache
from pathlib import Path

from attribution.errors import AttributionError, InputError
from attribution.ingest import detect_format, read_evidence, show_place
from attribution.model.actor import ActorDirectory
from attribution.model.instant import format_instant, parse_instant
from attribution.model.period import Period
from attribution.model.record import Reading
from attribution.timeline.merge import merge_records
from attribution.timeline.table import format_csv, format_jsonl, format_timesketch

LONGEST_MESSAGE = 4_000
"""Characters of an error or a reason: what is quoted of a hostile file must be cut."""

_PLACES = 10
_WINDOW = Period(parse_instant("2025-12-20T00:00:00Z"), parse_instant("2026-01-20T00:00:00Z"))
_FORMULA = tuple("=+-@\t\r\n")


@cache
def _workplace() -> Path:
    """Return a folder of this process: making one for each input took half of the time."""
    folder = Path(tempfile.mkdtemp(prefix="attribution-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def lay_out(format_id: str | None, content: bytes, name: str = "item") -> Path:
    """Return a path that holds the content as an item of the format, until the next is laid out."""
    if format_id != "slack":
        path = _workplace() / name
        path.write_bytes(content)
        return path
    path = _workplace() / f"{name} (folder)"
    (path / "ops").mkdir(parents=True, exist_ok=True)
    (path / "users.json").write_bytes(content)
    (path / "ops" / "2026-01-14.json").write_bytes(content)
    return path


def read(format_id: str | None, content: bytes, name: str = "item") -> Reading | str:
    """Return the reading, or the refusal without the file's name; anything else raised fails."""
    return read_path(lay_out(format_id, content, name), format_id)


def read_path(path: Path, format_id: str | None, *, whole: bool = True) -> Reading | str:
    """Return the reading of a path, its first places opened; or the refusal.

    Of what is not `whole`, such as a history that lacks a commit, a place need not open.
    """
    try:
        reading = read_evidence(
            path, format=format_id, zone="UTC", time_format=_time_format(format_id), window=_WINDOW
        )
    except InputError as error:
        return check_refusal(error).replace(str(path), "FILE")
    for record in reading.records[:_PLACES]:
        try:
            show_place(path, record.place, format_id)
        except InputError:
            if whole:
                raise
    return reading


def _time_format(format_id: str | None) -> str | None:
    return "%d/%m/%Y %H:%M" if format_id == "csv" else None


def check(format_id: str | None, content: bytes) -> Reading | str:
    """Assert every promise for one input; return what became of it.

    Promises that cost much are looked at for some inputs only, always the same.
    """
    found = read(format_id, content)
    lot = zlib.crc32(content)
    if lot % 4 == 0:
        again = read(format_id, content, "other name.yaml.gz")
        assert found == again, "another name, or another time, gives another reading"
    if isinstance(found, Reading):
        check_reading(found)
        if lot % 3 == 0:
            check_outputs(found)
    try:
        detect_format(lay_out(format_id, content))
    except InputError as error:
        check_refusal(error)
    return found


def check_refusal(error: AttributionError) -> str:
    """Assert that an error can be printed, is of a readable length, and names the file."""
    message = str(error)
    assert error.file is not None
    assert len(message) < LONGEST_MESSAGE
    message.encode("utf-8", "backslashreplace")
    return message


def check_reading(reading: Reading) -> None:
    """Assert that the accounting is that of the records, and that all of it can be written."""
    counts = reading.accounting
    undated = sum(record.time is None for record in reading.records)
    assert counts.undated == undated
    assert counts.kept == len(reading.records) - undated
    assert counts.rejected == len(reading.rejections)
    assert counts.read == counts.kept + counts.duplicate + counts.undated + counts.rejected
    assert len({record.id for record in reading.records}) == len(reading.records)
    for rejection in reading.rejections:
        assert len(rejection.reason) < LONGEST_MESSAGE
    said = [*reading.truncations, *reading.remarks, *(r.reason for r in reading.rejections)]
    "".join(said).encode("utf-8")
    for record in reading.records:
        json.dumps(record.to_dict(), allow_nan=False, ensure_ascii=False).encode("utf-8")
        assert (record.time is None) == (record.time_low is None) == (record.time_high is None)
        if record.time is not None and record.time_low is not None and record.time_high is not None:
            assert record.time_low <= record.time <= record.time_high
            assert format_instant(record.time_low)
            assert format_instant(record.time_high)


def check_outputs(reading: Reading) -> None:
    """Assert that the records merge, and are harmless and well-formed in every export."""
    timeline = merge_records({"E1": reading}, {}, ActorDirectory(()))
    for text in (format_jsonl(timeline), format_timesketch(timeline)):
        text.encode("utf-8")
        for line in text.split("\n")[:-1]:
            json.loads(line)
    table = format_csv(timeline)
    table.encode("utf-8")
    rows = list(csv.reader(io.StringIO(table, newline="")))
    assert {len(row) for row in rows} <= {len(rows[0])}
    for row in rows:
        for cell in row:
            assert not cell.startswith(_FORMULA), "a spreadsheet would run this cell"
