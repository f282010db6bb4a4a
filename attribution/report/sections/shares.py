"""The attribution: every point led back to a breach, its duty, its evidence and the place of it."""

from __future__ import annotations

from collections.abc import Mapping

from attribution.model.result import BreachShare, PartyShare, RangeSource
from attribution.report.blocks import (
    Block,
    Column,
    Inlines,
    Link,
    Notice,
    Paragraph,
    Row,
    Table,
    join,
    text,
)
from attribution.report.view import NONE, View

_PROBABLE = 0.5
_SHOWN = 0.001
"""Entries that narrow no range by a tenth of a point are not shown."""


def build_shares(view: View) -> list[Block]:
    """Return shares on both axes, each breach's points, harm items, and other rules beside."""
    attribution = view.analysis.attribution
    blocks: list[Block] = [view.section("shares")]
    if not attribution.parties:
        return [*blocks, Paragraph(view.wording.runs("shares.none"))]
    blocks += [Paragraph(view.wording.runs("shares.intro")), _axes(view)]
    agents = [party for party in view.analysis.manifest.parties if party.answered_for_by]
    blocks += [
        Paragraph(
            view.wording.runs(
                "shares.answered_for",
                agent=view.party_with_role(party.id),
                party=view.party_with_role(party.answered_for_by),
            )
        )
        for party in agents
    ]
    blocks += [_breaches(view, party) for party in attribution.parties if party.breaches]
    if attribution.harms:
        blocks += [view.subsection("shares.harms"), _harms(view)]
    if attribution.range_sources:
        blocks += [
            view.subsection("shares.range_sources"),
            Paragraph(view.wording.runs("shares.range_sources_intro")),
            _range_sources(view),
        ]
    if attribution.other_rules:
        blocks += [
            view.subsection("shares.rules"),
            Paragraph(view.wording.runs("shares.rules_intro")),
            _rules(view),
        ]
    blocks += [
        Notice("notice", view.wording.text("summary.note_title"), text(note))
        for note in attribution.notes
    ]
    return blocks


def _axes(view: View) -> Table:
    rows = [
        Row(
            (
                text(view.party_with_role(party.id), "strong"),
                text(view.percent(party.potency)),
                text(view.span(party.culpability)),
                view.interval_cell(party.share),
                text(_necessity(view, party.necessity)),
            ),
            view.anchor("party", party.id),
        )
        for party in view.analysis.attribution.parties
    ]
    rest = view.analysis.attribution.unattributed
    label = text(view.wording.text("shares.unattributed"), "strong")
    cells = (label, text(NONE), text(NONE), view.interval_cell(rest), text(NONE))
    rows.append(Row(cells, style="total"))
    columns = (
        "party:text:2.6 potency:share:1.1 culpability:share:1.6 share:share:2 necessity:share:2"
    )
    return view.table("shares.axes", columns, rows)


def _necessity(view: View, value: float) -> str:
    key = "shares.more_likely" if value > _PROBABLE else "shares.less_likely"
    return view.wording.text(key, value=view.percent(value))


def _breaches(view: View, party: PartyShare) -> Table:
    rows = [_breach_row(view, breach) for breach in party.breaches]
    total = sum(breach.points for breach in party.breaches)
    words = view.wording.text("shares.sum", party=view.party(party.id))
    blank: Inlines = ()
    cells = (text(view.percent(total), "strong"), text(words, "strong"), blank, blank, blank)
    rows.append(Row(cells, style="total"))
    table = view.table(
        "shares.breaches",
        "points:share:1.4 breach:text:3.6 duty:text:2.2 necessity:share:1.4 evidence:reference:1.5",
        rows,
    )
    caption = f"{table.caption}: {view.party_with_role(party.id)}, {view.interval(party.share)}"
    return Table(caption, table.columns, table.rows, table.anchor)


