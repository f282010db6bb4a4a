"""Claude Code session transcripts: one JSON object a line, as the program keeps them.

A line holds one message; each block of it is an entry of its own. What a person typed is told from
what was put in by a tool, by the program, or by the agent itself when it instructs a helper of its
own (a sidechain).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from attribution.ingest.documents import first_entries, name_type, walk_entries
from attribution.ingest.fields import Table, find, flag, stated, table, text
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.jsontext import nests_deeper
from attribution.ingest.source import Source
from attribution.model.record import JsonValue

AGENT = "Claude Code"

_TARGETS = (
    "command", "file_path", "notebook_path", "path", "url", "query", "pattern", "description",
    "prompt",
)  # fmt: skip
_REFUSED = (
    "the user doesn't want to proceed with this tool use",
    "the user doesn't want to take this action right now",
)
_APPROVED = ("user has approved your plan", "the user has approved")
_MAX_INPUT_DEPTH = 50


@dataclass
class _Session:
    """The permission mode each session was last put in."""

    modes: dict[str, str] = field(default_factory=dict)


def _read(source: Source, intake: Intake) -> None:
    session = _Session()
    for place, entry in walk_entries(source, intake):
        if text(entry.get("type")) is None:
            intake.reject(place, "no type: this is not a line of a session")
        else:
            _add_line(intake, place, entry, session)


def _add_line(intake: Intake, place: str, entry: Table, session: _Session) -> None:
    number = _session_id(entry)
    mode = text(entry.get("permissionMode"))
    if mode is not None:
        session.modes[number] = mode
    kind = text(entry.get("type"))
    message = table(entry.get("message"))
    if kind not in {"user", "assistant"} or not message or flag(entry.get("isMeta")):
        _add_other(intake, place, entry, kind)
        return
    blocks = list(_walk_blocks(message.get("content")))
    for index, block in enumerate(blocks):
        where = place if len(blocks) == 1 else f"{place} block {index + 1}"
        if not isinstance(block, dict):
            intake.reject(where, f"an object was expected, got {name_type(block)}")
            continue
        native = text(entry.get("uuid"))
        if native is not None and len(blocks) > 1:
            native = f"{native}:{index}"
        _Block(intake, where, entry, message, block, native).add(session.modes.get(number))


def _walk_blocks(content: JsonValue) -> Iterator[JsonValue]:
    if isinstance(content, str):
        yield {"type": "text", "text": content}
    elif isinstance(content, list):
        yield from content
    else:
        yield content


def _session_id(entry: Table) -> str:
    return text(entry.get("sessionId")) or text(entry.get("session_id")) or "unnamed session"


def _agent(entry: Table) -> str:
    """Return the name the line states, for other agents keep this form too; else the program's."""
    return text(entry.get("agentName")) or AGENT


def _common(entry: Table) -> dict[str, JsonValue]:
    return stated(
        session=_session_id(entry),
        agent=_agent(entry),
        sidechain=True if flag(entry.get("isSidechain")) else None,
        follows=text(entry.get("parentUuid")),
    )


def _add_other(intake: Intake, place: str, entry: Table, kind: str | None) -> None:
    """Take in a line that is no message: a summary, a snapshot, a note of the program."""
    said = next(
        (said for key in ("content", "summary", "subtype") if (said := text(entry.get(key)))), None
    ) or text(find(entry, "message", "content"))
    intake.add(
        place,
        "session.other",
        time=entry.get("timestamp"),
        text=f"{kind}: {said}" if said else str(kind),
        subject=_session_id(entry),
        native_id=text(entry.get("uuid")),
        data=_common(entry) | stated(type=kind, permission_mode=text(entry.get("permissionMode"))),
    )


