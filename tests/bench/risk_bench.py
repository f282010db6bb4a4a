"""How unusual changes were that brought defects in, beside changes drawn at random.

    python tests/bench/risk_bench.py [LABELLED.json MIRRORS | REPO]

LABELLED.json has `cases` with `repo`, `fix` and `introduced_by`; MIRRORS is a folder in which
`OWNER+NAME/repo` is the repository OWNER/NAME. Without them a repository with labelled defects is
made from a seed. For each introducing change another one of the same repository is drawn from the
changes before the fix, with the seed below. Were a measure to say nothing of defects, a tenth of
them would be at or above the 90th percentile, but for what drifts as a repository grows, which the
drawn changes show. Nothing is asserted: this is what the measures are worth as a hint.

With REPO alone, the seconds and the peak memory that its newest change takes.
"""

from __future__ import annotations

import json
import os
import random
import resource
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from attribution.errors import AttributionError
from attribution.ingest.git import open_repository
from attribution.model.risk import ChangeRisk
from attribution.provenance.risk import assess_risk, load_measures
from tests.bench.generators.defects import build_defects
from tests.bench.measuring.runs import Stopwatch, show_seconds
from tests.bench.measuring.tables import format_table
from tests.bench.origin_bench import locate

SMALL = os.environ.get("BENCH_SIZE") == "small"
MADE = 12 if SMALL else 100
SEED = 2013
LINES = (50, 75, 90, 95)


def draw_changes(folder: Path, cases: Iterable[dict[str, Any]], draw: random.Random) -> list[str]:
    """Return as many other changes as were labelled, from before the same fixes."""
    found = []
    with open_repository(folder) as repository:
        for case in cases:
            before = repository.run("rev-list", "--no-merges", f"{case['fix']}^").split()
            labelled = set(case["introduced_by"])
            others = [sha for sha in before if sha not in labelled]
            found += draw.sample(others, min(len(labelled), len(others)))
    return found


def assess_all(
    cases: Sequence[dict[str, Any]], mirrors: Path
) -> tuple[list[ChangeRisk], list[ChangeRisk]]:
    """Return the introducing changes and the drawn ones, and say which could not be measured."""
    draw = random.Random(SEED)
    by_repository: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for case in cases:
        by_repository[case["repo"]].append(case)
    labelled: list[ChangeRisk] = []
    drawn: list[ChangeRisk] = []
    for name, own in sorted(by_repository.items()):
        folder = locate(mirrors, name)
        wanted = list(dict.fromkeys(sha for case in own for sha in case["introduced_by"]))
        try:
            others = draw_changes(folder, own, draw)
            with open_repository(folder) as repository:
                risks = assess_risk(repository, [*wanted, *others])
        except AttributionError as error:
            print(f"{name}: {error.message}")
            continue
        labelled += risks[: len(wanted)]
        drawn += risks[len(wanted) :]
    return labelled, drawn


def tabulate_percentiles(labelled: Sequence[ChangeRisk], drawn: Sequence[ChangeRisk]) -> str:
    """Return for each measure how many of both lie at or above some percentiles, and the median."""
    rows = []
    for row in load_measures():
        if row["id"] == "fix":
            continue
        for name, risks in (("introducing", labelled), ("drawn", drawn)):
            ranks = sorted(
                one.percentile
                for risk in risks
                for one in risk.measures
                if one.id == row["id"] and one.percentile is not None
            )
            if ranks:
                above = (sum(rank >= line for rank in ranks) / len(ranks) for line in LINES)
                shares = [f"{share:.0%}" for share in above]
                median = f"{ranks[len(ranks) // 2]:.0f}"
                rows.append([row["title"], name, str(len(ranks)), median, *shares])
    expected = [f"{(100 - line) / 100:.0%}" for line in LINES]
    rows.append(["a measure that says nothing", "", "", "50", *expected])
    header = ("measure", "changes", "n", "median", *(f">= {line}th" for line in LINES))
    return format_table(header, rows)


def tabulate_facts(labelled: Sequence[ChangeRisk], drawn: Sequence[ChangeRisk]) -> str:
    """Return how often each fact is in both."""
    names = sorted({fact.id for risk in (*labelled, *drawn) for fact in risk.facts})
    rows = [
        [
            name,
            *(
                f"{sum(any(f.id == name for f in risk.facts) for risk in risks)} of {len(risks)}"
                for risks in (labelled, drawn)
            ),
        ]
        for name in names
    ]
    return format_table(("fact", "introducing", "drawn"), rows)


def measure_one(folder: Path) -> None:
    """Print the seconds and the memory of one change, and how many it is compared with."""
    watch = Stopwatch()
    with open_repository(folder) as repository:
        [risk] = assess_risk(repository, ["HEAD"])
    seconds = watch.lap()
    own, children = (
        resource.getrusage(who).ru_maxrss / 1024
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(
        f"{risk.changes:,} changes: {show_seconds(seconds)}, {own:.0f} MB,"
        f" and {children:.0f} MB for the largest run of git"
    )


def main(arguments: list[str]) -> None:
    """Print the tables."""
    if len(arguments) == 1:
        measure_one(Path(arguments[0]))
        return
    with tempfile.TemporaryDirectory() as temporary:
        if arguments:
            cases = json.loads(Path(arguments[0]).read_text("utf-8"))["cases"]
            mirrors = Path(arguments[1])
        else:
            mirrors = Path(temporary)
            cases = build_defects(mirrors / "made", MADE)
        watch = Stopwatch()
        labelled, drawn = assess_all(cases, mirrors)
    print(f"{len(labelled)} introducing changes, {len(drawn)} drawn; {show_seconds(watch.lap())}\n")
    print(tabulate_percentiles(labelled, drawn))
    print()
    print(tabulate_facts(labelled, drawn))


if __name__ == "__main__":
    main(sys.argv[1:])
