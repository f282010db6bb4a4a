from __future__ import annotations

from typing import Any

import pytest

from attribution.model.actor import Actor, ActorDirectory, Alias
from attribution.model.commit import AgentMark, Commit
from attribution.model.event import Event, Witness
from attribution.model.instant import SECOND, Instant
from attribution.model.oversight import REVIEW_DEFECTS, ChangeReview
from attribution.model.record import JsonValue
from attribution.oversight.checks import unmet_checks
from attribution.oversight.reviews import assess_reviews
from attribution.schema.instances import validate

HEAD = "b" * 40
OLD = "a" * 40
MERGE = "c" * 40
OPENED, APPROVED, MERGED = 0, 3600, 7200
DIRECTORY = ActorDirectory(
    (
        Actor("coder", "Coder", "agent", "agent", (Alias("coder[bot]", "case.yaml"),)),
        Actor("operator", "Operator", "person", "deployer", (Alias("op@example.test", "x"),)),
    )
)


def event(
    kind: str,
    seconds: float,
    place: str,
    *,
    evidence: str = "E1",
    actor: str | None = None,
    **data: JsonValue,
) -> Event:
    time = Instant(round(seconds * SECOND))
    return Event(
        f"ev-{place}", kind, time, time, time, None, None, actor, actor, None, "", None,
        (Witness(evidence, place),), data={k: v for k, v in data.items() if v is not None},
    )  # fmt: skip


def pull(
    *,
    author: str = "dev",
    additions: int | None = 100,
    listed: bool | None = None,
    bypassed: bool | None = None,
) -> list[Event]:
    common: dict[str, Any] = {
        "repository": "org/infra",
        "number": 212,
        "title": "Give the agent operator rights",
        "author": author,
        "head_sha": HEAD,
        "additions": additions,
        "deletions": None if additions is None else 0,
        "commits": [OLD, HEAD],
        "reviews_listed": listed,
    }
    return [
        event("pull_request.opened", OPENED, "/opened", **common),
        event(
            "pull_request.merged", MERGED, "/merged",
            merged_by="lead", merge_sha=MERGE, bypassed=bypassed, **common,
        ),
    ]  # fmt: skip


def approval(
    reviewer: str = "reviewer",
    *,
    at: float = APPROVED,
    commit: str | None = HEAD,
    kind: str = "review.approved",
    account: str | None = "User",
    number: int | None = 212,
    evidence: str = "E1",
) -> Event:
    return event(
        kind, at, f"/reviews/{reviewer}{at}", evidence=evidence, number=number,
        reviewer=reviewer, reviewer_type=account, commit_id=commit, repository="org/infra",
    )  # fmt: skip


def commit(sha: str, author: str = "dev", *, committed: float = 0, **more: object) -> Commit:
    moment = Instant(round(committed * SECOND))
    return Commit(sha, "org/infra", (), author, author, moment, moment, "x", "no_marker", **more)  # type: ignore[arg-type]


def assess(events: list[Event], *commits: Commit) -> ChangeReview:
    ordered = sorted(events, key=lambda entry: (entry.time or 0, entry.id))
    (review,) = assess_reviews(ordered, commits, DIRECTORY)
    return review


def defects(review: ChangeReview) -> list[tuple[str, ...]]:
    return [approval.defects for approval in review.approvals]


def test_a_person_who_approved_the_merged_head_in_time_makes_a_sound_review() -> None:
    review = assess([*pull(), approval()])
    assert review.verdict == "sound"
    assert defects(review) == [()]
    assert review.approvals[0].seconds == APPROVED
    assert review.approvals[0].reference == "E1#/reviews/reviewer3600"
    assert (review.merge, review.lines_changed, review.merged_by) == (MERGE, 100, "lead")


@pytest.mark.parametrize(
    ("review", "expected"),
    [
        (approval(commit=OLD), ("stale",)),
        (approval("dev"), ("self_approval",)),
        (approval("DEV"), ("self_approval",)),
        (approval("helper", account="Bot"), ("bot_approval",)),
        (approval("helper[bot]", account=None), ("bot_approval",)),
        (approval("coder[bot]", account="User"), ("bot_approval",)),
        (approval(at=29), ("too_fast",)),
        (approval(at=200), ("too_fast",)),
        (approval(at=240), ()),
        (approval(at=MERGED + 1), ("after_merge",)),
        (approval("dev", commit=OLD, at=20), ("stale", "self_approval", "too_fast")),
    ],
)
def test_each_defect_of_an_approval_is_named(review: Event, expected: tuple[str, ...]) -> None:
    """100 lines at 1,500 lines an hour take 240 seconds."""
    found = assess([*pull(), review])
    assert [set(names) for names in defects(found)] == [set(expected)]
    assert found.verdict == ("ineffective" if expected else "sound")
    assert set(expected) <= set(REVIEW_DEFECTS)


