"""The records behind everything: what was read of each, its clock, and what is missing."""

from __future__ import annotations

from attribution.model.instant import SECOND
from attribution.report.blocks import Block, Inlines, Link, Paragraph, Row, Table, join, text
from attribution.report.view import NONE, View


def build_sources(view: View) -> list[Block]:
    """Return the accounting of every source, the clock statement, gaps and entries rejected."""
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
        blocks.append(_gaps(view))
    if any(view.analysis.rejections.values()):
        blocks.append(_rejections(view))
    return blocks


def _accounting(view: View) -> Table:
    rows, totals = [], [0, 0, 0, 0, 0]
    for source in view.analysis.timeline.sources:
        counts = list(source.accounting.to_dict().values())
        totals = [total + count for total, count in zip(totals, counts, strict=True)]
        link = (Link(source.evidence, view.anchor("evidence", source.evidence), "code"),)
        rows.append(Row((link, text(source.format), *(text(f"{count}") for count in counts))))
    words = text(view.wording.text("sources.total"), "strong")
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
                (Link(source.evidence, view.anchor("evidence", source.evidence), "code"),),
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
        Row((join([_reference(view, evidence) for evidence in items]), text(said or NONE)))
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
                        _reference(view, source.evidence),
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


def _reference(view: View, evidence: str) -> Inlines:
    return (Link(evidence, view.anchor("evidence", evidence), "code"),)


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
    words = "sources.undecided" if pairs else "sources.all_decided"
    return view.wording.runs(words, pairs=shown, count=len(pairs))


_PAIRS = 40


def _rank(number: str) -> tuple[str, int]:
    return number[0], int(number[1:])


def _gaps(view: View) -> Table:
    rows = [
        Row(
            (
                (Link(gap.evidence, view.anchor("evidence", gap.evidence), "code"),),
                text(gap.reason),
                text(view.time(gap.time_low) if gap.time_low is not None else NONE),
                text(view.time(gap.time_high) if gap.time_high is not None else NONE),
            )
        )
        for gap in view.analysis.timeline.gaps
    ]
    columns = "evidence:reference:0.8 gap:text:3 from:time:1.4 to:time:1.4"
    return view.table("sources.gaps", columns, rows)


def _rejections(view: View) -> Table:
    rows = [
        Row(
            (
                (Link(evidence, view.anchor("evidence", evidence), "code"),),
                text(rejection.place, "code"),
                text(rejection.reason),
            )
        )
        for evidence, rejections in sorted(view.analysis.rejections.items())
        for rejection in rejections
    ]
    columns = "evidence:reference:0.8 place:code:1.6 reason:text:4"
    return view.table("sources.rejections", columns, rows)
