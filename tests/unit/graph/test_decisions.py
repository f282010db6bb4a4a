"""What decisions, contests and declarations do to the graph and the shares."""

from __future__ import annotations

from dataclasses import replace

import pytest

from attribution.errors import ManifestError
from attribution.model.commit import AgentMark
from attribution.model.interval import CERTAIN
from attribution.model.manifest import (
    Culpability,
    Decision,
    DeclaredApproval,
    DeclaredEdge,
    DeclaredNode,
    Override,
    SuspectChange,
)
from attribution.model.period import Period
from tests.unit.graph.recorded import (
    OBJECTIVES,
    OVERREACH,
    SERVICE,
    WHOLE,
    Recorded,
    alert,
    at,
    event,
    policy,
)
from tests.unit.graph.test_changes import BAD, BROKEN, breaches_of, commit


def decided(case: Recorded, on: str, status: str) -> Recorded:
    """Return the case with one decision."""
    return case.with_manifest(decisions=(Decision(on, status, "the author", None, "a reason"),))


def share(case: Recorded, party: str) -> tuple[float, float]:
    """Return the range of a party's share."""
    found = next(item for item in case.attribute().parties if item.id == party)
    return found.share.low, found.share.high


def test_a_rejected_breach_bears_nothing_and_stands_in_nobodys_way() -> None:
    """A late phase that is rejected leaves the later hours to the failure itself."""
    service = replace(SERVICE, objectives=OBJECTIVES)
    late = replace(
        OVERREACH,
        events=(
            *OVERREACH.events,
            event("alert.acknowledged", 121, "operator", incident="I1"),
            event("alert.resolved", 240, "operator", service="shop", incident="I1"),
        ),
    ).with_manifest(services=(service,), harms=(WHOLE, replace(WHOLE, id="H2", start=at(135))))
    assert "late_acknowledgement_shop" in breaches_of(late)
    cleared = decided(late, "response:late_acknowledgement_shop", "rejected")
    assert late.graph().node("harm_h2").equation != "failure_shop"
    assert cleared.graph().node("harm_h2").equation == "failure_shop"
    assert "late_acknowledgement_shop" not in breaches_of(cleared)


def test_without_an_alert_on_record_nobody_was_late() -> None:
    """No record of detection is a missing record, and no breach."""
    service = replace(SERVICE, objectives=OBJECTIVES)
    impact = event("impact", 0, "operator", service="shop", phase="start")
    case = replace(OVERREACH, events=(*OVERREACH.events[:-1], impact)).with_manifest(
        services=(service,)
    )
    graph = case.graph()
    assert not [node for node in graph.nodes if node.id.startswith("late_")]
    assert any("No alert is on record" in factor.statement for factor in graph.missing_factors)


def test_a_contested_fact_is_open_both_ways_and_is_a_crux() -> None:
    """Contesting a finding widens the ranges to both versions and lists it among the cruxes."""
    contested = decided(OVERREACH, "scope:overreach_shop", "contested")
    low, high = share(contested, "maker")
    before = share(OVERREACH, "maker")
    assert low == 0.0
    assert high >= before[1]
    assert [crux.node for crux in contested.attribute().cruxes] == ["overreach_shop"]


def test_a_trailer_shares_the_change_between_person_and_agent() -> None:
    """Whoever put forward what a trailer says an agent wrote bears it too, and bears more."""
    mark = AgentMark("bot", None, "trailer", "E2#commit")
    marked = commit(BAD, -60, kind="human_with_agent", agents=(mark,))
    case = replace(BROKEN, commits=(marked, *BROKEN.commits[1:]))
    potency = case.potency()
    assert breaches_of(case)["written_bbbbbbb"] == "maker"
    assert breaches_of(case)["change_bbbbbbb"] == "team"
    assert 0 < potency["maker"] < potency["team"]
    logged = replace(marked, agents=(replace(mark, grade="session"),))
    stronger = replace(BROKEN, commits=(logged, *BROKEN.commits[1:])).potency()
    assert stronger["maker"] > potency["maker"]


