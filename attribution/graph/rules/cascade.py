"""Rule `cascade`: failure that went from a service to those that depend on it, and how far.

What it looks for:
    For each failed service, those that depend on it by `depends_on`, directly or through others,
    that have an impact note, an alert or a status update of their own before the end of its harm
    and not certainly before it failed. A failed service and a failed dependency of it further down,
    with nothing on record of those in between.

What it adds:
    `failure_DEPENDENT` for each that a record shows failing, with an edge from the failure of what
    it depends on. For one in between of which nothing is recorded, `failure_BETWEEN`, not observed,
    so that the way is whole. `cascade:reach_SERVICE`, a finding without a node: which services the
    failure could reach over declared dependencies, which are on record as failing, and of which
    nothing is. What has harm items, and a dependency that failed directly before it, is found by
    `onset`.

The counterfactual answer and why:
    No: had the one worked, the other would not have lost what it depends on, by the declaration in
    `case.yaml`. That one failed after the other makes no edge.

When it is wrong:
    The dependent has a fallback, or failed of something of its own in that time; its alert was
    about something else; the dependency is not declared.

Example:
    The ledger fails at 19:00, the export that depends on it raises an alert at 19:04.

Sources:
    Ladkin and Loer 1998, Why-Because Analysis; NIST SP 800-34 rev. 1, section 3.2 (interdependent
    systems); Beyer et al. 2016, Site Reliability Engineering, chapter 22 (cascading failures).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from attribution.graph.doubt import doubt_order, first_sign
from attribution.graph.draft import Draft
from attribution.graph.facts import Facts, identifier
from attribution.graph.rules.agency import has_agent_behind
from attribution.graph.rules.between import add_between, add_dependency
from attribution.graph.rules.onset import (
    add_dependency_failure,
    failure_id,
    indications,
    signs_before,
)
from attribution.graph.rules.rule import Rule
from attribution.model.event import Event
from attribution.model.graph import Finding, Node
from attribution.model.order import Moment
from attribution.model.service import Service


@dataclass(frozen=True, slots=True)
class Reach:
    """How far the failure of a service could go over declared dependencies, and how far it went.

    `could` are all services that depend on it, nearest first; `did` those with a recorded failure
    that it led to.
    """

    service: Service
    could: tuple[Service, ...]
    did: tuple[Service, ...]


def apply(facts: Facts, draft: Draft) -> None:
    """Add what failed in consequence, the ways that records leave open, and the reach."""
    for service in _failed(facts, draft):
        for dependency in facts.services_reached_by(service)[1:]:
            _add_from_below(facts, draft, service, dependency)
    for service in _failed(facts, draft):
        _add_dependents(facts, draft, service)
    for service in _failed(facts, draft):
        reach = find_reach(facts, draft, service)
        if reach.could:
            draft.add_finding(_state(facts, draft, reach))


def find_reach(facts: Facts, draft: Draft, service: Service) -> Reach:
    """Return how far the failure of a service could go, and how far it went."""
    could = _dependents(facts, service)
    led_to = {failure_id(service)}
    did = []
    for item in could:
        name = failure_id(item)
        if any((source, name) in draft.edges for source in led_to):
            led_to.add(name)
            did += [item] if draft.nodes[name].observed else []
    return Reach(service, could, tuple(did))


def _failed(facts: Facts, draft: Draft) -> list[Service]:
    return [item for item in facts.manifest.services if failure_id(item) in draft.nodes]


def _dependents(facts: Facts, service: Service) -> tuple[Service, ...]:
    """Return what depends on a service, directly or through others, nearest first."""
    found = [service]
    for lower in found:
        found += [
            item
            for item in facts.manifest.services
            if lower.id in item.depends_on and item not in found
        ]
    return tuple(found[1:])


def _add_from_below(facts: Facts, draft: Draft, service: Service, dependency: Service) -> None:
    """Add a failed dependency further down, with what lies between and has no record of failing."""
    recorded = failure_id(dependency) in draft.nodes
    if not recorded and not signs_before(facts, draft, service, dependency):
        return
    add_between(facts, draft, dependency)
    if recorded:
        for upper in facts.services_reached_by(service):
            if dependency.id in upper.depends_on and failure_id(upper) in draft.nodes:
                _link(facts, draft, dependency, upper)
    else:
        add_dependency_failure(facts, draft, service, dependency)


def _add_dependents(facts: Facts, draft: Draft, service: Service) -> None:
    """Add what depends on a failed service and is on record as failing while it was down."""
    for dependent in _dependents(facts, service):
        needed = [
            item
            for item in (service, *_dependents(facts, service))
            if item.id in dependent.depends_on and failure_id(item) in draft.nodes
        ]
        if failure_id(dependent) not in draft.nodes:
            shown = _signs_while_down(facts, draft, service, dependent)
            if not shown or not needed:
                continue
            node = _failure(dependent, shown)
            draft.add_node(node)
            if any([_link(facts, draft, item, dependent) for item in needed]):  # noqa: C419 - all of them are linked
                RULE.finding(draft, node, factors=_codes(facts, draft, node.id))
            else:
                del draft.nodes[node.id], draft.causes[node.id]
        else:
            for item in needed:
                _link(facts, draft, item, dependent)


def _signs_while_down(
    facts: Facts, draft: Draft, service: Service, dependent: Service
) -> tuple[Event, ...]:
    """Return the events that show a dependent failing, from the failure to the end of its harm.

    A service without harm items of its own is taken to be down for as long as any lasts.
    """
    began = draft.nodes[failure_id(service)].time_low
    own = [harm for harm in facts.manifest.harms if harm.service == service.id]
    ends = [harm.end for harm in own or facts.manifest.harms]
    end = None if None in ends else max(end for end in ends if end is not None)
    return indications(facts, dependent, began, end)


def _failure(service: Service, shown: tuple[Event, ...]) -> Node:
    first = shown[0]
    return Node(
        id=failure_id(service),
        kind="event",
        statement=f"{service.name} failed.",
        time=first.time,
        time_low=first.time_low,
        time_high=first.time_high,
        observed=True,
        basis="machine_record",
        evidence=tuple(place for event in shown[:3] for place in event.references),
        rule=RULE.id,
    )


def _link(facts: Facts, draft: Draft, lower: Service, upper: Service) -> bool:
    """Add the edge between two failures, unless the records put the effect first."""
    cause = _sign(draft, lower)
    effect = _sign(draft, upper)
    if cause and effect and facts.chronicle.is_no_later(cause, effect) is False:
        return False
    if (failure_id(lower), failure_id(upper)) in draft.edges:
        return False
    doubt = doubt_order(
        facts,
        draft,
        cause,
        effect,
        node=failure_id(upper),
        rests=f"that the failure of {upper.name} came of that of {lower.name}",
    )
    return add_dependency(draft, lower, upper, doubt)


def _sign(draft: Draft, service: Service) -> Moment | None:
    return first_sign(draft.nodes[failure_id(service)], service.name)


def _codes(facts: Facts, draft: Draft, failure: str) -> tuple[str, ...]:
    """Return the code that a failure shows to which an agent's act led over dependencies."""
    return RULE.factors if has_agent_behind(facts, draft, failure) else ()


