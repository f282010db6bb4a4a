"""Deletions are acts whichever cloud's audit log tells of them; a call that only began is none."""

from __future__ import annotations

import pytest

from attribution.model.event import Event
from tests.unit.graph.recorded import Recorded, alert, event


def call(operation: str, outcome: str | None) -> Event:
    """Return a call on the shop's environment, as the reader of a cloud's log gives it."""
    facts = {} if outcome is None else {"outcome": outcome}
    return event(
        "audit.call",
        -1,
        "bot",
        operation,
        operation=operation,
        read_only=False,
        resources=["projects/p/disks/shop-prod"],
        **facts,
    )


@pytest.mark.parametrize(
    ("operation", "outcome", "acted"),
    [
        ("v1.compute.disks.delete", "succeeded", True),
        ("v1.compute.disks.delete", "begun", False),
        ("v1.compute.disks.get", None, False),
        ("MICROSOFT.COMPUTE/DISKS/DELETE", "succeeded", True),
        ("persistentvolumeclaims.delete", None, True),
        ("DeleteEnvironment", None, True),
    ],
)
def test_a_call_is_an_act_when_it_took_something_away_and_ended(
    operation: str,
    outcome: str | None,
    acted: bool,  # noqa: FBT001 - a parameter of the table
) -> None:
    graph = Recorded(events=(call(operation, outcome), alert())).graph()
    assert ("act_shop" in {node.id for node in graph.nodes}) is acted
