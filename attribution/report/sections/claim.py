"""The first page of a claim document: what is paid, on what it hangs, and what to do next."""

from __future__ import annotations

from attribution.model.cover import OPEN, Cover
from attribution.model.instant import Instant
from attribution.report.blocks import (
    Block,
    Bullets,
    Inlines,
    KeyFigure,
    KeyFigures,
    Link,
    Notice,
    Paragraph,
    Row,
    join,
    text,
)
from attribution.report.money import money, money_range, regroup, whole_money
from attribution.report.sections.cover import policy_heading
from attribution.report.sections.quantum import list_ways
from attribution.report.view import NONE, View


def build_claim(view: View) -> list[Block]:
    """Return for each policy the answer, its figures and the open questions."""
    blocks: list[Block] = [
        view.section("claim"),
        Notice("warning", view.wording.text("claim.draft"), view.wording.runs("claim.not_advice")),
    ]
    manifest = view.analysis.manifest
    if manifest.summary:
        blocks.append(Paragraph(text(manifest.summary), "lead"))
    if not view.analysis.cover:
        blocks.append(Paragraph(view.wording.runs("claim.no_policy")))
    if len(view.analysis.cover) > 1:
        blocks.append(Paragraph(view.wording.runs("claim.each")))
    for cover in view.analysis.cover:
        blocks.append(_answer(view, cover))
        if cover.is_priced:
            blocks.append(_figures(view, cover))
        if cover.is_priced and len(cover.ways) > 1:
            blocks.append(list_ways(view, cover))
        blocks += _questions(view, cover)
    return blocks


def build_loss_notice(view: View) -> list[Block]:
    """Return the first notice of loss under each policy; nothing where there is no policy."""
    if not view.analysis.cover:
        return []
    notices = [_notice_of_loss(view, cover) for cover in view.analysis.cover]
    return [
        view.section("loss_notice"),
        Paragraph(view.wording.runs("loss_notice.intro")),
        *notices,
    ]


def _answer(view: View, cover: Cover) -> Notice:
    """Return the answer in a sentence: one figure only where nothing that is open decides it."""
    currency = cover.policy.currency
    low, high = cover.bounds
    values = {
        "policy": f"{cover.policy.title} ({cover.policy.id})",
        "loss": money_range(cover.loss, currency),
        "low": f"{currency}\u00a0{money(low)}",
        "high": money(high),
        "count": view.number(len(cover.deciding)),
        "clauses": ", ".join(cover.deciding),
    }
    if not cover.is_priced:
        values = {"policy": values["policy"], "currency": currency}
    elif not cover.deciding:
        values["pays"] = money_range(cover.ways[0].insurer, currency)
    key = "claim.settled" if not cover.deciding else "claim.open"
    key = "claim.open_one" if len(cover.deciding) == 1 else key
    key = key if cover.is_priced else "claim.no_loss"
    return Notice(
        "answer", view.wording.text("claim.answer_title"), view.wording.runs(key, **values)
    )


def _figures(view: View, cover: Cover) -> KeyFigures:
    say = view.wording.text
    currency = cover.policy.currency
    low, high = cover.bounds
    most = cover.recovered_at_most
    recovered = NONE if most is None else whole_money(most)
    figures = (
        KeyFigure(
            whole_money(cover.loss.likely),
            say("claim.figures.loss"),
            f"{whole_money(cover.loss.low)} to {whole_money(cover.loss.high)} {currency}",
        ),
        KeyFigure(
            whole_money(high) if low == high else f"{whole_money(low)} to {whole_money(high)}",
            say("claim.figures.pays"),
            say("claim.figures.over_all", count=len(cover.deciding)),
        ),
        _reserve_figure(view, cover),
        KeyFigure(
            recovered,
            say("claim.figures.recovery"),
            say("claim.figures.recovery_none" if most is None else "claim.figures.recovery_most"),
        ),
    )
    return KeyFigures(figures)


