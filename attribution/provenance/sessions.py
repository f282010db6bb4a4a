"""Commits that an agent's session transcript shows the agent to have made."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence

from attribution.model.commit import AgentMark
from attribution.model.event import Event

# What git-commit(1) prints: "[BRANCH SHA] SUBJECT", with "(root-commit)" before the first's sha.
_REPORTED = re.compile(r"^\[[^\]\n]*?\b([0-9a-f]{7,40})\]", re.MULTILINE)
_ANY_SHA = re.compile(r"\b[0-9a-f]{7,40}\b")
_COMMITS = re.compile(r"\bgit\b(?:\s+-\S+(?:\s+[^-\s]\S*)??)*\s+(?:commit|cherry-pick|revert)\b")


def find_session_marks(
    events: Iterable[Event], shas: Sequence[str]
) -> dict[str, tuple[AgentMark, ...]]:
    """Return the session marks by sha (of `shas`, sorted): the agent's `git commit` made it.

    Where git's own report line is not in the answer (`--quiet`), a sha counts only if it is the
    one known commit the answer names. The evidence is the place of the tool call.
    """
    marks: dict[str, list[AgentMark]] = defaultdict(list)
    calls: dict[tuple[object, object], Event] = {}
    results: list[Event] = []
    for event in events:
        if event.kind == "session.tool_call" and _COMMITS.search(_command(event)):
            calls[event.data.get("session"), event.data.get("call_id")] = event
        elif event.kind == "session.tool_result" and not event.data.get("is_error"):
            results.append(event)
    for result in results:
        call = calls.get((result.data.get("session"), result.data.get("call_id")))
        if call is None:
            continue
        agent = call.data.get("agent") or call.actor_name or "unnamed agent"
        model = call.data.get("model")
        for sha in _named(result.text, shas):
            marks[sha].append(
                AgentMark(
                    str(agent),
                    model if isinstance(model, str) else None,
                    "session",
                    call.references[0],
                )
            )
    return {sha: tuple(found) for sha, found in marks.items()}


def _command(call: Event) -> str:
    given = call.data.get("input")
    command = given.get("command") if isinstance(given, dict) else given
    return command if isinstance(command, str) else ""


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
