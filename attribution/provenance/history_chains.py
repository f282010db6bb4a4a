"""Chains of first parents: a commit's place, from which the next in line is a step away.

Commits come in any order. Each awaits its parents: the first is to stand behind it, unless another
child has claimed that parent before; then it begins a chain of its own, as does every other parent.
"""

from __future__ import annotations

from dataclasses import dataclass

NOWHERE = (0, -1)
"""The place of a parent that is awaited and claimed by nobody."""


@dataclass(frozen=True, slots=True)
class ReadCommit:
    """A commit as it is read from git: the files are those that differ from its first parent."""

    sha: str
    parents: tuple[str, ...]
    paths: tuple[bytes, ...]


class Block:
    """Commits on their way into the store, and what it has of those around them."""

    def __init__(self, chains: int) -> None:
        self.known: set[bytes] = set()
        self.awaited: dict[bytes, tuple[int, int]] = {}
        self.rows: list[tuple[bytes, int, int, bytes]] = []
        self.touches: list[tuple[bytes, int, int]] = []
        self._chains = chains

    def take(self, commit: ReadCommit) -> None:
        """Give a commit its place: behind the one whose first parent it is."""
        sha = bytes.fromhex(commit.sha)
        if sha in self.known:
            return
        chain, place = self.awaited.pop(sha, NOWHERE)
        if (chain, place) == NOWHERE:
            self._chains += 1
            chain, place = self._chains, 0
        parents = [bytes.fromhex(parent) for parent in commit.parents]
        self.known.add(sha)
        self.rows.append((sha, chain, place, b"".join(parents)))
        self.touches += [(path, chain, place) for path in commit.paths]
        for at, parent in enumerate(parents):
            if parent not in self.known and self.awaited.get(parent, NOWHERE) == NOWHERE:
                self.awaited[parent] = NOWHERE if at else (chain, place + 1)
