"""The table "who owed an absent control" for every control it has, and what policies demand."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from attribution.graph.absence import Placement
from attribution.graph.draft import Draft
from attribution.graph.guarded import Guarded
from attribution.graph.rules import demands
from attribution.graph.rules import policy as policy_rule
from attribution.graph.who_owed import load_families
from attribution.model.actor import Party
from attribution.model.graph import CausalGraph, Node
from attribution.model.manifest import AbsenceBreach, DeclaredAbsence, DeclaredApproval
from tests.unit.graph.recorded import ACTORS, BASE, OVERREACH, PARTIES, actor, policy
from tests.unit.graph.test_changes import BROKEN
from tests.unit.graph.test_owners import facts_of

CASE = replace(
    BASE,
    parties=(
        *PARTIES,
        Party("shipper", "The vendor", "vendor"),
        Party("stranger", "A stranger", "third_party"),
    ),
    actors=(*ACTORS, actor("intruder", "person", "stranger")),
)
WHO = {"agent": "bot", "person": "operator", "outsider": "intruder", "unknown": "somebody"}
ENFORCED = {
    "house": {
        "agent": {"circumvented": "maker"},
        "person": {"bypassed": "team"},
        "outsider": {"broken": "stranger"},
        "unknown": {"bypassed": None},
    },
    "product": {
        "agent": {"circumvented": "maker"},
        "person": {"turned_off": "team"},
        "outsider": {"broken": "stranger"},
        "unknown": {"turned_off": None},
    },
}
NOT_ENFORCED = {
    ("house", True): {"not_enforced": "house", "not_obtained": "team"},
    ("house", False): {"not_demanded": "house"},
    ("product", True): {"not_enforced": "house", "not_obtained": "team"},
    ("product", False): {"off_by_default": "shipper", "not_demanded": "house"},
}
CONTROLS = [(family.id, control) for family in load_families() for control in family.controls]
COMBINATIONS = list(itertools.product((True, False), (True, False), WHO))


def place(
    control: str, *, demanded: bool, enforced: bool, who: str, case: object = CASE
) -> tuple[Draft, dict[str, str | None]]:
    """Return the draft with the control in front of one act, and the breaches with their party."""
    facts = facts_of(case)  # type: ignore[arg-type]
    draft = Draft()
    draft.add_node(Node("act_shop", "act", "The environment was deleted."))
    guarded = Guarded(
        subject="shop",
        target="act_shop",
        title="the operation on Shop",
        doer=WHO[who],
        state="absent",
        approver=None,
        bypassed_by=None,
        evidence=("E1#line 1",),
        enforced=enforced,
    )
    policies = (policy(control, enforced=enforced),) if demanded else ()
    entry = facts.catalogue.controls[control]
    Placement(facts, policy_rule.RULE, entry, guarded, policies).add_to(draft)
    prefix, suffix = f"{control}_", "_shop"
    found = {
        node.id.removeprefix(prefix).removesuffix(suffix): node.party
        for node in draft.nodes.values()
        if node.is_breach
    }
    return draft, found


@pytest.mark.parametrize(("family", "control"), CONTROLS)
def test_every_combination_gives_its_breaches_and_owners(family: str, control: str) -> None:
    """Enforced: whoever got round it; else whoever was to lay it down, enforce or obtain it."""
    for demanded, enforced, who in COMBINATIONS:
        _, found = place(control, demanded=demanded, enforced=enforced, who=who)
        expected = ENFORCED[family][who] if enforced else NOT_ENFORCED[family, demanded]
        assert found == expected, (demanded, enforced, who)


@pytest.mark.parametrize("control", [control for _, control in CONTROLS])
def test_the_counterfactual_is_that_any_one_duty_met_would_have_been_enough(control: str) -> None:
    """Two duties unmet: absent only because both were; got round: absent by that alone."""
    draft, _ = place(control, demanded=True, enforced=False, who="agent")
    held, absent = f"{control}_held_shop", f"{control}_absent_shop"
    assert draft.causes[absent].equation() == (
        f"{control}_not_enforced_shop and {control}_not_obtained_shop"
    )
    assert draft.causes[held].equation() == f"would_catch_{control}_shop and not {absent}"
    assert draft.causes["act_shop"].equation() == f"not {held}"
    draft, _ = place(control, demanded=True, enforced=True, who="agent")
    assert draft.causes[held].equation() == (
        f"would_catch_{control}_shop and not {control}_circumvented_shop"
    )
    assert draft.edges[f"{control}_circumvented_shop", held].counterfactual.startswith("no:")


@pytest.mark.parametrize("control", [control for _, control in CONTROLS])
def test_a_case_replaces_the_row_for_any_control(control: str) -> None:
    """The case's entry holds where it fits, names who said so, and leaves the other rows."""
    for demanded, enforced, who in COMBINATIONS:
        entry = DeclaredAbsence(
            control,
            "all",
            (AbsenceBreach("not_obtained", "omission", "shipper", "obtain-control"),),
            "counsel",
            "clause 7",
            demanded,
            enforced,
            (who,),
        )
        case = replace(CASE, absent_controls=(entry,))
        draft, found = place(control, demanded=demanded, enforced=enforced, who=who, case=case)
        # What the platform enforced, it demanded, whatever the policy said.
        if demanded or not enforced:
            assert found == {"not_obtained": "shipper"}
            edge = draft.edges[f"{control}_not_obtained_shop", f"{control}_held_shop"]
            assert edge.basis.endswith("set by counsel: clause 7")
        _, other = place(control, demanded=demanded, enforced=not enforced, who=who, case=case)
        assert "shipper" not in other.values() or "off_by_default" in other


