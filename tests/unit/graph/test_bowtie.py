"""Bow-tie and blast radius say what the causal graph says, and nothing beside it."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from attribution.graph.bowtie import draw_bow_ties
from attribution.model.bowtie import BARRIER_STATES, PREVENTION, RECOVERY
from attribution.model.graph import Barrier, CausalGraph, Edge, Node
from attribution.model.interval import CERTAIN
from attribution.model.service import Objectives, Service
from tests.unit.graph.recorded import BASE, OVERREACH, SERVICE, Recorded, alert, event, policy


def barrier(name: str, node: str, state: str = "absent", kind: str = "prevent") -> Barrier:
    """Return a barrier that a node stands for."""
    return Barrier(name, "review", name, kind, state, ("team",), "", None, "", (), node)


def graph(*nodes: tuple[str, str, str | None], barriers: tuple[Barrier, ...] = ()) -> CausalGraph:
    """Return a graph of (id, kind, equation), with an edge for each name in an equation."""
    made = tuple(
        Node(name, kind, f"{name}.", equation=equation, credence=None if equation else CERTAIN)
        for name, kind, equation in nodes
    )
    edges = tuple(
        Edge(word, node.id, "r", "no: x", "y")
        for node in made
        for word in (node.equation or "").replace("(", " ").replace(")", " ").split()
        if word not in {"and", "or", "not"}
    )
    return CausalGraph(made, edges, barriers=barriers)


TWO_WAYS = graph(
    ("a", "act", None),
    ("b", "act", None),
    ("unmet", "omission", None),
    ("late", "omission", None),
    ("held", "control", "not unmet"),
    ("step", "event", "a and not held"),
    ("top", "event", "step or b"),
    ("h1", "harm", "top"),
    ("h2", "harm", "top and late"),
    barriers=(barrier("B1", "held"), barrier("B2", "late", "degraded", "recover")),
)


def test_each_side_has_what_led_there_and_what_came_of_it() -> None:
    """Threats are roots before the failure; what removed a control is none of them."""
    [tie] = draw_bow_ties(TWO_WAYS)
    assert [branch.node for branch in tie.threats] == ["a", "b"]
    assert [branch.node for branch in tie.consequences] == ["h1", "h2"]
    assert tie.threats[0].path == ("a", "step", "top")
    assert [branch.guards for branch in tie.threats] == [("B1",), ()]
    assert [branch.guards for branch in tie.consequences] == [(), ("B2",)]
    first, second = tie.guards
    assert (first.side, first.before) == (PREVENTION, ("step",))
    assert (second.side, second.before) == (RECOVERY, ("h2",))


def test_a_control_before_one_of_two_ways_would_have_spared_nothing() -> None:
    """Had the control held, the other act would have brought the failure about all the same."""
    [tie] = draw_bow_ties(TWO_WAYS)
    assert tie.guards[0].spared == ()
    assert tie.guards[1].spared == ("h2",)
    alone = tuple(
        replace(node, equation="step") if node.id == "top" else node for node in TWO_WAYS.nodes
    )
    edges = tuple(edge for edge in TWO_WAYS.edges if edge.source != "b")
    [tie] = draw_bow_ties(replace(TWO_WAYS, nodes=alone, edges=edges))
    assert tie.guards[0].spared == ("top", "h1", "h2")


def test_what_is_rejected_is_in_no_bow_tie() -> None:
    """A node that a person rejected is no threat any more."""
    nodes = tuple(
        replace(node, status="rejected") if node.id == "b" else node for node in TWO_WAYS.nodes
    )
    [tie] = draw_bow_ties(replace(TWO_WAYS, nodes=nodes))
    assert [branch.node for branch in tie.threats] == ["a"]


@given(st.permutations(range(2)))
def test_the_order_of_barriers_changes_no_branch(order: list[int]) -> None:
    """Guards on a line come in the line's order, however the barriers are listed."""
    barriers = (barrier("B1", "held"), barrier("B2", "second"))
    made = graph(
        ("a", "act", None),
        ("held", "control", "a"),
        ("step", "event", "a and not held"),
        ("second", "control", "a"),
        ("top", "event", "step and not second"),
        ("h", "harm", "top"),
        barriers=tuple(barriers[place] for place in order),
    )
    [tie] = draw_bow_ties(made)
    assert tie.threats[0].guards == ("B1", "B2")


def test_the_phases_of_a_response_are_barriers_after_the_failure() -> None:
    """In time is effective, over the objective is degraded, without a record is unknown."""
    objectives = Objectives(detect=300, acknowledge=900, mitigate=7200, owed_by="house")
    case = Recorded(
        replace(BASE, services=(replace(SERVICE, objectives=objectives),)),
        (
            alert(1),
            event("alert.acknowledged", 60, "operator", service="shop", incident="I1"),
        ),
    )
    states = {barrier.control: barrier.state for barrier in case.graph().barriers}
    assert states["detect-in-time"] == "effective"
    assert states["acknowledge-in-time"] == "degraded"
    assert states["mitigate-in-time"] in {"absent", "unknown"}
    assert set(states.values()) <= set(BARRIER_STATES)


def test_a_control_that_nobody_obtained_is_absent_with_what_degraded_it() -> None:
    """The breaches of the absent control stand under it, and the act is the threat."""
    manifest = replace(
        OVERREACH.manifest, policies=(policy("production_approval", enforced=False),)
    )
    [tie] = draw_bow_ties(replace(OVERREACH, manifest=manifest).graph())
    [guard] = [guard for guard in tie.guards if guard.barrier.control == "production_approval"]
    assert guard.barrier.state == "absent"
    assert len(guard.degraded_by) == 2
    assert tie.event in (guard.spared or ())
    assert not {branch.node for branch in tie.threats} & set(guard.degraded_by)


def services(*pairs: tuple[str, tuple[str, ...]]) -> tuple[Service, ...]:
    """Return the shop and services that depend on others."""
    return (SERVICE, *(Service(name, name.title(), depends_on=on) for name, on in pairs))


def test_reach_follows_dependencies_outward_and_tells_signs_from_silence() -> None:
    """What depends on the shop could be reached; only what is named after it shows signs."""
    case = replace(
        OVERREACH,
        manifest=replace(
            OVERREACH.manifest,
            services=services(("cart", ("shop",)), ("mail", ("cart",)), ("blog", ()), ("wiki", ())),
        ),
        events=(
            *OVERREACH.events,
            event("alert.triggered", 5, None, service="mail", incident="I7"),
            event("alert.triggered", 6, None, service="wiki", incident="I8"),
            event("alert.triggered", -60, None, service="cart", incident="I6"),
        ),
    )
    [reach] = case.graph().reach
    told = {one.service: (one.distance, one.through, one.state) for one in reach.services}
    assert told == {
        "shop": (0, ("shop",), "failed"),
        "cart": (1, ("shop", "cart"), "none"),
        "mail": (2, ("shop", "cart", "mail"), "signs"),
    }
    assert reach.outside == ("Wiki",)
    assert (len(reach.services), reach.reached) == (3, 2)
