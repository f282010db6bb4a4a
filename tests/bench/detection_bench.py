"""Precision and recall of `provenance` at finding commits that agents had a hand in.

`python -m tests.bench.detection_bench REPOSITORY LABELS.json` judges the commits that LABELS.json
labels, beside `repowise` where that is installed (`pip install repowise`, for the bench alone).
Labels are those of `tests/data/provenance/detection/`; commits labelled `unclear` are left out.
Without arguments a history is made whose messages say what is right (smaller with
BENCH_SIZE=small). Ours counts a commit as found when its kind is not `no_marker`.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attribution.provenance.survey import Survey
from tests.bench.generators.histories import build_history
from tests.bench.measuring.tables import format_table

SMALL = os.environ.get("BENCH_SIZE") == "small"
MADE = 60 if SMALL else 600
PEER = "repowise.core.ingestion.git_indexer.agent_provenance"
COLUMNS = ("by", "labelled", "agents", "found", "rightly", "precision", "recall")
FIELDS = "--format=%an%x00%ae%x00%cn%x00%ce%x00%B"


def find_ours(path: Path) -> dict[str, bool]:
    """Return, for every commit of the repository, whether an agent's hand shows in it."""
    with Survey(path) as survey:
        return {one.walked.sha: one.kind != "no_marker" for one in survey.dossiers()}


def find_theirs(path: Path, shas: Mapping[str, bool]) -> dict[str, bool]:
    """Return what the peer makes of the same commits and their notes."""
    peer: Any = importlib.import_module(PEER)
    classifier = peer.AgentProvenanceClassifier()
    found = {}
    for sha in shas:
        note = peer.parse_git_ai_note(call_git(path, "notes", "--ref=ai", "show", sha))
        fields = call_git(path, "show", "--no-patch", FIELDS, sha).split("\0", 4)
        said = classifier.classify(*fields, note_agent=note.agent, note_human=note.human)
        found[sha] = said.agent is not None
    return found


def call_git(path: Path, *arguments: str) -> str:
    """Return a command's output, nothing where it fails: a commit without a note has none."""
    done = subprocess.run(["git", "-C", str(path), *arguments], capture_output=True, check=False)
    return done.stdout.decode("utf-8", "replace")


def describe(name: str, truth: Mapping[str, bool], found: Mapping[str, bool]) -> list[str]:
    """Return the cells of a row; a share of nothing is a dash."""
    told = sum(found[sha] for sha in truth)
    right = sum(found[sha] and truth[sha] for sha in truth)
    real = sum(truth.values())
    shares = [f"{right / whole:.3f}" if whole else "-" for whole in (told, real)]
    return [name, *(f"{count:,}" for count in (len(truth), real, told, right)), *shares]


def compare(path: Path, labels: Mapping[str, Any]) -> None:
    """Print both sides over the same labels, and which classes of commits each got wrong."""
    rows = [row for row in labels["commits"] if row["label"] != "unclear"]
    truth = {row["commit"]: row["label"] == "agent" for row in rows}
    why = {row["commit"]: row["why"] for row in rows}
    sides = {"attribution provenance": find_ours(path)}
    if importlib.util.find_spec(PEER.partition(".")[0]) is None:
        print("repowise is not installed: our side alone")
    else:
        sides["repowise"] = find_theirs(path, truth)
    print(labels["repository"])
    print(format_table(COLUMNS, [describe(name, truth, found) for name, found in sides.items()]))
    for name, found in sides.items():
        wrong = Counter(
            f"{'missed' if truth[sha] else 'taken wrongly'}: {why[sha]}"
            for sha in truth
            if found[sha] != truth[sha]
        )
        for what in sorted(wrong):
            print(f"  {name} {what}, {wrong[what]}")


def label_made(path: Path) -> dict[str, Any]:
    """Return the labels of a history that was made: its own trailers say what is right."""
    rows = []
    for entry in filter(None, call_git(path, "log", "-z", "--format=%H %B").split("\0")):
        sha, _, message = entry.partition(" ")
        agent = "noreply@anthropic.com" in message
        rows.append({"commit": sha, "label": "agent" if agent else "none", "why": "made"})
    return {"repository": "a made history", "commits": rows}


def main() -> None:
    """Judge the repository named, or one that is made and thrown away."""
    named = sys.argv[1:]
    if named:
        path, labels = (Path(one) for one in named)
        compare(path, json.loads(labels.read_text("utf-8")))
        return
    with tempfile.TemporaryDirectory(prefix="attribution-bench-") as folder:
        path = Path(folder) / "history.git"
        build_history(path, MADE)
        compare(path, label_made(path))


if __name__ == "__main__":
    main()
