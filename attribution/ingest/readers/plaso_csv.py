"""plaso's l2tcsv: seventeen fixed columns, dates as MM/DD/YYYY, to the second, with their zone.

The format says month before day, so there is nothing to guess. The zone stands beside each time;
where it is an abbreviation, as psort writes it for every zone but UTC, a declared zone is needed
and checked against it. It does not tell the two equal hours of a night in autumn apart.
`00/00/0000` stands for no date.
"""

from __future__ import annotations

from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.readers.csv_rows import read_header, walk_rows
from attribution.ingest.readers.forensic import add_row, given
from attribution.ingest.source import Source
from attribution.ingest.times import WrittenTime
from attribution.model.instant import HOUR
from attribution.model.record import JsonValue

_COLUMNS = (
    "date", "time", "timezone", "MACB", "source", "sourcetype", "type", "user", "host", "short",
    "desc", "version", "filename", "inode", "notes", "format", "extra",
)  # fmt: skip
_NO_DATE = "00/00/0000"
_NO_TIME = "--:--:--"
_SLACK = 14 * HOUR
"""psort asks the zone for its abbreviation at the time of UTC (formatting_helper.py): around a
change of the clocks the one written may be that of some hours before or after."""


def _read(source: Source, intake: Intake) -> None:
    rows = walk_rows(source)
    read_header(rows, source)
    for place, row in rows:
        if isinstance(row, str):
            intake.reject(place, row)
        elif len(row) != len(_COLUMNS):
            intake.reject(place, f"{len(row)} cells where l2tcsv has {len(_COLUMNS)} columns")
        else:
            _add(intake, place, row)


def _add(intake: Intake, place: str, row: list[str]) -> None:
    cell = dict(zip(_COLUMNS, row, strict=True))
    facts: dict[str, JsonValue] = {
        "host": given(cell["host"]),
        "user": given(cell["user"]),
        "macb": given(cell["MACB"]),
        "source": given(cell["source"]),
        "source_type": given(cell["sourcetype"]),
        "file": given(cell["filename"]),
        "inode": given(cell["inode"]),
        "parser": given(cell["format"]),
        "tags": given(cell["notes"]),
        "extra": given(cell["extra"]),
    }
    add_row(
        intake,
        place,
        time=_time(cell),
        text=given(cell["desc"]) or given(cell["short"]) or "",
        about=given(cell["type"]),
        key=tuple(row),
        facts=facts,
    )


def _time(cell: dict[str, str]) -> WrittenTime | None:
    date, time, zone = (cell[name].strip() for name in ("date", "time", "timezone"))
    if date in {_NO_DATE, ""} or time == _NO_TIME:
        return None
    return WrittenTime(
        f"{date} {time}",
        form="%m/%d/%Y %H:%M:%S",
        zone=given(zone),
        slack=_SLACK,
        original=",".join((cell["date"], cell["time"], cell["timezone"])),
    )


def _sniff(source: Source) -> float:
    lines = source.head.decode("utf-8", "replace").splitlines()
    return float(lines[0].replace('"', "").strip() == ",".join(_COLUMNS))


FORMAT = Format(
    id="plaso-l2tcsv",
    title="plaso timeline, l2tcsv",
    told_by="the header of its seventeen columns: date,time,timezone,MACB,source,...",
    source="https://plaso.readthedocs.io/en/latest/sources/user/Output-and-formatting.html",
    kinds=frozenset({"text"}),
    sniff=_sniff,
    read=_read,
)
