"""Messages written one attribute a field, as instrumentations before the conventions wrote them.

OpenLLMetry, and what was modelled on it, numbers messages and calls within the names of attributes:
`gen_ai.prompt.0.role`, `gen_ai.completion.0.tool_calls.0.name`. They become the messages of
the conventions (`gen_ai.input.messages`, `gen_ai.output.messages`), so that one reader reads both;
a span that has those, or span events of that side, keeps what they say, and counts once.
Sources: traceloop/openllmetry, `semconv_ai/__init__.py` (`SpanAttributes`), the `_set_prompts` and
`_set_completions` of its instrumentation for OpenAI, `set_input_attributes` of that for Anthropic,
and its decorators (`traceloop.entity.input`: `args` and `kwargs`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType

from attribution.ingest.fields import Table, items, stated, table, text
from attribution.ingest.readers.otlp_values import decode_text
from attribution.model.record import JsonValue

_OPERATION = "gen_ai.operation.name"
_INDEXED = re.compile(
    r"gen_ai\.(?P<side>prompt|completion)\.(?P<at>\d{1,6})\."
    r"(?:(?P<list>tool_calls|function_call)\.(?:(?P<call>\d{1,6})\.)?(?:function\.)?)?"
    r"(?P<field>[a-z_]+)"
)

_SIDES: Mapping[str, str] = MappingProxyType(
    {"prompt": "gen_ai.input.messages", "completion": "gen_ai.output.messages"}
)
"""How a side of the exchange is numbered -> the attribute that holds its messages."""

_REQUESTS: Mapping[str, str] = MappingProxyType(
    {
        "chat": "chat",
        "completion": "text_completion",
        "embedding": "embeddings",
        "rerank": "rerank",
    }
)
"""`llm.request.type` -> the operation."""

_KINDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "tool": ("execute_tool", "gen_ai.tool.name"),
        "agent": ("invoke_agent", "gen_ai.agent.name"),
    }
)
"""`traceloop.span.kind` -> the operation, and where `traceloop.entity.name` stands for it."""

_CALLS = "tool calls"  # no field has a blank in its name

_ROLES: Mapping[str, str] = MappingProxyType({"prompt": "user", "completion": "assistant"})


def unfold(attributes: Mapping[str, JsonValue], events: Collection[str]) -> dict[str, JsonValue]:
    """Return the attributes of a span with numbered ones put together as the conventions have them.

    `events` are the names of the span's events: a side that they tell of is not told again.
    """
    found = dict(attributes)
    sides = _gather(attributes)
    told = {
        "prompt": any(name.startswith("gen_ai.") and name.endswith(".message") for name in events),
        "completion": "gen_ai.choice" in events,
    }
    for side, messages in sides.items():
        if not told[side] and _SIDES[side] not in found:
            found[_SIDES[side]] = [_message(side, messages[at]) for at in sorted(messages)]
    requested = _REQUESTS.get(text(attributes.get("llm.request.type")) or "")
    if requested is not None or sides:
        found.setdefault(_OPERATION, requested or "chat")
    _unfold_entity(found)
    return found


def _unfold_entity(found: dict[str, JsonValue]) -> None:
    """Put what the decorators tell of a tool or an agent where the conventions have it."""
    kind = _KINDS.get(text(found.get("traceloop.span.kind")) or "")
    name = text(found.get("traceloop.entity.name"))
    if kind is None or name is None:
        return
    operation, key = kind
    found.setdefault(_OPERATION, operation)
    found.setdefault(key, name)
    if operation == "execute_tool":
        given = decode_text(found.get("traceloop.entity.input"))
        if given is not None:
            named = table(given).get("kwargs") or table(given).get("inputs")
            found.setdefault("gen_ai.tool.call.arguments", named or given)
        if "traceloop.entity.output" in found:
            found.setdefault("gen_ai.tool.call.result", found["traceloop.entity.output"])


def _gather(attributes: Mapping[str, JsonValue]) -> dict[str, dict[int, dict[str, JsonValue]]]:
    """Return side -> number of the message -> its fields, its calls by number."""
    sides: dict[str, dict[int, dict[str, JsonValue]]] = defaultdict(lambda: defaultdict(dict))
    for key, value in attributes.items():
        match = _INDEXED.fullmatch(key)
        if match is None:
            continue
        message = sides[match["side"]][int(match["at"])]
        if match["list"] is None:
            message.setdefault(match["field"], value)
        else:
            calls = message.setdefault(_CALLS, {})
            number = (match["call"] or "0").lstrip("0").zfill(6)
            if isinstance(calls, dict):
                call = calls.setdefault(number, {})
                if isinstance(call, dict):
                    call.setdefault(match["field"], value)
    return sides


def _message(side: str, fields: Table) -> dict[str, JsonValue]:
    """Return a message of the conventions: its role and its parts, in order."""
    parts = list(_parts(fields))
    role = text(fields.get("role")) or _ROLES[side]
    if parts and all(table(part).get("type") == "tool_call_response" for part in parts):
        role = "tool"
    return {"role": role, "parts": parts}


def _parts(fields: Table) -> Iterator[JsonValue]:
    said = fields.get("content", fields.get("refusal", fields.get("user")))
    answered = text(fields.get("tool_call_id"))
    if answered is not None:
        yield {"type": "tool_call_response", "id": answered, "response": said}
    else:
        yield from _contents(said)
    calls = table(fields.get(_CALLS))
    for number in sorted(calls):
        call = table(calls[number])
        yield stated(
            type="tool_call",
            id=text(call.get("id")),
            name=text(call.get("name")),
            arguments=call.get("arguments"),
        )


def _contents(said: JsonValue) -> Iterator[JsonValue]:
    """Yield the parts of a content; several blocks stand in one text as a JSON array."""
    blocks = [table(block) for block in items(decode_text(said))]
    if not blocks or not all("type" in block for block in blocks):
        if said is not None:
            yield {"type": "text", "content": said}
        return
    for block in blocks:
        if block["type"] == "tool_result":
            answered = text(block.get("tool_use_id"))
            yield stated(type="tool_call_response", id=answered, response=block.get("content"))
        elif block["type"] == "tool_use":
            name, given = text(block.get("name")), block.get("input")
            yield stated(type="tool_call", id=text(block.get("id")), name=name, arguments=given)
        elif block["type"] == "text":
            yield {"type": "text", "content": block.get("text")}
        else:
            yield {"type": block["type"]}
