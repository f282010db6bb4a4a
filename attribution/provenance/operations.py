"""What takes something away, by the table `operations.yaml`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from attribution.provenance.shell import Command

TABLE = Path(__file__).with_name("operations.yaml")
_WORDS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+")
_SUBCOMMANDS = 3
_SHOWN = 120


@dataclass(frozen=True, slots=True)
class DestructiveCommand:
    """A shell command that takes something away.

    Among its words stand all of `having`, one of `any_of`, one with the opening, none of `unless`.
    """

    program: str
    having: tuple[str, ...]
    any_of: tuple[str, ...]
    opening: str | None
    unless: tuple[str, ...]
    source: str

    def fits(self, command: Command) -> bool:
        """Whether a command is one of these."""
        words = command.words
        return (
            command.program.lower() == self.program
            and all(word in words for word in self.having)
            and (not self.any_of or any(word in words for word in self.any_of))
            and not any(word in words for word in self.unless)
            and (self.opening is None or any(word.startswith(self.opening) for word in words))
        )


@dataclass(frozen=True, slots=True)
class Operations:
    """Words and commands by which destructive and permission-granting operations are known."""

    destructive_prefixes: tuple[str, ...]
    destructive_words: frozenset[str]
    granting_prefixes: tuple[str, ...]
    not_found_errors: tuple[str, ...]
    commands: tuple[DestructiveCommand, ...]
    statements: tuple[str, ...]
    wordless_programs: frozenset[str]
    harmless: frozenset[str]


@cache
def load_operations() -> Operations:
    """Return the table."""
    from ruamel.yaml import YAML

    table = YAML(typ="safe", pure=True).load(TABLE.read_text("utf-8"))
    return Operations(
        destructive_prefixes=tuple(table["destructive_prefixes"]),
        destructive_words=frozenset(table["destructive_words"]),
        granting_prefixes=tuple(table["granting_prefixes"]),
        not_found_errors=tuple(table["not_found_errors"]),
        commands=tuple(
            DestructiveCommand(
                program=row["program"],
                having=tuple(row.get("with", ())),
                any_of=tuple(row.get("any", ())),
                opening=row.get("opening"),
                unless=tuple(row.get("unless", ())),
                source=row["source"],
            )
            for row in table["commands"]
        ),
        statements=tuple(table["statements"]),
        wordless_programs=frozenset(table["wordless_programs"]),
        harmless=frozenset(table["harmless"]),
    )


def find_destructive_command(commands: Sequence[Command]) -> str | None:
    """Return the first of the commands that takes something away, shortened; None if none does.

    A command of the table counts by what it is; of any other program, one of its first words must
    be a destructive word, alone or as the opening of a hyphenated one (`terminate-instances`).
    """
    operations = load_operations()
    for command in commands:
        if not operations.harmless.isdisjoint(command.words):
            continue
        listed = any(row.fits(command) for row in operations.commands)
        if listed or _has_verb(command, operations) or _has_statement(command, operations):
            return command.show(_SHOWN)
    return None


def _has_verb(command: Command, operations: Operations) -> bool:
    first, hyphen, _ = command.program.partition("-")
    if hyphen and first.lower() in operations.destructive_words:  # Remove-Item
        return True
    if command.program.lower() in operations.wordless_programs:
        return False
    plain = [word for word in command.words if not word.startswith("-")][:_SUBCOMMANDS]
    return any(word.partition("-")[0].lower() in operations.destructive_words for word in plain)


def _has_statement(command: Command, operations: Operations) -> bool:
    if command.program in {"echo", "grep", "rg", "printf"}:
        return False
    return any(is_destructive_statement(word, operations) for word in command.words)


def is_destructive_statement(text: str, operations: Operations) -> bool:
    """Whether a text is a statement of a query language that takes something away."""
    parts = (" ".join(part.split()).lower() for part in text.split(";"))
    return any(f"{part} ".startswith(operations.statements) for part in parts)


def find_destructive_tool(tool: str, statements: Sequence[str]) -> str | None:
    """Return what makes a tool's use destructive: its name, or a statement given to it."""
    operations = load_operations()
    words = [word.lower() for word in _WORDS.findall(tool)]
    if any(word in operations.destructive_words for word in words):
        return tool
    found = (text for text in statements if is_destructive_statement(text, operations))
    return next((text[:_SHOWN] for text in found), None)
