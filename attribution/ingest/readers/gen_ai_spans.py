"""Spans of AI agents as events of a session, the same that transcripts become.

Sources: OpenTelemetry semantic conventions for generative AI, agent and tool spans
(https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-agent-spans/), their messages
(gen-ai-input-messages.json), the span events of version 1.36 and before (`gen_ai.user.message`,
`gen_ai.choice`); Claude Code, "Traces (beta)" (https://code.claude.com/docs/en/monitoring-usage).
Content is recorded only where the operator of the agent switched it on: what is not there was not
recorded, which is not that nothing was asked or said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from attribution.ingest.fields import items, stated, table, text
from attribution.ingest.intake import Intake
from attribution.ingest.jsontext import nests_deeper
from attribution.ingest.readers.gen_ai_calls import list_asked_calls, list_results
from attribution.ingest.readers.otlp_values import decode_text, walk_texts
from attribution.ingest.readers.spans import Span, Trace
from attribution.model.record import JsonValue

_OPERATION = "gen_ai.operation.name"
_REDACTED = "<REDACTED>"
_UNNAMED = "unnamed agent"
_MAX_INPUT_DEPTH = 50
_ARGUMENTS = ("gen_ai.tool.call.arguments", "input.value", "tool_input")
_RESULTS = ("gen_ai.tool.call.result", "output.value", "tool_output")
_DIRECT = ("full_command", "file_path", "skill_name")
"""Attributes of Claude Code that name what a tool acts on."""

_TARGETS = (
    "command", "file_path", "notebook_path", "path", "url", "query", "sql", "pattern", "resource",
    "name", "id", "description", "prompt",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Marks:
    """How a span is known to be an agent's: by the opening of its name, or by an attribute."""

    names: tuple[str, ...]
    attributes: tuple[str, ...]


SESSION_SPANS = Marks(("claude_code.",), (_OPERATION, "gen_ai.tool.name", "gen_ai.agent.name"))


def add_session_events(intake: Intake, trace: Trace, span: Span) -> None:
    """Take in what one span of an agent tells."""
    operation = span.say(_OPERATION) or ""
    native = _NATIVE.get(span.name)
    if native is not None:
        native(intake, trace, span)
    elif span.is_of_a_tool:
        _add_call(intake, trace, span)
    elif operation in {"chat", "text_completion", "generate_content"}:
        _add_exchange(intake, trace, span)
    else:
        _add_run(intake, trace, span)


def _shared(trace: Trace, span: Span) -> dict[str, JsonValue]:
    around = [span, *trace.above(span)]
    runs = [each for each in around if each.say(_OPERATION) == "invoke_agent"]
    helper = span.say("agent_id") or (runs[0].say("gen_ai.agent.name") if len(runs) > 1 else None)
    return stated(
        session=trace.inherit(span, "gen_ai.conversation.id", "session.id")
        or f"trace {span.trace_id}",
        agent=_agent(trace, span),
        sidechain=True if len(runs) > 1 or span.say("parent_agent_id") else None,
        helper=helper,
    )


def _agent(trace: Trace, span: Span) -> str:
    named = trace.inherit(span, "gen_ai.agent.name")
    if named is None and span.name.startswith("claude_code."):
        return "Claude Code"
    return named or span.service or _UNNAMED


def _model(trace: Trace, span: Span) -> str | None:
    return trace.inherit(span, "gen_ai.response.model", "gen_ai.request.model", "model")


def _call_id(span: Span) -> str:
    return span.call_id or f"{span.trace_id}:{span.span_id}"


@dataclass(frozen=True, slots=True)
class _Said:
    """An entry that a span gives: its kind, its words and facts, and who did it."""

    kind: str
    wording: str
    facts: Mapping[str, JsonValue]
    actor: str | None = None
    subject: str | None = None
    native_id: str | None = None
    late: bool = False
    part: tuple[str, ...] = ()


def _take(intake: Intake, trace: Trace, span: Span, said: _Said) -> None:
    shared = _shared(trace, span)
    intake.add(
        span.place,
        said.kind,
        time=span.end if said.late else span.start,
        text=said.wording,
        actor=said.actor,
        subject=said.subject or text(shared["session"]),
        native_id=said.native_id,
        key=(said.kind, span.trace_id, span.span_id, *said.part),
        data=shared | dict(said.facts),
    )


def _add_call(intake: Intake, trace: Trace, span: Span) -> None:
    tool = span.say("gen_ai.tool.name", "tool_name") or span.name.removeprefix("execute_tool ")
    given = decode_text(next((span.attributes[k] for k in _ARGUMENTS if k in span.attributes), {}))
    if nests_deeper(given, _MAX_INPUT_DEPTH):
        intake.reject(span.place, f"arguments nested more than {_MAX_INPUT_DEPTH} levels deep")
        return
    arguments = table(given) or ({"input": given} if given and given != _REDACTED else {})
    named = {key: told for key in _DIRECT if (told := span.say(key)) and told != _REDACTED}
    target = next(iter(named.values()), None) or next(
        (told for key in _TARGETS if (told := text(arguments.get(key)))), None
    )
    facts = stated(
        model=_model(trace, span),
        tool=tool,
        input=dict(arguments) | dict(named),
        call_id=_call_id(span),
        target=target or text(arguments.get("input")),
        seconds=span.seconds,
        status=span.status,
        trace_id=span.trace_id,
        span_id=span.span_id,
        parent_span_id=span.parent_id,
    )
    wording = f"{tool}: {target}" if target else tool
    actor = _agent(trace, span)
    said = _Said("session.tool_call", wording, facts, actor, target, _call_id(span))
    _take(intake, trace, span, said)
    result = next((span.attributes[key] for key in _RESULTS if key in span.attributes), None)
    if result is not None or span.status == "error":
        answer: dict[str, JsonValue] = {
            "call_id": _call_id(span),
            "is_error": span.status == "error",
        }
        shown = result if isinstance(result, str) else " ".join(walk_texts(result))
        _take(
            intake,
            trace,
            span,
            _Said("session.tool_result", shown or "(no output)", answer, late=True),
        )


