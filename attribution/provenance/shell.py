"""Shell commands taken apart far enough to see which programs they start, never run.

Grammar: POSIX.1-2024, Shell Command Language, 2.9 (lists, pipelines, simple commands). What cannot
be taken apart for certain, such as a substitution inside quotes, makes the whole opaque.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

_HEREDOC = re.compile(r"<<-?[ \t]*(['\"]?)(\w+)\1")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=.*", re.DOTALL)
_SEPARATORS = frozenset("();&|\n{}")
_SUBSTITUTION = re.compile(r"\$\(|`|<\(|>\(")
_WRAPPERS = frozenset(
    {"sudo", "doas", "env", "time", "nohup", "command", "exec", "nice", "xargs"}
    | {"if", "then", "elif", "else", "while", "until", "do", "!"}
)
_KEYWORDS = frozenset({"for", "case", "select", "fi", "done", "esac", "in"})
_SHELLS = frozenset({"sh", "bash", "zsh", "dash"})
_HARMLESS_TARGETS = frozenset({"/dev/null", "&1", "&2", "1", "2"})
_SCRIPT_FOLLOWS = re.compile(r"-[a-z]*c")
_DEEPEST = 4
_LONGEST = 1 << 16


@dataclass(frozen=True, slots=True)
class Command:
    """One simple command: its program without its folder, its words, and files it writes to."""

    program: str
    words: tuple[str, ...]
    writes: tuple[str, ...] = ()

    def show(self, limit: int) -> str:
        """Return the command on one line, cut at `limit` characters."""
        line = " ".join(" ".join((self.program, *self.words)).split())
        return line if len(line) <= limit else f"{line[: limit - 1]}…"


@dataclass(frozen=True, slots=True)
class Script:
    """The simple commands of a script in order; `opaque` where there may be more to it."""

    commands: tuple[Command, ...]
    opaque: bool


def parse_script(text: str, depth: int = 0) -> Script:
    """Return the commands of a script; of one that no shell would take, those of a rough split."""
    cut = len(text) > _LONGEST or depth > _DEEPEST
    text = _drop_heredocs(text[:_LONGEST]).replace("\\\n", " ")
    try:
        tokens = _tokenise(text)
        opaque = cut
    except ValueError:
        tokens = re.split(r"(\n|[;&|()])|\s+", text)
        opaque = True
    opaque = opaque or _SUBSTITUTION.search(text) is not None
    commands: list[Command] = []
    for words in _split([token for token in tokens if token]):
        command = _unwrap(words)
        if command is None:
            continue
        inner = _inner_script(command)
        if inner is not None and depth <= _DEEPEST:
            script = parse_script(inner, depth + 1)
            commands += script.commands
            opaque = opaque or script.opaque
        else:
            commands.append(command)
    return Script(tuple(commands), opaque)


def _drop_heredocs(text: str) -> str:
    """Return a script without the texts it feeds to its commands (2.7.4)."""
    kept: list[str] = []
    end: str | None = None
    for line in text.split("\n"):
        if end is not None:
            end = None if line.strip() == end else end
            continue
        opened = _HEREDOC.search(line)
        kept.append(line if opened is None else line[: opened.start()] + line[opened.end() :])
        end = None if opened is None else opened[2]
    return "\n".join(kept)


def _tokenise(text: str) -> list[str]:
    """Return words and operators; a line end is an operator. Raises ValueError if unbalanced."""
    lexer = shlex.shlex(text, posix=True, punctuation_chars="();<>|&\n")
    lexer.whitespace = " \t\r"
    lexer.whitespace_split = True
    lexer.commenters = ""
    return list(lexer)


def _split(tokens: list[str]) -> Iterator[list[str]]:
    words: list[str] = []
    for token in tokens:
        if set(token) <= _SEPARATORS:
            if words:
                yield words
            words = []
        else:
            words.append(token)
    if words:
        yield words


def _unwrap(words: list[str]) -> Command | None:
    """Return the command behind assignments and wrappers; None where no program is started."""
    plain, writes = _take_redirections(words)
    while plain and (_ASSIGNMENT.fullmatch(plain[0]) or _base(plain[0]) in _WRAPPERS):
        wrapper = _base(plain.pop(0)) in _WRAPPERS
        while wrapper and plain and plain[0].startswith("-"):
            plain.pop(0)
    if plain and _base(plain[0]) == "timeout":
        plain = plain[2:]
    if not plain or plain[0].startswith("#") or plain[0] in _KEYWORDS:
        return None
    return Command(_base(plain[0]), tuple(plain[1:]), tuple(writes))


def _take_redirections(words: list[str]) -> tuple[list[str], list[str]]:
    plain: list[str] = []
    writes: list[str] = []
    skip = False
    for index, word in enumerate(words):
        if skip:
            skip = False
        elif word and set(word) <= set("<>&|"):
            skip = True
            target = words[index + 1] if index + 1 < len(words) else ""
            if ">" in word and target not in _HARMLESS_TARGETS:
                writes.append(target)
            if plain and plain[-1].isdigit():
                plain.pop()
        else:
            plain.append(word)
    return plain, writes


def _inner_script(command: Command) -> str | None:
    """Return the script that a shell, or a shell on another host, is given as one word."""
    words = command.words
    if command.program in _SHELLS:
        marked = (place for place, word in enumerate(words[:-1]) if _SCRIPT_FOLLOWS.fullmatch(word))
        return next((words[place + 1] for place in marked), None)
    if command.program == "eval":
        return " ".join(words)
    return None


def _base(word: str) -> str:
    return word.rsplit("/", 1)[-1] or word
