"""What the forge kept: pull requests with reviews and checks, and deployments."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pretty import pretty

if TYPE_CHECKING:
    from history import Change

_HOME = "https://forge.halden.example.test/halden/infra"
_REPOSITORY = {"name": "infra", "full_name": "halden/infra"}


def forge_records(
    source: Path, changes: dict[str, Change], people: dict[str, Any]
) -> dict[str, bytes]:
    """Return one document for each pull request, and one of all deployments."""
    told = tomllib.loads(source.read_text(encoding="utf-8"))
    files = {
        f"pull-{pull['number']}.json": pretty(_pull(pull, changes[pull["change"]], people, number))
        for number, pull in enumerate(told["pull"])
    }
    deployments = [_deployment(entry, changes[entry["change"]]) for entry in told["deployment"]]
    return files | {"deployments.json": pretty(deployments)}


def _account(handle: str, people: dict[str, Any]) -> dict[str, str]:
    login = people[handle].get("login", handle)
    return {"login": login, "type": "Bot" if login.endswith("[bot]") else "User"}


def _pull(
    pull: dict[str, Any], change: Change, people: dict[str, Any], place: int
) -> dict[str, Any]:
    return {
        "pull_request": {
            "id": 5100 + pull["number"],
            "number": pull["number"],
            "state": "closed",
            "title": change.subject.rpartition(" (#")[0],
            "body": pull["body"],
            "user": _account(pull["author"], people),
            "created_at": pull["opened"],
            "updated_at": pull["merged"],
            "closed_at": pull["merged"],
            "merged_at": pull["merged"],
            "merged": True,
            "merged_by": _account(pull["merged_by"], people),
            "merge_commit_sha": change.sha,
            "head": {"ref": pull["branch"], "sha": change.head, "repo": _REPOSITORY},
            "base": {"ref": "main", "sha": change.parent, "repo": _REPOSITORY},
            "commits": 1,
            "additions": change.added,
            "deletions": change.removed,
            "changed_files": len(change.files),
            "html_url": f"{_HOME}/pull/{pull['number']}",
        },
        "reviews": [
            {
                "id": 7000 + 10 * place + number,
                "user": _account(review["who"], people),
                "body": review["body"],
                "state": review["state"],
                "submitted_at": review["at"],
                "commit_id": change.head,
                "author_association": "MEMBER",
                "html_url": f"{_HOME}/pull/{pull['number']}#review-{7000 + 10 * place + number}",
            }
            for number, review in enumerate(pull["reviews"])
        ],
        "check_runs": [
            {
                "id": 9000 + 10 * place + number,
                "name": check["name"],
                "head_sha": change.head,
                "status": "completed",
                "conclusion": check["conclusion"],
                "started_at": check["started"],
                "completed_at": check["completed"],
                "app": {"slug": "halden-checks"},
            }
            for number, check in enumerate(pull["checks"])
        ],
    }


def _deployment(entry: dict[str, Any], change: Change) -> dict[str, Any]:
    creator = {"login": "halden-deploy[bot]", "type": "Bot"}
    return {
        "deployment": {
            "id": entry["id"],
            "sha": change.sha,
            "ref": "main",
            "task": "deploy",
            "environment": "production",
            "original_environment": "production",
            "payload": {},
            "creator": creator,
            "created_at": entry["created"],
            "updated_at": entry["done"],
            "repository_url": _HOME,
        },
        "deployment_status": {
            "id": entry["id"] + 50_000,
            "state": "success",
            "environment": "production",
            "created_at": entry["done"],
            "log_url": "",
            "creator": creator,
        },
    }
