"""A graph written in a format and read back says the same."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import TypeVar

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attribution.graph.digraph import EDGE_ATTRIBUTES, NODE_ATTRIBUTES, to_digraph
from attribution.graph.exchange.adoption import adopt_drawing
from attribution.graph.exchange.drawing import Drawing, join_drawings
from attribution.graph.exchange.graphml import read_graphml, write_graphml
from attribution.graph.exchange.json_graph import read_json
from attribution.graph.exchange.mermaid import read_mermaid
from attribution.graph.exchange.prov import write_prov
from attribution.graph.exchange.standing import describe_standing
from attribution.graph.exchange.tables import read_table, write_edges, write_nodes
from attribution.graph.exchange.why_because import write_why_because
from attribution.model.graph import NODE_KINDS, CausalGraph, Edge, Finding, Node
from attribution.model.interval import Interval
from attribution.report.layout.graph import GraphWords
from attribution.report.mermaid import write_mermaid
from tests.unit.graph.exchange.drawn import CASE
from tests.unit.graph.recorded import BASE as MANIFEST

Part = TypeVar("Part", Node, Edge)
CODES = ("scope_overreach", "goal_misread")
EMPTY = CausalGraph((), ())
WORDS = GraphWords((("team", "The team", "deployer"),), {}, {}, "breach")


def through(form: str, graph: CausalGraph) -> Drawing:
    """Return the drawing that reading a graph's own output in a format gives."""
    if form == "csv":
        tables = (write_nodes(graph), write_edges(graph))
        return join_drawings(read_table(table.encode(), "t") for table in tables if table.strip())
    if form == "graphml":
        return read_graphml(write_graphml(graph).encode(), "g")
    if form == "mermaid":
        return read_mermaid(write_mermaid(graph, WORDS, named=True).encode(), "m")
    return read_json(json.dumps(graph.to_dict()).encode(), "j")


@pytest.mark.parametrize("form", ["csv", "graphml", "json", "mermaid"])
def test_a_graph_written_and_read_adds_nothing_to_its_own_case(form: str) -> None:
    """What the program wrote itself is all known: nothing is added and nothing changed."""
    adoption = adopt_drawing(through(form, CASE), CASE)
    assert (adoption.nodes, adoption.edges) == ((), ())
    assert adoption.known == len(CASE.nodes) + len(CASE.edges)


texts = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co")), max_size=12
)
ranges = st.tuples(*[st.floats(0, 1)] * 3).map(lambda three: Interval(*sorted(three)))
standings = st.sampled_from(
    (
        ("proposed", None),
        ("contested", None),
        ("rejected", None),
        ("confirmed", "person: =the lead"),
        ("confirmed", "record: git ancestry"),
    )
)
nodes = st.builds(
    Node,
    st.sampled_from("abcde"),
    st.sampled_from(NODE_KINDS),
    texts.map(lambda text: f"S{text}".strip()),
    party=st.none() | st.just("team"),
    credence=st.none() | ranges,
    norm=st.sampled_from((None, 0, 1)),
    observed=st.booleans(),
    evidence=st.lists(texts.map(lambda text: f"E1#{text}".strip()), max_size=3, unique=True).map(
        tuple
    ),
)
answers = texts.map(lambda text: f"no: {text}".strip())


@st.composite
def graphs(draw: st.DrawFn) -> CausalGraph:
    """Draw a graph of nodes without equations; edges stand between any two in order."""
    drawn = draw(st.lists(nodes, min_size=1, max_size=5, unique_by=lambda node: node.id))
    names = [node.id for node in drawn]
    pairs = [(a, b) for i, a in enumerate(names) for b in names[i + 1 :]]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    edges = [
        stands(draw, Edge(a, b, "r", draw(answers), f"B{draw(texts)}".strip())) for a, b in chosen
    ]
    findings = [
        Finding(
            f"r:{node.id}", "r", 1, node.statement, "proposed", (), "x", (node.id,),
            factors=tuple(draw(st.lists(st.sampled_from(CODES), unique=True))),
            tests=tuple(edge for edge in edges if edge.source == node.id),
        )
        for node in drawn
        if draw(st.booleans())
    ]  # fmt: skip
    return CausalGraph(tuple(stands(draw, node) for node in drawn), tuple(edges), tuple(findings))


def stands(draw: st.DrawFn, part: Part) -> Part:
    """Return a node or an edge with a status, and who or what confirmed it."""
    status, confirmed_by = draw(standings)
    return replace(part, status=status, confirmed_by=confirmed_by)


