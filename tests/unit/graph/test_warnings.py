"""Earlier warnings: who had them, what they were about, and what acting on them would have done."""

from __future__ import annotations

from dataclasses import replace

import pytest

from attribution.model.event import Event
from attribution.model.interval import Interval
from attribution.model.manifest import DeclaredApproval, Override
from attribution.model.record import JsonValue
from tests.unit.graph.recorded import Recorded, alert, at, event, prompt, tool_call
from tests.unit.graph.test_changes import BROKEN, review

ASKED = prompt(-30, "Please correct the rate on the export page.")
DELETED = event(
    "audit.call",
    -1,
    "bot",
    "DeleteEnvironment",
    operation="DeleteEnvironment",
    read_only=False,
    resources=["shop-prod"],
    session="s1",
)


def warning(minutes: float = -600, **data: JsonValue) -> Event:
    """Return a warning that the reviewer gave about the shop."""
    return event("warning", minutes, "reviewer", "Anybody can delete it.", service="shop", **data)


def case(*more: Event) -> Recorded:
    """Return an agent's overreach, approved by the lead, after what is given."""
    approval = DeclaredApproval("production_approval", "shop", "lead")
    return Recorded(events=(ASKED, tool_call(-1), DELETED, alert(), *more)).with_manifest(
        approvals=(approval,)
    )


def settled(recorded: Recorded, **credences: float) -> Recorded:
    """Return the case with these nodes believed exactly so far."""
    return recorded.with_manifest(
        credences=tuple(
            Override(node, Interval(value, value, value), "the test", "to check by hand")
            for node, value in credences.items()
        )
    )


def test_whoever_had_a_warning_is_held_to_have_acted_on_it() -> None:
    """It is an omission of the party told, by the duty of the catalogue, and it leads to harm."""
    graph = case(warning(told=["operator"])).graph()
    omission = graph.node("unheeded_shop_team")
    assert (omission.party, omission.duty, omission.basis) == (
        "team",
        "heed-warning",
        "absence_of_record",
    )
    assert graph.node("heeded_shop_team").equation == (
        "warned_shop and would_help_shop and not unheeded_shop_team"
    )
    assert "not heeded_shop_team" in str(graph.node("failure_shop").equation)
    assert all(
        edge.counterfactual.startswith("no:") for edge in graph.edges if edge.rule == "warning"
    )
    finding = next(item for item in graph.findings if item.id == "warning:unheeded_shop_team")
    assert finding.status == "proposed"
    assert finding.nodes == ("unheeded_shop_team", "warned_shop")
    assert finding.refuted_by


@pytest.mark.parametrize("helps", [0.0, 0.5, 1.0])
def test_the_share_of_an_unheeded_warning_by_hand(helps: float) -> None:
    """v(maker) = v(both) = 1 and v(team) = p, how often it would have helped: so team has p/2."""
    settled_case = settled(
        case(warning(told=["operator"])),
        asked_shop=0.0,
        overreach_shop=1.0,
        warned_shop=1.0,
        unheeded_shop_team=1.0,
        would_help_shop=helps,
    )
    potency = settled_case.potency()
    assert potency["team"] == pytest.approx(helps / 2)
    assert potency["maker"] == pytest.approx(1 - helps / 2)


def test_what_was_to_be_done_after_an_incident_is_another_duty() -> None:
    """`form` action names carry-out-actions, owed by the organisation that knew of it."""
    graph = case(warning(told=["house"], form="action", acted_on=False)).graph()
    omission = graph.node("undone_shop_house")
    assert (omission.party, omission.duty, omission.basis) == (
        "house",
        "carry-out-actions",
        "single_statement",
    )


def test_nobody_is_held_to_a_warning_that_no_record_says_he_had() -> None:
    """Without `told` it is a condition that leads to nothing, and what is missing is said."""
    graph = case(warning()).graph()
    assert graph.node("warned_shop").kind == "condition"
    assert [node.id for node in graph.nodes if node.id.startswith("unheeded")] == []
    assert "warned_shop" not in {edge.source for edge in graph.edges}
    assert any("No record says who had" in factor.statement for factor in graph.missing_factors)


def test_a_warning_that_was_acted_on_is_nobodys_omission() -> None:
    graph = case(warning(told=["operator"], acted_on=True)).graph()
    assert [node.id for node in graph.nodes if node.duty == "heed-warning"] == []


