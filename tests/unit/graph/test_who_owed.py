"""The table "who owed an absent control": each row changes the shares as it must."""

from __future__ import annotations

import pytest

from attribution.model.graph import Duty
from attribution.model.manifest import DeclaredApproval
from tests.unit.graph.recorded import (
    OVERREACH,
    Recorded,
    alert,
    deletion,
    policy,
    prompt,
    tool_call,
)


def breaches_of(case: Recorded) -> dict[str, str]:
    """Return the breaches about the control of the act, with their party."""
    return {
        breach.node: party.id
        for party in case.attribute().parties
        for breach in party.breaches
        if breach.node.startswith("production_approval")
    }


def test_not_demanded_is_the_organisations() -> None:
    """No policy demanded approval: the one breach is the organisation's."""
    assert breaches_of(OVERREACH) == {"production_approval_not_demanded_shop": "house"}


def test_demanded_but_not_enforced_is_two_breaches() -> None:
    """Demanded, not enforced: the organisation did not enforce, the deployer did not obtain."""
    case = OVERREACH.with_manifest(policies=(policy("production_approval", enforced=False),))
    assert breaches_of(case) == {
        "production_approval_not_enforced_shop": "house",
        "production_approval_not_obtained_shop": "team",
    }


def test_enforced_and_got_round_by_the_agent_is_the_agents() -> None:
    """Enforced, and the agent went ahead all the same: the agent's."""
    case = OVERREACH.with_manifest(policies=(policy("production_approval", enforced=True),))
    assert breaches_of(case) == {"production_approval_circumvented_shop": "maker"}


def test_enforced_and_bypassed_by_a_person_is_that_persons_party() -> None:
    """Enforced, and a person is recorded as having bypassed it: that person's party."""
    for person, party in (("operator", "team"), ("lead", "house")):
        case = OVERREACH.with_manifest(
            policies=(policy("production_approval", enforced=True, bypassed_by=person),)
        )
        assert breaches_of(case) == {"production_approval_bypassed_shop": party}


def test_an_approval_that_was_given_leaves_no_breach() -> None:
    """With a sound approval nobody owed anything for the control, and their shares fall."""
    before = OVERREACH.with_manifest(policies=(policy("production_approval", enforced=False),))
    given = before.with_manifest(
        approvals=(DeclaredApproval("production_approval", "act_shop", "lead"),)
    )
    assert breaches_of(given) == {}
    assert given.potency()["team"] == 0.0 < before.potency()["team"]
    assert given.potency()["maker"] > before.potency()["maker"]
    (barrier,) = [b for b in given.graph().barriers if b.control == "production_approval"]
    assert barrier.state == "present"


@pytest.mark.parametrize(
    ("first", "second", "rises", "falls"),
    [
        ((), (policy("production_approval", enforced=False),), "team", "house"),
        (
            (policy("production_approval", enforced=False),),
            (policy("production_approval", enforced=True),),
            "maker",
            "team",
        ),
    ],
)
def test_one_changed_fact_moves_the_shares(
    first: tuple[object, ...], second: tuple[object, ...], rises: str, falls: str
) -> None:
    """Going one row further down the table moves responsibility to whom the new row names."""
    before = OVERREACH.with_manifest(policies=first).potency()
    after = OVERREACH.with_manifest(policies=second).potency()
    assert after[rises] > before[rises]
    assert after[falls] < before[falls]


def test_a_case_moves_a_duty_to_somebody_else() -> None:
    """A duty of the same id in case.yaml replaces the table's owner."""
    duty = Duty("demand-control", "The deployer sets the rules.", "deployer", "contract 3.1")
    case = OVERREACH.with_manifest(duties=(duty,))
    assert breaches_of(case) == {"production_approval_not_demanded_shop": "team"}


def test_an_agent_under_a_persons_identity_is_the_one_who_got_round_it() -> None:
    """The audit log names a person, the agent's own log shows it at work: the agent did it."""
    case = Recorded(
        events=(
            prompt(-30, "Please correct the rate."),
            tool_call(-1),
            deletion(-1, "operator"),
            alert(),
        )
    ).with_manifest(policies=(policy("production_approval", enforced=True),))
    assert breaches_of(case) == {"production_approval_circumvented_shop": "maker"}
    assert any(node.id == "inherited_ops_role" for node in case.graph().nodes)
