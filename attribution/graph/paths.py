"""Paths of the graph from a cause to a harm item, and the first edge on them that nobody tested."""

from __future__ import annotations

from attribution.model.graph import CausalGraph, Edge


def is_open(edge: Edge) -> bool:
    """Whether nobody has answered the counterfactual test of an edge."""
    return not edge.counterfactual.startswith(("no:", "yes:"))


class Paths:
    """The paths to the harm items of one graph, gone through once from the harm back."""

    def __init__(self, graph: CausalGraph) -> None:
        following: dict[str, list[Edge]] = {}
        for edge in graph.edges:
            following.setdefault(edge.source, []).append(edge)
        self.leading: dict[str, None] = {}
        """The nodes that lead to a harm item, and the harm items themselves."""
        self._first: dict[str, tuple[int, Edge]] = {}
        for node in reversed(graph.nodes):
            if node.kind == "harm":
                self.leading[node.id] = None
            open_edges = []
            for edge in following.get(node.id, ()):
                if edge.target not in self.leading:
                    continue
                self.leading[node.id] = None
                if is_open(edge):
                    open_edges.append((1, edge))
                elif edge.target in self._first:
                    steps, first = self._first[edge.target]
                    open_edges.append((steps + 1, first))
            if open_edges:
                self._first[node.id] = min(
                    open_edges, key=lambda it: (it[0], it[1].source, it[1].target)
                )

    def first_open(self, node: str) -> Edge | None:
        """Return the nearest untested edge on a path from the node to a harm item, else None."""
        found = self._first.get(node)
        return None if found is None else found[1]
