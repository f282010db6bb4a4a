"""Automated checks of the head that was merged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from attribution.model.event import Event
from attribution.model.oversight import ChangeReview, Check
from attribution.oversight.changes import Change
from attribution.oversight.facts import text

PASSING = frozenset({"success", "neutral", "skipped"})
"""Conclusions with which GitHub lets a required check pass.

Source: https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/collaborating-on-repositories-with-code-quality-features/about-status-checks
"""

MISSING = "missing"
"""The conclusion given to a required check of which the merged head has no run."""


def find_checks(
    change: Change, changes: Sequence[Change], events: Iterable[Event]
) -> tuple[Check, ...]:
    """Return the checks of the merged head by name, each with its last run before the merge.

    A check that is required on another pull request of the repository, and of which this head has
    no run although it has runs of others, is `missing`. Without any run on record for the head
    nothing is said: the checks may just not have been exported.
    """
    runs = [event for event in events if event.kind == "check.completed"]
    mine = [run for run in runs if text(run, "head_sha") == change.head and change.head is not None]
    last: dict[str, Event] = {}
    for run in mine:
        if change.merged is None or run.time is None or run.time <= change.merged:
            last[_name(run)] = run
    found = {
        name: Check(
            name,
            str(change.head),
            text(run, "conclusion") or "none",
            _is_required(name, mine),
            run.references[0],
        )
        for name, run in last.items()
    }
    if last:
        heads = {other.head for other in changes if other.repository == change.repository}
        beside = [run for run in runs if text(run, "head_sha") in heads]
        for name in {_name(run) for run in beside if run.data.get("required") is True} - set(last):
            cited = next(run for run in beside if _name(run) == name)
            found[name] = Check(name, str(change.head), MISSING, True, cited.references[0])  # noqa: FBT003 - the field of a record
    return tuple(found[name] for name in sorted(found))


def unmet_checks(review: ChangeReview) -> tuple[Check, ...]:
    """Return the required checks that did not pass on the merged head, or were never run on it."""
    return tuple(
        check for check in review.checks if check.required and check.conclusion not in PASSING
    )


def _name(run: Event) -> str:
    return text(run, "name") or "unnamed check"


def _is_required(name: str, runs: Iterable[Event]) -> bool | None:
    stated = [run.data.get("required") for run in runs if _name(run) == name]
    known = [value for value in stated if isinstance(value, bool)]
    return any(known) if known else None
