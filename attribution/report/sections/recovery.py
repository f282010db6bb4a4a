"""What can be had back, from whom and until when, which notices to give, what evidence is held."""

from __future__ import annotations

from attribution.model.cover import Cover
from attribution.model.recovery import RecoveryTarget
from attribution.report.blocks import Block, Inlines, Paragraph, Row, text
from attribution.report.money import money, money_cell, regroup
from attribution.report.sections.cover import policy_lines
from attribution.report.view import NONE, View


def build_recovery(view: View) -> list[Block]:
    """Return for each policy the targets, the periods of limitation and the notices."""
    blocks: list[Block] = [
        view.section("recovery"),
        Paragraph(view.wording.runs("recovery.intro")),
    ]
    if not view.analysis.cover:
        return [*blocks, Paragraph(view.wording.runs("claim.no_policy"))]
    root = text(view.analysis.merkle_root or NONE, "code")
    for cover in view.analysis.cover:
        blocks += policy_lines(view, cover)
        if all(target.barred for target in cover.recovery):
            blocks.append(Paragraph(view.wording.runs("recovery.nobody")))
        if cover.recovery:
            blocks.append(_targets(view, cover))
        blocks.append(Paragraph(view.wording.runs("recovery.held", root=root), "small"))
        if cover.limitation:
            blocks.append(_limitation(view, cover))
        else:
            blocks.append(Paragraph(view.wording.runs("recovery.no_period")))
        if cover.notices:
            blocks.append(_notices(view, cover))
    return blocks


def _targets(view: View, cover: Cover) -> Block:
    rows = [
        Row(
            (
                (*text(target.name, "strong"), *text(f"\n{target.basis}", "small")),
                text(_share(view, target)),
                money_cell(target.gross) if cover.is_priced else text(NONE),
                text(regroup(target.cap) or NONE),
                _net(cover, target),
                _to_insurer(cover, target),
                text(view.wording.text(_held(target))),
                text(_notice(view, target)),
            )
        )
        for target in cover.recovery
    ]
    columns = (
        "party:text:1.6 share:share:1.5 gross:number:1.6 cap:text:1 net:text:1.6"
        " insurer:number:1.2 evidence:text:1.1 notice:text:1.1"
    )
    return view.table("recovery.targets", columns, rows)


def _net(cover: Cover, target: RecoveryTarget) -> Inlines:
    if target.barred:
        return text(target.barred)
    return money_cell(target.net) if cover.is_priced else text(NONE)


def _to_insurer(cover: Cover, target: RecoveryTarget) -> Inlines:
    """Return the insurer's part; no likely figure while questions are open that decide it."""
    amount = target.to_insurer
    if target.barred or not cover.is_priced:
        return text(NONE)
    if cover.deciding and amount.low != amount.high:
        return text(f"{money(amount.low)} to {money(amount.high)}")
    return money_cell(amount)


def _held(target: RecoveryTarget) -> str:
    """Return the key of what is said of the evidence for a target."""
    if not target.evidence:
        return "recovery.not_cited"
    return "recovery.preserved" if target.preserved else "recovery.lacks"


def _notice(view: View, target: RecoveryTarget) -> str:
    if target.noticed is not None:
        return f"{view.time(target.noticed)} UTC"
    return NONE if target.barred else view.wording.text("recovery.no_notice")


def _share(view: View, target: RecoveryTarget) -> str:
    low, point, high = target.share
    if low == high:
        return view.percent(point)
    return f"{view.percent(point)}\n{low * 100:.1f} to {view.percent(high)}"


def _limitation(view: View, cover: Cover) -> Block:
    rows = [
        Row(
            (
                text(row.rule),
                text(
                    view.wording.text("recovery.missing", what=row.missing)
                    if row.last_day is None
                    else row.last_day.isoformat(),
                    "strong",
                ),
                text(row.source),
                text(NONE if row.verified_on is None else row.verified_on.isoformat()),
                text(row.confidence),
            )
        )
        for row in cover.limitation
    ]
    columns = "rule:text:3 last:text:1.2 source:text:2 verified:text:0.9 confidence:text:1"
    return view.table("recovery.limitation", columns, rows)


def _notices(view: View, cover: Cover) -> Block:
    rows = [
        Row((text(notice.to), text(notice.due), text(notice.state))) for notice in cover.notices
    ]
    return view.table("recovery.notices", "to:text:2.4 due:text:2.4 state:text:1.6", rows)
