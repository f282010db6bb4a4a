"""Transcripts of agents' sessions found in files, in folders, and on a checkpoint branch.

A transcript is read through the reader of its format, one after another, and let go: what is in
memory is one of them and what was kept of the sessions. Transcripts of agents whose format is not
read are named as such, never read as something else.
"""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from attribution.errors import FormatError, InputError
from attribution.ingest import read_evidence
from attribution.ingest.fields import Table, table
from attribution.ingest.git import Repository, open_repository
from attribution.ingest.jsontext import JsonError, decode
from attribution.ingest.objects import Objects
from attribution.ingest.source import is_repository
from attribution.model.event import Event
from attribution.model.record import JsonValue, Reading, Record
from attribution.provenance.checkpoints import BRANCH, find_branch

_TRANSCRIPT = re.compile(r"(?:.*/)?full\.jsonl(?:\.\d+)?")
_SUFFIXES = (".jsonl", ".json", ".ndjson", ".jsonl.gz", ".json.gz")
_LARGEST = 256 << 20
_LISTED = 100
_BUNDLES = (b"# v2 git bundle\n", b"# v3 git bundle\n")
_TELLING = ("gen_ai.operation.name", "gen_ai.tool.name", "gen_ai.agent.name", "llm.request.type")
_NONE = "no session of an agent in it"

FOREIGN: tuple[tuple[str, frozenset[str], str], ...] = (
    (
        "Gemini CLI",
        frozenset({"sessionId", "projectHash", "messages"}),
        "google-gemini/gemini-cli, chat recordings (~/.gemini/tmp/*/chats/*.json)",
    ),
    ("OpenCode", frozenset({"info", "messages"}), "OpenCode, `opencode export`"),
    (
        "Codex CLI",
        frozenset({"timestamp", "type", "payload"}),
        "openai/codex, rollouts (~/.codex/sessions/**/rollout-*.jsonl)",
    ),
)
"""Agents whose transcripts are not read: name, the keys of the document or line, who says so."""


