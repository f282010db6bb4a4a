"""Commits a second and peak memory of `provenance`, beside PyDriller where it is installed.

`python -m tests.bench.provenance_bench [REPOSITORY] [COMMITS]` measures on a repository; without
one a history is made, of 3,000 commits (300 with BENCH_SIZE=small). Both sides walk from the newest
commit on and take each one's people, message and count of lines, ours with the marks, notes and
anomalies as well. PyDriller (`pip install pydriller`, for the bench alone) is stopped after
COMMITS commits (1,000 if none are given). The peaks leave out the git processes; the
largest of those is beside them.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import resource
import sys
import tempfile
from itertools import islice
from pathlib import Path
from typing import Any

from attribution.provenance.survey import Survey
from tests.bench.generators.histories import build_history
from tests.bench.measuring.runs import Measured, Stopwatch, Timed, measure
from tests.bench.measuring.tables import format_table

SMALL = os.environ.get("BENCH_SIZE") == "small"
MADE = 300 if SMALL else 3000
LIMIT = 60.0 if SMALL else 1800.0
PEER = "pydriller"
COLUMNS = ("walk", "commits", "seconds", "commits a second", "peak memory", "largest git")


def walk_ours(path: str) -> tuple[Timed, Any]:
    """Return the seconds of a whole survey, and how many commits and lines it found."""
    watch = Stopwatch()
    count = added = 0
    with Survey(Path(path)) as survey:
        for dossier in survey.dossiers():
            count += 1
            added += (dossier.walked.lines or (0, 0))[0]
            dossier.to_dict()
        survey.totals()
    return {"walk": watch.lap()}, (count, added, largest_child())


def walk_theirs(path: str, commits: int) -> tuple[Timed, Any]:
    """Return the seconds PyDriller takes for the newest commits, with their lines counted."""
    repository = importlib.import_module(PEER).Repository(path, order="reverse")
    watch = Stopwatch()
    count = added = 0
    for commit in islice(repository.traverse_commits(), commits):
        count += 1
        added += commit.insertions
        _ = (commit.author.email, commit.committer.email, commit.msg, commit.deletions)
    return {"walk": watch.lap()}, (count, added, largest_child())


def largest_child() -> float:
    """Return the peak memory of the largest process that was started, in MiB."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def describe(name: str, measured: Measured) -> list[str]:
    """Return the cells of a row."""
    if not measured.finished:
        return [name, "", measured.failure, "", "", ""]
    count, _, largest = measured.answer
    seconds = measured.median("walk")
    rate = count / seconds
    memory = (f"{measured.peak:.0f} MiB", f"{largest:.0f} MiB")
    return [name, f"{count:,}", f"{seconds:.2f}", f"{rate:,.0f}", *memory]


def compare(path: Path, commits: int) -> None:
    """Print both walks over one repository, and how many times faster ours is."""
    ours = measure(walk_ours, str(path), runs=1, limit=LIMIT)
    rows = [describe("attribution provenance", ours)]
    theirs = None
    if importlib.util.find_spec(PEER) is None:
        print("pydriller is not installed: our side alone")
    else:
        theirs = measure(walk_theirs, str(path), commits, runs=1, limit=LIMIT)
        rows.append(describe("PyDriller", theirs))
    print(format_table(COLUMNS, rows))
    if not ours.finished:
        sys.exit(f"our walk failed: {ours.failure}")
    if theirs is not None and theirs.finished:
        rates = [one.answer[0] / one.median("walk") for one in (ours, theirs)]
        print(f"{rates[0] / rates[1]:.1f} times PyDriller's commits a second (bar: 8)")


def main() -> None:
    """Measure on the repository named, or on one that is made and thrown away."""
    named = sys.argv[1:]
    commits = int(named[1]) if len(named) > 1 else 1000
    if named:
        compare(Path(named[0]), commits)
        return
    with tempfile.TemporaryDirectory(prefix="attribution-bench-") as folder:
        path = Path(folder) / "history.git"
        build_history(path, MADE)
        compare(path, min(commits, MADE))


if __name__ == "__main__":
    main()
