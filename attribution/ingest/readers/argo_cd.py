"""Argo CD applications: what each deployed, and when (`argocd app get -o json`, `kubectl get`).

`status.history` lists the syncs that succeeded, `status.operationState` the last one however it
ended. History is cut to `spec.revisionHistoryLimit` entries, ten where none is set: an older
deployment is no longer in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from attribution.ingest.documents import WHOLE, first_entries, name_type, walk_entries
from attribution.ingest.fields import Table, find, flag, items, number, stated, table, text
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.source import Source
from attribution.model.record import JsonValue

_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_REPOSITORY = re.compile(r"(?:https?://|ssh://git@|git@)[^/:]+[/:](.+?)(?:\.git)?/?")
_STATES = {
    "Succeeded": "success",
    "Failed": "failure",
    "Error": "error",
    "Running": "in_progress",
    "Terminating": "in_progress",
}
"""Phases of an operation in the words of GitHub's deployment states."""
_HISTORY_LIMIT = 10  # RevisionHistoryLimit's default


@dataclass(frozen=True, slots=True)
class _Application:
    """An application: its name, a name that is unique beyond its namespace, and where it goes."""

    name: str
    key: str
    environment: str
    source: Table


def _read(source: Source, intake: Intake) -> None:
    for place, entry in walk_entries(source, intake, "items"):
        base = "" if place == WHOLE else place
        if not _is_application(entry):
            intake.reject(place, "not an Argo CD application: its kind or status is missing")
            continue
        found = _describe(entry)
        history = items(find(entry, "status", "history"))
        for index, sync in enumerate(history):
            where = place if base.startswith("line") else f"{base}/status/history/{index}"
            if isinstance(sync, dict):
                _add_sync(intake, where, sync, found)
            else:
                intake.reject(where, f"an object was expected, got {name_type(sync)}")
        state = table(find(entry, "status", "operationState"))
        if state and not _is_in_history(state, history):
            where = place if base.startswith("line") else f"{base}/status/operationState"
            _add_operation(intake, where, state, found)
        if not history and not state:
            intake.reject(place, "the application has no history: nothing was deployed by it")
        limit = number(find(entry, "spec", "revisionHistoryLimit")) or _HISTORY_LIMIT
        if len(history) >= limit:
            intake.truncate(
                f"the history of {found.name} is cut to its last {limit} deployments, and may have"
                " had more"
            )


def _is_application(entry: Table) -> bool:
    version = text(entry.get("apiVersion")) or ""
    named = entry.get("kind") == "Application" and version.startswith("argoproj.io/")
    return named or ("status" in entry and "destination" in table(entry.get("spec")))


def _describe(entry: Table) -> _Application:
    metadata, target = table(entry.get("metadata")), table(find(entry, "spec", "destination"))
    name = text(metadata.get("name")) or "unnamed application"
    space = text(target.get("namespace"))
    return _Application(
        name=name,
        key=text(metadata.get("uid")) or f"{text(metadata.get('namespace')) or ''}/{name}",
        environment=space or text(target.get("name")) or text(target.get("server")) or name,
        source=table(find(entry, "spec", "source")),
    )


def _revisions(sync: Table, application: _Application) -> Iterator[tuple[str, Table, str]]:
    """Yield each source's revision, the source, and what tells it from the others of the sync."""
    sources, revisions = items(sync.get("sources")), items(sync.get("revisions"))
    if revisions:
        for index, revision in enumerate(revisions):
            source = table(sources[index]) if index < len(sources) else application.source
            yield text(revision) or "", source, f"/{index}"
    else:
        yield (
            text(sync.get("revision")) or "",
            table(sync.get("source")) or application.source,
            "",
        )


def _initiator(who: JsonValue) -> tuple[str | None, str | None]:
    """Return who set a sync off and of what kind: the controller itself where it is automated."""
    if flag(find(who, "automated")) is True:
        return "argocd-application-controller", "Bot"
    name = text(find(who, "username"))
    return name, "User" if name else None


