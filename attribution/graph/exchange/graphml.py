"""The causal graph in GraphML, as yEd, Gephi, Cytoscape and igraph read it.

Every field of a node and an edge is a text attribute; `label` repeats the statement, for most
programs show that. networkx writes and reads the XML.
Source: http://graphml.graphdrawing.org/primer/graphml-primer.html (GraphML-Attributes).
"""

from __future__ import annotations

import io
import re
from xml.etree.ElementTree import ParseError

import networkx as nx

from attribution.graph.digraph import EDGE_ATTRIBUTES, NODE_ATTRIBUTES, to_digraph
from attribution.graph.exchange.drawing import (
    WHOLE_EDGE,
    WHOLE_NODE,
    Drawing,
    DrawnEdge,
    DrawnNode,
    refuse,
)
from attribution.graph.exchange.fields import read_cell, write_cell
from attribution.model.graph import CausalGraph

_DECLARATION = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_UNWRITABLE = re.compile("[^\x09\x0a\x0d\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_graphml(graph: CausalGraph) -> str:
    """Return the graph as GraphML; what XML 1.0 has no place for becomes U+FFFD."""
    whole = to_digraph(graph)
    plain: nx.DiGraph[str] = nx.DiGraph()
    for name, fields in whole.nodes(data=True):
        texts = {key: _clean(write_cell(key, fields[key])) for key in NODE_ATTRIBUTES}
        plain.add_node(name, label=texts["statement"], **texts)
    for source, target, fields in whole.edges(data=True):
        plain.add_edge(
            source, target, **{key: _clean(write_cell(key, fields[key])) for key in EDGE_ATTRIBUTES}
        )
    return "\n".join(nx.generate_graphml(plain)) + "\n"


def _clean(text: str) -> str:
    return _UNWRITABLE.sub("\ufffd", text)


def read_graphml(content: bytes, file: str) -> Drawing:
    """Return the drawing in a GraphML document. Raises InputError for anything else.

    A document type or entity is refused: GraphML needs none, and an entity can expand without end.
    """
    if _DECLARATION.search(content):
        raise _refuse(file, "a document type or an entity")
    try:
        graph = nx.read_graphml(io.BytesIO(content), force_multigraph=True)
    except (ParseError, nx.NetworkXError, KeyError, ValueError, TypeError) as error:
        raise _refuse(file, str(error)) from None
    if not graph.is_directed():
        raise _refuse(file, "an undirected graph")
    nodes = []
    for name, fields in graph.nodes(data=True):
        given: dict[str, object] = {
            key: read_cell(key, str(fields[key])) for key in WHOLE_NODE if key in fields
        }
        if given.get("statement") is None and fields.get("label"):
            given["statement"] = str(fields["label"])
        nodes.append(DrawnNode(str(name), given, file, f"node {name}"))
    edges = [
        DrawnEdge(
            str(source),
            str(target),
            {key: read_cell(key, str(fields[key])) for key in WHOLE_EDGE if key in fields},
            file,
            f"edge {source} -> {target}",
        )
        for source, target, fields in graph.edges(data=True)
    ]
    return Drawing(tuple(nodes), tuple(edges))


def _refuse(file: str, got: str) -> Exception:
    return refuse(
        file,
        None,
        "this is no GraphML that is read",
        got=got[:200],
        expected="a directed graph in GraphML",
        remedy="`attribution graph CASE --format graphml` shows the form",
    )
