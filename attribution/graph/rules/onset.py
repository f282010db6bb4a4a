"""Rule `onset`: when the service failed, and what of the harm hangs on it.

What it looks for:
    The first impact note, alert or status update that names a service with a declared harm item,
    at or after a quarter of an hour before the harm is declared to begin, and no later than its
    end. Where no record names the service, the declared beginning of the harm is taken.

What it adds:
    `failure_SERVICE` for the service, `failure_DEPENDENCY` for each declared dependency that has
    a record of failing before it, and a `harm_ITEM` node for each harm item.

The counterfactual answer and why:
    A harm item stands for the stretch of impact of one service: had the service not failed, there
    would have been none. For a dependency: the declaration that the service cannot work without
    it. An alert alone is never a cause.

When it is wrong:
    An alert may lag the failure, or be noise; then the failure began earlier or later than shown.

Example:
    An alert at 19:00:40 on a service whose harm item starts at 19:00 gives `failure_cost_view`
    with its onset between 19:00:00 and 19:00:40.

Sources:
    Ladkin and Loer 1998, Why-Because Analysis (counterfactual test between states and events);
    NIST SP 800-61 rev. 2, section 3.2 (precursors and indicators).
"""

from __future__ import annotations

from attribution.graph.doubt import doubt_order, first_sign
from attribution.graph.draft import Draft
from attribution.graph.facts import Facts, identifier
from attribution.graph.rules.rule import Rule
from attribution.model.confirmation import by_person
from attribution.model.event import Event
from attribution.model.graph import Edge, Node
from attribution.model.instant import MINUTE, Instant
from attribution.model.manifest import Harm
from attribution.model.service import Service

ONSET_KINDS = ("impact", "alert.triggered", "status.update")
_LEAD = 15 * MINUTE
_AUTHOR = by_person("the author of the case")


def failure_id(service: Service) -> str:
    """Return the node id of a service's failure."""
    return f"failure_{identifier(service.id)}"


def apply(facts: Facts, draft: Draft) -> None:
    """Add the failures and the harm items of the case."""
    for harm in facts.manifest.harms:
        service = facts.service(harm.service)
        if service is None:
            continue
        if failure_id(service) not in draft.nodes:
            _add_failure(facts, draft, service)
            for dependency in facts.services_reached_by(service)[1:]:
                add_dependency_failure(facts, draft, service, dependency)
        _add_harm(draft, harm, failure_id(service))


def indications(
    facts: Facts, service: Service, after: Instant | None, before: Instant | None
) -> tuple[Event, ...]:
    """Return the events that show the service failing, in time order, within the bounds."""
    return tuple(
        event
        for event in facts.events(*ONSET_KINDS)
        if facts.concerns(event, service)
        and event.data.get("phase") != "end"
        and event.time is not None
        and (after is None or event.time >= after)
        and (before is None or event.time <= before)
    )


def _add_failure(facts: Facts, draft: Draft, service: Service) -> None:
    harms = [harm for harm in facts.manifest.harms if harm.service == service.id]
    starts = [harm.start for harm in harms if harm.start is not None]
    ends = [harm.end for harm in harms if harm.end is not None]
    begins = min(starts) if starts else None
    after = None if begins is None else Instant(begins - _LEAD)
    shown = indications(facts, service, after, max(ends) if ends else None)
    low, high, time = begins, begins, begins
    if shown:
        low = min(item for item in (begins, shown[0].time_low) if item is not None)
        # Which of several signs came first may be open; by the first end of any, one had come.
        by_then = min(sign.time_high for sign in shown if sign.time_high is not None)
        high = by_then if begins is None else max(begins, by_then)
        time = shown[0].time
    node = Node(
        id=failure_id(service),
        kind="event",
        statement=f"{service.name} failed.",
        party=None,
        time=time,
        time_low=low,
        time_high=high,
        observed=True,
        evidence=tuple(place for event in shown[:3] for place in event.references)
        or tuple(place for harm in harms for place in harm.evidence),
        rule=RULE.id,
        basis="machine_record" if shown else "single_statement",
    )
    draft.add_node(node)
    RULE.finding(draft, node)


def signs_before(
    facts: Facts, draft: Draft, service: Service, dependency: Service
) -> tuple[Event, ...]:
    """Return the events that show a dependency failing shortly before a failed service, or with it.

    Shortly is a quarter of an hour.
    """
    effect = draft.nodes[failure_id(service)]
    after = None if effect.time_low is None else Instant(effect.time_low - _LEAD)
    return indications(facts, dependency, after, effect.time_high)


def add_dependency_failure(
    facts: Facts, draft: Draft, service: Service, dependency: Service
) -> None:
    """Add the failure of a dependency that records show, where what depends on it failed."""
    shown = signs_before(facts, draft, service, dependency)
    dependents = [
        item
        for item in facts.services_reached_by(service)
        if dependency.id in item.depends_on and failure_id(item) in draft.nodes
    ]
    if not shown or not dependents:
        return
    first = shown[0]
    node = Node(
        id=failure_id(dependency),
        kind="event",
        statement=f"{dependency.name} failed.",
        time=first.time,
        time_low=first.time_low,
        time_high=first.time_high,
        observed=True,
        evidence=tuple(place for event in shown[:3] for place in event.references),
        rule=RULE.id,
        basis="machine_record",
    )
    draft.add_node(node)
    RULE.finding(draft, node)
    for dependent in dependents:
        doubt = doubt_order(
            facts,
            draft,
            first_sign(node, dependency.name),
            first_sign(draft.nodes[failure_id(dependent)], dependent.name),
            node=node.id,
            rests=f"that the failure of {dependent.name} came of it",
        )
        add_dependency_edge(draft, dependency, dependent, doubt)


def add_dependency_edge(
    draft: Draft, dependency: Service, dependent: Service, doubt: str = ""
) -> None:
    """Add the edge from a dependency's failure to the failure of what depends on it.

    `doubt` says where it stays open which of the two failed first.
    """
    draft.add_cause(
        Edge(
            source=failure_id(dependency),
            target=failure_id(dependent),
            rule=RULE.id,
            counterfactual=(
                f"no: had {dependency.name} worked, {dependent.name} would not have lost what it"
                " depends on"
            ),
            basis=f"case.yaml declares that {dependent.name} depends on {dependency.name}{doubt}",
            evidence=draft.nodes[failure_id(dependency)].evidence,
        )
    )


def _add_harm(draft: Draft, harm: Harm, failure: str) -> None:
    node = Node(
        id=harm_id(harm),
        kind="harm",
        statement=harm.title,
        time=harm.start,
        time_low=harm.start,
        time_high=harm.end,
        status="confirmed",
        confirmed_by=_AUTHOR,
        observed=True,
        evidence=harm.evidence,
        rule=RULE.id,
        basis="declared in case.yaml",
        harm=harm.id,
    )
    draft.add_node(node)
    draft.add_cause(
        Edge(
            source=failure,
            target=node.id,
            rule=RULE.id,
            counterfactual=(
                "no: the item is a stretch of this failure; without it there is none of it"
            ),
            basis="the harm item's declaration in case.yaml",
            status="confirmed",
            confirmed_by=_AUTHOR,
            evidence=harm.evidence,
        ),
        slot="requirements",
    )


def harm_id(harm: Harm) -> str:
    """Return the node id of a harm item."""
    return f"harm_{identifier(harm.id)}"


RULE = Rule(
    id="onset",
    version=1,
    title="When the service failed",
    refuted_by="a record that shows the service failing earlier, or working at that time",
    apply=apply,
)
