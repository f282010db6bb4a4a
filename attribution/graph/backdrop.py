"""What sentences are held against: the nodes there are, their causes, the texts and the onset."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from attribution.graph.draft import Draft
from attribution.graph.equation import parent_names
from attribution.graph.facts import Facts
from attribution.model.event import Event
from attribution.model.graph import Node
from attribution.model.instant import Instant
from attribution.model.manifest import DeclaredNode
from attribution.narrative.passages import PROSE


def list_known(facts: Facts, draft: Draft) -> dict[str, Node]:
    """Return the nodes of the rules and of the manifest, as far as a sentence may mean them."""
    nodes = dict(draft.nodes)
    for declared in facts.manifest.nodes:
        nodes[declared.id] = _declared(declared, nodes.get(declared.id))
    return nodes


def leads_to(start: str, end: str, parents: Mapping[str, tuple[str, ...]]) -> bool:
    """Return whether a node is among the causes of another, near or far."""
    seen, queue = {end}, [end]
    for current in queue:
        for parent in parents.get(current, ()):
            if parent not in seen:
                seen.add(parent)
                queue.append(parent)
    return start in seen and start != end


def _declared(declared: DeclaredNode, known: Node | None) -> Node:
    """Return as much of a declared node as tells what a sentence may mean by it."""
    fields = declared.fields
    base = known or Node(id=declared.id, kind="condition", statement=declared.id)
    given = {
        key: fields[key]
        for key in ("kind", "statement", "party", "actor", "time", "duty", "harm", "evidence")
        if key in fields
    }
    if "time" in given:
        given |= {"time_low": given["time"], "time_high": given["time"]}
    return replace(base, **given)  # type: ignore[arg-type]


def list_parents(draft: Draft, facts: Facts) -> Mapping[str, tuple[str, ...]]:
    """Return the causes of each node by the equations of rules and manifest."""
    equations = {node: causes.equation() for node, causes in draft.causes.items()}
    for declared in facts.manifest.nodes:
        if isinstance(given := declared.fields.get("equation"), str):
            equations[declared.id] = given
    return {node: parent_names(equation, node) for node, equation in equations.items() if equation}


def find_texts(facts: Facts) -> Mapping[str, Event]:
    """Return the texts of the case by the place that a sentence of theirs cites."""
    timeline = facts.timeline
    return {
        event.witnesses[0].reference: event
        for events in (timeline.events, timeline.undated)
        for event in events
        if event.kind in PROSE
    }


def find_onset(facts: Facts, nodes: Mapping[str, Node]) -> Instant | None:
    """Return when the first failure, or else the first harm, began at the latest."""
    shown = [node.time_high for node in nodes.values() if node.id.startswith("failure_")]
    declared = [harm.start for harm in facts.manifest.harms]
    return min((at for at in (*shown, *declared) if at is not None), default=None)


def list_recipients(event: Event) -> tuple[str, ...]:
    """Return to whom a mail or message was addressed, as its record says."""
    found: list[str] = []
    for key in ("to", "cc", "recipients"):
        listed = event.data.get(key)
        listed = [listed] if isinstance(listed, str) else listed
        found += [one for one in listed if isinstance(one, str)] if isinstance(listed, list) else []
    return tuple(dict.fromkeys(found))
