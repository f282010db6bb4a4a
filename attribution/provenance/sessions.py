"""Commits that an agent's session transcript shows the agent to have made."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from attribution.model.commit import AgentMark
from attribution.model.event import Event

# What git-commit(1) prints: "[BRANCH SHA] SUBJECT", with "(root-commit)" before the first's sha.
_REPORTED = re.compile(r"^\[[^\]\n]*?\b([0-9a-f]{7,40})\]", re.MULTILINE)
_ANY_SHA = re.compile(r"\b[0-9a-f]{7,40}\b")
_COMMITS = re.compile(r"\bgit\b(?:\s+-\S+(?:\s+[^-\s]\S*)??)*\s+(?:commit|cherry-pick|revert)\b")
_COMMANDS = ("command", "full_command", "cmd")

_CallKey = tuple[object, object]


@dataclass(frozen=True, slots=True)
class SessionCommits:
    """The session marks by sha, and how many commits that sessions report are not known here.

    Those were rewritten, or are of another repository.
    """

    marks: Mapping[str, tuple[AgentMark, ...]]
    unknown: int


def find_session_marks(events: Iterable[Event], shas: Sequence[str]) -> SessionCommits:
    """Return the session marks by sha (of `shas`, sorted): the agent's `git commit` made it.

    Where git's own report line is not in the answer (`--quiet`), a sha counts only if it is the
    one known commit the answer names. The evidence is the place of the tool call; a call that
    several transcripts hold counts once. Of the events no more is kept than that takes.
    """
    calls: dict[_CallKey, Event] = {}
    named: dict[_CallKey, list[str]] = {}
    reported: dict[_CallKey, frozenset[str]] = {}
    for event in events:
        key: _CallKey = (event.data.get("session"), event.data.get("call_id"))
        if event.kind == "session.tool_call" and _COMMITS.search(_command(event)):
            calls.setdefault(key, event)
        elif event.kind == "session.tool_result" and not event.data.get("is_error"):
            found = _named(event.text, shas)
            unknown = {short for short in _REPORTED.findall(event.text) if not expand(short, shas)}
            if found:
                named.setdefault(key, found)
            if unknown:
                reported[key] = frozenset(unknown)
    marks: dict[str, list[AgentMark]] = defaultdict(list)
    for key in sorted(named.keys() & calls.keys(), key=str):
        for sha in named[key]:
            marks[sha].append(_mark(calls[key]))
    lost = {short for key in reported.keys() & calls.keys() for short in reported[key]}
    return SessionCommits({sha: tuple(found) for sha, found in marks.items()}, len(lost))


def _mark(call: Event) -> AgentMark:
    agent = call.data.get("agent") or call.actor_name or "unnamed agent"
    model = call.data.get("model")
    told = model if isinstance(model, str) else None
    return AgentMark(str(agent), told, "session", call.references[0])


def _command(call: Event) -> str:
    given = call.data.get("input")
    found = [given.get(key) for key in _COMMANDS] if isinstance(given, dict) else [given]
    return next((text for text in found if isinstance(text, str)), "")


def _named(text: str, known: Sequence[str]) -> list[str]:
    """Return the known commits that the answer of a committing command reports."""
    reported = {sha for short in _REPORTED.findall(text) if (sha := expand(short, known))}
    if reported:
        return sorted(reported)
    mentioned = {sha for short in _ANY_SHA.findall(text) if (sha := expand(short, known))}
    return sorted(mentioned) if len(mentioned) == 1 else []


def expand(short: str, known: Sequence[str]) -> str | None:
    """Return the one sha of `known` (sorted) that the abbreviation stands for, else None."""
    at = bisect_left(known, short)
    found = [sha for sha in known[at : at + 2] if sha.startswith(short)]
    return found[0] if len(found) == 1 else None