def _state(facts: Facts, draft: Draft, reach: Reach) -> Finding:
    """Return the finding of how far a failure could go and how far it went."""
    rest = [item for item in reach.could if item not in reach.did]
    many = "1 service" if len(reach.could) == 1 else f"{len(reach.could)} services"
    told = f"Over declared dependencies the failure of {reach.service.name} could reach {many}."
    if reach.did:
        told += f" On record as failing in consequence: {_names(reach.did)}."
    if rest:
        told += f" That it reached {_names(rest)} no record shows."
    failures = [failure_id(item) for item in (reach.service, *reach.did)]
    return Finding(
        id=f"{RULE.id}:reach_{identifier(reach.service.id)}",
        rule=RULE.id,
        version=RULE.version,
        statement=told,
        status="proposed",
        evidence=tuple(
            dict.fromkeys(place for name in failures for place in draft.nodes[name].evidence)
        ),
        refuted_by=RULE.refuted_by,
        factors=_codes(facts, draft, failures[0]) if reach.did else (),
    )


def _names(services: Iterable[Service]) -> str:
    return ", ".join(service.name for service in services)


RULE = Rule(
    id="cascade",
    version=1,
    title="Failure that went on to what depends on it",
    refuted_by="a record of another cause of the dependent's failure, or of how it does without",
    apply=apply,
    factors=("unbounded_reach",),
)
