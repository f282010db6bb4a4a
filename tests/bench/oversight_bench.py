"""CPU seconds and memory of judging the review of many changes, from exports made from a seed.

    python tests/bench/oversight_bench.py [CHANGES]

The stages: reading the exports, and everything `attribution oversight` does with them. The figures
stand beside half as many changes, to show how it grows. Nothing is asserted.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from pathlib import Path

from attribution.ingest import read_evidence
from attribution.inspection import inspect_reviews
from tests.bench.generators.reviews import write_exports
from tests.bench.measuring.tables import format_table

SMALL = os.environ.get("BENCH_SIZE") == "small"
CHANGES = 200 if SMALL else 10_000


def measure(count: int) -> tuple[str, ...]:
    """Return the row of one size: changes, CPU seconds to read and in all, peak memory so far."""
    with tempfile.TemporaryDirectory() as folder:
        files = write_exports(Path(folder), count)
        start = time.process_time()
        for file in files:
            read_evidence(file)
        read = time.process_time() - start
        start = time.process_time()
        found = inspect_reviews(files)
        whole = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    ranked = sum(
        approval.pace is not None and approval.pace.by_time is not None
        for one in found.reviews
        for approval in one.approvals
    )
    return (
        f"{len(found.reviews):,}", f"{read:.2f}", f"{whole:.2f}", f"{ranked:,}", f"{peak:,}",
    )  # fmt: skip


def main() -> None:
    """Print the table."""
    asked = int(sys.argv[1]) if len(sys.argv) > 1 else CHANGES
    rows = [measure(asked // 2), measure(asked)]
    columns = ("changes", "reading, CPU s", "in all, CPU s", "approvals ranked", "peak memory, MiB")
    print(format_table(columns, rows))


if __name__ == "__main__":
    main()
