"""The audit log of the story: the delivered file and an operator's own export of the same calls."""

from __future__ import annotations

import csv
import json
import uuid
from pathlib import Path
from typing import Any

import clocks
from pretty import pretty

_NAMES = uuid.UUID("6f1d3c52-0000-4000-8000-000000000000")
_ACCOUNT = "000000000000"
_REGION = "xx-test-1"
_AGENTS = {
    "mender": "mender/0.9.3 envctl/4.1",
    "mender-runner": "mender/0.9.3",
    "halden-deploy": "halden-deploy/2.8",
    "ul-nightly": "ledger-batch/7",
    "ul-hourly": "ledger-batch/7",
    "platform-eng-3": "envctl/4.1 decommission-runbook",
}
_ADDRESSES = {"mender": "192.0.2.17", "mender-runner": "192.0.2.17", "oncall-a": "203.0.113.61"}
_PARAMETER = {
    "environments": "environmentName",
    "databases": "databaseName",
    "secrets": "secretId",
    "objects": "bucketName",
    "identity": "roleName",
    "quotas": "quotaName",
    "ledger": "ledgerName",
}
_READING = ("Describe", "Get", "List")
_MESSAGES = {
    "AccessDenied": "not authorised to perform this operation on this secret",
    "EnvironmentNameInUse": "environment cv-prod-7 is being deleted; its name is still in use",
    "QuotaExceeded": "environments-per-region: 10 of 10 in use in xx-test-1",
    "EnvironmentNotFound": "no environment named cv-prod-7",
}


def read_calls(source: Path) -> list[dict[str, str]]:
    """Return the story's calls in time order."""
    with source.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def log_file(calls: list[dict[str, str]]) -> bytes:
    """Return the delivered log file: UTC, one call delivered twice, the late one not delivered."""
    records = [_record(call) for call in calls if call["delivered"] == "yes"]
    again = next(r for r in records if r["eventName"] == "GetSecretValue")
    return pretty({"Records": [*records, again]})


def laptop_export(calls: list[dict[str, str]]) -> bytes:
    """Return what the on-call engineer's laptop looked up: newest first, in Sydney time."""
    wanted = [c for c in calls if "a07" <= c["id"] <= "a25" and c["target"].startswith("cv-")]
    lines = [json.dumps(_looked_up(call)) for call in reversed(wanted)]
    return ("\n".join(lines) + "\n").encode()


def _record(call: dict[str, str]) -> dict[str, Any]:
    record: dict[str, Any] = {
        "eventVersion": "1.08",
        "userIdentity": _identity(call),
        "eventTime": clocks.zulu(call["time"]),
        "eventSource": f"{call['service']}.halden.example.test",
        "eventName": call["operation"],
        "awsRegion": _REGION,
        "sourceIPAddress": _ADDRESSES.get(call["who"], "198.51.100.8"),
        "userAgent": _AGENTS.get(call["who"], "envctl/4.1"),
        "requestParameters": {_PARAMETER[call["service"]]: call["target"]}
        | json.loads(call["parameters"]),
        "responseElements": None,
    }
    if call["error"]:
        record |= {"errorCode": call["error"], "errorMessage": _MESSAGES[call["error"]]}
    return record | {
        "requestID": str(uuid.uuid5(_NAMES, "request " + call["id"])),
        "eventID": str(uuid.uuid5(_NAMES, call["id"])),
        "readOnly": call["operation"].startswith(_READING),
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": _ACCOUNT,
        "eventCategory": "Management",
    }


def _identity(call: dict[str, str]) -> dict[str, Any]:
    who, role = call["who"], call["role"]
    if not role:
        return {
            "type": "IAMUser",
            "principalId": f"AIDAXX{who.upper()}",
            "arn": f"arn:example:iam::{_ACCOUNT}:user/{who}",
            "accountId": _ACCOUNT,
            "userName": who,
        }
    machine = who in _AGENTS and who != "platform-eng-3"
    return {
        "type": "AssumedRole",
        "principalId": f"AROAXX{role.upper()}:{who}",
        "arn": f"arn:example:sts::{_ACCOUNT}:assumed-role/{role}/{who}",
        "accountId": _ACCOUNT,
        "sessionContext": {
            "sessionIssuer": {"type": "Role", "userName": role},
            "attributes": {
                "creationDate": _session_start(call),
                "mfaAuthenticated": "false" if machine else "true",
            },
        },
    }


def _session_start(call: dict[str, str]) -> str:
    starts = {"mender": "2026-03-10T18:40:41Z", "oncall-a": "2026-03-10T22:48:55Z"}
    return starts.get(call["who"], call["time"][:14] + "00:00Z")


def _looked_up(call: dict[str, str]) -> dict[str, Any]:
    record = _record(call)
    return {
        "EventId": record["eventID"],
        "EventName": record["eventName"],
        "ReadOnly": str(record["readOnly"]).lower(),
        "EventTime": clocks.offset(call["time"], 11, " "),
        "EventSource": record["eventSource"],
        "Username": call["who"],
        "Resources": [{"ResourceType": call["service"], "ResourceName": call["target"]}],
        "CloudTrailEvent": json.dumps(record, separators=(",", ":")),
    }
