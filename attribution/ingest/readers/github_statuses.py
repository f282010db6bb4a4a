"""GitHub commit statuses, workflow runs and check suites: what ran besides single check runs.

Read are `commits/SHA/status` and `commits/SHA/statuses`, `actions/runs` and
`commits/SHA/check-suites`. A status is a check in its own right; a workflow run or suite stands
over checks, and says which attempt it was. Deliveries of the webhooks hold one each, under
`workflow_run` or `check_suite`; that of `status` is one itself.
"""

from __future__ import annotations

import re

from attribution.ingest.documents import first_entries, walk_entries
from attribution.ingest.fields import Table, find, items, number, stated, table, text
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.readers.github import login, repository
from attribution.ingest.source import Source
from attribution.model.record import JsonValue

_LISTS = ("statuses", "workflow_runs", "check_suites")
_SHA = re.compile(r"/statuses/([0-9a-f]{40,64})")


def _read(source: Source, intake: Intake) -> None:
    whole = table(source.document) if source.kind == "json" else {}
    for place, entry in walk_entries(source, intake, *_LISTS):
        add_run(intake, place, _inside(entry), whole)
    total = number(whole.get("total_count"))
    listed = max((len(items(whole.get(key))) for key in _LISTS), default=0)
    if total is not None and total > listed > 0:
        intake.truncate(f"the list holds {listed} of {total} entries")


def _inside(entry: Table) -> Table:
    """Return the run that a delivery holds, else the entry itself."""
    return table(entry.get("workflow_run")) or table(entry.get("check_suite")) or entry


def add_run(intake: Intake, place: str, entry: Table, beside: Table) -> None:
    """Give the intake a status, a workflow run or a check suite."""
    if is_status(entry):
        _add_status(intake, place, entry, beside)
    elif _is_workflow(entry) or _is_suite(entry):
        _add_workflow(intake, place, entry)
    else:
        intake.reject(place, "neither a commit status, a workflow run nor a check suite")


def is_status(entry: Table) -> bool:
    """Return whether an object is a commit status."""
    return {"context", "state"} <= entry.keys()


def _is_workflow(entry: Table) -> bool:
    return {"head_sha", "workflow_id"} <= entry.keys()


def _is_suite(entry: Table) -> bool:
    return {"head_sha", "latest_check_runs_count"} <= entry.keys() or (
        {"head_sha", "app", "status", "before"} <= entry.keys()
    )


def _add_status(intake: Intake, place: str, status: Table, beside: Table) -> None:
    match = _SHA.search(text(status.get("url")) or "")
    name = text(status.get("context")) or "unnamed status"
    state = text(status.get("state")) or "unknown"
    intake.add(
        place,
        "check.completed",
        time=status.get("updated_at") or status.get("created_at"),
        text=f"{name}: {state}",
        actor=login(status.get("creator")),
        subject=name,
        native_id=text(status.get("id")),
        data=stated(
            name=name,
            head_sha=text(status.get("sha"))
            or text(beside.get("sha"))
            or (match[1] if match else None),
            conclusion=state,
            form="status",
            repository=repository(beside.get("repository"), status.get("url"))
            or intake.options.repository,
        ),
    )


def _add_workflow(intake: Intake, place: str, run: Table) -> None:
    status, conclusion = text(run.get("status")), text(run.get("conclusion"))
    suite = not _is_workflow(run)
    name = text(run.get("name")) or text(find(run, "app", "slug")) or "unnamed workflow"
    who = login(run.get("triggering_actor")) or login(run.get("actor"))
    state = conclusion or status or "unknown"
    attempt = number(run.get("run_attempt"))
    identity = text(run.get("id"))
    intake.add(
        place,
        "workflow.run",
        time=run.get("updated_at") or run.get("run_started_at") or run.get("created_at"),
        text=f"{'check suite' if suite else 'workflow'} {name}: {state}"
        + (f" (attempt {attempt})" if attempt and attempt > 1 else ""),
        actor=who,
        subject=name,
        native_id=f"{identity}:attempt {attempt or 1}" if identity else None,
        data=stated(
            name=name,
            head_sha=text(run.get("head_sha")),
            conclusion=state,
            attempt=attempt,
            event=text(run.get("event")),
            form="suite" if suite else "workflow",
            **({} if suite else _say_which(intake, place, run)),
            repository=repository(run.get("repository"), run.get("url"))
            or intake.options.repository,
        ),
    )


def _say_which(intake: Intake, place: str, run: Table) -> dict[str, JsonValue]:
    """Return which workflow a run is of, where it ran, and when it began."""
    path = text(run.get("path"))
    return {
        "run_id": text(run.get("id")),
        "workflow_id": text(run.get("workflow_id")),
        "path": None if path is None else path.partition("@")[0],
        "branch": text(run.get("head_branch")),
        "started": intake.timestamp(run.get("run_started_at") or run.get("created_at"), place),
    }


def _sniff(source: Source) -> float:
    if source.kind == "json" and "pull_request" in table(source.document):
        return 0.0
    # A delivery about a deployment brings the workflow run that made it along.
    entries = [
        _inside(entry) for entry in first_entries(source, *_LISTS) if "deployment" not in entry
    ]
    found = any(
        (is_status(entry) and ("creator" in entry or "target_url" in entry or "url" in entry))
        or _is_workflow(entry)
        or _is_suite(entry)
        for entry in entries
    )
    return float(found)


FORMAT = Format(
    id="github-statuses",
    title="GitHub commit statuses, workflow runs and check suites",
    told_by="objects with context and state, or with head_sha and workflow_id or"
    " latest_check_runs_count",
    source="https://docs.github.com/en/rest/commits/statuses",
    kinds=frozenset({"json", "lines"}),
    sniff=_sniff,
    read=_read,
)
