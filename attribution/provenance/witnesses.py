"""What a repository's own records say of one commit: its metadata, notes, traces, checkpoints."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from attribution.ingest.git import Repository
from attribution.ingest.objects import Objects
from attribution.model.commit import AgentMark
from attribution.provenance.agent_trace import PATH, TracedAgent, Traces, read_traces
from attribution.provenance.checkpoints import TRAILER, Checkpoints
from attribution.provenance.line_notes import LineNote
from attribution.provenance.markers import Mark, find_commit_marks
from attribution.provenance.note_marks import mark_note, say_source
from attribution.provenance.note_refs import NoteRefs
from attribution.provenance.walk import WalkedCommit


@dataclass(frozen=True, slots=True)
class Hearing:
    """The marks on a commit, and its line note with its place.

    `followed_from` is the commit that the note was made for, where that one was rewritten.
    """

    marks: tuple[Mark, ...]
    note: LineNote | None
    place: str | None
    followed_from: str | None


@dataclass(slots=True)
class Witnesses:
    """The records of one repository; `predecessor` names the commit that a rewritten one was."""

    repository: Repository
    objects: Objects
    sizes: Objects
    predecessor: dict[str, str] = field(default_factory=dict)
    notes: NoteRefs = field(init=False)
    traces: Traces = field(init=False)
    checkpoints: Checkpoints = field(init=False)

    def __post_init__(self) -> None:
        """List the notes and read the traces; no note is read yet."""
        self.notes = NoteRefs(self.repository)
        self.traces = read_traces(self.repository, self.sizes)
        self.checkpoints = Checkpoints(self.repository, self.objects)

    def hear(self, walked: WalkedCommit) -> Hearing:
        """Return all that the records say of a commit."""
        sha = walked.sha
        marks = list(find_commit_marks(walked.data, f"commit {sha}"))
        for key, value in walked.trailers:
            if key.casefold() == TRAILER:
                marks += self.checkpoints.find_marks(value)
        noted, source = self._read_note(sha)
        note, place = noted or (None, None)
        if note is not None and place is not None:
            marks += mark_note(note, place, source)
        marks += self._mark_traces(sha)
        return Hearing(tuple(marks), note, place, source)

    def _read_note(self, sha: str) -> tuple[tuple[LineNote, str] | None, str | None]:
        """Return the note about a commit and where it stands, and whose it was if not its own."""
        if sha in self.notes:
            return self.notes.read(sha, self.objects), None
        before = self.predecessor.get(sha)
        if before is None or before not in self.notes:
            return None, None
        noted = self.notes.read(before, self.objects)
        self.notes.account.followed += noted is not None
        return noted, before

    def _mark_traces(self, sha: str) -> list[Mark]:
        traced = self.traces.by_revision
        before = self.predecessor.get(sha, sha)
        agents = traced.get(sha) or traced.get(before) or Counter[TracedAgent]()
        source = None if sha in traced else before
        marks = []
        for agent, lines in agents.items():
            edited = ", edited by people as well" if agent.mixed else ""
            evidence = f"{lines:,} lines{edited}: HEAD:{PATH}{say_source(source)}"
            mark = AgentMark(agent.tool, agent.model, "line_note", evidence)
            marks.append(Mark(mark, weak=False))
        return marks