def test_an_agent_that_was_told_owes_no_duty_of_the_catalogue() -> None:
    """The duty to heed is of vendor, organisation and deployer; an agent is a cause, no debtor."""
    graph = case(warning(told=["bot"])).graph()
    assert [node.id for node in graph.nodes if node.duty == "heed-warning"] == []


def test_a_warning_after_the_failure_warned_nobody_of_it() -> None:
    """It is refused as a cause, and that it came later is told."""
    graph = case(warning(30, told=["operator"])).graph()
    assert [node.id for node in graph.nodes if node.rule == "warning"] == []
    assert any("came later than" in factor.statement for factor in graph.missing_factors)


def test_a_warning_whose_order_is_open_is_told_as_such() -> None:
    """Where its time overlaps the failure's, the omission may be true or not; the order shows."""
    vague = replace(warning(0, told=["operator"]), time_low=at(-30), time_high=at(30))
    graph = case(vague).graph()
    assert graph.node("unheeded_shop_team").basis == "undecided_order"
    assert "unheeded_shop_team" in {order.node for order in graph.open_orders}


def test_a_warning_without_a_time_may_have_come_too_late() -> None:
    """It is believed as an undecided order is, and that no time is on record is told."""
    undated = replace(warning(told=["operator"]), time=None, time_low=None, time_high=None)
    graph = replace(case(), undated=(undated,)).graph()
    assert graph.node("unheeded_shop_team").basis == "undecided_order"
    assert any("has no time" in factor.statement for factor in graph.missing_factors)


def test_a_note_warns_nobody() -> None:
    """The same words in a row of kind `note` are prose, and no rule reads prose."""
    note = replace(warning(told=["operator"]), kind="note")
    assert [node.id for node in case(note).graph().nodes if node.rule == "warning"] == []


def test_earlier_incidents_are_told_and_cause_nothing() -> None:
    """That a service failed before says nothing of the kind: succession is no cause."""
    before = event("alert.triggered", -6000, None, service="shop", incident="I0")
    over = event("alert.resolved", -5990, None, service="shop", incident="I0")
    plain, graph = case().graph(), case(before, over).graph()
    assert {node.id for node in graph.nodes} == {node.id for node in plain.nodes}
    assert any("1 earlier incident of Shop" in one.statement for one in graph.missing_factors)
    assert not any("earlier incident" in one.statement for one in plain.missing_factors)


def objected(*reviews: Event) -> Recorded:
    """Return the change that broke the shop, merged by the operator after these reviews."""
    return replace(BROKEN, events=(*BROKEN.events, *reviews), reviews=(review("absent"),))


def given(kind: str, minutes: float, reviewer: str = "reviewer") -> Event:
    """Return a review of the pull request that carried it."""
    return event(
        f"review.{kind}", minutes, reviewer, reviewer=reviewer, number=7, repository="shop"
    )


def test_changes_that_were_asked_for_and_merged_over_are_a_warning_to_whoever_merged() -> None:
    """It stands in front of what the change brought about, as a review would have."""
    graph = objected(given("changes_requested", -40)).graph()
    assert graph.node("unheeded_bbbbbbb_team").duty == "heed-warning"
    assert "not heeded_bbbbbbb_team" in str(graph.node("running_bbbbbbb").equation)
    helps = graph.node("would_help_bbbbbbb").credence
    assert helps is not None
    assert helps.to_list() == [0.15, 0.45, 0.85]


@pytest.mark.parametrize(
    "reviews",
    [
        (given("changes_requested", -40), given("approved", -35)),
        (given("changes_requested", -20),),
        (given("commented", -40),),
    ],
    ids=["taken back", "after the merge", "only a comment"],
)
def test_no_objection_that_stood_at_the_merge_is_no_warning(reviews: tuple[Event, ...]) -> None:
    graph = objected(*reviews).graph()
    assert [node.id for node in graph.nodes if node.rule == "warning"] == []


def test_anothers_approval_does_not_take_an_objection_back() -> None:
    graph = objected(given("changes_requested", -40), given("approved", -35, "lead")).graph()
    assert graph.node("unheeded_bbbbbbb_team").party == "team"