def test_one_sound_approval_among_defective_ones_makes_the_review_sound() -> None:
    assert assess([*pull(), approval("dev"), approval("reviewer")]).verdict == "sound"


def test_without_a_size_only_the_shortest_time_is_held_against_an_approval() -> None:
    assert defects(assess([*pull(additions=None), approval(at=40)])) == [()]
    assert defects(assess([*pull(additions=None), approval(at=20)])) == [("too_fast",)]


def test_the_time_of_review_runs_from_the_last_commit_before_it() -> None:
    """A head committed a minute before its approval was not under review for the hour before."""
    review = assess([*pull(), approval()], commit(HEAD, committed=APPROVED - 60))
    assert review.approvals[0].seconds == 60
    assert defects(review) == [("too_fast",)]


def test_no_reviews_in_a_record_that_lists_them_is_an_absent_review() -> None:
    assert assess(pull(listed=True)).verdict == "absent"


def test_comments_without_an_approval_are_an_absent_review() -> None:
    assert assess([*pull(), approval(kind="review.commented")]).verdict == "absent"


def test_no_record_of_reviews_is_not_no_review() -> None:
    assert assess(pull()).verdict == "unknown"


def test_reviews_of_another_pull_request_in_the_same_export_show_that_reviews_were_exported() -> (
    None
):
    assert assess([*pull(), approval(number=9)]).verdict == "absent"
    assert assess([*pull(), approval(number=9, evidence="E2")]).verdict == "unknown"


@pytest.mark.parametrize("name", ["ghost", "unknown"])
def test_an_approval_by_an_account_that_is_gone_is_neither_sound_nor_unsound(name: str) -> None:
    """Whose it was nobody can tell: the author's own, a machine's, or a second person's."""
    gone = approval(name, account=None)
    found = assess([*pull(), gone])
    assert (found.verdict, found.sound_approvals) == ("unknown", 0)
    assert [(one.nameless, one.defects) for one in found.approvals] == [(True, ())]
    by_ghost = assess([*pull(author="ghost"), gone])
    assert defects(by_ghost) == [()], "of two accounts that are gone none is the other"
    asked = approval(name, at=60, account=None, kind="review.changes_requested")
    assert [one.who for one in assess([*pull(), asked, gone]).standing_objections] == [name]
    assert assess([*pull(), gone, approval()]).verdict == "sound"


def test_the_document_has_the_standing_objections_and_the_dismissed_reviews() -> None:
    asked = approval("first", kind="review.changes_requested")
    dropped = approval("second", at=60, kind="review.dismissed")
    late = approval("third", at=MERGED + 60, kind="review.dismissed")
    document = assess([*pull(), asked, dropped, late]).to_dict()
    validate(document, "review")
    told = {
        key: [step["who"] for step in document[key]]  # type: ignore[union-attr,index,call-overload]
        for key in ("standing_objections", "dismissed_reviews")
    }
    assert told == {"standing_objections": ["first"], "dismissed_reviews": ["second"]}


@pytest.mark.parametrize("kind", ["review.changes_requested", "review.dismissed"])
def test_an_approval_its_reviewer_withdrew_does_not_stand(kind: str) -> None:
    review = assess([*pull(), approval(), approval(kind=kind, at=APPROVED + 60)])
    assert (review.verdict, review.approvals) == ("absent", ())


def test_a_review_without_a_number_is_found_by_the_head_it_is_about() -> None:
    assert assess([*pull(), approval(number=None)]).verdict == "sound"
    assert assess([*pull(), approval(number=None, commit="d" * 40)]).verdict == "absent"


def test_the_author_of_a_commit_cannot_approve_it_for_the_one_who_opened() -> None:
    assert defects(assess([*pull(), approval("mate")], commit(OLD, "mate"))) == [("self_approval",)]


def test_a_co_author_cannot_approve() -> None:
    """The trailer of an agent's commit names the person who asked for it."""
    made = event(
        "commit", 0, "commit", sha=HEAD, author_email="coder[bot]",
        trailers=[["Co-authored-by", "Operator <op@example.test>"]],
    )  # fmt: skip
    review = assess([*pull(author="coder[bot]"), made, approval("op@example.test")])
    assert review.author == "coder"
    assert defects(review) == [("self_approval",)]


