"""The records behind everything: what was read of each, its clock, and what is missing."""

from __future__ import annotations

from attribution.model.instant import SECOND
from attribution.report.blocks import Block, Inlines, Paragraph, Row, Table, join, text
from attribution.report.sections.gaps import build_gaps
from attribution.report.view import NONE, View


def build_sources(view: View) -> list[Block]:
    """Return the accounting of every source, clocks, gaps, how it was read, entries rejected."""
    blocks: list[Block] = [
        view.section("sources"),
        Paragraph(view.wording.runs("sources.intro")),
        _accounting(view),
        view.subsection("sources.clocks"),
        Paragraph(view.wording.runs("sources.clocks_intro")),
        _clocks(view),
        _clock_statements(view),
    ]
    if pairs := _clock_pairs(view):
        blocks.append(view.table("sources.clock_pairs", _PAIR_COLUMNS, pairs))
    blocks.append(Paragraph(_undecided(view)))
    if view.analysis.timeline.gaps:
        blocks.append(build_gaps(view))
    if any(source.remarks for source in view.analysis.timeline.sources):
        blocks += [
            view.subsection("sources.remarks"),
            Paragraph(view.wording.runs("sources.remarks_intro")),
            _remarks(view),
        ]
    if any(view.analysis.rejections.values()):
        blocks += _rejections(view)
    return blocks


def _accounting(view: View) -> Table:
    rows = []
    for source in view.analysis.timeline.sources:
        counts = source.accounting.to_dict().values()
        link = view.evidence_link(source.evidence)
        rows.append(Row((link, text(source.format), *(text(f"{count}") for count in counts))))
    words = text(view.wording.text("sources.total"), "strong")
    totals = view.analysis.timeline.totals.to_dict().values()
    total = tuple(text(f"{count}", "strong") for count in totals)
    rows.append(Row((words, text(NONE), *total), style="total"))
    columns = (
        "evidence:reference:1 format:text:1.6 read:number:1 kept:number:1 duplicate:number:1 "
        "undated:number:1 rejected:number:1"
    )
    return view.table("sources.accounting", columns, rows)


def _clocks(view: View) -> Table:
    zones = {item.id: item.zone for item in view.analysis.evidence}
    rows = [
        Row(
            (
                view.evidence_link(source.evidence),
                text(zones.get(source.evidence) or view.wording.text("sources.zone_in_record")),
                text(f"{source.offset_seconds:+g} s" if source.offset_seconds else "0 s"),
                text(f"± {source.offset_error_seconds:g} s"),
                text(view.wording.term("sources.basis", source.offset_basis)),
            )
        )
        for source in view.analysis.timeline.sources
    ]
    columns = "evidence:reference:1 zone:text:2 offset:number:1 error:number:1 ground:text:1.6"
    return view.table("sources.clock_table", columns, rows)


def _clock_statements(view: View) -> Table:
    """Return what was done with each clock and why; sources of which the same is said share a row.

    A case has many sources of which nothing but that is to be said.
    """
    named: dict[str, list[str]] = {}
    for source in view.analysis.timeline.sources:
        named.setdefault(source.clock_statement, []).append(source.evidence)
    rows = [
        Row((join([view.evidence_link(evidence) for evidence in items]), text(said or NONE)))
        for said, items in named.items()
    ]
    return view.table("sources.clock_statements", "evidence:reference:1 statement:text:5", rows)


_PAIR_COLUMNS = "evidence:reference:0.8 record:text:2 compared:text:2 kind:text:2 allows:text:2"
_PAIRS_SHOWN = 5


def _clock_pairs(view: View) -> list[Row]:
    """Return the pairs that bound each clock most closely that was, or might have been, off."""
    rows = []
    for source in view.analysis.timeline.sources:
        estimate = source.estimate
        if estimate is None or not (estimate.excluding or estimate.contradicting):
            continue
        for pair in (*estimate.pairs[:_PAIRS_SHOWN], *estimate.contradictions[:_PAIRS_SHOWN]):
            own = [pair.one.reference]
            far = [pair.other.reference]
            if pair.until is not None:
                (own if pair.until.evidence == source.evidence else far).append(
                    pair.until.reference
                )
            fits = "fits" if pair in estimate.pairs else "contradicts"
            rows.append(
                Row(
                    (
                        view.evidence_link(source.evidence),
                        view.references(own),
                        view.references(far),
                        text(view.wording.term("sources.pair_kinds", pair.basis)),
                        view.wording.runs(
                            f"sources.{fits}", low=_seconds(pair.low), high=_seconds(pair.high)
                        ),
                    )
                )
            )
    return rows


def _seconds(microseconds: int | None) -> str:
    return NONE if microseconds is None else f"{microseconds / SECOND:+g} s"


def _undecided(view: View) -> Inlines:
    pairs = sorted(
        {
            tuple(sorted((view.event_numbers[event.id], view.event_numbers[other]), key=_rank))
            for event in view.analysis.timeline.events
            for other in event.order_undecidable_with
            if other in view.event_numbers
        },
        key=lambda pair: (_rank(pair[0]), _rank(pair[1])),
    )
    key = {view.event_numbers[event.id] for event in view.key_events}
    among = [f"{a}–{b}" for a, b in pairs if a in key and b in key]
    shown = ", ".join(among[:_PAIRS]) or NONE
    if len(among) > _PAIRS:
        more = view.wording.text("sources.more_pairs", count=len(among) - _PAIRS)
        shown = f"{shown} {more}"
    count = len(pairs) if view.digest is None else view.digest.undecided
    words = "sources.undecided" if count else "sources.all_decided"
    return view.wording.runs(words, pairs=shown, count=view.number(count))


_PAIRS = 40


def _rank(number: str) -> tuple[str, int]:
    return number[0], int(number[1:])


def _remarks(view: View) -> Table:
    rows = [
        Row(
            (
                view.evidence_link(source.evidence),
                text(remark),
            )
        )
        for source in view.analysis.timeline.sources
        for remark in source.remarks
    ]
    return view.table("sources.remarks_table", "evidence:reference:0.8 remark:text:5.6", rows)


_REJECTED = 50
"""Entries of one source that could not be read and are named; `attribution read` names all."""


def _rejections(view: View) -> list[Block]:
    rows = [
        Row(
            (
                view.evidence_link(evidence),
                text(rejection.place, "code"),
                text(rejection.reason),
            )
        )
        for evidence, rejections in sorted(view.analysis.rejections.items())
        for rejection in rejections[:_REJECTED]
    ]
    blocks: list[Block] = [
        view.table(
            "sources.rejections", "evidence:reference:0.8 place:code:1.6 reason:text:4", rows
        )
    ]
    left_out = sum(map(len, view.analysis.rejections.values())) - len(rows)
    if left_out:
        count = view.number(left_out)
        blocks.append(Paragraph(view.wording.runs("sources.rejections_more", count=count)))
    return blocks
