"""Where the evidence of one grade names another agent than that of a weaker one."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

from attribution.model.commit import GRADES
from attribution.provenance.checkpoints import TOOL
from attribution.provenance.line_notes import LineNote
from attribution.provenance.markers import Mark
from attribution.provenance.names import find_name
from attribution.provenance.note_text import UNNAMED

_WORDS = {
    "line_note": "the line note",
    "bot_author": "the author",
    "session": "the session",
    "trailer": "the trailers",
}
_NAMELESS = frozenset({TOOL, UNNAMED, "Agent run by Vibe Kanban"})


def find_conflicts(marks: Iterable[Mark], note: LineNote | None) -> tuple[str, ...]:
    """Return a sentence for each two grades that name no tool in common, strongest first.

    Also where a line note gives no line to an agent and another grade names one. Weak marks and
    agents without a name of their own contradict nothing.
    """
    named: dict[str, set[str]] = {}
    for mark in marks:
        if not mark.weak and mark.agent.tool not in _NAMELESS:
            named.setdefault(mark.agent.grade, set()).add(_vendor_name(mark.agent.tool))
    graded = [grade for grade in GRADES if grade in named]
    found = [
        f"{_WORDS[stronger]} names {_list(named[stronger])},"
        f" {_WORDS[weaker]} {_list(named[weaker])}"
        for stronger, weaker in combinations(graded, 2)
        if named[stronger].isdisjoint(named[weaker])
    ]
    if note is not None and not note.agents and note.human_lines:
        found += [
            f"the line note gives {note.human_lines} lines to people and none to an agent,"
            f" {_WORDS[grade]} names {_list(named[grade])}"
            for grade in graded
        ]
    return tuple(found)


def _vendor_name(tool: str) -> str:
    """Return one name for all that a vendor's agent is called by its editor, bot and notes."""
    known = find_name(tool)
    return (tool if known is None else known.tool).removesuffix(" coding agent")


def _list(tools: set[str]) -> str:
    return " and ".join(sorted(tools))
