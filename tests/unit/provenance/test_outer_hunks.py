"""What two versions tell without being compared bounds every comparison that git makes of them."""

from __future__ import annotations

import random
import re
from pathlib import Path

from attribution.provenance.outer_hunks import OuterHunk, find_outer
from tests.gitrepo import GitRepo

PAIRS = 400
WORDS = (b"", b"}", b"  x", b"    y")
HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


def make_pair(chance: random.Random) -> tuple[bytes, bytes]:
    """Make two versions of a file, in which many lines are alike."""
    alike, names = chance.choice((0.2, 0.6, 1.0)), chance.choice((3, 1000))

    def lines(count: int) -> list[bytes]:
        return [
            chance.choice(WORDS) if chance.random() < alike else b"n%d" % chance.randrange(names)
            for _ in range(count)
        ]

    old = lines(chance.choice((0, 1, 3, 10, 40, 600)))
    new = list(old)
    for _ in range(chance.choice((1, 1, 2, 4))):
        at = chance.randint(0, len(new))
        new[at : at + chance.choice((0, 1, 4))] = lines(chance.choice((0, 1, 2, 5)))
    ends = [b"\n" if lines and chance.random() < 0.8 else b"" for lines in (old, new)]
    return b"\n".join(old) + ends[0], b"\n".join(new) + ends[1]


def diff_all(folder: Path, pairs: list[tuple[bytes, bytes]]) -> list[list[OuterHunk]]:
    """Return the hunks of each pair as git has them."""
    repo = GitRepo.create(folder)
    head = (
        b"commit refs/heads/main\ncommitter Coder <coder@example.test> 1767258000 +0000\ndata 0\n"
    )
    script = [
        head + b"M 644 inline file\ndata %d\n%b\n" % (len(text), text)
        for pair in pairs
        for text in pair
    ]
    repo.git("fast-import", "--quiet", stdin=b"".join(script))
    shas = repo.git("rev-list", "--reverse", "main").split()
    asked = "".join(f"{new} {old}\n" for old, new in zip(shas[::2], shas[1::2], strict=True))
    options = ("--stdin", "--always", "-r", "-p", "-U0", "--text", "--indent-heuristic")
    found: list[list[OuterHunk]] = []
    for line in repo.git("diff-tree", *options, stdin=asked).split("\n"):
        if match := HUNK.match(line):
            old, many, new, new_many = (int(part or 1) for part in match.groups())
            found[-1].append((old, many, new, new_many))
        elif re.fullmatch("[0-9a-f]{40}", line):
            found.append([])
    return found


def bound(hunk: OuterHunk) -> tuple[range, range]:
    old, many, new, new_many = hunk
    old, new = old + (not many), new + (not new_many)
    return range(old, old + many + 1), range(new, new + new_many + 1)


def test_every_hunk_that_git_finds_lies_within_the_outer_one(tmp_path: Path) -> None:
    chance = random.Random(7)
    pairs = [make_pair(chance) for _ in range(PAIRS)]
    pairs = [(old, new) for old, new in pairs if old != new]
    narrow = 0
    for (old, new), hunks in zip(pairs, diff_all(tmp_path / "made", pairs), strict=True):
        outer, breaks = find_outer(old, new, new.count(b"\n"))
        assert breaks == old.count(b"\n")
        for hunk in hunks:
            for inside, around in zip(bound(hunk), bound(outer), strict=True):
                assert around[0] <= inside[0] <= inside[-1] <= around[-1], (old, new)
        assert sum(hunk[3] - hunk[1] for hunk in hunks) == outer[3] - outer[1]
        narrow += outer[3] <= new.count(b"\n") // 2
    assert narrow > PAIRS // 4
