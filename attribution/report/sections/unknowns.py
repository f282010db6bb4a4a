"""What is not known, and which records would narrow the ranges."""

from __future__ import annotations

from dataclasses import replace

from attribution.model.order import Moment, OpenOrder
from attribution.report.blocks import Block, Bullets, Inlines, Paragraph, Row, join, text
from attribution.report.view import View

_MOST = 40
"""Open orders and open tests listed; `attribution graph --format json` has them all."""


def build_unknowns(view: View) -> list[Block]:
    """Return wanted records, missing factors, open tests and findings nobody has decided yet."""
    graph = view.analysis.graph
    blocks: list[Block] = [view.section("unknowns")]
    wanted: list[Inlines] = [text(record) for record in view.analysis.manifest.wanted_records]
    if wanted:
        blocks += [view.subsection("unknowns.wanted"), Bullets(tuple(wanted))]
    open_tests: list[Inlines] = [
        (*view.node_link(edge.source), *text(" → "), *view.node_link(edge.target))
        for edge in graph.edges
        if edge.counterfactual.startswith("open")
    ]
    if open_tests:
        blocks += [view.subsection("unknowns.open"), Bullets(tuple(open_tests[:_MOST]))]
        if len(open_tests) > _MOST:
            count = view.number(len(open_tests) - _MOST)
            blocks.append(Paragraph(view.wording.runs("unknowns.open_more", count=count)))
    blocks += _build_open_orders(view)
    undecided = [f for f in graph.findings if f.status in ("proposed", "contested")]
    if undecided and not view.learning:
        version = view.wording.text("unknowns.version")
        rows = [
            Row(
                (
                    (
                        *text(finding.statement),
                        *text(f"\n{finding.id}", "code"),
                        *text(f", {version} {finding.version}", "small"),
                    ),
                    text(view.wording.term("statuses", finding.status), "strong"),
                    text(finding.refuted_by),
                    view.references(finding.evidence),
                ),
                view.anchor("finding", finding.id),
            )
            for finding in undecided
        ]
        columns = "statement:text:3.4 status:text:1 refuted_by:text:2.2 evidence:reference:1.5"
        blocks += [
            view.subsection("unknowns.findings"),
            view.table("unknowns.table", columns, rows),
        ]
    if len(blocks) == 1:
        blocks.append(Paragraph(view.wording.runs("unknowns.none")))
    return blocks


def _build_open_orders(view: View) -> list[Block]:
    """Return the pairs whose order cannot be decided and on which some statement rests."""
    orders = list(view.analysis.graph.open_orders)
    for release in view.analysis.releases:
        for environment in release.environments:
            orders += [order for order in environment.open_orders if order not in orders]
    orders += _open_steps(view)
    if not orders:
        return []
    rows = [
        Row(
            (
                _moment(view, order.first),
                _moment(view, order.second),
                (*text(order.rests), *_node(view, order)),
            )
        )
        for order in orders[:_MOST]
    ]
    blocks: list[Block] = [
        view.subsection("unknowns.orders_title"),
        Paragraph(view.wording.runs("unknowns.orders_intro")),
        view.table("unknowns.orders", "first:text:2.4 second:text:2.4 rests:text:3", rows),
    ]
    if len(orders) > _MOST:
        blocks.append(
            Paragraph(view.wording.runs("unknowns.orders_more", count=len(orders) - _MOST))
        )
    return blocks


def _open_steps(view: View) -> list[OpenOrder]:
    """Return the steps of the response that cannot be told to have come after the start."""
    marks = {mark.step: mark for mark in view.marks}
    found = []
    for step, delay in view.delays.items():
        if delay.in_order is None:
            start, at = marks["start"].moment, marks[step].moment
            first = replace(start, what=view.wording.term("steps", start.what))
            second = replace(at, what=view.wording.term("steps", at.what))
            rests = view.wording.text("unknowns.orders_step")
            found.append(OpenOrder(first, second, "", rests))
    return found


def _moment(view: View, moment: Moment) -> Inlines:
    """Return what it is, its times, the event and its evidence."""
    span = f"{view.time(moment.low)} – {view.time(moment.high)}"
    if moment.low == moment.high:
        span = view.time(moment.low)
    parts: list[Inlines] = [text(moment.what[:1].upper() + moment.what[1:]), text(span, "small")]
    event = view.events.get(moment.event or "")
    if event is not None:
        parts.append(view.event_link(event))
    elif moment.references:
        parts.append(view.references(moment.references[:2]))
    return join(parts, "\n")


def _node(view: View, order: OpenOrder) -> Inlines:
    if order.node not in view.nodes:
        return ()
    return (*text(": "), *view.node_link(order.node))
