"""What is known of a commit and of a file in it, as the index of a history has it."""

from __future__ import annotations

from dataclasses import dataclass

Spans = tuple[tuple[int, int, int, int], ...]
"""Hunks as numbers alone: first old line, how many, first new line, how many; as in a patch."""

SAME: Spans = ()
"""The file is the same on both sides."""

ABSENT: Spans = ((-1, 0, 0, 0),)
"""There was no such file before, or something else of its name; it may have had another one."""

BEGUN: Spans = ((-2, 0, 0, 0),)
"""There was no such file before, and git takes none for its former self."""

ROUGH = (-3, 0, 0, 0)
"""Stands before one hunk in which all the hunks lie; they themselves are not known yet."""


@dataclass(frozen=True, slots=True)
class IndexedCommit:
    """A commit of the index: where it lies, and its parents' ids.

    `row` is its chain and its place there in one number. `files` says how many files differ from
    its first parent, `gone` how many of them it took away.
    """

    row: int
    sha: str
    chain: int
    place: int
    parents: tuple[str, ...]
    files: int
    gone: int


@dataclass(frozen=True, slots=True)
class Touch:
    """A commit that touched a file, and what it did to it against its first parent.

    `sides` are the ids of what the file was and is, one after the other: empty where one of them is
    no plain file, zero where there was none before. `spans` is None where they were not kept.
    """

    commit: IndexedCommit
    sides: bytes
    spans: Spans | None
