"""Commits that the branch of a pull request was forced onto, as the platform's records tell.

Source: docs.github.com, "Issue event types", head_ref_force_pushed: `commit_id` is the head it has
since. A clone shows nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from attribution.model.commit import Anomaly
from attribution.model.event import Event

_KIND = "pull_request.head_force_pushed"
_NAME = "force_push"
_STATEMENT = "the branch of its pull request was forced onto it"


def find_forced(events: Iterable[Event]) -> frozenset[str]:
    """Return the commits that some branch was forced onto."""
    named = (event.data.get("commit_id") for event in events if event.kind == _KIND)
    return frozenset(sha for sha in named if isinstance(sha, str) and sha)


def add_forced(
    anomalies: Sequence[tuple[Anomaly, ...]], forced: Sequence[bool]
) -> tuple[tuple[Anomaly, ...], ...]:
    """Return the anomalies of a history's commits, by id, with those of forced branches."""
    anomaly = Anomaly(_NAME, _STATEMENT, sum(forced), len(forced))
    return tuple(
        tuple(sorted((*known, anomaly), key=lambda one: one.id)) if was_forced else known
        for known, was_forced in zip(anomalies, forced, strict=True)
    )
