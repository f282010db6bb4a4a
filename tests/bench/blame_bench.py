"""Seconds to blame the largest text files of a repository, beside pygit2 where it is installed.

`python -m tests.bench.blame_bench [REPOSITORY] [FILES] [LIMIT]` blames every line of the FILES (50)
largest text files at HEAD; without a repository one is made, and thrown away. Ours takes two files
at a time, as `blame_files` does: by git alone, with a cache that is empty at first, and with what
that run left. pygit2 (`pip install pygit2`, for the bench alone) takes one file after another, each
for LIMIT seconds (20) at most; a file that takes longer counts with that, and one on which it fails
is left out on both sides. The bench fails where our three runs differ, and says in how many lines
pygit2 names another commit than git does: libgit2 has no heuristic for where hunks begin, and
agrees with `git -c diff.indentHeuristic=false blame`.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from attribution.ingest.git import Repository, open_repository
from attribution.provenance.file_blame import blame_files
from tests.bench.generators.histories import build_history
from tests.bench.measuring.runs import Stopwatch, Timed, measure, show_seconds
from tests.bench.measuring.tables import format_table

SMALL = os.environ.get("BENCH_SIZE") == "small"
MADE = 300 if SMALL else 3000
FILES, LIMIT = (5, 5.0) if SMALL else (50, 20.0)
PEER = "pygit2"
LOOKED_AT = 8000

Blamed = dict[str, list[str]]
"""The commit of each line, by file."""


def list_largest(repository: Repository, sha: str, count: int) -> list[str]:
    """Return the largest text files; as git has it, text holds no NUL near its beginning."""
    entries = [
        entry.split("\t", 1)
        for entry in repository.split("ls-tree", "-r", "-l", "-z", sha)
        if entry.startswith("100")
    ]
    entries.sort(key=lambda entry: (-int(entry[0].split()[3]), entry[1]))
    found: list[str] = []
    for _, path in entries:
        if b"\0" not in repository.read("cat-file", "blob", f"{sha}:{path}")[:LOOKED_AT]:
            found.append(path)
        if len(found) == count:
            break
    return found


def blame_ours(
    repository: Repository, sha: str, paths: list[str], cache: Path | None
) -> tuple[float, Blamed]:
    """Return the seconds for all files, and the commits."""
    watch = Stopwatch()
    found = {
        path: [line.commit for line in lines]
        for path, lines in blame_files(repository, sha, paths, cache=cache)
    }
    return watch.lap(), found


def blame_theirs(folder: str, sha: str, path: str) -> tuple[Timed, list[str]]:
    """Return the seconds pygit2 takes for one file, and the commit of each line."""
    peer: Any = importlib.import_module(PEER)
    repository = peer.Repository(folder)
    watch = Stopwatch()
    hunks = list(repository.blame(path, newest_commit=sha))
    seconds = watch.lap()
    found = [str(hunk.final_commit_id) for hunk in hunks for _ in range(hunk.lines_in_hunk)]
    return {"blame": seconds}, found


def compare(folder: Path, count: int, limit: float, temporary: Path) -> None:
    """Print the seconds of both sides, and where they differ."""
    there = importlib.util.find_spec(PEER) is not None
    with open_repository(folder) as repository:
        sha = repository.run("rev-parse", "HEAD").strip()
        paths = list_largest(repository, sha, count)
        peer = measure_theirs(folder, sha, paths, limit) if there else None
        if peer is not None:
            paths = [path for path in paths if path not in peer.failed]
        ways = {
            "by git alone": None,
            "the cache empty at first": temporary / "cache",
            "the cache as it was left": temporary / "cache",
        }
        ours = {name: blame_ours(repository, sha, paths, way) for name, way in ways.items()}
    found = [commits for _, commits in ours.values()]
    lines = sum(len(commits) for commits in found[0].values())
    print(f"{len(paths)} files, {lines:,} lines")
    rows = [[f"ours, {name}", show_seconds(seconds), ""] for name, (seconds, _) in ours.items()]
    if peer is None:
        print(f"{PEER} is not installed: our side alone (pip install {PEER})\n")
        print(format_table(("program", "seconds", ""), rows))
    else:
        peer.tell_differences(found[0])
        for row, (seconds, _) in zip(rows, ours.values(), strict=True):
            row[2] = f"{peer.seconds / seconds:.1f}"
        left = f" at least, {peer.unfinished} files not finished" if peer.unfinished else ""
        rows.append([f"{PEER}{left}", show_seconds(peer.seconds), ""])
        print(f"\n{format_table(('program', 'seconds', f'times {PEER}'), rows)}")
    if any(commits != found[0] for commits in found):
        sys.exit("the answers depend on the cache")


@dataclass
class Peer:
    """The peer's seconds and commits; files in which it `failed` count on neither side."""

    seconds: float = 0.0
    unfinished: int = 0
    failed: set[str] = field(default_factory=set)
    commits: Blamed = field(default_factory=dict)

    def tell_differences(self, ours: Blamed) -> None:
        """Print in how many lines the two name different commits."""
        pairs = [
            pair
            for path, theirs in self.commits.items()
            for pair in zip(ours[path], theirs, strict=True)
        ]
        differing = sum(one != other for one, other in pairs)
        print(f"{differing:,} of {len(pairs):,} lines have another commit in {PEER} than in git")


def measure_theirs(folder: Path, sha: str, paths: list[str], limit: float) -> Peer:
    """Return what the peer takes for all files; one it does not finish counts with the limit."""
    peer = Peer()
    for path in paths:
        watch = Stopwatch()
        measured = measure(blame_theirs, str(folder), sha, path, runs=1, limit=limit)
        if measured.finished:
            peer.seconds += measured.median("blame")
            peer.commits[path] = measured.answer
        elif watch.lap() >= limit:
            peer.seconds += limit
            peer.unfinished += 1
        else:
            peer.failed.add(path)
            print(f"left out, {PEER} fails on {path}: {measured.failure}")
    return peer


def main() -> None:
    """Measure on the repository named, or on one that is made and thrown away."""
    named = sys.argv[1:]
    count = int(named[1]) if len(named) > 1 else FILES
    limit = float(named[2]) if len(named) > 2 else LIMIT
    with tempfile.TemporaryDirectory(prefix="attribution-bench-") as folder:
        path = Path(named[0]) if named else Path(folder) / "history.git"
        if not named:
            build_history(path, MADE)
        compare(path, count, limit, Path(folder))


if __name__ == "__main__":
    main()
