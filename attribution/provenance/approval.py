"""Who let an agent's action through, by the table `approval.yaml`.

In this order, the first that applies: what a record says a person answered; what a record says a
rule did; that the tool never asks; what the permission mode lets through. Otherwise it is not
visible: a permission given in silence leaves no trace in a transcript.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from attribution.provenance.shell import Script
from attribution.provenance.tools import ACTS, load_tools, runs_quietly
from attribution.tablefile import read_table

TABLE = Path(__file__).with_name("approval.yaml")
_WINDOWS = re.compile(r"[A-Za-z]:[\\/]")


@dataclass(frozen=True, slots=True)
class Source:
    """What a decision of one source amounts to, when it accepts and when it rejects."""

    accept: str
    reject: str
    says: str


@dataclass(frozen=True, slots=True)
class Mode:
    """What a permission mode lets through: `everything`, `edits` or `nothing`."""

    passes: str
    says: str


@dataclass(frozen=True, slots=True)
class Rules:
    """The table."""

    states: Mapping[str, str]
    sources: Mapping[str, Source]
    modes: Mapping[str, Mode]
    accepted_commands: frozenset[str]
    protected: tuple[str, ...]


@cache
def load_rules() -> Rules:
    """Return the table."""
    table = read_table(TABLE)
    return Rules(
        states=MappingProxyType(table["states"]),
        sources=MappingProxyType({key: Source(**row) for key, row in table["sources"].items()}),
        modes=MappingProxyType({key: Mode(**row) for key, row in table["modes"].items()}),
        accepted_commands=frozenset(table["accepted_commands"]),
        protected=tuple(table["protected"]),
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """What the records say of who decided on one call; None where they do not say.

    `approved` is a person's answer, `decided_by` who or what decided, `granted` and `source` the
    answer to a permission question.
    """

    approved: bool | None = None
    decided_by: str | None = None
    granted: bool | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Use:
    """One use of a tool: its kind, the paths it names, and the script it runs, where it does."""

    tool: str
    kind: str
    paths: tuple[str, ...]
    cwd: str | None
    mode: str | None
    script: Script | None


def tell_approval(use: Use, answer: Answer) -> tuple[str, str]:
    """Return the approval of a use, one of the table's states, and the reason in words."""
    return _by_record(answer) or _by_tool(use) or _by_mode(use)


def _by_record(answer: Answer) -> tuple[str, str] | None:
    rules = load_rules()
    if answer.approved is not None:
        word = "allowed" if answer.approved else "refused"
        return ("yes" if answer.approved else "no"), f"the result records that a person {word} it"
    if answer.granted is not None:
        source = rules.sources.get(answer.source or "")
        if source is None:
            return "not_visible", "an answer is recorded, but not who or what gave it"
        state = source.accept if answer.granted else source.reject
        return state, f"the trace records: {source.says}"
    if answer.decided_by == "rule":
        return "blocked", "the result records that a rule refused it"
    if answer.decided_by == "nobody":
        return "blocked", "the result records that permission was wanted and nobody was there"
    return None


def _by_tool(use: Use) -> tuple[str, str] | None:
    tools = load_tools()
    if use.script is not None:
        if runs_quietly(use.script) and not _outside(use):
            return "by_rule", "commands that only look run without asking"
        return None
    known = tools.kinds.get(use.tool)
    if known is None or known in ACTS or use.tool in tools.asks or known == "consults":
        return None
    if use.tool in tools.asks_outside and _outside(use):
        return None
    return "by_rule", f"{use.tool} runs without asking"


def _by_mode(use: Use) -> tuple[str, str]:
    if use.mode is None:
        return "not_visible", "no record of an answer, nor of the permission mode"
    rules = load_rules()
    mode = rules.modes.get(use.mode)
    if mode is None:
        return "not_visible", f"no record of an answer; mode {use.mode} is not known here"
    passed = mode.passes == "everything" or (mode.passes == "edits" and _is_accepted_edit(use))
    return ("by_rule" if passed else "not_visible"), mode.says


def _is_accepted_edit(use: Use) -> bool:
    rules = load_rules()
    if use.script is None:
        plain = use.kind == "edits" and bool(use.paths)
    else:
        commands = use.script.commands
        plain = not use.script.opaque and bool(commands)
        plain = plain and all(
            command.program in rules.accepted_commands and not command.writes
            for command in commands
        )
    return plain and use.cwd is not None and not _outside(use) and not _protected(use)


def _outside(use: Use) -> bool:
    return any(is_outside(path, use.cwd) for path in use.paths)


def _protected(use: Use) -> bool:
    rules = load_rules()
    return any(
        f"/{name}/" in f"/{path.replace(chr(92), '/')}/"
        for path in use.paths
        for name in rules.protected
    )


def is_outside(path: str, folder: str | None) -> bool:
    """Whether a path leads out of a folder; False where the folder is not known.

    Both are compared as they are spelt: links are not followed, as the files are not at hand.
    """
    if folder is None:
        return False
    plain, base = (text.replace("\\", "/") for text in (path, folder))
    if plain.startswith("~"):
        return True
    if not plain.startswith("/") and not _WINDOWS.match(plain):
        plain = f"{base}/{plain}"
    plain, base = posixpath.normpath(plain), posixpath.normpath(base)
    return plain != base and not plain.startswith(f"{base.rstrip('/')}/")
