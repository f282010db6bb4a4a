"""What GitHub's records of rules, audit and reviews are read as."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from attribution.ingest import detect_format, read_evidence
from attribution.model.instant import format_instant, parse_instant
from attribution.model.record import JsonValue, Reading

Tree = dict[str, JsonValue]


def read(folder: Path, document: JsonValue, *, collected: str | None = None) -> Reading:
    path = folder / "records"
    path.write_text(json.dumps(document, indent=1), encoding="utf-8")
    moment = None if collected is None else parse_instant(collected)
    return read_evidence(path, collected=moment)


URL = "https://api.github.com/repos/org/infra/branches/main/protection"


def protection(**parts: JsonValue) -> Tree:
    return {"url": URL, "enforce_admins": {"enabled": True}, **parts}


def test_a_branch_protection_says_what_is_required_and_what_is_not(tmp_path: Path) -> None:
    """A part that is missing from the response is not enforced; a count before counts meant one."""
    reviews: Tree = {"dismiss_stale_reviews": False, "require_code_owner_reviews": True}
    (record,) = read(tmp_path, protection(required_pull_request_reviews=reviews)).records
    assert record.kind == "protection.state"
    assert record.data == {
        "source": "branch_protection",
        "repository": "org/infra",
        "branch": "main",
        "required_approvals": 1,
        "dismiss_stale": False,
        "code_owner_review": True,
        "enforced_on_admins": True,
        "author_may_approve": False,
        "required_reviewers": [],
        "required_checks": [],
        "bypass_actors": [],
    }
    (bare,) = read(tmp_path, protection(restrictions=None)).records
    assert bare.data["required_approvals"] == 0


def test_a_state_without_a_time_takes_that_of_its_collection_and_no_other(tmp_path: Path) -> None:
    (undated,) = read(tmp_path, protection(restrictions=None)).records
    assert undated.time is None
    (dated,) = read(
        tmp_path, protection(restrictions=None), collected="2026-01-10T08:00:00Z"
    ).records
    assert dated.time == parse_instant("2026-01-10T08:00:00Z")
    stated: Tree = {
        "repository": "org/infra", "branch": "main", "observed_at": "2026-01-09T08:00:00Z",
        "protection": protection(restrictions=None),
    }  # fmt: skip
    (own,) = read(tmp_path, stated, collected="2026-01-10T08:00:00Z").records
    assert own.time == parse_instant("2026-01-09T08:00:00Z")


def test_a_branch_that_is_not_protected_is_a_state_where_the_branch_is_named(
    tmp_path: Path,
) -> None:
    answer: Tree = {"message": "Branch not protected", "documentation_url": "x"}
    named: Tree = {"repository": "org/infra", "branch": "dev", "protection": answer}
    (record,) = read(tmp_path, named).records
    assert (record.data["branch"], record.data["required_approvals"]) == ("dev", 0)
    path = tmp_path / "answer"
    path.write_text(json.dumps(answer))
    (rejection,) = read_evidence(path, format="github-branch-protection").rejections
    assert "which branch is not said" in rejection.reason


def test_a_delivery_says_what_was_changed_by_whom_and_what_it_was(tmp_path: Path) -> None:
    rule: Tree = {
        "name": "main", "required_approving_review_count": 0, "admin_enforced": False,
        "pull_request_reviews_enforcement_level": "off", "updated_at": "2026-01-14T09:00:00Z",
        "required_status_checks": ["unit"], "required_status_checks_enforcement_level": "everyone",
    }  # fmt: skip
    delivery: Tree = {
        "action": "edited", "rule": rule, "sender": {"login": "admin"},
        "repository": {"full_name": "org/infra"},
        "changes": {
            "pull_request_reviews_enforcement_level": {"from": "everyone"},
            "required_approving_review_count": {"from": 2},
        },
    }  # fmt: skip
    (record,) = read(tmp_path, delivery).records
    assert record.kind == "protection.changed"
    assert (record.actor, record.data["operation"]) == ("admin", "branch_protection_rule.edited")
    before, after = record.data["before"], record.data["after"]
    assert isinstance(before, dict)
    assert isinstance(after, dict)
    assert (before["required_approvals"], after["required_approvals"]) == (2, 0)
    assert before["required_checks"] == after["required_checks"] == ["unit"]


def ruleset(**more: JsonValue) -> Tree:
    rule: Tree = {"type": "pull_request", "parameters": {"required_approving_review_count": 2}}
    return {
        "id": 42, "name": "mainline", "target": "branch", "source_type": "Repository",
        "source": "org/infra", "enforcement": "active", "updated_at": "2026-01-05T10:00:00Z",
        "conditions": {"ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []}},
        "rules": [rule], **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, 2),
        ({"enforcement": "evaluate"}, 0),
        ({"enforcement": "disabled"}, 0),
        ({"rules": []}, 0),
    ],
)
def test_a_rule_set_enforces_only_while_it_is_active(
    tmp_path: Path, more: Tree, expected: int
) -> None:
    (record,) = read(tmp_path, ruleset(**more)).records
    assert record.data["required_approvals"] == expected
    assert record.data["unchanged_since"] == "2026-01-05T10:00:00Z"
    assert record.time is not None
    assert format_instant(record.time) == "2026-01-05T10:00:00Z"


@pytest.mark.parametrize(
    ("actors", "held"),
    [
        ([], True),
        ([{"actor_type": "Team", "actor_id": 9, "bypass_mode": "pull_request"}], True),
        ([{"actor_type": "OrganizationAdmin", "actor_id": 1, "bypass_mode": "always"}], False),
        ([{"actor_type": "RepositoryRole", "actor_id": 5, "bypass_mode": "always"}], False),
        ([{"actor_type": "RepositoryRole", "actor_id": 4, "bypass_mode": "always"}], True),
        (None, None),
    ],
)
def test_who_may_bypass_a_rule_set_is_known_only_where_it_is_shown(
    tmp_path: Path,
    actors: JsonValue,
    held: bool | None,  # noqa: FBT001 - a column of the table above
) -> None:
    document = ruleset() if actors is None else ruleset(bypass_actors=actors)
    (record,) = read(tmp_path, document).records
    assert record.data.get("enforced_on_admins") is held
    assert ("bypass_actors" in record.data) is (actors is not None)


@pytest.mark.parametrize(
    ("action", "changes", "before", "after"),
    [
        ("created", {}, 0, 2),
        ("deleted", {}, 2, 0),
        ("edited", {"enforcement": {"from": "disabled"}}, 0, 2),
        ("edited", {"name": {"from": "old"}}, None, 2),
    ],
)
def test_a_delivery_about_a_rule_set_says_what_is_known_of_both_sides(
    tmp_path: Path, action: str, changes: Tree, before: int | None, after: int
) -> None:
    delivery: Tree = {
        "action": action, "repository_ruleset": ruleset(), "changes": changes,
        "sender": {"login": "admin"}, "repository": {"full_name": "org/infra"},
    }  # fmt: skip
    (record,) = read(tmp_path, delivery).records
    assert (record.actor, record.data["operation"]) == ("admin", f"repository_ruleset.{action}")
    was, now = record.data.get("before"), record.data["after"]
    assert isinstance(now, dict)
    assert now["required_approvals"] == after
    assert (was["required_approvals"] if isinstance(was, dict) else None) == before


def test_a_list_of_rule_sets_without_their_rules_says_what_to_fetch(tmp_path: Path) -> None:
    listed = {key: value for key, value in ruleset().items() if key != "rules"}
    (rejection,) = read(tmp_path, [listed]).rejections
    assert "fetch each one by its id" in rejection.reason


def audit(action: str, **more: JsonValue) -> Tree:
    return {
        "@timestamp": 1768380000000, "_document_id": f"d-{action}", "action": action,
        "actor": "admin", "org": "org", "repo": "org/infra", **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("entry", "before", "after", "concerns"),
    [
        (
            audit(
                "protected_branch.update_required_approving_review_count",
                name="main", required_approving_review_count=1,
            ),
            None, {"required_approvals": 1}, ["required_approvals"],
        ),
        (
            audit(
                "protected_branch.update_pull_request_reviews_enforcement_level",
                name="main", pull_request_reviews_enforcement_level=0,
            ),
            None, {"required_approvals": 0}, ["required_approvals"],
        ),
        (
            audit("protected_branch.update_admin_enforced", name="main", admin_enforced=False),
            None, {"enforced_on_admins": False}, ["enforced_on_admins"],
        ),
        (audit("protected_branch.authorized_users_teams", name="main"), None, None, []),
        (audit("protected_branch.something_new", name="main"), None, None, None),
    ],
)  # fmt: skip
def test_the_audit_log_says_what_a_protection_became_and_what_it_can_have_touched(
    tmp_path: Path, entry: Tree, before: JsonValue, after: JsonValue, concerns: JsonValue
) -> None:
    (record,) = read(tmp_path, [entry]).records
    assert record.kind == "protection.changed"
    told = record.data
    assert (told.get("before"), told.get("after"), told.get("concerns")) == (
        before,
        after,
        concerns,
    )
    assert format_instant(record.time) == "2026-01-14T08:40:00Z" if record.time else False


def test_an_entry_that_takes_a_protection_away_leaves_nothing_required(tmp_path: Path) -> None:
    (gone,) = read(tmp_path, [audit("protected_branch.destroy", name="main")]).records
    after = gone.data["after"]
    assert isinstance(after, dict)
    assert (after["required_approvals"], after["required_checks"]) == (0, [])
    assert "before" not in gone.data


def test_an_update_of_a_rule_set_tells_the_rules_before_and_after(tmp_path: Path) -> None:
    entry = audit(
        "repository_ruleset.update", ruleset_id="42", ruleset_enforcement="active",
        ruleset_rules_updated=[
            {
                "type": "pull_request",
                "old_parameters": {"required_approving_review_count": 2},
                "parameters": {"required_approving_review_count": 1},
            }
        ],
    )  # fmt: skip
    (record,) = read(tmp_path, [entry]).records
    before, after = record.data["before"], record.data["after"]
    assert isinstance(before, dict)
    assert isinstance(after, dict)
    assert (before["required_approvals"], after["required_approvals"]) == (2, 1)
    assert "required_checks" not in after
    assert record.data["rule"] == "42"


def test_an_override_and_every_other_entry_are_calls(tmp_path: Path) -> None:
    override = audit(
        "protected_branch.policy_override", branch="refs/heads/main", after="c" * 40,
        overridden_codes=["review_policy_not_satisfied"],
    )  # fmt: skip
    merge = audit("pull_request.merge", pull_request_url="https://github.com/org/infra/pull/7")
    first, second = read(tmp_path, [override, merge]).records
    assert (first.kind, first.data["operation"]) == ("audit.call", override["action"])
    assert (first.data["branch"], first.data["after_sha"]) == ("main", "c" * 40)
    assert first.data["overridden"] == ["review_policy_not_satisfied"]
    assert second.data["number"] == 7


def test_a_timeline_takes_its_number_from_a_review_in_it_or_from_beside_it(tmp_path: Path) -> None:
    asked: Tree = {
        "id": 9000000001, "event": "review_requested", "actor": {"login": "dev"},
        "created_at": "2026-01-14T08:10:00Z", "requested_team": {"slug": "platform"},
    }  # fmt: skip
    alone = read(tmp_path, [asked])
    assert alone.records[0].data.get("number") is None
    assert alone.truncations == ("the timeline does not say which pull request it is of",)
    beside = read(tmp_path, {"repository": "org/infra", "number": 7, "timeline": [asked]})
    (record,) = beside.records
    assert (record.data["number"], record.data["requested_team"]) == (7, "platform")


def test_an_export_of_gh_is_read_as_the_rest_api_is() -> None:
    """An app's login gets the `[bot]` of the REST API; files, commits and checks come along."""
    sample = Path(__file__).resolve().parents[2] / "data" / "formats"
    reading = read_evidence(sample / "github_cli_pull_requests.json")
    opened, merged, review, unit, plan, commit = reading.records
    assert (opened.actor, opened.data["author_type"]) == ("coder[bot]", "Bot")
    assert merged.data["merge_sha"] == "2" * 40
    assert merged.data["files"] == ["iam/role.tf"]
    assert merged.data["requested_teams"] == ["platform"]
    assert (review.kind, review.data["number"]) == ("review.approved", 212)
    assert (unit.data["conclusion"], plan.data["conclusion"]) == ("success", "failure")
    assert commit.data["trailers"] == [["Co-authored-by", "Operator <operator@example.test>"]]


