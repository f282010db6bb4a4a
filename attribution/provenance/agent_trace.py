"""Who wrote which lines, as a trace file of the Agent Trace specification records it.

Format: cursor/agent-trace, README.md, version 0.1.0: one JSON object a line, here in
`.agent-trace/traces.jsonl` of the tree at HEAD. A record is about the revision it names; one that
names none says nothing of any commit.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from attribution.errors import InputError
from attribution.ingest.fields import items, table, text
from attribution.ingest.git import Repository
from attribution.ingest.jsontext import JsonError, decode
from attribution.ingest.objects import Objects
from attribution.ingest.readers.commits import is_sha
from attribution.model.record import JsonValue
from attribution.provenance.names import find_name
from attribution.provenance.note_text import UNNAMED

PATH = ".agent-trace/traces.jsonl"
LARGEST = 1 << 22
"""A line of more bytes than this is not read."""

_LISTED = 100
_SHOWN = 100
_LAST = 10**10 - 1
_AGENTS = ("ai", "mixed")
_PERSON = "human"


@dataclass(frozen=True, slots=True)
class TracedAgent:
    """An agent that a trace gives lines of a revision to; `mixed` where people edited them too."""

    tool: str
    model: str | None
    mixed: bool


@dataclass(frozen=True, slots=True)
class TracedSpan:
    """Lines of a file, first and last, and the agent that wrote them; None where people did."""

    path: str
    first: int
    last: int
    agent: TracedAgent | None


@dataclass(slots=True)
class Traces:
    """The lines of each agent by revision, and what became of every record of the file.

    `spans` are those of the revisions that were asked for.
    """

    by_revision: dict[str, Counter[TracedAgent]] = field(default_factory=dict)
    spans: dict[str, list[TracedSpan]] = field(default_factory=dict)
    read: int = 0
    kept: int = 0
    rejected: int = 0
    reasons: list[dict[str, JsonValue]] = field(default_factory=list)

    def reject(self, line: int, reason: str) -> None:
        """Count a record that cannot be used; the first hundred are named."""
        self.rejected += 1
        if len(self.reasons) < _LISTED:
            self.reasons.append({"place": f"HEAD:{PATH}, line {line}", "reason": reason})

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the counts."""
        return {
            "read": self.read,
            "kept": self.kept,
            "rejected": self.rejected,
            "reasons": list[JsonValue](self.reasons),
        }


def read_traces(repository: Repository, objects: Objects, detailed: Collection[str] = ()) -> Traces:
    """Return the traces kept in the tree at HEAD; none without that file.

    `objects` tells sizes; the file is read line by line. Single spans are kept of the revisions in
    `detailed` alone.
    """
    traces = Traces(spans={sha: [] for sha in detailed})
    stored = objects.read(f"HEAD:{PATH}")
    if stored is None and _is_listed(repository):
        traces.read = 1
        traces.reject(1, "the file is missing from the repository")
    if stored is None or stored.kind != "blob":
        return traces
    lines: dict[str, Counter[TracedAgent]] = defaultdict(Counter)
    try:
        for number, line in _split_lines(repository.stream("cat-file", "blob", f"HEAD:{PATH}")):
            if line is not None and not line.strip():
                continue
            traces.read += 1
            reason = _read_record(line, lines, traces.spans)
            if reason is None:
                traces.kept += 1
            else:
                traces.reject(number, reason)
    except InputError:
        traces.reject(traces.read + 1, "the rest of the file is missing from the repository")
    traces.by_revision = dict(lines)
    return traces


def _is_listed(repository: Repository) -> bool:
    """Return whether the tree at HEAD has the file, be its content there or not."""
    try:
        return bool(repository.run("ls-tree", "--full-tree", "--name-only", "HEAD", PATH))
    except InputError:
        return False


def _split_lines(chunks: Iterator[bytes]) -> Iterator[tuple[int, bytes | None]]:
    """Yield number and text of each line; None for one that is too long to be read."""
    number, rest, cut = 1, b"", False
    for chunk in chunks:
        *lines, last = chunk.split(b"\n")
        for line in lines:
            yield number, None if cut or len(rest) + len(line) > LARGEST else rest + line
            number, rest, cut = number + 1, b"", False
        cut = cut or len(rest) + len(last) > LARGEST
        rest = b"" if cut else rest + last
    if rest or cut:
        yield number, None if cut else rest


def _read_record(
    line: bytes | None,
    lines: Mapping[str, Counter[TracedAgent]],
    spans: Mapping[str, list[TracedSpan]],
) -> str | None:
    """Add what one record says to `lines` and `spans`; return the reason where it says nothing."""
    if line is None:
        return f"longer than {LARGEST:,} bytes"
    try:
        record = table(decode(line))
    except JsonError as error:
        return error.reason
    version, vcs = record.get("version"), table(record.get("vcs"))
    if not isinstance(version, str) or not version.startswith(("0.", "1.")):
        return "no version of Agent Trace that is known here"
    revision = vcs.get("revision")
    if vcs.get("type", "git") != "git" or not isinstance(revision, str) or not is_sha(revision):
        return "it names no git revision"
    for span in _list_spans(record):
        if span.agent is not None:
            lines[revision][span.agent] += span.last - span.first + 1
        if revision in spans:
            spans[revision].append(span)
    return None


def _list_spans(record: Mapping[str, JsonValue]) -> Iterator[TracedSpan]:
    stated = table(record.get("tool")).get("name")
    known = find_name(stated) if isinstance(stated, str) else None
    named = stated[:_SHOWN] if isinstance(stated, str) and stated else UNNAMED
    tool = known.tool if known else named
    for file in items(record.get("files")):
        path = text(table(file).get("path")) or ""
        for conversation in items(table(file).get("conversations")):
            shared = table(conversation).get("contributor")
            for span in items(table(conversation).get("ranges")):
                who = table(table(span).get("contributor") or shared)
                model, kind = who.get("model_id"), who.get("type")
                ends = _read_ends(table(span))
                if ends is None or (kind not in _AGENTS and kind != _PERSON):
                    continue
                model = model[:_SHOWN] if isinstance(model, str) and model else None
                agent = TracedAgent(tool, model, mixed=kind == "mixed")
                yield TracedSpan(path, *ends, agent if kind in _AGENTS else None)


def _read_ends(span: Mapping[str, JsonValue]) -> tuple[int, int] | None:
    first, last = span.get("start_line"), span.get("end_line")
    if type(first) is not int or type(last) is not int or not 0 < first <= last <= _LAST:
        return None
    return first, last
