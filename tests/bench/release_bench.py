"""Which tags have a commit: every answer beside that of `git tag --contains`, and the seconds.

    python tests/bench/release_bench.py [REPO...]

For each repository twenty commits are drawn from a seed. Without REPO one is made, with a tag on
every commit. `differ` counts commits for which the names are not the same; copies on other
branches, which git does not name, are counted apart.
"""

from __future__ import annotations

import os
import random
import resource
import sys
import tempfile
from pathlib import Path

from attribution.ingest.git import Repository, open_repository
from attribution.oversight.trace import trace_release
from tests.bench.measuring.runs import Stopwatch, show_seconds
from tests.bench.measuring.tables import format_table
from tests.gitrepo import GitRepo
from tests.randomrepo import plan_history, write_history

SMALL = os.environ.get("BENCH_SIZE") == "small"
DRAWN = 5 if SMALL else 20
MADE = 40 if SMALL else 400
SEED = 4
COLUMNS = ("repository", "tags", "commits", "differ", "copies", "ours, each", "git, each", "MB")


def compare(repository: Repository, name: str) -> list[str]:
    """Return the row of one repository."""
    shas = repository.run("rev-list", "--all").split()
    drawn = random.Random(SEED).sample(shas, min(DRAWN, len(shas)))
    ours = theirs = 0.0
    differ = copies = 0
    for sha in drawn:
        watch = Stopwatch()
        trace = trace_release(repository, sha)
        ours += watch.lap()
        expected = set(repository.run("tag", "--contains", sha).split())
        theirs += watch.lap()
        named = {tag.name: tag.contents.carrier for tag in trace.tags}
        extra = set(named) - expected
        copied = {one for one in extra if (how := named[one]) is not None and how.how != "itself"}
        differ += bool(expected - set(named)) or bool(extra - copied)
        copies += bool(copied)
    tags = len(repository.run("tag", "--list").split())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    each = (show_seconds(total / len(drawn)) for total in (ours, theirs))
    return [name, str(tags), str(len(drawn)), str(differ), str(copies), *each, f"{peak:.0f}"]


def main(arguments: list[str]) -> None:
    """Print the table."""
    rows = []
    with tempfile.TemporaryDirectory() as temporary:
        folders = [Path(argument) for argument in arguments]
        if not folders:
            folders = [Path(temporary) / "made"]
            shas = write_history(folders[0], plan_history(SEED, MADE))
            tags = "".join(f"create refs/tags/t{n} {sha}\n" for n, sha in enumerate(shas))
            GitRepo(folders[0]).git("update-ref", "--stdin", stdin=tags)
        for folder in folders:
            name = folder.parent.name if folder.name == "repo" else folder.name
            with open_repository(folder) as repository:
                rows.append(compare(repository, name))
    print(format_table(COLUMNS, rows))


if __name__ == "__main__":
    main(sys.argv[1:])
