"""The controls that were meant to stop or limit the harm: there or not, and what they could do."""

from __future__ import annotations

from attribution.report.blocks import Block, Paragraph, Row, text
from attribution.report.view import NONE, View


def build_barriers(view: View) -> list[Block]:
    """Return the barriers with state, owner, effectiveness and the source of that range."""
    barriers = view.analysis.graph.barriers
    blocks: list[Block] = [view.section("barriers")]
    if not barriers:
        return [*blocks, Paragraph(view.wording.runs("barriers.none"))]
    rows = []
    for barrier in barriers:
        effect = NONE if barrier.effectiveness is None else view.span(barrier.effectiveness)
        owners = ", ".join(view.party(owner) for owner in barrier.owners) or NONE
        rows.append(
            Row(
                (
                    (*text(barrier.title, "strong"), *text(f"\n{barrier.statement}")),
                    text(view.wording.term("barrier_types", barrier.type)),
                    text(view.wording.term("barrier_states", barrier.state), "strong"),
                    *(() if view.learning else (text(owners),)),
                    (*text(effect), *text(f"\n{barrier.source}", "small")),
                    view.references(barrier.evidence),
                ),
                view.anchor("barrier", barrier.id),
            )
        )
    owner = "" if view.learning else "owner:text:1.4 "
    columns = (
        f"barrier:text:2.6 type:text:1 state:text:1 {owner}"
        "effectiveness:text:2.2 evidence:reference:1.4"
    )
    intro = Paragraph(view.wording.runs("barriers.intro"))
    return [*blocks, intro, view.table("barriers.table", columns, rows)]
