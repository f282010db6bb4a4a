"""Rule `review`: what review of a change really was.

What it looks for:
    For each change the graph holds (a grant of permission, a change that reached production),
    the record of its pull request: no approval, approval of another head than was merged, by its
    author, by a bot, or too fast for its size; an override; required checks that failed. Then the
    policies in force that demand `review` of its repository.

What it adds:
    `review_held_COMMIT` in front of what the change brought about. An approval that does not
    count is the approver's breach; an absent review is owed as the table "who owed an absent
    control" says. Whether the platform enforced it is what the records show of the time of the
    merge; only where they show nothing it is what `case.yaml` says of the policy. Where somebody
    turned the platform's demand off within a day before the merge, that is what got round it.

The counterfactual answer and why:
    A sound review would have stopped the change as often as its effectiveness range says.

When it is wrong:
    Review took place outside the platform. Without any record of the pull request the rule says
    "no evidence of review", at the credence of an absent record.

Example:
    180 lines approved 41 seconds after the request.

Sources:
    GitHub REST API, pull request reviews (`commit_id`, `submitted_at`); see
    `attribution.oversight.reviews` for the thresholds and theirs.
"""

from __future__ import annotations

from attribution.graph.absence import Placement
from attribution.graph.doubt import doubt_order
from attribution.graph.draft import Draft
from attribution.graph.facts import Facts, short, text_of, when_given
from attribution.graph.guarded import Guarded
from attribution.graph.rules.lifting import find_lifting
from attribution.graph.rules.merged import Change, list_changes
from attribution.graph.rules.rule import Rule
from attribution.graph.visibility import REVIEWS, say_unseen
from attribution.model.commit import Commit
from attribution.model.event import Event
from attribution.model.manifest import DeclaredApproval
from attribution.model.order import Moment
from attribution.model.oversight import Approval, ChangeReview
from attribution.oversight.checks import unmet_checks
from attribution.oversight.requirements import are_checks_enforced, is_review_enforced

CONTROL = "review"
CHECKS = "checks"
_NAMED_BY = {CONTROL: ("pull_request", "review"), CHECKS: ("status",)}


def apply(facts: Facts, draft: Draft) -> None:
    """Put review in front of what each change of the graph brought about."""
    for change in list_changes(facts, draft):
        for target in change.effects:
            _add_review(facts, draft, change, target)
            _add_checks(facts, draft, change, target)


def _add_review(facts: Facts, draft: Draft, change: Change, target: str) -> None:
    commit = change.commit
    review = facts.review_of(commit.sha)
    declared = _declared_approval(facts, commit, review)
    state = _state(review, declared)
    unsound = [item for item in review.approvals if item.defects] if review is not None else []
    lifting = find_lifting(facts, review, "required_approvals") if state == "absent" else None
    evidence = tuple(
        dict.fromkeys(
            (declared.evidence if declared is not None else ())
            + (tuple(item.reference for item in review.approvals) if review is not None else ())
            + (review.references if review is not None else ())
            + commit.references
        )
    )
    Placement(
        facts,
        RULE,
        facts.catalogue.controls[CONTROL],
        Guarded(
            subject=short(commit.sha),
            target=target,
            title=f"commit {short(commit.sha)}",
            doer=(review.merged_by if review is not None else None) or commit.committer,
            state=state,
            approver=_approver(unsound, review),
            bypassed_by=_bypasser(review, lifting),
            evidence=evidence,
            defects=tuple(dict.fromkeys(defect for item in unsound for defect in item.defects)),
            enforced=True if lifting is not None else _enforced(review, state),
            unseen=say_unseen(
                facts,
                REVIEWS,
                review.opened if review is not None else commit.committed,
                review.merged if review is not None else None,
            ),
            enforced_evidence=_enforcement(review, "required_approvals", "code_owner_review"),
            lifted=lifting is not None,
            doubt=_doubt(facts, draft, commit, (review, declared)),
            defect=change.defect,
            bypass_record=_bypass_record(review, CONTROL),
            factors=RULE.factors
            if state == "unsound" and _is_relied_on(facts, commit, review)
            else (),
        ),
        facts.policies(CONTROL, service=None, repository=commit.repository, at=commit.committed),
    ).add_to(draft)


def _bypasser(review: ChangeReview | None, lifting: Event | None) -> str | None:
    """Return who got round the demand: by an override, else by lifting it before the merge."""
    bypasser = None if review is None else review.bypassed_by
    if bypasser is None and lifting is not None:
        return lifting.actor or lifting.actor_name or text_of(lifting.data, "actor")
    return bypasser


def _doubt(
    facts: Facts,
    draft: Draft,
    commit: Commit,
    given: tuple[ChangeReview | None, DeclaredApproval | None],
) -> str:
    """Return what leaves open whether an approval that counts came in time, or still stood."""
    review, declared = given
    held = f"{CONTROL}_held_{short(commit.sha)}"
    told = ""
    if declared is not None:
        told += doubt_order(
            facts,
            draft,
            when_given(declared),
            _merging(facts, commit, review),
            node=held,
            rests="that the approval came before the merge",
        )
    for order in (one for item in _sound(review) for one in item.open_orders):
        told += doubt_order(facts, draft, order.first, order.second, node=held, rests=order.rests)
    return told


