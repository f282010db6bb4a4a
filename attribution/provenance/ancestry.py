"""What came before a commit: its ancestors by git, in an order that depends on nothing else.

The order is that of git's corrected commit dates: a commit's date, or one more than the greatest of
its parents' where a clock ran behind. It is told from a commit's ancestors alone, so that asking
for other commits beside it changes nothing.
Source: git's Documentation/technical/commit-graph.adoc, "Corrected Commit Date".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from attribution.ingest.git import Repository

_LONGEST = 1 << 16


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
    shas, times, parents = _read_graph(repository, targets)
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


def _read_graph(
    repository: Repository, targets: Sequence[str]
) -> tuple[list[str], list[int], list[tuple[int, ...]]]:
    """Return ids, dates and the numbers of the parents, parents before children."""
    shas: list[str] = []
    times: list[int] = []
    parents: list[tuple[int, ...]] = []
    number: dict[str, int] = {}
    options = ("--topo-order", "--reverse", "--parents", "--timestamp", "--stdin")
    for line in _split_lines(repository.stream("rev-list", *options, lines=targets)):
        time, sha, *above = line.split()
        number[sha] = len(shas)
        shas.append(sha)
        times.append(int(time))
        # A parent that is missing lies beyond the edge of a shallow clone.
        parents.append(tuple(number[parent] for parent in above if parent in number))
    return shas, times, parents


def _split_lines(chunks: Iterable[bytes]) -> Iterator[str]:
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield line.decode("ascii")


def find_edges(repository: Repository, roots: Iterable[str]) -> frozenset[str]:
    """Return those of the parentless commits that have parents which a shallow clone left out."""
    cut = set()
    with repository.objects() as objects:
        for sha in roots:
            stored = objects.read(sha, _LONGEST)
            header = (stored.content or b"" if stored is not None else b"").partition(b"\n\n")[0]
            if b"\nparent " in header:
                cut.add(sha)
    return frozenset(cut)
