"""All that is known of one commit of a repository: its authorship, evidence and anomalies."""

from __future__ import annotations

from dataclasses import dataclass

from attribution.model.commit import AgentMark, Anomaly
from attribution.model.instant import format_optional
from attribution.model.record import JsonValue
from attribution.provenance.line_notes import LineNote
from attribution.provenance.walk import WalkedCommit


@dataclass(frozen=True, slots=True)
class Dossier:
    """One commit; `note` is its line note, and `followed_from` the commit that note was made for.

    `kind` is `agent`, `human_with_agent` or `no_marker`; no marker means unknown, never human.
    """

    walked: WalkedCommit
    kind: str
    agents: tuple[AgentMark, ...]
    anomalies: tuple[Anomaly, ...]
    conflicts: tuple[str, ...]
    note: LineNote | None
    place: str | None
    followed_from: str | None

    @property
    def surplus(self) -> int | None:
        """Return how many lines more the note gives than the commit adds; None if not known."""
        if self.note is None or self.walked.lines is None or len(self.walked.parents) > 1:
            return None
        return max(0, self.note.told_lines - self.walked.lines[0])

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the commit's document of `attribution provenance --json`.

        `lines_added` and `lines_removed` are null where the repository lacks what they are
        counted from; a merge changes nothing of its own.
        """
        walked = self.walked
        added, removed = walked.lines or (None, None)
        return {
            "commit": walked.sha,
            "parents": list[JsonValue](walked.parents),
            "author": walked.author[0],
            "author_email": walked.author[1],
            "committer": walked.committer[0],
            "committer_email": walked.committer[1],
            "authored": format_optional(walked.authored),
            "committed": format_optional(walked.committed),
            "subject": walked.subject,
            "agents": [mark.to_dict() for mark in self.agents],
            "kind": self.kind,
            "conflicts": list[JsonValue](self.conflicts),
            "anomalies": [anomaly.id for anomaly in self.anomalies],
            "anomaly_details": [anomaly.to_dict() for anomaly in self.anomalies],
            "lines_added": added,
            "lines_removed": removed,
            "line_note": self._describe_note(added),
        }

    def _describe_note(self, added: int | None) -> dict[str, JsonValue] | None:
        """Return the note's figures; what it does not cover is untracked, not human.

        A merge adds no lines of its own to tell how many a note leaves out.
        """
        note = self.note
        if note is None:
            return None
        unsaid = added is None or len(self.walked.parents) > 1
        untracked = None if unsaid else max(0, (added or 0) - note.told_lines)
        return {
            "place": self.place,
            "schema": note.schema,
            "agent_lines": note.agent_lines,
            "human_lines": note.human_lines,
            "unexplained_lines": note.unexplained_lines,
            "untracked_lines": untracked,
            "overridden_lines": note.overridden,
            "surplus_lines": self.surplus,
            "incomplete_entries": note.problem_count,
            "followed_from": self.followed_from,
        }
