"""A person overrules the rule that drew an edge."""

from __future__ import annotations

import pytest

from attribution.errors import ManifestError
from attribution.model.manifest import Decision
from tests.unit.graph.recorded import OVERREACH, Recorded

EDGE = "overreach_shop->act_shop"


def decided(status: str, answer: str | None = None, on: str = EDGE) -> Recorded:
    """Return the case with one decision on the edge."""
    decision = Decision(on, status, "the lead", None, "a reason", answer)
    return OVERREACH.with_manifest(decisions=(decision,))


def test_a_rejected_edge_leaves_the_equation_and_the_shares_that_rested_on_it() -> None:
    """What is no cause of the act is in no equation; what is taken back counts again."""
    assert "overreach_shop" in (OVERREACH.graph().node("act_shop").equation or "")
    case = decided("rejected")
    assert "overreach_shop" not in (case.graph().node("act_shop").equation or "")
    assert case.potency()["maker"] < OVERREACH.potency()["maker"]
    assert decided("proposed").potency() == OVERREACH.potency()


def test_a_contested_edge_opens_the_shares_to_both_versions_and_is_a_crux() -> None:
    """The range reaches from the shares with the edge to those without it; the point stays."""
    sure, open_to_both = (case.attribute() for case in (OVERREACH, decided("contested")))
    gone = decided("rejected").attribute()
    for drawn, without, either in zip(
        sure.parties, gone.parties, open_to_both.parties, strict=True
    ):
        assert either.share.point == pytest.approx(drawn.share.point)
        assert either.share.low <= min(drawn.share.low, without.share.low) + 1e-9
        assert either.share.high >= max(drawn.share.high, without.share.high) - 1e-9
    assert open_to_both.parties[0].share.low < sure.parties[0].share.low
    assert EDGE in {crux.claim for crux in open_to_both.cruxes}
    edges = {f"{it.source}->{it.target}": it for it in decided("contested").graph().edges}
    assert (edges[EDGE].status, edges[EDGE].confirmed_by) == ("contested", None)


def test_a_persons_answer_stands_on_the_edge_with_who_gave_it() -> None:
    """The counterfactual answer and its basis are the person's, not the rule's."""
    graph = decided("confirmed", "no: the operator would not have asked").graph()
    edge = next(item for item in graph.edges if f"{item.source}->{item.target}" == EDGE)
    assert edge.status == "confirmed"
    assert edge.counterfactual == "no: the operator would not have asked"
    assert edge.basis == "the lead: a reason"


@pytest.mark.parametrize(
    ("status", "answer", "on"),
    [
        ("confirmed", "yes: somebody else would have", "permission_ops_role->act_shop"),
        ("confirmed", None, "act_shop->nothing"),
    ],
)
def test_an_answer_that_the_graph_cannot_hold_is_refused(
    status: str, answer: str | None, on: str
) -> None:
    """`yes` for what the equation needs, an unknown edge: each names a remedy."""
    with pytest.raises(ManifestError) as caught:
        decided(status, answer, on).graph()
    assert caught.value.remedy
