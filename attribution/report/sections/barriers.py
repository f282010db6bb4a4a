"""The controls that were meant to stop or limit the harm: there or not, and what they could do."""

from __future__ import annotations

from attribution.graph.bowtie import draw_bow_ties
from attribution.model.bowtie import BARRIER_STATES, BowTie
from attribution.model.graph import Barrier
from attribution.model.reach import Reach
from attribution.report.blocks import Block, Figure, Inlines, Paragraph, Row, Table, text
from attribution.report.layout.bowtie import BowTieWords, draw_bow_tie
from attribution.report.view import NONE, View


def build_barriers(view: View) -> list[Block]:
    """Return bow-ties, the barriers with state, owner and effect, and the blast radius."""
    graph = view.analysis.graph
    blocks: list[Block] = [view.section("barriers")]
    ties = draw_bow_ties(graph)
    if not graph.barriers:
        blocks.append(Paragraph(view.wording.runs("barriers.none")))
    else:
        drawn = [tie for tie in ties if tie.guards]
        intro = [Paragraph(view.wording.runs("barriers.bow_tie_intro"))] if drawn else []
        blocks += [*intro, *(_figure(view, tie) for tie in drawn)]
        blocks += [Paragraph(view.wording.runs("barriers.intro")), _table(view, ties)]
    for reach in graph.reach:
        if len(reach.services) > 1 or reach.outside:
            blocks += _build_reach(view, reach)
    return blocks


def _figure(view: View, tie: BowTie) -> Figure:
    wording = view.wording
    words = BowTieWords(
        {state: wording.term("barrier_states", state) for state in BARRIER_STATES},
        wording.text("barriers.threats"),
        wording.text("barriers.consequences"),
        lambda count: wording.text("barriers.more", count=count),
        lambda name: view.anchor("node" if name in view.nodes else "barrier", name),
    )
    states = "; ".join(
        f"{guard.barrier.title}: {wording.term('barrier_states', guard.barrier.state)}"
        for guard in tie.guards
    )
    return Figure(
        draw_bow_tie(tie, words),
        wording.text("barriers.figure", event=tie.statement.rstrip(".")),
        wording.text(
            "barriers.alternative",
            event=tie.statement.rstrip("."),
            threats=len(tie.threats),
            consequences=len(tie.consequences),
            states=states,
        ),
        view.anchor("figure", f"bow-tie-{tie.event}"),
    )


def _table(view: View, ties: tuple[BowTie, ...]) -> Table:
    rows = []
    for barrier in view.analysis.graph.barriers:
        owners = ", ".join(view.party(owner) for owner in barrier.owners) or NONE
        rows.append(
            Row(
                (
                    (*text(barrier.title, "strong"), *text(f"\n{barrier.statement}")),
                    text(view.wording.term("barrier_types", barrier.type)),
                    text(view.wording.term("barrier_states", barrier.state), "strong"),
                    *(() if view.learning else (text(owners),)),
                    _effect(view, barrier, ties),
                    view.references(barrier.evidence),
                ),
                view.anchor("barrier", barrier.id),
            )
        )
    owner = "" if view.learning else "owner:text:1.4 "
    columns = (
        f"barrier:text:2.6 type:text:1 state:text:1 {owner}"
        "effectiveness:text:2.2 evidence:reference:1.4"
    )
    return view.table("barriers.table", columns, rows)


def _effect(view: View, barrier: Barrier, ties: tuple[BowTie, ...]) -> Inlines:
    """Return how often such a control works, and what would not have come had it held."""
    effect: Inlines = ()
    if barrier.effectiveness is not None:
        effect = (*text(view.span(barrier.effectiveness)), *text(f"\n{barrier.source}", "small"))
    told = _tell_spared(view, barrier, ties)
    if not told:
        return effect or text(NONE)
    return (*effect, *text("\n" if effect else ""), *text(told))


def _tell_spared(view: View, barrier: Barrier, ties: tuple[BowTie, ...]) -> str:
    if barrier.state == "effective":
        return view.wording.text("barriers.effective")
    for tie in ties:
        for guard in tie.guards:
            if guard.barrier.id != barrier.id or guard.spared is None:
                continue
            if not guard.spared:
                return view.wording.text("barriers.spared_none")
            if {tie.event, *(branch.node for branch in tie.consequences)} <= set(guard.spared):
                return view.wording.text("barriers.spared_all")
            names = [view.nodes[name].statement.rstrip(".") for name in guard.spared]
            return view.wording.text("barriers.spared", outcomes="; ".join(names))
    return ""


def _build_reach(view: View, reach: Reach) -> list[Block]:
    """Return what one cause could reach and did, service by service."""
    wording = view.wording
    rows = [
        Row(
            (
                text(service.name, "strong"),
                text(" → ".join(_names(view, service.through))),
                text(wording.term("reached", service.state)),
                text(NONE if service.first is None else view.time(service.first)),
                view.references(service.evidence),
            )
        )
        for service in reach.services
    ]
    columns = "service:text:1.4 way:text:2 reached:text:2.2 time:time:1.4 evidence:reference:1.4"
    blocks: list[Block] = [
        view.subsection("barriers.reach"),
        Paragraph(
            wording.runs(
                "barriers.reach_intro",
                origin=reach.statement.rstrip("."),
                could=len(reach.services),
                did=reach.reached,
            )
        ),
        view.table("barriers.reach_table", columns, rows),
    ]
    if reach.outside:
        names = ", ".join(reach.outside)
        blocks.append(Paragraph(wording.runs("barriers.outside", services=names)))
    return blocks


def _names(view: View, services: tuple[str, ...]) -> list[str]:
    names = {service.id: service.name for service in view.analysis.manifest.services}
    return [names.get(service, service) for service in services]
