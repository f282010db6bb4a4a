"""The blocks of a Claude Code message: what was asked, said, called and answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from attribution.ingest.fields import Table, find, flag, stated, table, text
from attribution.ingest.intake import Intake
from attribution.ingest.jsontext import nests_deeper
from attribution.ingest.readers.claude_texts import tell_answer, tell_typed
from attribution.model.record import JsonValue

AGENT = "Claude Code"
SYNTHETIC = "<synthetic>"
"""What stands for the model where the program speaks in the agent's place, of an API error."""

_TARGETS = (
    "command", "file_path", "notebook_path", "path", "url", "query", "pattern", "description",
    "prompt",
)  # fmt: skip
_MAX_INPUT_DEPTH = 50


def session_id(entry: Table) -> str:
    """Return the session a line belongs to."""
    return text(entry.get("sessionId")) or text(entry.get("session_id")) or "unnamed session"


def agent_of(entry: Table) -> str:
    """Return the name the line states, for other agents keep this form too; else the program's."""
    return text(entry.get("agentName")) or AGENT


def shared_facts(entry: Table) -> dict[str, JsonValue]:
    """Return the facts that every event of a line has."""
    return stated(
        session=session_id(entry),
        agent=agent_of(entry),
        sidechain=True if flag(entry.get("isSidechain")) else None,
        helper=text(entry.get("agentId")),
        follows=text(entry.get("parentUuid")),
    )


def walk_blocks(content: JsonValue) -> Iterator[JsonValue]:
    """Yield the blocks of a message's content, which may be plain text."""
    if isinstance(content, str):
        yield {"type": "text", "text": content}
    elif isinstance(content, list):
        yield from content
    else:
        yield content


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a message, and what the line says about it."""

    intake: Intake
    place: str
    entry: Table
    message: Table
    block: Table
    native_id: str | None

    def add(self, mode: str | None) -> None:
        """Take the block in; `mode` is the permission mode the session was last put in."""
        kind = text(self.block.get("type"))
        if kind == "tool_use":
            self._add_call(mode)
        elif kind == "tool_result":
            self._add_result()
        elif self.entry.get("type") == "user":
            self._add_typed(kind)
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
            subject=subject or session_id(self.entry),
            native_id=native_id or self.native_id,
            data=shared_facts(self.entry) | facts,
        )

    def _add_typed(self, kind: str | None) -> None:
        wording = _wording(self.block) or f"({kind or 'nothing'})"
        if flag(self.entry.get("isSidechain")) or flag(self.entry.get("isCompactSummary")):
            self._take("session.message", wording, {}, actor=agent_of(self.entry))
            return
        event, shown = tell_typed(wording)
        facts = stated(cwd=text(self.entry.get("cwd")), branch=text(self.entry.get("gitBranch")))
        if event == "session.prompt":
            facts |= stated(plan=True if text(self.entry.get("planContent")) else None)
        elif event == "session.other":
            facts = {"type": "put in by the program"}
        self._take(event, shown, facts, actor=None)

    def _add_message(self, kind: str | None) -> None:
        wording = _wording(self.block) or f"({kind or 'nothing'})"
        if self._is_the_program():
            self._take("session.other", wording, {"type": "said by the program"}, actor=None)
            return
        thinking = True if kind in {"thinking", "redacted_thinking"} else None
        facts = stated(model=self._model(), thinking=thinking)
        self._take("session.message", wording, facts, actor=agent_of(self.entry))

    def _is_the_program(self) -> bool:
        synthetic = self.message.get("model") == SYNTHETIC
        return synthetic or bool(flag(self.entry.get("isApiErrorMessage")))

    def _model(self) -> str | None:
        model = text(self.message.get("model"))
        return None if model == SYNTHETIC else model

    def _add_call(self, mode: str | None) -> None:
        given = table(self.block.get("input"))
        if nests_deeper(dict(given), _MAX_INPUT_DEPTH):
            self.intake.reject(self.place, f"input nested more than {_MAX_INPUT_DEPTH} levels deep")
            return
        tool = text(self.block.get("name")) or "unnamed tool"
        target = next((found for key in _TARGETS if (found := text(given.get(key)))), None)
        call = text(self.block.get("id"))
        facts = stated(
            model=self._model(),
            tool=tool,
            input=dict(given),
            call_id=call,
            permission_mode=mode,
            target=target,
            cwd=text(self.entry.get("cwd")),
        )
        self._take(
            "session.tool_call",
            f"{tool}: {target}" if target else tool,
            facts,
            actor=agent_of(self.entry),
            subject=target,
            native_id=call,
        )

    def _add_result(self) -> None:
        wording = _wording(self.block)
        call = text(self.block.get("tool_use_id"))
        answer = tell_answer(wording)
        if find(self.entry, "toolUseResult", "userModified") is True:
            # The person changed what was proposed before it was written.
            answer |= {"approved_by_person": True, "decided_by": "person", "edited_by_person": True}
        facts = stated(call_id=call, is_error=flag(self.block.get("is_error")) or False)
        self._take("session.tool_result", wording or "(no output)", facts | answer, actor=None)


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
