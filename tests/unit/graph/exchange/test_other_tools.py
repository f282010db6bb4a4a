"""The graph as a Why-Because Graph and in W3C PROV."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from prov.model import ProvDocument

from attribution.graph.exchange.prov import write_prov
from attribution.graph.exchange.why_because import write_why_because
from attribution.model.graph import Edge, Finding, MissingFactor, Node
from attribution.model.manifest import Decision
from tests.unit.graph.exchange.drawn import CASE, NOON
from tests.unit.graph.recorded import BASE

FINDING = Finding(
    "permission:grant", "permission", 2, "Too much was granted.", "confirmed", ("E1#line 4",),
    "a record that it was needed", ("grant",), "counsel", NOON, "seen",
)  # fmt: skip


def test_a_why_because_graph_has_only_necessary_factors() -> None:
    """An edge whose effect could have happened without the cause is no arrow, and is told of."""
    other = Edge("spare", "failure", "direct-action", "yes: another stood ready", "the log")
    graph = replace(
        CASE,
        nodes=(Node("spare", "act", 'A "second" act'), *CASE.nodes),
        edges=(*CASE.edges, other),
        missing_factors=(MissingFactor("failure", "something else"),),
    )
    dot = write_why_because(graph)
    assert "4 -> 2 [" in dot
    assert "5 -> 2 [" not in dot
    assert "// 5 is no necessary factor of 2: yes: another stood ready" in dot
    assert r"A \"second\" act" in dot
    assert "[2] event: The shop failed. (its factors do not suffice)" in dot
    assert 'fillcolor="lightblue"' in next(line for line in dot.splitlines() if "[4]" in line)


@pytest.mark.parametrize(("form", "theirs"), [("prov", "json"), ("provn", "provn")])
def test_prov_reads_the_document_back_as_it_was_written(form: str, theirs: str) -> None:
    """The standard's own library reads both forms back to one and the same document."""
    graph = replace(CASE, findings=(FINDING,))
    manifest = replace(
        BASE, decisions=(Decision("permission:grant", "confirmed", "counsel", NOON),)
    )
    text = write_prov(graph, manifest, form)
    read = ProvDocument.deserialize(io.StringIO(text), format=theirs)
    again = ProvDocument.deserialize(
        io.StringIO(write_prov(graph, manifest, "prov")), format="json"
    )
    assert read == again
    assert text == write_prov(graph, manifest, form)
    kinds = {record.get_type().localpart for record in read.get_records()}
    assert {"Activity", "Entity", "Agent", "Influence", "Derivation", "Generation"} <= kinds
    assert {"Association", "Usage", "Delegation"} <= kinds
