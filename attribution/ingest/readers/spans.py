"""Spans of traces, and what each inherits from the spans around it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

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

    def say(self, *names: str) -> str | None:
        """Return the first of the named attributes that is a text or a number."""
        return next((told for name in names if (told := text(self.attributes.get(name)))), None)


@dataclass(frozen=True, slots=True)
class Trace:
    """The spans of one file, found by id; the first of several that bear the same one.

    `with_tools` are the traces in which a tool has a span of its own.
    """

    by_id: Mapping[tuple[str, str], Span]
    with_tools: frozenset[str] = frozenset()

    @classmethod
    def of(cls, spans: Iterable[Span]) -> Trace:
        """Return the spans by id."""
        found: dict[tuple[str, str], Span] = {}
        for span in spans:
            found.setdefault((span.trace_id, span.span_id), span)
        tools = (one.trace_id for one in found.values() if one.is_of_a_tool)
        return cls(found, frozenset(tools))

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
