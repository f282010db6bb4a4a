"""What contradicts itself: both sides with their evidence, and what a person decided, if anything.

Nothing here is resolved by the document: a contradiction stays contested until a person decides.
"""

from __future__ import annotations

from attribution.model.contradiction import CONTRADICTIONS, Contradiction, Side
from attribution.report.blocks import Block, Inlines, Paragraph, Row, join, text
from attribution.report.view import View


def build_contradictions(view: View) -> list[Block]:
    """Return the contradictions as a table, those that nobody has decided first; nothing if none.

    A document for learning has those between records and rules, without what parties assert.
    """
    found = view.analysis.graph.contradictions
    if not found:
        return []
    rows = [_row(view, one) for one in sorted(found, key=lambda one: one.resolution is not None)]
    columns = "about:text:1.6 one_side:text:2.4 other_side:text:2.4 decided:text:1.4"
    return [
        view.section("contradictions"),
        Paragraph(view.wording.runs("contradictions.intro")),
        view.table("contradictions.table", columns, rows),
    ]


def _row(view: View, one: Contradiction) -> Row:
    what = text(CONTRADICTIONS[one.kind])
    about = what if view.learning else (*what, *text(f"\n{one.about}", "code"))
    resolution = one.resolution or view.wording.text("contradictions.open")
    decided: Inlines = (
        *text(view.wording.term("contradictions.statuses", one.status), "strong"),
        *text(f"\n{resolution}", "small"),
    )
    cells = (about, *(_side(view, side) for side in one.sides), decided)
    return Row(cells, view.anchor("contradiction", one.id))


def _side(view: View, side: Side) -> Inlines:
    """Return what a side says, who or what says so, the nodes it makes true, and its evidence."""
    parts: list[Inlines] = [text(side.statement)]
    if side.by:
        parts.append(text(_told_by(view, side.by), "small"))
    stated = [name for name in side.nodes if name in view.nodes]
    parts += [
        view.node_link(name) for name in stated if view.nodes[name].statement != side.statement
    ]
    parts.append(view.references(side.evidence))
    return join(parts, "\n")


def _told_by(view: View, by: str) -> str:
    """Return who says so, with the names of parties in place of their ids."""
    return ", ".join(view.party(name) if name in view.parties else name for name in by.split(", "))
