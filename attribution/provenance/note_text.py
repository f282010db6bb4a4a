"""The entries of a line note of git-ai: which lines of which file are whose.

Formats: git-ai-project/git-ai, specs/git_ai_standard_v3.0.0.md (`authorship/3.0.0`: lines of
paths and ranges, `---`, JSON), and the JSON of `authorship/0.0.1` before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from attribution.ingest.fields import items, table
from attribution.ingest.jsontext import JsonError, decode, decode_text
from attribution.model.record import JsonValue
from attribution.provenance.names import find_name

MOST_ENTRIES = 1 << 22
"""So many bytes of a note may be ranges of lines, each of which takes more room once it is read."""

UNNAMED = "unnamed agent"
AGENT, PERSON, UNEXPLAINED = "agent", "person", "unexplained"

_KEPT = 100
_SHOWN = 100
_LAST = 10**10 - 1
_DIVIDER = b"---\n"
_RANGE = re.compile(r"([1-9]\d{0,9})(?:-([1-9]\d{0,9}))?")
_PERSON = re.compile(r"h_.*")
_SESSION = re.compile(r"(?:s_)?[0-9a-f-]{7,36}")  # also a UUID, in notes of early versions
# Keys that git-ai wrote in some of its versions for an agent it knew nothing of, and for what no
# agent was seen to write; it has never read the latter as a person's.
_AGENTLESS = "human"
_ANONYMOUS = ("ai_agent", _AGENTLESS)

Spans = list[tuple[int, int]]
Agent = tuple[str, str | None]
"""Tool and model."""


class _Session(msgspec.Struct):
    """What is used of a session or prompt; the messages that fill most notes are passed over."""

    agent_id: Any = None
    overriden_lines: Any = None


class _Metadata(msgspec.Struct):
    """What is used of a note's JSON."""

    schema_version: Any = None
    prompts: dict[str, _Session] = msgspec.field(default_factory=dict)
    sessions: dict[str, _Session] = msgspec.field(default_factory=dict)
    humans: dict[str, Any] = msgspec.field(default_factory=dict)


_decode_metadata = msgspec.json.Decoder(_Metadata).decode


class NoteError(ValueError):
    """A note that cannot be read; the message is the reason."""


@dataclass(frozen=True, slots=True)
class NotedEntry:
    """Lines of a file, first and last of each span, and whose they are by the note.

    `kind` is AGENT, PERSON (one whom an editor saw type) or UNEXPLAINED (a name that the note calls
    neither); `agent` is set for an agent, and `doubtful` where people bear its name too and the
    note gives nothing else. `overridden` counts the lines of the same session that people changed
    before the commit; the note does not say which.
    """

    path: str
    kind: str
    agent: Agent | None
    spans: Spans
    doubtful: bool = False
    overridden: int = 0


@dataclass(slots=True)
class Problems:
    """The entries that say nothing: all are counted, and the first hundred kept."""

    first: list[str] = field(default_factory=list)
    count: int = 0

    def add(self, text: str) -> None:
        """Count one."""
        self.count += 1
        if len(self.first) < _KEPT:
            self.first.append(text)


@dataclass(frozen=True, slots=True)
class NoteText:
    """A note as it stands: its entries in their order, and every agent its sessions name."""

    schema: str
    entries: tuple[NotedEntry, ...]
    agents: frozenset[Agent]
    overridden: int
    problems: Problems


def read_note(data: bytes) -> NoteText:
    """Return what a note holds; NoteError with the reason when it is not one of these formats."""
    try:
        if data.startswith(_DIVIDER):
            return _read_log("", _read_metadata(data[len(_DIVIDER) :]))
        entries, divider, metadata = data.partition(b"\n" + _DIVIDER)
        if len(entries) > MOST_ENTRIES and divider:
            raise NoteError(f"more than {MOST_ENTRIES:,} bytes of entries")
        if divider:
            return _read_log(decode_text(entries), _read_metadata(metadata))
        if data.lstrip().startswith(b"{"):
            return _read_legacy(decode(data))
    except JsonError as error:
        raise NoteError(f"{error.reason} (line {error.line} of that part)") from None
    raise NoteError("neither a git-ai authorship log nor the JSON of its first version")


def _read_metadata(data: bytes) -> JsonValue:
    """Return the parts of the JSON that are used; all of it where it is not as it should be."""
    try:
        metadata: JsonValue = msgspec.to_builtins(_decode_metadata(data))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return decode(data)
    return metadata


