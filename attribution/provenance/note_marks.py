"""The marks that a line note gives a commit."""

from __future__ import annotations

from attribution.model.commit import AgentMark
from attribution.provenance.line_notes import LineNote
from attribution.provenance.markers import Mark


def mark_note(note: LineNote, place: str, source: str | None) -> list[Mark]:
    """Return a mark for each agent of a note that stands at `place`.

    `source` is the commit it was made for, where that is another one. An agent none of whose lines
    are in the commit is a weak mark, and so is a name that people bear too.
    """
    marks = []
    for agent in note.agents:
        evidence = f"{agent.lines:,} lines in {agent.files:,} files: {place}{say_source(source)}"
        if agent.doubtful:
            evidence += " (weak: a name alone, which people bear too)"
        mark = AgentMark(agent.tool, agent.model, "line_note", evidence)
        marks.append(Mark(mark, weak=agent.doubtful))
    for agent in note.idle:
        evidence = f"a session of which no line is in the commit: {place}{say_source(source)}"
        marks.append(Mark(AgentMark(agent.tool, agent.model, "session", evidence), weak=True))
    return marks


def say_source(source: str | None) -> str:
    """Return in words that a note was made for another commit; nothing where it was not."""
    return "" if source is None else f", made for commit {source}, which has the same patch"
