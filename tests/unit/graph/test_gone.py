"""What case.yaml says of statements that a changed fact of the case took away."""

from __future__ import annotations

import pytest

from attribution.errors import ManifestError
from attribution.graph.gone import is_gone
from attribution.model.interval import CERTAIN, Interval
from attribution.model.manifest import (
    Claim,
    Culpability,
    Decision,
    DeclaredApproval,
    ExtraCause,
    Hypothesis,
    Override,
    Position,
)
from tests.unit.graph.recorded import OVERREACH, Recorded, policy
from tests.unit.graph.test_every_rule import EXAMPLES

GONE = "production_approval_not_enforced_shop"
HALF = Interval(0.4, 0.5, 0.6)
ENTRIES: dict[str, object] = {
    "decisions": (
        Decision(GONE, "confirmed", "the lead", None, "seen"),
        Decision(f"policy:{GONE}", "confirmed", "the lead", None, "seen"),
        Decision(f"{GONE}->production_approval_absent_shop", "rejected", "the lead", None, "seen"),
    ),
    "claims": (Claim("C1", "It was not enforced.", "house", GONE, denied_by=("maker",)),),
    "positions": (Position("A", "Not enforced", "house", {"C1": True}),),
    "culpability": (Culpability(GONE, CERTAIN, "the lead", "seen"),),
    "credences": (Override(GONE, HALF, "the lead", "seen"),),
    "hypotheses": (
        Hypothesis("h", "Enforced", holds={GONE: False}, extra_cause=ExtraCause(GONE, "It broke.")),
    ),
    "approvals": (DeclaredApproval("production_approval", "grant_b46457c", "lead"),),
}


def test_entries_on_what_a_changed_fact_took_away_are_named_and_count_for_nothing() -> None:
    """With the policy switched the case has its graph and shares, and every entry is named."""
    bare = OVERREACH.with_manifest(policies=())
    case = OVERREACH.with_manifest(**ENTRIES, policies=())
    graph = case.graph()
    check = next(one for one in graph.checks if one.id == "entries-are-on-statements")
    assert GONE not in {node.id for node in graph.nodes}
    assert set(check.failures) == {
        *(f"decisions: {decision.on}" for decision in ENTRIES["decisions"]),  # type: ignore[attr-defined]
        *(f"{place}: {GONE}" for place in ("claims, C1", "culpability", "credences")),
        f"hypotheses, h: {GONE}",
        "approvals: grant_b46457c",
    }
    assert case.potency() == bare.potency()
    assert any(GONE in note for note in case.attribute().notes)


def test_they_count_again_when_the_fact_is_switched_back() -> None:
    """What was carried is in force as before, and nothing of it is named."""
    demanded = OVERREACH.with_manifest(policies=(policy("production_approval", enforced=False),))
    graph = demanded.with_manifest(**{**ENTRIES, "approvals": ()}).graph()
    check = next(one for one in graph.checks if one.id == "entries-are-on-statements")
    assert check.passed, check.failures
    assert graph.node(GONE).status == "confirmed"
    assert (graph.node(GONE).credence or CERTAIN) == HALF


@pytest.mark.parametrize(
    "subject",
    ["overreech_shop", "nonsense", "scope:overreech_shop", "overreach_shop->nothing", "account:it"],
)
def test_what_can_only_be_a_mistake_is_refused(subject: str) -> None:
    """A slip of the pen, and a name that no rule gives, decide on nothing and are errors."""
    taken = Decision(subject, "confirmed", "the lead", None, "seen")
    with pytest.raises(ManifestError) as caught:
        OVERREACH.with_manifest(decisions=(taken,)).graph()
    assert caught.value.got == subject


@pytest.mark.parametrize("case", [one.shown for one in EXAMPLES])
def test_every_id_that_a_rule_gives_is_known_for_one(case: Recorded) -> None:
    """A rule whose ids were not would have its decisions refused when a fact changes."""
    declared = {node.id for node in case.manifest.nodes}
    graph = case.graph()
    ids = {node.id for node in graph.nodes} - declared
    ids |= {f"{edge.source}->{edge.target}" for edge in graph.edges if edge.source in ids}
    assert [name for name in sorted(ids) if not is_gone(name, ())] == []
