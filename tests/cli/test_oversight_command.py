"""`attribution oversight` as a person and as a script call it. All records are invented."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from attribution.cli.main import program
from attribution.cli.reviewed import NAMELESS
from attribution.inspection import NO_EVIDENCE
from attribution.schema.instances import validate
from tests.gitrepo import GitRepo

HEAD = "4" * 40
APPROVED_BY_NOBODY_LEFT = {
    "number": 7, "title": "Work", "state": "MERGED", "author": None, "mergedBy": None,
    "url": "https://github.com/org/infra/pull/7", "createdAt": "2026-01-01T09:00:00Z",
    "mergedAt": "2026-01-01T13:00:00Z", "headRefOid": HEAD, "baseRefName": "main",
    "mergeCommit": {"oid": "5" * 40}, "additions": 1, "deletions": 1, "reviews": [
        {"id": "R", "author": None, "state": "APPROVED", "submittedAt": "2026-01-01T12:00:00Z"}
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of exports and the repository they are of."""
    folder = tmp_path_factory.mktemp("exports")
    repo = GitRepo.create(folder / "infra")
    base = repo.commit("Begin", {".github/CODEOWNERS": "*.tf @owner\n", "a.tf": "1\n"})
    repo.git("switch", "--quiet", "-c", "topic")
    head = repo.commit("Work", {"a.tf": "2\n"})
    repo.git("switch", "--quiet", "main")
    for number, branch in ((7, "topic"), (8, "other")):
        if number == 8:
            repo.git("switch", "--quiet", "-c", branch)
            repo.commit("More", {"b.tf": "1\n"})
            repo.git("switch", "--quiet", "main")
        repo.clock += 3600
        message = f"Merge pull request #{number} from {branch}"
        repo.git("merge", "--quiet", "--no-ff", "-m", message, branch)
    merge = repo.git("rev-parse", "HEAD~1")
    pull = {
        "number": 7, "title": "Widen the role \x1b[31m", "state": "MERGED",
        "url": "https://github.com/org/infra/pull/7", "author": {"login": "coder", "is_bot": False},
        "mergedBy": {"login": "admin", "is_bot": False}, "createdAt": "2026-01-01T09:00:00Z",
        "mergedAt": "2026-01-01T13:00:00Z", "headRefOid": head, "baseRefName": "main",
        "baseRefOid": base, "mergeCommit": {"oid": merge}, "additions": 1, "deletions": 1,
        "reviews": [
            {
                "id": "R1", "author": {"login": "mate"}, "state": "APPROVED",
                "submittedAt": "2026-01-01T12:00:00Z", "commit": {"oid": head},
            }
        ],
    }  # fmt: skip
    (folder / "pulls.json").write_text(json.dumps([pull]))
    protection = {
        "repository": "org/infra", "branch": "main", "observed_at": "2026-01-02T00:00:00Z",
        "protection": {
            "required_pull_request_reviews": {
                "required_approving_review_count": 2, "require_code_owner_reviews": True,
            },
            "enforce_admins": {"enabled": False},
        },
    }  # fmt: skip
    (folder / "protection.json").write_text(json.dumps(protection))
    override = {
        "@timestamp": 1767272400000, "_document_id": "d1", "actor": "admin", "repo": "org/infra",
        "action": "protected_branch.policy_override", "branch": "refs/heads/main", "after": merge,
    }  # fmt: skip
    (folder / "audit.json").write_text(json.dumps([override]))
    (folder / "notes.bin").write_bytes(b"%PDF-1.7")
    return folder


def call(*arguments: Path | str) -> Result:
    """Return what the command answers, called within this process."""
    return CliRunner().invoke(program, ["oversight", *map(str, arguments)])


def sources(exports: Path) -> list[Path]:
    return [exports / name for name in ("pulls.json", "protection.json", "audit.json", "infra")]


