"""`attribution read`: one file through its reader, without a case."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from attribution.cli.columns import map_option
from attribution.cli.options import (
    json_option,
    print_json,
    print_text,
    warn,
    warn_of_plugins,
)
from attribution.cli.terminal import printable_line
from attribution.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from attribution.model.period import Period
    from attribution.model.record import Reading, Record

_SHOWN = 20
_TEXT_WIDTH = 72


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--format", "format_id", metavar="F", help="Read it as this; see `formats`.")
@click.option("--tz", "zone", metavar="ZONE", help="Where the clock stood: Europe/Berlin, +02:00.")
@map_option
@click.option(
    "--time-format", metavar="F", help="Hand-kept files: how times are written: %d/%m/%Y %H:%M."
)
@click.option(
    "--period",
    nargs=2,
    metavar="FROM TO",
    callback=lambda _ctx, _param, value: None if value is None else _parse_period(*value),
    help="The time the records are of, which settles the year of dates that bear none:"
    " 2025-12-20T00:00:00Z 2026-01-20T00:00:00Z.",
)
@json_option
def command(
    file: Path,
    *,
    format_id: str | None,
    zone: str | None,
    columns: dict[str, str],
    time_format: str | None,
    period: Period | None,
    as_json: bool,
) -> None:
    """Read FILE, account for every record in it, and show what became of it.

    FILE may be a file, an export's folder or zip, a git repository or a bundle. Entries that could
    not be read are named with their place and the reason; repeats are counted as duplicates.
    """
    from attribution.ingest import read_evidence
    from attribution.store.custody import digest

    reading = read_evidence(
        file,
        format=format_id,
        zone=zone,
        columns=columns or None,
        time_format=time_format,
        window=period,
    )
    warn_of_plugins()
    sha256 = digest(file, links=True).sha256
    if as_json:
        print_json(
            {
                "format": reading.format,
                "confidence": reading.confidence,
                "file": str(file),
                "sha256": sha256,
                "accounting": reading.accounting.to_dict(),
                "rejected": [rejection.to_dict() for rejection in reading.rejections],
                "missing": list(reading.truncations),
                "remarks": list(reading.remarks),
                "events": [record.to_dict() for record in reading.records],
            }
        )
    else:
        print_text("\n".join(_describe(reading, file, sha256)))
    _require_use(reading, file)


def _parse_period(start: str, end: str) -> Period:
    from attribution.model.instant import parse_instant
    from attribution.model.period import Period

    try:
        period = Period(parse_instant(start), parse_instant(end))
    except ValueError:
        raise click.BadParameter(
            f"{start!r} to {end!r} is no period; write such as 2025-12-20T00:00:00Z"
            " 2026-01-20T00:00:00Z, each with Z or an offset"
        ) from None
    if period.start is not None and period.end is not None and period.start > period.end:
        raise click.BadParameter("it ends before it begins")
    return period


def _require_use(reading: Reading, file: Path) -> None:
    """Say plainly when nothing, or nothing with a time, came out of the file."""
    if reading.accounting.read == reading.accounting.rejected:
        first = reading.rejections[0] if reading.rejections else None
        raise InputError(
            "nothing in the file could be used",
            file=str(file),
            place=None if first is None else first.place,
            got="no entries" if first is None else first.reason,
            expected="records with a time",
            remedy="check that the file is complete and the format right (`attribution formats`)",
        )
    if reading.accounting.kept == 0:
        warn("no record of this file has a time")


def _describe(reading: Reading, file: Path, sha256: str) -> list[str]:
    count = reading.accounting.to_dict()
    parts = " + ".join(f"{name} {number}" for name, number in count.items() if name != "read")
    lines = [
        f"{printable_line(str(file))}: {reading.format}{_told(reading.confidence)}",
        f"sha256 {sha256}",
        f"read {count['read']} = {parts}",
        "",
        *_tabulate(reading.records[:_SHOWN]),
    ]
    lines += _more(len(reading.records))
    if reading.rejections:
        lines += ["", "rejected:"]
        lines += [
            printable_line(f"  {rejection.place}: {rejection.reason}")
            for rejection in reading.rejections[:_SHOWN]
        ]
        lines += _more(len(reading.rejections))
    if reading.truncations:
        lines += ["", "missing from the file:"]
        lines += [printable_line(f"  {what}") for what in reading.truncations]
    if reading.remarks:
        lines += ["", "how it was read:"]
        lines += [printable_line(f"  {how}") for how in reading.remarks]
    return lines


def _told(confidence: float | None) -> str:
    return "" if confidence is None else f" (told by its content, confidence {confidence:.2f})"


def _more(total: int) -> list[str]:
    return [f"  ... and {total - _SHOWN} more; --json prints all"] if total > _SHOWN else []


def _tabulate(records: Sequence[Record]) -> list[str]:
    """Return one line a record: time, kind, actor, what, place; columns as wide as they need be."""
    from attribution.model.instant import format_instant

    rows = [
        (
            "undated" if record.time is None else format_instant(record.time),
            record.kind,
            printable_line(record.actor or "-"),
            _shorten(printable_line(record.text)),
            printable_line(record.place),
        )
        for record in records
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]


def _shorten(text: str) -> str:
    return text if len(text) <= _TEXT_WIDTH else f"{text[: _TEXT_WIDTH - 3]}..."
