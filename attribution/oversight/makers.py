"""Who made a change: nobody of these can review it for the others.

GitHub's documentation says the same of agents: whoever asked the Copilot coding agent for a pull
request cannot give one of the approvals it requires.
Source: https://docs.github.com/en/copilot/how-tos/agents/copilot-coding-agent/reviewing-a-pull-request-created-by-copilot
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from attribution.model.actor import ActorDirectory
from attribution.model.commit import Commit
from attribution.model.event import Event
from attribution.oversight.changes import Change
from attribution.oversight.facts import identity, text

_CO_AUTHOR = frozenset({"co-authored-by", "co-developed-by"})
_ADDRESS = re.compile(r"\s*([^<]*?)\s*<([^<>]*)>\s*")


def find_makers(
    change: Change,
    events: Iterable[Event],
    commits: Mapping[str, Commit],
    directory: ActorDirectory,
) -> frozenset[str]:
    """Return the identities, casefolded, of everyone who made the change.

    They are its author, the authors and co-authors of its commits, and whoever prompted the agent
    in a session that a transcript shows to have made one of them.
    """
    shas = {*change.commits, change.head}
    names = [change.author]
    sessions: set[str] = set()
    marked = {
        mark.evidence
        for sha in shas
        if sha is not None and sha in commits
        for mark in commits[sha].agents
        if mark.grade == "session"
    }
    events = tuple(events)
    for event in events:
        if event.kind == "commit" and event.data.get("sha") in shas:
            names += [text(event, "author_email") or text(event, "author_name")]
            names += _co_authors(event)
        elif event.kind == "session.tool_call" and not marked.isdisjoint(event.references):
            sessions.add(text(event, "session") or "")
    names += [
        event.actor or event.actor_name
        for event in events
        if event.kind == "session.prompt" and (text(event, "session") or "") in sessions
    ]
    names += [commits[sha].author for sha in shas if sha is not None and sha in commits]
    found = {identity(name, directory) for name in names}
    return frozenset(name.casefold() for name in found if name is not None)


def _co_authors(commit: Event) -> list[str | None]:
    trailers = commit.data.get("trailers")
    found: list[str | None] = []
    for pair in trailers if isinstance(trailers, list) else []:
        if isinstance(pair, list) and pair and str(pair[0]).casefold() in _CO_AUTHOR:
            match = _ADDRESS.fullmatch(str(pair[-1]))
            if match is not None:
                found += [match[2], match[1]]
    return found
