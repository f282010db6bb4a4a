"""Protections that were on, off, got round or missing: who is held to it, and what was lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from attribution.model.actor import Party
from attribution.model.event import Event
from attribution.model.graph import CausalGraph
from attribution.model.record import JsonValue
from attribution.provenance.conduct import assess_sessions
from tests.unit.graph.recorded import PARTIES, Recorded, event, tool_call
from tests.unit.graph.test_warnings import case, settled

VENDORS = (Party("host", "The host", "vendor"), Party("maker-inc", "The maker's firm", "vendor"))


def control(minutes: float | None = -600, text: str = "It stood so.", **data: JsonValue) -> Event:
    """Return a record of how a control on the shop stood."""
    stated = event("control", minutes or 0, "reviewer", text, service="shop", **data)
    if minutes is None:
        return replace(stated, time=None, time_low=None, time_high=None)
    return stated


def guarded(*controls: Event) -> Recorded:
    """Return an agent's overreach with these controls on record, and two vendors."""
    return case(*controls).with_manifest(parties=(*PARTIES, *VENDORS))


def breaches(graph: CausalGraph) -> dict[str, tuple[str | None, str | None]]:
    """Return the breaches that the rule found, each with its party and duty."""
    return {
        node.id: (node.party, node.duty)
        for node in graph.nodes
        if node.rule == "guardrail" and node.duty is not None
    }


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (
            {"control": "delete_protection", "state": "off", "set_by": "operator"},
            {"delete_protection_turned_off_shop": ("team", "keep-guardrail")},
        ),
        (
            {"control": "delete_protection", "state": "off", "set_by": "host"},
            {
                "delete_protection_off_by_default_shop": ("host", "safe-default"),
                "delete_protection_not_demanded_shop": ("house", "demand-control"),
            },
        ),
        (
            {"control": "delete_protection", "state": "off", "set_by": "house"},
            {"delete_protection_off_shop": ("house", "keep-guardrail")},
        ),
        (
            {"control": "delete_protection", "state": "missing", "set_by": "host"},
            {"delete_protection_missing_shop": ("host", "make-reversible")},
        ),
        (
            {"control": "delete_protection", "state": "missing"},
            {"delete_protection_missing_shop": ("house", "make-reversible")},
        ),
        (
            {"control": "agent_guardrail", "state": "ineffective", "set_by": "maker-inc"},
            {"agent_guardrail_ineffective_shop": ("maker-inc", "effective-guardrail")},
        ),
        (
            {"control": "change_freeze", "state": "bypassed", "set_by": "bot"},
            {"change_freeze_circumvented_shop": ("maker", "respect-gate")},
        ),
        (
            {"control": "permission_boundary", "state": "missing", "set_by": "host",
             "name": "token scope"},
            {"permission_boundary_missing_shop_token_scope": ("host", "limit-reach")},
        ),
        (
            {"control": "change_freeze", "state": "missing"},
            {"change_freeze_not_demanded_shop": ("house", "demand-control")},
        ),
        (
            {"control": "sandbox", "state": "missing", "duty": "gate-irreversible",
             "set_by": "maker-inc"},
            {"sandbox_missing_shop": ("maker-inc", "gate-irreversible")},
        ),
    ],
    ids=lambda value: "-".join(str(part) for part in value.values()) if "control" in value else "",
)  # fmt: skip
def test_who_is_held_to_a_protection_that_did_not_hold(
    stated: dict[str, JsonValue], expected: dict[str, tuple[str, str]]
) -> None:
    """By state and setter, as the catalogue and its table of absent controls have it."""
    graph = guarded(replace(control(), data={"service": "shop", **stated})).graph()
    assert breaches(graph) == expected
    equations = {node.equation for node in graph.nodes if node.id in {"act_shop", "failure_shop"}}
    assert any(f"not {stated['control']}_held_shop" in str(equation) for equation in equations)
    assert {graph.node(name).basis for name in expected} == {"single_statement"}
    assert {f.status for f in graph.findings if f.rule == "guardrail"} == {"proposed"}


@pytest.mark.parametrize("works", [0.0, 0.4, 1.0])
def test_the_share_of_a_protection_turned_off_by_hand(works: float) -> None:
    """v(maker) = v(both) = 1, v(team) = p, how often it would have stopped it: the team has p/2."""
    stated = control(control="delete_protection", state="off", set_by="operator")
    potency = settled(
        guarded(stated),
        asked_shop=0.0,
        overreach_shop=1.0,
        delete_protection_turned_off_shop=1.0,
        would_catch_delete_protection_shop=works,
    ).potency()
    assert potency["team"] == pytest.approx(works / 2)
    assert potency["maker"] == pytest.approx(1 - works / 2)


def test_a_protection_that_was_on_is_nobodys_breach() -> None:
    """It is a barrier that was in place and did not stop it, and moves no share."""
    plain = guarded()
    stated = guarded(control(control="delete_protection", state="on"))
    graph = stated.graph()
    assert breaches(graph) == {}
    barrier = next(one for one in graph.barriers if one.control == "delete_protection")
    assert barrier.state == "present"
    assert stated.potency() == pytest.approx(plain.potency())


