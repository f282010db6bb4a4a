"""Seconds and memory to merge records by the million, beside plain pandas and duckdb.

`python -m tests.bench.merge_bench [--write]` merges the rows of four exports, of which a tenth are
in two of them: ours with `merge_records`, pandas by `concat`, `sort_values` and `drop_duplicates`
on string columns, duckdb (`pip install duckdb`, for the bench alone) by `UNION ALL`, `DISTINCT ON`
and `ORDER BY` on tables of its own. Ours also hashes every key, counts for each event those whose
order to it is open, and accounts for every record; what hashing takes is told apart. The bench
fails where the sides keep different numbers of rows. Each row is a process of its own; seconds are
those of the processor, which other work on the machine does not add to, and memory is the peak of
the process with the rows it began with.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from typing import Any

import numpy as np

from attribution.model.actor import ActorDirectory
from attribution.model.columns import RecordColumns
from attribution.model.packing import RecordPacker
from attribution.model.record import Accounting, Reading
from attribution.timeline.merge import merge_records
from tests.bench.generators.records import BEGIN, walk_rows
from tests.bench.measuring.runs import Measured, Spent, Timed, measure, peak, show_seconds
from tests.bench.measuring.tables import format_table, publish

SMALL = os.environ.get("BENCH_SIZE") == "small"
SIZES = (20_000, 40_000) if SMALL else (1_000_000, 10_000_000)
SAME_TIME = 20_000 if SMALL else 1_400_000
SOURCES = 4
LIMIT = 60.0 if SMALL else 900.0
PEER = "duckdb"
_KEY = ["kind", "native_id", "actor", "subject", "text", "time"]


def merge_ours(count: int, at: int | None) -> tuple[Timed, Any]:
    """Return the seconds to hash and to merge, and how many events there are."""
    packers = [RecordPacker() for _ in range(SOURCES)]
    for source, rows in walk_rows(count, SOURCES, at):
        packers[source].add_rows(rows)
    readings = {}
    for number in range(1, SOURCES + 1):
        records = packers.pop(0).finish()
        size = len(records)
        readings[f"E{number}"] = Reading("json", records, Accounting(read=size, kept=size))
    merge_records({}, {}, ActorDirectory(()))  # what is loaded once is loaded
    before = peak()
    watch = Spent()
    for reading in readings.values():
        if isinstance(reading.records, RecordColumns):
            _ = reading.records.digests
    hashing = watch.lap()
    timeline = merge_records(readings, {}, ActorDirectory(()))
    seconds = {"hash": hashing, "merge": watch.lap()}
    kept = sum(source.accounting.read for source in timeline.sources)
    if kept != count // SOURCES * SOURCES:
        raise ValueError("a record is not accounted for")
    return seconds, (len(timeline.events), before)


def build_frames(count: int) -> list[Any]:
    """Return the rows as a table for each export, texts as strings."""
    import pandas as pd

    parts: dict[int, list[Any]] = {}
    for source, rows in walk_rows(count, SOURCES):
        times = np.asarray(rows.time)
        columns = {
            "time": times,
            "time_low": times,
            "time_high": times + np.asarray(rows.after),
            "kind": rows.kind,
            "actor": rows.actor,
            "subject": rows.subject,
            "text": rows.text,
            "native_id": rows.native,
            "place": [f"line {number}" for number in np.asarray(rows.number).tolist()],
        }
        parts.setdefault(source, []).append(pd.DataFrame(columns))
    return [pd.concat(parts.pop(source), ignore_index=True) for source in range(SOURCES)]


def merge_pandas(count: int, _: None) -> tuple[Timed, Any]:
    """Return the seconds plain pandas takes, and how many rows are left."""
    import pandas as pd

    frames = build_frames(count)
    before = peak()
    watch = Spent()
    merged = pd.concat(frames, ignore_index=True)
    merged = merged.sort_values("time", kind="stable").drop_duplicates(_KEY)
    return {"merge": watch.lap()}, (len(merged), before)


def merge_duckdb(count: int, _: None) -> tuple[Timed, Any]:
    """Return the seconds duckdb takes, and how many rows are left."""
    duckdb: Any = importlib.import_module(PEER)
    connection = duckdb.connect()
    frames = build_frames(count)
    for number in range(SOURCES):
        frame = frames.pop(0)
        connection.register("frame", frame)
        connection.execute(f"CREATE TABLE source_{number} AS SELECT * FROM frame")  # noqa: S608
        connection.unregister("frame")
        del frame
    before = peak()
    union = " UNION ALL ".join(f"SELECT * FROM source_{number}" for number in range(SOURCES))  # noqa: S608
    watch = Spent()
    connection.execute(
        f"CREATE TABLE merged AS SELECT * FROM (SELECT DISTINCT ON ({', '.join(_KEY)}) *"  # noqa: S608
        f" FROM ({union})) ORDER BY time"
    )
    seconds = watch.lap()
    [(left,)] = connection.execute("SELECT count(*) FROM merged").fetchall()
    return {"merge": seconds}, (left, before)


def show(name: str, count: int, found: Measured, theirs: Measured | None) -> list[str]:
    """Return a row of the table; `theirs` is what it is compared with."""
    if not found.finished:
        return [f"{count:,}", name, found.failure, "", "", "", ""]
    events, before = found.answer
    hashing = show_seconds(found.median("hash")) if "hash" in found.seconds else ""
    ratio = ""
    if theirs is not None and theirs.finished:
        whole = found.median("merge") + (found.median("hash") if hashing else 0.0)
        ratio = f"{theirs.median('merge') / found.median('merge'):.1f}"
        ratio += f" ({theirs.median('merge') / whole:.1f})" if hashing else ""
    return [
        f"{count:,}",
        name,
        f"{events:,}",
        hashing,
        found.text("merge"),
        ratio,
        f"{before:,.0f} MiB, {found.peak:,.0f} MiB",
    ]


def compare(count: int) -> list[list[str]]:
    """Return the rows of the table for one size."""
    found = {
        "ours": measure(merge_ours, count, None, runs=1, limit=LIMIT),
        "pandas": measure(merge_pandas, count, None, runs=1, limit=LIMIT),
    }
    if importlib.util.find_spec(PEER) is not None:
        found[PEER] = measure(merge_duckdb, count, None, runs=1, limit=LIMIT)
    kept = {one.answer[0] for one in found.values() if one.finished}
    if len(kept) > 1:
        sys.exit(f"the sides keep different numbers of rows: {sorted(kept)}")
    return [show(name, count, one, found["pandas"]) for name, one in found.items()]


def main(arguments: list[str]) -> None:
    """Print the table; with `--write` put it into the page."""
    rows = [row for count in SIZES for row in compare(count)]
    same = measure(merge_ours, SAME_TIME, BEGIN, runs=1, limit=LIMIT)
    rows.append(show("ours, all at one time", SAME_TIME, same, None))
    header = (
        "rows",
        "program",
        "events",
        "hashing",
        "merging",
        "times pandas",
        "memory: before, peak",
    )
    text = format_table(header, rows)
    if importlib.util.find_spec(PEER) is None:
        text = f"{PEER} is not installed: without it (pip install {PEER})\n\n{text}"
    publish("merge", text, write="--write" in arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
