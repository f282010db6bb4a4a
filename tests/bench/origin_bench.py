"""The origin of labelled fixes: precision, recall and F1, and seconds beside PyDriller.

    python tests/bench/origin_bench.py [LABELLED.json MIRRORS | REPO [ROUNDS [FIXES]]]

LABELLED.json has `cases` with `repo`, `fix` and `introduced_by`; MIRRORS is a folder in which
`OWNER+NAME/repo` is the repository OWNER/NAME. Without them a repository with labelled defects is
made from a seed. The answer to a fix is the commit named, or where none is the first candidate.

Each fix is judged twice: by the code alone, and with what its message says. Fixes were often
labelled by their messages, so that the second figure says little where they were. `left out` takes
the standard that does best on the fixes of all other repositories, from a small grid, and judges
the fix by it.
PyDriller (`pip install pydriller`, a bench-only dependency) runs in the same process, on the same
fixes, where it is installed: all commits that last touched the lines, and the newest of them.

With REPO alone, the seconds that both take on every twentieth of the last 400 commits of that
repository whose subject speaks of fixing, in several rounds: ours without a cache, with one that is
empty before the first fix, and by that one once more. It fails where the answers differ.
"""

from __future__ import annotations

import importlib
import importlib.util
import itertools
import json
import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from attribution.errors import AttributionError
from attribution.ingest.git import Repository, open_repository
from attribution.provenance.evidence import Evidence, gather_evidence
from attribution.provenance.origin import Origin, find_origin, judge
from attribution.provenance.suspects import STANDARD
from tests.bench.generators.defects import build_defects
from tests.bench.measuring.runs import Stopwatch, show_seconds
from tests.bench.measuring.tables import format_table

SMALL = os.environ.get("BENCH_SIZE") == "small"
MADE = 12 if SMALL else 100
WANTED = 0.9
SPREAD, SAMPLE = 400, 20
ROUNDS = 1 if SMALL else 3
PEER = "pydriller"
COLUMNS = (
    "judged", "micro P", "micro R", "micro F1", "macro F1", "named right", "precision", "coverage",
    "seconds a fix", "median",
)  # fmt: skip
GRID = [
    replace(STANDARD, evenness=evenness, recency=recency, sure=sure, near=near)
    for evenness, recency, sure, near in itertools.product(
        (0.4, 0.6, 0.8), (0.6, 0.8, 1.0), (0.6, 0.7, 0.8, 0.85, 0.9), (10, 20, 50, 100, 200)
    )
]


