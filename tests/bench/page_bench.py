"""How long a browser takes to load a large page: 5,000 events and 1,000 graph nodes.

The case is the flagship sample with invented events around its own and invented conditions beside
its graph. Two pages are loaded: the one that `attribution report` writes, and one that has a row
for every event, as none is written. Prints the size of each and, for seven loads in headless
Chromium, the milliseconds until it is loaded, its script run and its first picture shown, and the
processor time of the page's thread, which other work on the machine does not stretch. Asserts
nothing. Run with `python -m tests.bench.page_bench`; needs Chromium and the extra `browser`.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attribution.case import Case
from attribution.model.graph import Edge, Node
from attribution.report import write_reports
from attribution.report.document import compose_document, prepare_edition
from attribution.report.formats import render
from attribution.resources import resource
from tests.bench.generators.long_timelines import lengthen

if TYPE_CHECKING:
    from attribution.model.analysis import Analysis

SMALL = os.environ.get("BENCH_SIZE") == "small"
EVENTS, NODES = (500, 100) if SMALL else (5_000, 1_000)
LOADS = 7
CHAIN = 8
"""Conditions one after another before they lead to the first failure."""

TIMES = """() => new Promise(done => requestAnimationFrame(() => setTimeout(() => {
  const [load] = performance.getEntriesByType("navigation");
  const shown = performance.getEntriesByName("first-contentful-paint")[0];
  done([load.domContentLoadedEventEnd, load.loadEventEnd, shown ? shown.startTime : 0]);
})))"""


def enlarge(analysis: Analysis, count: int) -> Analysis:
    """Return the analysis with `count` more nodes, in chains that lead to its first event."""
    graph = analysis.graph
    target = next(node.id for node in graph.nodes if node.equation)
    nodes = [
        Node(f"invented_{at}", "condition", f"Invented condition {at}", evidence=("E1#line 1",))
        for at in range(count)
    ]
    edges = [
        Edge(
            node.id,
            nodes[at + 1].id if (at + 1) % CHAIN and at + 1 < count else target,
            "declared",
            "open: nobody has answered",
            "invented",
        )
        for at, node in enumerate(nodes)
    ]
    larger = replace(graph, nodes=(*graph.nodes, *nodes), edges=(*graph.edges, *edges))
    return replace(analysis, graph=larger)


def write_pages(folder: Path) -> dict[str, Path]:
    """Write the page for counsel as a report has it, and with every event listed."""
    case = Case.open(resource("sample_incidents/environment-recreated"))
    analysis = enlarge(case.analyse_for(("legal",), ("html",)), NODES)
    longer = lengthen(analysis, EVENTS)
    *_, written = write_reports(longer, folder, ("legal",), ("html",))
    whole = folder / "whole.html"
    edition = prepare_edition(analysis, "legal", (longer, None))
    whole.write_bytes(render(compose_document(edition), "html"))
    return {"as a report is written": written, "with every event listed": whole}


def measure(browser: Any, address: str) -> list[float]:
    """Return milliseconds: parsed and script run, loaded, first picture, processor time."""
    page = browser.new_page(viewport={"width": 1300, "height": 900})
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.goto(address)
    times: list[float] = page.evaluate(TIMES)
    metrics = session.send("Performance.getMetrics")["metrics"]
    busy = next(entry["value"] for entry in metrics if entry["name"] == "TaskDuration")
    page.close()
    return [*times, busy * 1000]


def main() -> None:
    """Print what the pages weigh and how long their loads took."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        sys.exit("the extra `browser` is not installed: nothing measured")
    if chromium is None:
        sys.exit("there is no Chromium: nothing measured")
    with tempfile.TemporaryDirectory() as work, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for title, path in write_pages(Path(work)).items():
            text = path.read_text(encoding="utf-8")
            rows, links = text.count("<tr"), text.count("<a ")
            print(f"{title}: {len(text) / 1e6:.1f} MB, {rows:,} rows, {links:,} links")
            runs = [measure(browser, path.as_uri()) for _ in range(LOADS)]
            names = ("script run", "loaded", "first picture", "processor time")
            for name, values in zip(names, zip(*runs, strict=True), strict=True):
                spread = f"{min(values):.0f} to {max(values):.0f}"
                print(f"  {name}: {statistics.median(values):.0f} ms ({spread})")
        browser.close()


if __name__ == "__main__":
    main()
