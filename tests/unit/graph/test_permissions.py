"""What an act was done with: a role, a credential, or the identity of somebody else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from attribution.model.event import Event
from tests.unit.graph.recorded import OVERREACH, Recorded, alert, deletion, event, prompt, tool_call
from tests.unit.graph.test_warnings import settled

KEY = "key-of-the-export"


def used(who: str = "bot", credential: str | None = KEY) -> Event:
    """Return a deletion without a role, with a credential or with nothing shown."""
    call = deletion(-1, who)
    return replace(call, data={**call.data, "role": None, "credential": credential})


def case(*more: Event, call: Event | None = None) -> Recorded:
    """Return an agent's overreach by that call."""
    asked = prompt(-30, "Please correct the rate on the export page.")
    return Recorded(events=(asked, tool_call(-1), call or used(), alert(), *more))


def made(minutes: float = -600, operation: str = "CreateAccessKey") -> Event:
    """Return the call by which the lead made the key."""
    return event("audit.call", minutes, "lead", operation=operation, resources=[KEY])


def test_of_a_credential_that_nobody_is_known_to_have_made_nobody_is_accused() -> None:
    """It is a condition of the act, what is missing is said, and no share moves."""
    graph = case().graph()
    node = graph.node("permission_key_of_the_export")
    assert (node.kind, node.duty, node.equation) == ("condition", None, None)
    assert node.statement == f"The credential “{KEY}” could do more than the task needed."
    assert "and permission_key_of_the_export" in str(graph.node("act_shop").equation)
    assert [one.node for one in graph.missing_factors if "made the credential" in one.statement]
    assert not any(one.duty == "least-privilege" for one in graph.nodes)
    assert case().potency() == pytest.approx(case(call=used(credential=None)).potency())


@pytest.mark.parametrize(
    "more", [(made(9),), (made(operation="GetAccessKeyLastUsed"),)], ids=["after", "no grant"]
)
def test_a_call_that_came_later_or_grants_nothing_made_no_credential(
    more: tuple[Event, ...],
) -> None:
    graph = case(*more).graph()
    assert not any(one.duty == "least-privilege" for one in graph.nodes)


def test_the_share_of_whoever_made_the_credential_by_hand() -> None:
    """Overreach and the key were both needed: half and half, as with a role."""
    potency = settled(
        case(made()),
        overreach_shop=1.0,
        asked_shop=0.0,
        grant_key_of_the_export=1.0,
        would_catch_production_approval_shop=0.0,
    ).potency()
    assert potency == pytest.approx({"maker": 0.5, "team": 0.0, "house": 0.5})


def test_an_agent_under_a_persons_identity_inherited_it_without_any_role() -> None:
    """The audit log names the person, the agent's own log shows the call; no role is in either."""
    graph = case(call=used("operator", None)).graph()
    assert graph.node("inherited_shop").statement == "bot acted under the identity of operator."
    assert "inherited_shop" not in {node.id for node in case(call=used("bot", None)).graph().nodes}
    assert "inherited_shop" not in {node.id for node in OVERREACH.graph().nodes}
