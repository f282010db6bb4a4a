"""Deployments of GitHub: which repository a status is about, where it does not say so itself."""

from __future__ import annotations

import json
from pathlib import Path

from attribution.ingest import read_evidence


def test_a_status_is_of_the_repository_of_the_deployment_beside_it(tmp_path: Path) -> None:
    """The link of the deployment counts before the name that was declared for the export."""
    export = [
        {
            "deployment": {
                "id": 88120,
                "sha": "e5b1326521aeff1319f689c290d71ace743cac6b",
                "environment": "production",
                "creator": {"login": "deploy[bot]", "type": "Bot"},
                "created_at": "2026-02-26T13:20:05Z",
                "repository_url": "https://forge.example.test/example/infra",
            },
            "deployment_status": {
                "id": 138120,
                "state": "success",
                "environment": "production",
                "created_at": "2026-02-26T13:22:48Z",
                "creator": {"login": "deploy[bot]", "type": "Bot"},
            },
        }
    ]
    path = tmp_path / "deployments.json"
    path.write_text(json.dumps(export), "utf-8")
    records = read_evidence(path, format="github-deployment", repository="infra").records
    assert [record.kind for record in records] == ["deployment.created", "deployment.status"]
    assert {record.data["repository"] for record in records} == {"example/infra"}
