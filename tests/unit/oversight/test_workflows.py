"""A run of a workflow is a deployment by a record or by declaration, never by its name."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from attribution.cli.main import program
from attribution.ingest import read_evidence
from attribution.model.event import Event
from attribution.model.instant import parse_instant
from attribution.model.oversight import Deployment
from attribution.model.service import DeployingWorkflow, Service
from attribution.oversight.deployments import list_deployments

SHA, OTHER = "4" * 40, "5" * 40
RUN: dict[str, Any] = {
    "id": 6000000007, "name": "Deploy to production", "path": ".github/workflows/ship.yml@main",
    "workflow_id": 77, "head_sha": SHA, "head_branch": "main", "event": "push", "run_attempt": 1,
    "status": "completed", "conclusion": "success", "run_started_at": "2026-01-14T09:00:00Z",
    "created_at": "2026-01-14T09:00:00Z", "updated_at": "2026-01-14T09:10:00Z",
    "triggering_actor": {"login": "coder"}, "repository": {"full_name": "example-org/shop"},
}  # fmt: skip
RECORD: dict[str, Any] = {
    "id": 900, "sha": SHA, "ref": "main", "environment": "production",
    "creator": {"login": "github-actions[bot]", "type": "Bot"},
    "created_at": "2026-01-14T09:04:00Z",
    "url": "https://api.github.com/repos/example-org/shop/deployments/900",
}  # fmt: skip
STATUS: dict[str, Any] = {
    "id": 901, "state": "success", "environment": "production",
    "created_at": "2026-01-14T09:09:00Z",
    "log_url": "https://github.com/example-org/shop/actions/runs/6000000007/job/16000000001",
    "repository_url": "https://api.github.com/repos/example-org/shop",
}  # fmt: skip


def events_of(folder: Path, *documents: dict[str, Any]) -> list[Event]:
    """Return the events of these documents, each read as an evidence item of its own."""
    found = []
    for number, document in enumerate(documents, 1):
        path = folder / f"{number}.json"
        path.write_text(json.dumps(document, indent=1), encoding="utf-8")
        reading = read_evidence(path)
        found += [
            Event.of_record(record, f"E{number}", f"E{number}{record.id}")
            for record in reading.records
        ]
    return found


def shop(workflow: str, environment: str = "production", **more: Any) -> list[Service]:
    rule = DeployingWorkflow(workflow, environment, **more)
    return [Service("shop", "Shop", deployed_by=(rule,))]


def test_a_run_is_no_deployment_whatever_it_is_called(tmp_path: Path) -> None:
    """`Deploy to production` is a name."""
    assert list_deployments(events_of(tmp_path, RUN)) == ()


@pytest.mark.parametrize("workflow", ["Deploy to production", ".github/workflows/ship.yml", "77"])
def test_a_declared_workflow_deploys_and_says_that_it_was_declared(
    workflow: str, tmp_path: Path
) -> None:
    """By its name, its path or its number: what, where to, who, when it had ended, and why."""
    (found,) = list_deployments(events_of(tmp_path, RUN), shop(workflow))
    assert found == Deployment(
        id="run 6000000007",
        sha=SHA,
        environment="production",
        repository="example-org/shop",
        creator="coder",
        time=parse_instant("2026-01-14T09:10:00Z"),
        state="success",
        references=("E1#/",),
        time_low=parse_instant("2026-01-14T09:00:00Z"),
        time_high=parse_instant("2026-01-14T09:10:00.999999Z"),
        shown_by=found.shown_by,
        basis=f"case.yaml declares that the workflow {workflow} deploys Shop to production",
    )
    assert found.to_dict()["basis"] == found.basis


@pytest.mark.parametrize(
    "more",
    [{"repository": "example-org/site"}, {"branch": "release"}, {"triggers": ("schedule",)}],
    ids=["repository", "branch", "trigger"],
)
def test_a_run_that_the_declaration_does_not_cover_is_no_deployment(
    more: dict[str, Any], tmp_path: Path
) -> None:
    assert list_deployments(events_of(tmp_path, RUN), shop("77", **more)) == ()


def test_a_run_that_the_declaration_covers_in_all_it_says_is_one(tmp_path: Path) -> None:
    more: dict[str, Any] = {"repository": "shop", "branch": "main", "triggers": ("push",)}
    assert len(list_deployments(events_of(tmp_path, RUN), shop("77", **more))) == 1


@pytest.mark.parametrize(
    ("conclusion", "states"),
    [
        ("success", ["success"]), ("failure", ["failure"]), ("cancelled", ["failure"]),
        ("action_required", ["waiting"]), ("skipped", []), ("of a later kind", ["in_progress"]),
    ],
)  # fmt: skip
def test_only_a_run_that_succeeded_reached_its_environment(
    conclusion: str, states: list[str], tmp_path: Path
) -> None:
    """One that was skipped deployed nothing, and is none at all."""
    events = events_of(tmp_path, RUN | {"conclusion": conclusion})
    assert [one.state for one in list_deployments(events, shop("77"))] == states


def test_a_record_that_leads_to_the_run_has_it_as_a_witness(tmp_path: Path) -> None:
    """Without any declaration, and even where the record is of another commit or time."""
    pair = {"deployment": RECORD | {"sha": OTHER}, "deployment_status": STATUS}
    (found,) = list_deployments(events_of(tmp_path, pair, RUN))
    assert (found.id, found.sha, found.basis) == ("900", OTHER, None)
    assert found.references == ("E1#/deployment", "E1#/deployment_status", "E2#/")


def test_a_status_that_links_to_the_repository_alone_is_of_its_deployment(tmp_path: Path) -> None:
    """`repository_url` ends with the name of the repository."""
    pair = {"deployment": RECORD, "deployment_status": STATUS}
    (found,) = list_deployments(events_of(tmp_path, pair))
    assert (found.repository, found.state) == ("example-org/shop", "success")


def test_a_delivery_brings_the_run_that_made_the_deployment(tmp_path: Path) -> None:
    """The webhook of a deployment holds the run beside it."""
    (found,) = list_deployments(
        events_of(tmp_path, {"deployment": RECORD, "workflow_run": RUN}, RUN)
    )
    assert found.references == ("E1#/deployment", "E2#/")


@pytest.mark.parametrize(
    ("record", "ids"),
    [
        (RECORD, ["900"]),
        (RECORD | {"sha": OTHER}, ["900", "run 6000000007"]),
        (RECORD | {"environment": "staging"}, ["900", "run 6000000007"]),
        (RECORD | {"created_at": "2026-01-14T08:59:59Z"}, ["900", "run 6000000007"]),
        (RECORD | {"url": "https://api.github.com/repos/example-org/b/deployments/900"},
         ["900", "run 6000000007"]),
    ],
    ids=["the same", "another commit", "another environment", "before it ran", "elsewhere"],
)  # fmt: skip
def test_a_declared_run_and_the_record_of_its_deployment_are_one(
    record: dict[str, Any], ids: list[str], tmp_path: Path
) -> None:
    """One commit to one environment while the run lasted; else they are two."""
    found = list_deployments(events_of(tmp_path, record, RUN), shop("77"))
    assert [one.id for one in found] == ids
    assert ("E2#/" in found[0].references) is (ids == ["900"])


def test_a_record_that_leads_to_another_run_is_not_of_this_one(tmp_path: Path) -> None:
    """The link is stronger than commit, environment and time together."""
    status = STATUS | {"log_url": "https://github.com/example-org/shop/actions/runs/1/job/2"}
    pair = {"deployment": RECORD, "deployment_status": status}
    found = list_deployments(events_of(tmp_path, pair, RUN), shop("77"))
    assert [one.id for one in found] == ["900", "run 6000000007"]


def test_each_attempt_of_a_run_is_a_deployment(tmp_path: Path) -> None:
    again = RUN | {"run_attempt": 2, "updated_at": "2026-01-14T11:10:00Z"}
    found = list_deployments(events_of(tmp_path, RUN, again), shop("77"))
    assert [one.id for one in found] == ["run 6000000007", "run 6000000007, attempt 2"]


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(program, list(map(str, arguments)))


def test_a_case_declares_a_workflow_and_its_report_says_so(tmp_path: Path) -> None:
    """From case.yaml to the legal report: the deployment, and that it rests on a declaration."""
    case, runs = tmp_path / "case", tmp_path / "runs.json"
    run("new", case)
    runs.write_text(json.dumps({"total_count": 1, "workflow_runs": [RUN]}), encoding="utf-8")
    assert run("add", case, runs).exit_code == 0
    manifest = case / "case.yaml"
    service = (
        "services:\n  - id: shop\n    name: Shop\n    environments: [production]\n"
        "    deployed_by: [{workflow: 77, environment: production, branch: main}]\n"
    )
    written = re.sub(r"^services:.*$", service, manifest.read_text("utf-8"), flags=re.MULTILINE)
    manifest.write_text(written, encoding="utf-8")
    done = run("report", case, "--audience", "legal", "--format", "md", "--out", tmp_path)
    assert done.exit_code == 0, done.output
    report = (tmp_path / "legal.md").read_text(encoding="utf-8")
    assert "case.yaml declares that the workflow 77 deploys Shop to production" in report
