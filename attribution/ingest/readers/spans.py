"""Spans of traces, and what each inherits from the spans around it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from attribution.ingest.fields import text
from attribution.model.record import JsonValue

_DEEPEST = 200


@dataclass(frozen=True, slots=True)
class Span:
    """One span. `start` and `end` are nanoseconds since 1970, `seconds` is how long it took."""

    place: str
    trace_id: str
    span_id: str
    parent_id: str | None
    name: str
    start: int | None
    end: int | None
    seconds: float | None
    status: str | None
    attributes: Mapping[str, JsonValue]
    resource: Mapping[str, JsonValue]
    scope: str | None
    events: tuple[tuple[str, Mapping[str, JsonValue]], ...]
    links: tuple[str, ...]
    kind: str | None = None

    @property
    def service(self) -> str | None:
        """Return the name of the service it ran in."""
        return text(self.resource.get("service.name"))

    @property
    def is_of_a_tool(self) -> bool:
        """Return whether it is the carrying out of a tool call, by the conventions of gen_ai."""
        operation = self.attributes.get("gen_ai.operation.name")
        return operation == "execute_tool" or "gen_ai.tool.name" in self.attributes

    @property
    def call_id(self) -> str | None:
        """Return the id of the call that a span of a tool carries out, where it names it."""
        return self.say("gen_ai.tool.call.id", "tool_use_id")

    def say(self, *names: str) -> str | None:
        """Return the first of the named attributes that is a text or a number."""
        return next((told for name in names if (told := text(self.attributes.get(name)))), None)


@dataclass(frozen=True, slots=True)
class Trace:
    """The spans of one file, found by id; the first of several that bear the same one.

    `tools` are the traces in which a tool has a span of its own: the ids of the calls that these
    carry out, None where one of them does not name its call.
    """

    by_id: Mapping[tuple[str, str], Span]
    tools: Mapping[str, frozenset[str] | None] = field(default_factory=dict)

    @classmethod
    def of(cls, spans: Iterable[Span]) -> Trace:
        """Return the spans by id."""
        found: dict[tuple[str, str], Span] = {}
        for span in spans:
            found.setdefault((span.trace_id, span.span_id), span)
        calls: dict[str, set[str | None]] = {}
        for one in found.values():
            if one.is_of_a_tool:
                calls.setdefault(one.trace_id, set()).add(one.call_id)
        tools = {
            trace: None if None in named else frozenset(filter(None, named))
            for trace, named in calls.items()
        }
        return cls(found, MappingProxyType(tools))

    def carries_out(self, trace_id: str, call: str | None) -> bool:
        """Return whether a span tells of a call that was asked for, or may do so unnamed."""
        if trace_id not in self.tools:
            return False
        named = self.tools[trace_id]
        return named is None or call is None or call in named

    def above(self, span: Span) -> Iterator[Span]:
        """Yield the spans around a span, the nearest first, at most two hundred.

        A cycle ends where it closes.
        """
        seen = {span.span_id}
        parent = span.parent_id
        while parent is not None and parent not in seen and len(seen) <= _DEEPEST:
            seen.add(parent)
            found = self.by_id.get((span.trace_id, parent))
            if found is None:
                return
            yield found
            parent = found.parent_id

    def inherit(self, span: Span, *names: str) -> str | None:
        """Return an attribute of the span, or of the nearest span around it that has it."""
        for holder in (span, *self.above(span)):
            if (told := holder.say(*names)) is not None:
                return told
        return None
