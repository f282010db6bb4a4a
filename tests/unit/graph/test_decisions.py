"""What decisions, contests and declarations do to the graph and the shares."""

from __future__ import annotations

from dataclasses import replace

import pytest

from attribution.errors import ManifestError
from attribution.model.commit import AgentMark
from attribution.model.manifest import (
    Decision,
    DeclaredEdge,
    DeclaredNode,
    Period,
    SuspectChange,
)
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
