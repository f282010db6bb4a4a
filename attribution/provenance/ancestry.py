"""What came before a commit: its ancestors by git, in an order that depends on nothing else.

The order is that of git's corrected commit dates: a commit's date, or one more than the greatest of
its parents' where a clock ran behind. It is told from a commit's ancestors alone, so that asking
for other commits beside it changes nothing.
Source: git's Documentation/technical/commit-graph.adoc, "Corrected Commit Date".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from attribution.ingest.commit_graph import read_graph
from attribution.ingest.git import Repository


@dataclass(frozen=True, slots=True)
class Ancestor:
    """A commit of the history of some of the commits asked for.

    `time` is its commit date in seconds since 1970, UTC. `of` has the bit n set where it is an
    ancestor of the nth commit asked for, or that commit itself.
    """

    sha: str
    time: int
    parents: int
    of: int


def list_ancestors(repository: Repository, targets: Sequence[str]) -> list[Ancestor]:
    """Return the commits and all their ancestors, parents always before their children.

    `targets` are full ids. Raises InputError when git cannot read one of them.
    """
    graph = read_graph(repository, targets)
    shas, times, parents = graph.shas, graph.times, graph.parents
    of = [0] * len(shas)
    number = {sha: at for at, sha in enumerate(shas)}
    for bit, sha in enumerate(targets):
        of[number[sha]] |= 1 << bit
    for at in reversed(range(len(shas))):  # children before parents
        for parent in parents[at]:
            of[parent] |= of[at]
    corrected: list[int] = []
    for at, time in enumerate(times):
        corrected.append(max([time, *(corrected[parent] + 1 for parent in parents[at])]))
    order = sorted(range(len(shas)), key=lambda at: (corrected[at], shas[at]))
    return [Ancestor(shas[at], times[at], len(parents[at]), of[at]) for at in order]
