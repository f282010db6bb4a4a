"""GitHub deployments and their statuses (REST API).

Read are a deployment, a deployment with `deployment_status` or `statuses` beside it, a list of
either, and the bare list of statuses.
"""

from __future__ import annotations

import re

from attribution.ingest.documents import WHOLE, first_entries, name_type, walk_entries
from attribution.ingest.fields import EMPTY, Table, items, stated, table, text
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.readers.github import (
    account_type,
    deployment_number,
    login,
    repository,
)
from attribution.ingest.source import Source
from attribution.model.record import JsonValue

_RUN = re.compile(r"/actions/runs/(\d{1,20})(?:/|$)")
"""https://docs.github.com/en/rest/deployments/statuses: `log_url` of a status that a job made."""


def _read(source: Source, intake: Intake) -> None:
    for place, entry in walk_entries(source, intake, "deployments"):
        if "deployment" in entry:
            _add_pair(intake, "" if place == WHOLE else place, entry)
        elif _is_deployment(entry):
            _add_deployment(intake, place, entry, EMPTY)
            _add_statuses(intake, place, entry, entry)
        elif _is_status(entry):
            _add_status(intake, place, entry, EMPTY)
        else:
            intake.reject(place, "neither a deployment nor a status of one")


def _add_pair(intake: Intake, place: str, entry: Table) -> None:
    lone = place.startswith("line")
    deployment = table(entry.get("deployment"))
    where = place if lone else f"{place}/deployment"
    if _is_deployment(deployment):
        _add_deployment(intake, where, deployment, entry)
    else:
        intake.reject(where, "not a deployment: sha or environment is missing")
    if "deployment_status" in entry:
        _add_one(
            intake,
            place if lone else f"{place}/deployment_status",
            entry.get("deployment_status"),
            deployment,
        )
    _add_statuses(intake, place, entry, deployment)


def _add_statuses(intake: Intake, place: str, entry: Table, deployment: Table) -> None:
    base = "" if place == WHOLE else place
    for index, status in enumerate(items(entry.get("statuses"))):
        where = base if base.startswith("line") else f"{base}/statuses/{index}"
        _add_one(intake, where, status, deployment)


def _add_one(intake: Intake, place: str, status: JsonValue, deployment: Table) -> None:
    if isinstance(status, dict) and _is_status(status):
        _add_status(intake, place, status, deployment)
    else:
        what = "state is missing" if isinstance(status, dict) else f"got {name_type(status)}"
        intake.reject(place, f"not a deployment status: {what}")


def _is_deployment(entry: Table) -> bool:
    return {"sha", "environment"} <= entry.keys()


def _is_status(entry: Table) -> bool:
    return "state" in entry and ("deployment_url" in entry or "environment" in entry)


def _add_deployment(intake: Intake, place: str, deployment: Table, beside: Table) -> None:
    who = login(deployment.get("creator"))
    environment, sha = text(deployment.get("environment")), text(deployment.get("sha"))
    data = stated(
        deployment_id=text(deployment.get("id")),
        sha=sha,
        environment=environment,
        repository=_repository(intake, deployment, beside),
        creator=who,
        creator_type=account_type(deployment.get("creator")),
        ref=text(deployment.get("ref")),
        app=text(table(deployment.get("performed_via_github_app")).get("slug")),
        run_id=text(table(beside.get("workflow_run")).get("id")),
    )
    intake.add(
        place,
        "deployment.created",
        time=deployment.get("created_at"),
        text=f"deployment of {(sha or 'an unnamed commit')[:12]} to {environment} asked for",
        actor=who,
        subject=environment,
        native_id=text(deployment.get("id")),
        data=data,
    )


def _add_status(intake: Intake, place: str, status: Table, deployment: Table) -> None:
    who = login(status.get("creator"))
    environment = text(status.get("environment")) or text(deployment.get("environment"))
    state = text(status.get("state"))
    number = text(deployment.get("id")) or deployment_number(status.get("deployment_url"))
    said = text(status.get("description"))
    data = stated(
        deployment_id=number,
        state=state,
        environment=environment,
        creator=who,
        creator_type=account_type(status.get("creator")),
        sha=text(deployment.get("sha")),
        repository=_repository(intake, status, deployment),
        run_id=_run(status),
    )
    intake.add(
        place,
        "deployment.status",
        time=status.get("created_at"),
        text=f"deployment to {environment or 'an unnamed environment'}: {state}"
        + (f": {said}" if said else ""),
        actor=who,
        subject=environment,
        native_id=text(status.get("id")),
        data=data,
    )


def _run(status: Table) -> str | None:
    """Return the workflow run whose log the status leads to: it was made by that run."""
    links = (text(status.get(key)) or "" for key in ("log_url", "target_url"))
    return next((match[1] for link in links if (match := _RUN.search(link))), None)


def _repository(intake: Intake, entry: Table, beside: Table) -> str | None:
    found = repository(beside.get("repository"), entry.get("repository_url"), entry.get("url"))
    return found or intake.options.repository


def _sniff(source: Source) -> float:
    entries = first_entries(source, "deployments")
    found = [table(entry.get("deployment")) or entry for entry in entries]
    if any(_is_deployment(entry) and {"creator", "ref"} <= entry.keys() for entry in found):
        # GitLab's deployments have a sha and an environment object, but neither creator nor task.
        return 1.0
    statuses = (_is_status(entry) and "deployment_url" in entry for entry in entries)
    return 0.9 if any(statuses) else 0.0


FORMAT = Format(
    id="github-deployment",
    title="GitHub deployments and their statuses",
    told_by="objects with sha, environment, ref and creator (alone or under deployment), or"
    " statuses with deployment_url",
    source="https://docs.github.com/en/rest/deployments",
    kinds=frozenset({"json", "lines"}),
    sniff=_sniff,
    read=_read,
)
