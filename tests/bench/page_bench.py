"""How long a browser takes to load a large page: 5,000 events and 1,000 graph nodes.

The case is the flagship sample with invented events around its own and invented conditions beside
its graph, so that nothing is condensed. Prints the size of the page and, for five loads in headless
Chromium, the milliseconds until it is loaded, its script run and its first picture shown. Asserts
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
from attribution.report.digest import Digest
from attribution.report.document import compose_document, prepare_edition
from attribution.report.formats import render
from attribution.resources import resource
from tests.bench.generators.long_timelines import lengthen

if TYPE_CHECKING:
    from attribution.model.analysis import Analysis

SMALL = os.environ.get("BENCH_SIZE") == "small"
EVENTS, NODES = (500, 100) if SMALL else (5_000, 1_000)
LOADS = 5
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


def write_page(path: Path) -> None:
    """Write the page for counsel, with every event listed and every node drawn."""
    case = Case.open(resource("sample_incidents/environment-recreated"))
    analysis = enlarge(case.analyse_for(("legal",), ("html",)), NODES)
    whole: tuple[Analysis, Digest | None] = (lengthen(analysis, EVENTS), None)
    path.write_bytes(render(compose_document(prepare_edition(whole[0], "legal", whole)), "html"))


def measure(page: Any, address: str) -> list[float]:
    """Return milliseconds to the parsed page with its script run, the load, the first picture."""
    page.goto(address)
    times: list[float] = page.evaluate(TIMES)
    return times


def main() -> None:
    """Print what the page weighs and how long its loads took."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        sys.exit("the extra `browser` is not installed: nothing measured")
    if chromium is None:
        sys.exit("there is no Chromium: nothing measured")
    with tempfile.TemporaryDirectory() as work, sync_playwright() as driver:
        path = Path(work) / "legal.html"
        write_page(path)
        text = path.read_text(encoding="utf-8")
        print(f"{len(text) / 1e6:.1f} MB, {text.count('<tr'):,} rows, {text.count('<a '):,} links")
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        runs = [measure(browser.new_page(), path.as_uri()) for _ in range(LOADS)]
        names = ("script run", "loaded", "first picture")
        for name, values in zip(names, zip(*runs, strict=True), strict=True):
            spread = f"{min(values):.0f} to {max(values):.0f}"
            print(f"{name}: {statistics.median(values):.0f} ms ({spread})")
        browser.close()


if __name__ == "__main__":
    main()
