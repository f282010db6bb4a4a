"""plaso's TLN and l2tTLN: five or seven fields between bars, the time in Unix seconds, UTC."""

from __future__ import annotations

import re

from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.readers.forensic import add_row, given
from attribution.ingest.readers.log_lines import walk_text
from attribution.ingest.source import Source
from attribution.ingest.times import WrittenTime

_FIELDS = ("Time", "Source", "Host", "User", "Description", "TZ", "Notes")
_SHORT = 5
_HEADERS = ("|".join(_FIELDS), "|".join(_FIELDS[:_SHORT]))
_DESCRIPTION = re.compile(r"(\d{4}-\d\d-\d\dT[^;]{8,32}); ([^;]{1,80}); (.*)", re.DOTALL)
_ROW = re.compile(r"-?\d{1,12}\|[^|]*\|[^|]*\|[^|]*\|[^|]*(\|[^|]*\|[^|]*)?")


def _read(source: Source, intake: Intake) -> None:
    for place, line in walk_text(source, intake):
        fields = line.split("|")
        if line.strip() in _HEADERS:
            continue
        if len(fields) not in {_SHORT, len(_FIELDS)}:
            intake.reject(place, f"{len(fields)} fields where TLN has five and l2tTLN seven")
            continue
        _add(intake, place, fields)


def _add(intake: Intake, place: str, fields: list[str]) -> None:
    time, source, host, user, said, *rest = fields
    told = _DESCRIPTION.fullmatch(said)
    add_row(
        intake,
        place,
        time=WrittenTime(time.strip(), unit="seconds"),
        text=(told[3] if told else said).strip(),
        about=told[2] if told else None,
        key=tuple(fields),
        facts={
            "host": given(host),
            "user": given(user),
            "source": given(source),
            "zone": given(rest[0]) if rest else None,
            "notes": given(rest[1]) if rest else None,
        },
    )


def _sniff(source: Source) -> float:
    lines = source.head.decode("utf-8", "replace").splitlines()[:20]
    if lines[0].strip() in _HEADERS:
        return 1.0
    filled = [line for line in lines if line.strip()]
    rows = sum(map(bool, map(_ROW.fullmatch, filled)))
    return 0.7 * rows / len(filled) if filled else 0.0


FORMAT = Format(
    id="plaso-tln",
    title="plaso timeline, TLN and l2tTLN",
    told_by="the header Time|Source|Host|User|Description, or rows of that form",
    source="https://plaso.readthedocs.io/en/latest/sources/user/Output-and-formatting.html",
    kinds=frozenset({"text"}),
    sniff=_sniff,
    read=_read,
)
