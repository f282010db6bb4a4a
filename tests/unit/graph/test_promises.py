"""The checks of the explanation of the numbers, on graphs that rules built from records."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from attribution.model.interval import CERTAIN, EXCLUDED
from attribution.model.manifest import Override
from tests.unit.graph.recorded import (
    BASE,
    OBJECTIVES,
    OVERREACH,
    SERVICE,
    WHOLE,
    Recorded,
    alert,
    at,
    deletion,
    event,
    prompt,
    tool_call,
)


def certain(*nodes: str) -> tuple[Override, ...]:
    """Return overrides that settle these nodes as true, and that nobody asked off the record."""
    acts = ("asked_shop", "asked_shop_2")
    unasked = [asked for asked in acts if asked.replace("asked", "overreach") in nodes]
    return tuple(Override(node, CERTAIN, "test", "settled") for node in nodes) + tuple(
        Override(node, EXCLUDED, "test", "settled") for node in unasked
    )


def useless(control: str) -> Override:
    """Return an override by which a control never stops anything."""
    return Override(control, EXCLUDED, "test", "it could not have seen it")


def test_two_jointly_necessary_breaches_bear_half_each() -> None:
    """Overreach and the permission it used were both needed: half and half."""
    case = OVERREACH.with_manifest(
        credences=certain("overreach_shop", "grant_ops_role"),
        effectiveness=(useless("production_approval"),),
    )
    assert case.potency() == pytest.approx({"maker": 0.5, "team": 0.0, "house": 0.5})


def test_two_breaches_each_sufficient_bear_half_each() -> None:
    """Two agents delete the environment on their own, either would have sufficed: half and half."""
    parties = (*BASE.parties, replace(BASE.parties[0], id="other", name="Another agent"))
    actors = tuple(
        replace(item, party="other") if item.id == "bot-two" else item for item in BASE.actors
    )
    case = Recorded(
        manifest=replace(
            BASE,
            parties=parties,
            actors=actors,
            credences=(
                *certain("overreach_shop", "overreach_shop_2"),
                Override("grant_ops_role", CERTAIN, "test", "settled"),
            ),
            duties=(),
            effectiveness=(useless("production_approval"),),
        ),
        events=(
            prompt(-30, "Correct the rate."),
            prompt(-30.5, "Correct the tax.", session="s2"),
            tool_call(-2),
            deletion(-2, "bot"),
            tool_call(-1, "bot-two", "s2"),
            deletion(-1, "bot-two", "s2", role="other-role"),
            alert(),
        ),
    ).with_manifest(
        credences=(
            *certain("overreach_shop", "overreach_shop_2"),
            Override("grant_ops_role", CERTAIN, "test", "settled"),
            Override("grant_other_role", CERTAIN, "test", "settled"),
        )
    )
    potency = case.potency()
    assert potency["maker"] == pytest.approx(potency["other"])
    graph = case.graph()
    assert "act_shop or act_shop_2" in (graph.node("failure_shop").equation or "")
    assert sum(potency.values()) == pytest.approx(1.0)


def test_a_preempted_breach_bears_nothing() -> None:
    """A second agent's deletion that found nothing left is in the graph and bears nothing."""
    parties = (*BASE.parties, replace(BASE.parties[0], id="other", name="Another agent"))
    actors = tuple(
        replace(item, party="other") if item.id == "bot-two" else item for item in BASE.actors
    )
    case = Recorded(
        manifest=replace(BASE, parties=parties, actors=actors),
        events=(
            prompt(-30, "Correct the rate."),
            prompt(-30.5, "Correct the tax.", session="s2"),
            tool_call(-2),
            deletion(-2, "bot"),
            tool_call(-1, "bot-two", "s2"),
            deletion(-1, "bot-two", "s2", error="ResourceNotFoundException"),
            alert(),
        ),
    )
    attribution = case.attribute()
    other = next(party for party in attribution.parties if party.id == "other")
    maker = next(party for party in attribution.parties if party.id == "maker")
    assert [breach.node for breach in other.breaches] == ["overreach_shop_2"]
    assert other.share.high == 0.0
    assert maker.share.low > 0.0
    assert case.graph().node("hit_shop_2").equation == "act_shop_2 and not act_shop"


