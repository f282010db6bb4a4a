"""A repository with labelled defects: each brought in, disguised in some way, and repaired."""

from __future__ import annotations

import random
from pathlib import Path

from tests.unit.provenance.histories import History, numbered, text

LINES = 40


def build_defects(folder: Path, count: int, seed: int = 0) -> list[dict[str, object]]:
    """Make a repository in the folder; return its labelled fixes as the shared set has them.

    Between a defect and its repair other commits come, and half of the time one that lays the
    defective line out anew. No message says where the defect came from.
    """
    chance = random.Random(seed)
    history = History(folder)
    files = {f"part_{number}.py": numbered(LINES) for number in range(8)}
    history.commit("Begin", {name: text(lines) for name, lines in files.items()})
    cases: list[dict[str, object]] = []
    for number in range(count):
        name = chance.choice(sorted(files))
        at = chance.randrange(LINES)
        right = files[name][at]
        files[name][at] = f"outcome_{number} = compute_{number}(limit, {number})"
        culprit = history.commit(f"Change {number}", {name: text(files[name])})
        for other in chance.sample(sorted(files), chance.randrange(1, 4)):
            files[other][chance.randrange(LINES)] = f"later_{number} = work({chance.random():.6f})"
            history.commit("Later", {other: text(files[other])})
        if chance.random() < 1 / 2:
            files[name] = [line.replace(", ", ",  ") for line in files[name]]
            history.commit("Tidy", {name: text(files[name])})
        files[name][at] = right
        fix = history.commit(f"Repair {number}", {name: text(files[name])})
        cases.append({"id": number, "repo": folder.name, "fix": fix, "introduced_by": [culprit]})
    return cases
