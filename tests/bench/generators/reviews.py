"""Exports of a forge that never was: pull requests with reviews and checks, rules, an audit log.

Made from a seed. Nothing of it is a real record.
"""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

_START = datetime(2024, 1, 1, tzinfo=UTC)
_PEOPLE = [f"engineer-{n}" for n in range(40)]
_CHECKS = ("unit", "lint", "plan")


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def write_exports(folder: Path, count: int, seed: int = 1) -> list[Path]:
    """Write `count` pull requests, the rules in force and an audit log; return the files."""
    drawn = random.Random(seed)
    pulls, owners, log = folder / "pulls.jsonl", folder / "CODEOWNERS", folder / "audit.jsonl"
    with pulls.open("w", encoding="utf-8") as out:
        for number in range(1, count + 1):
            out.write(json.dumps(_pull(number, drawn)) + "\n")
    areas = "".join(f"/area-{n}/ @engineer-{n} @engineer-{n + 1}\n" for n in range(30))
    owners.write_text(f"* @engineer-0\n{areas}*.sql @engineer-39\n", encoding="utf-8")
    with log.open("w", encoding="utf-8") as out:
        for index in range(max(2, count // 10)):
            out.write(json.dumps(_entry(index, count)) + "\n")
    rules = folder / "protection.json"
    rules.write_text(json.dumps(_protection()), encoding="utf-8")
    return [pulls, owners, log, rules]


def _pull(number: int, drawn: random.Random) -> dict[str, object]:
    author, reviewer = drawn.sample(_PEOPLE, 2)
    opened = _START + timedelta(minutes=30 * number)
    approved = opened + timedelta(seconds=drawn.lognormvariate(9, 1.5))
    merged = approved + timedelta(minutes=drawn.randrange(1, 120))
    head, lines = f"{number:040x}", int(drawn.lognormvariate(4, 1.4)) + 1
    area = drawn.randrange(30)
    return {
        "number": number,
        "title": f"Change {number}",
        "state": "MERGED",
        "url": f"https://github.com/example-org/service/pull/{number}",
        "author": {"login": author, "is_bot": False},
        "mergedBy": {"login": reviewer, "is_bot": False},
        "createdAt": _time(opened),
        "mergedAt": _time(merged),
        "headRefOid": head,
        "headRefName": f"change-{number}",
        "baseRefName": "main",
        "baseRefOid": "a" * 40,
        "mergeCommit": {"oid": f"{number + (1 << 80):040x}"},
        "additions": lines,
        "deletions": lines // 3,
        "files": [{"path": f"area-{area}/part-{drawn.randrange(9)}/file-{n}.py"} for n in range(6)],
        "reviews": [
            {
                "id": f"PRR_{number}",
                "author": {"login": reviewer},
                "state": "APPROVED",
                "submittedAt": _time(approved),
                "commit": {"oid": head},
                "body": "",
            }
        ],
        "statusCheckRollup": [
            {
                "__typename": "CheckRun",
                "name": name,
                "status": "COMPLETED",
                "conclusion": "SUCCESS" if drawn.random() < 0.97 else "FAILURE",
                "startedAt": _time(opened),
                "completedAt": _time(opened + timedelta(minutes=4)),
            }
            for name in _CHECKS
        ],
        "commits": [
            {
                "oid": head,
                "messageHeadline": f"Change {number}",
                "messageBody": "",
                "authoredDate": _time(opened - timedelta(minutes=9)),
                "committedDate": _time(opened - timedelta(minutes=9)),
                "authors": [{"login": author, "email": f"{author}@example.test", "name": author}],
            }
        ],
    }


def _entry(index: int, count: int) -> dict[str, object]:
    moment = _START + timedelta(minutes=30 * index * max(1, count // max(2, count // 10)))
    action = "update_required_approving_review_count" if index % 50 == 0 else "policy_override"
    return {
        "@timestamp": int(moment.timestamp() * 1000),
        "_document_id": f"doc-{index:08d}",
        "action": f"protected_branch.{action}",
        "actor": "engineer-3",
        "org": "example-org",
        "repo": "example-org/service",
        "name": "main",
        "required_approving_review_count": 1 + index % 2,
        "after": f"{index * 10 + (1 << 80):040x}",
    }


def _protection() -> dict[str, object]:
    return {
        "repository": "example-org/service",
        "branch": "main",
        "observed_at": "2026-01-01T00:00:00Z",
        "protection": {
            "required_pull_request_reviews": {"required_approving_review_count": 1},
            "required_status_checks": {"contexts": list(_CHECKS)},
            "enforce_admins": {"enabled": False},
        },
    }