def _read_log(entries: str, metadata: JsonValue) -> NoteText:
    facts = table(metadata)
    schema = facts.get("schema_version")
    if not isinstance(schema, str) or not schema.startswith("authorship/3."):
        raise NoteError(f"schema_version is {_show(schema)}, not authorship/3.0.0")
    known = _agents_of(facts)
    changed = {key: _whole(p, "overriden_lines") for key, p in table(facts.get("prompts")).items()}
    found: list[NotedEntry] = []
    problems = Problems()
    described = {*known, *table(facts.get("humans")), *_ANONYMOUS}
    for path, key, ranges in _read_entries(entries, problems):
        session = key.partition("::")[0]
        spans = _read_ranges(ranges, problems)
        if session not in described:
            problems.add(f"no metadata for {_show(key)}")
        if _PERSON.fullmatch(key) and session in described:
            found.append(NotedEntry(path, PERSON, None, spans))
        elif _PERSON.fullmatch(key) or key == _AGENTLESS:
            found.append(NotedEntry(path, UNEXPLAINED, None, spans))
        elif session in described or _SESSION.fullmatch(session):
            agent = known.get(session, (UNNAMED, None))
            overridden = changed.get(session, 0)
            found.append(NotedEntry(path, AGENT, agent, spans, overridden=overridden))
    agents = frozenset(known.values())
    return NoteText(schema, tuple(found), agents, sum(changed.values()), problems)


def _agents_of(facts: Mapping[str, JsonValue]) -> dict[str, Agent]:
    """Return tool and model by the key of every prompt and session."""
    found = {}
    for part in ("prompts", "sessions"):
        for key, record in table(facts.get(part)).items():
            agent = table(table(record).get("agent_id"))
            tool = agent.get("tool")
            known = find_name(tool) if isinstance(tool, str) else None
            stated = tool[:_SHOWN] if isinstance(tool, str) and tool else UNNAMED
            found[key] = (known.tool if known else stated, _model(agent))
    return found


def _read_entries(text: str, problems: Problems) -> Iterator[tuple[str, str, str]]:
    """Yield path, key and ranges of every entry; what is none is a problem."""
    path = None
    for line in text.split("\n"):
        if not line.strip():
            continue
        if not line.startswith("  "):
            path = line.strip('"')
            continue
        key, _, ranges = line[2:].partition(" ")
        if path is None or not ranges:
            problems.add(f"not an entry: {_show(line)}")
            continue
        yield path, key, ranges


def _read_ranges(text: str, problems: Problems) -> Spans:
    spans = []
    for part in text.split(","):
        match = _RANGE.fullmatch(part)
        first = int(match[1]) if match else 0
        last = int(match[2] or match[1]) if match else 0
        if match is None or last < first:
            problems.add(f"not a range of lines: {_show(part)}")
        else:
            spans.append((first, last))
    return spans


def _read_legacy(document: JsonValue) -> NoteText:
    """Read `authorship/0.0.1`, which names authors and seldom says what they are.

    An author with `agent_metadata` is an agent, and so is one called as only a tool is called.
    A name that people bear too is kept apart; any other name is unexplained, not human.
    """
    files = table(document).get("files")
    if not isinstance(files, dict):
        raise NoteError("not a git-ai authorship log: no files")
    found: list[NotedEntry] = []
    problems = Problems()
    for path, entry in files.items():
        for author in items(table(entry).get("authors")):
            name = table(author).get("author")
            spans = _read_pairs(table(author).get("lines"), problems)
            metadata = table(table(author).get("agent_metadata"))
            known = find_name(name) if isinstance(name, str) else None
            if not isinstance(name, str) or (known is None and not metadata):
                found.append(NotedEntry(path, UNEXPLAINED, None, spans))
                continue
            agent = (known.tool if known else name[:_SHOWN], _model(metadata))
            certain = bool(metadata) or (known is not None and not known.shared)
            found.append(NotedEntry(path, AGENT, agent, spans, doubtful=not certain))
    return NoteText("authorship/0.0.1", tuple(found), frozenset(), 0, problems)


def _read_pairs(value: JsonValue, problems: Problems) -> Spans:
    """Read the first version's lines: numbers, and pairs of the first and the last."""
    spans = []
    for part in items(value):
        pair = part if isinstance(part, list) else [part, part]
        first, last = (pair[0], pair[-1]) if pair else (0, 0)
        if type(first) is int and type(last) is int and 0 < first <= last <= _LAST:
            spans.append((first, last))
        else:
            problems.add(f"not a range of lines: {_show(part)}")
    return spans


def _model(record: Mapping[str, JsonValue]) -> str | None:
    model = record.get("model")
    return model[:_SHOWN] if isinstance(model, str) and model else None


def _whole(record: JsonValue, key: str) -> int:
    value = table(record).get(key)
    return value if type(value) is int and 0 <= value <= _LAST else 0


def _show(value: JsonValue) -> str:
    text = repr(value[: _SHOWN + 1] if isinstance(value, str) else value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
