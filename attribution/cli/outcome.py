"""What became of each file given to `attribution add`, for people and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from attribution.cli.options import print_text, warn
from attribution.cli.terminal import printable, printable_line
from attribution.errors import AttributionError

if TYPE_CHECKING:
    from attribution.model.manifest import EvidenceEntry
    from attribution.model.record import Accounting, JsonValue, Reading

_MOST_SHOWN = 20
_STATUSES = {"taken_in": "taken in", "already": "there already", "failed": "left out"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one FILE: `taken_in`, `already` or `failed`.

    A file that could be read, though nothing in it is of use, has failed and has its reading.
    """

    file: str
    status: str
    entry: EvidenceEntry | None = None
    size: int | None = None
    reading: Reading | None = None
    error: AttributionError | None = None

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the entry of `attribution add --json`."""
        entry, reading = self.entry, self.reading
        return {
            "file": self.file,
            "status": self.status,
            "id": None if entry is None else entry.id,
            "path": None if entry is None else entry.path,
            "format": None if entry is None else entry.format,
            "confidence": None if reading is None else reading.confidence,
            "sha256": None if entry is None else entry.sha256,
            "size": self.size,
            "accounting": None if reading is None else dict(reading.accounting.to_dict()),
            "rejected": []
            if reading is None
            else [dict(rejection.to_dict()) for rejection in reading.rejections],
            "truncations": [] if reading is None else list(reading.truncations),
            "remarks": [] if reading is None else list(reading.remarks),
            "error": None if self.error is None else self.error.diagnostics(),
        }


def show(outcome: Outcome) -> None:
    """Print what became of a file: its entry and accounting, or on stderr what was wrong."""
    if outcome.error is not None:
        click.echo(printable(outcome.error.diagnostics()), err=True)
        return
    entry, reading = outcome.entry, outcome.reading
    if entry is None:
        return
    if reading is None:
        print_text(f"{printable_line(outcome.file)}: already taken in as {entry.id}")
        return
    print_text(f"{entry.id}  {entry.path}  {entry.format}  sha256 {entry.sha256}")
    if reading.confidence is not None and reading.confidence < 1:
        print_text(f"    format told by its content, confidence {reading.confidence:.2f}")
    print_text(f"    {reading.accounting}")
    for rejection in reading.rejections[:_MOST_SHOWN]:
        print_text(f"    rejected {printable_line(f'{rejection.place}: {rejection.reason}')}")
    if len(reading.rejections) > _MOST_SHOWN:
        print_text(f"    and {len(reading.rejections) - _MOST_SHOWN} more; --json lists all")
    for sentence in (*reading.truncations, *reading.remarks):
        print_text(f"    note: {printable_line(sentence)}")
    if reading.accounting.kept == 0:
        warn(f"{entry.id}: no record of it has a time; none will stand in the timeline")


def total(outcomes: Sequence[Outcome]) -> Accounting:
    """Return what became of the entries of all files that could be read."""
    from attribution.model.record import sum_accountings

    return sum_accountings(one.reading.accounting for one in outcomes if one.reading is not None)


def describe_all(outcomes: Sequence[Outcome]) -> str:
    """Return how many files were taken in, and the accounting over all that were read now."""
    counts = {status: sum(one.status == status for one in outcomes) for status in _STATUSES}
    said = ", ".join(f"{count} {_STATUSES[name]}" for name, count in counts.items() if count)
    lines = [f"{len(outcomes)} files: {said}"]
    if any(one.reading is not None for one in outcomes):
        lines.append(f"    {total(outcomes)}")
    return "\n".join(lines)
