"""Chains of first parents: a commit's place, from which the next in line is a step away.

Commits come in any order. Each awaits its parents: the first is to stand behind it, unless another
child has claimed that parent before; then it begins a chain of its own, as does every other parent.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

NOWHERE = (0, -1)
"""The place of a parent that is awaited and claimed by nobody."""

ReadCommit = tuple[bytes, bytes, list[bytes], int]
"""A commit as it is read from git: its id, those of its parents one after the other, its files.

Of each file that differs from the first parent: what `--raw -z` says of it, and its path. Last, how
many of them it took away, or more.
"""


class Block:
    """Commits on their way into the store, and what it has of those around them; ids are bytes."""

    def __init__(self, chains: int) -> None:
        self.known: set[bytes] = set()
        self.awaited: dict[bytes, tuple[int, int]] = {}
        self.rows: list[tuple[bytes, int, int, bytes, int, int]] = []
        self.touches: dict[bytes, list[Any]] = defaultdict(list)
        self._chains = chains

    def take(self, commit: ReadCommit) -> None:
        """Give a commit its place: behind the one whose first parent it is."""
        sha, parents, files, gone = commit
        if sha in self.known:
            return
        chain, place = self.awaited.pop(sha, NOWHERE)
        if place < 0:
            self._chains += 1
            chain, place = self._chains, 0
        self.known.add(sha)
        for about, path in zip(files[::2], files[1::2], strict=True):
            self.touches[path] += (chain, place, about)
        self.rows.append((sha, chain, place, parents, len(files) // 2, gone))
        for at in range(0, len(parents), len(sha)):
            parent = parents[at : at + len(sha)]
            if parent not in self.known and self.awaited.get(parent, NOWHERE) == NOWHERE:
                self.awaited[parent] = NOWHERE if at else (chain, place + 1)
