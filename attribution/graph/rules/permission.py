"""Rule `permission`: an identity that could do more than the task needed.

What it looks for:
    An overreach found by `scope` that the platform let through under a role: what the task did
    not need, the role allowed. Who granted it is looked for in the records: the latest change
    before the act whose subject, files or pull request name the role, or a recorded call that
    grants permissions to it. An agent that acted under a person's identity inherited it.

What it adds:
    `grant_COMMIT` (or `grant_ROLE`) -> `permission_ROLE` -> the act: a breach of least privilege
    by the party of whoever granted it, or, where no record says who did, by the service's owner.
    `inherited_ROLE`, a condition, where an agent acted as a person.

The counterfactual answer and why:
    No: without the permission the platform would have refused the call.

When it is wrong:
    The task did need the permission for something else it did; the change that names the role
    did not widen it.

Example:
    Pull request 212 gives an agent the role `cv-operator`, which can delete environments.

Sources:
    NIST SP 800-53 rev. 5, AC-6 Least Privilege; AWS CloudTrail `userIdentity.sessionContext`.
"""

from __future__ import annotations

import re

from attribution.graph.doubt import doubt_order
from attribution.graph.draft import Draft
from attribution.graph.facts import Facts, identifier, list_of, short, text_of
from attribution.graph.owners import resolve_owner
from attribution.graph.rules.acts import Act, list_acts
from attribution.graph.rules.rule import Rule
from attribution.graph.rules.scope import overreach_id
from attribution.graph.visibility import GRANTS, say_unseen
from attribution.model.commit import Commit
from attribution.model.event import Event
from attribution.model.graph import Edge, Node
from attribution.model.operation import verb_of
from attribution.model.order import Moment


def apply(facts: Facts, draft: Draft) -> None:
    """Add the permission each overreach used, and the act that granted it."""
    for act, act_id in list_acts(facts, draft):
        if overreach_id(act_id) in draft.nodes and act.role is not None:
            _add_permission(facts, draft, act, act_id, act.role)


def permission_id(role: str) -> str:
    """Return the node id of a role's permission."""
    return f"permission_{identifier(role)}"


def granting_commit(facts: Facts, role: str, act: Act) -> Commit | None:
    """Return the latest commit before the act that names the role, on the line that was merged.

    A merge commit stands for what it merged: where the commit was carried by a pull request, the
    merge is returned if it is among the records.
    """
    named = re.compile(rf"(?<![\w-]){re.escape(role)}(?![\w-])")
    used = _moment(act)
    found = [
        commit
        for commit in facts.commits
        if any(named.search(text) for text in (commit.subject, *commit.files))
        or named.search(_pull_request_text(facts, commit))
    ]
    before = [
        commit
        for commit in found
        if commit.committed is not None
        and (
            used is None
            or (made := _made(facts, commit)) is None
            or facts.chronicle.is_no_later(made, used) is not False
        )
    ]
    if not before:
        return None
    latest = max(before, key=lambda commit: (commit.committed or 0, commit.sha))
    review = facts.review_of(latest.sha)
    merge = facts.commit(review.merge) if review is not None and review.merge else None
    return merge or latest


def _pull_request_text(facts: Facts, commit: Commit) -> str:
    review = facts.review_of(commit.sha)
    if review is None:
        return ""
    opened = (
        event
        for event in facts.timeline.events
        if event.kind == "pull_request.opened" and event.data.get("number") == review.number
    )
    body = next((text_of(event.data, "body") or "" for event in opened), "")
    return f"{review.title} {body}"


def _granting_call(facts: Facts, role: str, act: Act) -> Event | None:
    used = _moment(act)
    calls = [
        event
        for event in facts.timeline.events
        if event.kind == "audit.call"
        and verb_of(text_of(event.data, "operation") or "").startswith(
            facts.catalogue.operations.granting_prefixes
        )
        and role in list_of(event.data, "resources")
        and not event.data.get("error")
        and (called := _called(event)) is not None
        and (used is None or facts.chronicle.is_no_later(called, used) is not False)
    ]
    return calls[-1] if calls else None


def _moment(act: Act) -> Moment | None:
    return Moment.of_event(act.events[0], f"the operation on {act.service.name}")


def _made(facts: Facts, commit: Commit) -> Moment | None:
    return facts.chronicle.commit(commit.sha, commit.committed, f"commit {short(commit.sha)}")


