"""The causal graph: its picture, every statement in it, and the test behind every edge."""

from __future__ import annotations

from attribution.model.confirmation import is_by_record, name_of
from attribution.model.graph import CausalGraph, GraphCheck, MissingFactor, Node
from attribution.report.blocks import (
    Block,
    Bullets,
    Figure,
    Inlines,
    Paragraph,
    Row,
    Table,
    join,
    text,
)
from attribution.report.facets import tell_facets
from attribution.report.layout.graph import GraphWords, draw_graph
from attribution.report.layout.layered import lay_out
from attribution.report.mermaid import write_mermaid
from attribution.report.told import TOLD, with_told
from attribution.report.view import NONE, View


def build_causes(view: View) -> list[Block]:
    """Return picture, statements, edges with their tests, what is missing, and the checks."""
    graph = view.analysis.graph
    blocks: list[Block] = [view.section("causes")]
    if not graph.nodes:
        return [*blocks, Paragraph(view.wording.runs("causes.empty"))]
    blocks += [Paragraph(view.wording.runs("causes.intro")), graph_figure(view)]
    blocks += [_nodes(view)]
    if graph.edges:
        blocks += [
            view.subsection("causes.tests"),
            Paragraph(view.wording.runs("causes.tests_intro")),
            _edges(view),
        ]
    if graph.missing_factors:
        entries = tuple(
            (*view.node_link(factor.node), *text(f": {factor.statement}"), *_leads(factor))
            for factor in graph.missing_factors
        )
        blocks += [view.subsection("causes.missing"), Bullets(entries)]
    blocks += _recorded(view)
    rejected = [finding for finding in graph.findings if finding.status == "rejected"]
    if rejected:
        blocks += [
            view.subsection("causes.rejected"),
            Bullets(tuple(text(f.statement) for f in rejected)),
        ]
    if graph.checks and not view.learning:
        blocks.append(_checks(view))
    return blocks


def _leads(factor: MissingFactor) -> Inlines:
    """Return where evidence of what is missing may lie, in small print."""
    told = "\n".join(f"– {lead.sentence}" for lead in factor.look_in)
    return text(f"\n{told}", "small") if told else ()


def _recorded(view: View) -> list[Block]:
    """Return the findings that a record of the causation confirms, and nobody has decided on."""
    entries = tuple(
        text(
            view.wording.text(
                "causes.recorded_entry",
                statement=finding.statement,
                record=name_of(finding.confirmed_by or ""),
                refuted_by=finding.refuted_by,
            )
        )
        for finding in view.analysis.graph.findings
        if is_by_record(finding.confirmed_by)
    )
    if not entries:
        return []
    intro = Paragraph(view.wording.runs("causes.recorded_intro"))
    return [view.subsection("causes.recorded"), intro, Bullets(entries)]


def graph_words(view: View, *, links: bool = True) -> GraphWords:
    """Return the words of the picture; in a learning document no party is shown."""
    kinds = ("act", "omission", "condition", "control", "event", "harm")
    parties = () if view.learning else view.analysis.manifest.parties
    return GraphWords(
        tuple((party.id, view.party_with_role(party.id), view.role(party.id)) for party in parties),
        {kind: view.wording.term("node_kinds", kind) for kind in kinds},
        {
            status: view.wording.term("statuses", status)
            for status in ("confirmed", "recorded", "proposed", "contested", TOLD)
        },
        view.wording.text("causes.breach"),
        _witnesses(view),
        (lambda node: _link(view, node)) if links else None,
    )


def _witnesses(view: View) -> dict[str, str]:
    """Return by breach, in words, what shows that it made the difference, or that it made none."""
    return {
        breach.node: breach.counterfactual
        for party in view.analysis.attribution.parties
        for breach in party.breaches
    }


def graph_shown(view: View) -> CausalGraph:
    """Return the graph as it is drawn: with what texts put forward, marked as such."""
    return with_told(view.analysis.graph)


def _link(view: View, node: str) -> str:
    """Return where a node is told of: in its row, or where what the texts say is."""
    known = node in view.nodes
    return view.anchor("node", node) if known else view.anchor("section", "texts")


