"""What contradicts itself is contested until a person decides. All cases are synthetic."""

from __future__ import annotations

from dataclasses import replace

import pytest

from attribution.errors import ManifestError
from attribution.graph.contested import contest_edges, contest_nodes
from attribution.graph.draft import Draft
from attribution.model.contradiction import Contradiction, Side
from attribution.model.graph import CausalGraph, Edge, Finding, Node
from attribution.model.manifest import Claim, Decision, DeclaredEdge, DeclaredNode
from tests.unit.graph.recorded import Recorded, alert, at

FAILED = DeclaredNode("failure_shop", {"equation": "bad_config and guard_off"})
BASE = Recorded(events=(alert(),)).with_manifest(
    nodes=(
        DeclaredNode("bad_config", {"statement": "The setting was wrong."}),
        DeclaredNode("guard_off", {"statement": "The guard was on."}),
        FAILED,
    )
)


def statuses(graph: CausalGraph) -> dict[str, str]:
    """Return the status of each contradiction, by its id."""
    return {one.id: one.status for one in graph.contradictions}


def test_a_statement_and_its_denial_are_both_contested_until_one_is_decided() -> None:
    """Neither side wins by itself; a decision on one resolves it and says who decided."""
    denial = DeclaredNode("guard_on", {"statement": "The guard was not on."})
    case = BASE.with_manifest(nodes=(*BASE.manifest.nodes, denial))
    graph = case.graph()
    assert statuses(graph) == {"opposite_statements:guard_off": "contested"}
    assert {graph.node(name).status for name in ("guard_off", "guard_on")} == {"contested"}
    credence = graph.node("guard_on").credence
    assert credence is not None
    assert (credence.low, credence.high) == (0.0, 1.0)

    decided = case.with_manifest(
        decisions=(Decision("guard_on", "confirmed", "the lead", None, "seen in the export"),)
    ).graph()
    assert statuses(decided) == {"opposite_statements:guard_off": "resolved"}
    assert "the lead" in (decided.contradictions[0].resolution or "")
    assert decided.node("guard_off").status == "proposed"


def test_a_claim_that_is_denied_is_a_contradiction_with_its_evidence() -> None:
    """The graph's JSON names both sides of a claim, and the check does not call it settled."""
    claim = Claim("C1", "The guard was on.", "team", "guard_off", 1, ("house",), ("E1#line 1",))
    graph = BASE.with_manifest(claims=(claim,)).graph()
    (one,) = graph.contradictions
    assert (one.id, one.status) == ("claims:C1", "contested")
    assert one.sides[0].evidence == ("E1#line 1",)
    assert one.sides[1].by == "house"
    check = next(it for it in graph.checks if it.id == "contradictions-are-contested")
    assert check.passed
    assert check.remarks


def test_a_person_who_rejects_a_machines_record_is_shown_against_it() -> None:
    """The decision stands, and the record that speaks against it stays in sight."""
    case = BASE.with_manifest(
        decisions=(Decision("failure_shop", "rejected", "the lead", None, "no outage"),)
    )
    graph = case.graph()
    one = next(it for it in graph.contradictions if it.kind == "decision_against_record")
    assert one.status == "resolved"
    assert one.sides[0].evidence
    assert statuses(graph)["impossible_observation:harm_h1"] == "contested"


def test_rules_that_answer_one_test_in_opposite_ways_dispute_it() -> None:
    """The later of two answers does not silently replace the other."""
    draft = Draft()
    for name in ("cause", "effect"):
        draft.add_node(Node(name, "event", name))
    first = Edge("cause", "effect", "one", "no: it could not", "a record")
    draft.add_cause(first)
    draft.add_cause(replace(first, rule="other", basis="another record"))
    assert not draft.disputed
    opposite = replace(first, rule="third", counterfactual="yes: another stood ready")
    draft.add_cause(opposite)
    assert [pair[1] for pair in draft.disputed] == [opposite]


