"""Who and what wrote each commit of a timeline, graded by evidence.

Line note > bot author > session transcript > trailer > nothing. No mark means unknown, never
human: a person's name as the author says who committed, not who wrote.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from attribution.model.actor import Actor, ActorDirectory
from attribution.model.commit import GRADES, AgentMark, Commit
from attribution.model.event import Event
from attribution.model.instant import Instant, parse_instant
from attribution.model.record import JsonValue
from attribution.provenance.anomalies import find_anomalies
from attribution.provenance.forced import add_forced, find_forced
from attribution.provenance.history import History, Identity, identify
from attribution.provenance.line_notes import parse_line_note
from attribution.provenance.markers import Mark, co_authors, find_commit_marks, find_request_marks
from attribution.provenance.note_marks import mark_note
from attribution.provenance.note_text import NoteError
from attribution.provenance.requests import PullRequest, RequestIndex, find_requests
from attribution.provenance.sessions import expand, find_session_marks


def trace_commits(events: Iterable[Event], directory: ActorDirectory) -> tuple[Commit, ...]:
    """Return every commit among the events with its authorship and anomalies, in time order.

    `kind` is `agent` where the recorded author is an agent, `human_with_agent` where the author
    is not but a mark shows an agent at work, else `no_marker`. A weak mark is listed and decides
    nothing alone. Marks of several grades are all kept, strongest first.
    """
    events = tuple(events)
    found = [event for event in events if event.kind == "commit" and _text(event.data, "sha")]
    requests = RequestIndex(find_requests(events))
    shas = sorted(str(event.data["sha"]) for event in found)
    sessions = find_session_marks(events, shas).marks
    forced = find_forced(events)
    commits: dict[str, Commit] = {}
    for group in _by_repository(found).values():
        authors = tuple(identify(event.data, "author", directory) for event in group)
        committers = tuple(identify(event.data, "committer", directory) for event in group)
        traced = tuple(
            _trace(
                event,
                (author, committer),
                requests.request_of(event),
                sessions=sessions,
                directory=directory,
            )
            for event, author, committer in zip(group, authors, committers, strict=True)
        )
        signed = tuple(_signed(event.data) for event in group)
        usual = find_anomalies(History(traced, authors, committers, signed))
        anomalies = add_forced(usual, [commit.sha in forced for commit in traced])
        for event, commit, noticed in zip(group, traced, anomalies, strict=True):
            reverts = tuple(expand(short, shas) or short for short in commit.reverts)
            picked = tuple(expand(short, shas) or short for short in commit.picked_from)
            commits[event.id] = replace(
                commit, anomalies=noticed, reverts=reverts, picked_from=picked
            )
    return tuple(commits[event.id] for event in found)


def _trace(
    event: Event,
    people: tuple[Identity, Identity],
    request: PullRequest | None,
    *,
    sessions: Mapping[str, Sequence[AgentMark]],
    directory: ActorDirectory,
) -> Commit:
    data = event.data
    author, committer = people
    sha = str(data["sha"])
    reference = event.references[0]
    body = event.text.partition("\n")[2]
    marks = list(find_commit_marks({**data, "body": body}, reference))
    marks += _noted_agents(data, reference)
    marks += _declared_agent(author.actor, reference)
    marks += _declared_co_authors(data, directory, reference)
    marks += [Mark(mark, weak=False) for mark in sessions.get(sha, ())]
    if request is not None and request.reference is not None:
        marks += find_request_marks(
            request.author, request.head_ref, request.reference, request.body
        )
    return Commit(
        sha=sha,
        repository=_text(data, "repository"),
        parents=_texts(data, "parents"),
        author=author.shown,
        committer=committer.shown,
        authored=_instant(data, "authored"),
        committed=_instant(data, "committed") or event.time,
        subject=_text(data, "subject") or event.text,
        kind=judge_kind(marks),
        agents=sort_marks(marks),
        files=_texts(data, "files"),
        lines_added=_count(data, "lines_added"),
        lines_removed=_count(data, "lines_removed"),
        reverts=_texts(data, "reverts"),
        pull_request=None if request is None else request.number,
        references=event.references,
        picked_from=_texts(data, "picked_from"),
    )


def _noted_agents(data: Mapping[str, JsonValue], reference: str) -> list[Mark]:
    """Return the marks of the line note that the reader of the repository found."""
    note = data.get("line_note")
    text, place = (note.get("text"), note.get("place")) if isinstance(note, dict) else (None, None)
    if not isinstance(text, str):
        return []
    try:
        marks = mark_note(parse_line_note(text.encode()), f"{reference}, {place}", None)
    except NoteError:  # the reader has rejected what it could not use; the record keeps the rest
        return []
    return [mark for mark in marks if not mark.weak]


def _declared_agent(actor: Actor | None, reference: str) -> list[Mark]:
    """Return the mark of an author whom the case itself knows to be an agent."""
    if actor is None or actor.kind != "agent":
        return []
    mark = AgentMark(actor.name, None, "bot_author", f"{reference}, author is actor {actor.id}")
    return [Mark(mark, weak=False)]


def _declared_co_authors(
    data: Mapping[str, JsonValue], directory: ActorDirectory, reference: str
) -> list[Mark]:
    """Return the marks of trailers that name an agent the case itself declares."""
    marks = []
    for name, email in co_authors(data):
        actor = directory.resolve(email) or directory.resolve(name)
        if actor is not None and actor.kind == "agent":
            place = f"{reference}, co-author {email} is actor {actor.id}"
            marks.append(Mark(AgentMark(actor.name, None, "trailer", place), weak=False))
    return marks


def judge_kind(marks: Iterable[Mark]) -> str:
    """Return `agent`, `human_with_agent` or `no_marker`; a weak mark decides nothing."""
    grades = {mark.agent.grade for mark in marks if not mark.weak}
    if "bot_author" in grades:
        return "agent"
    return "human_with_agent" if grades else "no_marker"


def sort_marks(marks: Iterable[Mark]) -> tuple[AgentMark, ...]:
    """Return the marks by grade, strongest first; none gives way to one that contradicts it."""
    return tuple(
        dict.fromkeys(
            sorted(
                (mark.agent for mark in marks),
                key=lambda mark: (GRADES.index(mark.grade), mark.tool, mark.evidence),
            )
        )
    )


def _by_repository(events: Iterable[Event]) -> dict[str, list[Event]]:
    """Return the commits of each history: by repository, else by the item that holds them."""
    groups: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        groups[_text(event.data, "repository") or f"#{event.witnesses[0].evidence}"].append(event)
    return groups


def _signed(data: Mapping[str, JsonValue]) -> bool | None:
    signed = data.get("signed")
    return signed if isinstance(signed, bool) else None


def _instant(data: Mapping[str, JsonValue], key: str) -> Instant | None:
    value = data.get(key)
    try:
        return parse_instant(value) if isinstance(value, str) and value else None
    except ValueError:
        return None  # a record kept by hand may say anything there


def _text(data: Mapping[str, JsonValue], key: str) -> str | None:
    value = data.get(key)
    return value if isinstance(value, str) and value else None


def _texts(data: Mapping[str, JsonValue], key: str) -> tuple[str, ...]:
    value = data.get(key)
    return tuple(str(part) for part in value) if isinstance(value, list) else ()


def _count(data: Mapping[str, JsonValue], key: str) -> int:
    value = data.get(key)
    return value if isinstance(value, int) else 0
