"""Plain facts of a change that a reviewer would have stopped at, by the table `risk_facts.yaml`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from attribution.model.risk import Place, RiskFact
from attribution.provenance import file_changes, patches
from attribution.provenance.linekinds import FileKind, classify_file
from attribution.tablefile import read_table

TABLE = Path(__file__).with_name("risk_facts.yaml")

_SHOWN = 5
"""So many places of one fact are given; the others are counted."""

_LONGEST = 120
_WIDEST = 2000  # no pattern is tried on more characters of a line
_MASKED = 6
NO_TEST = "no_test"

_NO_TEST = (
    NO_TEST,
    "changes code and no test",
    (
        "Google Engineering Practices, What to look for in a code review, Tests:"
        " https://google.github.io/eng-practices/review/reviewer/looking-for.html"
    ),
)
_UNREADABLE = (
    "binary",
    "puts in files that a review of the differences does not show",
    (
        "OpenSSF Scorecard, Binary-Artifacts:"
        " https://github.com/ossf/scorecard/blob/main/docs/checks.md#binary-artifacts"
    ),
)
_CODE = re.compile(
    r"(?i)\.(py|pyx|c|h|cc|cpp|cxx|hpp|m|mm|java|kt|scala|groovy|js|jsx|mjs|ts|tsx|go|rs|swift|rb|pl"
    r"|pm|php|cs|fs|vb|lua|r|jl|ex|exs|erl|hs|ml|clj|dart|zig|sh|bash|ps1|sql|f90|f|v|sv|vhd)$"
)


@dataclass(frozen=True, slots=True)
class _Pattern:
    """What to look for: in files of a name and kind, a line, a deletion, or the name alone."""

    files: re.Pattern[str] | None
    added: re.Pattern[str] | None
    removed: re.Pattern[str] | None
    deleted: bool
    kinds: frozenset[FileKind]

    @property
    def is_about_lines(self) -> bool:
        return self.added is not None or self.removed is not None

    def concerns(self, path: str) -> bool:
        return classify_file(path) in self.kinds and (
            self.files is None or self.files.search(path) is not None
        )


@dataclass(frozen=True, slots=True)
class _Row:
    id: str
    says: str
    source: str
    mask: bool
    patterns: tuple[_Pattern, ...]


@cache
def load_rows() -> tuple[_Row, ...]:
    """Return the table's rows in its order."""
    rows = read_table(TABLE)["facts"]
    return tuple(
        _Row(
            row["id"],
            row["says"],
            row["source"],
            row.get("mask", False),
            tuple(_compile(pattern) for pattern in row["patterns"]),
        )
        for row in rows
    )


def _compile(pattern: dict[str, Any]) -> _Pattern:
    def expression(key: str, flags: int = 0) -> re.Pattern[str] | None:
        return re.compile(pattern[key], flags) if key in pattern else None

    return _Pattern(
        expression("files", re.IGNORECASE),
        expression("added"),
        expression("removed"),
        pattern.get("deleted", False),
        frozenset(FileKind(kind) for kind in pattern.get("kinds", ["source"])),
    )


def find_facts(change: file_changes.ChangedCommit, patch: patches.Patch) -> tuple[RiskFact, ...]:
    """Return the facts of a change: those of the table in its order, then those told by counting.

    `patch` is the text of the same change.
    """
    files = change.files
    found = []
    for row in load_rows():
        places = list(dict.fromkeys(_find_places(row, files, patch)))
        if places:
            found.append(_build((row.id, row.says, row.source), places))
    for fact, places in (
        (_NO_TEST, _list_untested(files)),
        (_UNREADABLE, _list_unreadable(files) if change.counted else []),
    ):
        if places:
            found.append(_build(fact, places))
    return tuple(found)


def _build(fact: tuple[str, str, str], places: Sequence[Place]) -> RiskFact:
    return RiskFact(*fact, tuple(places[:_SHOWN]), len(places))


def _find_places(
    row: _Row, files: Sequence[file_changes.FileChange], patch: patches.Patch
) -> Iterator[Place]:
    for pattern in row.patterns:
        if pattern.is_about_lines:
            for file in patch.files:
                yield from _find_lines(pattern, file, mask=row.mask)
        else:
            for named in files:
                gone = named.after is None
                if pattern.concerns(named.path) and (gone or not pattern.deleted):
                    yield Place(_show(named.path), "file", None, "deleted" if gone else None)


def _find_lines(pattern: _Pattern, file: patches.FileChange, *, mask: bool) -> Iterator[Place]:
    path = file.new_path or file.path
    if not pattern.concerns(path):
        return
    sides = (
        ("removed", pattern.removed, ((hunk.old_start, hunk.old) for hunk in file.hunks)),
        ("added", pattern.added, ((hunk.new_start, hunk.new) for hunk in file.hunks)),
    )
    for side, expression, blocks in sides:
        if expression is None:
            continue
        for number, line in _number(blocks):
            match = expression.search(line[:_WIDEST])
            if match is not None:
                text = _mask(match) if mask else line.strip()[:_LONGEST]
                yield Place(_show(path), side, number, _show(text))


def _number(blocks: Iterable[tuple[int, Sequence[str]]]) -> Iterator[tuple[int, str]]:
    for start, lines in blocks:
        yield from enumerate(lines, start)


def _mask(match: re.Match[str]) -> str:
    """Return the beginning of what looks like a secret: a report must not pass it on."""
    return f"{match[0][:_MASKED]}… ({len(match[0])} characters)"


def lacks_test(change: file_changes.ChangedCommit) -> bool:
    """Return whether a change is to code and to no test."""
    return bool(_list_untested(change.files))


def _list_untested(files: Sequence[file_changes.FileChange]) -> list[Place]:
    kinds = {classify_file(file.path) for file in files}
    if FileKind.TEST in kinds:
        return []
    code = [
        file.path
        for file in files
        if classify_file(file.path) is FileKind.SOURCE and _CODE.search(file.path)
    ]
    return [Place(_show(path), "file") for path in code]


def _list_unreadable(files: Sequence[file_changes.FileChange]) -> list[Place]:
    return [
        Place(_show(file.path), "file")
        for file in files
        if file.lines is None and file.after is not None and not file.submodule
    ]


def _show(text: str) -> str:
    """Return a text fit to print: bytes that are no UTF-8 are replaced."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
