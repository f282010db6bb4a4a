"""Rival hypotheses side by side: what each makes of what was observed, and what to seek."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from attribution.model.hypothesis import MARKS, RivalHypothesis
from attribution.report.blocks import (
    Block,
    Bullets,
    Column,
    Inlines,
    Paragraph,
    Row,
    Table,
    join,
    text,
)
from attribution.report.view import NONE, View

_SIDE_BY_SIDE = 10
"""Hypotheses in one table of the matrix."""


def build_hypotheses(view: View) -> list[Block]:
    """Return the hypotheses, their matrix and what would tell them apart; nothing for one alone."""
    matrix = view.analysis.hypotheses
    if len(matrix.hypotheses) < 2:  # noqa: PLR2004 - one has no rival
        return []
    blocks: list[Block] = [view.section("hypotheses")]
    if matrix.observations:
        blocks += [
            Paragraph(view.wording.runs("hypotheses.intro")),
            _hypotheses(view),
            *_matrix(view),
            Paragraph(view.wording.runs("hypotheses.key"), "small"),
        ]
    else:
        blocks.append(Bullets(tuple(text(one.title) for one in matrix.hypotheses)))
    blocks += [Paragraph(text(limit, "emphasis")) for limit in matrix.limits]
    seek: list[Inlines] = []
    for told in matrix.discriminators:
        leads = "\n".join(f"– {lead.sentence}" for lead in told.look_in)
        seek.append((*view.node_or_text(told.node, told.statement), *text(f"\n{leads}", "small")))
    if seek:
        blocks += [view.subsection("hypotheses.seek"), Bullets(tuple(seek))]
    return blocks


def _hypotheses(view: View) -> Table:
    rows = [
        Row(
            (
                text(f"H{number}", "strong"),
                join([text(it) for it in (one.title, one.ruled_out) if it], "\n"),
                text(f"{len(one.explains)} / {len(view.analysis.hypotheses.observations)}"),
                _nodes(view, one.unexplained),
                _nodes(view, one.contradicted_by),
                *(() if view.learning else (_likelihood(view, one),)),
            )
        )
        for number, one in enumerate(view.analysis.hypotheses.hypotheses, 1)
    ]
    columns = (
        "number:text:0.5 hypothesis:text:2.6 explains:text:0.9 unexplained:text:2.2 against:text:2"
    )
    if not view.learning:
        columns += " likelihood:text:1.3"
    return view.table("hypotheses.table", columns, rows)


def _likelihood(view: View, one: RivalHypothesis) -> Inlines:
    return text(NONE) if one.likelihood is None else text(view.span(one.likelihood))


def _nodes(view: View, names: tuple[str, ...]) -> Inlines:
    return join([view.node_link(name) for name in names], "\n") if names else text(NONE)


def _matrix(view: View) -> list[Table]:
    """Return the matrix, in tables of as many hypotheses as stand side by side on a page."""
    numbered = list(enumerate(view.analysis.hypotheses.hypotheses, 1))
    return [
        _part(view, numbered[start : start + _SIDE_BY_SIDE])
        for start in range(0, len(numbered), _SIDE_BY_SIDE)
    ]


def _part(view: View, numbered: Sequence[tuple[int, RivalHypothesis]]) -> Table:
    rows = [
        Row(
            (
                (*view.node_or_text(row.node, row.statement),),
                view.references(row.evidence),
                *(text(MARKS[row.cells[one.id].mark][1]) for _, one in numbered),
            )
        )
        for row in view.analysis.hypotheses.observations
    ]
    table = view.table("hypotheses.matrix", "statement:text:3.4 evidence:reference:1.6", ())
    extra = [Column(f"H{number}", "text", 0.5) for number, _ in numbered]
    return replace(table, columns=(*table.columns, *extra), rows=tuple(rows))