def _sound(review: ChangeReview | None) -> list[Approval]:
    return [] if review is None else [item for item in review.approvals if item.is_sound]


def _merging(facts: Facts, commit: Commit, review: ChangeReview | None) -> Moment | None:
    """Return when a change was merged; without a pull request on record, when it was committed."""
    if review is not None:
        at = (
            None
            if review.merged is None
            else Moment.at(review.merged, f"the merge of #{review.number}")
        )
        return review.merging or at
    return facts.chronicle.commit(commit.sha, commit.committed, f"commit {short(commit.sha)}")


def _add_checks(facts: Facts, draft: Draft, change: Change, target: str) -> None:
    """Put the required checks in front of the target, where some did not pass before the merge."""
    commit = change.commit
    review = facts.review_of(commit.sha)
    unmet = () if review is None else unmet_checks(review)
    if review is None or not unmet:
        return
    names = ", ".join(f"{check.name} ({check.conclusion})" for check in unmet)
    Placement(
        facts,
        RULE,
        facts.catalogue.controls[CHECKS],
        Guarded(
            subject=short(commit.sha),
            target=target,
            title=f"commit {short(commit.sha)} was merged: {names}",
            doer=review.merged_by or commit.committer,
            state="absent",
            approver=None,
            bypassed_by=review.bypassed_by,
            evidence=tuple(dict.fromkeys((*(c.reference for c in unmet), *review.references))),
            enforced=are_checks_enforced(review.enforced),
            enforced_evidence=_enforcement(review, "required_checks"),
            defect=change.defect,
            bypass_record=_bypass_record(review, CHECKS),
        ),
        facts.policies(CHECKS, service=None, repository=commit.repository, at=commit.committed),
    ).add_to(draft)


def _is_relied_on(facts: Facts, commit: Commit, review: ChangeReview | None) -> bool:
    """Whether a person approved what an agent wrote past a contrary record, unread and at hand.

    That is: too fast to have read the change, after a check of it had failed.
    """
    if review is None or commit.kind == "no_marker":
        return False
    failed = {check.reference for check in unmet_checks(review)}
    shown = [
        event.time
        for event in facts.events("check.completed")
        if event.time is not None and not failed.isdisjoint(event.references)
    ]
    return any(
        "too_fast" in item.defects
        and "bot_approval" not in item.defects
        and item.time is not None
        and any(time <= item.time for time in shown)
        for item in review.approvals
    )


def _bypass_record(review: ChangeReview | None, control: str) -> str | None:
    """Return the record of the causation: one entry that names the merge and this rule overridden.

    Rules go by the words of GitHub's rule suites (`pull_request`, `required_status_checks`) and of
    its audit log (`review_policy_not_satisfied`).
    """
    override = None if review is None else review.override
    if override is None or not override.of_merge:
        return None
    named = any(word in rule for rule in override.what for word in _NAMED_BY[control])
    return "audit record" if named else None


def _enforced(review: ChangeReview | None, state: str) -> bool | None:
    """Return whether the platform demanded review at the merge, None where that is left open.

    Where nothing is on record of the reviews themselves, a platform that demanded them speaks for
    a review that was given, not for a bypass: that is left to the policies.
    """
    found = None if review is None else is_review_enforced(review.enforced)
    bypassed = review is not None and review.bypassed_by is not None
    return None if found and state == "unknown" and not bypassed else found


def _enforcement(review: ChangeReview | None, *names: str) -> tuple[str, ...]:
    """Return the evidence of what the platform enforced at the merge."""
    if review is None or review.enforced is None:
        return ()
    settings = (review.enforced.setting(name) for name in names)
    return tuple(
        dict.fromkeys(ref for setting in settings if setting for ref in setting.references)
    )


def _state(review: ChangeReview | None, declared: DeclaredApproval | None) -> str:
    if declared is not None:
        return "present"
    if review is None:
        return "unknown"
    states = {"sound": "present", "ineffective": "unsound", "absent": "absent"}
    return states.get(review.verdict, "unknown")


def _approver(unsound: list[Approval], review: ChangeReview | None) -> str | None:
    if review is None or not unsound:
        return None
    by_bot = all("bot_approval" in item.defects for item in unsound)
    return review.merged_by if by_bot else unsound[0].reviewer


def _declared_approval(
    facts: Facts, commit: Commit, review: ChangeReview | None
) -> DeclaredApproval | None:
    for approval in facts.manifest.approvals:
        covers = approval.covers
        by_number = review is not None and covers == f"#{review.number}"
        sound = facts.may_approve(
            approval,
            doer=commit.author,
            before=_merging(facts, commit, review),
        )
        if approval.control == CONTROL and (by_number or commit.sha.startswith(covers)) and sound:
            return approval
    return None


RULE = Rule(
    id="review",
    version=3,
    title="What review of a change really was",
    refuted_by="a record of a sound review of the merged version by somebody else",
    apply=apply,
    factors=("automation_bias",),
)
