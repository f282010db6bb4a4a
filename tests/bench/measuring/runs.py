"""One measurement: a function in a process of its own, with a wall limit and its peak memory.

As a program it is that process: it reads what to run from its standard input, pickled.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import pickle
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Timed = dict[str, float]
Job = Callable[..., tuple[Timed, Any]]

MEMORY_LIMIT = 8 * 2**30


@dataclass(frozen=True)
class Measured:
    """What several runs of a job gave; without seconds there is none, and `failure` says why."""

    seconds: dict[str, list[float]]
    answer: Any
    peak: float
    failure: str

    @property
    def finished(self) -> bool:
        """Return whether there is an answer."""
        return bool(self.seconds)

    def median(self, part: str) -> float:
        """Return the median seconds of one timed part."""
        return statistics.median(self.seconds[part])

    def text(self, part: str) -> str:
        """Return the median as a table shows it, or why there is none."""
        return show_seconds(self.median(part)) if self.finished else self.failure


def measure(job: Job, *arguments: Any, runs: int, limit: float) -> Measured:
    """Return what `runs` runs of `job(*arguments)` give within `limit` seconds in all.

    The job returns the seconds of its timed parts and an answer; where time runs out, the runs
    that were over by then count. Peak memory is that of the whole process, in MiB.
    """
    module = job.__module__
    if module == "__main__":
        module = "tests.bench." + Path(job.__code__.co_filename).stem
    order = pickle.dumps((module, job.__name__, arguments, runs))
    failure = ""
    with subprocess.Popen(
        [sys.executable, "-m", __spec__.name], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        try:
            output, _ = process.communicate(order, timeout=limit)
        except subprocess.TimeoutExpired:
            process.kill()
            output, _ = process.communicate()
            failure = f"over {limit:g} s"
    seconds: dict[str, list[float]] = {}
    answer, peak = None, 0.0
    for timed, one, memory, reason in _read(output):
        answer, peak = one, memory
        failure = reason or failure
        for part, value in timed.items():
            seconds.setdefault(part, []).append(value)
    return Measured(seconds, answer, peak, failure or ("" if seconds else "died"))


def _read(output: bytes) -> Iterator[tuple[Timed, Any, float, str]]:
    stream = io.BytesIO(output)
    # A process that was stopped may leave half an answer at the end.
    with contextlib.suppress(EOFError, pickle.UnpicklingError):
        while True:
            yield pickle.load(stream)  # noqa: S301 - written by the process started above


def work() -> None:
    """Run what standard input says, and answer on standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)  # what the job prints must not end up between the answers
        module, name, arguments, runs = pickle.load(sys.stdin.buffer)  # noqa: S301 - from `measure`
        job = getattr(importlib.import_module(module), name)
        for _ in range(runs):
            try:
                timed, answer = job(*arguments)
                failure = ""
            except Exception as error:  # noqa: BLE001 - a bench shows why there is no number
                timed, answer, failure = {}, None, f"{type(error).__name__}: {error}"[:100]
            pickle.dump((timed, answer, peak(), failure), answers)
            answers.flush()
            if failure:
                break


class Stopwatch:
    """Seconds since it was made or last read."""

    def __init__(self) -> None:
        self._begun = time.perf_counter()

    def lap(self) -> float:
        """Return the seconds since the last lap, and begin another."""
        now = time.perf_counter()
        passed, self._begun = now - self._begun, now
        return passed


class Spent:
    """Seconds of the processor since it was made or last read, all threads together."""

    def __init__(self) -> None:
        self._begun = time.process_time()

    def lap(self) -> float:
        """Return the seconds since the last lap, and begin another."""
        now = time.process_time()
        passed, self._begun = now - self._begun, now
        return passed


def peak() -> float:
    """Return the most memory that this process has held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def show_seconds(seconds: float) -> str:
    """Return a time with three significant digits, in ms below a tenth of a second."""
    return f"{seconds:.3g} s" if seconds >= 0.1 else f"{1000 * seconds:.3g} ms"


if __name__ == "__main__":
    work()
