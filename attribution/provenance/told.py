"""What the events of one session told: calls, answers, requests and words, each kept once."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from attribution.model.event import Event
from attribution.model.instant import Instant
from attribution.model.record import JsonValue
from attribution.model.session import Statement
from attribution.provenance.approval import Answer

_LONGEST = 2000
_LONGEST_ASIDE = 500
_LONGEST_COMMAND = 1 << 14
_PATHS = ("file_path", "notebook_path", "path", "filename")
_STATEMENTS = ("query", "sql", "statement")
_COMMANDS = ("command", "full_command", "cmd", "script")
_NEVER = -1
_NUMBER = re.compile(r"([0-9]{1,12})")

Natural = tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Call:
    """One tool call as its record gives it; `statement` holds its time and place."""

    statement: Statement
    tool: str
    target: str | None
    command: str | None
    paths: tuple[str, ...]
    statements: tuple[str, ...]
    plan: str | None
    cwd: str | None
    mode: str | None
    helper: str | None
    status: str | None


@dataclass(frozen=True, slots=True)
class Result:
    """What the result of a call tells; `words` are those of a person who answered questions."""

    reference: str
    answer: Answer
    failed: bool
    words: str | None
    edited: bool
    interrupted: bool = False


@dataclass(slots=True)
class Told:
    """What the events told of one session so far."""

    agents: set[str] = field(default_factory=set)
    models: set[str] = field(default_factory=set)
    times: tuple[Instant, Instant] | None = None
    calls: dict[str, Call] = field(default_factory=dict)
    results: dict[str, Result] = field(default_factory=dict)
    permissions: dict[str, tuple[bool, str]] = field(default_factory=dict)
    requests: dict[tuple[object, ...], Statement] = field(default_factory=dict)
    queued: dict[tuple[object, ...], Statement] = field(default_factory=dict)
    withdrawn: set[str] = field(default_factory=set)
    shown: dict[tuple[object, ...], Statement] = field(default_factory=dict)
    thought: dict[tuple[object, ...], Statement] = field(default_factory=dict)
    by_helpers: dict[tuple[object, ...], Statement] = field(default_factory=dict)
    interruptions: set[tuple[object, ...]] = field(default_factory=set)
    own_actions: set[tuple[object, ...]] = field(default_factory=set)

    @property
    def is_telling(self) -> bool:
        """Whether anything was asked, said or done."""
        return bool(self.calls or self.requests or self.queued or self.shown or self.own_actions)


def take(told: Told, event: Event) -> None:
    """Take in an event of the session."""
    _note_common(told, event)
    taker = _TAKERS.get(event.kind)
    if taker is not None:
        taker(told, event)


def by_time(statement: Statement) -> tuple[int, Natural]:
    """Return the key by which statements are ordered: time, then place in the file."""
    time = _NEVER if statement.time is None else statement.time
    return time, order_places(statement.reference)


def order_places(reference: str) -> Natural:
    """Return a key that puts line 9 before line 10."""
    return tuple(
        (int(part), "") if part.isdecimal() else (_NEVER, part) for part in _NUMBER.split(reference)
    )


def _note_common(told: Told, event: Event) -> None:
    agent, model = event.data.get("agent"), event.data.get("model")
    if isinstance(agent, str):
        told.agents.add(agent)
    if isinstance(model, str):
        told.models.add(model)
    if event.time is not None:
        first, last = told.times or (event.time, event.time)
        told.times = min(first, event.time), max(last, event.time)


def _statement(event: Event, longest: int = _LONGEST) -> Statement:
    place = min(event.references, key=order_places)
    return Statement(_shorten(event.text, longest), event.time, place)


def _shorten(text: str, limit: int = _LONGEST) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def _key(event: Event) -> tuple[object, ...]:
    """Return what tells an event from others of its session and kind, in whatever file it is."""
    if event.native_id:
        return (event.native_id,)
    return (event.text, min(event.references) if event.time is None else event.time)


def _keep(
    store: dict[tuple[object, ...], Statement], event: Event, longest: int = _LONGEST
) -> None:
    """Keep a statement once; of several places it stands at, the first by name."""
    key, new = _key(event), _statement(event, longest)
    old = store.get(key)
    if old is None or _is_earlier(new.reference, old.reference):
        store[key] = new


def _is_earlier(new: str, old: str) -> bool:
    return order_places(new) < order_places(old)


def _take_request(told: Told, event: Event) -> None:
    if event.data.get("sidechain"):
        return
    _keep(told.queued if event.data.get("queued") else told.requests, event)


def _take_message(told: Told, event: Event) -> None:
    if event.data.get("sidechain"):
        _keep(told.by_helpers, event, _LONGEST_ASIDE)
    elif event.data.get("thinking"):
        _keep(told.thought, event, _LONGEST_ASIDE)
    else:
        _keep(told.shown, event)


def _take_other(told: Told, event: Event) -> None:
    if event.data.get("operation") == "popAll":
        told.withdrawn.update(part.strip() for part in event.text.split("\n"))
        told.withdrawn.add(event.text.removeprefix("queue-operation: ").strip())


def _take_interrupt(told: Told, event: Event) -> None:
    told.interruptions.add(_key(event))


def _take_own(told: Told, event: Event) -> None:
    told.own_actions.add(_key(event))


def _take_call(told: Told, event: Event) -> None:
    data = event.data
    given = data.get("input")
    given = given if isinstance(given, dict) else {}
    name = _text(data, "call_id") or event.native_id or min(event.references)
    target = _text(data, "target")
    call = Call(
        statement=replace(_statement(event), text=""),
        tool=_text(data, "tool") or "unnamed tool",
        target=None if target is None else _shorten(target),
        command=next((t[:_LONGEST_COMMAND] for k in _COMMANDS if (t := _command(given, k))), None),
        paths=tuple(t[:_LONGEST] for k in _PATHS if (t := _text(given, k))),
        statements=tuple(t[:_LONGEST] for k in _STATEMENTS if (t := _text(given, k))),
        plan=_shorten(plan) if (plan := _text(given, "plan")) else None,
        cwd=_text(data, "cwd"),
        mode=_text(data, "permission_mode"),
        helper=_text(data, "helper") or ("helper" if data.get("sidechain") else None),
        status=_text(data, "status"),
    )
    old = told.calls.get(name)
    if old is None or _is_earlier(call.statement.reference, old.statement.reference):
        told.calls[name] = call


def _take_result(told: Told, event: Event) -> None:
    data = event.data
    name = _text(data, "call_id")
    if name is None:
        return
    approved = data.get("approved_by_person")
    result = Result(
        min(event.references, key=order_places),
        Answer(
            approved=approved if isinstance(approved, bool) else None,
            decided_by=_text(data, "decided_by"),
        ),
        failed=data.get("is_error") is True,
        words=_shorten(event.text) if data.get("answered_by_person") is True else None,
        edited=data.get("edited_by_person") is True,
        interrupted=data.get("interrupted_by_person") is True,
    )
    old = told.results.get(name)
    if old is None or _is_earlier(result.reference, old.reference):
        told.results[name] = result


def _take_permission(told: Told, event: Event) -> None:
    name, granted = _text(event.data, "call_id"), event.data.get("granted")
    if name is None or not isinstance(granted, bool):
        return
    answer = granted, _text(event.data, "source") or ""
    told.permissions[name] = min(answer, told.permissions.get(name, answer))


_TAKERS = {
    "session.prompt": _take_request,
    "session.message": _take_message,
    "session.tool_call": _take_call,
    "session.tool_result": _take_result,
    "session.permission": _take_permission,
    "session.interrupt": _take_interrupt,
    "session.person_action": _take_own,
    "session.other": _take_other,
}


def _command(given: Mapping[str, JsonValue], key: str) -> str | None:
    """Return a command, also where it is given word by word."""
    value = given.get(key)
    if isinstance(value, list) and value and all(isinstance(word, str) for word in value):
        return shlex.join(map(str, value))
    return _text(given, key)


def _text(data: Mapping[str, JsonValue], key: str) -> str | None:
    value = data.get(key)
    return value if isinstance(value, str) and value else None
