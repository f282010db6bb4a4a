"""Timelines for Timesketch, as CSV or JSON lines: `message`, `datetime`, `timestamp_desc`.

`datetime` counts. `timestamp`, in microseconds, makes it exact where it says the same second; where
it says another time, that is noted and `datetime` stands.
"""

from __future__ import annotations

from collections.abc import Iterator

from attribution.ingest.documents import first_entries, walk_entries
from attribution.ingest.fields import Table, text
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.readers.csv_rows import read_header, tell_delimiter, walk_rows
from attribution.ingest.readers.forensic import add_row, given
from attribution.ingest.source import Source
from attribution.ingest.times import Moment, TimeRefusedError, WrittenTime
from attribution.model.record import JsonValue

_WANTED = frozenset({"message", "datetime", "timestamp_desc"})
_HOSTS = ("hostname", "host", "computer_name")
_USERS = ("username", "user", "user_name")
_KNOWN = frozenset({*_WANTED, *_HOSTS, *_USERS, "timestamp", "tag", "_id"})


def _read(source: Source, intake: Intake) -> None:
    entries = _walk_csv(source, intake) if source.kind == "text" else walk_entries(source, intake)
    at_odds = 0
    for place, entry in entries:
        if text(entry.get("message")) is None or "timestamp_desc" not in entry:
            intake.reject(place, "message or timestamp_desc is missing: no row of a timeline")
            continue
        try:
            moment, agrees = _tell_time(intake, place, entry)
        except TimeRefusedError as error:
            intake.reject(place, str(error))
            continue
        at_odds += not agrees
        _add(intake, place, entry, moment)
    if at_odds:
        intake.remark(
            f"in {at_odds} {'row' if at_odds == 1 else 'rows'} timestamp tells another time than"
            " datetime; datetime was taken"
        )


def _walk_csv(source: Source, intake: Intake) -> Iterator[tuple[str, Table]]:
    rows = walk_rows(source)
    header = read_header(rows, source)
    for place, row in rows:
        if isinstance(row, str):
            intake.reject(place, row)
        elif len(row) != len(header):
            reason = f"{len(row)} cells where the header has {len(header)} columns"
            intake.reject(place, reason)
        else:
            yield place, dict(zip(header, row, strict=True))


def _tell_time(intake: Intake, place: str, entry: Table) -> tuple[Moment | None, bool]:
    """Return the moment, and whether datetime and timestamp agree on it.

    Raises TimeRefusedError for a datetime that cannot be read.
    """
    moment = intake.read_time(entry.get("datetime"), place)
    digits = text(entry.get("timestamp"))
    if digits is None:
        return moment, True
    written = digits.strip()
    exact = intake.read_time(WrittenTime(written, unit="microseconds"), place)
    if moment is None or exact is None:
        return moment or exact, True
    if moment.low <= exact.time <= moment.high:
        return Moment(exact.time, exact.low, exact.high, moment.original), True
    return moment, False


def _add(intake: Intake, place: str, entry: Table, moment: Moment | None) -> None:
    tags = entry.get("tag")
    rest: dict[str, JsonValue] = {
        key: value for key, value in entry.items() if key not in _KNOWN and value not in ("", None)
    }
    add_row(
        intake,
        place,
        time=moment,
        text=text(entry.get("message")) or "",
        about=text(entry.get("timestamp_desc")),
        native_id=text(entry.get("_id")),
        key=None if text(entry.get("_id")) else repr(sorted(entry.items())),
        facts={
            "host": _first(entry, _HOSTS),
            "user": _first(entry, _USERS),
            "tags": tags if isinstance(tags, list) and tags else given(text(tags)),
            "columns": rest or None,
        },
    )


def _first(entry: Table, keys: tuple[str, ...]) -> str | None:
    return next((found for key in keys if (found := given(text(entry.get(key))))), None)


def _sniff(source: Source) -> float:
    if source.kind == "text":
        line = source.head.decode("utf-8", "replace").splitlines()[0]
        names = {name.strip().strip('"') for name in line.split(tell_delimiter(source))}
        return float(names >= _WANTED)
    entries = first_entries(source)
    return float(any(entry.keys() >= _WANTED for entry in entries))


FORMAT = Format(
    id="timesketch",
    title="Timesketch timeline, CSV or JSON lines",
    told_by="rows or objects with message, datetime and timestamp_desc",
    source="https://timesketch.org/guides/user/import-from-json-csv/",
    kinds=frozenset({"json", "lines", "text"}),
    sniff=_sniff,
    read=_read,
)
