"""Statements that rest on an order nobody can decide: they stay, and they say so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from attribution.model.event import Event, Precedent
from attribution.model.graph import CausalGraph
from attribution.model.instant import SECOND, Instant
from attribution.model.manifest import DeclaredApproval, SuspectChange
from attribution.model.order import Moment, OpenOrder
from tests.unit.graph.recorded import (
    OBJECTIVES,
    OVERREACH,
    SERVICE,
    Recorded,
    alert,
    at,
    deletion,
    event,
    prompt,
    tool_call,
)
from tests.unit.graph.test_changes import BAD, BROKEN, MERGE, approval, deployment, review

OPEN = "cannot be decided: their times overlap"


def vague(told: Event, minutes: float) -> Event:
    """Return the event known to so many minutes either way."""
    time = told.time or Instant(0)
    slack = round(minutes * 60 * SECOND)
    return replace(told, time_low=Instant(time - slack), time_high=Instant(time + slack))


def basis(graph: CausalGraph, source: str, target: str) -> str:
    return next(e.basis for e in graph.edges if (e.source, e.target) == (source, target))


def rests(graph: CausalGraph) -> list[tuple[str, str]]:
    return [(order.node, order.rests) for order in graph.open_orders]


def test_where_all_times_are_apart_no_order_is_open() -> None:
    """The cases the other tests use have none: the list is no noise."""
    for case in (OVERREACH, BROKEN):
        graph = case.graph()
        assert graph.open_orders == ()
        assert not any(OPEN in edge.basis for edge in graph.edges)


def test_an_act_that_may_have_come_after_the_failure_stays_and_says_so() -> None:
    """The call is known to five minutes, the alert came two minutes after it."""
    events = (*OVERREACH.events[:2], vague(deletion(-1, "bot"), 5), alert())
    graph = replace(OVERREACH, events=events).graph()
    edge = next(e for e in graph.edges if (e.source, e.target) == ("act_shop", "failure_shop"))
    assert OPEN in edge.basis
    assert edge.status == "proposed"
    assert ("act_shop", "that the operation is a cause of the failure of Shop") in rests(graph)


def test_an_act_certainly_after_the_failure_is_still_refused() -> None:
    """A cause later than its effect is no cause, however vague the rest is."""
    events = (*OVERREACH.events[:2], vague(deletion(30, "bot"), 5), alert())
    assert "act_shop" not in {n.id for n in replace(OVERREACH, events=events).graph().nodes}


def test_a_request_that_may_have_come_after_the_act_counts_as_asked_and_is_named() -> None:
    """The benefit of the doubt: what may have been asked before is held to the agent's credit."""
    asked = vague(prompt(-0.9, "Please delete shop-prod."), 2)
    calls = tuple(vague(one, 1) for one in (tool_call(-1), deletion(-1, "bot")))
    graph = replace(OVERREACH, events=(asked, *calls, alert(3))).graph()
    assert "overreach_shop" not in {node.id for node in graph.nodes}

    other = replace(asked, text="Please correct the rate.")
    graph = replace(OVERREACH, events=(other, *calls, alert(3))).graph()
    assert OPEN in basis(graph, "overreach_shop", "act_shop")
    assert ("overreach_shop", "that this was among what had been asked") in rests(graph)


def test_the_sessions_own_log_decides_whether_a_request_came_first() -> None:
    """Prompt and call overlap by their times; the log has the call after the prompt."""
    asked = vague(prompt(-0.9, "Please correct the rate."), 2)
    call = replace(vague(tool_call(-1), 2), after=(Precedent(asked.id, "session-log"),))
    graph = replace(
        OVERREACH, events=(asked, call, vague(deletion(-1, "bot"), 1), alert(3))
    ).graph()
    assert "overreach_shop" in {node.id for node in graph.nodes}
    assert "that this was among what had been asked" not in [text for _, text in rests(graph)]


def test_a_grant_that_may_have_come_after_its_use_says_so() -> None:
    """The role is granted in the same minute in which it is used."""
    call = event(
        "audit.call", -1.5, "lead", "PutRolePolicy", operation="PutRolePolicy",
        resources=["ops-role"], read_only=False,
    )  # fmt: skip
    case = replace(OVERREACH, events=(*OVERREACH.events, vague(call, 1)))
    graph = case.graph()
    assert OPEN in basis(graph, "grant_ops_role", "permission_ops_role")
    assert ("grant_ops_role", "that the role had been granted when it was used") in rests(graph)


def test_an_approval_that_may_have_come_too_late_counts_and_the_barrier_says_so() -> None:
    """Approved at a minute that lies within the bounds of the act."""
    given = DeclaredApproval("production_approval", "shop", "lead", at(-0.5))
    events = (*OVERREACH.events[:2], vague(deletion(-1, "bot"), 1), alert(3))
    graph = replace(OVERREACH, events=events).with_manifest(approvals=(given,)).graph()
    barrier = next(one for one in graph.barriers if one.control == "production_approval")
    assert barrier.state == "present"
    assert OPEN in barrier.statement
    assert ("act_shop", "that the operation had been approved") in rests(graph)


