"""The reference page of the causal graph's attributes in other programs."""

from __future__ import annotations

from attribution.cli.markdown_table import build_page, build_table
from attribution.graph.digraph import EDGE_ATTRIBUTES, GRAPH_ATTRIBUTES, NODE_ATTRIBUTES

_GRAPH = """\
# Attributes of the causal graph

`attribution.graph.digraph.to_digraph(case.graph())` is a networkx `DiGraph` with these attributes;
`attribution graph CASE --format graphml` has the same ones as texts. How to take it further is told
in [Exchange graphs with other tools](../how-to/exchange-graphs.md).
"""


def build_graph_page() -> dict[str, str]:
    """Return the Markdown of the page by its file name."""
    parts = list[str]()
    for heading, attributes in (("Nodes", NODE_ATTRIBUTES), ("Edges", EDGE_ATTRIBUTES)):
        rows = [(f"`{name}`", meaning) for name, meaning in attributes.items()]
        parts.append(f"## {heading}\n\n{build_table(('attribute', 'meaning'), rows)}")
    kept = ", ".join(f"`{name}`" for name in GRAPH_ATTRIBUTES)
    parts.append(
        f"## The graph itself\n\n{kept}: lists, as in `attribution graph CASE --format json`.\n"
    )
    return {"graph.md": build_page("attribution/graph/digraph.py", _GRAPH, *parts)}
