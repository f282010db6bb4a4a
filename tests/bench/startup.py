"""How long commands take, and what they import for it, on inputs so small that little else counts.

One line a command: its milliseconds as they pass and as the processor spends them, the modules it
has imported by its end with their milliseconds, and the packages among them that take longest.
`python -c pass` and importing click alone stand beside. Asserts nothing: a time belongs to the
machine it was taken on. Run with `python -m tests.bench.startup`, or with names of commands for
these alone; BENCH_SIZE=small takes few runs of few commands.
"""

from __future__ import annotations

import json
import os
import re
import resource as limits
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from attribution.resources import resource
from tests.gitrepo import GitRepo

SMALL = os.environ.get("BENCH_SIZE") == "small"
RUNS = 1 if SMALL else 15
FEW = ("--version", "origin", "provenance", "read", "attribute")
"""The commands that are run at small size, where none is named."""

NAMED = 4
"""How many packages are named."""

_PROGRAM = ("-m", "attribution")
_IMPORT = re.compile(r"import time: +(\d+) \| +\d+ \| +(\S+)")
_MODEL = {
    "variables": {"A": [0, 1], "B": [0, 1], "OUT": [0, 1]},
    "context": {"u": 1},
    "equations": {"A": "u", "B": "u", "OUT": "A or B"},
    "effect": "OUT == 1",
}


def list_commands(folder: Path) -> dict[str, list[str]]:
    """Return the arguments of every run by its name; what they are about is made in `folder`."""
    case = folder / "case"
    shutil.copytree(resource("sample_incidents") / "environment-recreated", case)
    model = folder / "model.json"
    model.write_text(json.dumps(_MODEL), "utf-8")
    repo = GitRepo.create(folder / "repository")
    repo.commit("Add the pump", {"pump.py": "speed = 1\nlevel = 2\n"})
    repo.commit("Make the pump faster", {"pump.py": "speed = 9\nlevel = 2\n"})
    fix = repo.commit("fix: the pump ran dry", {"pump.py": "speed = 3\nlevel = 2\n"})
    history, evidence = str(repo.folder), case / "evidence"
    commands: dict[str, tuple[str | Path, ...]] = {
        "--version": (),
        "--help": (),
        "origin": (history, fix),
        "provenance": (history, "--limit", "1"),
        "lines": (history, "pump.py"),
        "risk": (history, fix),
        "release": (history, fix),
        "oversight": (evidence / "pull-212.json",),
        "session": (evidence / "session.jsonl",),
        "narrative": (evidence / "slack",),
        "formats": (),
        "read": (evidence / "pagerduty.json",),
        "causes": (model,),
        "regimes": (),
        "timeline": (case,),
        "graph": (case, "--format", "json"),
        "attribute": (case,),
        "review": (case, "--list"),
        "loss": (case,),
        "cover": (case,),
        "clocks": (case,),
        "report": (case, "--format", "md"),
        "verify": (case,),
    }
    return {
        "python -c pass": ["-c", "pass"],
        "python -c 'import click'": ["-c", "import click"],
        **{name: [*_PROGRAM, name, *map(str, given)] for name, given in commands.items()},
    }


def measure(arguments: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Return the median milliseconds of RUNS runs after a first: those passed, those spent."""
    passed, spent = [], []
    for _ in range(RUNS + 1):
        before, start = limits.getrusage(limits.RUSAGE_CHILDREN), time.perf_counter()
        _run(arguments, environment)
        passed.append(1000 * (time.perf_counter() - start))
        after = limits.getrusage(limits.RUSAGE_CHILDREN)
        spent.append(1000 * (after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime))
    return statistics.median(passed[1:]), statistics.median(spent[1:])


def trace_imports(
    arguments: list[str], environment: dict[str, str]
) -> tuple[int, float, Counter[str]]:
    """Return how many modules a run imports, their milliseconds, and these by package."""
    packages: Counter[str] = Counter()
    told = _IMPORT.findall(_run(["-X", "importtime", *arguments], environment))
    for microseconds, module in told:
        parts = module.split(".")
        own = parts[0] == "attribution" and len(parts) > 1
        packages[".".join(parts[: 2 if own else 1])] += int(microseconds)
    return len(told), packages.total() / 1000, packages


def _run(arguments: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        check=False,  # some commands answer no, with 1
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    if done.returncode not in {0, 1}:
        raise SystemExit(done.stderr)
    return done.stderr


def main() -> None:
    """Print one line a command."""
    print(f"{'command':26}{'passed':>8}{'spent':>8}{'modules':>9}{'import':>8}   ms, {RUNS} runs")
    with tempfile.TemporaryDirectory() as scratch:
        # What is learnt of a history is kept there, and none of the user's own is used.
        environment = os.environ | {"XDG_CACHE_HOME": f"{scratch}/cache"}
        commands = list_commands(Path(scratch))
        for name in sys.argv[1:] or (FEW if SMALL else commands):
            passed, spent = measure(commands[name], environment)
            count, imported, packages = trace_imports(commands[name], environment)
            most = ", ".join(f"{key} {ms / 1000:.0f}" for key, ms in packages.most_common(NAMED))
            print(f"{name:26}{passed:8.0f}{spent:8.0f}{count:9}{imported:8.0f}   {most}")


if __name__ == "__main__":
    main()
