"""GitHub check runs of a commit (REST API): `{"total_count": ..., "check_runs": [...]}`.

A delivery of the webhook `check_run` holds one under `check_run`.
"""

from __future__ import annotations

from attribution.ingest.documents import first_entries, walk_entries
from attribution.ingest.fields import items, number, table
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.readers.github import add_check, is_check
from attribution.ingest.source import Source


def _read(source: Source, intake: Intake) -> None:
    for place, entry in walk_entries(source, intake, "check_runs"):
        run = table(entry.get("check_run")) or entry
        if is_check(run):
            add_check(intake, place, run)
        else:
            intake.reject(place, "not a check run: head_sha, conclusion or name is missing")
    if source.kind == "json":
        response = table(source.document)
        total, listed = number(response.get("total_count")), len(items(response.get("check_runs")))
        if total is not None and total > listed:
            intake.truncate(f"the list holds {listed} of {total} check runs")


def _sniff(source: Source) -> float:
    if source.kind == "json" and "pull_request" in table(source.document):
        return 0.0
    entries = first_entries(source, "check_runs")
    # A delivery about a deployment brings the check run that made it along.
    return float(
        any(
            is_check(table(entry.get("check_run")) or entry)
            for entry in entries
            if "deployment" not in entry
        )
    )


FORMAT = Format(
    id="github-checks",
    title="GitHub check runs",
    told_by="objects with head_sha, conclusion and name, in an array check_runs or under check_run",
    source="https://docs.github.com/en/rest/checks/runs",
    kinds=frozenset({"json", "lines"}),
    sniff=_sniff,
    read=_read,
)
