from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from attribution.errors import AttributionError
from attribution.report import default_audiences, write_reports
from attribution.report.anchors import collect_anchors, collect_links
from attribution.report.blocks import Heading, Table, plain
from attribution.report.document import AUDIENCES, build_document
from attribution.report.formats import WRITERS, render

if TYPE_CHECKING:
    from pathlib import Path

    from attribution.model.analysis import Analysis


@pytest.mark.parametrize("audience", AUDIENCES)
def test_every_link_leads_to_an_anchor(analysis: Analysis, audience: str) -> None:
    document = build_document(analysis, audience)
    assert collect_links(document)
    assert collect_links(document) <= collect_anchors(document)


def test_answer_comes_before_everything_but_the_notices(analysis: Analysis) -> None:
    document = build_document(analysis, "legal")
    first = next(block for block in document.blocks if isinstance(block, Heading))
    table = next(block for block in document.blocks if isinstance(block, Table))
    assert first.text == "Summary"
    assert table.caption == "Shares of the harm"


def test_points_of_breaches_sum_to_their_party_and_cite_evidence(analysis: Analysis) -> None:
    """Every row of a breach table carries points, a duty and at least one evidence reference."""
    document = build_document(analysis, "legal")
    tables = [
        block
        for block in document.blocks
        if isinstance(block, Table) and block.caption.startswith("Breaches")
    ]
    assert len(tables) == len(analysis.attribution.parties)
    for table, party in zip(tables, analysis.attribution.parties, strict=True):
        *rows, total = table.rows
        assert len(rows) == len(party.breaches)
        assert plain(total.cells[0]) == f"{sum(b.points for b in party.breaches) * 100:.1f}\u00a0%"
        for row, breach in zip(rows, party.breaches, strict=True):
            assert breach.evidence[0].replace("#", " · ") in plain(row.cells[4])
            assert plain(row.cells[2])


def test_liability_documents_of_a_learning_case_are_refused(
    analysis: Analysis, tmp_path: Path
) -> None:
    learning = replace(analysis, manifest=replace(analysis.manifest, mode="learning"))
    with pytest.raises(AttributionError, match="for learning"):
        write_reports(learning, tmp_path / "out", ("postmortem", "legal"), ("md",))
    with pytest.raises(AttributionError, match="for learning"):
        write_reports(learning, tmp_path / "out", ("claim",), ("md",))
    assert not (tmp_path / "out").exists()
    assert default_audiences("learning", insured=True) == ("postmortem",)
    assert default_audiences("liability", insured=True) == ("legal", "postmortem", "claim")


def test_another_audience_is_refused_with_what_there_is(analysis: Analysis) -> None:
    with pytest.raises(AttributionError, match="postmortem or legal or claim or regulator"):
        build_document(analysis, "everybody")


def test_format_is_refused_before_anything_is_written(analysis: Analysis, tmp_path: Path) -> None:
    with pytest.raises(AttributionError, match="no such format"):
        write_reports(analysis, tmp_path / "out", ("legal",), ("md", "odt"))
    assert not (tmp_path / "out").exists()


def test_written_files_are_the_rendered_bytes(analysis: Analysis, tmp_path: Path) -> None:
    paths = write_reports(analysis, tmp_path, ("postmortem",), tuple(WRITERS))
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(p.name for p in paths)
    document = build_document(analysis, "postmortem")
    assert {path.suffix[1:]: path.read_bytes() for path in paths} == {
        name: render(document, name) for name in WRITERS
    }


def test_privilege_header_only_when_the_case_sets_one(analysis: Analysis) -> None:
    assert b"Privileged" not in render(build_document(analysis, "legal"), "html")
    marked = replace(
        analysis, manifest=replace(analysis.manifest, privilege="Privileged and confidential")
    )
    assert b"Privileged and confidential" in render(build_document(marked, "legal"), "html")
    assert b"Privileged" not in render(build_document(marked, "postmortem"), "html")


def test_pseudonyms_stand_in_place_of_names(analysis: Analysis) -> None:
    """A party with a pseudonym is called by it everywhere, also inside statements."""
    first, *rest = analysis.manifest.parties
    node = replace(analysis.graph.nodes[5], statement=f"{first.name} deleted the environment")
    nodes = (*analysis.graph.nodes[:5], node, *analysis.graph.nodes[6:])
    hidden = replace(
        analysis,
        manifest=replace(analysis.manifest, parties=(replace(first, pseudonym="Party A"), *rest)),
        graph=replace(analysis.graph, nodes=nodes),
    )
    page = render(build_document(hidden, "legal"), "html").decode()
    assert "Party A deleted the environment" in page
    assert first.name not in page


def test_empty_case_still_makes_a_document(analysis: Analysis) -> None:
    """A case before its first record has nothing in it, and says so in each section."""
    bare = replace(
        analysis,
        evidence=(),
        rejections={},
        timeline=replace(analysis.timeline, events=(), undated=(), sources=(), gaps=()),
        commits=(),
        reviews=(),
        deployments=(),
        graph=replace(
            analysis.graph,
            nodes=(),
            edges=(),
            findings=(),
            barriers=(),
            duties=(),
            missing_factors=(),
            checks=(),
        ),
        attribution=replace(analysis.attribution, parties=(), harms=(), cruxes=(), notes=()),
        comparison=replace(analysis.comparison, positions=(), agreed=(), cruxes=()),
        what_if=(),
    )
    page = render(build_document(bare, "legal"), "md").decode()
    assert "No shares could be computed" in page
    assert "No cause has been recorded yet" in page
    assert render(build_document(bare, "legal"), "pdf").startswith(b"%PDF-1.5")
