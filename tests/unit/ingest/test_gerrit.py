"""Gerrit's changes, queries and events. Synthetic, in the shape Gerrit's documentation gives."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest

from attribution.ingest import detect_format, read_evidence, show_place
from attribution.model.actor import ActorDirectory
from attribution.model.oversight import ChangeReview
from attribution.model.record import JsonValue, Reading, Record
from attribution.oversight.reviews import assess_reviews
from attribution.timeline.merge import merge_records

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "formats"
FIRST, SECOND = "1" * 40, "2" * 40
CHANGE = json.loads((SAMPLES / "gerrit_change.json").read_text().removeprefix(")]}'"))[0]
QUERY = json.loads((SAMPLES / "gerrit_query.jsonl").read_text().splitlines()[0])
EVENTS = [json.loads(line) for line in (SAMPLES / "gerrit_events.jsonl").read_text().splitlines()]


def read(folder: Path, *documents: JsonValue) -> Reading:
    path = folder / "records"
    path.write_text("\n".join(map(json.dumps, documents)), encoding="utf-8")
    assert str(detect_format(path).format).startswith("gerrit-")
    return read_evidence(path)


def edited(sample: dict[str, JsonValue], **fields: JsonValue) -> dict[str, JsonValue]:
    return {**copy.deepcopy(sample), **fields}


def assess(reading: Reading) -> ChangeReview:
    events = merge_records({"E1": reading}, {}, ActorDirectory(())).events
    (found,) = assess_reviews(events, (), ActorDirectory(()))
    return found


def of(reading: Reading, kind: str) -> list[Record]:
    return [record for record in reading.records if record.kind.startswith(kind)]


def message(at: str, text: str, patch_set: int, who: str = "reviewer") -> dict[str, JsonValue]:
    return {
        "id": f"{at}-{patch_set}", "author": {"username": who}, "message": text,
        "date": f"2026-01-12 {at}:00.000000000", "_revision_number": patch_set,
    }  # fmt: skip


def test_a_vote_carried_over_is_no_look_at_the_new_patch_set() -> None:
    for name in ("gerrit_change.json", "gerrit_query.jsonl"):
        reading = read_evidence(SAMPLES / name)
        (approval,) = of(reading, "review.approved")
        assert (approval.data["commit_id"], approval.data["carried_to"]) == (FIRST, 2)
        found = assess(reading)
        assert [(one.defects, one.carried_to) for one in found.approvals] == [(("stale",), 2)]
        assert found.verdict == "ineffective"
        assert [(one.name, one.conclusion, one.required) for one in found.checks] == [
            ("Verified", "success", True)
        ]
    assert approval.data["kinds_since"] == ["TRIVIAL_REBASE"]


def test_the_guard_against_scripts_moves_no_place() -> None:
    shown = show_place(SAMPLES / "gerrit_change.json", "/0/messages/2")
    assert "Patch Set 1: Code-Review+2" in shown


def test_a_vote_on_the_last_patch_set_is_sound_and_one_by_the_owner_is_not(tmp_path: Path) -> None:
    for who, defects in (("reviewer", ()), ("coder", ("self_approval",))):
        votes: list[JsonValue] = [message("10:45", "Patch Set 2: Code-Review+2", 2, who)]
        (approval,) = assess(read(tmp_path, edited(CHANGE, messages=votes, labels={}))).approvals
        assert approval.defects == defects


@pytest.mark.parametrize(
    ("text", "kind", "vote"),
    [
        ("Patch Set 2: Code-Review+1", "review.dismissed", "Code-Review+1"),
        ("Patch Set 2: Code-Review-2", "review.changes_requested", "Code-Review-2"),
        ("Patch Set 2: -Code-Review", "review.dismissed", "-Code-Review"),
        ("Removed Code-Review+2 by Reviewer <reviewer@example.test>", "review.dismissed",
         "-Code-Review"),
        ("Removed Code-Review+2 by Reviewer <GERRIT_ACCOUNT_1002>", "review.dismissed",
         "-Code-Review"),
    ],
)  # fmt: skip
def test_a_lower_vote_takes_the_approval_back(
    tmp_path: Path, text: str, kind: str, vote: str
) -> None:
    votes: list[JsonValue] = [
        message("10:45", "Patch Set 2: Code-Review+2", 2),
        message("10:50", text, 2, "coder" if text.startswith("Removed") else "reviewer"),
    ]
    people: JsonValue = {"REVIEWER": [{"_account_id": 1002, "username": "reviewer",
                            "email": "reviewer@example.test"}]}  # fmt: skip
    change = edited(CHANGE, messages=votes, labels={}, reviewers=people)
    reading = read(tmp_path, change)
    last = of(reading, "review.")[-1]
    assert (last.kind, last.data["vote"], last.data["reviewer"]) == (kind, vote, "reviewer")
    assert assess(reading).approvals == ()


def test_a_patch_set_made_at_the_submission_is_not_one_that_was_skipped(tmp_path: Path) -> None:
    """Where the server cherry-picks, the approved patch set is the last that could be voted on."""
    messages: list[JsonValue] = [
        message("10:00", "Patch Set 1: Code-Review+2", 1),
        message("11:00", f"Change has been successfully cherry-picked as {SECOND}", 2, "coder"),
    ]
    found = assess(read(tmp_path, edited(CHANGE, messages=messages)))
    assert (found.head, found.merge) == (FIRST, SECOND)
    assert found.verdict == "sound"


def test_without_messages_a_vote_is_placed_by_its_date(tmp_path: Path) -> None:
    bare = edited(CHANGE)
    del bare["messages"]
    (placed,) = of(read(tmp_path, bare), "review.approved")
    assert (placed.data["commit_id"], placed.data["carried_to"]) == (FIRST, 2)
    revisions = CHANGE["revisions"]
    (unplaced,) = of(
        read(tmp_path, edited(bare, revisions={SECOND: revisions[SECOND]})), "review.approved"
    )
    assert unplaced.data["commit_id"] == "a patch set before 2"
    assert assess(read(tmp_path, edited(bare, revisions={SECOND: revisions[SECOND]}))).approvals[
        0
    ].defects == ("stale",)


def test_submission_by_force_or_by_push_is_an_override(tmp_path: Path) -> None:
    forced = edited(CHANGE, submit_records=[{"status": "FORCED"}])
    pushed = edited(
        CHANGE, messages=[message("11:00", "Change has been successfully pushed.", 2, "coder")]
    )
    for change in (forced, pushed):
        (merged,) = of(read(tmp_path, change), "pull_request.merged")
        assert merged.data["bypassed"] is True
    stood_in = requirement("Code-Review", "label:Code-Review=MAX", "OVERRIDDEN")
    (merged,) = of(
        read(tmp_path, edited(CHANGE, submit_requirements=[stood_in])), "pull_request.merged"
    )
    assert (merged.data.get("bypassed"), merged.data["overridden"]) == (None, ["Code-Review"])


@pytest.mark.parametrize(
    ("expression", "approvals", "checks", "author"),
    [
        ("label:Code-Review=MAX AND -label:Code-Review=MIN", 1, [], None),
        ("label:Code-Review=MAX,count>=2", 2, [], None),
        ('label:"Code-Review"=+2,user=non_uploader', 1, [], False),
        ("label:Code-Review=MAX,user=non_contributor AND label:Verified=MAX", 1, ["Verified"],
         False),
        ("-has:unresolved", 0, [], None),
    ],
)  # fmt: skip
def test_a_requirement_is_read_where_it_is_plain(
    tmp_path: Path, expression: str, approvals: int, checks: list[str], author: object
) -> None:
    change = edited(CHANGE, submit_requirements=[requirement("Rule", expression)])
    (state,) = of(read(tmp_path, change), "protection.state")
    assert state.data["required_approvals"] == approvals
    assert state.data["required_checks"] == checks
    assert state.data.get("author_may_approve") is author


def requirement(name: str, expression: str, status: str = "SATISFIED") -> JsonValue:
    result: JsonValue = {"expression": expression}
    return {"name": name, "status": status, "submittability_expression_result": result}


def test_beside_one_with_alternatives_the_others_are_the_least_there_was(tmp_path: Path) -> None:
    rules: list[JsonValue] = [
        requirement("Code-Review", "label:Code-Review=MAX"),
        requirement("Owners", "label:Code-Review=MAX,count>=2 OR label:Owners-Override=ANY"),
        requirement("Off", "label:Code-Review=MAX,count>=9", "NOT_APPLICABLE"),
    ]
    reading = read(tmp_path, edited(CHANGE, submit_requirements=rules))
    combined, unread = of(reading, "protection.state")
    assert combined.data["required_approvals"] == 1
    assert (unread.data["rule"], unread.data.get("required_approvals")) == ("Owners", None)
    enforced = assess(reading).enforced
    assert enforced is not None
    setting = enforced.setting("required_approvals")
    assert setting is not None
    assert (setting.value, setting.basis[:13]) == (1, "at least this")


def test_submit_records_speak_where_there_are_no_requirements(tmp_path: Path) -> None:
    (state,) = of(read(tmp_path, edited(CHANGE, submit_requirements=[])), "protection.state")
    assert (state.data["required_approvals"], state.data["required_checks"]) == (1, ["Verified"])


def test_a_stream_tells_votes_moves_and_nothing_twice(tmp_path: Path) -> None:
    again = edited(EVENTS[1], comment="Patch Set 1:\n\nAnother word")
    again["approvals"] = [{"type": "Code-Review", "value": "2"}]
    removed = edited(EVENTS[1], type="vote-deleted", reviewer={"username": "reviewer"})
    removed["approvals"] = [{"type": "Code-Review", "value": "0", "oldValue": "2"}]
    reading = read(tmp_path, *EVENTS, again, removed, {"type": "x"}, {"type": "y", "a": 1}, 5)
    assert len(of(reading, "review.approved")) == 1
    assert [one.data["body"] for one in of(reading, "review.commented")] == [
        "Patch Set 1:\n\nAnother word"
    ]
    assert [one.data["reviewer"] for one in of(reading, "review.dismissed")] == ["reviewer"]
    (move,) = of(reading, "ref.recorded")
    assert (move.data["ref"], move.data["recorder"]) == ("refs/heads/main", "coder")
    assert len(reading.rejections) == 3
    found = assess(read(tmp_path, *EVENTS))
    assert (found.verdict, found.merged_by) == ("ineffective", "coder")


def test_a_cut_answer_says_so(tmp_path: Path) -> None:
    stats: JsonValue = {"type": "stats", "moreChanges": True}
    assert any("cut" in said for said in read(tmp_path, QUERY, stats).truncations)
    assert any(
        "cut" in said for said in read(tmp_path, edited(CHANGE, _more_changes=True)).truncations
    )


def test_old_servers_write_numbers_as_text_and_labels_by_other_names(tmp_path: Path) -> None:
    old = edited(QUERY, number="4155", comments=[])
    sets = json.loads(json.dumps(old["patchSets"]).replace("Code-Review", "CRVW"))
    reading = read(tmp_path, edited(old, patchSets=sets))
    assert len(of(reading, "review.approved")) == 1
    (opened,) = of(reading, "pull_request.opened")
    assert opened.data["number"] == 4155
    assert (opened.data["additions"], opened.data["deletions"]) == (40, 2)


@pytest.mark.parametrize("sample", [CHANGE, QUERY])
def test_parts_of_a_wrong_type_lose_nothing_else(
    tmp_path: Path, sample: dict[str, JsonValue]
) -> None:
    damaged = edited(sample, labels=5, revisions="x", patchSets={"a": 1}, submitRecords=[1])
    for key in ("messages", "comments"):
        if key in damaged:
            damaged[key] = [7, {"message": 5, "timestamp": "never"}]
    reading = read(tmp_path, damaged)
    assert {one.kind for one in reading.records} >= {"pull_request.opened"}
    assert any("an object was expected" in one.reason for one in reading.rejections)


def test_who_uploaded_a_patch_set_for_the_owner_made_the_change_as_well(tmp_path: Path) -> None:
    change = edited(CHANGE, labels={})
    change["revisions"][SECOND]["uploader"] = {"username": "second"}  # type: ignore[call-overload,index]
    change["messages"] = [message("10:45", "Patch Set 2: Code-Review+2", 2, "second")]
    (approval,) = assess(read(tmp_path, change)).approvals
    assert (approval.defects, approval.made_as) == (("self_approval",), "uploader")


def test_a_person_asking_for_a_presubmit_is_no_check(tmp_path: Path) -> None:
    said: list[JsonValue] = [
        message("10:45", "Patch Set 2: Presubmit-Ready+1", 2),
        {**message("10:50", "Patch Set 2: Presubmit-Verified-1", 2), "id": "b"},
    ]
    reading = read(tmp_path, edited(CHANGE, messages=said, labels={}))
    assert [one.data["name"] for one in of(reading, "check.")] == ["Presubmit-Verified"]
    assert "vote Presubmit-Ready+1" in {one.data.get("event") for one in reading.records}
