"""The parts of a learning document that a liability document has not: no shares, no blame."""

from __future__ import annotations

from attribution.model.lessons import TELLINGS
from attribution.report.blocks import Block, Bullets, Inlines, Paragraph, Row, Table, join, text
from attribution.report.sections.actions import tell
from attribution.report.sections.chronology import response_blocks
from attribution.report.view import NONE, View
from attribution.timeline.response import find_impact


def build_overview(view: View) -> list[Block]:
    """Return what happened in a few sentences, and how to read the document."""
    manifest = view.analysis.manifest
    blocks: list[Block] = [view.section("overview")]
    if manifest.summary:
        blocks.append(Paragraph(text(manifest.summary), "lead"))
    return [*blocks, Paragraph(view.wording.runs("overview.how_to_read"))]


def build_impact(view: View) -> list[Block]:
    """Return what the harm was, how long it lasted, and the response in figures."""
    manifest = view.analysis.manifest
    blocks: list[Block] = [view.section("impact")]
    impact = find_impact(view.marks)
    if impact is not None:
        start, end = impact
        blocks.append(
            Paragraph(
                view.wording.runs(
                    "impact.duration",
                    duration=view.duration(end - start),
                    start=view.time(start),
                    end=view.time(end),
                )
            )
        )
    if manifest.harms:
        blocks.append(_harms(view))
    elif impact is None:
        blocks.append(Paragraph(view.wording.runs("impact.none")))
    return [*blocks, *response_blocks(view)]


def _harms(view: View) -> Table:
    names = {service.id: service.name for service in view.analysis.manifest.services}
    rows = [
        Row(
            (
                text(harm.title),
                text(names.get(harm.service, harm.service)),
                text(NONE if harm.start is None else view.time(harm.start)),
                text(NONE if harm.end is None else view.time(harm.end)),
                view.references(harm.evidence),
            )
        )
        for harm in view.analysis.manifest.harms
    ]
    columns = "harm:text:2.6 service:text:1.4 from:time:1.5 to:time:1.5 evidence:reference:1.5"
    return view.table("impact.harms", columns, rows)


def build_factors(view: View) -> list[Block]:
    """Return the contributing factors by level; none of them is the root cause."""
    nodes = [
        node
        for node in view.analysis.graph.nodes
        if node.kind in ("act", "omission", "condition", "control") and node.status != "rejected"
    ]
    blocks: list[Block] = [view.section("factors"), Paragraph(view.wording.runs("factors.intro"))]
    if not nodes:
        return [*blocks, Paragraph(view.wording.runs("factors.none"))]
    rows: list[Row] = []
    for kind in ("condition", "control", "omission", "act"):
        group = [node for node in nodes if node.kind == kind]
        if not group:
            continue
        blank: tuple[Inlines, ...] = ((), (), ())
        words = text(view.wording.term("factor_levels", kind), "strong")
        rows.append(Row((words, *blank), style="group"))
        for node in group:
            duty = view.duties.get(node.duty or "")
            other: Inlines = text(duty.compliance or duty.statement if duty else NONE)
            shown = view.factors(node.id)
            factor = (*view.node_link(node.id), *text(f"\n{shown}" if shown else "", "small"))
            rows.append(Row((factor, other, view.status(node), view.references(node.evidence))))
    columns = "factor:text:3.2 otherwise:text:2.6 status:text:1 evidence:reference:1.5"
    return [*blocks, view.table("factors.table", columns, rows)]


def build_lessons(view: View) -> list[Block]:
    """Return what went well, what those who were there tell, and the questions that are open."""
    well = [*_find_held(view), *tell(view, "went_well")]
    questions = tuple(
        view.wording.runs(f"lessons.ask.{key}") for key, _ in view.wording.terms("lessons.ask")
    )
    blocks: list[Block] = [view.section("lessons"), view.subsection("lessons.well")]
    blocks.append(Bullets(tuple(well)) if well else Paragraph(view.wording.runs("lessons.none")))
    blocks += _tellings(view)
    return [*blocks, view.subsection("lessons.questions"), Bullets(questions)]


def _find_held(view: View) -> list[Inlines]:
    """Return the barriers that held, and the objectives that were met."""
    held = [b for b in view.analysis.graph.barriers if b.state == "present"]
    well: list[Inlines] = [
        join([text(barrier.title, "strong"), text(barrier.statement)], ": ") for barrier in held
    ]
    marks = {mark.step: mark for mark in view.marks}
    objectives = [
        service.objectives
        for service in view.analysis.manifest.services
        if service.objectives is not None
    ]
    for step, name in (
        ("detected", "detect"),
        ("acknowledged", "acknowledge"),
        ("mitigated", "mitigate"),
    ):
        limits = [getattr(objective, name) for objective in objectives]
        limit = min((value for value in limits if value is not None), default=None)
        if limit is None or step not in marks or "start" not in marks:
            continue
        taken = view.delays[step].seconds
        if taken.high <= limit:
            well.append(
                view.wording.runs(
                    "lessons.in_time",
                    step=view.wording.term("steps", step),
                    taken=view.length(taken),
                    limit=view.duration(int(limit * 1_000_000)),
                )
            )
    return well


def _tellings(view: View) -> list[Block]:
    blocks: list[Block] = []
    for kind in TELLINGS:
        told = tell(view, kind)
        if told and kind != "went_well":
            blocks += [view.subsection(f"lessons.{kind}"), Bullets(tuple(told))]
    return blocks
