"""An AI agent's part: whether its act lies behind something, and whether it had failed before."""

from __future__ import annotations

from attribution.graph.draft import Draft
from attribution.graph.facts import Facts, text_of
from attribution.graph.rules.acts import Act
from attribution.model.instant import HOUR


def has_agent_behind(facts: Facts, draft: Draft, node: str) -> bool:
    """Whether a node, or one that leads to it, is an act of an agent.

    What merely stands in the way, or would have, does not lead to it.
    """
    seen, queue = {node}, [node]
    for name in queue:
        found = draft.nodes[name]
        if found.kind == "act" and facts.is_agent(found.actor):
            return True
        causes = draft.causes[name]
        for source in (*causes.alternatives, *causes.requirements):
            if source not in seen:
                seen.add(source)
                queue.append(source)
    return False


def has_failed_before(facts: Facts, act: Act) -> bool:
    """Whether a step of the act's doer is on record as failed in the hour before the act."""
    doer, began = facts.actor(act.doer), act.events[0].time
    if doer is None or began is None:
        return False
    return any(
        event.time is not None
        and began - HOUR <= event.time < began
        and (
            bool(event.data.get("error")) and facts.actor(event.actor or event.actor_name) == doer
            if event.kind == "audit.call"
            else event.data.get("is_error") is True
            and facts.actor(text_of(event.data, "agent")) == doer
        )
        for event in facts.events("audit.call", "session.tool_result")
    )