def _reserve_figure(view: View, cover: Cover) -> KeyFigure:
    """Return the reserve: its range alone while questions are open that decide it."""
    say, reserve = view.wording.text, cover.reserve
    span = f"{whole_money(reserve.low)} to {whole_money(reserve.high)}"
    if reserve.likely is None:
        return KeyFigure(span, say("claim.figures.range"), say("claim.figures.reserve_detail"))
    detail = f"{span} {cover.policy.currency}"
    return KeyFigure(whole_money(reserve.likely), say("claim.figures.reserve"), detail)


def _questions(view: View, cover: Cover) -> list[Block]:
    """Return what is open and decides, each with what would settle it, the first to be asked."""
    entries: list[Inlines] = []
    for name in cover.deciding:
        clause, answer = cover.policy.clause(name), cover.finding(name).answer
        link = Link(f"{name}, {clause.title}", view.anchor("clause", name), "strong")
        entries.append((link, *text(f": {clause.turns_on} "), *_settles(view, answer.settles)))
    blocks: list[Block] = []
    if entries:
        heading = policy_heading(view, "claim.questions", cover)
        blocks += [heading, Bullets(tuple(entries), numbered=True)]
    rest = [
        finding.clause
        for finding in cover.findings
        if finding.answer.status == OPEN and finding.clause not in (*cover.deciding, *cover.assumed)
    ]
    notes: list[Inlines] = [text(regroup(doubt)) for doubt in cover.doubts]
    notes += [
        view.wording.runs(key, clauses=", ".join(names))
        for key, names in (("claim.assumed", cover.assumed), ("claim.other_open", tuple(rest)))
        if names
    ]
    return [*blocks, Paragraph(join(notes, " "), "small")] if notes else blocks


def _settles(view: View, settles: str) -> Inlines:
    return view.wording.runs("claim.settles", what=settles)


def _notice_of_loss(view: View, cover: Cover) -> Block:
    """Return the first notice of loss: what the case knows of it, a dash where it knows nothing."""
    manifest, policy = view.analysis.manifest, cover.policy
    start, end = view.time(policy.start), view.time(policy.end)
    entry = cover.entry
    began = cover.onset
    ended = max((head.end for head in cover.heads if head.end is not None), default=None)
    acts = [
        node
        for node in view.analysis.graph.nodes
        if node.kind == "act" and node.status not in {"rejected", "contested"}
    ]
    direct = [node for node in acts if node.rule == "direct-action"] or acts
    claims = [f"{view.party(claim.by)}, {view.time(claim.at)}" for claim in entry.claims]
    values: tuple[tuple[str, str], ...] = (
        ("insured", ", ".join(view.party_with_role(party) for party in cover.insured)),
        ("policy", f"{policy.title} ({policy.id}), {policy.insurer}"),
        ("file", policy.sha256 or NONE),
        ("period", f"{start} – {end} UTC, {view.wording.term('triggers', policy.trigger)}"),
        (
            "event",
            NONE
            if began is None
            else f"{view.time(began)} – " + (NONE if ended is None else view.time(ended)) + " UTC",
        ),
        ("discovered", _moment(view, entry.first_aware)),
        ("notified", _moment(view, entry.notified)),
        ("cause", " ".join(node.statement for node in direct) or NONE),
        ("parties", ", ".join(view.party_with_role(party.id) for party in manifest.parties)),
        ("claims", "; ".join(claims) or view.wording.text("loss_notice.no_claims")),
        ("law", manifest.jurisdiction or NONE),
    )
    rows = [
        Row((text(view.wording.text(f"loss_notice.item.{key}"), "strong"), text(value)))
        for key, value in values
    ]
    return view.table("loss_notice.table", "item:text:1 known:text:4", rows)


def _moment(view: View, moment: Instant | None) -> str:
    return NONE if moment is None else f"{view.time(moment)} UTC"
