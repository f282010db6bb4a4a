"""Services between a failed one and what it depends on further down, of which nothing is recorded.

The declared dependencies lead through them, so that they failed too; it is not observed.
"""

from __future__ import annotations

from attribution.graph.draft import Draft, is_later
from attribution.graph.facts import Facts
from attribution.graph.rules.onset import failure_id
from attribution.model.graph import Edge, Node
from attribution.model.service import Service

RULE = "cascade"


def add_between(facts: Facts, draft: Draft, service: Service, cause: Node | None = None) -> None:
    """Add the failures of what lies between a service and the failed ones that depend on it.

    Nothing is added towards a failure that `cause` is later than.
    """
    for failed in facts.manifest.services:
        node = draft.nodes.get(failure_id(failed))
        if node is None or (cause is not None and is_later(cause, node)):
            continue
        reached = facts.services_reached_by(failed)[1:]
        between = [
            item
            for item in reached
            if item != service and service in facts.services_reached_by(item)[1:]
        ]
        for item in between if service in reached else ():
            if failure_id(item) not in draft.nodes:
                draft.add_node(_unrecorded(item, node))
        for upper in (failed, *between):
            for lower in between:
                if lower.id in upper.depends_on:
                    add_dependency(draft, lower, upper)


def _unrecorded(service: Service, failure: Node) -> Node:
    return Node(
        id=failure_id(service),
        kind="event",
        statement=f"{service.name} failed, of which nothing is on record.",
        time_high=failure.time_high,
        basis="rule_inference",
        evidence=failure.evidence,
        rule=RULE,
    )


def add_dependency(draft: Draft, lower: Service, upper: Service, doubt: str = "") -> bool:
    """Add the edge from a failure to that of what depends on it; return whether it is new.

    None is added where there is one, where the cause would be later, and where the effect already
    leads to the cause: of two services that need each other the records have to tell which failed
    first.
    """
    source, target = failure_id(lower), failure_id(upper)
    known = (source, target) in draft.edges or _leads(draft, target, source)
    if known or is_later(draft.nodes[source], draft.nodes[target]):
        return False
    draft.add_cause(
        Edge(
            source=source,
            target=target,
            rule=RULE,
            counterfactual=(
                f"no: had {lower.name} worked, {upper.name} would not have lost what it depends on"
            ),
            basis=f"case.yaml declares that {upper.name} depends on {lower.name}{doubt}",
            evidence=draft.nodes[source].evidence,
        )
    )
    return True


def _leads(draft: Draft, start: str, end: str) -> bool:
    seen = [start]
    for at in seen:
        seen += [target for source, target in draft.edges if source == at and target not in seen]
    return end in seen