@dataclass(slots=True)
class TranscriptAccount:
    """What became of every transcript, and of the entries of those that were read."""

    found: int = 0
    read: int = 0
    missing: int = 0
    not_read: Counter[str] = field(default_factory=Counter)
    entries: Counter[str] = field(default_factory=Counter)
    reasons: list[dict[str, JsonValue]] = field(default_factory=list)

    def note(self, place: str, reason: str) -> None:
        """Name what could not be read; the first hundred are kept."""
        if len(self.reasons) < _LISTED:
            self.reasons.append({"place": place, "reason": reason})

    def add(self, label: str, reading: Reading) -> None:
        """Count a transcript that was read, and its entries."""
        self.read += 1
        self.entries.update(reading.accounting.to_dict())
        for rejection in reading.rejections:
            self.note(f"{label}#{rejection.place}", rejection.reason)

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the counts: found = read + missing + not read."""
        names = ("read", "kept", "duplicate", "undated", "rejected")
        return {
            "found": self.found,
            "read": self.read,
            "missing": self.missing,
            "not_read": {name: self.not_read[name] for name in sorted(self.not_read)},
            "entries": {name: self.entries[name] for name in names},
            "reasons": list[JsonValue](self.reasons),
        }


class Transcripts:
    """The transcripts of some sources; iterate `events` once, then look at `account`."""

    def __init__(self, sources: Sequence[Path], tell: Callable[[str], object] = bool) -> None:
        """Name files, folders, repositories or bundles; `tell` is told what is being read."""
        self._sources = sources
        self._tell = tell
        self.account = TranscriptAccount()

    def events(self) -> Iterator[Event]:
        """Yield the session events of all transcripts.

        Raises InputError for a file named that cannot be read or is no session, and for a
        repository without a branch of checkpoints.
        """
        for source in self._sources:
            if _is_history(source):
                yield from self._read_repository(source)
            elif source.is_dir():
                yield from self._read_folder(source)
            else:
                yield from self._read_named(source)

    def _read_named(self, path: Path) -> Iterator[Event]:
        self.account.found += 1
        foreign = tell_foreign(path)
        if foreign is not None:
            raise InputError(
                f"this is a transcript of {foreign}, which is not read",
                file=str(path),
                expected="a transcript of Claude Code (JSON lines), or traces in OTLP/JSON",
                remedy="export its traces with gen_ai attributes, where it can",
            )
        try:
            reading = read_evidence(path)
        except FormatError as error:
            raise _no_session(path, error.got) from None
        events = list(_session_events(str(path), reading.records))
        if not events:
            raise _no_session(path, _describe_records(reading))
        self.account.add(str(path), reading)
        yield from events

    def _read_folder(self, folder: Path) -> Iterator[Event]:
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if path.is_symlink() or not path.is_file() or not name.endswith(_SUFFIXES):
                continue
            self.account.found += 1
            self._tell(f"reading {name}")
            yield from self._read_one(path, f"{folder}/{name}")

    def _read_repository(self, path: Path) -> Iterator[Event]:
        with ExitStack() as stack:
            repository = stack.enter_context(open_repository(path))
            branch = find_branch(repository)
            if branch is None:
                raise InputError(
                    "the repository has no branch of checkpoints",
                    file=str(path),
                    expected=f"a branch {BRANCH}, where sessions are kept beside the history",
                    remedy=f"git fetch origin {BRANCH}:{BRANCH}; or name the transcripts",
                )
            objects = stack.enter_context(repository.objects())
            copy = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "transcript"
            names = _list_transcripts(repository, branch)
            for number, name in enumerate(names, start=1):
                self.account.found += 1
                self._tell(f"reading transcript {number:,} of {len(names):,}")
                if self._fetch(objects, f"{branch}:{name}", f"{BRANCH}:{name}", copy):
                    yield from self._read_one(copy, f"{BRANCH}:{name}")

    def _fetch(self, objects: Objects, name: str, label: str, copy: Path) -> bool:
        stored = objects.read(name, _LARGEST)
        if stored is None or stored.kind != "blob":
            self.account.missing += 1
            self.account.note(label, "missing from the repository")
        elif stored.content is None:
            self.account.not_read["too large"] += 1
            self.account.note(label, f"too large: {stored.size:,} bytes")
        else:
            copy.write_bytes(stored.content)
            return True
        return False

    def _read_one(self, path: Path, label: str) -> Iterator[Event]:
        """Yield the events of one transcript among many: what cannot be read loses none other."""
        foreign = tell_foreign(path)
        if foreign is not None:
            self.account.not_read[f"format {foreign}"] += 1
            self.account.note(label, f"not read: format {foreign}")
            return
        try:
            reading = read_evidence(path)
        except InputError as error:
            self.account.not_read["not to be told, or broken"] += 1
            said = error.args[0] if error.args else "cannot be read"
            self.account.note(label, f"{said}: {error.got}" if error.got else str(said))
            return
        events = list(_session_events(label, reading.records))
        if events:
            self.account.add(label, reading)
            yield from events
        else:
            self.account.not_read[_NONE] += 1


def _no_session(path: Path, got: str | None) -> InputError:
    return InputError(
        "there is no session of an agent in this file",
        file=str(path),
        got=got,
        expected="a transcript of Claude Code, or traces whose spans name an operation, a tool, an"
        f" agent or messages: {', '.join(_TELLING)}",
        remedy="name the transcript (~/.claude/projects/*/*.jsonl) or the exported trace;"
        " `attribution read FILE` shows what else a file holds",
    )


def _describe_records(reading: Reading) -> str:
    """Return how many records there are, and which attributes of models they do bear."""
    borne = {
        name
        for record in reading.records
        for name in table(record.data.get("attributes"))
        if name.startswith("gen_ai.")
    }
    count = len(reading.records)
    told = f"{count:,} record{'' if count == 1 else 's'} of format {reading.format}"
    return f"{told}, with {', '.join(sorted(borne)[:5])} alone" if borne else told


def tell_foreign(path: Path) -> str | None:
    """Return whose transcript a file is, of the agents whose transcripts are not read."""
    document = _peek(path)
    if document is None:
        return None
    for name, keys, _ in FOREIGN:
        if keys <= document.keys() and ("uuid" not in document):
            return name
    return None


def _peek(path: Path) -> Table | None:
    """Return the object on the first line, or the whole document where it is one object."""
    try:
        with path.open("rb") as file:
            first = file.readline(_LARGEST)
            try:
                value = decode(first)
            except JsonError:
                value = decode(first + file.read(_LARGEST))
    except (OSError, JsonError):
        return None
    return value if isinstance(value, dict) else None


def _is_history(path: Path) -> bool:
    if path.is_dir():
        return is_repository(path)
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(_BUNDLES[0])).startswith(_BUNDLES)


def _list_transcripts(repository: Repository, branch: str) -> list[str]:
    names = repository.split("ls-tree", "-r", "-z", "--name-only", "--full-tree", branch)
    return sorted(name for name in names if _TRANSCRIPT.fullmatch(name))


def _session_events(label: str, records: Sequence[Record]) -> Iterator[Event]:
    for record in records:
        if record.kind.startswith("session."):
            yield Event.of_record(record, label)
