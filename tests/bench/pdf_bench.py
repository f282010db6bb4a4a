"""What a long PDF takes: seconds of a processor, pages, bytes, and what of it is what.

The document is that for counsel of the flagship sample, some sixty tagged pages. It is written
several times; the best time counts, as other programs disturb all others. Prints the times, that
the bytes were the same every time, and the marks and links of the file. Asserts nothing. Run with
`python -m tests.bench.pdf_bench`; BENCH_SIZE=small writes it once.
"""

from __future__ import annotations

import hashlib
import os
import time
from io import BytesIO

import pikepdf

from attribution.case import Case
from attribution.report.document import build_document
from attribution.report.formats import render
from attribution.resources import resource

TIMES = 1 if os.environ.get("BENCH_SIZE") == "small" else 5


def main() -> None:
    """Print one line on time, one on what was written."""
    case = Case.open(resource("sample_incidents/environment-recreated"))
    document = build_document(case.analyse(), "legal")
    taken, written = [], set()
    for _ in range(TIMES):
        begun, walked = time.process_time(), time.perf_counter()
        data = render(document, "pdf")
        taken.append((time.process_time() - begun, time.perf_counter() - walked))
        written.add(hashlib.sha256(data).hexdigest())
    processor, wall = (min(times) for times in zip(*taken, strict=True))
    with pikepdf.open(BytesIO(data)) as pdf:
        pages = len(pdf.pages)
        links = sum(len(page.get("/Annots", ())) for page in pdf.pages)
    print(
        f"{pages} pages: {processor:.2f} s of a processor, {wall:.2f} s by the clock, best of "
        f"{TIMES}; 60 pages {60 * processor / pages:.2f} s"
    )
    print(f"{len(data) / 1e6:.2f} MB, {links} places to press, {len(written)} different bytes")


if __name__ == "__main__":
    main()
