"""Which lines of a commit an agent wrote, as the notes of git-ai record it.

A line that no entry covers is untracked: the note says nothing of who wrote it, and so do we.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from attribution.provenance.note_text import (
    AGENT,
    PERSON,
    UNEXPLAINED,
    Agent,
    NotedEntry,
    Spans,
    read_note,
)
from attribution.provenance.span_index import SpanIndex

LARGEST = 1 << 25
"""A note of more bytes than this is not read; the largest seen in public has a tenth."""


@dataclass(frozen=True, slots=True)
class NotedAgent:
    """An agent a note names: how many lines in how many files are its own in this commit.

    `doubtful`: the note gives a name that people bear too, and nothing else.
    """

    tool: str
    model: str | None
    lines: int
    files: int
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class LineNote:
    """What a note says of a commit's lines; `problems` are the first entries that say nothing.

    `idle` are the agents of recorded sessions none of whose lines are in the commit; `overridden`
    counts the agents' lines that people changed before it, and `unexplained_lines` those of names
    that the note calls neither agent nor human. `entries` are the note's own, in its order.
    """

    schema: str
    agents: tuple[NotedAgent, ...]
    idle: tuple[NotedAgent, ...] = ()
    human_lines: int = 0
    unexplained_lines: int = 0
    overridden: int = 0
    problems: tuple[str, ...] = ()
    problem_count: int = 0
    entries: tuple[NotedEntry, ...] = ()

    def index_lines(self) -> SpanIndex[NotedEntry]:
        """Return the entries by line; the last about a line counts, as for git-ai itself."""
        return SpanIndex(
            (entry.path, first, last, entry)
            for entry in self.entries
            for first, last in entry.spans
        )

    @property
    def agent_lines(self) -> int:
        """Return the lines that agents wrote, without those of doubtful names."""
        return sum(agent.lines for agent in self.agents if not agent.doubtful)

    @property
    def told_lines(self) -> int:
        """Return the lines that some entry is about, whoever it names."""
        agents = sum(agent.lines for agent in self.agents)
        return agents + self.human_lines + self.unexplained_lines


def parse_line_note(data: bytes) -> LineNote:
    """Return what a note says; NoteError with the reason when it is not one of these formats."""
    note = read_note(data)
    certain: dict[Agent, dict[str, Spans]] = defaultdict(dict)
    doubtful: dict[Agent, dict[str, Spans]] = defaultdict(dict)
    human: dict[str, Spans] = {}
    for entry in note.entries:
        if entry.kind == PERSON:
            human.setdefault(entry.path, []).extend(entry.spans)
        elif entry.kind == AGENT and entry.agent is not None:
            lines = doubtful if entry.doubtful else certain
            lines[entry.agent].setdefault(entry.path, []).extend(entry.spans)
    unexplained = (entry.spans for entry in note.entries if entry.kind == UNEXPLAINED)
    return LineNote(
        note.schema,
        (*_count_agents(certain), *_count_agents(doubtful, doubtful=True)),
        tuple(NotedAgent(*agent, 0, 0) for agent in _sort(note.agents - certain.keys())),
        human_lines=sum(map(_measure, human.values())),
        unexplained_lines=sum(map(_measure, unexplained)),
        overridden=note.overridden,
        problems=tuple(note.problems.first),
        problem_count=note.problems.count,
        entries=note.entries,
    )


def _count_agents(
    lines: Mapping[Agent, Mapping[str, Spans]], *, doubtful: bool = False
) -> tuple[NotedAgent, ...]:
    return tuple(
        NotedAgent(*agent, sum(map(_measure, lines[agent].values())), len(lines[agent]), doubtful)
        for agent in _sort(lines)
    )


def _measure(spans: Spans) -> int:
    """Return how many lines the spans cover, those that several cover counted once."""
    total = reached = 0
    for first, last in sorted(spans):
        total += max(0, last - max(first - 1, reached))
        reached = max(reached, last)
    return total


def _sort(agents: Iterable[Agent]) -> list[Agent]:
    return sorted(agents, key=lambda agent: (agent[0], agent[1] or ""))
