"""What can be said of who wrote a line, and on which evidence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from attribution.model.commit import AgentMark
from attribution.provenance.authorship import sort_marks
from attribution.provenance.markers import Mark
from attribution.provenance.note_text import NotedEntry
from attribution.provenance.unfolding import Place
from attribution.provenance.walk import WalkedCommit

STANDINGS = (
    "agent",
    "agent_and_person",
    "person",
    "agent_commit",
    "marked_commit",
    "untracked",
    "no_marker",
    "beyond_history",
)
"""What can be said of a line.

`agent`, `agent_and_person`, `person`: a record of single lines says so. `agent_commit`: the author
of its commit is an agent. `marked_commit`: its commit bears an agent's mark; which of its lines is
not visible. `untracked`: its commit has a line note, which leaves it out. `no_marker`: unknown,
never human. `beyond_history`: a shallow clone is cut there.
"""

LINE, COMMIT = "line", "commit"


@dataclass(frozen=True, slots=True)
class Writing:
    """Who or what wrote a line: `number` of `path` in `commit`.

    `agents` are the marks that the standing rests on, and `weak` those that decide nothing. `level`
    is `line` or `commit`, what the evidence is about, None without any.
    """

    commit: WalkedCommit
    path: str
    number: int
    standing: str
    level: str | None
    agents: tuple[AgentMark, ...] = ()
    weak: tuple[AgentMark, ...] = ()
    why: str = ""
    remarks: tuple[str, ...] = ()

    @property
    def claim(self) -> tuple[object, ...]:
        """Return what two lines must have in common to be told as one."""
        return self.standing, self.agents, self.weak, self.why, self.remarks


def judge_commit(commit: WalkedCommit, place: Place, marks: Iterable[Mark]) -> Writing:
    """Return what a commit's own marks say, which is nothing of single lines."""
    told = [mark for mark in marks if mark.agent.grade != "line_note"]
    strong = [mark for mark in told if not mark.weak]
    standing, why = "no_marker", "no marker: unknown"
    if any(mark.agent.grade == "bot_author" for mark in strong):
        standing, why = "agent_commit", "commit-level evidence: the commit's author is the agent"
    elif strong:
        standing = "marked_commit"
        why = "commit-level evidence: the commit is marked, which of its lines is not visible"
    return Writing(
        commit,
        place.path,
        place.number,
        standing,
        COMMIT if strong else None,
        sort_marks(strong),
        sort_marks(mark for mark in told if mark.weak),
        why,
    )


def credit_agent(commit: Writing, agent: tuple[str, str | None], told: str) -> Writing:
    """Return that the record `told` gives the line to an agent."""
    mark = AgentMark(*agent, "line_note", told)
    why = f"{told} gives it to the agent"
    return replace(commit, standing="agent", level=LINE, agents=(mark,), weak=(), why=why)


def credit_person(commit: Writing, told: str) -> Writing:
    """Return that the record `told` gives the line to a person."""
    why = f"{told} gives it to a person"
    return replace(commit, standing="person", level=LINE, agents=(), weak=(), why=why)


def credit_name(commit: Writing, entry: NotedEntry, told: str) -> Writing:
    """Return that a note gives the line to a name that may be an agent's or a person's."""
    named = () if entry.agent is None else (AgentMark(*entry.agent, "line_note", told),)
    why = f"{told} gives it to a name that it does not call an agent's or a person's"
    return replace(commit, standing="untracked", level=None, agents=(), weak=named, why=why)


def leave_out(commit: Writing, told: str) -> Writing:
    """Return the standing of a line that a record of its commit's lines does not cover."""
    if commit.standing == "agent_commit":
        return replace(commit, remarks=(*commit.remarks, f"{told} leaves it out"))
    why = f"{told} leaves it out, and does not say who wrote it"
    weak = (*commit.agents, *commit.weak)
    return replace(commit, standing="untracked", level=None, agents=(), weak=weak, why=why)
