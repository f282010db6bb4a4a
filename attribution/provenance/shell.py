"""Shell commands taken apart far enough to see which programs they start, never run.

Grammar: POSIX.1-2024, Shell Command Language, 2.9 (lists, pipelines, simple commands). Where a
script is for Windows, by its paths or its commands, a backslash is part of a name, as it is to cmd
and PowerShell (about_Special_Characters, https://learn.microsoft.com/powershell). What cannot be
taken apart for certain, such as a substitution inside quotes, makes the whole opaque.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

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
_WINDOWS = re.compile(
    r"""(?:^|[\s;|&({'"=])(?:
        [A-Za-z]:\\ | \\\\[\w.-]+\\
        | (?i:powershell|pwsh|cmd)(?i:\.exe)?\s+[-/]
        | (?i:rd|rmdir|del|erase)\s+/[A-Za-z](?![/\w])
        | (?i:rd|rmdir|del|erase|ri)\s+[^|;&\n]*?\w\\\w
        | \.{1,2}\\\w
        | (?:Add|Clear|Copy|ForEach|Format|Get|Invoke|Move|New|Out|Remove|Rename|Set|Start|Stop
            |Test|Where|Write)-[A-Z][a-z]\w*
        | (?i:remove-item|clear-content)\b
    )""",
    re.VERBOSE | re.MULTILINE,
)
"""What a script for cmd or PowerShell has and one for a POSIX shell has not."""

_POWERSHELLS = frozenset({"powershell", "pwsh"})
_POWERSHELL_SCRIPT = re.compile(r"(?i)-c(?:o(?:m(?:m(?:a(?:n(?:d)?)?)?)?)?)?")
_POWERSHELL_ENCODED = re.compile(r"(?i)-e(?:c|n(?:c(?:o(?:d(?:e(?:d\w*)?)?)?)?)?)?")
_CMD_SCRIPT = re.compile(r"(?i)/[ck]")
_HARMLESS_TARGETS = frozenset({"/dev/null", "&1", "&2", "1", "2"})
_SCRIPT_FOLLOWS = re.compile(r"-[a-z]*c")
_DEEPEST = 4
_LONGEST = 1 << 16


@dataclass(frozen=True, slots=True)
class Command:
    """One simple command: its program without its folder, its words, and files it writes to.

    `fed_by` is the command before it in a pipeline, whose output it works on.
    """

    program: str
    words: tuple[str, ...]
    writes: tuple[str, ...] = ()
    fed_by: Command | None = field(default=None, compare=False)

    def show(self, limit: int) -> str:
        """Return the command on one line, cut at `limit` characters.

        One that names nothing to work on is shown with the command it takes that from.
        """
        line = " ".join(" ".join((self.program, *self.words)).split())
        if self.fed_by is not None and all(word.startswith("-") for word in self.words):
            room = limit - len(line) - len(" | ")
            line = f"{self.fed_by.show(room)} | {line}" if room > 0 else line
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
    except ValueError:  # an unbalanced quote
        tokens = re.split(r"(\n|[;&|()])|\s+", text)
        opaque = True
    opaque = opaque or _SUBSTITUTION.search(text) is not None
    commands: list[Command] = []
    for words, piped in _split([token for token in tokens if token]):
        command = _unwrap(words)
        if command is None:
            continue
        if piped and commands:
            command = replace(command, fed_by=commands[-1])
        opaque = opaque or _is_encoded(command)
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
    if _WINDOWS.search(text) is not None:
        try:
            return _lex(text, escape="")
        except ValueError:
            return _lex(text)
    return _lex(text)


def _lex(text: str, escape: str = "\\") -> list[str]:
    lexer = shlex.shlex(text, posix=True, punctuation_chars="();<>|&\n")
    lexer.whitespace = " \t\r"
    lexer.whitespace_split = True
    lexer.commenters = ""
    lexer.escape = escape
    return list(lexer)


def _split(tokens: list[str]) -> Iterator[tuple[list[str], bool]]:
    """Yield the words of each command, and whether the output of the one before is piped to it."""
    words: list[str] = []
    piped = False
    for token in tokens:
        if set(token) <= _SEPARATORS:
            if words:
                yield words, piped
                piped = False
            piped = token in {"|", "|&"} or (piped and token in {"{", "("})
            words = []
        else:
            words.append(token)
    if words:
        yield words, piped


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
    """Return the script that a shell is given as one word, or as the rest of its words."""
    words = command.words
    if command.program in _SHELLS:
        marked = (place for place, word in enumerate(words[:-1]) if _SCRIPT_FOLLOWS.fullmatch(word))
        return next((words[place + 1] for place in marked), None)
    if command.program == "eval":
        return " ".join(words)
    follows = _CMD_SCRIPT if command.program.lower() == "cmd" else None
    if command.program.lower() in _POWERSHELLS:
        follows = _POWERSHELL_SCRIPT
    if follows is not None:
        marked = (place for place, word in enumerate(words[:-1]) if follows.fullmatch(word))
        rest = next((words[place + 1 :] for place in marked), ())
        return rest[0] if len(rest) == 1 else " ".join(map(_quote, rest)) or None
    return None


def _quote(word: str) -> str:
    return f'"{word}"' if " " in word else word


def _is_encoded(command: Command) -> bool:
    """Return whether PowerShell is given its script in a form that is not read."""
    named = command.program.lower() in _POWERSHELLS
    return named and any(_POWERSHELL_ENCODED.fullmatch(word) for word in command.words)


def _base(word: str) -> str:
    """Return the name of a program without its folder, and without the ending Windows gives it."""
    return re.split(r"[/\\]", word)[-1].removesuffix(".exe") or word
