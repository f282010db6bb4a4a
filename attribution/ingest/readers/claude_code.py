"""Claude Code session transcripts: one JSON object a line, as the program keeps them.

A line holds one message; each block of it is an entry of its own. What a person typed is told from
what was put in by a tool, by the program, or by the agent itself when it instructs a helper of its
own (a sidechain). Where a helper's messages are kept inside lines of progress, each is read as the
line it stands for.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from attribution.ingest.documents import first_entries, name_type, walk_entries
from attribution.ingest.fields import Table, find, flag, items, stated, table, text
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.readers.claude_blocks import Block, session_id, shared_facts, walk_blocks
from attribution.ingest.readers.claude_texts import tell_typed
from attribution.ingest.source import Source

_DECISIONS = {"allow": True, "deny": False}
_MODE_CHANGING = frozenset({"ExitPlanMode", "EnterPlanMode"})


@dataclass
class _Session:
    """The permission mode each session was last put in, so far as the lines say.

    Leaving a plan lets the person choose the mode that follows, and no line records the choice:
    from then on the mode is unknown until a line states it again.
    """

    modes: dict[str, str] = field(default_factory=dict)

    def note_mode(self, entry: Table) -> None:
        mode = text(entry.get("permissionMode"))
        if mode is not None:
            self.modes[session_id(entry)] = mode

    def note_call(self, entry: Table, block: Table) -> None:
        if block.get("type") == "tool_use" and text(block.get("name")) in _MODE_CHANGING:
            self.modes.pop(session_id(entry), None)


def _read(source: Source, intake: Intake) -> None:
    session = _Session()
    for place, entry in walk_entries(source, intake):
        if text(entry.get("type")) is None:
            intake.reject(place, "no type: this is not a line of a session")
        else:
            _add_line(intake, place, entry, session)


def _add_line(intake: Intake, place: str, line: Table, session: _Session) -> None:
    session.note_mode(line)
    entry = _unwrap_helper(line)
    kind = text(entry.get("type"))
    message = table(entry.get("message"))
    if kind not in {"user", "assistant"} or not message or flag(entry.get("isMeta")):
        taken = _add_queued(intake, place, entry, kind) or _add_decision(intake, place, entry, kind)
        if not taken:
            _add_other(intake, place, entry, kind)
        return
    blocks = list(walk_blocks(message.get("content")))
    if not blocks:
        intake.reject(place, "the message is empty")
    for index, block in enumerate(blocks):
        where = place if len(blocks) == 1 else f"{place} block {index + 1}"
        if not isinstance(block, dict):
            intake.reject(where, f"an object was expected, got {name_type(block)}")
            continue
        native = text(entry.get("uuid"))
        if native is not None and len(blocks) > 1:
            native = f"{native}:{index}"
        mode = session.modes.get(session_id(entry))
        Block(intake, where, entry, message, block, native).add(mode)
        session.note_call(entry, block)


def _unwrap_helper(line: Table) -> Table:
    """Return the line that a helper's progress stands for, or the line itself."""
    data = table(line.get("data"))
    if line.get("type") != "progress" or data.get("type") != "agent_progress":
        return line
    inner = table(data.get("message"))
    if not table(inner.get("message")):
        return line
    own = {key: inner[key] for key in ("type", "message", "uuid", "timestamp") if key in inner}
    helper = {"agentId": data.get("agentId"), "isSidechain": True}
    return {**line, "toolUseResult": inner.get("toolUseResult"), **own, **helper}


def _add_queued(intake: Intake, place: str, entry: Table, kind: str | None) -> bool:
    """Take in what a person typed while the agent was at work; False for any other line."""
    attachment = table(entry.get("attachment"))
    if kind == "queue-operation" and entry.get("operation") == "enqueue":
        wording = text(entry.get("content"))
    elif kind == "attachment" and attachment.get("type") == "queued_command":
        typed = text(attachment.get("commandMode")) in {None, "prompt"}
        by_person = text(find(attachment, "origin", "kind")) in {None, "human"}
        put_in = flag(attachment.get("isMeta"))
        wording = _prompt_text(attachment) if typed and by_person and not put_in else None
    else:
        return False
    if wording is None or tell_typed(wording)[0] != "session.prompt":
        return False
    intake.add(
        place,
        "session.prompt",
        time=entry.get("timestamp"),
        text=tell_typed(wording)[1],
        subject=session_id(entry),
        native_id=text(entry.get("uuid")),
        data=shared_facts(entry) | {"queued": True},
    )
    return True


def _add_decision(intake: Intake, place: str, entry: Table, kind: str | None) -> bool:
    """Take in what a hook answered to a permission question; False for any other line."""
    attachment = table(entry.get("attachment"))
    decision = text(attachment.get("decision"))
    if kind != "attachment" or text(attachment.get("type")) != "hook_permission_decision":
        return False
    if decision not in _DECISIONS:
        return False
    intake.add(
        place,
        "session.permission",
        time=entry.get("timestamp"),
        text=f"{decision} (hook)",
        subject=session_id(entry),
        native_id=text(entry.get("uuid")),
        data=shared_facts(entry)
        | stated(
            granted=_DECISIONS[decision],
            source="hook",
            call_id=text(attachment.get("toolUseID")),
        ),
    )
    return True


def _prompt_text(attachment: Table) -> str | None:
    prompt = attachment.get("prompt")
    if isinstance(prompt, list):
        parts = (text(table(part).get("text")) for part in items(prompt))
        return "\n".join(part for part in parts if part) or None
    return text(prompt)


def _add_other(intake: Intake, place: str, entry: Table, kind: str | None) -> None:
    """Take in a line that is no message: a summary, a snapshot, a note of the program."""
    said = next(
        (said for key in ("content", "summary", "subtype") if (said := text(entry.get(key)))), None
    ) or text(find(entry, "message", "content"))
    facts = stated(
        type=kind,
        permission_mode=text(entry.get("permissionMode")),
        operation=text(entry.get("operation")),
    )
    intake.add(
        place,
        "session.other",
        time=entry.get("timestamp"),
        text=f"{kind}: {said}" if said else str(kind),
        subject=session_id(entry),
        native_id=text(entry.get("uuid")),
        data=shared_facts(entry) | facts,
    )


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
