"""What is not known, and which records would narrow the ranges."""

from __future__ import annotations

from attribution.report.blocks import Block, Bullets, Inlines, Paragraph, Row, text
from attribution.report.sections.gaps import build_gaps
from attribution.report.view import View


def build_unknowns(view: View) -> list[Block]:
    """Return wanted records, missing factors, open tests and findings nobody has decided yet.

    A learning document, which has no section on the sources, has their gaps here.
    """
    graph = view.analysis.graph
    blocks: list[Block] = [view.section("unknowns")]
    wanted: list[Inlines] = [text(record) for record in view.analysis.manifest.wanted_records]
    if wanted:
        blocks += [view.subsection("unknowns.wanted"), Bullets(tuple(wanted))]
    open_tests: list[Inlines] = [
        (*view.node_link(edge.source), *text(" → "), *view.node_link(edge.target))
        for edge in graph.edges
        if edge.counterfactual.startswith("open")
    ]
    if open_tests:
        blocks += [view.subsection("unknowns.open"), Bullets(tuple(open_tests))]
    undecided = [f for f in graph.findings if f.status in ("proposed", "contested")]
    if undecided and not view.learning:
        rows = [
            Row(
                (
                    (*text(finding.statement), *text(f"\n{finding.id}", "code")),
                    text(view.wording.term("statuses", finding.status), "strong"),
                    text(finding.refuted_by),
                    view.references(finding.evidence),
                ),
                view.anchor("finding", finding.id),
            )
            for finding in undecided
        ]
        columns = "statement:text:3.4 status:text:1 refuted_by:text:2.2 evidence:reference:1.5"
        blocks += [
            view.subsection("unknowns.findings"),
            view.table("unknowns.table", columns, rows),
        ]
    if view.learning and view.analysis.timeline.gaps:
        blocks.append(build_gaps(view))
    if len(blocks) == 1:
        blocks.append(Paragraph(view.wording.runs("unknowns.none")))
    return blocks
