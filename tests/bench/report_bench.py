"""What the reports of a very long timeline take: seconds, memory, bytes and pages.

The timeline is that of the flagship sample with a million invented events around it. Prints what
the documents take by audience and format, and the memory over that of the events themselves.
Asserts nothing. Run with `python -m tests.bench.report_bench`; BENCH_SIZE=small adds 5,000 events.
"""

from __future__ import annotations

import os
import resource as limits
import tempfile
import time
from pathlib import Path

from pypdf import PdfReader

from attribution.case import Case
from attribution.report import write_reports
from attribution.resources import resource
from tests.bench.generators.long_timelines import lengthen

EVENTS = 5_000 if os.environ.get("BENCH_SIZE") == "small" else 1_000_000
FORMATS = ("pdf", "html", "md", "json")


def peak() -> float:
    """Return the peak memory of this process so far, in MiB."""
    return limits.getrusage(limits.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Print one line an audience, one line a file."""
    case = Case.open(resource("sample_incidents/environment-recreated"))
    analysis = lengthen(case.analyse(), EVENTS)
    held = peak()
    print(f"{len(analysis.timeline.events)} events, {held:.0f} MiB with all that made them")
    with tempfile.TemporaryDirectory() as work:
        for audience in ("legal", "postmortem"):
            begun = time.process_time()
            paths = write_reports(analysis, Path(work), [audience], FORMATS)
            taken = time.process_time() - begun
            print(f"{audience}: {taken:.1f} s, {peak() - held:.0f} MiB more")
            for path in paths:
                pages = f", {len(PdfReader(path).pages)} pages" if path.suffix == ".pdf" else ""
                print(f"    {path.name:24}{path.stat().st_size / 1e6:10.2f} MB{pages}")


if __name__ == "__main__":
    main()
