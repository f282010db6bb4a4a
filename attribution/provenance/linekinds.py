"""What a line of a file is: code, or something a defect can hardly lie in.

After Kim et al. (2006), who leave out blank lines, comments and format; told from the text of the
line and the ending of the file's name, without parsing.
"""

from __future__ import annotations

import re
from collections import Counter
from enum import Enum
from functools import cache
from pathlib import PurePosixPath

_MARKS: dict[str, str] = {
    "#": "py pyx pyi sh bash zsh rb pl pm r yml yaml toml cfg conf ini mk cmake tf ps1 nix jl ex",
    "//": "c h cc cpp cxx hh hpp hxx m mm java js jsx mjs ts tsx go rs swift kt scala cs php "
    "css scss less dart groovy proto v sv zig tf",
    "--": "sql lua hs elm adb ads vhd vhdl",
    ";": "ini cfg el lisp clj asm s",
}
"""What begins a comment to the end of the line, and the endings of the files in which it does."""

_PROSE = re.compile(r"(?i).*\.(md|rst|txt|adoc|org|tex|html|po|pot|man|[1-8])")
_HASH_NAMES = frozenset({"makefile", "dockerfile", "gnumakefile", "jenkinsfile", "rakefile"})
_PROSE_NAMES = re.compile(
    r"(?i)(readme|changes|changelog|news|history|authors|contributors|license|copying|todo|thanks"
    r"|install|release[-_]?notes)(\..*)?"
)
_TEST = re.compile(
    r"(?i)(^|/)(tests?|testing|specs?|__tests__|fixtures)/|(^|/)(test_|conftest\.)"
    r"|(?<![^/])[^/]*[_.-](tests?|spec)\.[^/.]+$|(^|/)tests?\.[^/.]+$"
)
_IMPORT = re.compile(
    r"(from\s+\S+\s+import\b|import\s+[\w.{*\"']|#\s*include\b|using\s+[\w:]+;|use\s+[\w:{}, ]+;"
    r"|require(_once)?\b|package\s+[\w.]+;?$)"
)
_IDENTIFIER = re.compile(r"[^\W\d]\w+")
_TOKEN = re.compile(r"\w+|[^\w\s]")
_LONGEST = 4000  # nobody comments such a line; quotes that are never closed cost their square
_STRING_COMMENT = re.compile(
    r"""("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|(\#.*|//.*|/\*.*?(?:\*/|$)|--\s.*)"""
)


Words = tuple[str, ...]


class LineKind(Enum):
    """What a line is."""

    BLANK = "blank"
    COMMENT = "comment"
    PUNCTUATION = "punctuation"
    IMPORT = "import"
    CODE = "code"


class FileKind(Enum):
    """What a file is for."""

    SOURCE = "source"
    TEST = "test"
    PROSE = "prose"


def classify_file(path: str) -> FileKind:
    """Return what a file is for, from its name: tests, prose for people, or all else."""
    name = PurePosixPath(path)
    if _PROSE.fullmatch(name.name) or _PROSE_NAMES.fullmatch(name.name):
        return FileKind.PROSE
    return FileKind.TEST if _TEST.search(path) else FileKind.SOURCE


@cache
def comment_marks(path: str) -> tuple[str, ...]:
    """Return what begins a comment to the end of the line in a file of this name."""
    name = PurePosixPath(path)
    suffix = name.suffix.lower().removeprefix(".")
    marks = [mark for mark, endings in _MARKS.items() if suffix in endings.split()]
    if "#" not in marks and (not suffix or name.name.lower() in _HASH_NAMES):
        marks.append("#")
    return (*marks, "/*") if "//" in marks else tuple(marks)


def classify_line(text: str, path: str) -> LineKind:
    """Return what a line of a file of this name is; a docstring's inside cannot be told."""
    line = text.strip()
    if not line:
        return LineKind.BLANK
    marks = comment_marks(path)
    if _IMPORT.match(line):
        return LineKind.IMPORT
    if line.startswith((*marks, '"""', "'''")):
        return LineKind.COMMENT
    if "/*" in marks and re.match(r"\*(/|\s|$)", line):
        return LineKind.COMMENT
    if not re.search(r"\w", line) or line in {"else:", "else", "} else {", "try:", "end", "pass"}:
        return LineKind.PUNCTUATION
    return LineKind.CODE


def strip_comment(text: str, path: str) -> str:
    """Return a line without the comment at its end, strings left alone; a very long one whole."""
    if len(text) > _LONGEST:
        return text
    marks = comment_marks(path)
    if not any(mark in text for mark in marks):
        return text

    def drop(match: re.Match[str]) -> str:
        if match[1] is not None or not match[2].startswith(marks):
            return match[0]
        return ""

    return _STRING_COMMENT.sub(drop, text)


def tokens(text: str, path: str) -> Words:
    """Return the words and signs of a line, without white space and comment."""
    return tuple(_TOKEN.findall(strip_comment(text, path)))


def measure_likeness(one: Words, other: Words) -> float:
    """Return how alike two lines are, in [0, 1]: Dice's coefficient over their words and signs."""
    shared = (Counter(one) & Counter(other)).total()
    return 2 * shared / max(1, len(one) + len(other))


def identifiers(text: str, path: str) -> frozenset[str]:
    """Return the words of a line that can be names: two letters at least."""
    return frozenset(_IDENTIFIER.findall(strip_comment(text, path)))
