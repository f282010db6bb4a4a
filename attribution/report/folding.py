"""A large graph as it is drawn: chains and groups of statements as one box each.

What a reader looks for stays a box of its own: breaches, controls, harm, and what is contested or
only told. The rest is taken together where nothing is lost but the single statement: one after
another with nothing else leading in or out, or side by side between the same causes and effects
(the modules of a series-parallel reduction; Valdes, Tarjan and Lawler, SIAM J. Comput. 11, 1982).
It is for drawing: tables and numbers have every statement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from attribution.model.confirmation import status_word
from attribution.model.graph import CausalGraph, Edge

MOST_BOXES = 60
"""Statements up to which every one is drawn as a box of its own."""

_FOLDED_KINDS = ("act", "omission", "condition", "event")
_FOLDED_STATUSES = ("confirmed", "recorded", "proposed")
_FEWEST = 3
"""Statements side by side that are worth a box for all of them."""

_WEAKEST = ("contested", "told", "proposed", "recorded", "confirmed", "rejected")

Tell = Callable[[str, int, str, str], str]
"""`(chain | group | both, count, first statement, last statement)` -> what the box says."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A graph to draw, and for each box of several statements which they are, in order."""

    graph: CausalGraph
    members: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def fold_graph(graph: CausalGraph, tell: Tell, most: int = MOST_BOXES) -> Folded:
    """Return the graph with at most `most` boxes where folding can reach that, else with few.

    A box has the id of the first of its statements. A graph that is no larger comes back as it is.
    """
    if len(graph.nodes) <= most:
        return Folded(graph)
    folding = _Folding(graph)
    while len(folding.members) > most and (folding.join_chains() or folding.join_groups()):
        pass
    return folding.write(tell)


class _Folding:
    def __init__(self, graph: CausalGraph) -> None:
        self.graph = graph
        self.nodes = {node.id: node for node in graph.nodes}
        self.members: dict[str, tuple[str, ...]] = {node: (node,) for node in self.nodes}
        self.forms: dict[str, str] = {}
        self.causes: dict[str, set[str]] = {node: set() for node in self.nodes}
        self.effects: dict[str, set[str]] = {node: set() for node in self.nodes}
        for edge in graph.edges:
            if edge.source in self.nodes and edge.target in self.nodes:
                self.causes[edge.target].add(edge.source)
                self.effects[edge.source].add(edge.target)

    def _look(self, node_id: str) -> tuple[str | None, str] | None:
        """Return what boxes must share to become one; None for one that stays alone."""
        node = self.nodes[node_id]
        status = status_word(node.status, node.confirmed_by)
        if node.is_breach or node.kind not in _FOLDED_KINDS or status not in _FOLDED_STATUSES:
            return None
        return node.party, status

    def join_chains(self) -> bool:
        """Join each box with the one after it where nothing else leads between them."""
        joined = False
        for node in [*self.members]:
            while node in self.members and len(self.effects[node]) == 1:
                (after,) = self.effects[node]
                look = self._look(node)
                if self.causes[after] != {node} or look is None or look != self._look(after):
                    break
                self.forms[node] = self._form("chain", (node, after))
                self.members[node] += self.members.pop(after)
                self.effects[node] = self.effects.pop(after)
                del self.causes[after]
                for effect in self.effects[node]:
                    self.causes[effect] = self.causes[effect] - {after} | {node}
                joined = True
        return joined

    def join_groups(self) -> bool:
        """Join boxes that have the same causes and the same effects."""
        alike: dict[object, list[str]] = {}
        for node in self.members:
            look = self._look(node)
            if look is not None and self.effects[node]:
                key = look, frozenset(self.causes[node]), frozenset(self.effects[node])
                alike.setdefault(key, []).append(node)
        found = [group for group in alike.values() if len(group) >= _FEWEST]
        for first, *rest in found:
            self.forms[first] = self._form("group", (first, *rest))
            for node in rest:
                self.members[first] += self.members.pop(node)
                for cause in self.causes.pop(node):
                    self.effects[cause].discard(node)
                for effect in self.effects.pop(node):
                    self.causes[effect].discard(node)
        return bool(found)

    def _form(self, form: str, joined: Iterable[str]) -> str:
        """Return the form that the box has: `form` where none of the joined ones has another."""
        return form if {self.forms.get(node, form) for node in joined} == {form} else "both"

    def write(self, tell: Tell) -> Folded:
        """Return what is to be drawn."""
        box = {member: node for node, members in self.members.items() for member in members}
        nodes = []
        for node, members in self.members.items():
            shown = self.nodes[node]
            if len(members) > 1:
                first, last = (self.nodes[end].statement for end in (members[0], members[-1]))
                said = tell(self.forms[node], len(members), first, last)
                shown = replace(self.nodes[members[-1]], id=node, statement=said)
            nodes.append(shown)
        between: dict[tuple[str, str], list[Edge]] = {}
        for edge in self.graph.edges:
            if edge.source in box and edge.target in box and box[edge.source] != box[edge.target]:
                between.setdefault((box[edge.source], box[edge.target]), []).append(edge)
        edges = tuple(
            replace(_weakest(edges), source=source, target=target)
            for (source, target), edges in sorted(between.items())
        )
        several = {node: members for node, members in self.members.items() if len(members) > 1}
        return Folded(replace(self.graph, nodes=tuple(nodes), edges=edges), several)


def _weakest(edges: Iterable[Edge]) -> Edge:
    """Return the edge that stands least firmly: an arrow is drawn as no surer than any of them."""
    return min(edges, key=lambda e: _WEAKEST.index(status_word(e.status, e.confirmed_by)))