@dataclass
class Score:
    """Answers against labels, added up; `named` holds whether each commit named is right."""

    right: int = 0
    answered: int = 0
    labelled: int = 0
    macro: list[float] = field(default_factory=list)
    named: list[bool] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def add(self, answer: set[str], named: str | None, truth: set[str], seconds: float = 0) -> None:
        """Take one fix in."""
        right = len(answer & truth)
        self.right += right
        self.answered += len(answer)
        self.labelled += len(truth)
        self.macro.append(2 * right / max(1, len(answer) + len(truth)))
        self.seconds.append(seconds)
        if named is not None:
            self.named.append(named in truth)

    def cells(self, name: str, *, names: bool = True) -> list[str]:
        """Return the row of the table."""
        precision, recall = self.right / max(1, self.answered), self.right / max(1, self.labelled)
        micro = 2 * precision * recall / max(1e-9, precision + recall)
        count, right = len(self.named), sum(self.named)
        total, middle = sum(self.seconds), sorted(self.seconds)[len(self.seconds) // 2]
        return [
            name,
            *(f"{value:.3f}" for value in (precision, recall, micro)),
            f"{sum(self.macro) / len(self.macro):.3f}",
            f"{right} of {count}" if names else "",
            f"{right / max(1, count):.3f}" if names else "",
            f"{count / len(self.macro):.2f}" if names else "",
            show_seconds(total / len(self.seconds)) if total else "",
            show_seconds(middle) if total else "",
        ]


def find_answer(origin: Origin) -> set[str]:
    """Return the commit named, else the first candidate, else nothing."""
    if origin.named is not None:
        return {origin.named}
    return {candidate.commit for candidate in origin.candidates[:1]}


def add_all(score: Score, origin: Origin, truth: set[str], seconds: float = 0) -> None:
    """Take one answer into a score."""
    score.add(find_answer(origin), origin.named, truth, seconds)


def judge_left_out(
    evidence: Sequence[Evidence], truths: Sequence[set[str]], homes: Sequence[str]
) -> Score:
    """Return the score where each fix is judged by what is best for all other repositories."""
    table = [[judge(one, standard) for one in evidence] for standard in (STANDARD, *GRID)]
    score = Score()
    for out, home in enumerate(homes):
        # Names left behind are told without a bound, and say nothing of where bounds should be.
        others = [at for at, one in enumerate(evidence) if homes[at] != home and not one.leftovers]
        truth = [truths[at] for at in others]
        best = max(table, key=lambda row: _rate([row[at] for at in others], truth))
        add_all(score, best[out], truths[out])
    return score


def _rate(origins: Sequence[Origin], truths: Sequence[set[str]]) -> tuple[int, bool, int]:
    """Return what a standard is chosen by: answers right, then names at WANTED precision."""
    right = sum(
        bool(find_answer(origin) & truth) for origin, truth in zip(origins, truths, strict=True)
    )
    named = [
        origin.named in truth
        for origin, truth in zip(origins, truths, strict=True)
        if origin.named is not None
    ]
    precise = sum(named) >= WANTED * len(named)
    return right, precise, len(named) if precise else 0


def measure_ours(cases: Iterable[dict[str, Any]], mirrors: Path) -> list[list[str]]:
    """Return the rows of our side, and say which fixes could not be judged."""
    evidence: list[Evidence] = []
    truths: list[set[str]] = []
    homes: list[str] = []
    with_message, alone = Score(), Score()
    for case in cases:
        truth = set(case["introduced_by"])
        try:
            with open_repository(locate(mirrors, case["repo"])) as repository:
                watch = Stopwatch()
                told = gather_evidence(repository, case["fix"])
                origin = judge(told)
                add_all(with_message, origin, truth, watch.lap())
                silent = gather_evidence(repository, case["fix"], message=False)
                add_all(alone, judge(silent), truth, watch.lap())
        except AttributionError as error:
            print(f"{case['repo']} {case['fix'][:12]}: {error.message}")
            continue
        evidence.append(silent)
        truths.append(truth)
        homes.append(case["repo"])
    return [
        alone.cells("by the code alone"),
        judge_left_out(evidence, truths, homes).cells("by the code alone, left out"),
        with_message.cells("with its message"),
    ]


def measure_peer(
    cases: Iterable[dict[str, Any]], mirrors: Path, temporary: Path
) -> list[list[str]]:
    """Return the rows of PyDriller: every commit it finds, and the newest one."""
    if importlib.util.find_spec(PEER) is None:
        print(f"{PEER} is not installed: our side alone (pip install {PEER})")
        return []
    peer: Any = importlib.import_module(PEER)
    logging.disable(logging.CRITICAL)
    every, newest = Score(), Score()
    for case in cases:
        truth = set(case["introduced_by"])
        git = peer.Git(copy(locate(mirrors, case["repo"]), temporary))
        watch = Stopwatch()
        found: dict[str, set[str]] = git.get_commits_last_modified_lines(
            git.get_commit(case["fix"])
        )
        seconds = watch.lap()
        shas = set().union(*found.values())
        every.add(shas, None, truth, seconds)
        dated = sorted((git.get_commit(sha).committer_date, sha) for sha in shas)
        newest.add({sha for _, sha in dated[-1:]}, None, truth, seconds)
    return [
        every.cells("PyDriller, all", names=False),
        newest.cells("PyDriller, the newest", names=False),
    ]


def locate(mirrors: Path, repository: str) -> Path:
    """Return the folder of a repository among the mirrors."""
    folder = mirrors / repository.replace("/", "+")
    return folder / "repo" if (folder / "repo").is_dir() else folder


def copy(folder: Path, into: Path) -> str:
    """Return a repository that shares the objects of another: PyDriller writes settings into it."""
    target = into / f"{folder.parent.name}-{folder.name}.git"
    if not target.exists():
        command = ("git", "clone", "--quiet", "--bare", "--shared", str(folder), str(target))
        subprocess.run(command, check=True)
    return str(target)


def measure_speed(folder: Path, temporary: Path, rounds: int, count: int) -> None:
    """Print the seconds on fixes of one repository, both sides, several times over.

    Each fix goes through all ways in turn, so that what else the machine does falls on all alike.
    """
    peer: Any = None
    if importlib.util.find_spec(PEER) is None:
        print(f"{PEER} is not installed: our side alone (pip install {PEER})")
    else:
        logging.disable(logging.CRITICAL)
        peer = importlib.import_module(PEER).Git(copy(folder, temporary))
    with open_repository(folder) as repository:
        fixes = list_fixes(repository)[:count]
        for number in range(rounds):
            cache = temporary / f"cache-{number}"
            ways: dict[str, Callable[[str], Any]] = {
                "ours, without a cache": partial(find, repository, None),
                "ours, the cache empty before the first": partial(find, repository, cache),
                "ours, asked once more": partial(find, repository, cache),
            }
            if peer is not None:
                ways["PyDriller"] = partial(find_theirs, peer)
            spent = {name: [0.0, 0.0] for name in ways}
            for fix in fixes:
                answers = [spend(way, fix, spent[name]) for name, way in ways.items()]
                if any(answer != answers[0] for answer in answers[:3]):
                    sys.exit(f"the answer to {fix} depends on the cache")
            print(f"{len(fixes)} fixes of one repository, round {number + 1} of {rounds}:\n")
            print(show_spent(spent, len(fixes)), flush=True)


def spend(way: Callable[[str], Any], fix: str, spent: list[float]) -> Any:
    """Return an answer, its seconds and processor seconds added up; those of git are included."""
    watch, before = Stopwatch(), read_processor_seconds()
    found = way(fix)
    spent[0] += watch.lap()
    spent[1] += read_processor_seconds() - before
    return found


def read_processor_seconds() -> float:
    """Return the seconds this process has taken of a processor, and those it has started.

    The latter count when they have ended, or on Linux while they run; see proc(5), /proc/PID/stat.
    """
    running = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # The name of the program may hold anything; after it come state and parent.
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[1]) == os.getpid():
                running += sum(map(int, fields[11:15]))
    return sum(os.times()[:4]) + running / os.sysconf("SC_CLK_TCK")


