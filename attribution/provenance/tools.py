"""What a tool call can change, by the table `tools.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from attribution.provenance.operations import load_operations
from attribution.provenance.shell import Command, Script
from attribution.tablefile import read_table

TABLE = Path(__file__).with_name("tools.yaml")
ACTS = frozenset({"edits", "runs", "acts"})
"""The kinds of use that can change something outside the conversation: decisions."""

_MCP = "mcp__"


@dataclass(frozen=True, slots=True)
class Tools:
    """The table: what each tool does, and which commands only look."""

    kinds: Mapping[str, str]
    asks: frozenset[str]
    asks_outside: frozenset[str]
    reading_verbs: frozenset[str]
    verb_programs: Mapping[str, tuple[int, ...]]
    quiet_commands: frozenset[str]
    reading_commands: frozenset[str]
    git_reading: frozenset[str]
    git_lists: Mapping[str, frozenset[str]]
    unless: Mapping[str, tuple[str, ...]]
    only_with: Mapping[str, str]


@cache
def load_tools() -> Tools:
    """Return the table."""
    table = read_table(TABLE)
    rows = table["tools"]
    return Tools(
        kinds=MappingProxyType({name: kind for kind, row in rows.items() for name in row["names"]}),
        asks=frozenset(rows["reads"]["asks"]),
        asks_outside=frozenset(rows["reads"]["asks_outside"]),
        reading_verbs=frozenset(table["reading_verbs"]),
        verb_programs=MappingProxyType(
            {key: tuple(places) for key, places in table["verb_programs"].items()}
        ),
        quiet_commands=frozenset(table["quiet_commands"]["names"]),
        reading_commands=frozenset(table["reading_commands"]["names"]),
        git_reading=frozenset(table["git_reading"]),
        git_lists=MappingProxyType({key: frozenset(v) for key, v in table["git_lists"].items()}),
        unless=MappingProxyType({key: tuple(v) for key, v in table["unless"].items()}),
        only_with=MappingProxyType(table["only_with"]),
    )


def tell_kind(tool: str, script: Script | None) -> str:
    """Return what a use of a tool does: a kind of the table, or `acts` where nothing is known.

    `script` is what a tool that runs commands was given. Commands that only look make the use
    `reads`; a tool that is not in the table reads where its name begins with a reading verb.
    """
    tools = load_tools()
    kind = tools.kinds.get(tool)
    if kind == "runs" or (kind is None and script is not None):
        looks = script is not None and only_looks(script)
        return "reads" if looks else "runs"
    if kind is not None:
        return kind
    name = tool.rpartition("__")[2] if tool.startswith(_MCP) else tool
    verb = name.replace("-", "_").partition("_")[0].lower()
    return "reads" if verb in tools.reading_verbs else "acts"


def only_looks(script: Script) -> bool:
    """Whether every command of a script is known to change nothing."""
    return _all_of(script, quietly=False)


def runs_quietly(script: Script) -> bool:
    """Whether a script is of commands that Claude Code runs without asking in every mode."""
    return _all_of(script, quietly=True)


def _all_of(script: Script, *, quietly: bool) -> bool:
    if script.opaque or not script.commands:
        return False
    return all(not each.writes and _looks(each, quietly=quietly) for each in script.commands)


def _looks(command: Command, *, quietly: bool) -> bool:
    tools = load_tools()
    program, words = command.program, command.words
    if any(word.startswith(tools.unless.get(program, ())) for word in words):
        return False
    if program == "git":
        return _git_looks(words, tools)
    quiet = program in tools.quiet_commands
    return quiet or (not quietly and _looks_besides(command, tools))


def _looks_besides(command: Command, tools: Tools) -> bool:
    """Whether a program that may ask first does no more than look."""
    program, words = command.program, command.words
    if program in tools.reading_commands:
        needed = tools.only_with.get(program)
        return not (program == "env" and words) and (needed is None or needed in words)
    places = tools.verb_programs.get(program)
    if places is not None:
        return _reads_by_verb(words, places, tools)
    # Of a program that is not known, its first word alone is taken for what it does.
    return program not in load_operations().wordless_programs and _reads_by_verb(words, (0,), tools)


def _git_looks(words: tuple[str, ...], tools: Tools) -> bool:
    """Whether a subcommand of git, behind the options that stand before it, only looks."""
    rest = list(words)
    while rest and rest[0].startswith("-"):
        with_value = rest.pop(0) in {"-C", "-c", "--git-dir", "--work-tree"}
        if with_value and rest:
            rest.pop(0)
    if not rest or rest[0] in tools.git_reading:
        return bool(rest)
    lists = tools.git_lists.get(rest[0], frozenset())
    options = [word for word in rest[1:] if word.startswith("-")]
    return bool(rest[1:]) and rest[1] in lists and lists.issuperset(options)


def _reads_by_verb(words: tuple[str, ...], places: tuple[int, ...], tools: Tools) -> bool:
    """Whether one of the words at these places, options left out, begins with a reading verb."""
    plain = [word for word in words if not word.startswith("-")]
    return any(
        plain[place].partition("-")[0].lower() in tools.reading_verbs
        for place in places
        if place < len(plain)
    )
