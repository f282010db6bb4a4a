"""Changes on their way to production: authorship, release, review, on graphs from records."""

from __future__ import annotations

from dataclasses import replace

import pytest

from attribution.model.commit import AgentMark, Commit
from attribution.model.enforcement import Enforcement, Setting
from attribution.model.event import Event
from attribution.model.manifest import DeclaredApproval, SuspectChange
from attribution.model.oversight import Approval, ChangeReview, Check, Deployment
from tests.unit.graph.recorded import Recorded, alert, at, event, policy

BAD = "b" * 40
MERGE = "c" * 40
REVERT = "d" * 40


def commit(sha: str, minutes: float, parents: tuple[str, ...] = (), **more: object) -> Commit:
    """Return a commit of the shop's repository by the operator."""
    made = Commit(
        sha=sha,
        repository="shop",
        parents=parents,
        author="operator",
        committer="operator",
        authored=at(minutes),
        committed=at(minutes),
        subject="Change the price table",
        kind="no_marker",
        references=(f"E2#commit {sha}",),
    )
    return replace(made, **more)  # type: ignore[arg-type]


def review(verdict: str, *approvals: Approval, bypassed_by: str | None = None) -> ChangeReview:
    """Return the record of the pull request that carried the change."""
    return ChangeReview(
        repository="shop",
        number=7,
        title="Change the price table",
        author="operator",
        head=BAD,
        merge=MERGE,
        commits=(BAD,),
        opened=at(-60),
        merged=at(-30),
        merged_by="operator",
        lines_changed=400,
        approvals=approvals,
        checks=(),
        verdict=verdict,
        bypassed_by=bypassed_by,
        references=("E3#/pull_request",),
    )


def approval(*defects: str) -> Approval:
    """Return the reviewer's approval."""
    return Approval("reviewer", at(-31), BAD, 40.0, defects, "E3#/reviews/0")


def deployment(sha: str, minutes: float) -> Deployment:
    """Return a deployment to production."""
    return Deployment(
        id="9",
        sha=sha,
        environment="production",
        repository="shop",
        creator="operator",
        time=at(minutes),
        state="success",
        references=("E4#/0",),
    )


BROKEN = Recorded(
    events=(alert(), event("alert.resolved", 90, "operator", service="shop", incident="I1")),
    commits=(
        commit(BAD, -60),
        commit(MERGE, -30, ("a" * 40, BAD)),
        commit(REVERT, 60, (MERGE,), reverts=(BAD,), subject="Take the price table back"),
    ),
    deployments=(deployment(MERGE, -5),),
)
"""A change is merged, deployed, breaks the shop, is reverted, and the shop recovers."""


def breaches_of(case: Recorded) -> dict[str, str]:
    """Return every breach with its party."""
    return {b.node: party.id for party in case.attribute().parties for b in party.breaches}


def test_a_reverted_change_is_traced_through_its_deployment_to_the_failure() -> None:
    """The revert names the commit, ancestry finds the deployment, the recovery answers the test."""
    graph = BROKEN.graph()
    assert graph.node("failure_shop").equation == "running_bbbbbbb"
    edges = {(e.source, e.target): e for e in graph.edges}
    assert "ancestry" in edges["change_bbbbbbb", "running_bbbbbbb"].basis
    answer = edges["running_bbbbbbb", "failure_shop"].counterfactual
    assert answer.startswith("no:")
    assert "recovered" in answer


def test_release_goes_by_ancestry_and_not_by_time() -> None:
    """A deployment in between that does not contain the commit carries nothing to production."""
    case = replace(BROKEN, deployments=(deployment("e" * 40, -5),))
    graph = case.graph()
    assert "running_bbbbbbb" not in {node.id for node in graph.nodes}
    assert case.attribute().unattributed.point == 1.0
    assert any("no record shows it deployed" in f.statement for f in graph.missing_factors)


def test_a_deployed_copy_carries_the_change_and_the_basis_says_that_it_is_a_copy() -> None:
    """The backport names what it was picked from; the commit itself was never deployed."""
    copy = commit("e" * 40, -20, picked_from=(BAD,))
    case = replace(BROKEN, commits=(*BROKEN.commits, copy), deployments=(deployment("e" * 40, -5),))
    graph = case.graph()
    edges = {(edge.source, edge.target): edge for edge in graph.edges}
    basis = edges["change_bbbbbbb", "running_bbbbbbb"].basis
    assert "contains eeeeeee by git ancestry, a copy of the commit" in basis


