"""OTLP traces: both spellings, exact times, ids in either encoding, and agents' spans as sessions.

All spans here are synthetic.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from attribution.errors import InputError
from attribution.ingest import detect_format, read_evidence, show_place
from attribution.model.instant import parse_instant
from attribution.model.record import JsonValue, Reading, Record

TRACE = "5b8efff798038103d269b633813fc60c"
START = 1768381940123456789
Tree = dict[str, JsonValue]


def span(name: str, number: int, parent: int | None = None, **attributes: JsonValue) -> Tree:
    return {
        "traceId": TRACE,
        "spanId": f"{number:016x}",
        **({} if parent is None else {"parentSpanId": f"{parent:016x}"}),
        "name": name,
        "startTimeUnixNano": str(START + number * 10**9),
        "endTimeUnixNano": str(START + number * 10**9 + 250_000_000),
        "attributes": [
            {"key": key.replace("__", "."), "value": {"stringValue": value}}
            for key, value in attributes.items()
        ],
    }


def document(*spans: Tree) -> Tree:
    service: Tree = {"key": "service.name", "value": {"stringValue": "coder-service"}}
    return {
        "resourceSpans": [
            {"resource": {"attributes": [service]}, "scopeSpans": [{"spans": list(spans)}]}
        ]
    }


def read(folder: Path, content: JsonValue | str) -> Reading:
    path = folder / "trace"
    text = content if isinstance(content, str) else json.dumps(content, indent=1)
    path.write_text(text, encoding="utf-8")
    return read_evidence(path)


def one(folder: Path, *spans: Tree) -> Record:
    (record,) = read(folder, document(*spans)).records
    return record


def test_a_span_that_is_no_agents_keeps_its_duration_ids_service_and_status(
    tmp_path: Path,
) -> None:
    entry = span("GET /price", 2, 1, http__route="/price") | {"status": {"code": 2}}
    record = one(tmp_path, entry)
    assert record.kind == "span"
    assert record.actor == "coder-service"
    assert record.time == parse_instant("2026-01-14T09:12:22.123456Z")
    assert record.original_time == str(START + 2 * 10**9)
    assert record.data["seconds"] == 0.25
    assert record.data["status"] == "error"
    assert record.data["parent_span_id"] == f"{1:016x}"
    assert record.data["attributes"] == {"http.route": "/price"}


def test_snake_case_keys_base64_ids_and_names_of_codes_give_the_same_event(tmp_path: Path) -> None:
    plain = one(tmp_path, span("work", 2) | {"status": {"code": 2}})
    entry: Tree = {
        "trace_id": base64.b64encode(bytes.fromhex(TRACE)).decode(),
        "span_id": base64.b64encode(bytes.fromhex(f"{2:016x}")).decode(),
        "name": "work",
        "start_time_unix_nano": START + 2 * 10**9,
        "end_time_unix_nano": START + 2 * 10**9 + 250_000_000,
        "status": {"code": "STATUS_CODE_ERROR"},
    }
    service: Tree = {"key": "service.name", "value": {"string_value": "coder-service"}}
    scopes: JsonValue = [{"spans": [entry]}]
    snake: Tree = {
        "resource_spans": [{"resource": {"attributes": [service]}, "scope_spans": scopes}]
    }
    (record,) = read(tmp_path, snake).records
    assert record.native_id == plain.native_id
    assert record.time == plain.time
    assert record.data == plain.data


def test_one_document_a_line_has_places_that_lead_to_the_span(tmp_path: Path) -> None:
    lines = "\n".join(json.dumps(document(span(f"s{n}", n))) for n in (1, 2))
    reading = read(tmp_path, lines)
    assert detect_format(tmp_path / "trace").format == "otlp-trace"
    place = reading.records[1].place
    assert place == "line 2 /resourceSpans/0/scopeSpans/0/spans/0"
    assert json.loads(show_place(tmp_path / "trace", place))["name"] == "s2"
    with pytest.raises(InputError, match="no such place"):
        show_place(tmp_path / "trace", "line 2 /resourceSpans/7")


def test_a_span_exported_twice_is_a_duplicate(tmp_path: Path) -> None:
    reading = read(tmp_path, document(span("work", 1), span("work", 1)))
    assert reading.accounting.to_dict() == {
        "read": 2, "kept": 1, "duplicate": 1, "undated": 0, "rejected": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"startTimeUnixNano": "1768381940123"}, "another unit"),
        ({"startTimeUnixNano": "yesterday"}, "nanoseconds was expected"),
        ({"startTimeUnixNano": {"low": 1}}, "nanoseconds was expected"),
        ({"spanId": "0000000000000000"}, "without the id"),
        ({"traceId": None}, "without the id"),
    ],
)
def test_a_span_that_cannot_be_placed_is_rejected_with_the_reason(
    change: Tree, reason: str, tmp_path: Path
) -> None:
    reading = read(tmp_path, document(span("work", 1) | change, span("good", 2)))
    assert [record.text for record in reading.records] == ["good"]
    (rejection,) = reading.rejections
    assert reason in rejection.reason
    assert rejection.place == "/resourceSpans/0/scopeSpans/0/spans/0"


def test_a_span_without_a_start_is_undated_and_one_that_ends_before_has_no_duration(
    tmp_path: Path,
) -> None:
    backwards = span("back", 2) | {"endTimeUnixNano": str(START)}
    reading = read(tmp_path, document(span("never", 1) | {"startTimeUnixNano": "0"}, backwards))
    assert reading.accounting.undated == 1
    assert "seconds" not in reading.records[1].data
    assert "ends before it starts" in reading.truncations[0]


def test_a_tool_span_takes_agent_model_and_conversation_from_the_spans_around_it(
    tmp_path: Path,
) -> None:
    agent = span(
        "invoke_agent coder", 1, gen_ai__operation__name="invoke_agent",
        gen_ai__agent__name="coder", gen_ai__conversation__id="c-1",
        gen_ai__request__model="model-x",
    )  # fmt: skip
    tool = span(
        "execute_tool shell", 2, 1, gen_ai__operation__name="execute_tool",
        gen_ai__tool__name="shell", gen_ai__tool__call__id="call_7",
        gen_ai__tool__call__arguments='{"command": "rm -rf build"}',
        gen_ai__tool__call__result="done",
    )  # fmt: skip
    _, call, result = read(tmp_path, document(agent, tool)).records
    assert (call.kind, call.native_id, call.text) == (
        "session.tool_call", "call_7", "shell: rm -rf build",
    )  # fmt: skip
    assert {key: call.data[key] for key in ("session", "agent", "model", "target")} == {
        "session": "c-1", "agent": "coder", "model": "model-x", "target": "rm -rf build",
    }  # fmt: skip
    assert (result.kind, result.text, result.data["call_id"]) == (
        "session.tool_result", "done", "call_7",
    )  # fmt: skip


def test_the_persons_words_are_those_newly_asked_and_not_the_history_sent_along(
    tmp_path: Path,
) -> None:
    def chat(number: int, roles: list[str]) -> Tree:
        messages = [{"role": r, "parts": [{"type": "text", "content": f"{r} {n}"}]}
                    for n, r in enumerate(roles)]  # fmt: skip
        answer = [{"role": "assistant", "parts": [{"type": "text", "content": "done"}]}]
        return span(
            "chat model-x", number, gen_ai__operation__name="chat",
            gen_ai__input__messages=json.dumps(messages),
            gen_ai__output__messages=json.dumps(answer),
        )  # fmt: skip

    records = read(tmp_path, document(chat(1, ["system", "user"]), chat(2, ["user", "tool"])))
    told = [(record.kind, record.text) for record in records.records]
    assert told == [
        ("session.prompt", "user 1"), ("session.message", "done"), ("session.message", "done"),
    ]  # fmt: skip


def test_a_call_in_a_models_answer_is_an_action_where_no_tool_has_a_span_of_its_own(
    tmp_path: Path,
) -> None:
    """Many programs record exchanges alone: the agent must not seem to have done nothing."""
    call = {"type": "tool_call", "id": "c-1", "name": "run_sql", "arguments": {"query": "drop it"}}
    answer = json.dumps([{"role": "assistant", "parts": [call]}])
    told = {"type": "tool_call_response", "id": "c-1", "response": "dropped"}
    asked = span("chat", 1, gen_ai__operation__name="chat", gen_ai__output__messages=answer)
    history = json.dumps([{"role": "tool", "parts": [told]}])
    after = span("chat", 2, gen_ai__operation__name="chat", gen_ai__input__messages=history)
    request, result = read(tmp_path, document(asked, after)).records
    assert (request.kind, request.data["target"]) == ("session.tool_call", "drop it")
    assert (result.kind, result.text) == ("session.tool_result", "dropped")
    assert request.data["call_id"] == result.data["call_id"] == "c-1"
    older = span("chat", 3, gen_ai__operation__name="chat")
    message = json.dumps({"tool_calls": [{"id": "c-2", "function": {
        "name": "run_sql", "arguments": json.dumps({"query": "drop more"})}}]})  # fmt: skip
    older["events"] = [{"name": "gen_ai.choice", "attributes": [
        {"key": "message", "value": {"stringValue": message}}]}]  # fmt: skip
    assert one(tmp_path, older).data["target"] == "drop more"
    tool = span("execute_tool run_sql", 4, gen_ai__tool__name="run_sql")
    kinds = [record.kind for record in read(tmp_path, document(asked, tool)).records]
    assert kinds.count("session.tool_call") == 1, "a span of the tool tells of the call itself"


def test_numbered_attributes_of_older_instrumentations_are_requests_answers_and_actions(
    tmp_path: Path,
) -> None:
    """OpenLLMetry writes one attribute a field; its sessions must not seem to be none."""
    asked: dict[str, Any] = {
        "llm.request.type": "chat",
        "gen_ai.prompt.0.role": "system", "gen_ai.prompt.0.content": "You operate.",
        "gen_ai.prompt.1.role": "user", "gen_ai.prompt.1.content": "Clear staging",
        "gen_ai.completion.0.content": "I shall.",
        "gen_ai.completion.0.tool_calls.0.id": "c-1",
        "gen_ai.completion.0.tool_calls.0.name": "shell",
        "gen_ai.completion.0.tool_calls.0.arguments": '{"command": "rm -rf /srv/prod"}',
    }  # fmt: skip
    blocks = [{"type": "tool_result", "tool_use_id": "c-1", "content": "removed"}]
    history: dict[str, Any] = {
        "gen_ai.prompt.0.role": "user", "gen_ai.prompt.0.content": "Clear staging",
        "gen_ai.prompt.1.role": "user", "gen_ai.prompt.1.content": json.dumps(blocks),
        "gen_ai.completion.0.content": "Done.",
    }  # fmt: skip
    first, second = span("openai.chat", 1, **asked), span("anthropic.chat", 2, **history)
    records = read(tmp_path, document(first, second)).records
    assert [(record.kind, record.text) for record in records] == [
        ("session.prompt", "Clear staging"),
        ("session.tool_call", "shell: rm -rf /srv/prod"),
        ("session.message", "I shall."),
        ("session.tool_result", "removed"),
        ("session.message", "Done."),
    ]
    both = json.dumps([{"role": "assistant", "parts": [{"type": "text", "content": "I shall."}]}])
    first = span("openai.chat", 1, **asked, gen_ai__output__messages=both)
    kinds = [record.kind for record in read(tmp_path, document(first)).records]
    assert kinds.count("session.message") == 1, "of two forms in one span one counts"


def test_a_call_asked_for_is_told_once_whether_or_not_its_tool_has_a_span(tmp_path: Path) -> None:
    """Of two calls one was carried out: the other, perhaps refused, must not vanish for it."""
    calls: dict[str, Any] = {
        f"gen_ai.completion.0.tool_calls.{at}.{key}": value
        for at in (0, 1)
        for key, value in (("id", f"c-{at}"), ("name", "shell"))
    }
    asked = span("openai.chat", 1, **calls)
    tool = span("execute_tool shell", 2, gen_ai__tool__name="shell", gen_ai__tool__call__id="c-0")
    records = read(tmp_path, document(asked, tool)).records
    told = [record.data["call_id"] for record in records if record.kind == "session.tool_call"]
    assert sorted(map(str, told)) == ["c-0", "c-1"]
    unnamed = span(
        "shell.tool", 2, traceloop__span__kind="tool", traceloop__entity__name="shell",
        traceloop__entity__input='{"args": [], "kwargs": {"command": "ls"}}',
    )  # fmt: skip
    (call,) = [
        record for record in read(tmp_path, document(asked, unnamed)).records
        if record.kind == "session.tool_call"
    ]  # fmt: skip
    assert call.text == "shell: ls", "a span that names no call may be any of them"


def test_a_wait_for_permission_tells_the_answer_and_what_gave_it(tmp_path: Path) -> None:
    tool = span("claude_code.tool", 2, tool_name="Bash", tool_use_id="toolu_1",
                full_command="git push", session__id="s-1")  # fmt: skip
    wait = span("claude_code.tool.blocked_on_user", 3, 2, decision="accept",
                source="user_temporary", session__id="s-1")  # fmt: skip
    call, permission = read(tmp_path, document(tool, wait)).records
    assert call.data["target"] == "git push"
    assert permission.kind == "session.permission"
    assert permission.data["granted"] is True
    assert permission.data["source"] == "user_temporary"
    assert permission.data["call_id"] == call.data["call_id"] == "toolu_1"


def test_spans_that_name_each_other_as_parent_do_not_hang_the_reader(tmp_path: Path) -> None:
    first = span("a", 1, 2, gen_ai__tool__name="t")
    second = span("b", 2, 1, gen_ai__tool__name="t")
    assert len(read(tmp_path, document(first, second)).records) == 2


def test_a_document_with_no_spans_is_rejected_and_says_so(tmp_path: Path) -> None:
    empty: Tree = {"resourceSpans": [{"scopeSpans": []}]}
    reading = read(tmp_path, empty)
    assert reading.accounting.rejected == 1
    assert "no spans" in reading.rejections[0].reason


@pytest.mark.parametrize(
    ("kind", "told"),
    [(3, "client"), ("SPAN_KIND_SERVER", "server"), (0, None), ("other", None), (None, None)],
)
def test_the_kind_of_a_span_is_told_by_number_or_name(
    tmp_path: Path, kind: JsonValue, told: str | None
) -> None:
    assert one(tmp_path, span("GET /price", 2, 1) | {"kind": kind}).data.get("span_kind") == told
