"""The second axis: what bears on how blameworthy each breach was, and what a person entered."""

from __future__ import annotations

from attribution.model.worksheet import BreachWorksheet, Grade
from attribution.report.blocks import (
    Block,
    Inlines,
    Notice,
    Paragraph,
    Row,
    Table,
    Text,
    join,
    text,
)
from attribution.report.view import NONE, View


def build_culpability(view: View) -> list[Block]:
    """Return the shares with and without the second axis, and the worksheet of each breach."""
    worksheet, wording = view.analysis.worksheet, view.wording
    if not worksheet.breaches:
        return []
    blocks: list[Block] = [
        view.section("culpability"),
        Notice(
            "warning", wording.text("culpability.draft_title"), wording.runs("culpability.draft")
        ),
        Paragraph(wording.runs("culpability.intro")),
        _axes(view),
    ]
    if not view.analysis.manifest.culpability:
        blocks.append(Paragraph(wording.runs("culpability.nothing_entered")))
    blocks += [_breach(view, breach) for breach in worksheet.breaches]
    return [*blocks, _sources(view)]


def _sources(view: View) -> Table:
    """Return for each factor what names it, how sure that is, and when it was verified."""
    grades = {g.factor: g for b in view.analysis.worksheet.breaches for g in b.grades}
    rows = [
        Row(
            (
                text(grade.title if not number else "", "strong"),
                text(source.text),
                text(source.confidence),
                text(source.verified_on or view.wording.text("culpability.unverified")),
            )
        )
        for grade in grades.values()
        for number, source in enumerate(grade.sources)
    ]
    columns = "factor:text:1.5 source:text:4 confidence:text:1 verified:text:1.2"
    return view.table("culpability.sources", columns, rows)


def _axes(view: View) -> Table:
    without = view.analysis.worksheet.without or {}
    rows = [
        Row(
            (
                text(view.party_with_role(party.id), "strong"),
                view.interval_cell(without.get(party.id)),
                text(view.span(party.culpability)),
                view.interval_cell(party.share),
            )
        )
        for party in view.analysis.attribution.parties
    ]
    columns = "party:text:2.6 without:share:2 culpability:share:1.6 with:share:2"
    return view.table("culpability.axes", columns, rows)


def _breach(view: View, breach: BreachWorksheet) -> Table:
    rows = [_grade(view, grade) for grade in breach.grades]
    low, high = breach.suggested
    suggested = view.wording.text("culpability.suggested", low=f"{low:g}", high=f"{high:g}")
    entered = view.wording.text("culpability.not_entered")
    if breach.entered is not None:
        entered = view.wording.text(
            "culpability.entered",
            value=view.span(breach.entered),
            by=breach.entered_by,
            at=breach.entered_at or NONE,
            because=breach.because,
        )
    blank: Inlines = ()
    cells: tuple[Inlines, ...] = (
        text(view.wording.text("culpability.total")),
        text(suggested, "strong"),
        text(entered),
        blank,
    )
    rows.append(Row(cells, style="total"))
    table = view.table(
        "culpability.table",
        "factor:text:1.5 grade:text:2.2 reason:text:3.2 evidence:reference:1.4",
        rows,
    )
    caption = f"{table.caption}: {view.party(breach.party)}, {breach.statement}"
    return Table(caption, table.columns, table.rows, view.anchor("worksheet", breach.node))


def _grade(view: View, grade: Grade) -> Row:
    low, high = grade.moves
    moves = (
        view.wording.text("culpability.moves_nothing")
        if (low, high) == (0, 0)
        else view.wording.text("culpability.moves", low=f"{low:+g}", high=f"{high:+g}")
    )
    references = view.references(grade.evidence) if grade.evidence else text(NONE)
    return Row(
        (
            text(grade.title, "strong"),
            join([text(grade.says), (Text(moves, "small"),)], "\n"),
            text(grade.reason),
            references,
        )
    )
