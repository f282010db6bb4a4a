"""What each reader does with records beyond the samples."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from attribution.errors import InputError
from attribution.ingest import detect_format, read_evidence, show_place
from attribution.ingest.readers.commits import parse_trailers
from attribution.model.record import JsonValue, Reading

Tree = dict[str, JsonValue]


def read(folder: Path, document: JsonValue, format_id: str | None = None) -> Reading:
    path = folder / "records"
    path.write_text(json.dumps(document, indent=1), encoding="utf-8")
    return read_evidence(path, format=format_id)


def call(**fields: JsonValue) -> Tree:
    return {
        "eventID": "e-1",
        "eventSource": "ec2.amazonaws.com",
        "eventName": "TerminateInstances",
        "eventTime": "2026-01-14T09:12:31Z",
        **fields,
    }


@pytest.mark.parametrize(
    ("identity", "actor"),
    [
        ({"type": "IAMUser", "userName": "deploy"}, "deploy"),
        ({"type": "AWSService", "invokedBy": "ec2.amazonaws.com"}, "ec2.amazonaws.com"),
        ({"type": "Root", "arn": "arn:aws:iam::0:root"}, "arn:aws:iam::0:root"),
        ({"type": "IdentityCenterUser", "onBehalfOf": {"userId": "u-1"}}, "u-1"),
        ({"arn": "arn:aws:sts::000000000000:assumed-role/ops/agent-7", "userName": "x"}, "agent-7"),
        ({}, None),
    ],
)  # fmt: skip
def test_cloudtrail_names_the_most_specific_identity(
    tmp_path: Path, identity: Tree, actor: str | None
) -> None:
    (record,) = read(tmp_path, {"Records": [call(userIdentity=identity)]}).records
    assert record.actor == actor


def test_cloudtrail_finds_the_names_of_resources_wherever_they_stand(tmp_path: Path) -> None:
    parameters: Tree = {
        "instancesSet": {"items": [{"instanceId": "i-1"}, {"instanceId": "i-2"}]},
        "roleArn": "arn:aws:iam::000000000000:role/ops",
        "cluster": "cv-prod",
        "roleSessionName": "not-a-resource",
        "securityGroupIds": ["sg-1"],
        "force": True,
    }
    event = call(requestParameters=parameters, resources=[{"ARN": "arn:aws:s3:::cv-prod-data"}])
    (record,) = read(tmp_path, {"Records": [event]}).records
    assert record.data["resources"] == [
        "i-1", "i-2", "arn:aws:iam::000000000000:role/ops", "ops", "cv-prod", "sg-1",
        "arn:aws:s3:::cv-prod-data", "cv-prod-data",
    ]  # fmt: skip


def test_cloudtrail_keeps_the_refusal_and_tells_reading_by_the_verb_where_unsaid(
    tmp_path: Path,
) -> None:
    events: list[JsonValue] = [
        call(errorCode="AccessDenied"),
        call(eventID="e-2", eventName="DescribeVolumes"),
    ]
    refused, reading = read(tmp_path, {"Records": events}).records
    assert refused.data["error"] == "AccessDenied"
    assert "AccessDenied" in refused.text
    assert (refused.data["read_only"], reading.data["read_only"]) == (False, True)


def test_a_bucket_notification_is_not_taken_for_cloudtrail(tmp_path: Path) -> None:
    path = tmp_path / "records"
    event = {"eventVersion": "2.1", "eventSource": "aws:s3", "eventName": "ObjectRemoved:Delete"}
    path.write_text(json.dumps({"Records": [event]}), encoding="utf-8")
    assert detect_format(path).format is None


def test_a_lookup_that_was_not_read_to_its_end_says_so(tmp_path: Path) -> None:
    inner = json.dumps(call())
    document: Tree = {
        "Events": [{"EventId": "e-1", "EventName": "x", "CloudTrailEvent": inner}],
        "NextToken": "more",
    }
    reading = read(tmp_path, document)
    assert [record.place for record in reading.records] == ["/Events/0"]
    assert "NextToken" in reading.truncations[0]


def test_a_lookup_with_a_broken_event_inside_loses_only_that(tmp_path: Path) -> None:
    events: list[JsonValue] = [
        {"EventId": "e-1", "EventName": "x", "CloudTrailEvent": '{"eventTime": '},
        {"EventId": "e-2", "EventName": "x", "EventTime": 1768381951.0, "Username": "u"},
    ]
    reading = read(tmp_path, {"Events": events})
    assert [entry.place for entry in reading.rejections] == ["/Events/0"]
    assert [(record.id, record.actor) for record in reading.records] == [("e-2", "u")]
    assert reading.records[0].time is not None


def test_pagerduty_says_when_more_is_left_and_keeps_other_entries_apart(tmp_path: Path) -> None:
    entry: Tree = {"id": "R1", "type": "snooze_log_entry", "created_at": "2026-01-14T09:12:31Z"}
    reading = read(tmp_path, {"log_entries": [entry], "more": True})
    assert reading.records[0].kind == "alert.other"
    assert reading.records[0].data["type"] == "snooze"
    assert "more is true" in reading.truncations[0]


def slack(folder: Path, users: list[JsonValue], messages: list[JsonValue]) -> Reading:
    (folder / "ops").mkdir()
    (folder / "users.json").write_text(json.dumps(users), encoding="utf-8")
    (folder / "ops" / "2026-01-14.json").write_text(json.dumps(messages), encoding="utf-8")
    return read_evidence(folder)


def test_a_bot_that_takes_a_persons_name_is_known_by_its_bot_id(tmp_path: Path) -> None:
    users: list[JsonValue] = [
        {"id": "U1", "name": "oncall", "is_bot": False, "profile": {"email": "o@example.test"}},
        {"id": "UB1", "name": "agent", "is_bot": True, "profile": {"bot_id": "B1"}},
    ]
    bot: Tree = {"type": "message", "subtype": "bot_message", "text": "x"}
    messages: list[JsonValue] = [
        {**bot, "ts": "1768382101.000001", "bot_id": "B9", "username": "oncall"},
        {**bot, "ts": "1768382101.000002", "bot_id": "B1", "username": "anything"},
        {**bot, "ts": "1768382101.000003", "bot_id": "B7", "username": "pager"},
    ]
    reading = slack(tmp_path, users, messages)
    assert [record.actor for record in reading.records] == ["B9", "UB1", "pager"]
    assert reading.aliases[0].names == ("U1", "oncall", "o@example.test")


def test_slack_counts_a_message_in_two_day_files_once(tmp_path: Path) -> None:
    message: Tree = {"type": "message", "user": "U1", "ts": "1768382101.000001", "text": "x"}
    reading = slack(tmp_path, [], [message, message])
    assert (reading.accounting.kept, reading.accounting.duplicate) == (1, 1)


def test_slack_takes_the_words_of_a_message_without_text_from_its_attachments(
    tmp_path: Path,
) -> None:
    message: Tree = {
        "ts": "1768382101.000001", "user": "U1", "text": "",
        "attachments": [{"title": "Alert: orders 5xx"}, {"text": "see the board"}],
    }  # fmt: skip
    assert slack(tmp_path, [], [message]).records[0].text == "Alert: orders 5xx\nsee the board"


def test_a_changed_message_is_read_as_it_was_left(tmp_path: Path) -> None:
    inner: Tree = {
        "ts": "1768382101.000001", "user": "U1", "text": "corrected",
        "edited": {"user": "U1", "ts": "1768382201.000000"},
    }  # fmt: skip
    message: Tree = {"subtype": "message_changed", "ts": "1768382201.000001", "message": inner}
    (record,) = slack(tmp_path, [], [message]).records
    assert (record.text, record.data["edited"]) == ("corrected", "2026-01-14T09:16:41Z")


def test_deployments_are_read_from_lists_with_their_statuses(tmp_path: Path) -> None:
    deployment: Tree = {
        "id": 1, "sha": "a" * 40, "ref": "main", "environment": "production",
        "creator": {"login": "u", "type": "User"}, "created_at": "2026-01-14T09:12:31Z",
        "repository_url": "https://api.github.example.test/repos/example/infra/",
    }  # fmt: skip
    status: Tree = {"id": 2, "state": "failure", "created_at": "2026-01-14T09:13:31Z"}
    pair: Tree = {"deployment": deployment, "statuses": [{**status, "environment": "production"}]}
    bare: Tree = {**status, "id": 3, "deployment_url": "https://x.test/repos/o/r/deployments/1"}
    created, failed, again = read(tmp_path, [pair, bare], "github-deployment").records
    assert created.data["repository"] == "example/infra"
    assert (failed.place, failed.data["deployment_id"]) == ("/0/statuses/0", "1")
    assert (again.place, again.data["deployment_id"]) == ("/1", "1")


def test_a_session_keeps_each_block_of_a_message_with_its_place(tmp_path: Path) -> None:
    lines = [
        {"type": "user", "uuid": "u", "sessionId": "s", "timestamp": "2026-01-14T09:12:31.5Z",
         "message": {"content": "do it"}},
        {"type": "assistant", "uuid": "a", "sessionId": "s", "timestamp": "2026-01-14T09:12:32Z",
         "message": {"content": [{"type": "text", "text": "one"}, "broken", {"type": "tool_use"}]}},
    ]  # fmt: skip
    path = tmp_path / "session"
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    reading = read_evidence(path)
    assert [record.place for record in reading.records] == [
        "line 1",
        "line 2 block 1",
        "line 2 block 3",
    ]
    assert [entry.place for entry in reading.rejections] == ["line 2 block 2"]
    assert '"one"' in show_place(path, "line 2 block 1")


def test_a_person_who_approves_a_plan_is_seen_to_approve(tmp_path: Path) -> None:
    block: Tree = {
        "type": "tool_result",
        "tool_use_id": "t",
        "content": [{"type": "text", "text": "User has approved your plan. You can now start."}],
    }
    line: Tree = {
        "type": "user", "uuid": "u", "sessionId": "s", "timestamp": "2026-01-14T09:12:31Z",
        "message": {"content": [block]},
    }  # fmt: skip
    (record,) = read(tmp_path, line, "claude-code").records
    assert record.data["approved_by_person"] is True


@pytest.mark.parametrize(
    ("message", "trailers"),
    [
        ("Subject: not a trailer", []),
        ("S\n\nbody\n\nSigned-off-by: a\nRefs: #1", [["Signed-off-by", "a"], ["Refs", "#1"]]),
        ("S\n\nNote: this\nis a sentence and no trailer", []),
        ("S\n\nCo-authored-by: b\n  <b@x.test>", [["Co-authored-by", "b <b@x.test>"]]),
        ("S\n\nsome words\nSigned-off-by: a", [["Signed-off-by", "a"]]),
    ],
)  # fmt: skip
def test_trailers_are_the_last_paragraph_when_it_is_made_of_them(
    message: str, trailers: list[JsonValue]
) -> None:
    assert parse_trailers(message) == trailers


@pytest.mark.parametrize("place", ["line 99", "/Records/7", "/Records/x", "commit 00", "x"])
def test_a_place_that_is_not_there_is_refused_with_the_grammar(tmp_path: Path, place: str) -> None:
    read(tmp_path, {"Records": [call()]})
    with pytest.raises(InputError, match="no such place"):
        show_place(tmp_path / "records", place)
