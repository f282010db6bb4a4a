"""Tool calls as the messages of a model's exchange tell them, where no span of the tool does.

A model answers with the calls it asks for, and is told their results in the next exchange. That a
call was asked for is not that it was carried out: only its result, or a span of the tool, says so.
Sources: OpenTelemetry semantic conventions for generative AI, parts `tool_call` and
`tool_call_response` of gen-ai-input-messages.json and gen-ai-output-messages.json
(https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/); `tool_calls` of the span event
`gen_ai.choice`, and `gen_ai.tool.message`, of version 1.36 and before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from attribution.ingest.fields import items, table, text
from attribution.ingest.readers.otlp_values import decode_text, walk_texts
from attribution.ingest.readers.spans import Span
from attribution.model.record import JsonValue


@dataclass(frozen=True, slots=True)
class AskedCall:
    """A call that a model asked for: its id, None where none is given, the tool, the arguments."""

    id: str | None
    tool: str
    arguments: JsonValue


def list_asked_calls(span: Span) -> Iterator[AskedCall]:
    """Yield the calls that the answer of a model asks for, in order; one with an id once."""
    seen: set[str] = set()
    for call in _walk_asked_calls(span):
        if call.id is None or call.id not in seen:
            yield call
        seen |= set() if call.id is None else {call.id}


def _walk_asked_calls(span: Span) -> Iterator[AskedCall]:
    for message in items(decode_text(span.attributes.get("gen_ai.output.messages"))):
        for part in map(table, items(table(message).get("parts"))):
            tool = text(part.get("name"))
            if part.get("type") == "tool_call" and tool is not None:
                yield AskedCall(text(part.get("id")), tool, decode_text(part.get("arguments")))
    for name, attributes in span.events:
        choice = table(decode_text(attributes.get("message"))) if name == "gen_ai.choice" else {}
        for call in map(table, items(decode_text(choice.get("tool_calls")))):
            function = table(call.get("function"))
            tool = text(function.get("name"))
            if tool is not None:
                yield AskedCall(text(call.get("id")), tool, decode_text(function.get("arguments")))


def list_results(span: Span) -> Iterator[tuple[str, str]]:
    """Yield the id of each call whose result a model was told, and the result in words."""
    for message in items(decode_text(span.attributes.get("gen_ai.input.messages"))):
        for part in map(table, items(table(message).get("parts"))):
            call = text(part.get("id"))
            if part.get("type") == "tool_call_response" and call is not None:
                yield call, _word(part.get("response", part.get("result")))
    for name, attributes in span.events:
        call = text(attributes.get("id")) if name == "gen_ai.tool.message" else None
        if call is not None:
            yield call, _word(attributes.get("content"))


def _word(result: JsonValue) -> str:
    return "\n".join(walk_texts(result)) or "(no output)"