def show_spent(spent: dict[str, list[float]], count: int) -> str:
    """Return the table: seconds a fix, by the clock and of a processor, and what the peer takes."""
    theirs = spent.get("PyDriller")
    rows = []
    for name, ours in spent.items():
        times = ["", ""]
        if theirs is not None:
            times = [f"{peer / own:.1f}" for peer, own in zip(theirs, ours, strict=True)]
        rows.append([name, *(show_seconds(one / count) for one in ours), *times])
    columns = ("program", "seconds a fix", "of a processor", "times PyDriller", "by processor")
    return format_table(columns, rows)


def find_theirs(peer: Any, fix: str) -> Any:
    """Return what PyDriller finds for a fix."""
    return peer.get_commits_last_modified_lines(peer.get_commit(fix))


def list_fixes(repository: Repository) -> list[str]:
    """Return commits whose subject speaks of fixing, spread over the newest SPREAD of them."""
    speaks = ("-i", "--grep=^[^ ]*:\\? *fix", f"--max-count={SPREAD}")
    listed = repository.run("log", "--no-merges", "--format=%H", *speaks, "HEAD", "--")
    return listed.split()[:: SPREAD // SAMPLE]


def find(repository: Repository, cache: Path | None, fix: str) -> dict[str, Any] | str:
    """Return the origin of a fix as a document, or why there is none."""
    try:
        return find_origin(repository, fix, cache=cache).to_dict()
    except AttributionError as error:
        return error.message


def main(arguments: list[str]) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as temporary:
        if arguments and not Path(arguments[0]).is_file():
            rounds = int(arguments[1]) if len(arguments) > 1 else ROUNDS
            count = int(arguments[2]) if len(arguments) > 2 else SAMPLE
            measure_speed(Path(arguments[0]), Path(temporary), rounds, count)
            return
        if arguments:
            labelled, mirrors = Path(arguments[0]), Path(arguments[1])
            cases = json.loads(labelled.read_text("utf-8"))["cases"]
        else:
            mirrors = Path(temporary)
            cases = build_defects(mirrors / "made", MADE)
        rows = measure_ours(cases, mirrors)
        rows += measure_peer(cases, mirrors, Path(temporary))
    print(f"{len(cases)} labelled fixes:\n\n{format_table(COLUMNS, rows)}")


if __name__ == "__main__":
    main(sys.argv[1:])
