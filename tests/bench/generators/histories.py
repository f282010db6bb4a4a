"""Git histories of any length, from a seed: what `provenance` is measured on without a mirror."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

_FILES = 200
_LINES = 120
_START = 1_600_000_000
_TRAILERS = (
    "",
    "",
    "",
    "\n\nCo-authored-by: Claude <noreply@anthropic.com>\n",
    "\n\nSigned-off-by: Engineer <engineer@example.test>\n",
    "\n\nAssisted-by: Reviewer <reviewer@example.test>\n",
)


def build_history(folder: Path, commits: int, seed: int = 1) -> None:
    """Make a bare repository in `folder` of so many commits, each changing a few lines."""
    subprocess.run(
        ["git", "init", "--quiet", "--bare", "--initial-branch=main", str(folder)], check=True
    )
    with subprocess.Popen(
        ["git", "-C", str(folder), "fast-import", "--quiet", "--done"], stdin=subprocess.PIPE
    ) as process:
        if process.stdin is None:
            raise RuntimeError("the pipe to git is missing")
        process.stdin.writelines(_write(commits, random.Random(seed)))
    if process.returncode:
        raise RuntimeError("git fast-import failed")


def _write(commits: int, drawn: random.Random) -> Iterator[bytes]:
    files = {name: [f"line {at} of {name}" for at in range(_LINES)] for name in range(_FILES)}
    for number in range(commits):
        who = drawn.randrange(40)
        moment = _START + 600 * number
        text = f"Change number {number} (#{number}){drawn.choice(_TRAILERS)}".encode()
        yield (
            (
                "commit refs/heads/main\n"
                f"author Engineer {who} <engineer-{who}@example.test> {moment} +0000\n"
                f"committer GitHub <noreply@github.com> {moment} +0000\n"
                f"data {len(text)}\n"
            ).encode()
            + text
            + b"\n"
        )
        for name in drawn.sample(range(_FILES), drawn.choice((1, 1, 2, 3, 5))):
            lines = files[name]
            at = drawn.randrange(len(lines))
            lines[at : at + drawn.randrange(4)] = [f"changed by {number}, {drawn.random()}"]
            content = "\n".join(lines).encode()
            header = f"M 100644 inline src/part-{name % 10}/file-{name}.txt\ndata {len(content)}\n"
            yield header.encode() + content + b"\n"
    yield b"done\n"
