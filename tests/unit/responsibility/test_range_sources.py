"""Which entry of the tables makes a share's range as wide as it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from attribution.model.interval import Interval
from attribution.model.manifest import Culpability, Override
from attribution.model.result import Attribution
from attribution.responsibility import range_sources
from attribution.schema.instances import validate
from tests.unit.graph.recorded import OVERREACH, Recorded, policy

CASE = OVERREACH.with_manifest(policies=(policy("production_approval", enforced=False),))


def widths(attribution: Attribution) -> dict[str, float]:
    """Return how wide each party's range is."""
    return {party.id: party.share.high - party.share.low for party in attribution.parties}


def narrowed(before: Recorded, after: Recorded) -> dict[str, float]:
    """Return by how much the ranges of one case are wider than those of another."""
    wide, narrow = widths(before.attribute()), widths(after.attribute())
    return {party: wide[party] - narrow[party] for party in wide}


def found(case: Recorded, kind: str, entry: str) -> dict[str, float]:
    """Return what the attribution says comes from an entry."""
    (source,) = [
        source
        for source in case.attribute().range_sources
        if (source.kind, source.entry) == (kind, entry)
    ]
    return dict(source.narrower)


def at(value: float, of: str) -> Override:
    """Return a person's entry that leaves no range."""
    return Override(of, Interval(value, value, value), "test", "known")


def test_a_controls_part_is_what_the_range_loses_when_a_case_knows_it() -> None:
    """The same as computing the case anew with the effectiveness at its point."""
    known = CASE.with_manifest(effectiveness=(at(0.6, "production_approval"),))
    part = found(CASE, "effectiveness", "production_approval")
    assert part == pytest.approx(narrowed(CASE, known), abs=1e-9)
    assert max(part.values()) > 0.01


def test_a_kind_of_evidences_part_is_that_of_all_nodes_that_rest_on_it() -> None:
    """The same as computing the case anew with the kind of evidence at its point."""
    known = CASE.with_manifest(credence_kinds=(at(0.8, "rule_inference"),))
    part = found(CASE, "credence", "rule_inference")
    assert part == pytest.approx(narrowed(CASE, known), abs=1e-9)


def test_a_culpability_with_a_range_has_its_part() -> None:
    """A person's range for how blameworthy a breach was widens the shares by its part."""

    def blamed(low: float, high: float) -> Recorded:
        value = Interval(low, 0.5, high)
        return CASE.with_manifest(
            culpability=(Culpability("overreach_shop", value, "test", "as heard"),)
        )

    part = found(blamed(0.2, 0.9), "culpability", "overreach_shop")
    assert part == pytest.approx(narrowed(blamed(0.2, 0.9), blamed(0.5, 0.5)), abs=1e-9)
    assert all(value > 0 for party, value in part.items() if party == "maker")


def test_what_matters_most_comes_first_and_every_range_is_some_entrys() -> None:
    """Entries are in the order of the most they narrow; their nodes are roots of the graph."""
    attribution = CASE.attribute()
    sizes = [source.largest for source in attribution.range_sources]
    assert sizes == sorted(sizes, reverse=True)
    roots = {node.id for node in CASE.graph().nodes if node.equation is None}
    assert {node for source in attribution.range_sources for node in source.nodes} <= roots
    validate(attribution.to_dict(), "result")


def test_a_number_that_a_person_set_is_told_from_the_tables() -> None:
    """A node's own credence in the case file is an entry of its own."""
    override = Override("overreach_shop", Interval(0.3, 0.5, 0.9), "counsel", "heard the operator")
    case = CASE.with_manifest(credences=(override,))
    part = found(case, "stated", "overreach_shop")
    assert part == pytest.approx(
        narrowed(case, case.with_manifest(credences=(at(0.5, "overreach_shop"),))), abs=1e-9
    )


def test_nothing_is_said_where_it_would_take_too_many_searches(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Beyond the limit of uncertain facts the list is empty, and the shares are as before."""
    before = CASE.attribute()
    monkeypatch.setattr(range_sources, "MAX_FACTS", 0)
    after = CASE.attribute()
    assert after.range_sources == ()
    assert replace(before, range_sources=()) == after
