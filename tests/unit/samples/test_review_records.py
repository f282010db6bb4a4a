"""A case that holds review records, from evidence to the report. All of it is invented."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from attribution.case import Case
from attribution.report.redaction import learning_view
from attribution.report.sections.oversight import build_oversight
from attribution.report.view import View

CASE = """
case: reviewed
title: A change and its review
mode: liability
period: {from: 2026-01-01T00:00:00Z, to: 2026-02-01T00:00:00Z}
parties:
  - {id: team, name: The team, role: deployer}
evidence:
  - {id: E1, path: evidence/pull.json}
  - {id: E2, path: evidence/protection.json, collected: 2026-01-10T08:00:00Z}
  - {id: E3, path: evidence/audit.json}
  - {id: E4, path: evidence/CODEOWNERS}
"""


@pytest.fixture
def case(tmp_path: Path) -> Case:
    """Return a case whose protection was lowered after the merge."""
    folder = tmp_path / "evidence"
    folder.mkdir()
    (tmp_path / "case.yaml").write_text(CASE)
    pull = {
        "number": 7, "title": "Widen the role", "state": "closed",
        "user": {"login": "coder", "type": "User"}, "created_at": "2026-01-14T08:00:00Z",
        "merged_at": "2026-01-14T09:00:00Z", "merged_by": {"login": "admin", "type": "User"},
        "merge_commit_sha": "2" * 40, "head": {"ref": "widen", "sha": "4" * 40},
        "base": {"ref": "main", "sha": "1" * 40, "repo": {"full_name": "org/infra"}},
        "additions": 40, "deletions": 2,
    }  # fmt: skip
    review = {
        "id": 8000000001, "user": {"login": "mate", "type": "User"}, "state": "APPROVED",
        "submitted_at": "2026-01-14T08:50:00Z", "commit_id": "4" * 40,
    }  # fmt: skip
    files = [{"filename": "iam/role.tf"}]
    (folder / "pull.json").write_text(
        json.dumps({"pull_request": pull, "reviews": [review], "files": files})
    )
    protection = {
        "url": "https://api.github.com/repos/org/infra/branches/main/protection",
        "required_pull_request_reviews": {"required_approving_review_count": 2},
        "enforce_admins": {"enabled": True},
    }
    (folder / "protection.json").write_text(json.dumps(protection))
    lowered = {
        "@timestamp": 1768903200000, "_document_id": "d1", "actor": "admin", "repo": "org/infra",
        "action": "protected_branch.update_required_approving_review_count", "name": "main",
        "required_approving_review_count": 1,
    }  # fmt: skip
    (folder / "audit.json").write_text(json.dumps([lowered]))
    (folder / "CODEOWNERS").write_text("/iam/ @security\n")
    return Case.open(tmp_path)


def test_a_state_collected_before_the_merge_tells_what_was_enforced_then_and_not_since(
    case: Case,
) -> None:
    (review,) = case.reviews
    assert review.enforced is not None
    assert review.enforced_last is not None
    assert (review.enforced.required_approvals, review.enforced_last.required_approvals) == (2, 1)
    assert [item.name for item in review.shortfalls] == ["too_few_approvals"]
    assert review.owners is not None
    assert [(item.status, item.reference) for item in review.owners] == [("missing", "E4#line 1")]


def test_a_learning_document_names_no_owner_and_no_reviewer(case: Case) -> None:
    """Owners and reviewers are nobody's aliases: they are known from the review records alone."""
    document = json.dumps([one.to_dict() for one in learning_view(case.analyse()).reviews])
    shown = document + "".join(
        event.text
        for timeline in [learning_view(case.analyse()).timeline]
        for event in (*timeline.events, *timeline.undated)
    )
    for name in ("security", "mate", "coder"):
        assert name not in shown
    assert '"too_few_approvals"' in document


def test_the_report_shows_then_and_now_pace_and_what_lacked(case: Case) -> None:
    view = View(case.analyse(), "legal")
    (table,) = [block for block in build_oversight(view) if hasattr(block, "rows")]
    cells = ["".join(run.text for run in cell) for cell in table.rows[0].cells]
    change, then, last, pace, lacking, evidence = cells
    assert change == "#7"
    assert "approvals required: 2" in then
    assert "recorded at 2026-01-10T08:00:00Z, before the merge" in then
    assert "approvals required: 1" in last
    assert "mate: 50 min (opened)" in pace
    assert "no rank: others of at least this size on record: 0" in pace
    assert "2 required, 1 on record, 1 without a defect" in lacking
    assert "code owner @security: did not approve (iam/role.tf)" in lacking
    assert "E2" in evidence
