"""What the texts say has a section of its own, and its boxes stand apart in the pictures."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from attribution.report.blocks import Heading, Table, plain
from attribution.report.document import build_document
from attribution.report.layout.graph import draw_graph
from attribution.report.layout.layered import lay_out
from attribution.report.mermaid import write_dot, write_mermaid
from attribution.report.sections.causes import graph_shown, graph_words
from attribution.report.told import TOLD, with_told
from attribution.report.view import View

if TYPE_CHECKING:
    from attribution.model.analysis import Analysis

TITLE = "What the texts say"


def test_the_section_says_who_said_what_where_and_what_became_of_it(analysis: Analysis) -> None:
    """A row has sentence, place, speaker with denial, what it proposes, and the state."""
    blocks = build_document(analysis, "legal").blocks
    at = next(n for n, one in enumerate(blocks) if isinstance(one, Heading) and one.text == TITLE)
    table = next(one for one in blocks[at:] if isinstance(one, Table))
    first = [plain(cell) for cell in table.rows[0].cells]
    assert "dropped the keys because" in first[0]
    assert "E2" in first[1]
    assert "Cassius Brightwater (denies it)" in first[2]
    assert "brought about" in first[3]
    assert [plain(row.cells[4]) for row in table.rows] == ["proposed", "rejected", "proposed"]


def test_without_texts_there_is_no_section(analysis: Analysis) -> None:
    """An empty section is left out."""
    bare = replace(analysis, graph=replace(analysis.graph, proposals=()))
    for audience in ("legal", "postmortem"):
        blocks = build_document(bare, audience).blocks
        assert TITLE not in [one.text for one in blocks if isinstance(one, Heading)]


def test_a_learning_document_has_no_claims_of_parties(analysis: Analysis) -> None:
    """Whose claim a fact is belongs to the other document."""
    data = build_document(analysis, "postmortem").data["graph"]
    assert isinstance(data, dict)
    proposals = data["proposals"]
    assert isinstance(proposals, list)
    assert [one["kind"] for one in proposals if isinstance(one, dict)] == ["cause", "knowledge"]


def test_pictures_show_what_only_a_text_says_as_such(analysis: Analysis) -> None:
    """Its box and arrow have a look of their own, and a decided one is not drawn so."""
    view = View(analysis, "legal")
    shown = graph_shown(view)
    assert [node.id for node in shown.nodes if node.status == TOLD] == [
        "told_mapper_dropped_the_keys"
    ]
    words = graph_words(view)
    assert "-. said .->" in write_mermaid(shown, words)
    assert '-> "service_down" [style="dashed"' in write_dot(shown, words)
    assert "edge-told" in repr(draw_graph(shown, words, lay_out))
    cause = replace(analysis.graph.proposals[0], status="rejected")
    assert with_told(replace(analysis.graph, proposals=(cause,))).nodes == analysis.graph.nodes