def test_a_deployment_after_the_failure_is_no_cause_of_it() -> None:
    """What went out later than the failure is not linked to it."""
    case = replace(BROKEN, deployments=(deployment(MERGE, 10),))
    assert "running_bbbbbbb" not in {node.id for node in case.graph().nodes}


def test_without_recovery_or_declaration_no_edge_to_the_failure() -> None:
    """Deployed before and reverted after is succession; without an answer there is no edge."""
    graph = replace(BROKEN, events=(alert(),)).graph()
    assert graph.node("failure_shop").equation is None
    assert any("could not have happened without it" in f.statement for f in graph.missing_factors)


def test_a_declared_change_stands_on_its_declaration() -> None:
    """Without a deployment record the author's word links it, and the missing record is named."""
    case = Recorded(events=(alert(),), commits=(commit(BAD, -60),)).with_manifest(
        changes=(SuspectChange("bbbbbbb", "It broke the price table.", "shop"),)
    )
    graph = case.graph()
    assert graph.node("failure_shop").equation == "running_bbbbbbb"
    assert any("No deployment record" in f.statement for f in graph.missing_factors)


def test_the_agent_that_wrote_the_change_owes_it() -> None:
    """A commit with an agent's mark is the agent's act, one without a marker its author's."""
    marked = commit(
        BAD,
        -60,
        kind="agent",
        author="bot",
        agents=(AgentMark("bot", None, "bot_author", "E2#commit"),),
    )
    by_agent = replace(BROKEN, commits=(marked, *BROKEN.commits[1:]))
    assert breaches_of(by_agent)["change_bbbbbbb"] == "maker"
    assert breaches_of(BROKEN)["change_bbbbbbb"] == "team"
    assert "does not exclude" in BROKEN.graph().node("change_bbbbbbb").statement


@pytest.mark.parametrize(
    ("policies", "record", "expected"),
    [
        ((), review("absent"), {"review_not_demanded_bbbbbbb": "house"}),
        (
            (policy("review", enforced=False),),
            review("absent"),
            {"review_not_enforced_bbbbbbb": "house", "review_not_obtained_bbbbbbb": "team"},
        ),
        (
            (policy("review", enforced=True),),
            review("absent", bypassed_by="lead"),
            {"review_bypassed_bbbbbbb": "house"},
        ),
        (
            (policy("review", enforced=True),),
            review("absent", bypassed_by="bot"),
            {"review_circumvented_bbbbbbb": "maker"},
        ),
        (
            (policy("review", enforced=True),),
            review("ineffective", approval("too_fast")),
            {"review_unsound_bbbbbbb": "team"},
        ),
        ((policy("review", enforced=True),), review("sound", approval()), {}),
    ],
)
def test_who_owed_the_review(
    policies: tuple[object, ...], record: ChangeReview, expected: dict[str, str]
) -> None:
    """Each row of the table, and an approval that was sound or was not, for review of a change."""
    case = replace(BROKEN, reviews=(record,)).with_manifest(policies=policies)
    found = {name: party for name, party in breaches_of(case).items() if name.startswith("review")}
    assert found == expected


def enforced(approvals: int | None, *, both: bool = True) -> Enforcement:
    """Return what records show the platform to have enforced at the merge."""
    place = ("E5#/0",)
    setting = Setting("required_approvals", approvals, "recorded before the merge", place)
    shown = () if approvals is None else (setting,)
    sources = ("branch_protection", "ruleset") if both else ("branch_protection",)
    return Enforcement(at(-30), shown, (), sources)


@pytest.mark.parametrize(
    ("policies", "state", "expected"),
    [
        # The policy says enforced, the platform did not at the merge.
        (
            (policy("review", enforced=True),),
            enforced(0),
            {"review_not_enforced_bbbbbbb": "house", "review_not_obtained_bbbbbbb": "team"},
        ),
        # The policy says it was not enforced; at the merge it was.
        ((policy("review", enforced=False),), enforced(2), {"review_bypassed_bbbbbbb": "team"}),
        # No policy is declared, and the platform demanded it.
        ((), enforced(1), {"review_bypassed_bbbbbbb": "team"}),
        # Rule sets may have demanded what branch protection did not: the policy stands.
        (
            (policy("review", enforced=True),),
            enforced(0, both=False),
            {"review_bypassed_bbbbbbb": "team"},
        ),
        ((policy("review", enforced=True),), enforced(None), {"review_bypassed_bbbbbbb": "team"}),
    ],
)
def test_what_was_enforced_at_the_merge_outweighs_what_the_policy_says(
    policies: tuple[object, ...], state: Enforcement, expected: dict[str, str]
) -> None:
    """Today's rules, and what somebody says of them, do not decide what the platform did then."""
    record = replace(review("absent"), enforced=state)
    case = replace(BROKEN, reviews=(record,)).with_manifest(policies=policies)
    found = {name: party for name, party in breaches_of(case).items() if name.startswith("review")}
    assert found == expected
    if state.required_approvals and state.required_approvals > 0:
        assert "E5#/0" in case.graph().node("review_bypassed_bbbbbbb").evidence