@dataclass(frozen=True, slots=True)
class _Block:
    """One block of a message, and what the line says about it."""

    intake: Intake
    place: str
    entry: Table
    message: Table
    block: Table
    native_id: str | None

    def add(self, mode: str | None) -> None:
        kind = text(self.block.get("type"))
        if kind == "tool_use":
            self._add_call(mode)
        elif kind == "tool_result":
            self._add_result()
        elif self.entry.get("type") == "user":
            self._add_prompt(kind)
        else:
            self._add_message(kind)

    def _take(
        self,
        kind: str,
        wording: str,
        facts: dict[str, JsonValue],
        *,
        actor: str | None,
        subject: str | None = None,
        native_id: str | None = None,
    ) -> None:
        self.intake.add(
            self.place,
            kind,
            time=self.entry.get("timestamp"),
            text=wording,
            actor=actor,
            subject=subject or _session_id(self.entry),
            native_id=native_id or self.native_id,
            data=_common(self.entry) | facts,
        )

    def _add_prompt(self, kind: str | None) -> None:
        wording = _wording(self.block) or f"({kind or 'nothing'})"
        if flag(self.entry.get("isSidechain")) or flag(self.entry.get("isCompactSummary")):
            self._take("session.message", wording, {}, actor=_agent(self.entry))
            return
        facts = stated(cwd=text(self.entry.get("cwd")), branch=text(self.entry.get("gitBranch")))
        self._take("session.prompt", wording, facts, actor=None)

    def _add_message(self, kind: str | None) -> None:
        thinking = True if kind in {"thinking", "redacted_thinking"} else None
        facts = stated(model=text(self.message.get("model")), thinking=thinking)
        wording = _wording(self.block) or f"({kind or 'nothing'})"
        self._take("session.message", wording, facts, actor=_agent(self.entry))

    def _add_call(self, mode: str | None) -> None:
        given = table(self.block.get("input"))
        if nests_deeper(dict(given), _MAX_INPUT_DEPTH):
            self.intake.reject(self.place, f"input nested more than {_MAX_INPUT_DEPTH} levels deep")
            return
        tool = text(self.block.get("name")) or "unnamed tool"
        target = next((found for key in _TARGETS if (found := text(given.get(key)))), None)
        facts = stated(
            model=text(self.message.get("model")),
            tool=tool,
            input=dict(given),
            call_id=text(self.block.get("id")),
            permission_mode=mode,
            target=target,
            cwd=text(self.entry.get("cwd")),
        )
        wording = f"{tool}: {target}" if target else tool
        call = text(self.block.get("id"))
        self._take(
            "session.tool_call",
            wording,
            facts,
            actor=_agent(self.entry),
            subject=target,
            native_id=call,
        )

    def _add_result(self) -> None:
        wording = _wording(self.block)
        facts = stated(
            call_id=text(self.block.get("tool_use_id")),
            is_error=flag(self.block.get("is_error")) or False,
            approved_by_person=_answer(wording),
        )
        self._take("session.tool_result", wording or "(no output)", facts, actor=None)


def _wording(block: Table) -> str:
    """Return the text of a block, or of the text blocks inside it."""
    for key in ("text", "thinking", "content"):
        value = block.get(key)
        if isinstance(value, str):
            return value
        if isinstance(value, list):
            parts = (text(table(part).get("text")) for part in value)
            return "\n".join(part for part in parts if part)
    return ""


def _answer(result: str) -> bool | None:
    """Return what a person answered when asked to permit a call; None where the log does not say.

    The program writes these sentences itself; a permission given in silence leaves no trace, and a
    call that a rule permitted or denied was answered by nobody.
    """
    opening = result[:200].lower()
    if opening.startswith(_REFUSED):
        return False
    return True if opening.startswith(_APPROVED) else None


def _sniff(source: Source) -> float:
    entries = first_entries(source)
    whole = [e for e in entries if {"sessionId", "type"} <= e.keys() and "uuid" in e]
    if any("message" in entry for entry in whole):
        return 1.0
    return 0.6 if any({"sessionId", "type"} <= entry.keys() for entry in entries) else 0.0


FORMAT = Format(
    id="claude-code",
    title="Claude Code session transcript",
    told_by="one object a line with sessionId, type, uuid and message",
    source="https://code.claude.com/docs (session transcripts, ~/.claude/projects/*/*.jsonl)",
    kinds=frozenset({"lines", "json"}),
    sniff=_sniff,
    read=_read,
)
