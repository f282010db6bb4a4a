"""Coverage-guided fuzzing of every reader and parser, with atheris.

    python -m tests.fuzz.fuzz_readers --seconds 60 [TARGET ...]
    python -m tests.fuzz.fuzz_readers --replay FILE TARGET
    python -m tests.fuzz.fuzz_readers --list

The seconds are spread evenly over the targets. Each runs in a process of its own, which ends at the
first input that raises anything but one of the project's own errors, breaks a promise, takes more
than 20 seconds (instrumented code is slow, and so may the machine be) or 2 GiB. That input is left
in the folder `--keep` (build/fuzz), and the exit status is 1; 2 where atheris is missing. A seed
gives the same inputs again, but how far they come in the time given is the machine's affair.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import importlib.util
import io
import os
import random
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.fuzz.targets import Target

_LONGEST = 60_000
_SETTINGS = (
    "-timeout=20",
    "-rss_limit_mb=2048",
    f"-max_len={_LONGEST}",
    "-len_control=0",
    "-print_final_stats=1",
)
"""See https://llvm.org/docs/LibFuzzer.html#options."""
_OWN = 0.5  # of the mutations are libFuzzer's, the others those of tests.fuzz.mutation
_MISSING = (
    "fuzzing needs atheris, which is not installed: pip install 'incident-attribution[fuzz]'\n"
    "(in a checkout `pip install -e '.[dev,fuzz]'`; it is there for Linux, CPython 3.11 to 3.14).\n"
    "Without it, tests/property/test_every_reader.py tries the same targets unguided."
)
_INSTRUMENTED = (
    "attribution.ingest", "attribution.causation.expression", "attribution.causation.connectives",
    "attribution.causation.dialects", "attribution.causation.document",
    "attribution.causation.structural", "attribution.schema", "attribution.oversight.codeowners",
    "attribution.oversight.globs", "attribution.provenance", "attribution.timeline",
)  # fmt: skip
_KEPT = re.compile(r"Test unit written to (\S+)")
_STATISTIC = re.compile(r"stat::number_of_executed_units:\s+(\d+)")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the command line asks for; return the exit status."""
    options = _parse(arguments)
    atheris = _load_atheris() if options.replay is None and not options.list else None
    if atheris is None and options.replay is None and not options.list:
        print(_MISSING, file=sys.stderr)
        return 2
    targets = _load_targets(atheris)
    if options.list:
        print("\n".join(targets))
        return 0
    unknown = [name for name in options.targets if name not in targets]
    if unknown:
        print(f"no such target: {', '.join(unknown)}; --list names them", file=sys.stderr)
        return 2
    chosen = {name: targets[name] for name in options.targets or targets}
    if options.replay is not None:
        return _replay(chosen, options.replay)
    return _fuzz_all(atheris, chosen, options)


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Fuzz every reader and parser with atheris.")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="all, if none is named")
    parser.add_argument("--seconds", type=float, default=60, help="in all (60)")
    parser.add_argument("--runs", type=int, default=0, help="of a target at most (no limit)")
    parser.add_argument("--seed", type=int, default=20251123)
    parser.add_argument("--keep", type=Path, default=Path("build/fuzz"), metavar="FOLDER")
    parser.add_argument("--replay", type=Path, metavar="FILE", help="give one input to a target")
    parser.add_argument("--list", action="store_true", help="name the targets")
    return parser.parse_args(arguments)


def _load_atheris() -> Any:
    """Return the module, or None where it is not installed."""
    found = importlib.util.find_spec("atheris")
    return None if found is None else importlib.import_module("atheris")


def _load_targets(atheris: Any) -> dict[str, Target]:
    """Import the targets; what they fuzz is instrumented, where atheris is there to do it."""
    if atheris is None:
        return dict(importlib.import_module("tests.fuzz.targets").TARGETS)
    with (
        contextlib.redirect_stderr(io.StringIO()),  # a line for each of 200 modules
        atheris.instrument_imports(include=list(_INSTRUMENTED)),
    ):
        return dict(importlib.import_module("tests.fuzz.targets").TARGETS)


def _replay(chosen: dict[str, Target], file: Path) -> int:
    """Give one input to each target; what it raises is shown as Python shows it."""
    content = file.read_bytes()
    for name, target in chosen.items():
        start = time.perf_counter()
        target.run(content)
        print(f"{name}: {len(content)} bytes in {time.perf_counter() - start:.2f} s")
    return 0


def _fuzz_all(atheris: Any, chosen: dict[str, Target], options: argparse.Namespace) -> int:
    options.keep.mkdir(parents=True, exist_ok=True)
    each = options.seconds / len(chosen)
    broken: list[str] = []
    total = 0
    for name, target in chosen.items():
        status, runs, log = _run_apart(atheris, name, target, each, options)
        total += runs
        print(f"{name:28} {runs:8} runs{'' if status == 0 else '   FAILED'}", flush=True)
        if status != 0:
            broken.append(name)
            print(log, file=sys.stderr)
            for kept in _KEPT.findall(log):
                again = f"python -m tests.fuzz.fuzz_readers --replay {kept} {name}"
                print(f"once more: {again}", file=sys.stderr, flush=True)
    print(f"{len(chosen)} targets, {total} runs, {len(broken)} failed")
    return 1 if broken else 0


def _run_apart(
    atheris: Any, name: str, target: Target, seconds: float, options: argparse.Namespace
) -> tuple[int, int, str]:
    """Fuzz one target in a child process; return its status, its runs, and what it said."""
    # A child that breaks runs what is to be run at its end; the folder is not to go with it.
    place = Path(tempfile.mkdtemp())
    try:
        corpus = place / "corpus"
        corpus.mkdir()
        for number, seed in enumerate(target.seeds):
            (corpus / f"seed-{number}").write_bytes(seed[:_LONGEST])
        child = os.fork()
        if child == 0:
            settings = (
                *_SETTINGS,
                f"-seed={options.seed}",
                f"-artifact_prefix={options.keep}/{name}-",
            )
            _fuzz(atheris, target.run, (seconds, options.runs), place, settings)
        _, status = os.waitpid(child, 0)
        runs = place / "runs"
        said = (place / "log").read_text("utf-8", "replace")
        finished = int(runs.read_text()) if runs.exists() else 0
        stopped = _STATISTIC.search(said)
        return status, finished or (int(stopped[1]) if stopped else 0), said[-6000:]
    finally:
        shutil.rmtree(place)


def _fuzz(
    atheris: Any,
    run: Callable[[bytes], object],
    bounds: tuple[float, int],
    place: Path,
    settings: Sequence[str],
) -> None:
    """Fuzz until the time or the runs are up or something breaks; the process ends here."""
    log = os.open(place / "log", os.O_WRONLY | os.O_CREAT)
    os.dup2(log, 1)
    os.dup2(log, 2)
    tempfile.tempdir = str(place)
    seconds, most = bounds
    end = time.monotonic() + seconds
    runs = 0

    def attempt(content: bytes) -> None:
        nonlocal runs
        run(content)
        runs += 1
        if time.monotonic() > end or runs == most:
            (place / "runs").write_text(str(runs))
            os._exit(0)

    def damage(content: bytes, longest: int, seed: int) -> bytes:
        chance = random.Random(seed)
        if chance.random() < _OWN:
            return bytes(atheris.Mutate(content, longest))
        damaged: bytes = mutate(content, chance)
        return damaged[:longest]

    mutate = importlib.import_module("tests.fuzz.mutation").mutate
    atheris.Setup([sys.argv[0], *settings, str(place / "corpus")], attempt, custom_mutator=damage)
    atheris.Fuzz()
    os._exit(1)  # it ends in `attempt`, unless libFuzzer found a reason to stop


if __name__ == "__main__":
    raise SystemExit(main())
