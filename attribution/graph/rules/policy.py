"""Rule `policy`: whether approval before an operation on production was demanded and enforced.

What it looks for:
    For each act found by `direct-action` that took effect, the policies in force that demand
    `production_approval` of the service, whether the platform enforced them, and an approval in
    `case.yaml` that covers the act (its node id, or the service's id). For every other control
    that a policy of the case demands and that no other rule has put into the graph, the acts
    (change freeze, permission boundary, delete protection; of agents also guardrail and sandbox)
    and the changes (static analysis, validation of configuration, change freeze, verification of
    the release, staged rollout) it would have stood in front of.

What it adds:
    `production_approval_held_SERVICE` in front of the act, with the breaches of the table "who
    owed an absent control" (`tables/absent_control.yaml`): enforced - whoever got round it;
    demanded but not enforced - the organisation (not enforcing) and the deployer (not obtaining);
    not demanded - the organisation. `CONTROL_held_SUBJECT` likewise for the others; one that was
    enforced, and that nobody is named to have got round, was in place. What a policy demands to
    show or to mend harm (alerting, backup) is named as missing: no policy says what it would have
    spared.

The counterfactual answer and why:
    Had any one duty of a not-enforced control been met, it would have been in place; in place it
    would have stopped the act as often as its effectiveness range says, never surely.

When it is wrong:
    An approval was given somewhere no record shows; the policy did not apply to this kind of act.

Example:
    The handbook demands two people for production changes; the platform does not ask for them.

Sources:
    NIST SP 800-53 rev. 5, CM-3 and CM-5; the table itself.
"""

from __future__ import annotations

from attribution.graph.absence import Placement
from attribution.graph.defects import defect_of_act
from attribution.graph.doubt import doubt_order
from attribution.graph.draft import Draft
from attribution.graph.facts import Facts, identifier, when_given
from attribution.graph.guarded import Guarded
from attribution.graph.rules.acts import Act, list_acts
from attribution.graph.rules.demands import add_demanded, is_placed
from attribution.graph.rules.rule import Rule
from attribution.graph.visibility import APPROVALS, say_unseen
from attribution.model.order import Moment

CONTROL = "production_approval"


def apply(facts: Facts, draft: Draft) -> None:
    """Put what policies demand in front of acts and changes, and approval before each act."""
    for act, act_id in list_acts(facts, draft):
        took_effect = act_id in draft.nodes and not act.preempted
        if took_effect and not is_placed(draft, CONTROL, act_id):
            _add_approval(facts, draft, act, act_id)
    add_demanded(facts, draft, RULE)


def _add_approval(facts: Facts, draft: Draft, act: Act, act_id: str) -> None:
    policies = facts.policies(CONTROL, service=act.service, repository=None, at=act.events[0].time)
    acted = Moment.of_event(act.events[0], f"the operation on {act.service.name}")
    approvals = [
        approval
        for approval in facts.manifest.approvals
        if approval.control == CONTROL
        and approval.covers in {act_id, act.service.id}
        and facts.may_approve(approval, doer=act.doer, before=acted)
    ]
    evidence = tuple(
        dict.fromkeys(
            [place for approval in approvals for place in approval.evidence] + list(act.references)
        )
    )
    doubts = [
        doubt_order(
            facts,
            draft,
            when_given(approval),
            acted,
            node=act_id,
            rests="that the operation had been approved",
        )
        for approval in approvals
    ]
    Placement(
        facts,
        RULE,
        facts.catalogue.controls[CONTROL],
        Guarded(
            subject=act_id.removeprefix("act_") or identifier(act.service.id),
            target=act_id,
            title=f"the operation on {act.service.name}",
            doer=act.doer,
            state="present" if approvals else "absent",
            approver=approvals[0].by if approvals else None,
            bypassed_by=None,
            evidence=evidence,
            service=act.service,
            defect=defect_of_act(facts, act_id),
            doubt="".join(doubts),
            unseen=say_unseen(facts, APPROVALS, facts.manifest.period.start, act.events[0].time),
        ),
        policies,
    ).add_to(draft)


RULE = Rule(
    id="policy",
    version=2,
    title="What policy demanded, and whether the platform enforced it",
    refuted_by="a record of an approval before the act, or of who was to ask for it",
    apply=apply,
)
