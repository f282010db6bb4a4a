"""Which commit has which parents, read from a repository in one run of git-rev-list(1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from attribution.ingest.git import Repository

HISTORY = (
    "--exclude=refs/notes/*",
    "--exclude=refs/replace/*",
    "--exclude=refs/stash",
    "--exclude=refs/ai/*",
    "--exclude=refs/gittuf/*",
    "--exclude=refs/heads/entire/*",
    "--exclude=refs/remotes/*/entire/*",
    "--all",
)
"""Every branch and tag, without the references that hold records about commits."""

_LONGEST = 1 << 20


@dataclass(frozen=True, slots=True)
class CommitGraph:
    """Commits with their commit dates (seconds since 1970, UTC), parents before children.

    `parents` has places in `shas`. A parent beyond the edge of a shallow clone is left out.
    """

    shas: list[str] = field(default_factory=list)
    times: list[int] = field(default_factory=list)
    parents: list[tuple[int, ...]] = field(default_factory=list)


def read_graph(
    repository: Repository, starts: Sequence[str], options: Sequence[str] = ()
) -> CommitGraph:
    """Return the commits that lead to `starts` (full ids), and those that `options` name.

    Raises InputError when git cannot read one of them.
    """
    graph = CommitGraph()
    number: dict[str, int] = {}
    arguments = ("--topo-order", "--reverse", "--parents", "--timestamp", "--stdin", *options)
    for line in _split_lines(repository.stream("rev-list", *arguments, lines=starts)):
        time, sha, *above = line.split()
        number[sha] = len(graph.shas)
        graph.shas.append(sha)
        graph.times.append(int(time))
        graph.parents.append(tuple(number[parent] for parent in above if parent in number))
    return graph


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