def test_a_review_is_one_event_in_both_exports(tmp_path: Path) -> None:
    """The REST API has a number and a node id, `gh` the node id alone."""
    pull: Tree = {
        "number": 7, "user": {"login": "dev"}, "head": {"sha": "4" * 40},
        "created_at": "2026-01-14T08:00:00Z",
    }  # fmt: skip
    review: Tree = {
        "id": 80, "node_id": "PRR_1", "user": {"login": "mate"}, "state": "APPROVED",
        "submitted_at": "2026-01-14T08:50:00Z", "commit_id": "4" * 40,
    }  # fmt: skip
    (_, record) = read(tmp_path, {"pull_request": pull, "reviews": [review]}).records
    assert (record.native_id, record.data["review_id"]) == ("PRR_1", "80")


def test_a_section_of_gitlab_at_the_beginning_is_no_broken_json(tmp_path: Path) -> None:
    path = tmp_path / "CODEOWNERS"
    path.write_text("[Documentation][2] @docs\n/docs/ @docs-lead\n")
    assert detect_format(path).format == "codeowners"
    (record,) = read_evidence(path).records
    assert record.data["dialect"] == "gitlab"


def test_lines_of_a_codeowners_file_that_cannot_be_used_are_accounted_for(tmp_path: Path) -> None:
    path = tmp_path / "CODEOWNERS"
    path.write_text("# who\n* @all\n!*.md @docs\n*.js nobody\n")
    reading = read_evidence(path, format="codeowners")
    assert reading.accounting.read == 3
    assert [one.place for one in reading.rejections] == ["line 3", "line 4"]
