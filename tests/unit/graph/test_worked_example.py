"""The worked example of docs/explanation/numbers-for-an-engineer.md, computed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from attribution.model.interval import CERTAIN, EXCLUDED, Interval
from attribution.model.manifest import Override
from tests.unit.graph.recorded import BASE, OVERREACH, SERVICE, Recorded

SIX_IN_TEN = Override("production_approval", Interval(0.6, 0.6, 0.6), "test", "the example")
TRUE = ("overreach_shop", "grant_ops_role", "production_approval_not_demanded_shop")
SETTLED = (
    *(Override(node, CERTAIN, "test", "the example") for node in TRUE),
    Override("asked_shop", EXCLUDED, "test", "the example"),
)


def example(owner: str) -> Recorded:
    """Return the example with the permission granted by `owner`."""
    return OVERREACH.with_manifest(
        credences=SETTLED,
        effectiveness=(SIX_IN_TEN,),
        services=(replace(SERVICE, owner=owner),),
        harms=BASE.harms,
    )


def test_three_parties() -> None:
    """Agent 0.4, whoever granted the permission 0.4, whoever owed the policy 0.2."""
    assert example("team").potency() == pytest.approx({"maker": 0.4, "team": 0.4, "house": 0.2})


def test_two_parties_and_the_owen_split() -> None:
    """When one organisation owed both, each party bears half, split 0.35 to 0.15 inside."""
    attribution = example("house").attribute()
    shares = {b.node: b.potency for party in attribution.parties for b in party.breaches}
    assert shares == pytest.approx(
        {
            "overreach_shop": 0.5,
            "grant_ops_role": 0.35,
            "production_approval_not_demanded_shop": 0.15,
        }
    )
