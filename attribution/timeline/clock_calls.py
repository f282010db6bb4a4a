"""Calls and what they caused on another machine: spans of a trace, commands of an agent.

A record of a call on the server's side lies between the call's start and its end on the caller's
side, which bounds the difference of their clocks from both sides, as a request and its answer do
in NTP (RFC 5905, section 8).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from attribution.model.clock import ClockPair, ClockReading
from attribution.model.instant import SECOND, Instant
from attribution.model.record import Record
from attribution.timeline.clock_bounds import DRIFT
from attribution.timeline.clock_sources import ClockSource, read_clock
from attribution.timeline.clock_table import ClockTable

# `aws [options] SERVICE OPERATION`, one such call in the whole command.
_AWS = re.compile(
    r"(?:^|[\s;&|(])aws(?:\s+--[\w-]+(?:=\S+|\s+[^-\s]\S*)?)*\s+([a-z0-9-]+)\s+([a-z0-9-]+)"
)
# https://cli.github.com/manual/gh_pr_create prints the address of what it made.
_CREATE = re.compile(r"(?:^|[\s;&|(])gh\s+pr\s+create\b")
_CREATE_TOOL = re.compile(r"(?:^|_)create_pull_request$")
_LINK = re.compile(r"https://github\.com/([\w.-]+/[\w.-]+)/pull/(\d{1,9})")
# What goes on after the command has come back may take place later than its end.
_DETACHED = re.compile(r"&\s*(?:$|[\n;)])|\b(?:nohup|setsid|disown|batch|crontab|at)\b|--no-wait")
_LONGEST = 20_000
_LONGEST_CALL = 1e8  # seconds, three years: what is longer is no duration
_TOOL = frozenset({"session.tool_call", "session.tool_result"})
_SERVED = frozenset({"audit.call", "pull_request.opened"})
_WORDS = re.compile(r"[\w./:@-]+")


@dataclass(frozen=True, slots=True)
class _Call:
    """A command of an agent, or a traced request, from start to end on the caller's clock."""

    start: ClockReading
    end: ClockReading
    command: str = ""
    answer: str = ""
    failed: bool = False


def pair_spans(sources: Mapping[str, ClockSource], table: ClockTable) -> Iterator[ClockPair]:
    """Yield spans with the span they were started from, in another source.

    A call that a server answers ends after the server is done with it (span kinds client and
    server, https://opentelemetry.io/docs/specs/otel/trace/api/#spankind), which bounds the other
    side as well.
    """
    spans = {
        name: [record for record in source.records if record.kind == "span"]
        for name, source in sources.items()
        if source.kind.system is None and "span" in source.holds
    }
    children: dict[object, list[tuple[str, Record]]] = defaultdict(list)
    for name, records in spans.items():
        for record in records:
            if parent := record.data.get("parent_span_id"):
                children[f"{record.data.get('trace_id')}:{parent}"].append((name, record))
    for name, records in spans.items():
        for record in records:
            for other, child in children.get(record.native_id, ()):
                started = read_clock(child, other, table)
                parent_read = read_clock(record, name, table)
                if other != name and started is not None and parent_read is not None:
                    yield _pair_span(child, started, record, parent_read)


def _pair_span(
    child: Record, started: ClockReading, parent: Record, above: ClockReading
) -> ClockPair:
    low, high = above.low - started.high, None
    kinds = parent.data.get("span_kind"), child.data.get("span_kind")
    lasted, took = parent.data.get("seconds"), child.data.get("seconds")
    if kinds == ("client", "server") and _are_seconds(lasted, took):
        high = above.high + _microseconds(lasted) - started.low - _microseconds(took)
        high += _microseconds(lasted) // DRIFT + 2
    return ClockPair("child-span", f"span {child.native_id}", started, above, low, high)


def _are_seconds(*values: object) -> bool:
    return all(isinstance(value, int | float) and 0 <= value < _LONGEST_CALL for value in values)


def _microseconds(value: object) -> int:
    return round(value * SECOND) if isinstance(value, int | float) else 0


def pair_calls(sources: Mapping[str, ClockSource], table: ClockTable) -> Iterator[ClockPair]:
    """Yield the calls of agents and traced clients with the records of them at the server.

    A traced request is known by its id. A command of an agent is taken only where its operation and
    resource occur in one command and in one record of all the evidence, and both tell of success or
    both of failure.
    """
    requests: dict[str, list[_Call]] = defaultdict(list)
    commands: dict[str, _Call] = {}
    for name, source in sources.items():
        if source.kind.system is None:
            _add_requests(requests, source, table)
            commands |= {f"{name} {call}": told for call, told in _commands(source, table)}
    wanted = _index_commands(commands, table)
    if not requests and not wanted:
        return
    for key, native, found in _find_events(sources, requests.keys() | wanted.keys(), table):
        for call in (*requests.get(key, ()), *wanted.get(key, ())):
            for event in found:
                if event.evidence != call.start.evidence:
                    yield _pair_call(native, event, call)


