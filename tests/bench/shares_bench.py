"""Shares of parties on large case graphs and on many small ones, and Shapley values alone.

A case graph is computed as a case is: its shares with ranges, then three positions, then the
swing of every contested claim, all exact. Each row runs in a process of its own, imports not
counted; asserts nothing. Run with `python tests/bench/shares_bench.py`; BENCH_SIZE=small takes
small graphs, few cases and few players.
"""

from __future__ import annotations

import os
import sys
from fractions import Fraction
from typing import Any

from attribution.responsibility.averted import count_shapes, forget_shapes
from attribution.responsibility.games import Diagram, shapley_of
from attribution.responsibility.model import PotencyModel
from attribution.responsibility.positions import compare, find_cruxes
from attribution.responsibility.potency import Assessor
from tests.bench.generators.games import build_local_game
from tests.bench.generators.incidents import FULL, SMALL, Scale, build_incident, build_small_case
from tests.bench.measuring.runs import Stopwatch, Timed, measure
from tests.bench.measuring.tables import format_table, publish

REDUCED = os.environ.get("BENCH_SIZE") == "small"
RUNS = 1 if REDUCED else 5
LIMIT = 60.0 if REDUCED else 120.0
SCALE = SMALL if REDUCED else FULL
SEEDS = range(1 if REDUCED else 3)
CASES = 50 if REDUCED else 10_000
PLAYERS = 40 if REDUCED else 240


def weigh_incident(scale: Scale, seed: int) -> tuple[Timed, Any]:
    """Return the seconds of each step on one case graph, and what was computed."""
    first = build_incident(SMALL, 0).document
    Assessor(PotencyModel.from_dict(first)).assess()  # imports, before the watch runs
    incident = build_incident(scale, seed)
    watch = Stopwatch()
    model = PotencyModel.from_dict(incident.document)
    timed = {"building": watch.lap()}
    assessor = Assessor(model)
    result = assessor.assess()
    timed["shares"] = watch.lap()
    positions = compare(model, incident.positions, assessor=assessor)
    timed["positions"] = watch.lap()
    cruxes = find_cruxes(model, incident.claims, assessor=assessor)
    timed["cruxes"] = watch.lap()
    timed["all"] = sum(timed.values())
    sizes = {
        "nodes": len(model.structure.domains),
        "parties": len(model.parties),
        "breaches": len(model.breaches),
        "facts": len(result.facts),
        "harms": len(model.harms),
        "positions": len(positions.positions),
        "cruxes": len(cruxes),
        "exact": result.exact,
    }
    return timed, sizes


def weigh_small_cases(cases: int, shared: bool) -> tuple[Timed, Any]:  # noqa: FBT001 - see `measure`
    """Return the seconds for many small cases in one process, from document to result.

    Unless what cases of one shape have in common is `shared`, each is worked out anew. The answer
    is how many results are exact, and of how many shapes the cases are.
    """
    forget_shapes()
    Assessor(PotencyModel.from_dict(build_small_case(0))).assess()
    documents = [build_small_case(seed) for seed in range(cases)]
    watch = Stopwatch()
    exact = 0
    for document in documents:
        if not shared:
            forget_shapes()
        exact += Assessor(PotencyModel.from_dict(document)).assess().exact
    return {"all": watch.lap()}, (exact, count_shapes() if shared else cases)


def share_game(players: int) -> tuple[Timed, Any]:
    """Return the seconds of the Shapley values of a local game, and their exact sum."""
    shapley_of(Diagram.from_winning([1]))
    groups = build_local_game(players)
    watch = Stopwatch()
    values = shapley_of(Diagram.from_winning(groups))
    return {"all": watch.lap()}, (len(values), sum(values.values(), Fraction(0)))


def tabulate_incidents() -> str:
    """Return the table of case graphs."""
    steps = ("building", "shares", "positions", "cruxes", "all")
    counts = ("nodes", "parties", "breaches", "facts", "harms", "positions", "cruxes")
    rows = []
    for seed in SEEDS:
        one = measure(weigh_incident, SCALE, seed, runs=RUNS, limit=LIMIT)
        sizes = one.answer or dict.fromkeys(counts, "")
        size = ", ".join(f"{sizes[name]} {name}" for name in counts)
        row = [f"seed {seed}", size, *(one.text(step) for step in steps)]
        row += ["exact" if sizes.get("exact") else "not exact", f"{one.peak:.0f} MiB"]
        rows.append(row)
    title = f"Case graphs; medians of {RUNS} runs; bar: 2 s for all of it, exact, under 1 GB"
    return f"{title}:\n\n" + format_table(("case graph", "size", *steps, "", "memory"), rows)


def main() -> None:
    """Print the tables."""
    incidents = tabulate_incidents()
    few = min(RUNS, 3)
    many = measure(weigh_small_cases, CASES, True, runs=few, limit=2 * LIMIT)  # noqa: FBT003 - as it is
    anew = measure(weigh_small_cases, CASES, False, runs=few, limit=2 * LIMIT)  # noqa: FBT003 - as it is
    game = measure(share_game, PLAYERS, runs=RUNS, limit=LIMIT)
    players, total = game.answer or (0, 0)
    rows = [
        [
            f"{CASES:,} small cases, one process",
            "{:,} exact, of {:,} shapes".format(*many.answer or (0, 0)),
            many.text("all"),
            "30 s",
            f"{many.peak:.0f} MiB",
        ],
        [
            "the same, each worked out anew",
            "{:,} exact".format(*anew.answer or (0,)),
            anew.text("all"),
            "30 s",
            f"{anew.peak:.0f} MiB",
        ],
        [
            f"Shapley, {PLAYERS} players, local",
            f"{players} values, sum {total}",
            game.text("all"),
            "1 s",
            f"{game.peak:.0f} MiB",
        ],
    ]
    bulk = format_table(("what", "answer", "time", "bar for the full size", "memory"), rows)
    write = "--write" in sys.argv[1:] and not REDUCED
    publish("shares", f"{incidents}\n\nIn bulk:\n\n{bulk}", write=write)


if __name__ == "__main__":
    main()
