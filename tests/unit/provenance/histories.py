"""Small git histories made for a test: each commit a minute after the one before, by roles."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attribution.ingest.git import open_repository
from attribution.provenance.origin import Origin, find_origin

START = 1_767_225_600  # 2026-01-01T00:00:00Z
MINUTE = 60


class History:
    """A repository in a folder of its own; `commit` returns the id of what it recorded."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.time = START
        folder.mkdir(parents=True)
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments: str) -> str:
        stamp = f"{self.time} +0000"
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_AUTHOR_NAME": "Author",
            "GIT_AUTHOR_EMAIL": "author@example.test",
            "GIT_COMMITTER_NAME": "Committer",
            "GIT_COMMITTER_EMAIL": "committer@example.test",
            "GIT_AUTHOR_DATE": stamp,
            "GIT_COMMITTER_DATE": stamp,
        }
        done = subprocess.run(
            ["git", "-C", str(self.folder), *arguments],
            env=environment,
            check=True,
            capture_output=True,
        )
        return done.stdout.decode("utf-8", "surrogateescape").strip()

    def commit(self, message: str, files: Mapping[str, str | bytes | None]) -> str:
        """Write the files (None: remove) and record them."""
        self.time += MINUTE
        for name, content in files.items():
            path = self.folder / name
            if content is None:
                path.unlink()
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.git("rev-parse", "HEAD")

    def find(self, fix: str, **options: Any) -> Origin:
        """Return the origin that the program finds."""
        with open_repository(self.folder) as repository:
            return find_origin(repository, fix, **options)


def numbered(count: int) -> list[str]:
    """Return lines of code that all differ, the first one numbered 1."""
    return [f"step_{number} = prepare({number}, stage_{number})" for number in range(1, count + 1)]


def text(lines: list[str]) -> str:
    """Return lines as the content of a file."""
    return "".join(f"{line}\n" for line in lines)
