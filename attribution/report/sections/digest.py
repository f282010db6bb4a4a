"""A timeline too long to be listed, in figures: over time, and by source and kind."""

from __future__ import annotations

from attribution.report.blocks import Block, Figure, Paragraph, Row, Table, text
from attribution.report.digest import Digest
from attribution.report.layout.density import Column, draw_density
from attribution.report.view import NONE, View

_MOST_GROUPS = 60


def build_digest(view: View) -> list[Block]:
    """Return the figures of a long timeline, nothing for one that is listed in full."""
    digest = view.digest
    if digest is None:
        return []
    return [
        view.subsection("digest.title"),
        Paragraph(
            view.wording.runs(
                "digest.intro",
                dated=view.number(digest.dated),
                undated=view.number(digest.undated),
                resting=view.number(digest.key),
            )
        ),
        _picture(view, digest),
        _over_time(view, digest),
        *_by_source(view, digest),
    ]


def _picture(view: View, digest: Digest) -> Figure:
    columns = tuple(
        Column(stretch.start, stretch.count, f"{view.time(stretch.start)}: {stretch.count}")
        for stretch in digest.stretches
    )
    step = view.duration(digest.step)
    most = max(digest.stretches, key=lambda one: one.count, default=None)
    return Figure(
        draw_density(columns, digest.step, view.wording.text("digest.axis", step=step)),
        view.wording.text("digest.figure", step=step),
        view.wording.text(
            "digest.alternative",
            count=len(columns),
            step=step,
            most=NONE if most is None else view.number(most.count),
            at=NONE if most is None else view.time(most.start),
        ),
        view.anchor("figure", "density"),
    )


def _over_time(view: View, digest: Digest) -> Table:
    rows = []
    for stretch in digest.stretches:
        told = ", ".join(
            f"{view.wording.term('kinds', kind.replace('.', '_'))} {view.number(count)}"
            for kind, count in stretch.kinds
        )
        rest = stretch.count - sum(count for _, count in stretch.kinds)
        if rest:
            told += view.wording.text("digest.other_kinds", count=view.number(rest))
        rows.append(
            Row((text(view.time(stretch.start)), text(view.number(stretch.count)), text(told)))
        )
    return view.table("digest.time_table", "from:time:1.5 events:number:0.8 kinds:text:4.5", rows)


def _by_source(view: View, digest: Digest) -> list[Block]:
    rows = [
        Row(
            (
                view.evidence_link(group.evidence),
                text(view.wording.term("kinds", group.kind.replace(".", "_"))),
                text(view.number(group.count)),
                text(NONE if group.first is None else view.time(group.first)),
                text(NONE if group.last is None else view.time(group.last)),
            )
        )
        for group in digest.groups[:_MOST_GROUPS]
    ]
    columns = "evidence:reference:0.8 kind:text:2 events:number:0.9 first:time:1.6 last:time:1.6"
    blocks: list[Block] = [view.table("digest.source_table", columns, rows)]
    rest = digest.groups[_MOST_GROUPS:]
    if rest:
        count = view.number(sum(group.count for group in rest))
        blocks.append(Paragraph(view.wording.runs("digest.more", groups=len(rest), count=count)))
    return blocks