def test_nobody_is_held_to_a_protection_of_which_no_record_says_who_turned_it_off() -> None:
    """It is a condition, no party's share moves by it, and the graph says what to name."""
    stated = guarded(control(control="delete_protection", state="off"))
    graph = stated.graph()
    assert breaches(graph) == {}
    assert graph.node("delete_protection_off_shop").kind == "condition"
    assert any("no record says who set it so" in one.statement for one in graph.missing_factors)
    assert stated.potency() == pytest.approx(guarded().potency())


def test_how_it_stood_last_before_the_act_counts() -> None:
    """Turned off after it had been on; what was recorded after the act says nothing of before."""
    on = control(-700, control="delete_protection", state="on")
    off = control(-60, control="delete_protection", state="off", set_by="operator")
    late = control(60, control="delete_protection", state="on")
    assert list(breaches(guarded(on, off, late).graph())) == ["delete_protection_turned_off_shop"]
    graph = guarded(control(60, control="delete_protection", state="off", set_by="bot")).graph()
    assert breaches(graph) == {}
    assert any("how it stood before is not" in one.statement for one in graph.missing_factors)


def test_a_control_of_no_known_time_counts_until_a_dated_one_says_otherwise() -> None:
    undated = control(None, control="delete_protection", state="off", set_by="operator")
    dated = control(-60, control="delete_protection", state="on")
    alone = replace(guarded(), undated=(undated,))
    assert list(breaches(alone.graph())) == ["delete_protection_turned_off_shop"]
    assert breaches(replace(guarded(dated), undated=(undated,)).graph()) == {}


def test_a_control_that_works_after_the_failure_spares_the_items_that_its_record_names() -> None:
    """A backup stops no failure; which harm it would have spared is the record's to say."""
    named = control(control="backup", state="missing", duty="separate-backup", harm=["H1"])
    graph = guarded(named).graph()
    assert "not backup_held_shop" in str(graph.node("harm_h1").equation)
    assert "backup" not in str(graph.node("failure_shop").equation)
    loose = guarded(control(control="backup", state="missing")).graph()
    assert loose.node("backup_missing_shop").kind == "condition"
    assert any("name the harm items" in one.statement for one in loose.missing_factors)


def test_a_record_that_names_no_control_of_the_catalogue_is_told() -> None:
    """A typo neither accuses anybody nor goes by in silence."""
    graph = guarded(control(control="delete-lock", state="off", set_by="operator")).graph()
    assert breaches(graph) == {}
    assert any(
        "names no control of the catalogue" in one.statement for one in graph.missing_factors
    )


def session_of(mode: str) -> Recorded:
    """Return the overreach with the agent's own log in a permission mode."""
    call = tool_call(-1)
    call = replace(call, data={**call.data, "permission_mode": mode})
    plain = case()
    events = tuple(call if one.kind == "session.tool_call" else one for one in plain.events)
    return replace(plain, events=events, sessions=assess_sessions(events))


def test_a_session_that_asked_nobody_is_a_protection_turned_off() -> None:
    """The mode is on record; that it was a breach, and the deployer's, is inferred."""
    graph = session_of("bypassPermissions").graph()
    assert breaches(graph) == {"agent_guardrail_off_shop": ("team", "keep-guardrail")}
    assert graph.node("agent_guardrail_off_shop").basis == "rule_inference"
    assert "bypassPermissions" in graph.node("agent_guardrail_off_shop").statement


@pytest.mark.parametrize("mode", ["default", "acceptEdits", "auto", "a mode of another program"])
def test_a_session_in_another_mode_is_no_breach(mode: str) -> None:
    """A known mode guards; of an unknown one nothing is said."""
    graph = session_of(mode).graph()
    assert breaches(graph) == {}
    shown = [one.state for one in graph.barriers if one.control == "agent_guardrail"]
    assert shown == ([] if " " in mode else ["present"])


LOCKS = "MICROSOFT.AUTHORIZATION/LOCKS/"
LOCK = "/subscriptions/s/providers/Microsoft.Sql/servers/shop-prod/providers/locks/keep"


def switch(minutes: float, operation: str, who: str = "operator", **data: JsonValue) -> Event:
    """Return a call that turns a protection of the shop off or on."""
    return event("audit.call", minutes, who, "", operation=operation, resources=[LOCK], **data)


def test_a_lock_that_a_call_deleted_is_a_protection_turned_off_by_whoever_called() -> None:
    """The audit log names who and what: a machine's record, owed as one stated by hand is."""
    graph = guarded(switch(-20, f"{LOCKS}DELETE")).graph()
    name = "delete_protection_turned_off_shop_resource_lock"
    assert breaches(graph) == {name: ("team", "keep-guardrail")}
    assert graph.node(name).basis == "machine_record"
    assert [node.id for node in graph.nodes if node.id.startswith("act_")] == ["act_shop"]


@pytest.mark.parametrize(
    "calls",
    [
        (switch(-20, f"{LOCKS}DELETE"), switch(-10, f"{LOCKS}WRITE")),
        (switch(-20, f"{LOCKS}DELETE", error="AuthorizationFailed"),),
        (switch(9, f"{LOCKS}DELETE"),),
        (replace(switch(-20, f"{LOCKS}DELETE"), data={"operation": f"{LOCKS}DELETE"}),),
    ],
    ids=["put back", "refused", "too late", "of another service"],
)
def test_a_switch_that_did_not_leave_the_shop_unprotected_is_nobodys(
    calls: tuple[Event, ...],
) -> None:
    assert breaches(guarded(*calls).graph()) == {}