def _facts(
    intake: Intake, revision: str, source: Table, application: _Application, who: JsonValue
) -> dict[str, JsonValue]:
    actor, kind = _initiator(who)
    link = _REPOSITORY.fullmatch(text(source.get("repoURL")) or "")
    is_commit = _COMMIT.fullmatch(revision) is not None
    return stated(
        sha=revision if is_commit else None,
        ref=text(source.get("targetRevision")) if is_commit else revision or None,
        environment=application.environment,
        repository=link[1] if link else intake.options.repository,
        creator=actor,
        creator_type=kind,
        app=application.name,
    )


def _add_sync(intake: Intake, place: str, sync: Table, application: _Application) -> None:
    """Add a sync of the history: asked for when it started, live when it completed."""
    count = text(sync.get("id")) or text(sync.get("deployedAt"))
    for revision, source, part in _revisions(sync, application):
        facts = _facts(intake, revision, source, application, sync.get("initiatedBy"))
        facts["deployment_id"] = f"{application.key}/{count}{part}"
        started, deployed = sync.get("deployStartedAt"), sync.get("deployedAt")
        _add(intake, place, revision, facts, time=started or deployed)
        _add(intake, place, revision, facts | {"state": "success"}, time=deployed)


def _add_operation(intake: Intake, place: str, operation: Table, application: _Application) -> None:
    """Add how the last operation ended."""
    phase = text(operation.get("phase")) or "unknown"
    result = table(operation.get("syncResult")) or table(find(operation, "operation", "sync"))
    for revision, source, part in _revisions(result, application):
        who = find(operation, "operation", "initiatedBy")
        facts = _facts(intake, revision, source, application, who) | {
            "state": _STATES.get(phase, phase),
            "deployment_id": f"{application.key}/{text(operation.get('startedAt'))}{part}",
        }
        _add(
            intake,
            place,
            revision,
            facts,
            time=operation.get("finishedAt") or operation.get("startedAt"),
            said=text(operation.get("message")),
        )


def _is_in_history(operation: Table, history: list[JsonValue]) -> bool:
    """Whether the last operation is the last sync of the history, told once more."""
    return operation.get("phase") == "Succeeded" and any(
        find(sync, "deployStartedAt") == operation.get("startedAt")
        or find(sync, "deployedAt") == operation.get("finishedAt")
        for sync in history
    )


def _add(
    intake: Intake,
    place: str,
    revision: str,
    facts: dict[str, JsonValue],
    *,
    time: JsonValue,
    said: str | None = None,
) -> None:
    """Add the request for a deployment or, where the facts state one, its state."""
    state = text(facts.get("state"))
    ending = " asked for" if state is None else f": {state}" + (f": {said}" if said else "")
    what = f"deployment of {revision[:12] or 'an unnamed revision'} to {facts['environment']}"
    intake.add(
        place,
        "deployment.created" if state is None else "deployment.status",
        time=time,
        text=f"{facts['app']}: {what}{ending}",
        actor=text(facts.get("creator")),
        subject=text(facts.get("environment")),
        native_id=text(facts.get("deployment_id")),
        data=facts,
    )


def _sniff(source: Source) -> float:
    entries = first_entries(source, "items")
    named = [entry for entry in entries if entry.get("kind") == "Application"]
    if any((text(entry.get("apiVersion")) or "").startswith("argoproj.io/") for entry in named):
        return 1.0
    bare = any(
        "destination" in table(entry.get("spec")) and "status" in entry and "metadata" in entry
        for entry in entries
    )
    return 0.8 if bare else 0.0


FORMAT = Format(
    id="argo-cd",
    title="Argo CD applications with their history",
    told_by="objects of argoproj.io with the kind Application, alone, one a line or in items",
    source="https://argo-cd.readthedocs.io/en/stable/operator-manual/application.yaml"
    " and .../pkg/apis/application/v1alpha1 (RevisionHistory, OperationState)",
    kinds=frozenset({"json", "lines"}),
    sniff=_sniff,
    read=_read,
)