def test_a_line_note_says_how_many_of_the_changes_lines_are_the_agents() -> None:
    """It is a machine's record, and does not say which of the lines failed."""
    mark = AgentMark("bot", None, "line_note", "12 lines in 2 files: E2#commit, refs/notes/ai:b")
    marked = replace(commit(BAD, -60, kind="human_with_agent", agents=(mark,)), lines_added=40)
    case = replace(BROKEN, commits=(marked, *BROKEN.commits[1:]))
    node = case.graph().node("agent_wrote_bbbbbbb")
    assert node.basis == "machine_record"
    assert "names 12 lines in 2 files by bot, of 40 that it adds" in node.statement
    assert node.statement.endswith("which of them failed is not visible here.")


def test_what_nothing_explains_has_open_ranges() -> None:
    """A failure without a known cause lays nothing on anybody, and says that it is not known."""
    attribution = Recorded(events=(alert(),)).attribute()
    assert (attribution.unattributed.low, attribution.unattributed.high) == (0.0, 1.0)
    assert all((party.share.low, party.share.high) == (0.0, 1.0) for party in attribution.parties)
    assert "is not known" in attribution.notes[0]


def test_a_change_after_the_failure_is_refused_with_both_times() -> None:
    """A commit declared as the cause of a failure that came before it is no cause of it."""
    case = Recorded(events=(alert(),), commits=(commit(BAD, 30),)).with_manifest(
        changes=(SuspectChange("bbbbbbb", "It broke the price table.", "shop"),)
    )
    graph = case.graph()
    assert graph.node("failure_shop").equation is None
    (told,) = [f.statement for f in graph.missing_factors if "came later" in f.statement]
    assert "2026-03-10T19:30:00Z" in told


def test_a_declared_edge_from_later_to_earlier_is_refused() -> None:
    """Through undated nodes too, a cause is never later than its effect."""
    case = OVERREACH.with_manifest(
        nodes=(
            DeclaredNode("fix", {"kind": "act", "statement": "A fix.", "time_low": at(60)}),
            DeclaredNode("between", {"kind": "event", "statement": "Between.", "equation": "fix"}),
            DeclaredNode("act_shop", {"equation": "overreach_shop or between"}),
        ),
        edges=(
            DeclaredEdge("fix", "between", "no: so it is said", "a test"),
            DeclaredEdge("between", "act_shop", "no: so it is said", "a test"),
        ),
    )
    with pytest.raises(ManifestError, match="later than its effect"):
        case.graph()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"policies": (policy("reviews", enforced=True),)}, "reviews"),
        (
            {"policies": (replace(policy("review", enforced=True), repositories=("shopp",)),)},
            "shopp",
        ),
        ({"period": Period(at(-999_999), at(-900_000))}, "outside the period"),
    ],
)
def test_a_typo_accuses_nobody(changes: dict[str, object], words: str) -> None:
    """A policy about nothing known, or a period without the harm, is refused and not computed."""
    with pytest.raises(ManifestError, match=words):
        OVERREACH.with_manifest(**changes).graph()


def test_rejecting_what_was_needed_does_not_move_its_share_to_others() -> None:
    """With the grant found not excessive nothing explains the act, and nobody bears more for it."""
    case = decided(OVERREACH, "permission:grant_ops_role", "rejected")
    graph = case.graph()
    assert graph.node("permission_ops_role").equation is None
    assert "grant_ops_role" not in breaches_of(case)
    assert graph.node("act_shop").equation == OVERREACH.graph().node("act_shop").equation


def test_rejecting_an_observed_act_leaves_the_harm_unexplained() -> None:
    """Without the act nothing is known of what caused the failure: every range is open."""
    attribution = decided(OVERREACH, "act_shop", "rejected").attribute()
    assert (attribution.unattributed.low, attribution.unattributed.high) == (0.0, 1.0)
    assert "is not known" in attribution.notes[0]


