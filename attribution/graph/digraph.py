"""The causal graph as a networkx DiGraph, so that anyone can take it further.

`to_digraph(case.graph())` is the public face of the graph: one node per statement under its id,
one edge from each cause to its effect, each with its fields as attributes. The attributes bear the
names and values of `attribution graph --format json`: see `NODE_ATTRIBUTES` and `EDGE_ATTRIBUTES`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import networkx as nx

from attribution.graph.exchange.standing import describe_standing
from attribution.model.graph import CausalGraph

NODE_ATTRIBUTES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "kind": "act, omission, condition, control, event or harm",
        "statement": "one sentence that is true (1) or false (0)",
        "party": "the id of the party whose act or omission it is, or None",
        "actor": "the id of the actor, or None",
        "time": "when, RFC 3339 in UTC, or None; `time_low` and `time_high` bound it",
        "time_low": "the earliest it can have been, or None",
        "time_high": "the latest it can have been, or None",
        "status": "proposed, confirmed, rejected or contested",
        "credence": "[low, point, high], how far a root is believed; None for a node with causes",
        "basis": "the row of the credence table, or the reason a person gave, or None",
        "duty": "the id of the duty that a breach is of, or None",
        "norm": "the value a breach would have had, had the duty been met, or None",
        "equation": "how its causes bring it about, over the ids of its parents; None for a root",
        "strength": "[low, point, high], how probably the mechanism operates, or None for surely",
        "leak": "[low, point, high], how probably it happens without its causes, or None for not",
        "observed": "whether it is conditioned on, not doubted",
        "evidence": "the places it rests on, a list of texts such as `E1#line 4`",
        "rule": "the rule that added it, or `declared`",
        "finding": "the id of the finding that states it, or None",
        "control": "the id of the control it is about, or None",
        "harm": "the id of the harm item it stands for, or None",
        "confirmed_by": "`person: NAME` or `record: KIND` where the status is confirmed, or None",
        "factors": "the factor codes that the finding about it shows, a list of texts",
        "tests": "the edges that this finding stands or falls with, a list of `cause->effect`",
    }
)
"""The attributes of a node, each with its meaning."""

EDGE_ATTRIBUTES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "rule": "the rule that added it, or `declared`",
        "status": "proposed, confirmed, rejected or contested",
        "counterfactual": "the answer to the test, from `no:`, `yes:` or `open:` on",
        "basis": "on what the answer rests",
        "sufficient": "whether all listed causes of the effect together make it happen",
        "evidence": "the places it rests on, a list of texts",
        "finding": "the id of the finding that states it, or None",
        "confirmed_by": "`person: NAME` or `record: KIND` where the status is confirmed, or None",
    }
)
"""The attributes of an edge, each with its meaning."""


GRAPH_ATTRIBUTES: Final = ("missing_factors", "checks", "barriers", "duties")
"""The attributes of the graph itself, each a list as in the JSON."""


def to_digraph(graph: CausalGraph) -> nx.DiGraph[str]:
    """Return the causal graph as a DiGraph, nodes and edges in the order of `graph`.

    The DiGraph is the caller's own: changing it changes nothing in the case.
    """
    whole = graph.to_dict()
    digraph: nx.DiGraph[str] = nx.DiGraph()
    digraph.graph.update({name: whole[name] for name in GRAPH_ATTRIBUTES})
    found = describe_standing(graph)
    for node in graph.nodes:
        whole_node = {**node.to_dict(), **found[node.id]}
        digraph.add_node(node.id, **{name: whole_node[name] for name in NODE_ATTRIBUTES})
    for edge in graph.edges:
        fields = edge.to_dict()
        digraph.add_edge(
            edge.source, edge.target, **{name: fields[name] for name in EDGE_ATTRIBUTES}
        )
    return digraph
