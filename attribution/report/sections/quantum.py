"""How much: the heads of loss, what is paid for each way to settle what is open, the steps."""

from __future__ import annotations

from attribution.model.cover import Cover, Way
from attribution.report.blocks import Block, Bullets, Inlines, Paragraph, Row, text
from attribution.report.money import money, money_range
from attribution.report.sections.cover import policy_heading, policy_lines
from attribution.report.view import NONE, View


def build_quantum(view: View) -> list[Block]:
    """Return for each policy heads and steps, and the reserve with its reasons."""
    blocks: list[Block] = [view.section("quantum"), Paragraph(view.wording.runs("quantum.intro"))]
    if not view.analysis.cover:
        return [*blocks, Paragraph(view.wording.runs("claim.no_policy"))]
    for cover in view.analysis.cover:
        blocks += [*policy_lines(view, cover), _heads(view, cover)]
        if cover.ways:
            blocks.append(_steps(view, _fullest(cover)))
        else:
            low, high = (money(bound) for bound in cover.bounds)
            blocks.append(Paragraph(view.wording.runs("quantum.bounds", low=low, high=high)))
        blocks += _reserve(view, cover)
    return blocks


def _heads(view: View, cover: Cover) -> Block:
    rows = [
        Row(
            (
                text(head.id, "strong"),
                text(head.title),
                text(NONE if head.head is None else view.wording.term("heads", head.head)),
                text(money(head.amount.low)),
                text(money(head.amount.likely), "strong"),
                text(money(head.amount.high)),
                view.references(head.evidence),
            )
        )
        for head in cover.heads
    ]
    total = cover.loss
    amounts = (money(total.low), money(total.likely), money(total.high))
    rows.append(
        Row(
            (
                text(""),
                text(view.wording.text("quantum.total"), "strong"),
                text(cover.policy.currency),
                *(text(amount, "strong") for amount in amounts),
                text(""),
            ),
            style="total",
        )
    )
    columns = (
        "item:text:0.5 title:text:2.6 head:text:1.5 low:number:1.1 likely:number:1.1"
        " high:number:1.1 evidence:reference:1.5"
    )
    return view.table("quantum.heads", columns, rows)


def list_ways(view: View, cover: Cover) -> Block:
    """Return the table of what is paid for each way to settle what is open."""
    rows = [
        Row(
            (
                _settled(view, cover, way),
                text(money(way.insurer.low)),
                text(money(way.insurer.likely), "strong"),
                text(money(way.insurer.high)),
                text(money(way.payments[1].others)),
                text(money(way.payments[1].insured)),
            )
        )
        for way in cover.ways
    ]
    columns = (
        "settled:text:3.4 low:number:1.1 likely:number:1.1 high:number:1.1 others:number:1.1"
        " insured:number:1.2"
    )
    return view.table("quantum.ways", columns, rows)


def _settled(view: View, cover: Cover, way: Way) -> Inlines:
    """Return the answers of a way in words: which clause is met, which is not."""
    said = [
        view.wording.text(
            "quantum.if_met" if held else "quantum.if_not",
            clause=name,
            title=cover.policy.clause(name).title,
        )
        for name, held in way.settled.items()
        if held is not None
    ]
    return text("\n".join(said) or view.wording.text("quantum.settled"))


def _fullest(cover: Cover) -> Way:
    """Return the way that pays most at the likely loss: its steps show every layer."""
    return max(cover.ways, key=lambda way: way.insurer.likely)


def _steps(view: View, way: Way) -> Block:
    payment = way.payments[1]
    rows = [
        Row(
            (
                text(step.clause or NONE, "strong"),
                text(step.rule[:1].upper() + step.rule[1:]),
                text(money(step.before)),
                text(money(step.after)),
            )
        )
        for step in payment.steps
    ]
    for key, amount in (
        ("insurer", payment.insurer),
        ("others", payment.others),
        ("insured", payment.insured),
        ("loss", payment.loss),
    ):
        label = text(view.wording.text(f"quantum.bears.{key}"), "strong")
        cells = (text(""), label, text(""), text(money(amount), "strong"))
        rows.append(Row(cells, style="total"))
    columns = "clause:text:0.6 step:text:4 before:number:1.3 after:number:1.3"
    return view.table("quantum.steps", columns, rows)


def _reserve(view: View, cover: Cover) -> list[Block]:
    reserve, currency = cover.reserve, cover.policy.currency
    low, high = money(reserve.low), money(reserve.high)
    likely = (
        view.wording.text("quantum.no_likely")
        if reserve.likely is None
        else view.wording.text("quantum.likely", likely=money(reserve.likely))
    )
    blocks: list[Block] = [
        policy_heading(view, "quantum.reserve", cover),
        Paragraph(
            view.wording.runs(
                "quantum.reserve_range", currency=currency, low=low, high=high, likely=likely
            )
        ),
    ]
    if reserve.expense is not None:
        amount = money_range(reserve.expense, currency)
        blocks.append(Paragraph(view.wording.runs("quantum.expense", amount=amount)))
    return [*blocks, Bullets(tuple(text(reason) for reason in reserve.reasons))]
