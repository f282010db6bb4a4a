"""Session events as the readers give them; all synthetic."""

from __future__ import annotations

from attribution.model.event import Event, Witness
from attribution.model.instant import MINUTE, Instant, parse_instant
from attribution.model.record import JsonValue

START = parse_instant("2026-03-09T08:00:00Z")


def event(kind: str, minute: float, text: str = "", **data: JsonValue) -> Event:
    """Return an event of session s-1, `minute` minutes after the start, on a line of its own."""
    time = Instant(START + int(minute * MINUTE))
    place = f"line {int(minute * 10) + 1}"
    native = data.get("call_id") if kind == "session.tool_call" else f"{kind}-{minute}"
    return Event(
        id=f"{kind}-{minute}",
        kind=kind,
        time=time,
        time_low=time,
        time_high=time,
        written=None,
        original_time=None,
        actor=None,
        actor_name=None,
        subject="s-1",
        text=text,
        native_id=str(native),
        witnesses=(Witness("E1", place),),
        data={"session": "s-1", "agent": "coder", **data},
    )


def asked(minute: float, text: str, **data: JsonValue) -> Event:
    """Return a person's request."""
    return event("session.prompt", minute, text, **data)


def called(minute: float, tool: str, number: str, **data: JsonValue) -> Event:
    """Return a call; `given` is its input, `cwd` the working folder unless told otherwise."""
    given = data.pop("given", {})
    facts: dict[str, JsonValue] = {"cwd": "/srv/app", "input": given, "tool": tool}
    target = next(iter(given.values()), None) if isinstance(given, dict) else None
    return event(
        "session.tool_call", minute, tool, **{**facts, "target": target, **data}, call_id=number
    )


def ran(minute: float, command: str, number: str, **data: JsonValue) -> Event:
    """Return a call that runs a shell command."""
    return called(minute, "Bash", number, given={"command": command}, **data)


def edited(minute: float, path: str, number: str, **data: JsonValue) -> Event:
    """Return a call that edits a file."""
    return called(minute, "Edit", number, given={"file_path": path}, **data)


def result(minute: float, number: str, text: str = "done", **data: JsonValue) -> Event:
    """Return the result of a call."""
    return event("session.tool_result", minute, text, call_id=number, is_error=False, **data)