def breaches(graph: CausalGraph, control: str) -> dict[str, str | None]:
    """Return the breaches about a control with their party."""
    return {node.id: node.party for node in graph.nodes if node.control == control and node.duty}


@pytest.mark.parametrize("control", [*demands.BEFORE_ACTS, *demands.BEFORE_ACTS_OF_AGENTS])
def test_what_policy_demanded_before_an_act_and_nobody_enforced_is_owed(control: str) -> None:
    """Each control that looks at acts stands in front of the act, owed as the table says."""
    graph = OVERREACH.with_manifest(policies=(policy(control, enforced=False),)).graph()
    assert breaches(graph, control) == {
        f"{control}_not_enforced_shop": "house",
        f"{control}_not_obtained_shop": "team",
    }
    assert f"not {control}_held_shop" in (graph.node("act_shop").equation or "")
    obtained = graph.node(f"{control}_not_obtained_shop")
    assert obtained.basis == "absence_of_record"


@pytest.mark.parametrize("control", demands.BEFORE_CHANGES)
def test_what_policy_demanded_before_a_change_and_nobody_enforced_is_owed(control: str) -> None:
    """Each control that looks at changes stands in front of what the change brought about."""
    graph = BROKEN.with_manifest(policies=(policy(control, enforced=False),)).graph()
    assert breaches(graph, control) == {
        f"{control}_not_enforced_bbbbbbb": "house",
        f"{control}_not_obtained_bbbbbbb": "team",
    }
    assert f"not {control}_held_bbbbbbb" in (graph.node("running_bbbbbbb").equation or "")


def test_what_was_enforced_and_nobody_got_round_was_in_place() -> None:
    """An enforced control accuses nobody unless somebody is named who got round it."""
    case = OVERREACH.with_manifest(policies=(policy("change_freeze", enforced=True),))
    graph = case.graph()
    assert breaches(graph, "change_freeze") == {}
    (barrier,) = [b for b in graph.barriers if b.control == "change_freeze"]
    assert barrier.state == "present"
    got_round = policy("change_freeze", enforced=True, bypassed_by="lead")
    graph = OVERREACH.with_manifest(policies=(got_round,)).graph()
    assert breaches(graph, "change_freeze") == {"change_freeze_bypassed_shop": "house"}


def test_a_declared_leave_in_the_freeze_leaves_no_breach() -> None:
    """Somebody else's approval that covers the act, before it, stands for the control."""
    case = OVERREACH.with_manifest(
        policies=(policy("change_freeze", enforced=False),),
        approvals=(DeclaredApproval("change_freeze", "act_shop", "lead"),),
    )
    assert breaches(case.graph(), "change_freeze") == {}


def test_what_no_policy_demands_is_not_put_in_the_way() -> None:
    """Without a policy no control but approval stands before the act, and none after it."""
    assert {b.control for b in OVERREACH.graph().barriers} == {"production_approval"}


def test_what_shows_or_mends_harm_is_named_as_not_visible() -> None:
    """No policy says which harm a backup would have spared, so nobody is accused of it."""
    graph = OVERREACH.with_manifest(policies=(policy("backup", enforced=False),)).graph()
    assert breaches(graph, "backup") == {}
    assert [f.node for f in graph.missing_factors if "Policy demands" in f.statement] == [
        "failure_shop"
    ]


def test_a_control_that_only_limits_says_that_the_part_is_unknown() -> None:
    """A staged rollout would have spared some users: the graph says that it takes it for all."""
    graph = BROKEN.with_manifest(policies=(policy("staged_rollout", enforced=False),)).graph()
    assert [f.node for f in graph.missing_factors if "to a part" in f.statement] == [
        "staged_rollout_held_bbbbbbb"
    ]