def _pair_call(native: str, event: ClockReading, call: _Call) -> ClockPair:
    start, end = call.start, call.end
    drift = -(-(end.time - start.time) // DRIFT)
    low, high = start.low - event.high - drift, end.high - event.low + drift
    return ClockPair("request", native, event, start, low, high, end)


def _add_requests(requests: dict[str, list[_Call]], source: ClockSource, table: ClockTable) -> None:
    """Add the spans that carry a request's id (`aws.request_id`).

    Source: https://opentelemetry.io/docs/specs/semconv/cloud-providers/aws-sdk/
    """
    for record in source.records if "span" in source.holds else ():
        if record.kind != "span" or not isinstance(carried := record.data.get("attributes"), dict):
            continue
        number, lasted = carried.get("aws.request_id"), record.data.get("seconds")
        start = read_clock(record, source.evidence, table)
        if isinstance(number, str) and start is not None and _are_seconds(lasted):
            end = _shift(start, _microseconds(lasted))
            requests[f"request {number}"].append(_Call(start, end))


def _shift(reading: ClockReading, by: int) -> ClockReading:
    return ClockReading(
        reading.evidence,
        reading.place,
        Instant(reading.time + by),
        Instant(reading.low + by - 1),
        Instant(reading.high + by + 1),
    )


def _commands(source: ClockSource, table: ClockTable) -> Iterator[tuple[str, _Call]]:
    """Yield the commands of an agent that came back, by the id of the call."""
    calls: dict[str, Record] = {}
    answers: dict[str, Record] = {}
    for record in source.records if source.holds >= _TOOL else ():
        if record.kind not in _TOOL:
            continue
        if isinstance(number := record.data.get("call_id"), str):
            told = calls if record.kind == "session.tool_call" else answers
            told.setdefault(number, record)
    for number, answer in answers.items():
        if (call := calls.get(number)) is None or _DETACHED.search(command := _command(call)):
            continue
        start = read_clock(call, source.evidence, table)
        end = read_clock(answer, source.evidence, table)
        if start is None or end is None or end.time < start.time:
            continue
        failed = answer.data.get("is_error") is True
        yield number, _Call(start, end, command, answer.text, failed=failed)


def _command(call: Record) -> str:
    """Return the command, or the tool where that makes a pull request; `&` where it detaches."""
    given, tool = call.data.get("input"), call.data.get("tool")
    if isinstance(given, dict):
        if given.get("run_in_background"):
            return "&"
        if isinstance(command := given.get("command"), str):
            return command[:_LONGEST]
    return "gh pr create" if isinstance(tool, str) and _CREATE_TOOL.search(tool) else ""


def _index_commands(commands: Mapping[str, _Call], table: ClockTable) -> dict[str, list[_Call]]:
    """Return the commands by what each alone did; what two of them may have done is left out."""
    found: dict[str, dict[str, list[_Call]]] = defaultdict(lambda: defaultdict(list))
    for name, call in commands.items():
        number = name.partition(" ")[2]  # one session may stand in two items
        for key in _effects(call, table):
            found[key][number].append(call)
    return {key: next(iter(by.values())) for key, by in found.items() if len(by) == 1}


def _effects(call: _Call, table: ClockTable) -> Iterator[str]:
    outcome = "failed" if call.failed else "done"
    for service, operation in _AWS.findall(call.command):
        name = f"{table.services.get(service, service)}.{operation.replace('-', '')}"
        for word in set(_WORDS.findall(call.command)):
            yield f"call {outcome} {name} {word}"
    if not call.failed and _CREATE.search(call.command):
        links = set(_LINK.findall(call.answer[:_LONGEST]))
        if len(links) == 1:
            repository, number = links.pop()
            yield f"opened {repository}#{number}"


def _find_events(
    sources: Mapping[str, ClockSource], wanted: set[str], table: ClockTable
) -> Iterator[tuple[str, str, list[ClockReading]]]:
    """Yield what the servers recorded of the wanted calls, with its native id, where it is one."""
    found: dict[str, dict[str, dict[str, ClockReading]]] = defaultdict(lambda: defaultdict(dict))
    operations = {key.split(" ")[2] for key in wanted if key.startswith("call ")}
    for name, source in sources.items():
        for record in source.records if _SERVED & source.holds else ():
            if record.kind not in _SERVED:
                continue
            for key in _events_of(record, operations):
                if key not in wanted or record.native_id is None:
                    continue
                if (read := read_clock(record, name, table)) is not None:
                    found[key][record.native_id][name] = read
    for key, by in sorted(found.items()):
        if len(by) == 1:
            [(native, reads)] = by.items()
            yield key, native, list(reads.values())


def _events_of(record: Record, operations: set[str]) -> Iterator[str]:
    data = record.data
    if record.kind == "pull_request.opened":
        yield f"opened {data.get('repository')}#{data.get('number')}"
        return
    if request := data.get("request"):
        yield f"request {request}"
    service, operation, named = (data.get(key) for key in ("source", "operation", "resources"))
    if isinstance(service, str) and isinstance(operation, str) and isinstance(named, list):
        name = f"{service.removesuffix('.amazonaws.com')}.{operation.lower()}"
        outcome = "failed" if data.get("error") else "done"
        for resource in named if name in operations else ():
            yield f"call {outcome} {name} {resource}"
