"""The graph while rules are still adding to it.

A node collects its causes in three slots, so that several rules can add to one node without
knowing of each other: any of the `alternatives` (with all of the `requirements`, and none of the
`blocks`) brings it about.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from attribution.model.graph import Barrier, Edge, Finding, MissingFactor, Node
from attribution.model.order import OpenOrder
from attribution.model.proposal import Proposal, TextsRead


@dataclass(slots=True)
class Causes:
    """What brings a node about: any alternative, every requirement and extension, no block.

    An extension is a requirement that stands only as long as its finding does: what draws a harm
    out, for the harm comes about without it too.
    """

    alternatives: list[str] = field(default_factory=list)
    requirements: list[str] = field(default_factory=list)
    blocks: list[str] = field(default_factory=list)
    extensions: list[str] = field(default_factory=list)

    def without(self, rejected: Collection[str]) -> Causes:
        """Return the causes less those that a decision rejected.

        A rejected requirement stays: without it there would have been no effect. Where every
        alternative is rejected nothing is left that explains the node: it has no causes then.
        """
        kept = [cause for cause in self.alternatives if cause not in rejected]
        if self.alternatives and not kept:
            return Causes()
        return Causes(
            kept,
            list(self.requirements),
            [cause for cause in self.blocks if cause not in rejected],
            [cause for cause in self.extensions if cause not in rejected],
        )

    def equation(self) -> str | None:
        """Return the equation, None for a node without causes."""
        terms = [*self.requirements, *self.extensions]
        if len(self.alternatives) == 1:
            terms.insert(0, self.alternatives[0])
        elif self.alternatives:
            terms.insert(0, f"({' or '.join(self.alternatives)})")
        terms += [f"not {block}" for block in self.blocks]
        if not terms:
            return None
        equation = " and ".join(terms)
        bare = len(terms) == 1 and len(self.alternatives) > 1
        return equation[1:-1] if bare else equation


class Draft:
    """Nodes, edges, findings, barriers, missing factors and open orders under construction."""

    def __init__(self) -> None:
        self.nodes: dict[str, Node] = {}
        self.causes: dict[str, Causes] = {}
        self.edges: dict[tuple[str, str], Edge] = {}
        self.findings: list[Finding] = []
        self.barriers: list[Barrier] = []
        self.missing: list[MissingFactor] = []
        self.open_orders: list[OpenOrder] = []
        self.proposals: tuple[Proposal, ...] = ()
        self.texts: TextsRead | None = None

    def add_node(self, node: Node) -> str:
        """Add a node, or the evidence of one that another rule has already added; return its id."""
        known = self.nodes.get(node.id)
        if known is None:
            self.nodes[node.id] = node
            self.causes[node.id] = Causes()
        else:
            evidence = tuple(dict.fromkeys((*known.evidence, *node.evidence)))
            self.nodes[node.id] = replace(known, evidence=evidence)
        return node.id

    def add_cause(self, edge: Edge, slot: str = "alternatives") -> None:
        """Add an edge and put its source into a slot of its target's causes.

        A cause is never later than its effect: such an edge is refused with ValueError, because a
        rule that tries to add one is wrong.
        """
        source, target = self.nodes[edge.source], self.nodes[edge.target]
        if is_later(source, target):
            message = f"{edge.source} is later than {edge.target}: it cannot be its cause"
            raise ValueError(message)
        self.edges[edge.source, edge.target] = edge
        slots: list[str] = getattr(self.causes[edge.target], slot)
        if edge.source not in slots:
            slots.append(edge.source)

    def add_finding(self, finding: Finding) -> None:
        """Add a rule's finding."""
        self.findings.append(finding)

    def free_id(self, wanted: str) -> str:
        """Return `wanted`, or the first of `wanted_2`, `wanted_3`, ... that no node has."""
        number = 1
        name = wanted
        while name in self.nodes:
            number += 1
            name = f"{wanted}_{number}"
        return name


def is_later(cause: Node, effect: Node) -> bool:
    """Whether a cause certainly began after its effect: their intervals do not even touch."""
    return (
        cause.time_low is not None
        and effect.time_high is not None
        and cause.time_low > effect.time_high
    )
