"""Deployments that took place: what each carried, to where, who set it off, how it ended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from attribution.model.event import Event
from attribution.model.instant import Instant
from attribution.model.oversight import Deployment
from attribution.model.service import Service
from attribution.oversight.facts import text
from attribution.oversight.workflows import attach_runs

LIVE = "success"
"""The state that says the deployment reached its environment."""

ENDED = "inactive"
"""The state that says it is there no more: another took its place, or all was taken down."""


def list_deployments(
    events: Iterable[Event], services: Iterable[Service] = ()
) -> tuple[Deployment, ...]:
    """Return the deployments among the events in time order.

    `time` is that of the first `success` status, else that of the request; `state` is the last
    status, None where none is on record. A status alone counts where it names the commit. A run of
    a workflow is a witness of the deployment whose record leads to it, and a deployment in its own
    right where a service declares the workflow and no record of the deployment is there.
    """
    told: dict[tuple[str, str | None], list[Event]] = defaultdict(list)
    runs: list[Event] = []
    for event in events:
        if event.kind in {"deployment.created", "deployment.status"}:
            told[_id(event), text(event, "repository")].append(event)
        elif event.kind == "workflow.run" and text(event, "form") == "workflow":
            runs.append(event)
    groups = [
        (deployment, group)
        for (key, _), group in told.items()
        if (deployment := _join(key, group)) is not None
    ]
    found = [*attach_runs(groups, runs, tuple(services))]
    return tuple(
        sorted(
            found, key=lambda one: (one.time is None, one.time or 0, one.repository or "", one.id)
        )
    )


def _id(event: Event) -> str:
    value = event.data.get("deployment_id")
    return str(value) if isinstance(value, str | int) else event.id


def _join(key: str, group: list[Event]) -> Deployment | None:
    group = sorted(group, key=lambda event: event.kind != "deployment.created")
    sha, environment = _first(group, "sha"), _first(group, "environment")
    if sha is None or environment is None:
        return None
    statuses = [event for event in group if event.kind == "deployment.status"]
    shown = _shown_by(group[0], statuses)
    return Deployment(
        id=key,
        sha=sha,
        environment=environment,
        repository=_first(group, "repository"),
        creator=group[0].actor or _first(group, "creator") or group[0].actor_name or "unknown",
        time=shown.time,
        state=text(statuses[-1], "state") if statuses else None,
        references=tuple(dict.fromkeys(ref for event in group for ref in event.references)),
        ended=_ended(statuses),
        time_low=shown.time_low,
        time_high=shown.time_high,
        shown_by=shown.id,
    )


def _first(group: Iterable[Event], key: str) -> str | None:
    return next((found for event in group if (found := text(event, key))), None)


def _shown_by(first: Event, statuses: Iterable[Event]) -> Event:
    """Return the event whose time is that of the deployment."""
    live = (status for status in statuses if text(status, "state") == LIVE)
    return next((status for status in live if status.time is not None), first)


def _ended(statuses: Sequence[Event]) -> Instant | None:
    """Return when it was told to be inactive, where that is the last that was told of it."""
    if not statuses or text(statuses[-1], "state") != ENDED:
        return None
    return statuses[-1].time
