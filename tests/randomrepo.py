"""Small histories made from a plan in one run of `git fast-import`: branches, merges, renames.

Every line of every file is written once in a history, so that what a change adds and removes is
the difference of two sets and needs no diff.
"""

from __future__ import annotations

import random
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from tests.gitrepo import GitRepo

Tree = dict[str, tuple[str, ...]]


@dataclass
class Planned:
    """A commit to be: parents by their place in the plan, who, when, what its files hold."""

    parents: tuple[int, ...]
    author: str
    time: int
    message: str
    tree: Tree
    renamed: dict[str, str] = field(default_factory=dict)  # new name -> old name


def plan_history(seed: int, size: int) -> list[Planned]:
    """Return a plan of `size` commits; about one in six is a merge, clocks run wrong at times."""
    draw = random.Random(seed)
    plan: list[Planned] = []
    number = 0
    for at in range(size):
        first = max(0, at - 1 - draw.randrange(3)) if at else None
        parents = () if first is None else (first,)
        tree: Tree = {} if first is None else dict(plan[first].tree)
        renamed: dict[str, str] = {}
        if at > 2 and draw.random() < 1 / 6 and (second := draw.randrange(at)) != first:
            parents = (*parents, second)
            tree = plan[second].tree | tree
        for _ in range(draw.randint(0 if at > 1 else 1, 3)):
            number += 1
            path = draw.choice(sorted(tree)) if tree and draw.random() < 0.7 else None
            old = plan[first].tree if first is not None else {}
            _edit(draw, (old, tree), renamed, path, number)
        words = draw.choice(["Fix a bug", "Add something", "Prefix the suffix", "Handle an ERROR"])
        time = 1_600_000_000 + at * 8_000_000 + draw.randint(-9_000_000, 1_000_000)
        author = draw.choice(["one", "two", "three"])
        plan.append(Planned(parents, author, time, words, tree, renamed))
    return plan


def _edit(
    draw: random.Random,
    trees: tuple[Tree, Tree],
    renamed: dict[str, str],
    path: str | None,
    number: int,
) -> None:
    old, tree = trees
    new = tuple(f"line {number}.{line}" for line in range(draw.randint(1, 4)))
    if path is None:
        folder = draw.choice(["", "lib/", "lib/deep/", "docs/"])
        tree[f"{folder}file{number}.txt"] = new
        return
    action = draw.random()
    lines = tree[path]
    if action < 0.15:
        del tree[path]
        renamed.pop(path, None)
    elif action < 0.35 and old.get(path) == lines:
        target = f"lib/moved{number}.txt"
        tree[target] = tree.pop(path)
        renamed[target] = path
    elif path not in renamed:
        at = draw.randint(0, len(lines))
        cut = draw.randint(0, len(lines) - at)
        tree[path] = lines[:at] + new + lines[at + cut :]


def write_history(folder: Path, plan: list[Planned]) -> list[str]:
    """Make the repository with a branch for every commit; return the ids in the plan's order."""
    GitRepo.create(folder)
    stream: list[str] = []
    for at, commit in enumerate(plan):
        who = f"{commit.author} <{commit.author}@example.test> {commit.time} +0000"
        stream += [f"commit refs/heads/b{at}", f"mark :{at + 1}", f"committer {who}"]
        stream += [f"data {len(commit.message)}", commit.message]
        for number, parent in enumerate(commit.parents):
            stream.append(f"{'merge' if number else 'from'} :{parent + 1}")
        stream.append("deleteall")
        for path, lines in sorted(commit.tree.items()):
            content = "".join(f"{line}\n" for line in lines)
            stream += [f"M 100644 inline {path}", f"data {len(content)}", content]
        stream.append("")
    marks = folder / "marks"
    subprocess.run(
        ["git", "-C", str(folder), "fast-import", "--quiet", f"--export-marks={marks}"],
        input="\n".join(stream).encode(),
        check=True,
    )
    rows = dict(line.split() for line in marks.read_text().splitlines())
    return [rows[f":{at + 1}"] for at in range(len(plan))]
