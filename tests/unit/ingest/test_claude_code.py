"""Lines of Claude Code sessions: who typed what, what a helper did, who answered, in which mode.

All lines here are synthetic, in the shape of versions 2.0.64 to 2.1.42 and later.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from attribution.ingest import read_evidence
from attribution.model.record import JsonValue, Reading, Record

Tree = dict[str, JsonValue]
SLASH_COMMAND = (
    "<command-message>review</command-message>\n<command-name>/review</command-name>\n"
    "<command-args>#12</command-args>"
)
_counter = iter(range(1, 1 << 30))


def line(kind: str, message: JsonValue = None, **facts: JsonValue) -> Tree:
    number = next(_counter)
    base: Tree = {
        "type": kind,
        "uuid": f"u-{number}",
        "sessionId": "s-1",
        "timestamp": "2026-01-14T09:00:00Z",
        "cwd": "/srv/app",
    }
    return base | ({} if message is None else {"message": message}) | facts


def typed(content: JsonValue, **facts: JsonValue) -> Tree:
    return line("user", {"role": "user", "content": content}, **facts)


def call(tool: str, number: str, **given: JsonValue) -> Tree:
    use: Tree = {"type": "tool_use", "id": number, "name": tool, "input": given}
    return line("assistant", {"role": "assistant", "model": "model-1", "content": [use]})


def answered(number: str, content: str, **facts: JsonValue) -> Tree:
    block: Tree = {"type": "tool_result", "tool_use_id": number, "content": content}
    return typed([block], **facts)


def read(folder: Path, *lines: Tree) -> Reading:
    path = folder / "session"
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return read_evidence(path, format="claude-code")


def one(folder: Path, *lines: Tree) -> Record:
    (record,) = read(folder, *lines).records
    return record


@pytest.mark.parametrize(
    ("content", "kind", "text"),
    [
        ("fix the page", "session.prompt", "fix the page"),
        ("[Request interrupted by user]", "session.interrupt", None),
        ("[Request interrupted by user for tool use]", "session.interrupt", None),
        ("<bash-input>git pull</bash-input>", "session.person_action", "git pull"),
        ("<bash-stdout>ok</bash-stdout><bash-stderr></bash-stderr>", "session.other", None),
        (
            "<command-name>/exit</command-name>\n<command-message>exit</command-message>",
            "session.other",
            None,
        ),
        (SLASH_COMMAND, "session.prompt", "/review #12"),
        ("<local-command-stdout>Bye!</local-command-stdout>", "session.other", None),
        ("<task-notification>\n<task-id>a</task-id>", "session.other", None),
        ("Operation stopped by hook: no", "session.other", None),
    ],
)
def test_what_stands_in_the_persons_place_is_told_by_how_it_opens(
    content: str, kind: str, text: str | None, tmp_path: Path
) -> None:
    record = one(tmp_path, typed(content))
    assert record.kind == kind
    assert record.text == (content if text is None else text)


def test_a_helpers_call_inside_a_line_of_progress_is_a_call_of_the_session(tmp_path: Path) -> None:
    inner = call("Bash", "toolu_9", command="ls")
    outer = line(
        "progress",
        data={"type": "agent_progress", "agentId": "a-1", "message": inner},
        toolUseID="agent_msg",
    )
    record = one(tmp_path, outer)
    assert (record.kind, record.native_id, record.text) == (
        "session.tool_call", "toolu_9", "Bash: ls",
    )  # fmt: skip
    assert record.data["sidechain"] is True
    assert record.data["helper"] == "a-1"
    assert record.data["model"] == "model-1"


def test_other_progress_stays_a_note_of_the_program(tmp_path: Path) -> None:
    record = one(tmp_path, line("progress", data={"type": "bash_progress", "output": "x"}))
    assert record.kind == "session.other"


def test_what_a_person_typed_while_the_agent_worked_is_a_request_of_its_own(tmp_path: Path) -> None:
    lines = [
        line("queue-operation", operation="enqueue", content="stop at the first file"),
        line("queue-operation", operation="enqueue", content="<task-notification>done"),
        line("queue-operation", operation="remove"),
        line(
            "attachment",
            attachment={
                "type": "queued_command", "commandMode": "prompt", "prompt": "and add a test",
                "origin": {"kind": "human"},
            },
        ),
        line(
            "attachment",
            attachment={
                "type": "queued_command", "commandMode": "task-notification", "prompt": "done",
            },
        ),
    ]  # fmt: skip
    records = read(tmp_path, *lines).records
    assert [(record.kind, record.data.get("queued")) for record in records] == [
        ("session.prompt", True),
        ("session.other", None),
        ("session.other", None),
        ("session.prompt", True),
        ("session.other", None),
    ]
    assert records[3].text == "and add a test"


def test_what_a_hook_answered_is_an_answer_that_no_person_gave(tmp_path: Path) -> None:
    decided: Tree = {
        "type": "hook_permission_decision", "decision": "allow", "toolUseID": "t1",
    }  # fmt: skip
    record = one(tmp_path, line("attachment", attachment=decided))
    assert record.kind == "session.permission"
    assert {key: record.data[key] for key in ("granted", "source", "call_id")} == {
        "granted": True, "source": "hook", "call_id": "t1",
    }  # fmt: skip
    unclear = decided | {"decision": "ask"}
    assert one(tmp_path, line("attachment", attachment=unclear)).kind == "session.other"


def test_the_mode_is_unknown_once_a_plan_was_left_until_a_line_states_it(tmp_path: Path) -> None:
    lines = [
        typed("plan it", permissionMode="plan"),
        call("Read", "t1", file_path="/srv/app/a"),
        call("ExitPlanMode", "t2", plan="1. edit"),
        answered("t2", "User has approved your plan. You can now start coding."),
        call("Edit", "t3", file_path="/srv/app/a"),
        typed("go on", permissionMode="acceptEdits"),
        call("Edit", "t4", file_path="/srv/app/a"),
    ]
    calls = [r for r in read(tmp_path, *lines).records if r.kind == "session.tool_call"]
    assert [record.data.get("permission_mode") for record in calls] == [
        "plan", "plan", None, "acceptEdits",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "facts"),
    [
        (
            "The user doesn't want to proceed with this tool use. The tool use was rejected.",
            {"approved_by_person": False, "decided_by": "person"},
        ),
        (
            "The user doesn\u2019t want to take this action right now. STOP",
            {"approved_by_person": False, "decided_by": "person"},
        ),
        (
            "User has approved exiting plan mode. You can now proceed.",
            {"approved_by_person": True, "decided_by": "person"},
        ),
        ('User has answered your questions: "Which?"="That"', {"answered_by_person": True}),
        ("Permission to use Bash with command rm x has been denied.", {"decided_by": "rule"}),
        (
            "Claude requested permissions to write to /x, but you haven't granted it yet.",
            {"decided_by": "nobody"},
        ),
        ("Permission to use the new API is described in docs/api.md", {}),
        ("said: the user doesn't want to proceed with this tool use", {}),
        ("done", {}),
    ],
)
def test_a_result_tells_who_decided_only_by_the_programs_own_sentences(
    content: str, facts: Tree, tmp_path: Path
) -> None:
    data = dict(one(tmp_path, answered("t1", content)).data)
    told = {"approved_by_person", "decided_by", "answered_by_person", "interrupted_by_person"}
    assert {key: value for key, value in data.items() if key in told} == facts


def test_a_proposal_that_the_person_edited_was_looked_at(tmp_path: Path) -> None:
    edited = answered("t1", "The file has been updated.", toolUseResult={"userModified": True})
    assert one(tmp_path, edited).data["approved_by_person"] is True
    plain = answered("t1", "The file has been updated.", toolUseResult={"userModified": False})
    assert "approved_by_person" not in one(tmp_path, plain).data


def test_an_error_the_program_speaks_in_the_agents_place_is_not_the_agents_word(
    tmp_path: Path,
) -> None:
    message: Tree = {"model": "<synthetic>", "content": [{"type": "text", "text": "API Error"}]}
    record = one(tmp_path, line("assistant", message, isApiErrorMessage=True))
    assert record.kind == "session.other"
    assert "model" not in record.data


def test_a_message_without_content_is_rejected_and_not_lost(tmp_path: Path) -> None:
    reading = read(tmp_path, typed([]), typed("hello"))
    assert [entry.reason for entry in reading.rejections] == ["the message is empty"]


def test_two_objects_on_one_line_are_rejected_with_the_column(tmp_path: Path) -> None:
    path = tmp_path / "session"
    good = json.dumps(typed("hello"))
    path.write_text(f"{good}\n{good}{good}\n", encoding="utf-8")
    (rejection,) = read_evidence(path, format="claude-code").rejections
    assert rejection.place == "line 2"
    assert "Extra data" in rejection.reason


@pytest.mark.parametrize(
    "text",
    [
        "This session is being continued from a previous conversation that ran out of context. ...",
        "<user-prompt-submit-hook>keep going</user-prompt-submit-hook>",
        "Stop hook feedback:\ntests fail",
    ],
)
def test_a_summary_or_a_hook_that_speaks_in_the_persons_place_asked_for_nothing(
    tmp_path: Path, text: str
) -> None:
    assert one(tmp_path, typed(text)).kind == "session.other"


def test_a_call_that_a_hook_stopped_was_refused_by_a_rule(tmp_path: Path) -> None:
    stopped = one(tmp_path, answered("t1", "PreToolUse:Bash hook error: [check]: not here"))
    assert stopped.data["decided_by"] == "rule"
    named = one(tmp_path, answered("t1", "PreToolUse: an event of hooks, says the manual"))
    assert "decided_by" not in named.data