def test_a_person_reads_totals_changes_and_merges_without_a_record(exports: Path) -> None:
    done = call(*sources(exports))
    assert (done.exit_code, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "1 change with a record, 1 merge without one"
    assert "#7" in done.stdout
    assert "1 of 1, 2 asked" in done.stdout
    assert "merges without a record, no evidence of review in these records:" in lines
    assert "Merge pull request #8 from other" in lines[-1]
    assert "\x1b" not in done.stdout
    assert max(map(len, lines)) <= 100


def test_a_person_reads_the_full_account_of_one_change(exports: Path) -> None:
    done = call(*sources(exports), "--change", "7")
    assert done.exit_code == 0
    told = " ".join(done.stdout.split())
    for part in (
        "review: sound",
        "mate, 2026-01-01T12:00:00Z",
        "3.0 h after the request (opened)",
        "no rank among reviews of at least this size: 0 others on record, 20 are needed",
        "@owner: missing; a.tf (.github/CODEOWNERS line 1: *.tf)",
        "required approvals: 2; required reviewers: none;",
        "by admin, 2026-01-01T13:00:00Z: the audit log records an override for the merge commit",
        "too few approvals: 2 required, 1 on record, 1 without a defect",
        "code owner missing: @owner for a.tf",
        "[E2#line 1]",
    ):
        assert part in told


def test_a_merge_without_a_record_is_no_evidence_of_review(exports: Path) -> None:
    listed = json.loads(call(*sources(exports), "--json").stdout)
    sha = listed["unrecorded"][0]["commit"]
    done = call(*sources(exports), "--change", sha[:10])
    assert "no evidence of review in these records" in done.stdout
    assert "That is not the same as no review." in done.stdout
    document = json.loads(call(*sources(exports), "--change", sha, "--json").stdout)
    assert (document["verdict"], document["commit"]) == ("unknown", sha)


def test_a_script_reads_documents_that_fit_the_schema(exports: Path) -> None:
    done = call(*sources(exports), "--json")
    document: dict[str, Any] = json.loads(done.stdout)
    assert document.keys() == {"changes", "unrecorded", "totals", "sources"}
    (change,) = document["changes"]
    validate(change, "review")
    assert change["verdict"] == "sound"
    assert [item["name"] for item in change["shortfalls"]] == [
        "too_few_approvals", "code_owner_missing", "rules_overridden",
    ]  # fmt: skip
    one = call(*sources(exports), "--change", change["merge"], "--json")
    assert json.loads(one.stdout) == change
    assert done.stdout == call(*sources(exports), "--format", "json").stdout


def test_a_folder_is_read_file_by_file_and_what_is_no_record_is_named(exports: Path) -> None:
    done = call(exports, "--json")
    assert done.exit_code == 0
    assert "notes.bin: passed over, this is a PDF" in done.stderr
    assert json.loads(done.stdout)["totals"]["changes"] == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--change", "99"], "no record tells of this change"),
        (["--change", "deadbeef"], "no record tells of this change"),
        (["--repository", "other", "--change", "7"], "no record tells of this change"),
    ],
)
def test_a_change_nobody_recorded_is_said_so(
    exports: Path, arguments: list[str], said: str
) -> None:
    done = call(exports / "pulls.json", *arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
    assert "what to do:" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_is_no_source_is_refused(exports: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for path in (tmp_path / "nowhere", exports / "notes.bin", tmp_path / "empty"):
        done = call(path)
        assert (done.exit_code, done.stdout) == (2, "")
        assert str(path) in done.stderr
        assert "Traceback" not in done.stderr


def test_a_person_reads_who_lowered_a_rule_and_that_a_rule_set_only_watches(tmp_path: Path) -> None:
    """The window in which a rule was off is the story; an evidence line alone hides it."""
    (tmp_path / "pulls.json").write_text(json.dumps([APPROVED_BY_NOBODY_LEFT]))
    merged = 1767272400000
    log = [
        {
            "@timestamp": merged + shift, "_document_id": f"d{count}{shift}", "actor": "admin",
            "action": f"protected_branch.{action}", "repo": "org/infra", "name": "main",
            "required_approving_review_count": count, "pull_request_reviews_enforcement_level": 2,
        }
        for action, count, shift in (
            ("create", 2, -9_000_000),
            ("update_required_approving_review_count", 0, -720_000),
            ("update_required_approving_review_count", 2, 300_000),
        )
    ]  # fmt: skip
    (tmp_path / "audit.json").write_text(json.dumps(log))
    rules = {
        "id": 42, "name": "mainline", "target": "branch", "source_type": "Repository",
        "source": "org/infra", "enforcement": "evaluate", "updated_at": "2025-11-05T10:00:00Z",
        "observed_at": "2026-01-02T00:00:00Z", "rules": [{"type": "pull_request"}],
        "conditions": {"ref_name": {"include": ["refs/heads/main"], "exclude": []}},
    }  # fmt: skip
    (tmp_path / "rules.json").write_text(json.dumps(rules))
    told = " ".join(call(tmp_path, "--change", "7").stdout.split())
    assert "review: unknown (whose the approvals were is not visible)" in told
    assert "required approvals 2 -> 0; by admin, 2026-01-01T12:48:00Z, 12.0 min before" in told
    assert "put back by admin, 2026-01-01T13:05:00Z, 5.0 min after the merge" in told
    assert "rule set 42 watches, and does not enforce (evaluate mode)" in told


def test_the_list_tells_apart_why_review_of_a_change_is_unknown(tmp_path: Path) -> None:
    """The account that approved one is gone; of the other no record of reviews was supplied."""
    (tmp_path / "pulls.json").write_text(json.dumps([APPROVED_BY_NOBODY_LEFT]))
    assert f"unknown 1 {NAMELESS}" in " ".join(call(tmp_path).stdout.split())
    other = {
        "number": 8, "title": "Other", "state": "closed", "draft": False,
        "user": {"login": "coder"},
        "html_url": "https://github.com/org/infra/pull/8", "created_at": "2026-01-01T09:00:00Z",
        "merged_at": "2026-01-01T13:00:00Z", "merge_commit_sha": "6" * 40,
        "head": {"sha": "7" * 40, "ref": "topic"},
        "base": {"ref": "main", "sha": "8" * 40, "repo": {"full_name": "org/infra"}},
    }  # fmt: skip
    (tmp_path / "other.json").write_text(json.dumps([other]))
    listed = " ".join(call(tmp_path).stdout.split())
    of_both = f"{NO_EVIDENCE}; of 1: {NAMELESS}"
    assert f"unknown 2 {of_both}" in listed
