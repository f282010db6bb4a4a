"""GitLab deployments (REST API): what was put where, by whom, and who let it pass.

A deployment has one state, the last; how it came there is not listed. An empty list of approvals
is no evidence of a gate, nor of the want of one. Times bear the offset of the instance.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from attribution.ingest.documents import join, name_type
from attribution.ingest.fields import Table, find, items, number, stated, table, text
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.pages import first_entries, walk_pages
from attribution.ingest.readers.gitlab import account_type, project, username
from attribution.ingest.source import Source
from attribution.model.record import JsonValue

# The status -> in the words of a deployment's status, and where its time stands. One that is
# created or blocked has only been asked for.
_STATES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "running": ("in_progress", "started_at"),
        "success": ("success", "finished_at"),
        "failed": ("failure", "finished_at"),
        "canceled": ("cancelled", "finished_at"),
    }
)


def _read(source: Source, intake: Intake) -> None:
    for place, entry in walk_pages(source, intake, "deployments"):
        if _is_deployment(entry):
            _add(intake, place, entry)
        else:
            intake.reject(place, "not a deployment: sha, environment or iid is missing")


def _add(intake: Intake, place: str, entry: Table) -> None:
    key, sha = text(entry.get("id")), text(entry.get("sha"))
    environment = text(find(entry, "environment", "name")) or text(entry.get("environment"))
    who, job = username(entry.get("user")), table(entry.get("deployable"))
    links = (job.get("web_url"), find(job, "pipeline", "web_url"))
    listed = entry.get("approvals")
    common = stated(
        deployment_id=key,
        sha=sha,
        environment=environment,
        repository=project(*links) or intake.options.repository,
        creator=who,
        creator_type=account_type(entry.get("user")),
    )
    intake.add(
        place,
        "deployment.created",
        time=entry.get("created_at"),
        text=f"deployment of {(sha or 'an unnamed commit')[:12]} to {environment} asked for",
        actor=who,
        subject=environment,
        native_id=key,
        data=common
        | stated(
            ref=text(entry.get("ref")),
            approvals=len(listed) if isinstance(listed, list) else None,
            approvals_pending=number(entry.get("pending_approval_count")),
        ),
    )
    state, at = _STATES.get(text(entry.get("status")) or "", ("", ""))
    if state:
        intake.add(
            place,
            "deployment.status",
            time=job.get(at) or entry.get("updated_at"),
            text=f"deployment to {environment}: {state}",
            actor=who,
            subject=environment,
            native_id=f"{key}/{state}" if key else None,
            data=common | {"state": state},
        )
    for index, approval in enumerate(items(listed)):
        where = join(place, "approvals", index)
        if isinstance(approval, dict):
            _add_approval(intake, where, approval, common)
        else:
            intake.reject(where, f"an object was expected, got {name_type(approval)}")


def _add_approval(
    intake: Intake, place: str, approval: Table, common: dict[str, JsonValue]
) -> None:
    status, who = text(approval.get("status")) or "answered", username(approval.get("user"))
    environment, said = text(common.get("environment")), text(approval.get("comment"))
    about = ("deployment_id", "sha", "environment", "repository")
    intake.add(
        place,
        "deployment.approval",
        time=approval.get("created_at"),
        text=f"{who or 'someone'} {status}: deployment to {environment}"
        + (f": {said}" if said else ""),
        actor=who,
        subject=environment,
        native_id=f"{common.get('deployment_id')}/{who}" if who else None,
        data={key: common[key] for key in about if key in common}
        | stated(approver=who, approved=status == "approved", comment=said),
    )


def _is_deployment(entry: Table) -> bool:
    return {"iid", "sha", "environment", "deployable"} <= entry.keys()


def _sniff(source: Source) -> float:
    return float(any(map(_is_deployment, first_entries(source, "deployments"))))


FORMAT = Format(
    id="gitlab-deployment",
    title="GitLab deployments, with their approvals",
    told_by="objects with iid, sha, environment and deployable",
    source="https://docs.gitlab.com/api/deployments/",
    kinds=frozenset({"json", "lines"}),
    sniff=_sniff,
    read=_read,
)