def test_a_duty_whose_performance_changes_nothing_bears_nothing() -> None:
    """An absent approval that could not have seen the harm bears nothing."""
    case = OVERREACH.with_manifest(effectiveness=(useless("production_approval"),))
    shares = {b.node: b.potency for p in case.attribute().parties for b in p.breaches}
    assert shares["production_approval_not_demanded_shop"] == 0.0


def test_shares_and_the_unattributed_part_make_one() -> None:
    """Potency of all parties and the unattributed part sum to 1 to 1e-9."""
    attribution = OVERREACH.attribute()
    total = sum(party.potency for party in attribution.parties) + attribution.unattributed.point
    assert total == pytest.approx(1.0, abs=1e-9)


def test_points_of_breaches_sum_to_the_share() -> None:
    """Every point of a share leads to a breach, and every breach to evidence."""
    for party in OVERREACH.attribute().parties:
        assert sum(b.points for b in party.breaches) == pytest.approx(party.share.point)
        assert all(breach.evidence for breach in party.breaches)


def test_a_slow_response_bears_the_hours_it_added_and_not_the_others() -> None:
    """Late acknowledgement is a breach for the stretch after the objectives, not for the first."""
    first = replace(WHOLE, end=at(135))
    rest = replace(WHOLE, id="H2", title="The rest", start=at(135), end=at(240), point=Decimal(1))
    service = replace(SERVICE, objectives=OBJECTIVES)
    case = replace(
        OVERREACH,
        events=(
            *OVERREACH.events,
            event("alert.acknowledged", 121, "operator", incident="I1"),
            event("alert.resolved", 240, "operator", service="shop", incident="I1"),
        ),
    ).with_manifest(services=(service,), harms=(first, rest))
    graph = case.graph()
    assert graph.node("harm_h1").equation == "failure_shop"
    assert graph.node("harm_h2").equation == "failure_shop and late_acknowledgement_shop"
    harms = {harm.id: harm.shares or {} for harm in case.attribute().harms}
    assert harms["H1"]["team"] == 0.0 < harms["H2"]["team"]


def test_a_response_within_its_objectives_adds_nothing() -> None:
    """Nobody is late when every phase kept to its objective."""
    service = replace(SERVICE, objectives=OBJECTIVES)
    case = replace(
        OVERREACH,
        events=(
            *OVERREACH.events,
            event("alert.acknowledged", 5, "operator", incident="I1"),
            event("alert.resolved", 60, "operator", service="shop", incident="I1"),
        ),
    ).with_manifest(services=(service,), harms=(replace(WHOLE, end=at(60)),))
    assert not [node for node in case.graph().nodes if node.id.startswith("late_")]


def test_succession_alone_is_no_edge() -> None:
    """What merely came before, or came after, is linked to nothing."""
    later = replace(
        OVERREACH, events=(prompt(-30, "Correct the rate."), alert(), deletion(5, "bot"))
    )
    ids = {node.id for node in later.graph().nodes}
    assert "act_shop" not in ids
    bystander = event(
        "audit.call",
        -2,
        "lead",
        operation="DeleteEnvironment",
        read_only=False,
        resources=["elsewhere-prod"],
        role="ops-role",
    )
    apart = replace(OVERREACH, events=(bystander, alert()))
    assert {node.id for node in apart.graph().nodes} == {"failure_shop", "harm_h1"}
    assert apart.attribute().unattributed.point == 1.0


@pytest.mark.parametrize(
    ("asked", "overreach"),
    [
        ("Delete the old environment.", False),
        ("Tear the shop down, please.", False),
        ("Please remove the typo on the export page.", True),
        ("Change the timeout of shop-prod.", True),
        ("Tidy up, but do not delete the environment.", True),
    ],
)
def test_an_act_is_overreach_unless_the_task_asked_for_it(asked: str, *, overreach: bool) -> None:
    """Taking away counts as asked for when it was asked of this thing, and not forbidden."""
    case = replace(OVERREACH, events=(prompt(-30, asked), *OVERREACH.events[1:]))
    assert ("overreach_shop" in {node.id for node in case.graph().nodes}) == overreach


def test_without_a_record_of_the_task_nothing_is_alleged() -> None:
    """Nobody knows what was asked: no overreach, and the missing record is named."""
    case = replace(OVERREACH, events=OVERREACH.events[1:])
    graph = case.graph()
    assert "overreach_shop" not in {node.id for node in graph.nodes}
    assert any("asked to do" in factor.statement for factor in graph.missing_factors)
