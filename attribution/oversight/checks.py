"""Automated checks of the head that was merged: required, run, green, skipped, missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from attribution.model.event import Event
from attribution.model.oversight import ChangeReview, Check, WorkflowRun
from attribution.oversight.changes import Change
from attribution.oversight.facts import number, text
from attribution.oversight.records import Records

PASSING = frozenset({"success", "neutral", "skipped"})
"""Conclusions with which GitHub lets a required check pass.

Source: https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/collaborating-on-repositories-with-code-quality-features/about-status-checks
"""

UNRUN = frozenset({"neutral", "skipped"})
"""Those of `PASSING` with which nothing was shown to be right."""

MISSING = "missing"
"""The conclusion given to a required check of which the merged head has no run."""

NO_RECORD = "no record"
"""The conclusion given to a required check where no check of the merged head is on record."""


class CheckRegister:
    """The checks that records elsewhere in a repository say are required."""

    def __init__(self, changes: Sequence[Change], records: Records) -> None:
        self._required: dict[str | None, dict[str, Event]] = defaultdict(dict)
        for change in changes:
            for run in records.checks.get(change.head or "", ()):
                if run.data.get("required") is True:
                    self._required[change.repository].setdefault(_name(run), run)

    def required(self, repository: str | None) -> Mapping[str, Event]:
        """Return the checks required on any pull request of a repository, with a run of each."""
        return self._required.get(repository, {})


def find_checks(
    change: Change,
    register: CheckRegister,
    records: Records,
    enforced: Mapping[str, str] | None = None,
) -> tuple[Check, ...]:
    """Return the checks of the merged head by name, each with its last run before the merge.

    `enforced` are the checks the platform required at the merge, each with the record that says so;
    None where that is not visible. A check that is required, or is so on another pull request of
    the repository, and of which this head has no run although it has runs of others, is `missing`.
    Without any run on record for the head a required check has `no record`: runs may just not have
    been exported. So it has where the change went through a merge queue, which runs checks on a
    commit of its own.
    """
    mine = records.checks.get(change.head, ()) if change.head is not None else ()
    runs: dict[str, list[Event]] = defaultdict(list)
    for run in mine:
        if change.merged is None or run.time is None or run.time <= change.merged:
            runs[_name(run)].append(run)
    # One run told by two exports, which have no id in common, is one run.
    distinct = {
        name: list({(run.time, text(run, "conclusion")): run for run in told}.values())
        for name, told in runs.items()
    }
    found = {
        name: Check(
            name,
            str(change.head),
            text(told[-1], "conclusion") or "none",
            _is_required(name, mine, enforced),
            told[-1].references[0],
            len(told),
        )
        for name, told in distinct.items()
    }
    demanded = {
        name: run.references[0] for name, run in register.required(change.repository).items()
    }
    if enforced is not None:
        demanded = dict(enforced)
    elif not runs:
        demanded = {}
    queued = any(event.kind == "pull_request.queued" for event in change.events)
    state = MISSING if runs and not queued else NO_RECORD
    for name in demanded.keys() - found.keys():
        found[name] = Check(
            name,
            str(change.head),
            conclusion=state,
            required=True,
            reference=demanded[name],
            runs=0,
        )
    return tuple(found[name] for name in sorted(found))


def unmet_checks(review: ChangeReview) -> tuple[Check, ...]:
    """Return the required checks that did not pass on the merged head, or were never run on it."""
    return tuple(
        check
        for check in review.checks
        if check.required and check.conclusion not in PASSING and check.conclusion != NO_RECORD
    )


def find_workflows(change: Change, records: Records) -> tuple[WorkflowRun, ...]:
    """Return the workflow runs and check suites of the merged head before the merge, in order."""
    if change.head is None:
        return ()
    return tuple(
        WorkflowRun(
            _name(run),
            text(run, "conclusion") or "none",
            number(run, "attempt"),
            text(run, "event"),
            run.references[0],
        )
        for run in records.workflows.get(change.head, ())
        if change.merged is None or run.time is None or run.time <= change.merged
    )


def _name(run: Event) -> str:
    return text(run, "name") or "unnamed check"


def _is_required(name: str, runs: Iterable[Event], enforced: Collection[str] | None) -> bool | None:
    if enforced is not None:
        return name in enforced
    stated = [run.data.get("required") for run in runs if _name(run) == name]
    known = [value for value in stated if isinstance(value, bool)]
    return any(known) if known else None
