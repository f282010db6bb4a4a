"""What commits did to one file, as numbers of lines alone, read from git once and kept.

Source: git-diff-tree(1): `--stdin` echoes a line that is no commit id, which tells where the answer
to a question ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import IO

from attribution.errors import InputError
from attribution.ingest.git import Repository
from attribution.provenance.history_store import (
    ABSENT,
    SAME,
    HistoryStore,
    IndexedCommit,
    Spans,
    encode_path,
)

# As git-blame(1) compares: every file as text, by Myers, hunks moved to where lines are indented.
_DIFF = (
    "--literal-pathspecs", "diff-tree", "--stdin", "--always", "-r", "--raw", "-p", "-U0",
    "--no-renames", "--full-index", "--text", "--inter-hunk-context=0", "--no-ext-diff",
    "--no-textconv", "--no-color", "--indent-heuristic", "--diff-algorithm=myers",
    "--ignore-submodules=all", "--",
)  # fmt: skip
_HUNK = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_COMMIT = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?\n")
_END = b"=\n"


class StepDiffs:
    """Reads what commits did to one file; git runs once something must be asked of it."""

    def __init__(
        self, repository: Repository, store: HistoryStore, path: str, stack: ExitStack
    ) -> None:
        """Name the file; `stack` ends the process of git."""
        self._repository = repository
        self._store = store
        self._path = path
        self._stack = stack
        self._git: tuple[IO[bytes], IO[bytes]] | None = None

    def read(self, asked: Sequence[tuple[IndexedCommit, int]]) -> list[Spans]:
        """Return what each commit did to the file, against the parent of that number.

        Raises InputError when git cannot read one of them.
        """
        if not asked:
            return []
        if self._git is None:
            self._git = self._stack.enter_context(self._repository.converse(*_DIFF, self._path))
        requests, answers = self._git
        given = "".join(f"{commit.sha} {commit.parents[at]}\n" for commit, at in asked)
        try:
            requests.write(given.encode() + _END)
            requests.flush()
            found = list(_parse(answers))
        except (OSError, EOFError):
            found = []
        if len(found) != len(asked):
            self._repository.read(*_DIFF, self._path, given=given)
            raise InputError(
                "git stopped while it compared two versions of a file",
                file=self._repository.file,
                expected="a complete git repository",
                remedy="`git fsck` shows what is missing",
            )
        steps = [(commit.row, at, one) for (commit, at), one in zip(asked, found, strict=True)]
        self._store.keep_steps(encode_path(self._path), steps)
        return found


def _parse(answers: IO[bytes]) -> Iterator[Spans]:
    """Yield what stands about each commit, up to the line that ends the answer.

    Raises EOFError where git stops before that.
    """
    spans: list[tuple[int, int, int, int]] = []
    entries: list[tuple[bytes, bool]] = []
    begun = False
    while line := answers.readline():
        if match := _HUNK.match(line):
            first, many, new_first, new_many = (int(part or 1) for part in match.groups())
            spans.append((first, many, new_first, new_many))
            _pass_over(answers, many + new_many)
        elif line.startswith(b":"):
            _, _, before, after, letter = line.split(b"\t")[0].split()
            entries.append((letter, before != after))
        elif line == _END or _COMMIT.fullmatch(line):
            if begun:
                yield _conclude(entries, tuple(spans))
            if line == _END:
                return
            begun, spans, entries = True, [], []
    raise EOFError


def _pass_over(answers: IO[bytes], count: int) -> None:
    """Read the lines of a hunk, among which there may be remarks on a missing end of line."""
    while count:
        line = answers.readline()
        if not line:
            raise EOFError
        count -= not line.startswith(b"\\")


def _conclude(entries: Sequence[tuple[bytes, bool]], spans: Spans) -> Spans:
    """Return the hunks, or what there is to say where there are none to follow."""
    if not any(differs for _, differs in entries):
        return SAME
    # More than one entry: a folder of the same name was there. Content that differs in no line:
    # git has its own way of looking at the file.
    return spans if [letter for letter, _ in entries] == [b"M"] and spans else ABSENT
