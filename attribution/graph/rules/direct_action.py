"""Rule `direct-action`: an operation on a live resource that took away what the service runs on.

What it looks for:
    Successful calls in an audit log whose operation name takes something away (Delete...,
    Terminate..., see `provenance/operations.yaml`), on a resource that the manifest declares to
    belong to the failed service or to one it depends on, no later than the failure. Calls of one
    actor in one session on one service are one act. An agent's own log of the same operation,
    within five minutes and naming the same resource, is a further witness of the act.
    A call of the same sort that failed because the resource was already gone is a backup that
    was preempted.

What it adds:
    `act_SERVICE` -> `failure_SERVICE`; for a preempted backup, `hit_SERVICE_N` (the attempt
    would have done it, had the first act not) -> `failure_SERVICE`.

The counterfactual answer and why:
    No: the service runs on the resource that was taken away. For the preempted attempt: yes, it
    stood ready, but the audit log shows that it found nothing left.

When it is wrong:
    The resource pattern in the manifest is too wide; the service had failed before.

Example:
    `DeleteEnvironment cv-prod-7` at 18:58:31 by role session `mender`, alert at 19:00:40.

Sources:
    Halpern 2015, A Modification of the Halpern-Pearl Definition of Causality (preemption);
    AWS CloudTrail record contents (`errorCode`, `readOnly`, `resources`).
"""

from __future__ import annotations

from dataclasses import replace

from attribution.graph.doubt import doubt_order, first_sign
from attribution.graph.draft import Draft, is_later
from attribution.graph.facts import Facts, text_of
from attribution.graph.rules.acts import Act, list_acts
from attribution.graph.rules.between import add_between
from attribution.graph.rules.onset import add_dependency_edge, failure_id
from attribution.graph.rules.rule import Rule
from attribution.model.event import Event
from attribution.model.graph import Edge, Node
from attribution.model.order import Moment
from attribution.model.service import Service

_LONG_ID = 16


def apply(facts: Facts, draft: Draft) -> None:
    """Add the acts of the case and their edges to the failures they brought about."""
    for act, node_id in list_acts(facts, draft):
        _add_act(facts, draft, act, node_id)


def _add_act(facts: Facts, draft: Draft, act: Act, node_id: str) -> None:
    operations = dict.fromkeys(text_of(event.data, "operation") or "?" for event in act.events)
    done = "tried, too late, to take away" if act.preempted else "took away"
    by_hand = all(facts.is_kept_by_hand(event) for event in act.events)
    node = Node(
        id=node_id,
        kind="act",
        statement=(
            f"{facts.name_first(act.doer)} {done} {act.told_resources} of"
            f" {act.service.name} ({', '.join(operations)})."
        ),
        party=facts.directory.party_of(act.doer),
        actor=act.doer,
        time=act.events[0].time,
        time_low=act.events[0].time_low,
        time_high=act.events[0].time_high,
        observed=True,
        evidence=act.references,
        rule=RULE.id,
        basis="single_statement" if by_hand else "machine_record",
    )
    if not _shown_failures(facts, draft, act.service):
        add_between(facts, draft, act.service, node)
    shown = _shown_failures(facts, draft, act.service)
    effect = _effect(facts, draft, act.service, node)
    if effect is None:
        return
    draft.add_node(node)
    alert = None if act.preempted else _naming_alert(facts, act)
    record = None if alert is None else "audit record"
    if act.preempted:
        _add_preempted(draft, act, node, effect)
    else:
        draft.add_cause(
            Edge(
                source=node.id,
                target=effect,
                rule=RULE.id,
                counterfactual=(
                    f"no: {act.service.name} runs on {act.told_resources}; had it stayed,"
                    " the service could not have failed in this way"
                ),
                basis=(
                    ("a record kept by hand tells of" if by_hand else "the audit log records")
                    + " the operation as carried out on a resource that"
                    " case.yaml declares as the service's"
                    + ("; an alert on the service names the call by its id" if alert else "")
                    + _doubt(facts, draft, act, node, shown)
                ),
                evidence=(*node.evidence, *(() if alert is None else alert.references)),
            ).shown_by(record)
        )
    RULE.finding(draft, node, record=record)