def _called(event: Event) -> Moment | None:
    return Moment.of_event(event, f"the call {text_of(event.data, 'operation')}")


def _add_permission(facts: Facts, draft: Draft, act: Act, act_id: str, role: str) -> None:
    node_id = permission_id(role)
    new = node_id not in draft.nodes
    permission = Node(
        id=node_id,
        kind="condition",
        statement=f"The role {role} could do more than the task needed.",
        evidence=act.references,
        rule=RULE.id,
        time=None,
    )
    draft.add_node(permission)
    draft.add_cause(
        Edge(
            source=node_id,
            target=act_id,
            rule=RULE.id,
            counterfactual="no: without the permission the platform would have refused the call",
            basis="the audit log records the call as allowed under this role",
            evidence=act.references,
        ),
        slot="requirements",
    )
    if new:
        grant, granted = _grant(facts, act, role)
        draft.add_node(grant)
        draft.add_cause(
            Edge(
                source=grant.id,
                target=node_id,
                rule=RULE.id,
                counterfactual="no: the role has what it was granted and no more",
                basis="the change or call that names the role, in force before the act"
                + doubt_order(
                    facts,
                    draft,
                    granted,
                    _moment(act),
                    node=grant.id,
                    rests="that the role had been granted when it was used",
                ),
                evidence=grant.evidence,
            )
        )
        RULE.finding(draft, grant, permission)
    if act.agent is not None:
        _add_inherited(facts, draft, act, act_id, role)


def _grant(facts: Facts, act: Act, role: str) -> tuple[Node, Moment | None]:
    """Return the act of granting, and when it was, where a record shows it."""
    commit = granting_commit(facts, role, act)
    call = None if commit is not None else _granting_call(facts, role, act)
    actor: str | None
    unseen = ""
    if commit is not None:
        review = facts.review_of(commit.sha)
        actor = (review.merged_by if review is not None else None) or commit.author
        node_id = f"grant_{short(commit.sha)}"
        by = f"{facts.actor_name(actor)}, with commit {short(commit.sha)},"
        evidence = commit.references + (review.references if review is not None else ())
        granted, basis = _made(facts, commit), "machine_record"
        time = commit.committed
    elif call is not None:
        actor = call.actor or call.actor_name
        node_id = f"grant_{identifier(role)}"
        by, evidence = facts.actor_name(actor), call.references
        granted, basis = _called(call), "machine_record"
        time = call.time
    else:
        actor = None
        node_id = f"grant_{identifier(role)}"
        by, evidence = "Somebody no record names", act.references
        granted, basis, time = None, "rule_inference", None
        unseen = say_unseen(facts, GRANTS, facts.manifest.period.start, act.events[0].time)
    usual = None if actor else act.service.owner or facts.party_in_role("organisation")
    node = Node(
        id=node_id,
        kind="act",
        statement=f"{by} granted the role {role} more than the task needed.{unseen}",
        party=resolve_owner(facts, "least-privilege", actor=actor, usual=usual).party,
        actor=actor,
        time=time,
        time_low=time if granted is None else granted.low,
        time_high=time if granted is None else granted.high,
        duty="least-privilege",
        norm=0,
        basis=basis,
        evidence=tuple(dict.fromkeys(evidence)),
        rule=RULE.id,
    )
    return node, granted


def _add_inherited(facts: Facts, draft: Draft, act: Act, act_id: str, role: str) -> None:
    node = Node(
        id=f"inherited_{identifier(role)}",
        kind="condition",
        statement=(
            f"{facts.actor_name(act.agent)} acted under the identity of"
            f" {facts.actor_name(act.actor)}."
        ),
        basis="machine_record",
        evidence=act.references,
        rule=RULE.id,
    )
    draft.add_node(node)
    draft.add_cause(
        Edge(
            source=node.id,
            target=act_id,
            rule=RULE.id,
            counterfactual="no: without the inherited identity the call would have been refused",
            basis="the audit log names the person, the agent's own log shows the operation",
            evidence=act.references,
        ),
        slot="requirements",
    )
    RULE.finding(draft, node, factors=RULE.factors)


RULE = Rule(
    id="permission",
    version=2,
    title="An identity that could do more than the task needed",
    refuted_by="a record that the task needed the permission, or that somebody else granted it",
    apply=apply,
    factors=("inherited_credentials",),
)
