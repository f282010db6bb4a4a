"""How long `attribution --help` takes, against `python -c pass` and importing click alone.

Prints medians side by side and asserts nothing: a time belongs to the machine it was taken on.
Run with `python tests/bench/startup.py`; BENCH_SIZE=small takes few runs.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time

RUNS = 5 if os.environ.get("BENCH_SIZE") == "small" else 31

COMMANDS = {
    "python -c pass": ["-c", "pass"],
    "python -c 'import click'": ["-c", "import click"],
    "attribution --version": ["-m", "attribution", "--version"],
    "attribution --help": ["-m", "attribution", "--help"],
}


def measure(arguments: list[str]) -> list[float]:
    """Return the wall-clock milliseconds of RUNS runs, after one that warms the caches."""
    times = []
    for _ in range(RUNS + 1):
        start = time.perf_counter()
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
        times.append(1000 * (time.perf_counter() - start))
    return times[1:]


def main() -> None:
    """Print one line a command: median, least and greatest of its runs."""
    print(f"{'command':28}{'median':>10}{'least':>10}{'greatest':>10}   ms, {RUNS} runs")
    for name, arguments in COMMANDS.items():
        times = measure(arguments)
        print(f"{name:28}{statistics.median(times):10.1f}{min(times):10.1f}{max(times):10.1f}")


if __name__ == "__main__":
    main()
