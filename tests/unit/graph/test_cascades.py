"""Failure over declared dependencies: what it led to, through what, and how far it could go."""

from __future__ import annotations

from dataclasses import replace

import pytest

from attribution.model.event import Event
from attribution.model.graph import CausalGraph
from attribution.model.manifest import DeclaredApproval
from attribution.model.service import Service
from tests.unit.graph.recorded import SERVICE, Recorded, alert, event, prompt, tool_call

STORE = Service(id="store", name="Store", resources=("store-*",), owner="house")
LEDGER = Service(id="ledger", name="Ledger", depends_on=("store",))
SHOP = replace(SERVICE, depends_on=("ledger",))
EXPORT = Service(id="export", name="Export", depends_on=("shop",))
MAIL = Service(id="mail", name="Mail", depends_on=("export",))
CHAIN = (STORE, LEDGER, SHOP, EXPORT, MAIL)


def down(service: str, minutes: float) -> Event:
    """Return an alert on a service."""
    return event("alert.triggered", minutes, None, service=service, incident=service)


def chain(*events: Event) -> Recorded:
    """Return the shop failing in a chain of five services, with what else is on record."""
    return Recorded(events=(alert(), *events)).with_manifest(services=CHAIN)


def edges(graph: CausalGraph) -> set[tuple[str, str]]:
    """Return the edges that the rule drew."""
    return {(edge.source, edge.target) for edge in graph.edges if edge.rule == "cascade"}


def reach(graph: CausalGraph, service: str) -> str:
    """Return what the graph says of how far a failure could go."""
    found = (one for one in graph.findings if one.id == f"cascade:reach_{service}")
    return next(found).statement


def test_what_fails_after_what_it_depends_on_failed_in_consequence() -> None:
    """The edge rests on the declaration; harm is none of it, so that no share moves."""
    graph = chain(down("export", 4), down("mail", 6)).graph()
    assert edges(graph) == {
        ("failure_shop", "failure_export"),
        ("failure_export", "failure_mail"),
    }
    assert graph.node("failure_mail").equation == "failure_export"
    assert all(
        edge.counterfactual.startswith("no: had ") for edge in graph.edges if edge.rule == "cascade"
    )
    assert "failure_export" not in str(graph.node("harm_h1").equation)
    assert reach(graph, "shop") == (
        "Over declared dependencies the failure of Shop could reach 2 services."
        " On record as failing in consequence: Export, Mail."
    )


def test_reach_says_of_what_nothing_is_on_record() -> None:
    graph = chain(down("export", 4)).graph()
    assert reach(graph, "shop").endswith("That it reached Mail no record shows.")
    assert "failure_mail" not in {node.id for node in graph.nodes}


@pytest.mark.parametrize(
    ("services", "events"),
    [
        (CHAIN, (down("export", -30),)),
        (CHAIN, (down("export", 300),)),
        ((*CHAIN[:3], replace(EXPORT, depends_on=()), MAIL), (down("export", 4),)),
    ],
    ids=["failed before", "failed after the harm was over", "depends on nothing"],
)
def test_succession_alone_is_no_cascade(
    services: tuple[Service, ...], events: tuple[Event, ...]
) -> None:
    """A failure before it, after it was over, or of what does not depend on it makes no edge."""
    case = chain(*events).with_manifest(services=services)
    assert edges(case.graph()) == set()


def test_an_open_order_of_two_failures_is_told() -> None:
    """The alerts overlap within their uncertainty: the edge stays a proposal and says so."""
    vague = down("export", 1)
    graph = chain(vague).graph()
    assert edges(graph) == {("failure_shop", "failure_export")}
    [edge] = [edge for edge in graph.edges if edge.rule == "cascade"]
    assert "cannot be decided" in edge.basis
    assert "failure_export" in {order.node for order in graph.open_orders}


def test_a_dependency_further_down_leads_through_what_nothing_is_recorded_of() -> None:
    """The store fails before the shop; the ledger between them has no record, so none observed."""
    graph = chain(down("store", -1)).graph()
    assert graph.node("failure_shop").equation == "failure_ledger"
    assert graph.node("failure_ledger").equation == "failure_store"
    assert not graph.node("failure_ledger").observed
    assert graph.node("failure_store").observed


def test_an_act_two_services_below_reaches_the_harm() -> None:
    """By hand: overreach 0.8, leave off the record 0.2: without leave in 0.64 of 0.84."""
    deleted = event(
        "audit.call",
        -1,
        "bot",
        "DeleteVolume",
        operation="DeleteVolume",
        read_only=False,
        resources=["store-7"],
        session="s1",
    )
    call = tool_call(-1)
    log = replace(call, text="rm store-7", data={**call.data, "target": "volume delete store-7"})
    case = chain(prompt(-30, "Please correct the rate on the export page."), log, deleted)
    case = case.with_manifest(
        services=CHAIN, approvals=(DeclaredApproval("production_approval", "store", "lead"),)
    )
    graph = case.graph()
    assert graph.node("failure_store").equation == "act_store"
    assert graph.node("failure_shop").equation == "failure_ledger"
    assert case.potency() == pytest.approx({"maker": 0.64 / 0.84, "team": 0, "house": 0})


def test_services_that_need_each_other_make_no_cycle() -> None:
    """Each depends on the other: the one that failed first is the cause."""
    mutual = (replace(SERVICE, depends_on=("ledger",)), replace(LEDGER, depends_on=("shop",)))
    graph = chain(down("ledger", -5)).with_manifest(services=mutual).graph()
    assert ("failure_ledger", "failure_shop") in {(e.source, e.target) for e in graph.edges}
    assert ("failure_shop", "failure_ledger") not in {(e.source, e.target) for e in graph.edges}
