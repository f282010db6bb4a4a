"""What is known of a commit: who and what wrote it, on which evidence, and what looks wrong."""

from __future__ import annotations

from dataclasses import dataclass, field

from attribution.model.instant import Instant, format_optional
from attribution.model.record import JsonValue

GRADES = ("line_note", "bot_author", "session", "trailer")
"""Grades of evidence that an AI agent wrote a commit, strongest first."""


@dataclass(frozen=True, slots=True)
class AgentMark:
    """One mark of an AI agent on a commit: the tool, its grade of evidence, and where it stands."""

    tool: str
    model: str | None
    grade: str
    evidence: str

    def to_dict(self) -> dict[str, JsonValue]:
        """Return tool, model, grade and evidence."""
        return {
            "tool": self.tool,
            "model": self.model,
            "grade": self.grade,
            "evidence": self.evidence,
        }


@dataclass(frozen=True, slots=True)
class Anomaly:
    """Something in a commit's metadata that does not fit, with how rare it is in its history.

    `id` is a term such as `copied_author_date`; `count` of `total` commits of the same record
    show it.
    """

    id: str
    statement: str
    count: int
    total: int

    def to_dict(self) -> dict[str, JsonValue]:
        """Return id, statement and rarity."""
        return {
            "id": self.id,
            "statement": self.statement,
            "count": self.count,
            "total": self.total,
        }


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit with its authorship. `kind` is `agent`, `human_with_agent` or `no_marker`.

    No marker means unknown, never human. `author` and `committer` are ids of resolved actors, or
    the names the commit carries where none is known. `pull_request` is the number of the pull
    request that carried it, None where no record shows one. `picked_from` are the commits its
    message says it was picked from.
    """

    sha: str
    repository: str | None
    parents: tuple[str, ...]
    author: str
    committer: str
    authored: Instant | None
    committed: Instant | None
    subject: str
    kind: str
    agents: tuple[AgentMark, ...] = ()
    anomalies: tuple[Anomaly, ...] = ()
    files: tuple[str, ...] = ()
    lines_added: int = 0
    lines_removed: int = 0
    reverts: tuple[str, ...] = ()
    pull_request: int | None = None
    references: tuple[str, ...] = field(default=())
    picked_from: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the commit document of `attribution provenance --json`, with more keys beside."""
        return {
            "commit": self.sha,
            "repository": self.repository,
            "author": self.author,
            "committer": self.committer,
            "authored": format_optional(self.authored),
            "committed": format_optional(self.committed),
            "subject": self.subject,
            "agents": [mark.to_dict() for mark in self.agents],
            "kind": self.kind,
            "anomalies": [anomaly.id for anomaly in self.anomalies],
            "anomaly_details": [anomaly.to_dict() for anomaly in self.anomalies],
            "files": list(self.files),
            "lines_added": self.lines_added,
            "lines_removed": self.lines_removed,
            "reverts": list(self.reverts),
            "pull_request": self.pull_request,
            "evidence": list(self.references),
        }