def test_whoever_prompted_the_agent_cannot_approve_what_its_session_committed() -> None:
    call = event("session.tool_call", 0, "line 3", evidence="E5", session="s-1", call_id="c")
    prompt = event("session.prompt", 0, "line 1", evidence="E5", actor="operator", session="s-1")
    mark = AgentMark("Coder", None, "session", "E5#line 3")
    events = [*pull(author="coder[bot]"), call, prompt, approval("op@example.test")]
    made = commit(HEAD, "coder", agents=(mark,))
    assert defects(assess(events, made)) == [("self_approval",)]
    assert defects(assess(events, commit(HEAD, "coder"))) == [()]


def check(
    name: str, conclusion: str, *, head: str = HEAD, required: bool | None = True, at: float = 60
) -> Event:
    return event(
        "check.completed", at, f"/checks/{name}{at}{head[0]}", name=name, head_sha=head,
        conclusion=conclusion, required=required,
    )  # fmt: skip


def test_the_last_run_before_the_merge_decides_what_a_check_said() -> None:
    events = [
        check("tests", "failure", at=60),
        check("tests", "success", at=90),
        check("tests", "failure", at=MERGED + 5),
        check("lint", "failure", required=False),
        check("tests", "failure", head=OLD),
    ]
    review = assess([*pull(), *events])
    assert [(c.name, c.conclusion, c.required) for c in review.checks] == [
        ("lint", "failure", False),
        ("tests", "success", True),
    ]
    assert unmet_checks(review) == ()


def test_a_required_check_that_failed_or_never_ran_on_the_merged_head_is_unmet() -> None:
    other = event(
        "pull_request.opened", 5, "/other", repository="org/infra", number=3, head_sha=OLD
    )
    events = [check("tests", "failure"), check("scan", "success", head=OLD)]
    reviews = assess_reviews([*pull(), other, *events], (), DIRECTORY)
    assert [(c.name, c.conclusion) for c in unmet_checks(reviews[1])] == [
        ("scan", "missing"),
        ("tests", "failure"),
    ]


def test_without_any_check_on_record_nothing_is_said_of_checks() -> None:
    assert assess(pull()).checks == ()


def test_a_merge_marked_as_bypassing_the_rules_names_who_merged() -> None:
    assert assess(pull(bypassed=True)).bypassed_by == "lead"
    assert assess(pull()).bypassed_by is None


@pytest.mark.parametrize(
    ("seconds", "resources", "expected"),
    [
        (MERGED + 5, ["org/infra"], "admin"),
        (MERGED + 5, ["org/other"], None),
        (MERGED + 600, ["org/infra"], None),
    ],
)
def test_the_audit_log_names_who_overrode_the_branch_protection(
    seconds: float, resources: list[JsonValue], expected: str | None
) -> None:
    call = event(
        "audit.call", seconds, "/0", actor="admin",
        operation="protected_branch.policy_override", resources=resources,
    )  # fmt: skip
    assert assess([*pull(), call]).bypassed_by == expected


def test_pull_requests_of_two_repositories_with_one_number_stay_apart() -> None:
    other = event(
        "pull_request.opened", 5, "/other", repository="org/app", number=212, reviews_listed=True
    )
    verdicts = [r.verdict for r in assess_reviews([*pull(), other, approval()], (), DIRECTORY)]
    assert verdicts == ["absent", "sound"]


def test_a_reviewing_application_is_no_person_where_the_type_of_its_account_is_not_told() -> None:
    (untold,) = assess([*pull(), approval("coderabbitai", account=None)]).approvals
    assert "bot_approval" in untold.defects
    (told,) = assess([*pull(), approval("coderabbitai", account="User")]).approvals
    assert "bot_approval" not in told.defects


def test_a_request_for_changes_stands_until_an_approval_or_dismissal_and_a_comment_leaves_it() -> (
    None
):
    def by_other(at: float, kind: str = "changes_requested") -> Event:
        return event(
            f"review.{kind}", at, f"/{kind}{at}", reviewer="other", number=212,
            repository="org/infra",
        )  # fmt: skip

    def standing(*reviews: Event) -> list[str]:
        found = assess([*pull(), approval(), *reviews])
        return [step.who for step in found.standing_objections]

    asked = by_other(APPROVED)
    assert standing(asked) == ["other"]
    assert standing(asked, by_other(APPROVED + 60, "commented")) == ["other"]
    assert standing(asked, by_other(APPROVED + 60, "approved")) == []
    assert standing(by_other(MERGED + 60)) == []
    assert standing(asked, by_other(MERGED + 60, "approved")) == ["other"]
