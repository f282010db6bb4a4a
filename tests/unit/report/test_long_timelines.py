"""A report of a long timeline summarises; every event is in a file beside it."""

from __future__ import annotations

import csv
import hashlib
import json
from collections import Counter
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from attribution.model.analysis import Analysis
from attribution.model.instant import Instant
from attribution.report import write_reports
from attribution.report.anchors import collect_anchors, collect_links
from attribution.report.digest import MOST_STRETCHES, Digest, condense
from attribution.report.document import ANNEX, AUDIENCES, build_document
from attribution.report.formats import render
from attribution.report.names import hide_names
from attribution.report.selection import LIMIT, LISTED, find_key_events
from attribution.report.view import View
from attribution.report.wording import Wording
from tests.bench.generators.long_timelines import lengthen

LISTING = tuple(one for one in AUDIENCES if ANNEX in Wording(one).section_order())
ADDED = 2100
NAMED = "for Rowan Quill (rquill, rowan.quill@example.test), \x1b[2J"


@pytest.fixture(scope="module")
def long(analysis: Analysis) -> Analysis:
    return lengthen(analysis, ADDED, text=NAMED)


@pytest.fixture(scope="module")
def written(long: Analysis, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reports")
    write_reports(long, folder, AUDIENCES, ("html", "md", "json"))
    return folder


def digest_of(analysis: Analysis) -> Digest:
    digest = condense(analysis)[1]
    assert digest is not None
    return digest


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_as_many_events_as_can_be_listed_are_listed(analysis: Analysis) -> None:
    """Up to the limit nothing is left out, and there is no annex file."""
    have = len(analysis.timeline.events) + len(analysis.timeline.undated)
    assert condense(lengthen(analysis, LIMIT - have))[1] is None
    assert condense(lengthen(analysis, LIMIT - have + 1))[1] is not None


@pytest.mark.parametrize("audience", LISTING)
def test_every_event_a_finding_cites_is_in_the_report_and_every_link_resolves(
    long: Analysis, audience: str
) -> None:
    document = build_document(long, audience)
    anchors = collect_anchors(document)
    view = View(long, audience)
    wanted = {view.anchor("event", event.id) for event in find_key_events(long)}
    assert len(wanted) > 10
    assert wanted <= anchors
    assert collect_links(document) <= anchors


@pytest.mark.parametrize("audience", AUDIENCES)
def test_the_report_is_as_small_as_that_of_a_short_timeline(written: Path, audience: str) -> None:
    """Each document stays far under 5 MB, whatever the number of events."""
    for ending in ("html", "md", "json"):
        assert (written / f"{audience}.{ending}").stat().st_size < 1_000_000


@pytest.mark.parametrize("audience", LISTING)
def test_the_annex_file_has_every_event_and_is_named_with_its_hash(
    long: Analysis, written: Path, audience: str
) -> None:
    path = written / f"{audience}-events.csv"
    total = len(long.timeline.events) + len(long.timeline.undated)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    assert len(rows_of(path)) == total
    document = json.loads((written / f"{audience}.json").read_text(encoding="utf-8"))
    assert document["timeline"]["digest"]["annex"] == {
        "name": path.name, "rows": total, "sha256": sha256,
    }  # fmt: skip
    for ending in ("html", "md"):
        text = (written / f"{audience}.{ending}").read_text(encoding="utf-8")
        assert sha256 in text
        assert path.name in text


@pytest.mark.parametrize("audience", LISTING)
def test_an_event_has_one_number_in_the_report_and_in_the_annex_file(
    written: Path, audience: str
) -> None:
    rows = {row["number"]: row for row in rows_of(written / f"{audience}-events.csv")}
    timeline = json.loads((written / f"{audience}.json").read_text("utf-8"))["timeline"]
    events = [*timeline["events"], *timeline["undated"]]
    assert timeline["numbers"].keys() == {event["id"] for event in events}
    for event in events:
        row = rows[timeline["numbers"][event["id"]]]
        assert row["time"] == (event["time"] or "")
        assert row["evidence"].split("; ")[0] == event["place"]


def test_a_document_without_the_events_has_no_file_of_them(long: Analysis, written: Path) -> None:
    """Drafts for authorities say what is asked; every link in them resolves."""
    assert not (written / "regulator-events.csv").exists()
    document = build_document(long, "regulator")
    assert collect_links(document) <= collect_anchors(document)


def test_the_learning_annex_names_nobody(long: Analysis, written: Path) -> None:
    """It is held to the same rules as the document: labels of roles, no addresses, no accounts."""
    text = (written / "postmortem-events.csv").read_text(encoding="utf-8").casefold()
    for name in ("rowan", "quill", "tamsin", "orrery", "vellum", "fernweh", "account-", "@"):
        assert name not in text
    assert "[person 2, deployer]" in text
    hide = hide_names(long)
    assert all(hide(row["actor"]) == row["actor"] for row in rows_of(
        written / "postmortem-events.csv"
    ))  # fmt: skip


@pytest.mark.parametrize("audience", LISTING)
def test_nothing_in_the_annex_acts(written: Path, audience: str) -> None:
    """No cell is a formula, and no terminal obeys a record."""
    path = written / f"{audience}-events.csv"
    assert b"\x1b" not in path.read_bytes()
    cells = [cell for row in rows_of(path) for cell in row.values()]
    assert any(cell.startswith("'=call") and "\\x1b[2J" in cell for cell in cells)
    assert not any(cell.startswith(tuple("=+-@\t\r")) for cell in cells)


def test_the_annex_has_the_same_bytes_every_time(
    long: Analysis, written: Path, tmp_path: Path
) -> None:
    write_reports(long, tmp_path, ["legal"], ["md"])
    for name in ("legal-events.csv", "legal.md"):
        assert (tmp_path / name).read_bytes() == (written / name).read_bytes()


def test_the_figures_are_of_all_events(long: Analysis) -> None:
    """Counts over time, and by source and kind, are those of a plain count."""
    digest = digest_of(long)
    events = long.timeline.events
    plain = Counter(
        (evidence, event.kind)
        for event in (*events, *long.timeline.undated)
        for evidence in {witness.evidence for witness in event.witnesses}
    )
    assert {(group.evidence, group.kind): group.count for group in digest.groups} == plain
    assert sum(stretch.count for stretch in digest.stretches) == len(events) == digest.dated
    assert 1 < len(digest.stretches) <= MOST_STRETCHES
    for stretch in digest.stretches:
        inside = [e for e in events if 0 <= (e.time or 0) - stretch.start < digest.step]
        assert stretch.count == len(inside)
        kinds = Counter(event.kind for event in inside)
        assert all(kinds[kind] == count for kind, count in stretch.kinds)


def test_one_stray_date_does_not_hide_the_rest_in_one_stretch(long: Analysis) -> None:
    """A record of 1970 is a stretch of its own; the others keep theirs."""
    first = long.timeline.events[0]
    stray = replace(first, id="stray", time=Instant(0))
    events = (stray, *long.timeline.events)
    strayed = digest_of(replace(long, timeline=replace(long.timeline, events=events)))
    assert strayed.stretches[0].count == 1
    assert len(strayed.stretches) > MOST_STRETCHES // 4


def test_where_too_many_are_cited_each_finding_keeps_its_first(long: Analysis) -> None:
    """A statement that cites everything pushes no other out, and what is left out is counted."""
    cited = tuple(event.witnesses[0].reference for event in long.timeline.events)
    graph = long.graph
    greedy = replace(graph.nodes[0], evidence=cited)
    crowded = replace(long, graph=replace(graph, nodes=(greedy, *graph.nodes[1:])))
    document = build_document(crowded, "legal")
    shown, digest = condense(crowded)
    assert digest is not None
    assert len(shown.timeline.events) == LISTED
    assert digest.key == len(long.timeline.events)
    kept = {ref for event in shown.timeline.events for ref in event.references}
    known = {ref for event in long.timeline.events for ref in event.references}
    for node in graph.nodes[1:]:
        found = [reference for reference in node.evidence if reference in known]
        assert not found or found[0] in kept
    left_out = f"{len(long.timeline.events) - 100:,}".replace(",", "\u00a0")
    assert f"{left_out} further events on which something rests" in render(document, "md").decode()
    assert collect_links(document) <= collect_anchors(document)


def test_pairs_whose_order_is_undecided_are_counted_over_all(long: Analysis) -> None:
    events = tuple(replace(event, overlaps=2) for event in long.timeline.events)
    crowded = replace(long, timeline=replace(long.timeline, events=events))
    assert digest_of(crowded).undecided == len(events)


@pytest.mark.slow
@pytest.mark.parametrize("audience", AUDIENCES)
def test_thirty_thousand_events_and_as_many_cited_as_fit_stay_under_a_hundred_pages(
    analysis: Analysis, audience: str
) -> None:
    """The longest list there can be: under 100 pages, under 5 MB, all links resolve."""
    many = lengthen(analysis, 30_000, text="a call with a text of some length, " * 3)
    cited = tuple(event.witnesses[0].reference for event in many.timeline.events[::20])
    greedy = replace(many.graph.nodes[0], evidence=cited)
    many = replace(many, graph=replace(many.graph, nodes=(greedy, *many.graph.nodes[1:])))
    document = build_document(many, audience)
    assert collect_links(document) <= collect_anchors(document)
    for ending in ("pdf", "html", "md", "json"):
        assert len(render(document, ending)) < 5_000_000
    assert len(PdfReader(BytesIO(render(document, "pdf"))).pages) < 100