def test_a_deployment_that_may_have_come_after_the_failure_says_so() -> None:
    """Its record is a note known to ten minutes."""
    went_out = replace(deployment(MERGE, -5), time_low=at(-15), time_high=at(5))
    graph = replace(BROKEN, deployments=(went_out,)).graph()
    assert OPEN in basis(graph, "running_bbbbbbb", "failure_shop")
    assert ("running_bbbbbbb", "that the change ran when Shop failed") in rests(graph)


def test_a_recovery_that_may_have_come_before_the_revert_says_so() -> None:
    """The answer to the counterfactual test rests on it: the basis does not claim more."""
    over = event("alert.resolved", 61, "operator", service="shop", incident="I1")
    graph = replace(BROKEN, events=(alert(), vague(over, 10))).graph()
    told = basis(graph, "running_bbbbbbb", "failure_shop")
    assert OPEN in told
    assert "recovery is recorded after it" not in told
    assert (
        "running_bbbbbbb",
        "that the service recovered because the change was taken out",
    ) in rests(graph)


def test_a_change_suspect_only_by_a_revert_of_unknown_order_gets_the_widest_credence() -> None:
    """The revert may have come before the failure: then nothing makes the change suspect."""
    revert = "d" * 40
    made = vague(event("commit", 60, "operator", sha=revert), 65)
    graph = replace(BROKEN, events=(*BROKEN.events, made)).graph()
    node = graph.node("change_bbbbbbb")
    assert node.basis == "undecided_order"
    assert node.credence is not None
    assert node.credence.to_list() == [0.0, 0.5, 1.0]
    declared = replace(BROKEN, events=(*BROKEN.events, made)).with_manifest(
        changes=(SuspectChange(BAD, "It broke the shop.", "shop", ()),)
    )
    assert declared.graph().node("change_bbbbbbb").basis != "undecided_order"


def test_a_review_whose_approval_may_be_later_than_the_merge_says_so() -> None:
    """Approval and merge in one second: the control counts as in place, and the doubt is told."""
    second = (at(-30), Instant(at(-30) + SECOND - 1))
    order = OpenOrder(
        Moment("the approval of #7", *second),
        Moment("the merge of #7", *second),
        "#7",
        "that the approval came before the merge",
    )
    told = review("sound", replace(approval(), open_orders=(order,)))
    graph = replace(BROKEN, reviews=(told,)).graph()
    barrier = next(one for one in graph.barriers if one.control == "review")
    assert barrier.state == "present"
    assert OPEN in barrier.statement
    assert ("review_held_bbbbbbb", "that the approval came before the merge") in rests(graph)


@pytest.mark.parametrize(("minutes", "late"), [(17, True), (15, False)])
def test_whether_a_phase_kept_to_its_objective_may_be_open(minutes: float, *, late: bool) -> None:
    """Taken up 16 or 14 minutes after the alert, known to three: the objective is 15.

    By the best estimate late: a breach, at the widest credence. In time by it: no breach, and the
    order is told all the same.
    """
    taken = vague(event("alert.acknowledged", minutes, "operator", incident="I1"), 3)
    service = replace(SERVICE, objectives=OBJECTIVES)
    case = Recorded(events=(alert(), taken)).with_manifest(services=(service,))
    graph = case.graph()
    nodes = {node.id: node for node in graph.nodes}
    node = "late_acknowledgement_shop" if late else "failure_shop"
    assert (node, "that acknowledgement kept to its objective") in rests(graph)
    assert ("late_acknowledgement_shop" in nodes) is late
    if late:
        assert nodes[node].basis == "undecided_order"
        assert "took 16 min (12 min 59 s to 19 min" in nodes[node].statement


def test_a_phase_known_finely_enough_is_told_as_one_length_and_a_machines_record() -> None:
    taken = event("alert.acknowledged", 121, "operator", incident="I1")
    service = replace(SERVICE, objectives=OBJECTIVES)
    graph = Recorded(events=(alert(), taken)).with_manifest(services=(service,)).graph()
    node = graph.node("late_acknowledgement_shop")
    assert node.basis == "machine_record"
    assert "took 2 h against an objective of 15 min" in node.statement


def test_which_of_two_services_failed_first_may_be_open() -> None:
    """The dependency's alert and the shop's are known to a minute and overlap."""
    basement = replace(SERVICE, id="store", name="Store", resources=("store-*",), repositories=())
    shop = replace(SERVICE, depends_on=("store",))
    below = event("alert.triggered", 0.5, None, service="store", incident="I2")
    case = Recorded(events=(vague(below, 1), vague(alert(), 1)))
    graph = case.with_manifest(services=(shop, basement)).graph()
    assert OPEN in basis(graph, "failure_store", "failure_shop")
    assert ("failure_store", "that the failure of Shop came of it") in rests(graph)


def test_the_graph_document_lists_the_open_orders_with_their_bounds_and_evidence() -> None:
    went_out = replace(deployment(MERGE, -5), time_low=at(-15), time_high=at(5))
    (order,) = replace(BROKEN, deployments=(went_out,)).graph().open_orders
    assert replace(BROKEN, deployments=(went_out,)).graph().to_dict()["open_orders"] == [
        order.to_dict()
    ]
    assert order.to_dict()["first"] == {
        "what": "deployment 9",
        "time_low": "2026-03-10T18:45:00Z",
        "time_high": "2026-03-10T19:05:00Z",
        "evidence": ["E4#/0"],
        "event": None,
    }
