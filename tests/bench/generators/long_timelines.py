"""A timeline made long: invented calls, log lines, messages and alerts around the real events.

Each is of one of a number of accounts, some stand in stretches apart from each other, and their
texts begin as a spreadsheet's formula does.
"""

from __future__ import annotations

import random
from dataclasses import replace

from attribution.model.analysis import Analysis
from attribution.model.event import Event, Witness
from attribution.model.instant import HOUR, Instant

KINDS = ("audit.call", "log.line", "chat.message", "alert.notified")
SPAN = 96 * HOUR
ACCOUNTS = 3000
_PAUSES = 30


def lengthen(analysis: Analysis, count: int, seed: int = 0, text: str = "") -> Analysis:
    """Return the analysis with `count` more events; `text` stands in each of theirs."""
    draw = random.Random(seed)
    timeline = analysis.timeline
    sources = [source.evidence for source in timeline.sources]
    start = next(event.time for event in timeline.events if event.time is not None)
    moment = start - 6 * HOUR
    pauses = {draw.randrange(count) for _ in range(_PAUSES)}
    added = []
    for number in range(count):
        moment += draw.randrange(1, 2 * SPAN // count + 2) + (number in pauses) * 9 * HOUR
        account = f"account-{draw.randrange(ACCOUNTS)}"
        added.append(
            Event(
                id=f"added-{number:08d}",
                kind=KINDS[number % len(KINDS)],
                time=Instant(moment),
                time_low=Instant(moment - 500),
                time_high=Instant(moment + 500),
                written=None,
                original_time=None,
                actor=None,
                actor_name=account,
                subject="queue",
                text=f"=call {number} by {account} {text}",
                native_id=None,
                witnesses=(Witness(sources[number % len(sources)], f"line {number + 1}"),),
            )
        )
    events = sorted((*timeline.events, *added), key=lambda event: (event.time or 0, event.id))
    return replace(analysis, timeline=replace(timeline, events=tuple(events)))
