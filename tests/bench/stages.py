"""How long each stage of a case takes, in one process, on the sample incidents and on a long log.

The long log is made of calls without effect around the flagship's own records, so that reading and
merging have something to do. Prints seconds by stage and the peak memory, and asserts nothing. Run
with `python tests/bench/stages.py`; BENCH_SIZE=small adds few calls.
"""

from __future__ import annotations

import json
import os
import resource as limits
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from attribution.case import Case
from attribution.resources import resource

CALLS = 1_000 if os.environ.get("BENCH_SIZE") == "small" else 50_000
SAMPLES = ("environment-recreated", "cost-explorer-2025", "amazon-q-extension-2025")

STAGES: dict[str, Callable[[Case], object]] = {
    "read": lambda case: case.readings,
    "merge": lambda case: case.timeline(),
    "provenance and review": lambda case: (case.commits, case.reviews, case.deployments),
    "graph": lambda case: case.graph(),
    "shares": lambda case: case.attribute(),
    "positions and cruxes": lambda case: case.compare(),
    "all of run": lambda case: case.run(),
}


def lengthen(folder: Path) -> None:
    """Add calls that describe something to the flagship's audit log, a second apart."""
    path = folder / "evidence" / "cloudtrail.json"
    document = json.loads(path.read_text("utf-8"))
    pattern = next(item for item in document["Records"] if item["eventName"].startswith("Describe"))
    start = 1_772_000_000
    document["Records"] += [
        pattern
        | {
            "eventID": f"bench-{number}",
            "eventTime": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(start + number)),
        }
        for number in range(CALLS)
    ]
    path.write_text(json.dumps(document), "utf-8")
    manifest = folder / "case.yaml"
    lines = manifest.read_text("utf-8").splitlines(keepends=True)
    manifest.write_text("".join(line for line in lines if "sha256:" not in line), "utf-8")


def main() -> None:
    """Print one column a case, one line a stage."""
    with tempfile.TemporaryDirectory() as work:
        folders = {name: Path(work) / name for name in SAMPLES}
        for name, folder in folders.items():
            shutil.copytree(resource(f"sample_incidents/{name}"), folder)
        long = Path(work) / "long"
        shutil.copytree(folders[SAMPLES[0]], long)
        lengthen(long)
        columns = {**folders, f"flagship + {CALLS} calls": long}
        cases = {name: Case.open(folder) for name, folder in columns.items()}
        print(f"{'seconds':24}" + "".join(f"{name[:24]:>26}" for name in columns))
        for stage, compute in STAGES.items():
            times = []
            for case in cases.values():
                begun = time.perf_counter()
                compute(case)
                times.append(time.perf_counter() - begun)
            print(f"{stage:24}" + "".join(f"{seconds:26.2f}" for seconds in times))
    peak = limits.getrusage(limits.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of the whole bench: {peak:.0f} MiB")


if __name__ == "__main__":
    main()
