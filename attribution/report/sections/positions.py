"""Positions side by side, what they agree on, and the facts that would move the shares most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from attribution.model.comparison import Crux, PositionResult
from attribution.report.blocks import (
    Block,
    Bullets,
    Column,
    Figure,
    Inlines,
    Link,
    Paragraph,
    Row,
    Table,
    join,
    text,
)
from attribution.report.layout.charts import CruxRow, draw_cruxes
from attribution.report.view import NONE, View


def build_positions(view: View) -> list[Block]:
    """Return the positions, the agreed facts, and the cruxes as a table and a tornado."""
    comparison = view.analysis.comparison
    blocks: list[Block] = [view.section("positions")]
    if comparison.positions:
        blocks.append(Paragraph(view.wording.runs("positions.intro")))
        blocks.append(_positions(view))
    else:
        blocks.append(Paragraph(view.wording.runs("positions.none")))
    if comparison.agreed:
        blocks.append(view.subsection("positions.agreed"))
        blocks.append(Bullets(tuple(_agreed(view, item) for item in comparison.agreed)))
    blocks += [Paragraph(text(limit, "emphasis")) for limit in comparison.limits]
    cruxes = comparison.cruxes or view.analysis.attribution.cruxes
    if cruxes:
        blocks += [
            view.subsection("positions.cruxes"),
            Paragraph(view.wording.runs("positions.cruxes_intro")),
            _tornado(view, cruxes),
            _crux_table(view, cruxes),
        ]
    return blocks


def position_columns(view: View, table: Table, parties: tuple[str, ...], rows: list[Row]) -> Table:
    """Return the table with a column for each party and one for what is unattributed."""
    extra = [Column(view.party(party), "share", 1.5) for party in parties]
    extra.append(Column(view.wording.text("shares.unattributed"), "share", 1.5))
    return replace(table, columns=(*table.columns, *extra), rows=tuple(rows))


def _agreed(view: View, item: str) -> Inlines:
    return view.node_link(item) if item in view.nodes else text(item)


def _positions(view: View) -> Table:
    parties = view.sharing
    rows = []
    for position in view.analysis.comparison.positions:
        cells = (
            text(f"{position.id}: {position.title}", "strong"),
            text(view.party_with_role(position.held_by)),
            _holds(view, position),
            *_shares(view, position, parties),
        )
        rows.append(Row(cells, view.anchor("position", position.id)))
    table = view.table("positions.table", "position:text:2 held_by:text:1.5 holds:text:3", ())
    return position_columns(view, table, parties, rows)


def _holds(view: View, position: PositionResult) -> Inlines:
    statements = {claim.id: claim.statement for claim in view.analysis.manifest.claims}
    parts = [
        (
            *text(view.wording.text("positions.true" if held else "positions.false"), "strong"),
            *text(" "),
            Link(statements.get(claim, claim), view.anchor("claim", claim)),
        )
        for claim, held in sorted(position.holds.items())
    ]
    parts += [text(it, "emphasis") for it in (position.reason, position.caveat) if it]
    return join(parts, "\n") if parts else text(NONE)


def _shares(view: View, position: PositionResult, parties: tuple[str, ...]) -> list[Inlines]:
    cells = [
        view.interval_cell(None if position.shares is None else position.shares.get(party))
        for party in parties
    ]
    return [*cells, view.interval_cell(position.unattributed)]


def _tornado(view: View, cruxes: tuple[Crux, ...]) -> Figure:
    parties = view.sharing
    order = {party.id: index for index, party in enumerate(view.analysis.manifest.parties)}
    rows = [
        CruxRow(
            crux.statement,
            tuple(
                (
                    order.get(party, 0),
                    _side(crux.when_false, party),
                    _side(crux.when_true, party),
                    _move(view, crux, party),
                )
                for party in parties
            ),
            view.anchor("claim", crux.claim),
        )
        for crux in cruxes
    ]
    marks = ("true", "false", "base", "excluded", "values")
    words = {name: view.wording.text(f"positions.mark_{name}") for name in marks}
    bases = {
        order.get(party.id, 0): party.share.point for party in view.analysis.attribution.parties
    }
    described = "; ".join(
        f"{crux.statement}: "
        + ", ".join(f"{view.party(party)} {_move(view, crux, party)}" for party in parties)
        for crux in cruxes
    )
    return Figure(
        draw_cruxes(
            rows, [(order.get(party, 0), view.party(party)) for party in parties], bases, words
        ),
        view.wording.text("positions.figure"),
        described,
        view.anchor("figure", "cruxes"),
    )


def _side(side: Mapping[str, float] | None, party: str) -> float | None:
    return None if side is None else side.get(party)


def _move(view: View, crux: Crux, party: str) -> str:
    """Return `false share → true share`, a dash for a side that cannot be."""
    sides = (_side(crux.when_false, party), _side(crux.when_true, party))
    shown = [NONE if side is None else view.percent(side) for side in sides]
    return f"{shown[0]} → {shown[1]}"


def _crux_table(view: View, cruxes: tuple[Crux, ...]) -> Table:
    claims = {claim.id: claim for claim in view.analysis.manifest.claims}
    parties = view.sharing
    rows = []
    for number, crux in enumerate(cruxes, 1):
        claim = claims.get(crux.claim)
        asserted = view.party(claim.asserted_by) if claim else NONE
        denied = ", ".join(map(view.party, claim.denied_by)) if claim else ""
        moves = join(
            [text(f"{view.party(party)}: {_move(view, crux, party)}") for party in parties], "\n"
        )
        rows.append(
            Row(
                (
                    text(str(number)),
                    (
                        *text(f"{crux.claim}: ", "strong"),
                        *view.node_or_text(crux.node, crux.statement),
                    ),
                    text(
                        view.wording.text("positions.asserted", by=asserted, denied=denied or NONE)
                    ),
                    moves,
                    text(f"{crux.max_swing * 100:.1f}", "strong"),
                    view.references(claim.evidence if claim else ()),
                ),
                view.anchor("claim", crux.claim),
            )
        )
    columns = (
        "number:number:0.4 claim:text:2.3 who:text:1.7 moves:text:3.2 swing:share:0.8 "
        "evidence:reference:1.2"
    )
    return view.table("positions.crux_table", columns, rows)
