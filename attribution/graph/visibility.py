"""Whether what no record shows could stand in a gap: said beside every statement that rests on it.

A statement that no approval, alert or answer is on record is only as good as the records are
whole at that time.
"""

from __future__ import annotations

from collections.abc import Iterable

from attribution.graph.facts import Facts
from attribution.model.gap import NOT_SHOWN, word_unseen
from attribution.model.instant import Instant
from attribution.timeline.gaps import list_open_gaps

REVIEWS = ("review.", "pull_request.")
ALERTS = ("alert.",)
ANSWERS = ("alert.", "impact")
TASKS = ("session.prompt", "chat.message", "mail.message")
GRANTS = ("audit.call", "commit")
APPROVALS = ("deployment.approval", "chat.message", "mail.message")
HEEDED = ("chat.message", "mail.message", "commit", "audit.call")


def say_unseen(
    facts: Facts,
    families: Iterable[str],
    low: Instant | None,
    high: Instant | None,
    conclusion: str = NOT_SHOWN,
) -> str:
    """Return a sentence that names the gaps which may hide a record; empty where none may."""
    wanted = tuple(families)
    gaps = list_open_gaps(facts.manifest, facts.timeline.gaps)
    return word_unseen((gap for gap in gaps if gap.could_hide(wanted, low, high)), conclusion)