def _add_exchange(intake: Intake, trace: Trace, span: Span) -> None:
    """Take in a question to a model and its answer; a person's words where they come last."""
    asked = _last_words(span)
    if asked:
        kind, actor = "session.prompt", None
        if _shared(trace, span).get("sidechain"):
            kind, actor = "session.message", _agent(trace, span)
        _take(intake, trace, span, _Said(kind, asked, {}, actor))
    called = _add_asked_calls(intake, trace, span)
    answer = "\n".join(_answers(span))
    facts = stated(model=_model(trace, span))
    if answer:
        said = _Said("session.message", answer, facts, _agent(trace, span), late=True)
        _take(intake, trace, span, said)
    elif not asked and not called:
        _add_run(intake, trace, span)


def _add_asked_calls(intake: Intake, trace: Trace, span: Span) -> bool:
    """Take in the calls that the exchange asks for, and the results it was told; False for none.

    A call that a tool's own span tells of is left to that span.
    """
    results = [
        result for result in list_results(span) if not trace.carries_out(span.trace_id, result[0])
    ]
    for number, (call, shown) in enumerate(results):
        facts: dict[str, JsonValue] = {"call_id": call, "is_error": False}
        part = (str(number),)
        _take(intake, trace, span, _Said("session.tool_result", shown, facts, part=part))
    calls = [
        call for call in list_asked_calls(span) if not trace.carries_out(span.trace_id, call.id)
    ]
    for number, asked in enumerate(calls):
        call = asked.id or f"{span.trace_id}:{span.span_id}:{number}"
        if nests_deeper(asked.arguments, _MAX_INPUT_DEPTH):
            intake.reject(span.place, f"arguments nested more than {_MAX_INPUT_DEPTH} levels deep")
            continue
        given = asked.arguments
        arguments = table(given) or ({"input": given} if given else {})
        target = next((told for key in _TARGETS if (told := text(arguments.get(key)))), None)
        facts = stated(
            model=_model(trace, span),
            tool=asked.tool,
            input=dict(arguments),
            call_id=call,
            target=target or text(arguments.get("input")),
            trace_id=span.trace_id,
            span_id=span.span_id,
        )
        wording = f"{asked.tool}: {target}" if target else asked.tool
        actor = _agent(trace, span)
        said = _Said("session.tool_call", wording, facts, actor, target, call, late=True)
        _take(intake, trace, span, replace(said, part=(str(number),)))
    return bool(results or calls)


def _last_words(span: Span) -> str:
    """Return the last message to the model where it is of role `user`: what was newly asked."""
    messages = items(decode_text(span.attributes.get("gen_ai.input.messages")))
    if messages:
        last = table(messages[-1])
        said = last.get("parts") if "parts" in last else last.get("content")
        return "\n".join(walk_texts(said)) if last.get("role") == "user" else ""
    told = [
        (name, attributes)
        for name, attributes in span.events
        if name.startswith("gen_ai.") and name.endswith(".message")
    ]
    if told and told[-1][0] == "gen_ai.user.message":
        return "\n".join(walk_texts(decode_text(told[-1][1].get("content"))))
    return ""


def _answers(span: Span) -> Iterator[str]:
    for message in items(decode_text(span.attributes.get("gen_ai.output.messages"))):
        held = table(message)
        yield from walk_texts(held.get("parts") if "parts" in held else held.get("content"))
    for name, attributes in span.events:
        if name == "gen_ai.choice":
            choice = table(decode_text(attributes.get("message")))
            yield from walk_texts(choice.get("content") or attributes.get("content"))


def _add_run(intake: Intake, trace: Trace, span: Span) -> None:
    """Take in the run of an agent, or whatever else it records: no action, and nothing said."""
    operation = span.say(_OPERATION) or span.say("span.type") or "span"
    _take(intake, trace, span, _Said("session.other", span.name, {"type": operation}))
    if operation == "invoke_agent":
        asked = _last_words(span)
        nested = any(each.say(_OPERATION) == "invoke_agent" for each in trace.above(span))
        if asked and not nested:
            _take(intake, trace, span, _Said("session.prompt", asked, {}))


def _add_interaction(intake: Intake, trace: Trace, span: Span) -> None:
    asked = span.say("user_prompt")
    if asked is None or asked == _REDACTED:
        asked = "(not recorded)"
    _take(intake, trace, span, _Said("session.prompt", asked, {}))


def _add_permission(intake: Intake, trace: Trace, span: Span) -> None:
    """Take in the answer that a call waited for, with what gave it."""
    decision, source = span.say("decision"), span.say("source")
    call = next((each for each in trace.above(span) if each.name == "claude_code.tool"), None)
    if decision not in {"accept", "reject"}:
        _add_run(intake, trace, span)
        return
    facts = stated(
        granted=decision == "accept",
        source=source,
        call_id=None if call is None else _call_id(call),
    )
    wording = f"{decision} ({source or 'source not recorded'})"
    _take(intake, trace, span, _Said("session.permission", wording, facts, late=True))


_NATIVE: Mapping[str, Callable[[Intake, Trace, Span], None]] = MappingProxyType(
    {
        "claude_code.interaction": _add_interaction,
        "claude_code.tool": _add_call,
        "claude_code.tool.blocked_on_user": _add_permission,
    }
)
