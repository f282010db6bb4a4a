"""GitLab's pipelines and jobs as checks of the commit they ran on.

Sources: https://docs.gitlab.com/api/pipelines/ and https://docs.gitlab.com/api/jobs/
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from attribution.ingest.fields import Table, find, flag, stated, text
from attribution.ingest.intake import Intake
from attribution.ingest.readers.gitlab import Request, project, username
from attribution.model.record import JsonValue

CONCLUSIONS: Mapping[str, str] = MappingProxyType(
    {
        "success": "success",
        "failed": "failure",
        "canceled": "cancelled",
        "skipped": "skipped",
    }
)
"""The statuses in which a pipeline or job ends -> the conclusion, in the words of a check."""

_UNKNOWN = Request(None, None)


@dataclass(frozen=True, slots=True)
class _Check:
    """What a pipeline and a job have in different places."""

    name: str
    sha: str | None
    time: JsonValue


def is_job(entry: Table) -> bool:
    """Return whether an object is a job of a pipeline."""
    return {"name", "stage", "status", "pipeline"} <= entry.keys()


def add_pipeline(intake: Intake, place: str, entry: Table, request: Request) -> None:
    """Give the intake a pipeline that ended, as the check `pipeline`.

    The pipeline of a merge result runs on a commit of its own, which is no head of the request.
    """
    source = text(entry.get("source"))
    check = _Check(
        f"pipeline ({source})" if source else "pipeline",
        text(entry.get("sha")),
        entry.get("finished_at") or entry.get("updated_at"),
    )
    _add(intake, place, check, entry, request)


def add_job(intake: Intake, place: str, entry: Table, request: Request = _UNKNOWN) -> None:
    """Give the intake a job that ended; one that may fail is no required one."""
    sha = text(find(entry, "commit", "id")) or text(find(entry, "pipeline", "sha"))
    check = _Check(text(entry.get("name")) or "unnamed job", sha, entry.get("finished_at"))
    _add(intake, place, check, entry, request)


def _add(intake: Intake, place: str, check: _Check, entry: Table, request: Request) -> None:
    status = text(entry.get("status")) or ""
    conclusion = CONCLUSIONS.get(status)
    if conclusion is None:
        intake.reject(place, f"{check.name} has not ended: its status is {status[:40]!r}")
        return
    intake.add(
        place,
        "check.completed",
        time=check.time,
        text=f"{check.name}: {conclusion}",
        actor=username(entry.get("user")),
        subject=check.name,
        native_id=text(entry.get("id")),
        data=stated(
            name=check.name,
            head_sha=check.sha,
            conclusion=conclusion,
            required=False if flag(entry.get("allow_failure")) is True else None,
            app="GitLab CI/CD",
            started=intake.timestamp(entry.get("started_at"), place),
            repository=request.repository or project(entry.get("web_url")),
        ),
    )
