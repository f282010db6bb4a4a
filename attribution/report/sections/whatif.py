"""What would have been, had one duty been met."""

from __future__ import annotations

from collections.abc import Mapping

from attribution.model.comparison import WhatIf
from attribution.report.blocks import Block, Column, Inlines, Paragraph, Row, Table, join, text
from attribution.report.sections.panel import build_panel
from attribution.report.view import NONE, View


def build_what_if(view: View) -> list[Block]:
    """Return, for each breach at its norm, how likely the harm still was and the shares left."""
    entries = view.analysis.what_if
    blocks: list[Block] = [view.section("whatif"), *build_panel(view)]
    if not entries:
        return [*blocks, Paragraph(view.wording.runs("whatif.none"))]
    return [*blocks, Paragraph(view.wording.runs("whatif.intro")), _table(view, entries)]


def _table(view: View, entries: tuple[WhatIf, ...]) -> Table:
    parties = view.sharing
    titles = {harm.id: harm.title for harm in view.analysis.attribution.harms}
    rows = []
    for entry in entries:
        left = [
            text(f"{titles.get(harm, harm)}: {view.percent(probability)}")
            for harm, probability in sorted(entry.harm_probability.items())
        ]
        shares: list[Inlines] = [
            view.interval_cell(None if entry.shares is None else entry.shares.get(party))
            for party in parties
        ]
        what = _settings(view, entry.settings)
        for said in filter(None, (entry.reason, entry.caveat)):
            what = (*what, *text(f"\n{said}", "small"))
        rows.append(Row((what, join(left, "\n") if left else text(NONE), *shares)))
    table = view.table("whatif.table", "setting:text:3 still:text:3", ())
    extra = [Column(view.party(party), "share", 1.4) for party in parties]
    return Table(table.caption, (*table.columns, *extra), tuple(rows))


def _settings(view: View, settings: Mapping[str, int]) -> Inlines:
    parts = [
        (
            *view.wording.runs("whatif.true" if value else "whatif.not_so"),
            *text(" "),
            *view.node_link(node),
        )
        for node, value in sorted(settings.items())
    ]
    return join(parts, "\n")
