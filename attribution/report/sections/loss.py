"""What the incident cost the party that bears it: heads, phases, every figure, double counting."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from attribution.loss.heads import load_table
from attribution.model.loss import LossAssessment, LossFigure, Range
from attribution.report.blocks import Block, Bullets, Inlines, Paragraph, Row, Table, Text, text
from attribution.report.money import money
from attribution.report.view import NONE, View

_DECIMALS = 6
"""Decimals shown of a rate, which is exact and may have no end."""


def build_loss(view: View) -> list[Block]:
    """Return the loss with each figure traced to its evidence or formula; nothing without one."""
    loss = view.analysis.loss
    if loss is None:
        return []
    intro = view.wording.runs(
        "loss.intro", party=view.party_with_role(loss.borne_by), currency=loss.currency
    )
    blocks: list[Block] = [view.section("loss"), Paragraph(intro), _heads(view, loss)]
    blocks += [
        Paragraph(view.wording.runs("loss.missing", head=load_table().title(head), why=why))
        for head, why in loss.missing.items()
    ]
    if loss.phase_hours:
        blocks.append(_phases(view, loss))
    blocks += [Bullets(tuple(text(notice) for notice in loss.notices))]
    if loss.overlaps:
        blocks += [view.subsection("loss.overlaps"), _overlaps(view, loss)]
    return [*blocks, view.subsection("loss.figures"), _figures(view, loss), _sources(view, loss)]


def _ends(value: Range) -> tuple[Inlines, Inlines, Inlines]:
    return text(money(value.low)), text(money(value.likely)), text(money(value.high))


def _heads(view: View, loss: LossAssessment) -> Table:
    rows = []
    for head in loss.heads:
        said = view.wording.text("loss.counted" if head.counted else "loss.not_counted")
        told = text(said)
        if head.avoidable.high:
            gross, off = money(head.gross.likely), money(head.avoidable.likely)
            less = view.wording.text("loss.avoided", gross=gross, off=off)
            told = (*told, Text(f"\n{less}", "small"))
        rows.append(Row((text(head.title), *_ends(head.net), told)))
    total = text(view.wording.text("loss.total"), "strong")
    ends = [text(NONE)] * 3 if loss.total is None else _ends(loss.total)
    rows.append(Row((total, *ends, text("")), style="total"))
    columns = "head:text:3 low:number:1.4 likely:number:1.4 high:number:1.4 counted:text:2.4"
    return view.table("loss.heads", columns, rows)


def _phases(view: View, loss: LossAssessment) -> Table:
    phases = tuple(loss.phase_hours)
    hours = [text(f"{loss.phase_hours[phase].likely:.3f}") for phase in phases]
    rows = [Row((text(view.wording.text("loss.hours")), *hours))]
    for head in loss.heads:
        if head.by_phase:
            parts = [head.by_phase.get(phase) for phase in phases]
            cells = [text(NONE if part is None else money(part.likely)) for part in parts]
            rows.append(Row((text(head.title), *cells)))
    columns = " ".join(("head:text:3", *(f"{phase}:number:1.6" for phase in phases)))
    return view.table("loss.phases", columns, rows)


def _overlaps(view: View, loss: LossAssessment) -> Table:
    titles = {head.id: head.title for head in loss.heads}
    rows = []
    for overlap in loss.overlaps:
        pair = "\n".join(titles[head] for head in overlap.heads)
        answer = overlap.because or view.wording.text("loss.open")
        stake = text(money(overlap.at_stake.likely))
        rows.append(Row((text(pair), text(overlap.question), stake, text(answer))))
    columns = "pair:text:2.2 question:text:3.4 stake:number:1.3 answer:text:2.6"
    return view.table("loss.overlap_table", columns, rows)


def _figures(view: View, loss: LossAssessment) -> Table:
    titles = {head.id: head.title for head in loss.heads}
    titles["phases"] = view.wording.text("loss.phase_figures")
    titles["total"] = view.wording.text("loss.total")
    rows: list[Row] = []
    head = ""
    for figure in loss.figures:
        if figure.head != head:
            head = figure.head
            rows.append(Row((text(titles[head], "strong"), *[text("")] * 4), style="group"))
        rows.append(_figure(view, figure, loss.unit(figure)))
    columns = "figure:text:3.2 low:number:1.3 likely:number:1.3 high:number:1.3 how:text:3"
    return view.table("loss.figure_table", columns, rows)


def _figure(view: View, figure: LossFigure, unit: str) -> Row:
    name = (*text(figure.title), Text(f"\n{figure.name} ({unit})", "small"))
    value = figure.value
    ends = [text(_number(end, figure.unit)) for end in (value.low, value.likely, value.high)]
    how: Inlines = (
        (Text(figure.formula, "code"), Text(f"\n{figure.source}", "small"))
        if figure.formula
        else view.references(figure.evidence)
    )
    if figure.note:
        how = (*how, Text(f"\n{figure.note}", "small"))
    return Row((name, *ends, how))


def _number(value: Decimal, unit: str) -> str:
    if unit.startswith("money"):
        return money(value)
    shown = f"{round(value, _DECIMALS):f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def _sources(view: View, loss: LossAssessment) -> Table:
    used = {figure.source for figure in loss.figures}
    return view.table("loss.sources", "id:code:1.6 source:text:4 read:text:4", _rows(used))


def _rows(used: set[str]) -> Iterator[Row]:
    for source in load_table().sources.values():
        if source.id in used:
            where = f"{source.title}. {source.url}".strip()
            yield Row((text(source.id, "code"), text(where), text(source.read)))
