"""GitLab's merge requests and rules. Synthetic, in the shape docs.gitlab.com/api documents."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from attribution.ingest import detect_format, read_evidence
from attribution.model.actor import ActorDirectory
from attribution.model.record import JsonValue, Reading, Record
from attribution.oversight.reviews import assess_reviews
from attribution.timeline.merge import merge_records

Tree = dict[str, JsonValue]
FIRST, SECOND = "1" * 40, "2" * 40
SAMPLE = Path(__file__).resolve().parents[2] / "data" / "formats" / "gitlab_merge_request.json"


def request(**fields: JsonValue) -> Tree:
    return {
        "iid": 7,
        "title": "A change",
        "author": {"username": "coder"},
        "source_branch": "work",
        "target_branch": "main",
        "sha": SECOND,
        "created_at": "2026-01-12T09:00:00Z",
        "merged_at": "2026-01-12T12:00:00Z",
        "merge_user": {"username": "lead"},
        "web_url": "https://gitlab.example.test/group/sub/app/-/merge_requests/7",
        **fields,
    }


def note(at: int, body: str, who: str = "reviewer", **fields: JsonValue) -> Tree:
    time = f"2026-01-12T10:{at:02}:00Z"
    return {
        "id": 4_000_000 + at, "body": body, "author": {"username": who}, "created_at": time,
        "system": True, "noteable_type": "MergeRequest", "noteable_iid": 7, **fields,
    }  # fmt: skip


def version(sha: str, time: str) -> Tree:
    return {"head_commit_sha": sha, "created_at": time}


def read(folder: Path, document: JsonValue) -> Reading:
    path = folder / "records"
    path.write_text(json.dumps(document), encoding="utf-8")
    assert detect_format(path).format in {"gitlab-merge-request", "gitlab-protection"}
    return read_evidence(path)


def reviews(reading: Reading) -> list[Record]:
    return [record for record in reading.records if record.kind.startswith("review.")]


def test_the_sample_shows_a_stale_approval_and_a_bots() -> None:
    events = merge_records({"E1": read_evidence(SAMPLE)}, {}, ActorDirectory(())).events
    (found,) = assess_reviews(events, (), ActorDirectory(()))
    assert [approval.defects for approval in found.approvals] == [("stale",), ("bot_approval",)]
    assert found.verdict == "ineffective"
    assert {(check.name, check.conclusion) for check in found.checks} == {
        ("test", "failure"), ("pipeline (merge_request_event)", "failure"),
    }  # fmt: skip


def test_a_project_in_a_subgroup_keeps_its_whole_path(tmp_path: Path) -> None:
    opened, merged = read(tmp_path, request()).records
    assert (opened.data["repository"], opened.subject) == ("group/sub/app", "!7")
    assert (merged.data["merged_by"], merged.data["head_sha"]) == ("lead", SECOND)


@pytest.mark.parametrize(
    ("beside", "commit", "basis"),
    [
        # The head was pushed after the approval: it was given for the one before.
        (
            {"versions": [version(SECOND, "2026-01-12T10:30:00.5Z"),
                          version(FIRST, "2026-01-12T09:00:00Z")]},
            FIRST, "versions",
        ),
        # The fraction of a second counts: 10:10:00 is before 10:10:00.5.
        (
            {"versions": [version(SECOND, "2026-01-12T10:10:00.5Z"),
                          version(FIRST, "2026-01-12T09:00:00Z")]},
            FIRST, "versions",
        ),
        ({"versions": [version(SECOND, "2026-01-12T09:00:00Z")]}, SECOND, "versions"),
        # The first version on record is later than the approval.
        ({"versions": [version(SECOND, "2026-01-12T11:00:00Z"),
                       version(FIRST, "2026-01-12T10:30:00Z")]}, None, None),
        # The notes are all there, and none is about added commits.
        ({}, SECOND, "notes"),
        ({"notes": [note(5, f"added 2 commits\n\n<ul><li>{FIRST[:8]} - A</li>"
                            f"<li>{SECOND[:8]} - B</li></ul>")]}, SECOND, "notes"),
        # What stood before the first push on record is not known.
        ({"notes": [note(20, f"added 1 commit\n\n<li>{SECOND[:8]} - B</li>")]}, None, None),
        # The note names a commit whose full id is nowhere.
        ({"notes": [note(5, "added 1 commit\n\n<ul><li>99999999 - B</li></ul>")]}, None, None),
    ],
)  # fmt: skip
def test_the_head_approved_is_found_or_left_open(
    tmp_path: Path, beside: Tree, commit: str | None, basis: str | None
) -> None:
    approval = note(10, "approved this merge request")
    notes = beside.get("notes", [])
    assert isinstance(notes, list)
    export: Tree = {"merge_request": request(), **beside, "notes": [approval, *notes]}
    (found,) = reviews(read(tmp_path, export))
    assert (found.data.get("commit_id"), found.data.get("commit_basis")) == (commit, basis)


def test_a_page_of_notes_is_not_taken_for_all_of_them(tmp_path: Path) -> None:
    notes: list[JsonValue] = [note(at, "marked as draft") for at in range(19)]
    reading = read(tmp_path, {
        "merge_request": request(), "notes": [note(30, "approved this merge request"), *notes],
    })  # fmt: skip
    (found,) = reviews(reading)
    assert "commit_id" not in found.data
    assert any("as many as a page holds" in said for said in reading.truncations)


def test_an_approval_told_twice_is_one_and_one_without_a_note_is_kept(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        {
            "merge_request": request(),
            "notes": [note(10, "approved this merge request")],
            "approvals": {
                "approved_by": [
                    {"user": {"username": "reviewer"}, "approved_at": "2026-01-12T10:10:00.123Z"},
                    {"user": {"username": "second"}},
                    {"user": None},
                ]
            },
        },
    )
    assert [(one.data["reviewer"], one.time is None) for one in reviews(reading)] == [
        ("reviewer", False), ("second", True),
    ]  # fmt: skip
    assert (reading.accounting.duplicate, reading.accounting.rejected) == (1, 1)


def test_withdrawn_and_reset_approvals_no_longer_stand(tmp_path: Path) -> None:
    export: Tree = {
        "merge_request": request(),
        "notes": [
            note(30, "reset approvals from @second, @third, and @reviewer by pushing to the branch",
                 "coder"),
            note(12, "approved this merge request", "third"),
            note(11, "approved this merge request", "second"),
            note(10, "unapproved this merge request"),
            note(9, "approved this merge request"),
        ],
    }  # fmt: skip
    reading = read(tmp_path, export)
    dismissed = [one for one in reviews(reading) if one.kind == "review.dismissed"]
    assert [(one.data["reviewer"], one.actor) for one in dismissed] == [
        ("reviewer", "reviewer"), ("second", "coder"), ("third", "coder"), ("reviewer", "coder"),
    ]  # fmt: skip
    events = merge_records({"E1": reading}, {}, ActorDirectory(())).events
    (found,) = assess_reviews(events, (), ActorDirectory(()))
    assert (found.approvals, found.verdict) == ((), "absent")


@pytest.mark.parametrize(
    ("user", "kind"),
    [
        ({"username": "project_12_bot_ab12"}, "Bot"),
        ({"username": "group_3_bot"}, "Bot"),
        ({"username": "service_account_x"}, "Bot"),
        ({"username": "person", "bot": True}, "Bot"),
        ({"username": "person", "bot": False}, "User"),
        ({"username": "person"}, None),
        ({"username": "some-bot"}, None),  # a name anybody can take
    ],
)
def test_accounts_of_no_person_are_told(tmp_path: Path, user: Tree, kind: str | None) -> None:
    opened = read(tmp_path, request(author=user)).records[0]
    assert opened.data.get("author_type") == kind


def test_rules_made_for_one_request_are_not_the_branchs(tmp_path: Path) -> None:
    rule: Tree = {"name": "x", "rule_type": "regular", "approvals_required": 1}
    state: Tree = {"approval_rules_overwritten": True, "rules": [rule]}
    own = read(tmp_path, {"merge_request": request(), "approval_state": state})
    assert {record.kind for record in own.records} == {"pull_request.opened", "pull_request.merged"}
    assert own.records[0].data["rules_overwritten"] is True
    shared = read(
        tmp_path,
        {
            "merge_request": request(),
            "approval_state": {**state, "approval_rules_overwritten": False, "rules": [rule, {}]},
        },
    )
    (record,) = (one for one in shared.records if one.kind == "protection.state")
    assert record.original_time == "2026-01-12T12:00:00Z"
    assert (record.data["branch"], record.data["required_approvals"]) == ("main", 1)
    assert len(shared.rejections) == 1


def test_the_parts_of_a_projects_rules_are_put_together_for_each_branch(tmp_path: Path) -> None:
    states = read_evidence(SAMPLE.with_name("gitlab_protection.json")).records
    main, release, others = (record.data for record in states)
    assert (main["branch"], main["required_approvals"]) == ("main", 2)
    assert (main["dismiss_stale"], main["author_may_approve"]) == (False, False)
    assert (main["code_owner_review"], main["bypass_actors"]) == (True, [])
    assert "required_reviewers" not in main  # two of three people
    assert (release["branch"], release["required_approvals"]) == ("release/*", 1)
    assert release["bypass_actors"] == ["Maintainers (push without a merge request)"]
    assert (others["include"], others["exclude"]) == (["~ALL"], ["main", "release/*"])
    assert "bypass_actors" not in others  # who may push there is not in the export
    rule: Tree = {
        "name": "both", "rule_type": "regular", "approvals_required": 2,
        "eligible_approvers": [{"username": "a"}, {"username": "b"}],
    }  # fmt: skip
    (each,) = read(tmp_path, [rule]).records
    assert each.data["required_reviewers"] == ["a", "b"]


def test_a_rule_for_protected_branches_alone_is_not_one_for_the_others(tmp_path: Path) -> None:
    rule: Tree = {
        "name": "all", "rule_type": "regular", "approvals_required": 3,
        "applies_to_all_protected_branches": True,
    }  # fmt: skip
    level: JsonValue = [{"access_level": 40, "access_level_description": "Maintainers"}]
    branch: Tree = {"name": "main", "push_access_levels": level, "merge_access_levels": level}
    export: Tree = {
        "project": "org/app",
        "approval_rules": [rule, "x"],
        "protected_branches": [branch, {"name": "y"}],
        "approvals": {"reset_approvals_on_push": True},
    }
    reading = read(tmp_path, export)
    assert [one.data["required_approvals"] for one in reading.records] == [3, 0]
    assert [one.reason for one in reading.rejections] == [
        "no approval rule: a text", "no protected branch: a part is missing",
    ]  # fmt: skip


def test_the_files_changed_are_known_from_a_whole_list_alone(tmp_path: Path) -> None:
    moved: Tree = {"old_path": "a.rb", "new_path": "b.rb"}

    def files(**facts: JsonValue) -> tuple[JsonValue, bool]:
        path = tmp_path / "export.json"
        export: Tree = {"merge_request": request(**facts), "diffs": [moved], "notes": []}
        path.write_text(json.dumps(export), encoding="utf-8")
        reading = read_evidence(path)
        (opened,) = [one for one in reading.records if one.kind == "pull_request.opened"]
        return opened.data.get("files"), bool(reading.truncations)

    assert files(changes_count="1") == (["b.rb", "a.rb"], False)
    assert files(changes_count="2") == (None, True)
    assert files(changes_count="1000+") == (None, True)


def test_only_reviewers_who_said_nothing_are_still_asked(tmp_path: Path) -> None:
    asked: JsonValue = [{"username": "reviewer"}, {"username": "silent"}]
    export: Tree = {
        "merge_request": request(reviewers=asked),
        "notes": [note(1, "Looks fine", system=False)],
    }
    assert read(tmp_path, export).records[0].data["requested_reviewers"] == ["silent"]
    alone = read(tmp_path, request(reviewers=asked)).records[0]
    assert "requested_reviewers" not in alone.data


def test_whatever_is_no_request_is_named(tmp_path: Path) -> None:
    document: JsonValue = {
        "merge_requests": [
            request(),
            {"merge_request": {"iid": 1}, "notes": ["x"], "jobs": [5], "commits": [{"id": "x"}]},
            {"iid": 3},
            7,
        ]
    }
    reasons = [one.reason for one in read(tmp_path, document).rejections]
    assert reasons == [
        "not a merge request: iid or a branch is missing",
        "an object was expected, got a text",
        "an object was expected, got a number",
        "'x' is not a full commit id",
        "neither a merge request nor a note or job of one",
        "an object was expected, got a number",
    ]


def test_an_approval_without_a_time_still_stands(tmp_path: Path) -> None:
    """Older servers list who approves without saying since when."""
    approvals: JsonValue = {"approved_by": [{"user": {"username": "reviewer"}}]}
    versions: JsonValue = [version(SECOND, "2026-01-12T09:00:00Z")]
    export: Tree = {"merge_request": request(), "approvals": approvals, "versions": versions}
    timeline = merge_records({"E1": read(tmp_path, export)}, {}, ActorDirectory(()))
    (found,) = assess_reviews(timeline.events, (), ActorDirectory(()), undated=timeline.undated)
    (approval,) = found.approvals
    assert (found.verdict, approval.time, approval.commit) == ("sound", None, SECOND)
