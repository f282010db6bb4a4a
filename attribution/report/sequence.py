"""Swim lanes as a Mermaid sequence diagram, for Markdown: GitHub and GitLab both render it.

Syntax: https://mermaid.js.org/syntax/sequenceDiagram.html. Text of records is quoted as in graphs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from attribution.model.instant import Instant
from attribution.report.layout.swimlanes import SwimLane
from attribution.report.mermaid import quote


def write_sequence(
    lanes: Sequence[SwimLane], change: str, tell_time: Callable[[Instant | None], str]
) -> str:
    """Return a participant for each lane, and an arrow to the change for each act in time order.

    What never came is a note over the lane it was called for from.
    """
    lines = ["sequenceDiagram", f"    participant C as {quote(change)}"]
    acts = []
    for number, lane in enumerate(lanes):
        told = f"{lane.name} ({lane.detail})" if lane.detail else lane.name
        lines.append(f"    participant L{number} as {quote(told)}")
        acts += [(act, number) for act in lane.acts]
    acts.sort(key=lambda one: (one[0].time is None, one[0].time or 0, one[0].symbol == "empty"))
    for act, number in acts:
        if act.symbol == "empty":
            lines.append(f"    Note over L{number}: {quote(act.words)}")
        else:
            lines.append(f"    L{number}->>C: {quote(f'{tell_time(act.time)} {act.words}')}")
    return "\n".join(lines) + "\n"
