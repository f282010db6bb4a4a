"""Who made a change: nobody of these can review it for the others.

GitHub's documentation says the same of agents: whoever asked the Copilot coding agent for a pull
request cannot give one of the approvals it requires.
Source: https://docs.github.com/en/copilot/how-tos/agents/copilot-coding-agent/reviewing-a-pull-request-created-by-copilot
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from attribution.model.event import Event
from attribution.oversight.changes import Change
from attribution.oversight.facts import identity, is_machine, text, texts
from attribution.oversight.records import Records

ROLES = ("author", "uploader", "commit_author", "co_author", "operator", "assigner")
"""How somebody took part in making a change: opened it, uploaded a patch set of it (as Gerrit
records beside the author), wrote a commit, is named as co-author, prompted the agent in the session
that wrote it, or assigned the bot that opened it."""

_CO_AUTHOR = frozenset({"co-authored-by", "co-developed-by"})
_ADDRESS = re.compile(r"([^<]*)<([^<>]*)>\s*")


def find_makers(change: Change, records: Records) -> Mapping[str, str]:
    """Return the identities, casefolded, of everyone who made the change, each with its role.

    They are its author, the authors and co-authors of its commits, whoever prompted the agent in a
    session that a transcript shows to have made one of them, and whoever assigned the bot that
    opened it. Of several roles the first of `ROLES` counts.
    """
    found: dict[str, str] = {}
    for role, name in sorted(_name_makers(change, records), key=lambda one: ROLES.index(one[0])):
        who = identity(name, records.directory)
        if who is not None:
            found.setdefault(who.casefold(), role)
    return found


def _name_makers(change: Change, records: Records) -> Iterator[tuple[str, str | None]]:
    yield "author", change.author
    for event in change.events:
        for uploader in texts(event, "uploaders"):
            yield "uploader", uploader
    for sha in dict.fromkeys((*change.commits, change.head)):
        if sha is None:
            continue
        for event in records.made.get(sha, ()):
            yield "commit_author", text(event, "author_email") or text(event, "author_name")
            for name in _co_authors(event):
                yield "co_author", name
        commit = records.commits.get(sha)
        if commit is not None:
            yield "commit_author", commit.author
            for mark in commit.agents:
                if mark.grade == "session":
                    yield from _operators(mark.evidence, records)
    yield from _assigners(change, records)


def _operators(place: str, records: Records) -> Iterator[tuple[str, str | None]]:
    """Yield whoever prompted the session that the tool call at a place belongs to."""
    if place in records.sessions:
        for prompt in records.prompts.get(records.sessions[place], ()):
            yield "operator", prompt.actor or prompt.actor_name


def _assigners(change: Change, records: Records) -> Iterator[tuple[str, str | None]]:
    """Yield whoever assigned the pull request to the machine that opened it."""
    author = change.author
    if author is None or not is_machine(author, change.stated("author_type"), records.directory):
        return
    for event in change.events:
        if event.kind == "pull_request.assigned" and (text(event, "assignee") or "") == author:
            yield "assigner", text(event, "assigner")


def _co_authors(commit: Event) -> list[str | None]:
    trailers = commit.data.get("trailers")
    found: list[str | None] = []
    for pair in trailers if isinstance(trailers, list) else []:
        if isinstance(pair, list) and pair and str(pair[0]).casefold() in _CO_AUTHOR:
            match = _ADDRESS.fullmatch(str(pair[-1]))
            if match is not None:
                found += [match[2], match[1].strip()]
    return found
