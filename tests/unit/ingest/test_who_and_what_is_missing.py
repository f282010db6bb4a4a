"""What readers say of who hides behind a key or role, and of what a file shows to be missing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from attribution.ingest import read_evidence
from attribution.model.record import JsonValue, Reading

DIGESTS = "AWSLogs/0/CloudTrail-Digest/xx"


def read(tmp_path: Path, document: JsonValue, name: str = "file.json") -> Reading:
    file = tmp_path / name
    file.write_text(json.dumps(document), "utf-8")
    return read_evidence(file)


def entry(**facts: JsonValue) -> JsonValue:
    return [{"@timestamp": 1772427660000, "action": "git.push", "_document_id": "d1", **facts}]


@pytest.mark.parametrize(
    ("facts", "actor", "role"),
    [
        (
            {"programmatic_access_type": "deploy key", "deploy_key_fingerprint": "SHA256:abc"},
            "deploy key SHA256:abc",
            "deploy key SHA256:abc",
        ),
        (
            {"actor": "ci[bot]", "programmatic_access_type": "GitHub App server-to-server token"},
            "ci[bot]",
            "ci[bot]",
        ),
        (
            {"actor": "sam", "programmatic_access_type": "GitHub App user-to-server token"},
            "sam",
            None,
        ),
        ({"actor": "sam"}, "sam", None),
    ],
)
def test_a_key_or_an_apps_own_token_hides_who_used_it(
    tmp_path: Path, facts: dict[str, JsonValue], actor: str, role: str | None
) -> None:
    """An app that acts for a user leaves the user as the actor, as the log itself does."""
    (record,) = read(tmp_path, entry(**facts)).records
    assert (record.actor, record.data.get("role")) == (actor, role)


def test_the_audit_logs_name_id_ties_login_and_address(tmp_path: Path) -> None:
    found = read(tmp_path, entry(actor="sam", external_identity_nameid="sam@x.test"))
    (group,) = found.aliases
    assert (group.names, group.grade) == (("sam", "sam@x.test"), "sso")
    assert read(tmp_path, entry(actor="sam", external_identity_nameid="")).aliases == ()


def test_a_source_identity_is_who_called_whatever_the_session_is_called(tmp_path: Path) -> None:
    call: JsonValue = {
        "eventTime": "2026-03-02T05:00:00Z",
        "eventID": "e1",
        "eventSource": "ec2.amazonaws.com",
        "eventName": "StopInstances",
        "userIdentity": {
            "type": "AssumedRole",
            "arn": "arn:aws:sts::000000000000:assumed-role/ops/session-1",
            "sessionContext": {
                "sessionIssuer": {"userName": "ops"},
                "sourceIdentity": "sam@x.test",
            },
        },
    }
    (record,) = read(tmp_path, {"Records": [call]}).records
    assert record.actor == "sam@x.test"
    assert (record.data["session"], record.data["role"]) == ("session-1", "ops")


def test_a_digest_is_read_beside_the_calls(tmp_path: Path) -> None:
    """It says which log files there were, and what the digest before it was."""
    digest: JsonValue = {
        "awsAccountId": "000000000000",
        "digestStartTime": "2026-03-02T05:00:00Z",
        "digestEndTime": "2026-03-02T06:00:00Z",
        "digestS3Object": f"{DIGESTS}/2026/03/02/0_digest_20260302T060000Z.json.gz",
        "previousDigestS3Object": f"{DIGESTS}/2026/03/02/0_digest_20260302T050000Z.json.gz",
        "logFiles": [
            {
                "s3Object": "AWSLogs/0/one.json.gz",
                "oldestEventTime": "2026-03-02T05:01:00Z",
                "newestEventTime": "2026-03-02T05:09:00Z",
            }
        ],
    }
    found = read(tmp_path, digest)
    (record,) = found.records
    assert found.format == "cloudtrail"
    assert record.kind == "audit.digest"
    assert record.data["files"] == [
        {
            "name": "AWSLogs/0/one.json.gz",
            "oldest": "2026-03-02T05:01:00Z",
            "newest": "2026-03-02T05:09:00Z",
        }
    ]
    assert record.data["trail"] == f"{DIGESTS}0_digest"


@pytest.mark.parametrize(("count", "cut"), [(49, False), (50, True)])
def test_a_status_page_that_gives_all_it_can_may_have_had_more(
    tmp_path: Path, count: int, *, cut: bool
) -> None:
    incidents: list[JsonValue] = [
        {
            "id": f"i{number}",
            "name": "Slow",
            "status": "resolved",
            "impact": "minor",
            "page_id": "p",
            "created_at": "2026-03-02T05:00:00Z",
            "incident_updates": [
                {
                    "id": f"u{number}",
                    "status": "resolved",
                    "body": "Over.",
                    "display_at": "2026-03-02T05:00:00Z",
                    "created_at": "2026-03-02T05:00:00Z",
                }
            ],
        }
        for number in range(count)
    ]
    found = read(tmp_path, {"page": {"id": "p"}, "incidents": incidents})
    assert found.format == "statuspage"
    assert any("50 latest" in what for what in found.truncations) is cut