def _naming_alert(facts: Facts, act: Act) -> Event | None:
    """Return an alert of a machine on the service that names the call by its id: the causation.

    Ids shorter than those that logs give out (a UUID has 36 characters) may occur by chance.
    """
    names = [name for event in act.events for name in (event.native_id, event.data.get("request"))]
    ids = {name for name in names if isinstance(name, str) and len(name) >= _LONG_ID}
    for alert in facts.events("alert.triggered"):
        told = [alert.text, *(value for value in alert.data.values() if isinstance(value, str))]
        by_machine = alert.data.get("actor_type") != "user"
        named = any(name in text for name in ids for text in told)
        if by_machine and named and facts.concerns(alert, act.service):
            return alert
    return None


def _shown_failures(facts: Facts, draft: Draft, service: Service) -> list[Service]:
    """Return whose failure the records show: the service's, else that of what depends on it."""
    if failure_id(service) in draft.nodes:
        return [service]
    return [
        item
        for item in facts.manifest.services
        if service.id in item.depends_on and failure_id(item) in draft.nodes
    ]


def _doubt(facts: Facts, draft: Draft, act: Act, node: Node, shown: list[Service]) -> str:
    """Return what to say where the act cannot be told to have come before the failure."""
    moment = Moment.of_event(act.events[0], f"the operation on {act.told_resources}")
    return "".join(
        doubt_order(
            facts,
            draft,
            moment,
            first_sign(draft.nodes[failure_id(service)], service.name),
            node=node.id,
            rests=f"that the operation is a cause of the failure of {service.name}",
        )
        for service in shown
    )


def _effect(facts: Facts, draft: Draft, service: Service, node: Node) -> str | None:
    """Return the failure the act bears on, adding that of a dependency; None if it came later."""
    wanted = failure_id(service)
    if wanted in draft.nodes:
        return None if is_later(node, draft.nodes[wanted]) else wanted
    dependents = _shown_failures(facts, draft, service)
    if not dependents or any(is_later(node, draft.nodes[failure_id(d)]) for d in dependents):
        return None
    draft.add_node(
        replace(
            draft.nodes[failure_id(dependents[0])],
            id=wanted,
            statement=f"{service.name} failed.",
            evidence=node.evidence,
            time=node.time,
            time_low=node.time_low,
        )
    )
    for dependent in dependents:
        add_dependency_edge(draft, service, dependent)
    return wanted


def _add_preempted(draft: Draft, act: Act, node: Node, effect: str) -> None:
    earlier = [
        source
        for source in draft.causes[effect].alternatives
        if draft.nodes[source].kind == "act" and not is_later(draft.nodes[source], node)
    ]
    if not earlier:
        return
    hit = replace(
        node,
        id=node.id.replace("act_", "hit_", 1),
        kind="event",
        statement=f"The attempt on {act.told_resources} took effect.",
        party=None,
        actor=None,
        observed=False,
    )
    draft.add_node(hit)
    backup = Edge(
        source=node.id,
        target=hit.id,
        rule=RULE.id,
        counterfactual="no: without the attempt there is nothing to take effect",
        basis="the audit log records the attempt and that it found nothing",
        evidence=node.evidence,
    )
    draft.add_cause(backup)
    for source in earlier:
        draft.add_cause(
            Edge(
                source=source,
                target=hit.id,
                rule=RULE.id,
                counterfactual="no: only because it was already gone did the attempt fail",
                basis="the error that the audit log records",
                evidence=node.evidence,
            ),
            slot="blocks",
        )
    draft.add_cause(
        replace(
            backup,
            source=hit.id,
            target=effect,
            counterfactual="yes: it was preempted, the failure came without it",
        )
    )


RULE = Rule(
    id="direct-action",
    version=3,
    title="An operation on a live resource",
    refuted_by="a record that the resource was not the service's, or that the call had no effect",
    apply=apply,
)
