"""Runs of workflows as deployments: by a record that leads to the run, or by declaration.

A workflow's name says nothing about what it does: a run that neither a deployment's record leads to
nor a case declares to deploy is no deployment, whatever it is called.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from attribution.model.event import Event
from attribution.model.instant import Instant, parse_instant
from attribution.model.oversight import Deployment
from attribution.model.service import DeployingWorkflow, Service
from attribution.oversight.facts import same_repository, text

_STATES: Mapping[str, str | None] = MappingProxyType(
    {
        "success": "success",
        "failure": "failure",
        "cancelled": "failure",
        "timed_out": "failure",
        "startup_failure": "failure",
        "stale": "failure",
        "action_required": "waiting",
        "waiting": "waiting",
        "requested": "queued",
        "queued": "queued",
        "pending": "pending",
        "in_progress": "in_progress",
        "skipped": None,
        "neutral": None,
    }
)
"""The state of a deployment by status or conclusion of its run; None where nothing was deployed.

https://docs.github.com/en/rest/actions/workflow-runs, parameter `status`, and
https://docs.github.com/en/rest/deployments/statuses, `state`. A run that failed may have deployed
before it did: what its record shows is that it did not get through.
"""

Group = tuple[Deployment, Sequence[Event]]


def attach_runs(
    recorded: Sequence[Group], runs: Sequence[Event], services: Sequence[Service]
) -> Iterator[Deployment]:
    """Yield the recorded deployments with the runs that made them, then those declared alone.

    `recorded` has each deployment with the events that it was read from.
    """
    declared = [
        (run, rule, service)
        for service in services
        for rule in service.deployed_by
        for run in runs
        if _is_of(run, rule)
    ]
    by_id: dict[str | None, list[Event]] = defaultdict(list)
    for run in runs:
        by_id[text(run, "run_id")].append(run)
    by_sha: dict[str | None, list[tuple[Event, DeployingWorkflow]]] = defaultdict(list)
    for run, rule, _ in declared:
        by_sha[text(run, "head_sha")].append((run, rule))
    told: set[tuple[str, str]] = set()
    for deployment, group in recorded:
        named = {found for event in group if (found := text(event, "run_id"))}
        made = [run for name in sorted(named) for run in by_id[name]]
        if not named:
            near = by_sha[deployment.sha]
            made = [run for run, rule in near if _is_same(run, rule, deployment, group)]
        told |= {(run.id, deployment.environment.casefold()) for run in made}
        more = [reference for run in made for reference in run.references]
        yield replace(deployment, references=tuple(dict.fromkeys((*deployment.references, *more))))
    for run, rule, service in declared:
        key = run.id, rule.environment.casefold()
        if key not in told:
            told.add(key)
            yield from _deploy(run, rule, service)


def _is_of(run: Event, rule: DeployingWorkflow) -> bool:
    """Return whether a run is one that the rule is about."""
    names = {text(run, "name"), text(run, "path"), text(run, "workflow_id")}
    if rule.workflow not in names:
        return False
    repository = text(run, "repository")
    if rule.repository and not (repository and same_repository(rule.repository, repository)):
        return False
    if rule.branch is not None and text(run, "branch") != rule.branch:
        return False
    return not rule.triggers or text(run, "event") in rule.triggers


def _is_same(
    run: Event, rule: DeployingWorkflow, deployment: Deployment, group: Sequence[Event]
) -> bool:
    """Return whether a declared run of the same commit made a recorded deployment.

    It did where both are to one environment, and the deployment was recorded while it ran.
    """
    repository = text(run, "repository")
    elsewhere = (
        repository is not None
        and deployment.repository is not None
        and not same_repository(repository, deployment.repository)
    )
    if elsewhere or rule.environment.casefold() != deployment.environment.casefold():
        return False
    started, ended = _started(run), run.time
    times = [event.time for event in group if event.time is not None]
    return started is not None and ended is not None and any(started <= t <= ended for t in times)


def _started(run: Event) -> Instant | None:
    found = text(run, "started")
    return None if found is None else parse_instant(found)


def _deploy(run: Event, rule: DeployingWorkflow, service: Service) -> Iterator[Deployment]:
    """Yield the deployment that a declared run is, nothing where it deployed nothing.

    It took place at some time while the run lasted.
    """
    sha = text(run, "head_sha")
    conclusion = text(run, "conclusion") or "in_progress"
    state = _STATES.get(conclusion, "in_progress")
    if sha is None or state is None:
        return
    attempt = run.data.get("attempt")
    yield Deployment(
        id=f"run {text(run, 'run_id') or run.id}"
        + (f", attempt {attempt}" if isinstance(attempt, int) and attempt > 1 else ""),
        sha=sha,
        environment=rule.environment,
        repository=text(run, "repository"),
        creator=run.actor or run.actor_name or "unknown",
        time=run.time,
        state=state,
        references=run.references,
        time_low=_started(run) or run.time_low,
        time_high=run.time_high,
        shown_by=run.id,
        basis=f"case.yaml declares that the workflow {rule.workflow} deploys {service.name} to"
        f" {rule.environment}",
    )
