"""The causal graph in the text languages of other tools: Mermaid and DOT.

Text of records stands only inside quotes with every character that ends them escaped: Mermaid by
entity codes, DOT by backslashes.
"""

from __future__ import annotations

from attribution.model.confirmation import is_by_record, status_word
from attribution.model.graph import CausalGraph, Edge, Node
from attribution.report.layout.graph import GraphWords
from attribution.report.safety import spell_out

_SHAPES = {
    "act": ("[", "]"),
    "omission": ("[/", "/]"),
    "condition": ("(", ")"),
    "control": ("[[", "]]"),
    "event": ("([", "])"),
    "harm": ("{{", "}}"),
}
_ARROWS = {
    "confirmed": "-->",
    "recorded": "==>",
    "proposed": "-.->",
    "contested": "-. ? .->",
    "rejected": "-. x .->",
    "told": "-. said .->",
}
_STYLES = {"proposed": "dashed", "contested": "dotted", "rejected": "dotted", "told": "dashed"}
_COLOURS = ("#0072b2", "#d55e00", "#00795a", "#a0497d", "#7a6400", "#4b5563")


def write_mermaid(graph: CausalGraph, words: GraphWords, *, named: bool = False) -> str:
    """Return a Mermaid flow chart, causes to the left; nodes are numbered `n0`, `n1` ...

    `named`: comments say which node of the case each is, for the chart to be read back.
    """
    ids = {node.id: f"n{number}" for number, node in enumerate(graph.nodes)}
    lines = ["flowchart LR"]
    lines += [f"    %% node {short} is {name}" for name, short in ids.items()] * named
    for node in graph.nodes:
        left, right = _SHAPES[node.kind]
        lines.append(f'    {ids[node.id]}{left}"{quote(_caption(node, words))}"{right}')
    lines += [
        f"    {ids[edge.source]} {_arrow(edge)} {ids[edge.target]}"
        for edge in graph.edges
        if edge.source in ids and edge.target in ids
    ]
    for index, (party, _, _) in enumerate(words.parties):
        members = ",".join(ids[node.id] for node in graph.nodes if node.party == party)
        if members:
            colour = _COLOURS[min(index, len(_COLOURS) - 1)]
            lines.append(f"    classDef party{index} stroke:{colour},stroke-width:3px")
            lines.append(f"    class {members} party{index}")
    return "\n".join(lines) + "\n"


def write_dot(graph: CausalGraph, words: GraphWords) -> str:
    """Return the graph in DOT with party, kind and status as attributes of the nodes."""
    lines = ["digraph causes {", "  rankdir=LR;", '  node [shape=box, fontname="Helvetica"];']
    lines += [
        f"  {_dot(node.id)} [label={_dot(_caption(node, words))}, {_looks(node)}];"
        for node in graph.nodes
    ]
    lines += [
        f"  {_dot(edge.source)} -> {_dot(edge.target)} [{_edge_looks(edge)}];"
        for edge in graph.edges
    ]
    return "\n".join([*lines, "}"]) + "\n"


def _arrow(edge: Edge) -> str:
    return _ARROWS[status_word(edge.status, edge.confirmed_by)]


def _caption(node: Node, words: GraphWords) -> str:
    roles = {party: role for party, _, role in words.parties}
    head = words.kinds.get(node.kind, node.kind)
    if node.party in roles:
        head = f"{roles[node.party]}, {head}"
    return f"{head}: {spell_out(node.statement)}"


def quote(text: str) -> str:
    """Return text for a Mermaid label: letters, digits and plain punctuation, the rest as codes."""
    plain = set(" .,:()-'/%")
    return "".join(
        character if character.isalnum() or character in plain else f"#{ord(character)};"
        for character in text.replace("\n", " ")
    )


def _dot(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'


def _looks(node: Node) -> str:
    parts = [f"kind={_dot(node.kind)}", f"status={_dot(node.status)}"]
    if node.party:
        parts.append(f"party={_dot(node.party)}")
    if node.kind == "harm":
        parts.append("peripheries=2")
    parts.append(f"style={_dot(_STYLES.get(node.status, 'solid'))}")
    return ", ".join(parts)


def _edge_looks(edge: Edge) -> str:
    width = "penwidth=2, " if is_by_record(edge.confirmed_by) else ""
    return (
        f"style={_dot(_STYLES.get(edge.status, 'solid'))}, {width}"
        f"tooltip={_dot(spell_out(edge.counterfactual))}"
    )
