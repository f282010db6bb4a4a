"""The causal graph as a Why-Because Graph, in DOT.

A Why-Because Graph has an arrow only from a necessary causal factor: where, by the counterfactual
test, the effect could not have happened without the cause. Of each effect it asks whether its
factors suffice. So an edge of the case is an arrow here if its answer is `no:`; the others (an
effect with several sufficient causes, a test that nobody has answered) are listed as comments with
the reason, and a rejected node is left out. Boxes are events, rounded ones states, dashed ones what
did not happen; source factors are filled, and a double frame has the harm.
Sources: Ladkin and Loer 1998, Why-Because Analysis: Formal Reasoning About Incidents, sections 3
and 4 (events, states, non-events; the tests); https://rvs-bi.de/software/WBdot/wb2dot.html (source
nodes filled, arrows from cause to effect).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from attribution.graph.exchange.standing import describe_standing
from attribution.model.confirmation import name_of, status_word
from attribution.model.graph import CausalGraph, Edge, Node

FACTORS: Final[Mapping[str, tuple[str, str]]] = {
    "act": ("event", "shape=box"),
    "event": ("event", "shape=box"),
    "harm": ("event", "shape=box, peripheries=2"),
    "omission": ("non-event", 'shape=box, style="dashed"'),
    "condition": ("state", 'shape=box, style="rounded"'),
    "control": ("state", 'shape=box, style="rounded"'),
}
"""Each kind of node as a kind of factor, and how it is drawn."""


def write_why_because(graph: CausalGraph) -> str:
    """Return the graph in DOT; factors are numbered from the harm back, as WBA numbers them.

    Text of records stands only inside quotes, with what would end them escaped.
    """
    kept = {node.id: node for node in graph.nodes if node.status != "rejected"}
    within = [edge for edge in graph.edges if edge.source in kept and edge.target in kept]
    arrows = [edge for edge in within if edge.counterfactual.startswith("no:")]
    others = [edge for edge in within if not edge.counterfactual.startswith("no:")]
    numbers = {name: number for number, name in enumerate(reversed(kept), start=1)}
    factors: dict[str, list[Edge]] = {}
    for edge in arrows:
        factors.setdefault(edge.target, []).append(edge)
    found = describe_standing(graph)
    incomplete = {factor.node for factor in graph.missing_factors}
    lines = ["digraph why_because {", "  rankdir=BT;", '  node [fontname="Helvetica"];']
    lines += [
        f"  {numbers[name]} [{_looks(node, numbers[name], factors, incomplete)},"
        f" tooltip={_quote(_standing(name, node, found[name]['factors']))}];"
        for name, node in reversed(kept.items())
    ]
    lines += [
        f"  {numbers[edge.source]} -> {numbers[edge.target]}"
        f" [tooltip={_quote(_standing(edge.counterfactual, edge))}];"
        for edge in arrows
    ]
    lines += _say_left_out(others, numbers)
    return "\n".join([*lines, "}"]) + "\n"


def _looks(
    node: Node, number: int, factors: Mapping[str, list[Edge]], incomplete: Iterable[str]
) -> str:
    kind, shape = FACTORS[node.kind]
    causes = factors.get(node.id, [])
    if not causes:
        shape = (
            shape.replace('style="', 'style="filled,')
            if "style" in shape
            else f'{shape}, style="filled"'
        ) + ', fillcolor="lightblue"'
    unsound = node.id in incomplete or any(not edge.sufficient for edge in causes)
    mark = " (its factors do not suffice)" if causes and unsound else ""
    label = f"[{number}] {kind}: {node.statement}{mark}"
    return f"label={_quote(label)}, {shape}"


def _standing(what: str, part: Node | Edge, codes: Iterable[str] = ()) -> str:
    """Return what it is, how it stands, who or which record confirmed it, and its factor codes."""
    by = "" if part.confirmed_by is None else f" ({name_of(part.confirmed_by)})"
    told = f"{what}; {status_word(part.status, part.confirmed_by)}{by}"
    return "; ".join([told, *codes])


def _say_left_out(others: Iterable[Edge], numbers: Mapping[str, int]) -> list[str]:
    said = [
        f"  // {numbers[edge.source]} is no necessary factor of {numbers[edge.target]}:"
        f" {_one_line(edge.counterfactual)}"
        for edge in others
    ]
    return ["  // Edges of the case that the counterfactual test does not bear out:", *said] * bool(
        said
    )


def _quote(text: str) -> str:
    escaped = _one_line(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _one_line(text: str) -> str:
    return " ".join(text.split())