def _breach_row(view: View, breach: BreachShare) -> Row:
    culpability = view.wording.text("shares.culpability", value=view.span(breach.culpability))
    return Row(
        (
            (*text(view.percent(breach.points), "strong"), *text(f"\n{culpability}", "small")),
            (
                *view.node_link(breach.node),
                *text(f"\n{breach.counterfactual}", "small"),
            ),
            _duty(view, breach),
            text(_necessity(view, breach.necessity)),
            view.references(breach.evidence),
        ),
        view.anchor("breach", breach.node),
    )


def _duty(view: View, breach: BreachShare) -> Inlines:
    duty = view.duties.get(breach.duty)
    if duty is None:
        return text(breach.duty or NONE)
    link = Link(duty.statement, view.anchor("duty", duty.id))
    return (link, *text(f"\n{duty.source}", "small"))


def _harms(view: View) -> Table:
    parties = view.sharing
    rows = []
    for harm in view.analysis.attribution.harms:
        amount = f"{_money(harm.point)} {harm.currency}\n({_money(harm.low)} – {_money(harm.high)})"
        own: list[float | None] = [(harm.shares or {}).get(party) for party in parties]
        cells = [
            text(NONE if value is None else view.percent(value))
            for value in (*own, harm.unattributed)
        ]
        title = (*text(f"{harm.id}: {harm.title}"),)
        rows.append(Row((title, text(amount), *cells)))
    table = view.table("shares.harm_table", "harm:text:2.4 amount:number:2", ())
    extra = [Column(view.party(party), "share", 1.3) for party in parties]
    extra.append(Column(view.wording.text("shares.unattributed"), "share", 1.3))
    return Table(table.caption, (*table.columns, *extra), tuple(rows))


def _money(amount: object) -> str:
    """Return a decimal with its thousands set apart, every digit kept."""
    whole, dot, fraction = f"{amount:f}".partition(".")
    return f"{int(whole):,}".replace(",", " ") + dot + fraction


def _range_sources(view: View) -> Table:
    """Return, by entry, by how many points each party's range narrows when it is at its point."""
    attribution = view.analysis.attribution
    parties = view.sharing
    widths = {party.id: party.share.high - party.share.low for party in attribution.parties}
    whole = [text(view.percent(widths[party]), "strong") for party in parties]
    label = view.wording.text("shares.whole_range")
    rows = [
        Row(
            (
                (*text(view.wording.term("range_kinds", source.kind)), *_entry(view, source)),
                *(text(view.percent(source.narrower.get(party, 0.0))) for party in parties),
            )
        )
        for source in attribution.range_sources
        if source.largest >= _SHOWN
    ]
    rows.append(Row((text(label, "strong"), *whole), style="total"))
    table = view.table("shares.range_source_table", "entry:text:4", ())
    extra = [Column(view.party(party), "share", 1.3) for party in parties]
    return Table(table.caption, (*table.columns, *extra), tuple(rows))


def _entry(view: View, source: RangeSource) -> Inlines:
    if source.kind == "credence":
        return text(f": {view.wording.term('bases', source.entry)}")
    if source.kind == "effectiveness":
        return text(f": {source.entry.replace('_', ' ')}")
    return (*text(": "), *view.node_link(source.entry))


def _rules(view: View) -> Table:
    attribution = view.analysis.attribution
    parties = view.sharing
    own = {party.id: party.potency for party in attribution.parties}
    rows = [_rule_row(view, "shapley", own, parties)]
    rows += [
        _rule_row(view, rule, shares, parties)
        for rule, shares in sorted(attribution.other_rules.items())
        if rule != "shapley"
    ]
    table = view.table("shares.rule_table", "rule:text:2.6", ())
    extra = [Column(view.party(party), "share", 1.3) for party in parties]
    return Table(table.caption, (*table.columns, *extra), tuple(rows))


def _rule_row(view: View, rule: str, shares: Mapping[str, float], parties: tuple[str, ...]) -> Row:
    name = view.wording.term("rules", rule)
    cells: list[Inlines] = [
        text(view.percent(shares[party]) if party in shares else NONE) for party in parties
    ]
    style = "strong" if rule == "shapley" else "plain"
    return Row((join([text(name, style)]), *cells))
