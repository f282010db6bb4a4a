"""Rule `permission`: an identity that could do more than the task needed.

What it looks for:
    An overreach found by `scope` that the platform let through under a role, or, without one, for
    a credential (a key, a token): what the task did not need, it allowed. Who granted it is looked
    for in the records: the latest change before the act whose subject, files or pull request name
    the role or credential, or a recorded call that grants permissions to it or makes it. An agent
    that acted under a person's identity inherited it.

What it adds:
    `grant_COMMIT` (or `grant_ROLE`) -> `permission_ROLE` -> the act: a breach of least privilege
    by the party of whoever granted it, or, where no record says who did, by the service's owner.
    Of a credential that no record shows anybody to have made, the permission is a condition and
    nobody's breach, and what is missing is said: it may be the platform's that it reaches so far,
    which is a matter for a record of the kind `control`.
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

from dataclasses import replace

from attribution.graph.doubt import doubt_order
from attribution.graph.draft import Draft
from attribution.graph.facts import Facts, identifier
from attribution.graph.owners import resolve_owner
from attribution.graph.rules.acts import Act, list_acts
from attribution.graph.rules.grants import Grant, find_grant, name_right, used_at, word_of
from attribution.graph.rules.rule import Rule
from attribution.graph.rules.scope import overreach_id
from attribution.graph.visibility import GRANTS, say_unseen
from attribution.model.graph import Edge, MissingFactor, Node


def apply(facts: Facts, draft: Draft) -> None:
    """Add the permission each overreach used, and the act that granted it."""
    for act, act_id in list_acts(facts, draft):
        if overreach_id(act_id) not in draft.nodes:
            continue
        right = act.role or act.credential
        if right is not None:
            _add_permission(facts, draft, act, act_id, right)
        if act.agent is not None:
            _add_inherited(facts, draft, act, act_id, right or act_id.removeprefix("act_"))


def permission_id(role: str) -> str:
    """Return the node id of the permission of a role or of a credential."""
    return f"permission_{identifier(role)}"


def _add_permission(facts: Facts, draft: Draft, act: Act, act_id: str, role: str) -> None:
    node_id = permission_id(role)
    new = node_id not in draft.nodes
    permission = Node(
        id=node_id,
        kind="condition",
        statement=f"{_begin(name_right(act, role))} could do more than the task needed.",
        evidence=act.references,
        rule=RULE.id,
    )
    draft.add_node(permission)
    draft.add_cause(
        Edge(
            source=node_id,
            target=act_id,
            rule=RULE.id,
            counterfactual="no: without the permission the platform would have refused the call",
            basis=_say_allowed(facts, act),
            evidence=act.references,
        ),
        slot="requirements",
    )
    if not new:
        return
    grant = find_grant(facts, act, role)
    if grant is None:
        _leave_open(facts, draft, act, permission)
    else:
        _add_grant(facts, draft, act, permission, grant)


def _add_grant(facts: Facts, draft: Draft, act: Act, permission: Node, grant: Grant) -> None:
    word, time = word_of(act), grant.time
    usual = None if grant.by else act.service.owner or facts.party_in_role("organisation")
    node = Node(
        id=f"grant_{grant.tag}",
        kind="act",
        statement=f"{grant.name} granted {name_right(act, grant.right)} more than the task needed."
        + grant.unseen,
        party=resolve_owner(facts, "least-privilege", actor=grant.by, usual=usual).party,
        actor=grant.by,
        time=time,
        time_low=time if grant.moment is None else grant.moment.low,
        time_high=time if grant.moment is None else grant.moment.high,
        duty="least-privilege",
        norm=0,
        basis=grant.basis,
        evidence=grant.evidence,
        rule=RULE.id,
    )
    draft.add_node(node)
    draft.add_cause(
        Edge(
            source=node.id,
            target=permission.id,
            rule=RULE.id,
            counterfactual=f"no: {word} has what it was granted and no more",
            basis=f"the change or call that names {word}, in force before the act"
            + doubt_order(
                facts,
                draft,
                grant.moment,
                used_at(act),
                node=node.id,
                rests=f"that {word} had been granted when it was used",
            ),
            evidence=node.evidence,
        )
    )
    RULE.finding(draft, node, permission)


def _leave_open(facts: Facts, draft: Draft, act: Act, permission: Node) -> None:
    """Say that nobody is known to have made the credential; what it could do the call has shown."""
    draft.nodes[permission.id] = replace(permission, observed=True)
    RULE.finding(draft, permission)
    draft.missing.append(
        MissingFactor(
            permission.id,
            "No record shows who made the credential, for what, and whether it could have been"
            " narrower, so nobody is held to it."
            + say_unseen(facts, GRANTS, facts.manifest.period.start, act.events[0].time),
        )
    )


def _begin(text: str) -> str:
    return text[0].upper() + text[1:]


def _say_allowed(facts: Facts, act: Act) -> str:
    """Return how it is known that the platform let the call through."""
    by_hand = all(facts.is_kept_by_hand(event) for event in act.events)
    told = "a record kept by hand tells of" if by_hand else "the audit log records"
    under = "with this credential" if act.role is None else "under this role"
    return f"{told} the call as allowed {under}"


def _add_inherited(facts: Facts, draft: Draft, act: Act, act_id: str, role: str) -> None:
    node = Node(
        id=f"inherited_{identifier(role)}",
        kind="condition",
        statement=(
            f"{facts.name_first(act.agent)} acted under the identity of"
            f" {facts.name_inside(act.actor)}."
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
    version=3,
    title="An identity that could do more than the task needed",
    refuted_by="a record that the task needed the permission, or that somebody else granted it",
    apply=apply,
    factors=("inherited_credentials",),
)