def test_opposite_answers_contest_the_edge_and_the_finding_about_that_step_alone() -> None:
    """What a record confirms is open to contest too; a decision on the step settles it."""
    step = Finding("r:a:b", "r", 1, "a made b", "confirmed", (), "", edge=("a", "b"))
    shown = replace(step, confirmed_by="record: git_ancestry")
    edge = Edge("a", "b", "r", "no: it could not", "a record", "confirmed")
    answers = (Side("no: it could not", "rule r"), Side("yes: another stood ready", "rule s"))
    open_one = Contradiction("opposite_tests", "a->b", answers)
    for one, status in ((open_one, "contested"), (replace(open_one, resolution="x"), "confirmed")):
        findings = [shown]
        contest_nodes((one,), {}, findings)
        assert findings[0].status == status
        assert contest_edges((one,), [edge])[0].status == status


def test_a_party_that_denies_a_statement_is_not_said_to_make_it_true() -> None:
    """Of a claim that a node is false, the denial alone makes the node true."""
    claim = Claim("C1", "The guard was off.", "team", "guard_off", 0, ("house",))
    (one,) = BASE.with_manifest(claims=(claim,)).graph().contradictions
    assert [side.nodes for side in one.sides] == [(), ("guard_off",)]


def test_checks_name_the_first_untested_edge_and_tell_doubtful_orders_apart() -> None:
    """A breach behind an untested edge is named with that edge; a tested path passes."""
    breach = DeclaredNode(
        "bad_config",
        {"statement": "The setting was wrong.", "duty": "sound-change", "party": "team"},
    )
    middle = DeclaredNode("guard_off", {"statement": "The guard was on.", "equation": "bad_config"})
    failed = DeclaredNode("failure_shop", {"equation": "guard_off", "time_high": at(1)})
    case = BASE.with_manifest(nodes=(breach, middle, failed))
    checks = {it.id: it for it in case.graph().checks}
    assert checks["every-path-tested"].failures == ("bad_config, first at bad_config -> guard_off",)
    tested = case.with_manifest(
        edges=(DeclaredEdge("bad_config", "guard_off", "no: it set it", "the file"),)
    )
    checks = {it.id: it for it in tested.graph().checks}
    assert checks["every-path-tested"].failures == (
        "bad_config, first at guard_off -> failure_shop",
    )


def test_a_node_without_its_causes_says_what_kind_of_thing_is_missing_and_where() -> None:
    """An unexplained failure lacks an act; the case has no deployment log, so one is wanted."""
    graph = Recorded(events=(alert(),)).graph()
    factor = next(it for it in graph.missing_factors if it.about == "cause_of_failure")
    assert (factor.node, factor.kind) == ("failure_shop", "act")
    wanted = next(lead for lead in factor.look_in if lead.place == "deployments")
    assert wanted.evidence is None
    assert wanted.what == "the deployment log of Shop"
    assert wanted.high is not None


def test_causes_that_were_not_so_do_not_suffice() -> None:
    """That every listed cause is there is not enough: as they most likely were, they must do."""
    nodes = (
        DeclaredNode("bad_config", {"statement": "The setting was wrong."}),
        DeclaredNode("guard_off", {"credence": None, "statement": "Unlikely."}),
        FAILED,
    )
    case = BASE.with_manifest(
        nodes=nodes, decisions=(Decision("guard_off", "rejected", "the lead", None, "it was on"),)
    )
    graph = case.graph()
    assert [it.about for it in graph.missing_factors if it.node == "failure_shop"].count(
        "another_act"
    ) == 1
    assert {edge.sufficient for edge in graph.edges if edge.target == "failure_shop"} == {False}
    assert "impossible_observation:failure_shop" in statuses(graph)


def test_a_status_declared_of_a_node_is_refused_with_how_to_decide() -> None:
    """It would be passed over: a node is confirmed by somebody, under `decisions`."""
    nodes = (DeclaredNode("cause", {"statement": "It was so.", "status": "confirmed"}), FAILED)
    with pytest.raises(ManifestError, match="is a decision") as caught:
        BASE.with_manifest(nodes=(*BASE.manifest.nodes[:2], *nodes)).graph()
    assert "attribution decide CASE cause --confirm" in str(caught.value.remedy)
