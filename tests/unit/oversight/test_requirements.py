"""What a change lacked at its merge: approvals, owners, reviewers, checks; overrides."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from attribution.model.commit import Commit
from attribution.model.enforcement import SHORTFALLS
from attribution.model.event import Event, Witness
from attribution.model.oversight import REVIEW_DEFECTS, ChangeReview
from attribution.model.record import JsonValue
from attribution.oversight.changes import collect_changes
from attribution.oversight.checks import unmet_checks
from attribution.oversight.findings import load_findings
from attribution.oversight.ownership import OwnerSource
from attribution.oversight.records import index_records
from attribution.oversight.requirements import are_checks_enforced, is_review_enforced
from attribution.oversight.trees import Trees
from attribution.oversight.unrecorded import list_unrecorded
from tests.gitrepo import GitRepo
from tests.unit.oversight.recorded import (
    HEAD,
    MERGE,
    MERGED,
    NOBODY,
    REPOSITORY,
    approval,
    assess,
    event,
    pull,
    state,
)


def commit(sha: str, *, subject: str = "x", parents: tuple[str, ...] = ()) -> Commit:
    return Commit(sha, REPOSITORY, parents, "dev", "dev", None, None, subject, "no_marker")


def shortfalls(review: ChangeReview) -> list[tuple[str, str]]:
    return [(item.name, item.statement) for item in review.shortfalls]


def one(*events: Event, **more: JsonValue) -> ChangeReview:
    (found,) = assess(*pull(**more), *events)  # type: ignore[arg-type]
    return found


def test_fewer_sound_approvals_than_required_are_told_with_the_evidence_of_both() -> None:
    found = one(approval(), approval("dev"), state(100, required_approvals=2))
    assert shortfalls(found) == [
        ("too_few_approvals", "2 required, 2 on record, 1 without a defect")
    ]
    assert {"E2#/state100branch_protection", "E1#/7/reviews/reviewer", "E1#/7/reviews/dev"} <= set(
        found.shortfalls[0].references
    )
    assert shortfalls(one(approval(), state(100, required_approvals=1))) == []


def test_nothing_is_said_of_approvals_where_no_reviews_are_on_record() -> None:
    found = one(state(100, required_approvals=2), reviews_listed=None)
    assert (found.verdict, found.shortfalls) == ("unknown", ())


def run(name: str, conclusion: str, at: float = 60) -> Event:
    return event(
        "check.completed", at, f"/{name}{at}", name=name, head_sha=HEAD, conclusion=conclusion
    )


def test_required_checks_are_those_enforced_at_the_merge() -> None:
    rules = state(100, required_checks=["unit", "plan", "scan", "lint"])
    runs = [run("unit", "failure"), run("unit", "success", 90), run("plan", "skipped")]
    found = one(*runs, run("lint", "failure"), run("docs", "failure"), rules)
    assert [(c.name, c.conclusion, c.required, c.runs) for c in found.checks] == [
        ("docs", "failure", False, 1),
        ("lint", "failure", True, 1),
        ("plan", "skipped", True, 1),
        ("scan", "missing", True, 0),
        ("unit", "success", True, 2),
    ]
    assert shortfalls(found) == [
        ("required_check_failed", "lint: failure"),
        ("required_check_skipped", "plan: skipped"),
        ("required_check_missing", "scan"),
    ]


def test_a_required_check_without_any_run_on_record_has_no_record_and_is_not_unmet() -> None:
    found = one(state(100, required_checks=["unit"]))
    assert [(c.name, c.conclusion) for c in found.checks] == [("unit", "no record")]
    assert (unmet_checks(found), found.shortfalls) == ((), ())


def test_a_merge_queue_runs_checks_on_a_commit_of_its_own() -> None:
    queued = event("pull_request.queued", 7000, "/queue", number=7, repository=REPOSITORY)
    found = one(state(100, required_checks=["unit"]), run("docs", "success"), queued)
    assert ("unit", "no record") in [(c.name, c.conclusion) for c in found.checks]


def test_workflow_runs_are_shown_with_their_attempts() -> None:
    again = event(
        "workflow.run", 80, "/run", name="CI", head_sha=HEAD, conclusion="success", attempt=3
    )
    (shown,) = one(again).workflows
    assert (shown.name, shown.conclusion, shown.attempt) == ("CI", "success", 3)


@pytest.mark.parametrize(
    ("reviewers", "expected"),
    [
        (["security-lead"], [("required_reviewer_missing", "security-lead")]),
        (["Reviewer"], []),
        (["team 77 for *.tf"], [("required_reviewer_not_visible", "team 77 for *.tf")]),
    ],
)
def test_required_reviewers_are_missing_or_not_visible(
    reviewers: list[JsonValue], expected: list[tuple[str, str]]
) -> None:
    found = one(approval(), state(100, required_reviewers=reviewers))
    assert shortfalls(found) == expected


OVERRIDE = "protected_branch.policy_override"


def audit(seconds: float, **more: JsonValue) -> Event:
    facts: dict[str, Any] = {"resources": [REPOSITORY], **more}
    return event(
        "audit.call", seconds, f"/audit{seconds}", evidence="E4", actor="admin",
        operation=OVERRIDE, **facts,
    )  # fmt: skip


def suite(result: str, after: str = MERGE) -> Event:
    rules: list[JsonValue] = [{"type": "pull_request", "result": "fail"}]
    return event(
        "protection.evaluated", MERGED, "/suite", evidence="E5", actor="root", result=result,
        after_sha=after, rules=rules,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("events", "by", "basis"),
    [
        ([suite("bypass"), audit(MERGED + 3)], "root", "ended in a bypass"),
        ([suite("pass")], None, None),
        ([suite("bypass", "e" * 40)], None, None),
        ([audit(MERGED + 3, after_sha=MERGE)], "admin", "for the merge commit"),
        ([audit(MERGED + 3, after_sha="e" * 40)], None, None),
        ([audit(MERGED + 3)], "admin", "within two minutes"),
        ([audit(MERGED + 3, branch="release")], None, None),
        ([audit(MERGED + 300)], None, None),
    ],
)
def test_an_override_is_found_by_the_merge_commit_or_else_close_in_time(
    events: list[Event], by: str | None, basis: str | None
) -> None:
    """What names another commit is another push, however close in time."""
    found = one(approval(), *events)
    assert found.bypassed_by == by
    if found.override is None:
        assert basis is None
    else:
        assert basis is not None
        assert basis in found.override.basis
        assert ("rules_overridden" in dict(shortfalls(found))) is True


def test_a_dismissal_counts_by_the_review_it_names_and_only_before_the_merge() -> None:
    def dismissal(at: float) -> Event:
        return event(
            "review.dismissed", at, "/dismissal", number=7, repository=REPOSITORY,
            event="review_dismissed", dismissed_review="id-reviewer", dismissed_state="approved",
        )  # fmt: skip

    assert one(approval(), dismissal(MERGED - 60)).verdict == "absent"
    assert one(approval(), dismissal(MERGED + 60)).verdict == "sound"
    late = event(
        "review.dismissed", 3600, "/7/reviews/reviewer", number=7, repository=REPOSITORY,
        native_id="id-reviewer", reviewer="reviewer", commit_id=HEAD,
    )  # fmt: skip
    assert one(late, dismissal(MERGED + 60)).verdict == "sound"
    assert one(late, dismissal(MERGED - 60)).verdict == "absent"


def test_a_dismissal_names_the_number_of_a_review_that_is_known_by_its_node_id() -> None:
    dismissal = event(
        "review.dismissed", MERGED - 60, "/dismissal", number=7, repository=REPOSITORY,
        event="review_dismissed", dismissed_review="80", dismissed_state="approved",
    )  # fmt: skip
    assert one(approval(review_id="80"), dismissal).verdict == "absent"
    assert one(approval(review_id="81"), dismissal).verdict == "sound"


def test_one_run_that_two_exports_tell_of_is_counted_once() -> None:
    again = replace(run("unit", "success"), id="ev-again", witnesses=(Witness("E7", "/0"),))
    (check,) = one(run("unit", "success"), again).checks
    assert check.runs == 1


def test_whoever_assigned_the_bot_made_the_change_with_it() -> None:
    assigned = event(
        "pull_request.assigned", 10, "/assigned", number=7, repository=REPOSITORY,
        assignee="coder[bot]", assigner="reviewer",
    )  # fmt: skip
    (found,) = assess(*pull(author="coder[bot]"), assigned, approval())
    assert [(a.defects, a.made_as) for a in found.approvals] == [(("self_approval",), "assigner")]
    (person,) = assess(*pull(author="dev"), assigned, approval())
    assert person.verdict == "sound"


def test_a_head_forced_onto_the_branch_was_not_under_review_before() -> None:
    forced = event(
        "pull_request.head_force_pushed", 3590, "/forced", number=7, repository=REPOSITORY,
        commit_id=HEAD,
    )  # fmt: skip
    (found,) = one(approval(), forced).approvals
    assert (found.seconds, found.defects) == (10.0, ("too_fast",))


@pytest.mark.parametrize(
    ("events", "review", "checks"),
    [
        ([], None, None),
        ([state(100, required_approvals=1)], True, None),
        ([state(100, required_approvals=0, required_checks=[])], None, None),
        (
            [
                state(100, required_approvals=0, required_checks=[]),
                state(100, source="ruleset", required_approvals=0, required_checks=[]),
            ],
            False,
            False,
        ),
        ([state(100, source="gitlab_approval_rule", required_approvals=0)], False, None),
        ([state(100, required_approvals=0, code_owner_review=True)], True, None),
    ],
)
def test_not_enforced_is_said_only_where_nothing_can_have_gone_unseen(
    events: list[Event],
    review: bool | None,  # noqa: FBT001 - a column of the table above
    checks: bool | None,  # noqa: FBT001 - a column of the table above
) -> None:
    found = one(*events)
    assert is_review_enforced(found.enforced) is review
    assert are_checks_enforced(found.enforced) is checks


Owned = tuple[list[tuple[str, Path]], str, str]


@pytest.fixture(scope="module")
def owned(tmp_path_factory: pytest.TempPathFactory) -> Owned:
    """Return a repository whose file was owned by another before the merge than after it."""
    repo = GitRepo.create(tmp_path_factory.mktemp("owned") / "repo")
    base = repo.commit(
        "Begin", {".github/CODEOWNERS": "*.tf @owner\n*.md @org/docs\n*.py @dev\n", "a.tf": "1\n"}
    )
    repo.git("switch", "--quiet", "-c", "topic")
    repo.commit("Work", {"a.tf": "2\n", ".github/CODEOWNERS": "* @intruder\n"})
    repo.git("switch", "--quiet", "main")
    repo.clock += 3600
    repo.git("merge", "--quiet", "--no-ff", "-m", "Merge", "topic")
    return [("E9", repo.folder)], base, repo.git("rev-parse", "HEAD")


def test_owners_are_those_of_the_base_and_not_of_the_change_itself(
    owned: Owned,
) -> None:
    """A change that names itself as its owner is still owned by whom the base says."""
    sources, base, merge = owned
    with Trees(sources) as trees:
        rules = state(100, code_owner_review=True, required_approvals=1)
        (found,) = assess(*pull(merge_sha=merge), approval(), rules, trees=trees)
        assert found.owners is not None
        demand = next(item for item in found.owners if item.owners == ("@owner",))
        assert (demand.files, demand.status) == (("a.tf",), "missing")
        assert demand.rule == ".github/CODEOWNERS line 1: *.tf"
        assert demand.reference == f"E9#commit {base}"
        assert ("code_owner_missing", "@owner for a.tf") in shortfalls(found)
        (met,) = assess(*pull(merge_sha=merge), approval("owner"), rules, trees=trees)
        assert met.shortfalls == ()


@pytest.mark.parametrize(
    ("subjects", "parents", "expected"),
    [
        (("One", "Two"), ("x", "y"), "x"),
        (("One",), ("x",), "x"),
        (("One", "Two"), ("x",), "x"),
        (("One", "Before"), ("x",), "stated"),
        ((), ("x",), "stated"),
    ],
)
def test_the_base_is_the_parent_of_the_merge_unless_that_is_of_the_change_itself(
    subjects: tuple[str, ...], parents: tuple[str, ...], expected: str
) -> None:
    """A rebase of several commits ends in one whose parent is the commit before it."""
    own = [commit(f"own{at}", subject=subject) for at, subject in enumerate(subjects)]
    known = (commit("x", subject="Before"), commit(MERGE, parents=parents), *own)
    facts: dict[str, Any] = {"base_sha": "stated", "commits": [one.sha for one in own]}
    (change,) = collect_changes(pull(**facts), known)
    source = OwnerSource(index_records((), known, NOBODY), None)
    assert source.base_of(change) == expected


@pytest.mark.parametrize(
    ("file", "reviewer", "status"),
    [
        ("x.md", "reviewer", "not_visible"),
        ("x.md", None, "missing"),
        ("x.py", "reviewer", "own"),
        ("x.tf", "owner", "met"),
    ],
)
def test_an_owner_is_met_missing_not_visible_or_the_maker(
    owned: Owned, file: str, reviewer: str | None, status: str
) -> None:
    sources, base, _ = owned
    reviews = [] if reviewer is None else [approval(reviewer)]
    with Trees(sources) as trees:
        (found,) = assess(*pull(base_sha=base, files=[file]), *reviews, trees=trees)
        assert found.owners is not None
        assert [item.status for item in found.owners] == [status]
        assert found.shortfalls == ()


@pytest.mark.parametrize(
    ("members", "status"), [(["Reviewer", "x"], "met"), (["x"], "missing"), (["dev"], "own")]
)
def test_a_team_is_looked_up_where_its_members_are_on_record(
    owned: Owned, members: list[JsonValue], status: str
) -> None:
    sources, base, _ = owned
    team = event(
        "team.members",
        100,
        "/team",
        evidence="E8",
        organization="org",
        team="docs",
        members=members,
    )
    with Trees(sources) as trees:
        found = assess(*pull(base_sha=base, files=["x.md"]), approval(), team, trees=trees)
        assert found[0].owners is not None
        (demand,) = found[0].owners
        assert (demand.status, demand.members_as_of) == (status, team.time)


def test_owners_that_are_not_on_record_are_not_none() -> None:
    assert one(approval(), files=["a.tf"]).owners is None


def test_a_codeowners_file_alone_is_used_where_there_is_no_repository() -> None:
    rule: JsonValue = {"line": 2, "pattern": "*.tf", "owners": ["@owner"], "approvals": 1}
    file = event("codeowners", None, "line 2", evidence="E6", dialect="github", rules=[rule])
    found = one(approval(), file, files=["a.tf"])
    assert found.owners is not None
    assert [(item.status, item.reference) for item in found.owners] == [("missing", "E6#line 2")]


def test_merges_no_record_tells_of_are_listed_as_such() -> None:
    commits = (
        commit("m1", parents=("a", "b")),
        commit("s1", parents=("a",)),
        commit(MERGE, parents=("a", "b")),
    )
    (found,) = assess(*pull())
    assert [entry.sha for entry in list_unrecorded(commits, (found,))] == ["m1"]


def test_every_finding_has_a_meaning_and_a_source_in_the_table() -> None:
    assert list(load_findings("defects")) == list(REVIEW_DEFECTS)
    assert list(load_findings("shortfalls")) == list(SHORTFALLS)
    for part in ("defects", "shortfalls"):
        for meaning in load_findings(part).values():
            assert meaning.statement.endswith(".")
            assert meaning.source