def test_rejecting_a_statement_whose_norm_is_that_it_be_true_is_the_breach() -> None:
    """`B obtained approval`, with norm 1 and rejected, is certainly unmet."""
    obtained = {"kind": "act", "statement": "B obtained approval.", "party": "team", "norm": 1}
    case = OVERREACH.with_manifest(
        nodes=(
            DeclaredNode("obtained", obtained | {"duty": "obtain-control"}),
            DeclaredNode("act_shop", {"equation": "overreach_shop and not obtained"}),
        ),
        decisions=(Decision("obtained", "rejected", "the author", None, "there is none"),),
    )
    assert case.potency()["team"] == pytest.approx(0.5)


@pytest.mark.parametrize(("by", "minutes"), [("bot", -5.0), ("lead", 30.0)])
def test_an_approval_by_the_doer_or_after_the_act_does_not_count(by: str, minutes: float) -> None:
    """Only somebody else's approval, given before, lifts the duty."""
    given = DeclaredApproval("production_approval", "shop", by, at(minutes))
    case = OVERREACH.with_manifest(approvals=(given,))
    assert "production_approval_not_demanded_shop" in breaches_of(case)


def test_with_two_organisations_the_services_owner_owes_and_nobody_is_guessed() -> None:
    """Of several parties in one role the owner of the service is meant, or none."""
    other = replace(OVERREACH.manifest.parties[2], id="elsewhere", name="Another organisation")
    parties = (other, *OVERREACH.manifest.parties)
    owned = OVERREACH.with_manifest(parties=parties)
    assert breaches_of(owned)["production_approval_not_demanded_shop"] == "house"
    nobody = owned.with_manifest(services=(replace(SERVICE, owner=None),))
    assert "production_approval_not_demanded_shop" not in breaches_of(nobody)
    assert any("every-breach-has-an-owner" in note for note in nobody.attribute().notes)


def test_the_smallest_sets_of_late_phases_carry_a_stretch() -> None:
    """A phase that changes nothing bears nothing; a stretch is said to be split where it should."""
    service = replace(SERVICE, objectives=replace(OBJECTIVES, detect=50.0))
    response = (
        event("alert.acknowledged", 121, "operator", incident="I1"),
        event("alert.resolved", 300, "operator", service="shop", incident="I1"),
    )
    harms = (WHOLE, replace(WHOLE, id="H2", start=at(150), end=at(300)))
    case = replace(OVERREACH, events=(*OVERREACH.events, *response)).with_manifest(
        services=(service,), harms=harms
    )
    graph = case.graph()
    equation = graph.node("harm_h2").equation or ""
    assert "drawn_out_1_harm_h2" in equation
    carried = graph.node("drawn_out_1_harm_h2").equation or ""
    assert "late_detection_shop" not in carried
    assert {"late_acknowledgement_shop", "late_mitigation_shop"} <= set(carried.split())
    assert any("split the item there" in factor.statement for factor in graph.missing_factors)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"culpability": (Culpability("overreech_shop", CERTAIN, "x", "y"),)}, "overreech_shop"),
        ({"credences": (Override("act_shop", CERTAIN, "x", "y"),)}, "act_shop"),
        ({"credences": (Override("overreach_shop", CERTAIN, "x", "y"),) * 2}, "same thing"),
        (
            {"nodes": (DeclaredNode("act_shop", {"duty": "stay-in-scope", "norm": 0}),)},
            "causes of its own",
        ),
        (
            {"nodes": (DeclaredNode("other", {"kind": "harm", "harm": "H1", "statement": "H"}),)},
            "two nodes",
        ),
        (
            {"nodes": (DeclaredNode("rude", {"kind": "act", "duty": "be-nice", "norm": 0}),)},
            "be-nice",
        ),
        (
            {"approvals": (DeclaredApproval("production_approval", "nonsense", "lead"),)},
            "nonsense",
        ),
    ],
)
def test_what_would_be_passed_over_is_refused(changes: dict[str, object], words: str) -> None:
    """An entry about nothing, or that would have no effect, is an error and not ignored."""
    with pytest.raises(ManifestError, match=words):
        OVERREACH.with_manifest(**changes).graph()
