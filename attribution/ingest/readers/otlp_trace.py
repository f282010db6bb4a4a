"""OTLP/JSON traces: spans as collectors write them, one document or one object a line.

A span of an AI agent or of its tools (attributes `gen_ai.*`, and the spans of Claude Code) becomes
the events of a session; see `gen_ai_spans`. Any other span is an event of its own with a duration.
"""

from __future__ import annotations

from collections.abc import Iterator

from attribution.ingest.documents import WHOLE, first_entries, name_type, walk_entries
from attribution.ingest.fields import Table, items, stated, table, text
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.readers.gen_ai_indexed import unfold
from attribution.ingest.readers.gen_ai_spans import SESSION_SPANS, add_session_events
from attribution.ingest.readers.otlp_values import (
    get,
    list_under,
    read_attributes,
    read_id,
    read_kind,
    read_nanoseconds,
    read_status,
)
from attribution.ingest.readers.spans import Span, Trace
from attribution.ingest.source import Source
from attribution.model.record import JsonValue

_TRACE_ID, _SPAN_ID = 16, 8
_SECOND = 10**9
_RESOURCES = "resourceSpans"
_SCOPES = ("scopeSpans", "instrumentationLibrarySpans")


def _read(source: Source, intake: Intake) -> None:
    spans: list[Span] = []
    for place, document in walk_entries(source, intake):
        found = list(_walk_spans(place, document))
        if not found:
            intake.reject(place, "no spans: this is no trace, or an empty one")
        for where, entry, resource, scope in found:
            if isinstance(entry, dict):
                span = _read_span(intake, where, entry, resource, scope)
                spans += [] if span is None else [span]
            else:
                intake.reject(where, f"an object was expected, got {name_type(entry)}")
    trace = Trace.of(spans)
    for span in spans:
        if any(span.name.startswith(row) for row in SESSION_SPANS.names) or any(
            name in span.attributes for name in SESSION_SPANS.attributes
        ):
            add_session_events(intake, trace, span)
        else:
            _add_span(intake, span)


def _walk_spans(
    place: str, document: Table
) -> Iterator[tuple[str, JsonValue, dict[str, JsonValue], str | None]]:
    """Yield each span with its place, the attributes of its resource, and its scope's name."""
    key, resources = list_under(document, _RESOURCES)
    for number, holder in enumerate(resources):
        resource = read_attributes(table(get(table(holder), "resource")).get("attributes"))
        scopes_key, scopes = list_under(table(holder), *_SCOPES)
        for index, scoped in enumerate(scopes):
            scope = get(table(scoped), "scope") or get(table(scoped), "instrumentationLibrary")
            base = f"{key}/{number}/{scopes_key}/{index}/spans"
            for at, span in enumerate(items(table(scoped).get("spans"))):
                yield _join(place, f"{base}/{at}"), span, resource, text(table(scope).get("name"))


def _join(place: str, pointer: str) -> str:
    if place == WHOLE:
        return f"/{pointer}"
    return f"{place}/{pointer}" if place.startswith("/") else f"{place} /{pointer}"


def _read_span(
    intake: Intake, place: str, entry: Table, resource: dict[str, JsonValue], scope: str | None
) -> Span | None:
    """Return the span, None where it is rejected."""
    trace_id = read_id(get(entry, "traceId"), _TRACE_ID)
    span_id = read_id(get(entry, "spanId"), _SPAN_ID)
    if trace_id is None or span_id is None:
        intake.reject(place, "a span without the id of its trace, or without one of its own")
        return None
    try:
        start = read_nanoseconds(get(entry, "startTimeUnixNano"))
        end = read_nanoseconds(get(entry, "endTimeUnixNano"))
    except ValueError as error:
        intake.reject(place, str(error))
        return None
    if start is not None and end is not None and end < start:
        intake.truncate(f"the span at {place} ends before it starts: its duration is left out")
        end = None
    events = tuple(
        (text(table(event).get("name")) or "", read_attributes(table(event).get("attributes")))
        for event in items(entry.get("events"))
    )
    return Span(
        place=place,
        trace_id=trace_id,
        span_id=span_id,
        parent_id=read_id(get(entry, "parentSpanId"), _SPAN_ID),
        name=text(entry.get("name")) or "unnamed span",
        start=start,
        end=end,
        seconds=None if start is None or end is None else round((end - start) / _SECOND, 9),
        status=read_status(entry.get("status")),
        attributes=unfold(
            read_attributes(entry.get("attributes")), frozenset(name for name, _ in events)
        ),
        resource=resource,
        scope=scope,
        events=events,
        links=tuple(
            link
            for item in items(entry.get("links"))
            if (link := read_id(get(table(item), "spanId"), _SPAN_ID)) is not None
        ),
        kind=read_kind(get(entry, "kind")),
    )


def _add_span(intake: Intake, span: Span) -> None:
    intake.add(
        span.place,
        "span",
        time=span.start,
        text=span.name if span.status != "error" else f"{span.name} (error)",
        actor=span.service,
        subject=span.service,
        native_id=f"{span.trace_id}:{span.span_id}",
        data=stated(
            name=span.name,
            trace_id=span.trace_id,
            span_id=span.span_id,
            parent_span_id=span.parent_id,
            span_kind=span.kind,
            seconds=span.seconds,
            status=span.status,
            service=span.service,
            links=list(span.links) or None,
            attributes=dict(span.attributes) or None,
        ),
    )


def _sniff(source: Source) -> float:
    entries = first_entries(source)
    return 1.0 if any(list_under(entry, _RESOURCES)[1] for entry in entries) else 0.0


FORMAT = Format(
    id="otlp-trace",
    title="OpenTelemetry traces (OTLP/JSON)",
    told_by="resourceSpans (or resource_spans), in one document or one object a line",
    source="https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding,"
    " https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-agent-spans/",
    kinds=frozenset({"lines", "json"}),
    sniff=_sniff,
    read=_read,
)