@pytest.mark.parametrize("form", ["csv", "graphml", "json"])
@settings(max_examples=25)
@given(graph=graphs())
def test_every_field_comes_back(form: str, graph: CausalGraph) -> None:
    """Nodes and edges read back have each field as it was, whatever text stands in it."""
    drawing = through(form, graph)
    read = {node.id: node.fields for node in drawing.nodes}
    for node in graph.nodes:
        whole = node.to_dict()
        for name in ("kind", "statement", "party", "credence", "norm", "observed", "evidence"):
            assert (read[node.id].get(name) or None) == (whole[name] or None), name
    told = {(edge.source, edge.target): edge.fields for edge in drawing.edges}
    assert told.keys() == {(edge.source, edge.target) for edge in graph.edges}
    for edge in graph.edges:
        fields = told[edge.source, edge.target]
        assert (fields["counterfactual"], fields["basis"]) == (edge.counterfactual, edge.basis)
        assert (fields["status"], fields.get("confirmed_by")) == (edge.status, edge.confirmed_by)
    for name, found in describe_standing(graph).items():
        node = graph.node(name)
        assert (read[name]["status"], read[name].get("confirmed_by")) == (
            node.status,
            node.confirmed_by,
        )
        for key, value in found.items():
            assert (read[name].get(key) or []) == value, key
    adoption = adopt_drawing(drawing, graph)
    assert (adoption.decisions, adoption.untaken) == ((), ())


def test_who_decided_in_a_drawing_decides_in_the_case_and_no_more_is_taken_on_trust() -> None:
    """A person's word becomes a decision; a record's and a rule's are named and left out."""
    grant, gate, failure, harm = CASE.nodes
    drawn = replace(
        CASE,
        nodes=(
            replace(grant, status="confirmed", confirmed_by="person: the lead"),
            replace(gate, status="confirmed", confirmed_by="record: git ancestry"),
            failure,
            harm,
        ),
        edges=(replace(CASE.edges[0], status="contested"), *CASE.edges[1:]),
        findings=(
            Finding("r:grant", "r", 1, "", "confirmed", (), "", ("grant",), factors=(CODES[0],)),
        ),
    )
    for form in ("csv", "json", "graphml"):
        adoption = adopt_drawing(through(form, drawn), CASE, by="the author")
        assert (adoption.nodes, adoption.edges) == ((), ())
        decided = {one.on: (one.status, one.by) for one in adoption.decisions}
        assert decided == {
            "grant": ("confirmed", "the lead"),
            "gate->failure": ("contested", "the author"),
        }
        assert [sentence.partition(":")[0] for sentence in adoption.untaken] == ["grant", "gate"]


def test_every_export_tells_who_confirmed_and_the_factors() -> None:
    """PROV and the Why-Because Graph name the person, the record and the codes too."""
    grant, *others = CASE.nodes
    finding = Finding(
        "r:grant", "r", 1, "It was so.", "confirmed", (), "", ("grant",),
        confirmed_by="person: the lead", factors=CODES, tests=CASE.edges[1:2],
    )  # fmt: skip
    nodes = (replace(grant, status="confirmed", confirmed_by="person: the lead"), *others)
    edge = replace(CASE.edges[1], status="confirmed", confirmed_by="record: git ancestry")
    graph = replace(
        CASE, nodes=nodes, edges=(CASE.edges[0], edge, CASE.edges[2]), findings=(finding,)
    )
    for text in (write_prov(graph, MANIFEST, "prov"), write_prov(graph, MANIFEST, "provn")):
        assert all(it in text for it in ("person: the lead", "record: git ancestry", *CODES))
        assert "grant->failure: no: it would have been refused" in text
    chart = write_why_because(graph)
    assert "confirmed (the lead); " + "; ".join(CODES) in chart
    assert "recorded (git ancestry)" in chart


def test_a_spreadsheet_computes_nothing_of_a_table() -> None:
    """A statement that begins like a formula is written after an apostrophe, and read without."""
    for statement in ("=1+1", "'=1+1", "@x", "plain", "'plain"):
        graph = replace(EMPTY, nodes=(Node("a", "event", statement),))
        table = write_nodes(graph)
        cell = list(csv.reader(io.StringIO(table)))[1][2]
        assert not cell.startswith(("=", "@"))
        assert read_table(table.encode(), "t").nodes[0].fields["statement"] == statement


def test_networkx_reads_the_graphml_without_this_program() -> None:
    """The GraphML is a directed graph with each documented attribute, in networkx's own reader."""
    read = nx.read_graphml(io.BytesIO(write_graphml(CASE).encode()))
    assert read.is_directed()
    assert set(read.edges) == {(edge.source, edge.target) for edge in CASE.edges}
    assert read.nodes["failure"]["label"] == "The shop failed."
    assert NODE_ATTRIBUTES.keys() <= read.nodes["failure"].keys()


def test_the_digraph_has_each_documented_attribute_and_is_the_callers_own() -> None:
    """The public face bears what its tables document, and changing it leaves the case alone."""
    digraph = to_digraph(CASE)
    assert set(digraph.nodes["grant"]) == set(NODE_ATTRIBUTES)
    assert set(digraph.edges["grant", "failure"]) == set(EDGE_ATTRIBUTES)
    assert nx.ancestors(digraph, "harm_h1") == {"grant", "gate", "failure"}
    digraph.nodes["grant"]["evidence"].append("E9")
    assert CASE.node("grant").evidence == ("E1#line 4", "E2#/a/b")
