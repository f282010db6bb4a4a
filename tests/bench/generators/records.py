"""Records by the million: of several exports, of which a tenth is in the first as well.

They are made by arithmetic on their number alone, so that any of them can be made again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from attribution.model.columns import NONE
from attribution.model.packing import Rows

BEGIN = 1_768_348_800_000_000  # 2026-01-14T00:00:00Z in microseconds
CHUNK = 1 << 15
_STEP = 137_000
_SHARED = 10


def make_rows(source: int, first: int, count: int, of_source: int, at: int | None = None) -> Rows:
    """Return rows of one export from its row `first` on; `of_source` is how many each has.

    Every tenth row of a later export is one of the first export. Every second row has a native id.
    With `at` all have that time.
    """
    own = range(first, first + count)
    numbers = [row if source and row % _SHARED == 0 else source * of_source + row for row in own]
    number = np.array(numbers, np.int64)
    time = BEGIN + number % of_source * _STEP + number * 7919 % 1000 * 1000 + number // of_source
    if at is not None:
        time = np.full(count, at)
    nothing = np.zeros(count, np.int64)
    return Rows(
        kind=["note"] * count,
        time=time,
        before=nothing,
        after=nothing + 999,
        written=nothing + NONE,
        spelt=np.full(count, 24, np.uint8),
        original=[None] * count,
        actor=[f"deployer-{n * 31 % 200}" for n in numbers],
        subject=[f"service-{n * 17 % 50}" for n in numbers],
        text=[f"Worker {n * 13 % 1000} took job {n} from the queue" for n in numbers],
        native=[f"job-{n:012d}" if n % 2 else None for n in numbers],
        data=[b"{}"] * count,
        head=["line "] * count,
        number=np.arange(first + 1, first + count + 1),
    )


def walk_rows(count: int, sources: int, at: int | None = None) -> Iterator[tuple[int, Rows]]:
    """Yield `count` rows in all, each stretch with the number of its export."""
    of_source = count // sources
    for source in range(sources):
        for first in range(0, of_source, CHUNK):
            size = min(CHUNK, of_source - first)
            yield source, make_rows(source, first, size, of_source, at)


def write_timeline(path: Path, count: int, distinct: int | None = None) -> None:
    """Write a hand-kept timeline as JSON lines; its lines repeat after `distinct`."""
    begin = datetime(2026, 1, 14, tzinfo=UTC)
    with path.open("w", encoding="utf-8") as stream:
        for row in range(count):
            n = row % (distinct or count)
            moment = begin + timedelta(milliseconds=137 * n + n * 7919 % 100)
            entry = {
                "time": f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z",
                "actor": f"deployer-{n * 31 % 200}",
                "kind": "note",
                "subject": f"service-{n * 17 % 50}",
                "text": f"Worker {n * 13 % 1000} took job {n} from the queue",
                "native_id": f"job-{n:012d}",
            }
            stream.write(json.dumps(entry) + "\n")
