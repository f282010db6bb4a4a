"""Small git repositories made on the spot, with invented people and set times."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

CODER = ("Coder", "coder@example.test")
REVIEWER = ("Reviewer", "reviewer@example.test")
START = 1_767_258_000  # 2026-01-01T09:00:00Z
HOUR = 3600


@dataclass
class GitRepo:
    """A repository with a work tree; every commit comes an hour after the last."""

    folder: Path
    clock: int = START
    kept: dict[str, str] = field(default_factory=dict)
    """The last commit of every reference that `store` wrote."""

    @classmethod
    def create(cls, folder: Path) -> GitRepo:
        folder.mkdir(parents=True)
        repo = cls(folder)
        repo.git("init", "--quiet", "--initial-branch=main", ".")
        return repo

    def git(
        self, *arguments: str, stdin: str | bytes | None = None, env: dict[str, str] | None = None
    ) -> str:
        given = stdin.encode() if isinstance(stdin, str) else stdin
        done = subprocess.run(
            ["git", "-C", str(self.folder), *arguments],
            env=self._environment(CODER, CODER) | (env or {}),
            check=True,
            capture_output=True,
            input=given,
        )
        return done.stdout.decode("utf-8", "replace").strip()

    def commit(
        self,
        message: str,
        files: dict[str, str] | None = None,
        *,
        author: tuple[str, str] = CODER,
        committer: tuple[str, str] | None = None,
    ) -> str:
        """Commit `files` (path -> content; one made-up file if none are given); return its id."""
        self.clock += HOUR
        for path, content in (files or {f"file-{self.clock}.txt": f"{self.clock}\n"}).items():
            target = self.folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(content)
        self.git("add", ".")
        people = self._environment(author, committer or author)
        self.git("commit", "--quiet", "--allow-empty", "-F", "-", stdin=message, env=people)
        return self.git("rev-parse", "HEAD")

    def note(self, sha: str, text: str | bytes) -> None:
        """Give a commit a line note, as git-ai does."""
        blob = self.git("hash-object", "-w", "--stdin", stdin=text)
        self.git("notes", "--ref=ai", "add", "-f", "-C", blob, sha)

    def store(
        self,
        ref: str,
        files: dict[str, str | bytes],
        message: str,
        author: str = "App <app@example.test>",
    ) -> str:
        """Add files to what a reference beside the branches keeps, as one commit; return its id."""
        self.clock += 60
        last, text = self.kept.get(ref), message.encode()
        lines = [f"commit {ref}", "mark :1", f"author {author} {self.clock} +0000"]
        lines += [f"committer {author} {self.clock} +0000", f"data {len(text)}"]
        stream = "\n".join([*lines, ""]).encode() + text + b"\n"
        stream += f"from {last}\n".encode() if last else b""
        for path, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            stream += f"M 100644 inline {path}\ndata {len(data)}\n".encode() + data + b"\n"
        self.kept[ref] = self.git("fast-import", "--quiet", stdin=stream + b"get-mark :1\n")
        return self.kept[ref]

    def cherry_pick(self, sha: str) -> str:
        """Make a commit anew on top of HEAD, as a rebase does; return its id."""
        self.clock += HOUR
        self.git("cherry-pick", sha, env=self._environment(CODER, REVIEWER, pick=True))
        return self.git("rev-parse", "HEAD")

    def _environment(
        self, author: tuple[str, str], committer: tuple[str, str], *, pick: bool = False
    ) -> dict[str, str]:
        dates = {"GIT_COMMITTER_DATE": f"{self.clock} +0000"}
        if not pick:
            dates["GIT_AUTHOR_DATE"] = f"{self.clock} +0000"
            dates["GIT_AUTHOR_NAME"], dates["GIT_AUTHOR_EMAIL"] = author
        return {
            "PATH": os.environ["PATH"],
            "HOME": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_COMMITTER_NAME": committer[0],
            "GIT_COMMITTER_EMAIL": committer[1],
            **dates,
        }
