"""Controls that a policy of the case demands and that have no rule of their own.

What such a control would have stood in front of goes by its type and by what it looks at: an act on
a live resource, or a change on its way to production. What shows harm or mends it (detect, recover)
stands in front of those parts of the harm that it would have spared, which a policy does not say.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Final

from attribution.graph.absence import Placement
from attribution.graph.defects import defect_of_act
from attribution.graph.draft import Draft
from attribution.graph.facts import Facts, identifier, short
from attribution.graph.guarded import Guarded
from attribution.graph.rules.acts import list_acts
from attribution.graph.rules.merged import Change, list_changes
from attribution.graph.rules.onset import failure_id
from attribution.graph.rules.rule import Rule
from attribution.model.commit import Commit
from attribution.model.graph import MissingFactor
from attribution.model.instant import Instant
from attribution.model.manifest import Policy
from attribution.model.order import Moment
from attribution.model.service import Service

BEFORE_ACTS: Final = ("change_freeze", "permission_boundary", "delete_protection")
BEFORE_ACTS_OF_AGENTS: Final = ("agent_guardrail", "sandbox")
BEFORE_CHANGES: Final = (
    "static_analysis",
    "config_validation",
    "change_freeze",
    "release_verification",
    "staged_rollout",
)
_AFTER = {"detect", "recover"}


def add_demanded(facts: Facts, draft: Draft, rule: Rule) -> None:
    """Put each control that a policy demands in front of what it would have stopped.

    Where another rule has put the control there by what records say of it, that stands.
    """
    for control, guarded, policies in (*_before_acts(facts, draft), *_before_changes(facts, draft)):
        if not is_placed(draft, control, guarded.target):
            entry = facts.catalogue.controls[control]
            Placement(facts, rule, entry, guarded, policies).add_to(draft)
            if entry.type == "limit":
                draft.missing.append(MissingFactor(f"{control}_held_{guarded.subject}", _LIMITS))
    _say_what_came_after(facts, draft)


_LIMITS = (
    "This control would have kept the harm to a part, and no record says to which; the graph takes"
    " it to have spared the whole. Split the harm items, or set its effectiveness in case.yaml."
)


def _before_acts(facts: Facts, draft: Draft) -> Iterator[tuple[str, Guarded, tuple[Policy, ...]]]:
    for act, act_id in list_acts(facts, draft):
        if act_id not in draft.nodes or act.preempted:
            continue
        by_agent = facts.is_agent(act.doer)
        for control in (*BEFORE_ACTS, *(BEFORE_ACTS_OF_AGENTS if by_agent else ())):
            at = act.events[0].time
            policies = facts.policies(control, service=act.service, repository=None, at=at)
            if policies:
                yield (
                    control,
                    Guarded(
                        subject=act_id.removeprefix("act_") or identifier(act.service.id),
                        target=act_id,
                        title=f"the operation on {act.service.name}",
                        doer=act.doer,
                        state=_state(
                            facts,
                            control,
                            policies,
                            (act_id, act.service.id),
                            (act.doer, Moment.of_event(act.events[0], "the operation")),
                        ),
                        approver=None,
                        bypassed_by=None,
                        evidence=tuple(dict.fromkeys(act.references)),
                        service=act.service,
                        defect=defect_of_act(facts, act_id),
                    ),
                    policies,
                )


def _before_changes(
    facts: Facts, draft: Draft
) -> Iterator[tuple[str, Guarded, tuple[Policy, ...]]]:
    for change in list_changes(facts, draft):
        commit = change.commit
        for control in BEFORE_CHANGES:
            policies = facts.policies(
                control, service=None, repository=commit.repository, at=commit.committed
            )
            for target in change.effects if policies else ():
                yield control, _guarded(facts, change, target, control, policies), policies


def _guarded(
    facts: Facts, change: Change, target: str, control: str, policies: tuple[Policy, ...]
) -> Guarded:
    commit = change.commit
    review = facts.review_of(commit.sha)
    number = "" if review is None else f"#{review.number}"
    doer = (review.merged_by if review is not None else None) or commit.committer
    covered = {entry.covers for entry in facts.manifest.approvals if _is_of(commit, entry.covers)}
    made = facts.chronicle.commit(commit.sha, commit.committed, f"commit {short(commit.sha)}")
    return Guarded(
        subject=short(commit.sha),
        target=target,
        title=f"commit {short(commit.sha)}",
        doer=doer,
        state=_state(facts, control, policies, {*covered, number}, (doer, made)),
        approver=None,
        bypassed_by=None,
        evidence=commit.references,
        defect=change.defect,
    )


def _state(
    facts: Facts,
    control: str,
    policies: tuple[Policy, ...],
    covered: Container[str],
    done: tuple[str | None, Moment | None],
) -> str:
    """Return whether the control was there: by a declaration, or because the platform enforced it.

    What was enforced was in place unless somebody is named who got round it. `done` is who went
    ahead, and when.
    """
    declared = any(
        approval.control == control
        and approval.covers in covered
        and facts.may_approve(approval, doer=done[0], before=done[1])
        for approval in facts.manifest.approvals
    )
    enforced = [policy for policy in policies if policy.enforced]
    bypassed = any(policy.bypassed_by for policy in enforced)
    return "present" if declared or (enforced and not bypassed) else "unknown"


def _is_of(commit: Commit, covers: str) -> bool:
    return len(covers) >= len(short(commit.sha)) and commit.sha.startswith(covers)


def is_placed(draft: Draft, control: str, target: str) -> bool:
    """Whether the control stands in front of the target already."""
    return any(
        end == target
        and draft.nodes[source].kind == "control"
        and draft.nodes[source].control == control
        for source, end in draft.edges
    )


def _say_what_came_after(facts: Facts, draft: Draft) -> None:
    """State of a demanded control that shows or mends harm that no record tells what it did."""
    for service in facts.manifest.services:
        if failure_id(service) not in draft.nodes:
            continue
        at = draft.nodes[failure_id(service)].time
        for control in facts.catalogue.controls.values():
            if control.type in _AFTER and _is_demanded(facts, control.id, service, at):
                draft.missing.append(
                    MissingFactor(
                        failure_id(service),
                        f"Policy demands {control.title.lower()}; whether it was there, and which"
                        " harm items it would have spared, is not visible in these records.",
                    )
                )


def _is_demanded(facts: Facts, control: str, service: Service, at: Instant | None) -> bool:
    return bool(facts.policies(control, service=service, repository=None, at=at))
