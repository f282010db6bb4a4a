"""Agent sessions that Entire keeps beside a history, linked to its commits by a trailer.

Layout (entireio/cli, docs/architecture/sessions-and-checkpoints.md): the trailer
`Entire-Checkpoint: ID` names a folder `ID[:2]/ID[2:]` on branch `entire/checkpoints/v1`, with a
`metadata.json` that lists sessions, each with a `metadata.json` and a transcript of its own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from attribution.ingest.fields import items, number, table, text
from attribution.ingest.git import Repository
from attribution.ingest.jsontext import JsonError, decode
from attribution.ingest.objects import Objects
from attribution.ingest.readers.claude_blocks import SYNTHETIC
from attribution.model.commit import AgentMark
from attribution.model.record import JsonValue
from attribution.provenance.markers import Mark
from attribution.provenance.names import find_name

TRAILER = "entire-checkpoint"
TOOL = "Agent recorded by Entire"
"""What an agent is called where the checkpoint gives it no name of its own."""

BRANCH = "entire/checkpoints/v1"
_HELPERS = b'"type":"progress"'
_HEAD = 1000
_ANSWERED = re.compile(rb'"message":\{[^{}]{0,200}?"model":"([^"\\]{1,100})"')
_ANY_MODEL = re.compile(rb'"model"\s*:\s*"([^"\\]{1,100})"')
_LARGEST_READ = 1 << 26
_ID = re.compile(r"[0-9a-f]{12}")
_LARGEST = 1 << 22
_LISTED = 100
_MOST = 100
_UNNAMED = frozenset({"Agent", ""})


@dataclass(slots=True)
class CheckpointAccount:
    """How many checkpoints commits name, and which parts of them are not there."""

    named: int = 0
    found: int = 0
    sessions: int = 0
    transcripts: int = 0
    missing: int = 0
    reasons: list[dict[str, JsonValue]] = field(default_factory=list)

    def miss(self, place: str, reason: str) -> None:
        """Count a part that cannot be read; the first hundred are named."""
        self.missing += 1
        if len(self.reasons) < _LISTED:
            self.reasons.append({"place": place, "reason": reason})

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the counts."""
        return {
            "named": self.named,
            "found": self.found,
            "sessions": self.sessions,
            "transcripts": self.transcripts,
            "missing": self.missing,
            "reasons": list[JsonValue](self.reasons),
        }


class Checkpoints:
    """The checkpoint branch of one repository."""

    def __init__(self, repository: Repository, objects: Objects) -> None:
        """Find the branch."""
        self.account = CheckpointAccount()
        self._objects = objects
        self._ref = find_branch(repository)

    def find_marks(self, checkpoint: str) -> list[Mark]:
        """Return a mark for each session of a checkpoint, weak where no line of it was committed.

        Nothing where the branch, the checkpoint or its metadata is missing, which is counted.
        """
        self.account.named += 1
        if _ID.fullmatch(checkpoint) is None:
            self.account.miss(f"trailer {checkpoint[:_LISTED]}", "not the id of a checkpoint")
            return []
        if self._ref is None:
            self.account.miss(checkpoint, f"there is no branch {BRANCH}")
            return []
        folder = f"{self._ref}:{checkpoint[:2]}/{checkpoint[2:]}"
        summary = self._read(f"{folder}/metadata.json")
        if summary is None:
            return []
        self.account.found += 1
        sessions = [
            (text(table(entry).get("metadata")), text(table(entry).get("transcript")))
            for entry in items(table(summary).get("sessions"))[:_MOST]
        ]
        if not sessions:  # the first layout had one session, described beside the transcript
            return [self._mark(summary, f"{folder}/metadata.json", f"{folder}/full.jsonl")]
        return list(self._read_sessions(sessions))

    def _read_sessions(self, sessions: list[tuple[str | None, str | None]]) -> Iterator[Mark]:
        for metadata, transcript in sessions:
            if metadata is None:
                continue
            place = f"{self._ref}:{metadata.lstrip('/')}"
            facts = self._read(place)
            if facts is not None:
                stored = f"{self._ref}:{transcript.lstrip('/')}" if transcript else None
                yield self._mark(facts, place, stored)

    def _mark(self, facts: JsonValue, place: str, transcript: str | None) -> Mark:
        self.account.sessions += 1
        stated = text(table(facts).get("agent")) or ""
        known = find_name(stated)
        tool = TOOL if stated in _UNNAMED else stated[:_LISTED] if known is None else known.tool
        share = table(table(facts).get("initial_attribution"))
        lines, total = number(share.get("agent_lines")), number(share.get("total_committed"))
        counted = "" if lines is None else f"{lines} of {total} committed lines are the agent's, "
        kept, model = self._find_transcript(place, transcript)
        there = "transcript kept" if kept else "transcript missing"
        evidence = f"{counted}{there}: {place}"
        return Mark(AgentMark(tool, model, "session", evidence), weak=lines == 0 and bool(total))

    def _find_transcript(self, session: str, transcript: str | None) -> tuple[bool, str | None]:
        """Return whether the transcript is there, and the models it names."""
        stored = None if transcript is None else self._objects.read(transcript, _LARGEST_READ)
        if stored is None:
            self.account.miss(transcript or session, "the transcript of the session is missing")
            return False, None
        self.account.transcripts += 1
        return True, None if stored.content is None else find_models(stored.content)

    def _read(self, place: str) -> JsonValue | None:
        stored = self._objects.read(place, _LARGEST)
        if stored is None or stored.kind != "blob":
            self.account.miss(place, "missing from the repository")
            return None
        if stored.content is None:
            self.account.miss(place, f"too large: {stored.size:,} bytes")
            return None
        try:
            return decode(stored.content)
        except JsonError as error:
            self.account.miss(place, error.reason)
            return None


def find_models(transcript: bytes) -> str | None:
    """Return the models that a transcript's answers came from, the most used first, else None.

    Found as text, for a survey reads hundreds of transcripts: a name inside what was said is
    escaped, and a helper's answers, which stand in lines of progress, are not counted. A transcript
    that is one document, as Gemini CLI writes it, has a model beside each answer.
    """
    pattern = _ANY_MODEL if transcript[:2] == b"{\n" else _ANSWERED
    found: Counter[str] = Counter()
    for line in transcript.split(b"\n"):
        if _HELPERS not in line[:_HEAD]:
            found.update(name.decode("utf-8", "replace") for name in pattern.findall(line))
    found.pop(SYNTHETIC, None)
    return ", ".join(sorted(found, key=lambda name: (-found[name], name))) or None


def find_branch(repository: Repository) -> str | None:
    """Return the branch's full name, local before that of a remote."""
    patterns = (f"refs/heads/{BRANCH}", f"refs/remotes/*/{BRANCH}")
    found = repository.run("for-each-ref", "--format=%(refname)", *patterns).split()
    return found[0] if found else None
