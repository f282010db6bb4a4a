"""A graph too large to be drawn box by box is folded, and nothing a reader looks for is lost."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from attribution.model.graph import CausalGraph, Edge, Node
from attribution.report.blocks import Figure
from attribution.report.document import build_document
from attribution.report.folding import MOST_BOXES, fold_graph
from attribution.report.formats import render
from tests.unit.report.builder import build_analysis


def tell(form: str, count: int, first: str, last: str) -> str:
    return f"{form} {count} {first} {last}"


def make_edge(source: str, target: str) -> Edge:
    return Edge(source, target, "declared", "no: invented", "invented")


def _make_node(at: int, look: str, party: str) -> Node:
    return Node(
        f"n{at}",
        "control" if look == "control" else "condition",
        f"S{at}",
        party=party,
        status="contested" if look == "contested" else "proposed",
        duty="d" if look == "breach" else None,
    )


def make_graph(size: int, seed: int) -> CausalGraph:
    """Return a graph in which every third statement is a breach, a control or contested."""
    draw = random.Random(seed)
    looks = ("breach", "control", "contested", *["plain"] * 6)
    nodes = [_make_node(at, draw.choice(looks), draw.choice("ab")) for at in range(size)]
    pairs = {(draw.randrange(at), at) for at in range(1, size) for _ in range(draw.choice((0, 1)))}
    return CausalGraph(
        tuple(nodes), tuple(make_edge(f"n{one}", f"n{other}") for one, other in sorted(pairs))
    )


def reach(graph: CausalGraph) -> set[tuple[str, str]]:
    """Return which statement leads to which, over any number of arrows."""
    found = {(edge.source, edge.target) for edge in graph.edges}
    while more := {(a, d) for a, b in found for c, d in found if b == c} - found:
        found |= more
    return found


@given(st.integers(2, 25), st.integers(0, 10_000))
def test_folding_keeps_every_statement_once_and_what_leads_to_what(size: int, seed: int) -> None:
    """Boxes divide the statements; breaches, controls and contested ones stand alone and lead on
    to each other as before; nothing of two parties is in one box."""
    graph = make_graph(size, seed)
    folded = fold_graph(graph, tell, most=1)
    boxes = [folded.members.get(node.id, (node.id,)) for node in folded.graph.nodes]
    assert sorted(member for box in boxes for member in box) == sorted(n.id for n in graph.nodes)
    known = {node.id: node for node in graph.nodes}
    assert all(len({known[member].party for member in box}) == 1 for box in boxes)
    alone = {
        node.id
        for node in graph.nodes
        if node.is_breach or node.kind == "control" or node.status == "contested"
    }
    assert alone <= {box[0] for box in boxes if len(box) == 1}
    was, now = reach(graph), reach(folded.graph)
    assert {pair for pair in was if alone.issuperset(pair)} == {
        pair for pair in now if alone.issuperset(pair)
    }


def test_chains_and_groups_are_told_as_what_they_are() -> None:
    """Three in a row, four side by side, and chains side by side each become one box."""
    nodes = [Node("end", "harm", "harm"), Node("breach", "act", "breach", duty="d")]
    edges = [make_edge("breach", "c0"), make_edge("c2", "end")]
    names = ["c0", "c1", "c2", "g0", "g1", "g2", "g3"]
    names += [f"m{row}{at}" for row in range(3) for at in range(2)]
    nodes += [Node(name, "condition", name) for name in names]
    edges += [make_edge("c0", "c1"), make_edge("c1", "c2")]
    edges += [make_edge(f"g{at}", "breach2") for at in range(4)]
    edges += [make_edge(f"m{row}0", f"m{row}1") for row in range(3)]
    edges += [make_edge(f"m{row}1", "end") for row in range(3)]
    nodes.append(Node("breach2", "act", "breach", duty="d"))
    folded = fold_graph(CausalGraph(tuple(nodes), tuple(edges)), tell, most=1)
    said = {node.id: node.statement for node in folded.graph.nodes if node.id in folded.members}
    assert said == {"c0": "chain 3 c0 c2", "g0": "group 4 g0 g3", "m00": "both 6 m00 m21"}


def test_an_arrow_between_boxes_is_no_surer_than_the_least_sure_within() -> None:
    nodes = [Node("end", "harm", "end"), *(Node(name, "event", name) for name in "abc")]
    edges = [make_edge(name, "end") for name in "abc"]
    edges[0] = replace(edges[0], status="confirmed", confirmed_by="person: reviewer")
    (edge,) = fold_graph(CausalGraph(tuple(nodes), tuple(edges)), tell, most=1).graph.edges
    assert edge.status == "proposed"


def test_three_hundred_statements_are_drawn_in_few_boxes_and_listed_in_full() -> None:
    """The picture says that it is folded; the table has a row for each statement."""
    analysis = build_analysis()
    graph = analysis.graph
    harm = next(node.id for node in graph.nodes if node.kind == "harm")
    added = tuple(Node(f"x{at}", "condition", f"Invented {at}") for at in range(300))
    edges = tuple(
        make_edge(node.id, harm if at % 6 == 5 else f"x{at + 1}") for at, node in enumerate(added)
    )
    large = replace(graph, nodes=(*graph.nodes, *added), edges=(*graph.edges, *edges))
    document = build_document(replace(analysis, graph=large), "legal")
    page = render(document, "html").decode("utf-8")
    (figure,) = (
        block
        for block in document.blocks
        if isinstance(block, Figure) and block.anchor == "figure-graph"
    )
    boxes = [shape for shape in figure.picture.shapes if getattr(shape, "link", None)]
    assert len(boxes) <= MOST_BOXES
    assert "300 of its" in page
    assert all(f'id="node-x{at}"' in page for at in range(300))
