"""How much: the heads of loss, what is paid for each way to settle what is open, the steps."""

from __future__ import annotations

from attribution.model.cover import Cover, Way
from attribution.model.policy import InsurancePolicy
from attribution.report.blocks import Block, Bullets, Paragraph, Row, text
from attribution.report.money import money, money_range, regroup
from attribution.report.sections.cover import policy_heading, policy_lines
from attribution.report.view import NONE, View


def build_quantum(view: View) -> list[Block]:
    """Return for each policy heads and steps, and the reserve with its reasons."""
    blocks: list[Block] = [view.section("quantum"), Paragraph(view.wording.runs("quantum.intro"))]
    if not view.analysis.cover:
        return [*blocks, Paragraph(view.wording.runs("claim.no_policy"))]
    for cover in view.analysis.cover:
        blocks += policy_lines(view, cover)
        if not cover.is_priced:
            words = view.wording.runs("quantum.no_loss", currency=cover.policy.currency)
            blocks.append(Paragraph(words))
            continue
        blocks.append(_heads(view, cover))
        if cover.ways:
            blocks.append(_steps(view, cover, _fullest(cover)))
        else:
            low, high = (money(bound) for bound in cover.bounds)
            blocks.append(Paragraph(view.wording.runs("quantum.bounds", low=low, high=high)))
        blocks += _reserve(view, cover)
    return blocks


def _heads(view: View, cover: Cover) -> Block:
    rows = [
        Row(
            (
                (*text(item.title, "strong"), *text(f"\n{item.id}: {item.source}", "small")),
                text(NONE if item.head is None else view.wording.term("heads", item.head)),
                text(money(item.amount.low)),
                text(money(item.amount.likely), "strong"),
                text(money(item.amount.high)),
                view.references(item.evidence),
            )
        )
        for item in cover.heads
    ]
    total = cover.loss
    amounts = (money(total.low), money(total.likely), money(total.high))
    rows.append(
        Row(
            (
                text(view.wording.text("quantum.total"), "strong"),
                text(cover.policy.currency),
                *(text(amount, "strong") for amount in amounts),
                text(""),
            ),
            style="total",
        )
    )
    columns = (
        "title:text:2.8 head:text:1.4 low:number:1.1 likely:number:1.1 high:number:1.1"
        " evidence:reference:1.5"
    )
    return view.table("quantum.heads", columns, rows)


def list_ways(view: View, cover: Cover) -> Block:
    """Return the table of what is paid for each way to settle what is open."""
    others = any(payment.others for way in cover.ways for payment in way.payments)
    rows = []
    for way in cover.ways:
        likely = way.payments[1]
        paid = way.insurer
        cells = [text(money(paid.low)), text(money(paid.likely), "strong"), text(money(paid.high))]
        borne = (likely.others, likely.insured) if others else (likely.insured,)
        cells += [text(money(amount)) for amount in borne]
        rows.append(Row((text(_settled(view, way)), *cells)))
    columns = "settled:text:3.4 low:number:1.1 likely:number:1.1 high:number:1.1"
    columns += " others:number:1.1 insured:number:1.2" if others else " insured:number:1.2"
    return view.table("quantum.ways", columns, rows)


def _settled(view: View, way: Way) -> str:
    """Return the answers of a way in words: which clause is met, which is not."""
    said = [
        view.wording.text("quantum.if_met" if held else "quantum.if_not", clause=name)
        for name, held in way.settled.items()
        if held is not None
    ]
    return ", ".join(said) or view.wording.text("quantum.settled")


def _fullest(cover: Cover) -> Way:
    """Return the way that pays most at the likely loss: its steps show every layer."""
    return max(cover.ways, key=lambda way: way.insurer.likely)


def _steps(view: View, cover: Cover, way: Way) -> Block:
    payment = way.payments[1]
    rows = [
        Row(
            (
                text(step.clause or NONE, "strong"),
                text(regroup(step.rule[:1].upper() + step.rule[1:])),
                text(_rests_on(view, cover.policy, step.clause), "small"),
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
        cells = (text(""), label, text(""), text(""), text(money(amount), "strong"))
        rows.append(Row(cells, style="total"))
    columns = "clause:text:0.6 step:text:3 source:text:2.4 before:number:1.2 after:number:1.2"
    return view.table("quantum.steps", columns, rows)


def _rests_on(view: View, policy: InsurancePolicy, clause: str | None) -> str:
    """Return the form of a step's clause with its confidence and the day it was verified."""
    form_id = None if clause is None else policy.clause(clause).form
    form = next((form for form in policy.forms if form.id == form_id), None)
    if form is None:
        return view.wording.text("quantum.policy_file")
    if form.verified_on is None:
        return view.wording.text("quantum.unverified", form=form.id, confidence=form.confidence)
    return view.wording.text(
        "quantum.verified",
        form=form.id,
        confidence=form.confidence,
        date=form.verified_on.isoformat(),
    )


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
    if reserve.as_of is not None:
        as_of = f"{view.time(reserve.as_of)} UTC"
        blocks.append(Paragraph(view.wording.runs("quantum.as_of", as_of=as_of), "small"))
    if reserve.expense is not None:
        amount = money_range(reserve.expense, currency)
        blocks.append(Paragraph(view.wording.runs("quantum.expense", amount=amount)))
    return [*blocks, Bullets(tuple(text(regroup(reason)) for reason in reserve.reasons))]
