"""What a rule is: an id, a version, and a function that adds to the draft."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from attribution.graph.draft import Draft
from attribution.graph.facts import Facts
from attribution.model.graph import Finding, Node


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. Its module's docstring documents it under fixed headings."""

    id: str
    version: int
    title: str
    refuted_by: str
    apply: Callable[[Facts, Draft], None]

    def finding(self, draft: Draft, *nodes: Node) -> None:
        """Add the finding that the first of `nodes` states, resting on the evidence of all."""
        chief = nodes[0]
        draft.add_finding(
            Finding(
                id=finding_id(self.id, chief.id),
                rule=self.id,
                version=self.version,
                statement=chief.statement,
                status="proposed",
                evidence=tuple(dict.fromkeys(place for node in nodes for place in node.evidence)),
                refuted_by=self.refuted_by,
                nodes=tuple(node.id for node in nodes),
            )
        )


def finding_id(rule: str, node: str) -> str:
    """Return the id of the finding of a rule about a node, such as `scope:overreach_billing`."""
    return f"{rule}:{node}"