def test_a_platform_that_demanded_review_does_not_turn_a_missing_record_into_a_bypass() -> None:
    """Nothing on record of the reviews: the rule in force speaks for one, not for a bypass."""
    record = replace(review("unknown"), enforced=enforced(2))
    case = replace(BROKEN, reviews=(record,))
    assert "review_bypassed_bbbbbbb" not in breaches_of(case)


def test_an_approval_declared_in_the_manifest_counts() -> None:
    """An approval stated in case.yaml for the pull request leaves no breach of review."""
    case = replace(BROKEN, reviews=(review("absent"),)).with_manifest(
        approvals=(DeclaredApproval("review", "#7", "lead"),)
    )
    assert not [name for name in breaches_of(case) if name.startswith("review")]


def test_no_record_of_review_is_not_no_review() -> None:
    """Without any record of the pull request the absence is believed less."""
    unknown = BROKEN.graph().node("review_not_demanded_bbbbbbb").credence
    absent = replace(BROKEN, reviews=(review("absent"),)).graph()
    known = absent.node("review_not_demanded_bbbbbbb").credence
    assert unknown is not None
    assert known is not None
    assert unknown.point < known.point


def test_a_required_check_that_failed_is_a_control_of_its_own() -> None:
    """Merged over a failed required check: whoever bypassed it, where the platform enforced it."""
    failed = Check("tests", BAD, "failure", required=True, reference="E3#/check_runs/0")
    record = replace(review("sound", approval()), checks=(failed,), bypassed_by="lead")
    case = replace(BROKEN, reviews=(record,)).with_manifest(
        policies=(policy("checks", enforced=True),)
    )
    assert breaches_of(case)["checks_bypassed_bbbbbbb"] == "house"
    passed = replace(record, checks=(replace(failed, conclusion="success"),))
    assert not [n for n in breaches_of(replace(case, reviews=(passed,))) if n.startswith("checks")]


def demanded(branch: str) -> Event:
    """Return a look at a rule that demanded a review, long before."""
    return event(
        "protection.state",
        -60 * 24,
        None,
        repository="shop",
        branch=branch,
        source="branch_protection",
        required_approvals=1,
    )


def lifted(minutes: float, before: int | None = 1) -> Event:
    """Return the change by which the lead turned the demand for a review off."""
    change = event(
        "protection.changed",
        minutes,
        "lead",
        repository="shop",
        branch="main",
        source="branch_protection",
        operation="protected_branch.destroy",
        after={"required_approvals": 0},
    )
    if before is None:
        return change
    return replace(change, data={**change.data, "before": {"required_approvals": before}})


@pytest.mark.parametrize(
    ("change", "known", "party"),
    [
        (lifted(-40), (), "house"),
        (lifted(-40, before=None), (demanded("main"),), "house"),
        (lifted(-30 - 60 * 25), (), None),
        (lifted(-40, before=None), (), None),
        (lifted(-40, before=None), (demanded("release"),), None),
        (lifted(-40, before=0), (), None),
    ],
    ids=[
        "shortly before",
        "by an earlier look",
        "long before",
        "nobody knows of before",
        "of another branch",
        "was off before",
    ],
)
def test_a_demand_that_was_lifted_for_the_merge_was_got_round(
    change: Event, known: tuple[Event, ...], party: str | None
) -> None:
    """Whoever turned it off within the day is held to it; a lasting change is a decision."""
    unprotected = Enforcement(
        at(-30), (Setting("required_approvals", 0, "the log", change.references),)
    )
    record = replace(review("absent"), enforced=unprotected)
    case = replace(BROKEN, events=(*BROKEN.events, *known, change), reviews=(record,))
    graph = case.graph()
    found = [node for node in graph.nodes if node.id == "review_bypassed_bbbbbbb"]
    assert [node.party for node in found] == ([] if party is None else [party])
    assert all("turned off the control" in node.statement for node in found)
