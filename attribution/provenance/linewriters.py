"""Whose a line is, by what the repository records of the commit that wrote it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from attribution.ingest.git import Repository
from attribution.ingest.opening import Opening
from attribution.ingest.readers.git_notes import NOTES
from attribution.provenance.agent_trace import PATH, TracedSpan, read_traces
from attribution.provenance.blame import BlamedLine
from attribution.provenance.counterparts import pair_lines
from attribution.provenance.facts import LONGEST, Fact, People, read_header
from attribution.provenance.history import History, Identity
from attribution.provenance.line_notes import LineNote
from attribution.provenance.note_text import PERSON, NotedEntry
from attribution.provenance.patches import read_patches
from attribution.provenance.rewritten import follow_rewritten
from attribution.provenance.span_index import SpanIndex
from attribution.provenance.unfolding import Place, Unfolding
from attribution.provenance.walk import Walk, WalkedCommit
from attribution.provenance.witnesses import Hearing, Witnesses
from attribution.provenance.writing import (
    COMMIT,
    Writing,
    credit_agent,
    credit_name,
    credit_person,
    judge_commit,
    leave_out,
)


class LineWriters(Opening):
    """Judges lines that blame has found; use it as a context, once."""

    def __init__(self, repository: Repository, tell: Callable[[str], object]) -> None:
        self._repository = repository
        self._tell = tell
        super().__init__()
        self._unfolding = Unfolding(repository, tell)
        self._commits: dict[str, WalkedCommit] = {}
        self._heard: dict[str, Hearing] = {}
        self._spans: dict[str, list[TracedSpan]] = {}
        self._noted: dict[str, SpanIndex[NotedEntry]] = {}
        self._traced: dict[str, SpanIndex[TracedSpan]] = {}
        self._numbers: dict[str, dict[str, dict[int, int]] | None] = {}

    def _open(self) -> None:
        self._objects = self._stack.enter_context(self._repository.objects())
        self._sizes = self._stack.enter_context(self._repository.objects(contents=False))
        self._witnesses = Witnesses(self._repository, self._objects, self._sizes)
        self._shallow = self._repository.is_shallow

    def judge(self, blamed: Mapping[int, BlamedLine]) -> list[tuple[int, Writing]]:
        """Return what can be said of each line, in the order of their numbers."""
        places = {n: Place(line.commit, line.path, line.number) for n, line in blamed.items()}
        self._read_commits(place.sha for place in places.values())
        silent = {sha: row for sha, row in self._commits.items() if not self._is_noted(sha)}
        places = self._unfolding.unfold(places, silent)
        self._read_commits(place.sha for place in places.values())
        self._follow_notes()
        detailed = {*self._commits, *self._witnesses.predecessor.values()}
        self._spans = read_traces(self._repository, self._sizes, sorted(detailed)).spans
        for sha in sorted(self._commits):
            self._heard[sha] = self._witnesses.hear(self._commits[sha])
        return [(number, self._judge_line(places[number])) for number in sorted(places)]

    def remarks(self) -> Iterator[str]:
        """Yield what to bear in mind of the answers."""
        if not self._witnesses.notes.account.is_any_there:
            yield (
                f"no line notes: {NOTES} is not here, and a plain clone takes none along"
                " (git fetch origin 'refs/notes/*:refs/notes/*')"
            )
        for lost in self._witnesses.notes.account.reasons:
            yield f"not read: {lost['place']}, {lost['reason']}"
        yield from self._unfolding.remarks()

    def _read_commits(self, shas: Iterator[str]) -> None:
        wanted = [sha for sha in dict.fromkeys(shas) if sha not in self._commits]
        for walked in Walk(self._repository).commits(wanted):
            self._commits[walked.sha] = walked

    def _is_noted(self, sha: str) -> bool:
        return sha in self._witnesses.notes or sha in self._witnesses.traces.by_revision

    def _follow_notes(self) -> None:
        """Find the noted or traced commits that those without a note were made of anew."""
        rows: list[tuple[Fact, Identity, Identity, bool]] = []
        people = People()
        for sha in sorted(self._commits):
            stored = None if self._is_noted(sha) else self._objects.read(sha, LONGEST)
            if stored is not None and stored.content is not None:
                text = stored.content.decode("utf-8", "replace")
                row = read_header(f"{sha}\n{text}", people, {})
                rows += [] if row is None else [row]
        noted = self._witnesses.notes.shas | self._witnesses.traces.by_revision.keys()
        if not rows or not noted:
            return
        self._tell(f"looking for commits among {len(noted):,} with notes that were made anew")
        facts, authors, committers, signed = zip(*rows, strict=True)
        history = History(facts, authors, committers, signed)
        found = follow_rewritten(self._repository, self._objects, history, noted)
        self._witnesses.predecessor = found.predecessor

    def _judge_line(self, place: Place) -> Writing:
        writing = self._judge_place(place)
        if place.squash is None:
            return writing
        remark = f"came in by {place.squash}, a squash of pull request #{place.request}"
        writing = replace(writing, remarks=(*writing.remarks, remark))
        squash = self._judge_commit(place.squash, place)
        if writing.standing != "no_marker" or not squash.agents:
            return writing
        why = "commit-level evidence: the squash is marked, the commit it was made of is not"
        return replace(
            writing, standing="marked_commit", level=COMMIT, agents=squash.agents, why=why
        )

    def _judge_place(self, place: Place) -> Writing:
        commit = self._commits[place.sha]
        if self._shallow and not commit.parents:
            why = "an earlier commit may have written it: the history is cut here"
            return Writing(commit, place.path, place.number, "beyond_history", None, why=why)
        heard = self._heard[place.sha]
        if heard.note is not None:
            return self._judge_noted(place, heard.note, heard)
        return self._judge_traced(place) or self._judge_commit(place.sha, place)

    def _judge_noted(self, place: Place, note: LineNote, heard: Hearing) -> Writing:
        commit = self._judge_commit(place.sha, place)
        source = heard.followed_from
        number = place.number if source is None else self._counterpart(place, source)
        if number is None:
            remark = f"{heard.place} is about {source}, and not where its lines are now"
            return replace(commit, remarks=(*commit.remarks, remark))
        if place.sha not in self._noted:
            self._noted[place.sha] = note.index_lines()
        entry = self._noted[place.sha].find(place.path, number)
        told = f"{heard.place}{_say_source(source)}"
        if entry is None:
            return leave_out(commit, told)
        if entry.kind == PERSON:
            return credit_person(commit, f"{told}, by what an editor saw,")
        if entry.agent is None or entry.doubtful:
            return credit_name(commit, entry, told)
        writing = credit_agent(commit, entry.agent, told)
        if not entry.overridden:
            return writing
        remark = (
            f"people changed {entry.overridden:,} lines of this session before the commit;"
            " the note does not say which"
        )
        return replace(writing, remarks=(*writing.remarks, remark))

    def _judge_traced(self, place: Place) -> Writing | None:
        """Return what a trace says of a line, None where the commit has none."""
        traces = self._witnesses.traces.by_revision
        source = place.sha if place.sha in traces else self._witnesses.predecessor.get(place.sha)
        if source not in traces:
            return None
        same = source == place.sha
        number = place.number if same else self._counterpart(place, source)
        told = f"HEAD:{PATH}{_say_source(None if same else source)}"
        commit = self._judge_commit(place.sha, place)
        if source not in self._traced:
            spans = self._spans.get(source, ())
            rows = ((span.path, span.first, span.last, span) for span in spans)
            self._traced[source] = SpanIndex(rows)
        span = None if number is None else self._traced[source].find(place.path, number)
        if span is None:
            return leave_out(commit, told)
        agent = span.agent
        if agent is None:
            return credit_person(commit, told)
        writing = credit_agent(commit, (agent.tool, agent.model), told)
        if not agent.mixed:
            return writing
        return replace(writing, standing="agent_and_person", why=f"{writing.why} and people")

    def _judge_commit(self, sha: str, place: Place) -> Writing:
        return judge_commit(self._commits[sha], place, self._heard[sha].marks)

    def _counterpart(self, place: Place, old: str) -> int | None:
        """Return the line's number in the commit its note was made for, None if not to be told."""
        if place.sha not in self._numbers:
            self._numbers[place.sha] = self._pair(place.sha, old)
        pairs = self._numbers[place.sha]
        return place.number if pairs is None else pairs.get(place.path, {}).get(place.number)

    def _pair(self, new: str, old: str) -> dict[str, dict[int, int]] | None:
        """Return the lines of two commits with the same patch in pairs; None: all are the same."""
        self._read_commits(iter([old]))
        sides = [self._commits[new], self._commits[old]]
        if not any(side.parents for side in sides):
            return None
        if not all(side.parents for side in sides):
            return {}
        steps = [(side.parents[0], side.sha) for side in sides]
        return pair_lines(*read_patches(self._repository, steps))


def _say_source(source: str | None) -> str:
    return "" if source is None else f" (made for commit {source}, which has the same patch)"
