"""The first page of a liability document: who bears how much, how sure that is, and why."""

from __future__ import annotations

from attribution.model.interval import Interval
from attribution.report.blocks import (
    Block,
    Bullets,
    Figure,
    Inlines,
    Link,
    Notice,
    Paragraph,
    Row,
    text,
)
from attribution.report.layout.charts import Bar, BarGroup, draw_intervals
from attribution.report.sections.answer import build_answer, rank_cruxes, rank_parties
from attribution.report.sections.positions import position_columns
from attribution.report.view import NONE, View

_TOP = 3


def build_summary(view: View) -> list[Block]:
    """Return the answer with its ranges, the positions, the top cruxes and what is not known."""
    manifest, wording = view.analysis.manifest, view.wording
    blocks: list[Block] = [view.section("summary")]
    attribution = view.analysis.attribution
    if attribution.parties:
        blocks += [build_answer(view), _share_table(view), *_without_breach(view)]
        blocks.append(_interval_chart(view))
        blocks.append(Paragraph(wording.runs("summary.read_ranges"), "small"))
    if manifest.summary:
        blocks.append(Paragraph(text(manifest.summary), "lead"))
    blocks += _position_table(view)
    blocks += _lists(view)
    blocks += [
        Notice("notice", wording.text("summary.note_title"), text(note))
        for note in attribution.notes
    ]
    return blocks


def _share_table(view: View) -> Block:
    rows = []
    for party in rank_parties(view):
        link = Link(view.party(party.id), view.anchor("party", party.id), "strong")
        breaches = sorted(party.breaches, key=lambda breach: (-breach.points, breach.node))
        main: Inlines = (
            (Link(breaches[0].statement, view.anchor("breach", breaches[0].node)),)
            if breaches
            else text(NONE)
        )
        cells = ((link,), text(view.role(party.id)), *_range_cells(view, party.share), main)
        rows.append(Row(cells))
    unattributed = view.analysis.attribution.unattributed
    label = text(view.wording.text("shares.unattributed"), "strong")
    why = view.wording.runs("summary.unattributed_why")
    rows.append(Row((label, text(NONE), *_range_cells(view, unattributed), why), style="total"))
    columns = (
        "party:text:2.1 role:text:1.3 low:share:0.8 point:share:0.9 high:share:0.8 main:text:4"
    )
    return view.table("summary.shares", columns, rows)


def _without_breach(view: View) -> list[Block]:
    """Return the sentence on parties that no unmet duty was found of, if there are such."""
    names = [
        view.party(party.id)
        for party in view.analysis.attribution.parties
        if party.id not in view.sharing
    ]
    if not names:
        return []
    words = view.wording.runs("summary.without_breach", parties=", ".join(names))
    return [Paragraph(words, "small")]


def _range_cells(view: View, value: Interval) -> tuple[Inlines, Inlines, Inlines]:
    return (
        text(view.percent(value.low)),
        text(view.percent(value.point), "strong"),
        text(view.percent(value.high)),
    )


def party_bars(
    view: View, shares: dict[str, Interval], unattributed: Interval | None
) -> tuple[Bar, ...]:
    """Return one bar for each party in the order of the case, and one for what is unattributed."""
    order = {party.id: index for index, party in enumerate(view.analysis.manifest.parties)}
    bars = [
        Bar(view.party(party), order.get(party), share, view.interval(share))
        for party, share in sorted(shares.items(), key=lambda item: order.get(item[0], len(order)))
        if party in view.sharing
    ]
    if unattributed is not None:
        words = view.wording.text("shares.unattributed")
        bars.append(Bar(words, None, unattributed, view.interval(unattributed)))
    return tuple(bars)


def _interval_chart(view: View) -> Figure:
    attribution, comparison = view.analysis.attribution, view.analysis.comparison
    record = {party.id: party.share for party in attribution.parties}
    groups = [
        BarGroup(
            view.wording.text("summary.chart_record"),
            party_bars(view, record, attribution.unattributed),
        )
    ]
    groups += [
        BarGroup(
            view.wording.text("summary.chart_position", id=position.id, title=position.title),
            party_bars(view, dict(position.shares), position.unattributed),
        )
        for position in comparison.positions
        if position.shares is not None
    ]
    words = "; ".join(
        f"{group.heading}: " + ", ".join(f"{bar.words} {bar.shown}" for bar in group.bars)
        for group in groups
    )
    return Figure(
        draw_intervals(groups),
        view.wording.text("summary.chart_caption"),
        words,
        view.anchor("figure", "shares"),
    )


def _position_table(view: View) -> list[Block]:
    positions = view.analysis.comparison.positions
    if not positions:
        return []
    parties = view.sharing
    rows = []
    for position in positions:
        title = (Link(f"{position.id}: {position.title}", view.anchor("position", position.id)),)
        shares = [
            view.interval_cell(None if position.shares is None else position.shares.get(party))
            for party in parties
        ]
        rest = view.interval_cell(position.unattributed)
        held = text(view.party(position.held_by))
        rows.append(Row((title, held, *shares, rest)))
    table = view.table("summary.positions", "position:text:2.6 held_by:text:1.4", ())
    return [position_columns(view, table, parties, rows)]


def _lists(view: View) -> list[Block]:
    blocks: list[Block] = []
    cruxes = rank_cruxes(view)
    if cruxes:
        blocks.append(view.subsection("summary.cruxes"))
        entries = tuple(
            view.wording.runs(
                "summary.crux",
                statement=(Link(crux.statement, view.anchor("claim", crux.claim)),),
                swing=f"{crux.max_swing * 100:.1f}",
            )
            for crux in cruxes[:_TOP]
        )
        blocks.append(Bullets(entries, numbered=True))
    unknown = [text(record) for record in view.analysis.manifest.wanted_records]
    unknown += [
        (*view.node_link(factor.node), *text(f": {factor.statement}"))
        for factor in view.analysis.graph.missing_factors
    ]
    if unknown:
        blocks.append(view.subsection("summary.unknown"))
        blocks.append(Bullets(tuple(unknown[: 2 * _TOP])))
    return blocks
