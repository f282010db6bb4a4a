"""Seconds and memory from a file of JSON lines to its merged events, beside pandas and duckdb.

`python -m tests.bench.reading_bench [--write]` reads a hand-kept timeline of a million lines (of
which none repeats, then of which most do), an audit log of Kubernetes and a journal. Ours reads,
hashes each key, and merges; pandas and duckdb (`pip install duckdb`, for the bench alone) read the
same file, sort it and drop what repeats. The bench fails where the sides keep different numbers of
rows. Each row is a process of its own; seconds are those of the processor, and memory is the peak.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from attribution.ingest import read_evidence
from attribution.model.actor import ActorDirectory
from attribution.model.columns import RecordColumns
from attribution.timeline.merge import merge_records
from tests.bench.generators.records import write_audit, write_journal, write_timeline
from tests.bench.measuring.runs import Measured, Spent, Timed, measure, show_seconds
from tests.bench.measuring.tables import format_table, publish

SMALL = os.environ.get("BENCH_SIZE") == "small"
LINES = 20_000 if SMALL else 1_000_000
DISTINCT = LINES // 100
LOGS = LINES // 5
LIMIT = 60.0 if SMALL else 900.0
PEER = "duckdb"
_PARTS = ("read", "hash", "merge")


def take_ours(file: str) -> tuple[Timed, Any]:
    """Return the seconds of each part, and how many records and rows there are."""
    merge_records({}, {}, ActorDirectory(()))  # what is loaded once is loaded
    watch = Spent()
    reading = read_evidence(Path(file))
    seconds = {"read": watch.lap()}
    if isinstance(reading.records, RecordColumns):
        _ = reading.records.digests
    seconds["hash"] = watch.lap()
    timeline = merge_records({"E1": reading}, {}, ActorDirectory(()))
    seconds["merge"] = watch.lap()
    return seconds, len(timeline.events)


def take_pandas(file: str) -> tuple[Timed, Any]:
    """Return the seconds pandas takes, and how many rows are left."""
    import pandas as pd

    watch = Spent()
    frame = pd.read_json(file, lines=True, convert_dates=["time"])
    seconds = {"read": watch.lap()}
    frame = frame.sort_values("time", kind="stable").drop_duplicates(["kind", "native_id"])
    seconds["merge"] = watch.lap()
    return seconds, len(frame)


def take_duckdb(file: str) -> tuple[Timed, Any]:
    """Return the seconds duckdb takes, and how many rows are left."""
    duckdb: Any = importlib.import_module(PEER)
    connection = duckdb.connect()
    watch = Spent()
    connection.execute("CREATE TABLE rows AS SELECT * FROM read_json(?)", [file])
    seconds = {"read": watch.lap()}
    connection.execute(
        "CREATE TABLE merged AS SELECT * FROM"
        " (SELECT DISTINCT ON (kind, native_id) * FROM rows) ORDER BY time"
    )
    seconds["merge"] = watch.lap()
    [(left,)] = connection.execute("SELECT count(*) FROM merged").fetchall()
    return seconds, left


def show(what: str, name: str, found: Measured) -> list[str]:
    """Return a row of the table."""
    if not found.finished:
        return [what, name, found.failure, *[""] * (len(_PARTS) + 2)]
    parts = [found.text(part) if part in found.seconds else "" for part in _PARTS]
    whole = sum(found.median(part) for part in found.seconds)
    return [what, name, f"{found.answer:,}", *parts, show_seconds(whole), f"{found.peak:,.0f} MiB"]


def compare(what: str, file: Path) -> list[list[str]]:
    """Return the rows of the table for one file."""
    found = {
        "ours": measure(take_ours, str(file), runs=1, limit=LIMIT),
        "pandas": measure(take_pandas, str(file), runs=1, limit=LIMIT),
    }
    if importlib.util.find_spec(PEER) is not None:
        found[PEER] = measure(take_duckdb, str(file), runs=1, limit=LIMIT)
    kept = {one.answer for one in found.values() if one.finished}
    if len(kept) > 1:
        sys.exit(f"the sides keep different numbers of rows: {sorted(kept)}")
    return [show(what, name, one) for name, one in found.items()]


def main(arguments: list[str]) -> None:
    """Print the table; with `--write` put it into the page."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="attribution-bench-") as folder:
        path = Path(folder) / "lines.jsonl"
        write_timeline(path, LINES)
        rows += compare(f"{LINES:,} lines of a timeline", path)
        write_timeline(path, LINES, DISTINCT)
        rows += compare(f"{LINES:,} lines, {DISTINCT:,} of them distinct", path)
        for name, write in (("an audit log", write_audit), ("a journal", write_journal)):
            write(path, LOGS)
            found = measure(take_ours, str(path), runs=1, limit=LIMIT)
            rows.append(show(f"{LOGS:,} lines of {name}", "ours", found))
    header = ("file", "program", "rows left", "reading", "hashing", "merging", "all", "memory")
    text = format_table(header, rows)
    if importlib.util.find_spec(PEER) is None:
        text = f"{PEER} is not installed: without it (pip install {PEER})\n\n{text}"
    publish("reading", text, write="--write" in arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