def graph_figure(view: View) -> Figure:
    """Return the picture of the graph, with the same graph as Mermaid text for Markdown."""
    graph = view.analysis.graph
    harms = "; ".join(node.statement for node in graph.nodes if node.kind == "harm")
    alternative = view.wording.text(
        "causes.alternative", nodes=len(graph.nodes), edges=len(graph.edges), harms=harms or NONE
    )
    return Figure(
        draw_graph(graph_shown(view), graph_words(view), lay_out),
        view.wording.text("causes.figure"),
        alternative,
        view.anchor("figure", "graph"),
        write_mermaid(graph_shown(view), graph_words(view)),
    )


def _nodes(view: View) -> Table:
    rows = [
        Row(
            (
                (*text(node.statement), *_because(view, node)),
                text(_kind(view, node)),
                *(() if view.learning else (text(view.party(node.party)),)),
                view.status(node),
                *(() if view.learning else (_credence(view, node),)),
                view.references(node.evidence),
            ),
            view.anchor("node", node.id),
            facets=tell_facets(view, node.evidence, node.actor, node.party),
        )
        for node in view.analysis.graph.nodes
    ]
    columns = "statement:text:3.4 kind:text:1.1 status:text:1 evidence:reference:1.5"
    if not view.learning:
        columns = (
            "statement:text:3.1 kind:text:0.9 party:text:1.2 status:text:0.9 credence:text:2.1 "
            "evidence:reference:1.5"
        )
    return view.table("causes.nodes", columns, rows)


def _kind(view: View, node: Node) -> str:
    kind = view.wording.term("node_kinds", node.kind)
    if node.is_breach and not view.learning:
        return f"{kind}, {view.wording.text('causes.breach')}"
    return kind


def _because(view: View, node: Node) -> Inlines:
    """Return the rule that put the statement there and its equation, in small print."""
    if view.learning:
        return ()
    parts = [view.wording.text("causes.by_rule", rule=node.rule)]
    if view.factors(node.id):
        parts.append(view.wording.text("causes.factors", factors=view.factors(node.id)))
    if node.equation:
        parts.append(view.wording.text("causes.equation", equation=node.equation))
    return text("\n" + "; ".join(parts), "small")


def _credence(view: View, node: Node) -> Inlines:
    """Return how far it is believed and on what basis; strength and leak for an effect."""
    parts: list[Inlines] = []
    if node.observed:
        parts.append(text(view.wording.text("causes.observed")))
    if node.credence is not None:
        parts.append(text(view.span(node.credence)))
    if node.basis is not None:
        parts.append(text(view.wording.term("bases", node.basis), "small"))
    if node.strength is not None:
        words = view.wording.text("causes.strength", value=view.span(node.strength))
        parts.append(text(words, "small"))
    if node.leak is not None:
        words = view.wording.text("causes.leak", value=view.span(node.leak))
        parts.append(text(words, "small"))
    return join(parts, "\n") if parts else text(view.wording.text("causes.follows"), "small")


def _edges(view: View) -> Table:
    rows = []
    for edge in view.analysis.graph.edges:
        sufficient = "causes.sufficient" if edge.sufficient else "causes.not_sufficient"
        rows.append(
            Row(
                (
                    view.node_link(edge.source),
                    view.node_link(edge.target),
                    (*text(edge.counterfactual), *text(f"\n{edge.basis}", "small")),
                    text(view.wording.text(sufficient)),
                    view.status(edge),
                    view.references(edge.evidence),
                ),
                view.anchor("edge", f"{edge.source}--{edge.target}"),
            )
        )
    columns = (
        "cause:text:2.2 effect:text:2.2 counterfactual:text:3.2 sufficient:text:1.1 "
        "status:text:1.1 evidence:reference:1.6"
    )
    return view.table("causes.edges", columns, rows)


def _checks(view: View) -> Table:
    rows = [
        Row(
            (
                text(check.id.replace("_", " ")),
                text(
                    view.wording.text("causes.passed" if check.passed else "causes.failed"),
                    "strong",
                ),
                text(_detail(check)),
            )
        )
        for check in view.analysis.graph.checks
    ]
    return view.table("causes.checks", "check:text:1.4 result:text:0.8 detail:text:4", rows)


def _detail(check: GraphCheck) -> str:
    return "\n".join((check.detail, *check.remarks))
