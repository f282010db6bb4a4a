"""What the repositories of a case hold at a commit: its CODEOWNERS file, what a merge changed."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from attribution.ingest.codeowners import LOCATIONS, MAX_SIZE, parse_codeowners
from attribution.ingest.git import Repository, open_repository
from attribution.ingest.objects import Objects
from attribution.oversight.codeowners import Owners

_REMEMBERED = 64


@dataclass(frozen=True, slots=True)
class Located:
    """A CODEOWNERS file where it was found: the rules, and the place to cite.

    `owners` is None for a file too large to be loaded by the platform.
    """

    owners: Owners | None
    path: str
    reference: str


class Trees:
    """Git repositories opened for looking up files at commits, whichever of them has the commit."""

    def __init__(self, sources: Sequence[tuple[str, Path]]) -> None:
        """Take evidence ids with the path of a repository or bundle each."""
        self._sources = sources
        self._stack = ExitStack()
        self._open: list[tuple[str, Repository, Objects]] = []
        self._owners: dict[bytes, Owners] = {}
        self._located: dict[str, Located | None] = {}

    def __enter__(self) -> Self:
        """Open the repositories. Raises InputError as `open_repository`."""
        for evidence, path in self._sources:
            repository = self._stack.enter_context(open_repository(path))
            objects = self._stack.enter_context(repository.objects())
            self._open.append((evidence, repository, objects))
        return self

    def __exit__(self, *_: object) -> None:
        """Close the repositories."""
        self._open.clear()
        self._stack.close()

    def parents(self, commit: str) -> tuple[str, ...] | None:
        """Return the parents of a commit, None where no repository has it."""
        found = self._find(commit)
        if found is None:
            return None
        stored = found[2].read(commit, 1 << 20)
        if stored is None or stored.kind != "commit" or stored.content is None:
            return None
        header = stored.content.partition(b"\n\n")[0].decode("utf-8", "replace")
        return tuple(
            line.removeprefix("parent ")
            for line in header.splitlines()
            if line.startswith("parent ")
        )

    def owners_at(self, commit: str) -> Located | None:
        """Return the CODEOWNERS file of a commit, None where there is none or no such commit.

        The first of `.github/`, the root and `docs/` counts, as GitHub says; then `.gitlab/`.
        """
        if commit not in self._located:
            if len(self._located) >= _REMEMBERED:
                self._located.clear()
            self._located[commit] = self._locate(commit)
        return self._located[commit]

    def changed(self, base: str, commit: str) -> tuple[str, ...] | None:
        """Return the paths that differ between two commits, None where no repository has both."""
        found = self._find(commit)
        if found is None or found[2].read(base) is None:
            return None
        output = found[1].read(
            "diff-tree", "-r", "-z", "--no-renames", "--name-only", "--end-of-options", base, commit
        )
        return tuple(part.decode("utf-8", "replace") for part in output.split(b"\0") if part)

    def _find(self, commit: str) -> tuple[str, Repository, Objects] | None:
        return next((one for one in self._open if one[2].read(commit) is not None), None)

    def _locate(self, commit: str) -> Located | None:
        found = self._find(commit)
        if found is None:
            return None
        evidence, _, objects = found
        for path in (*LOCATIONS, ".gitlab/CODEOWNERS"):
            stored = objects.read(f"{commit}:{path}", MAX_SIZE)
            if stored is None or stored.kind != "blob":
                continue
            reference = f"{evidence}#commit {commit}"
            content = stored.content
            if content is None or (len(content) >= MAX_SIZE and not path.startswith(".gitlab/")):
                return Located(None, path, reference)
            return Located(self._parse(content, path), path, reference)
        return None

    def _parse(self, content: bytes, path: str) -> Owners:
        key = path.encode() + b"\0" + content
        known = self._owners.get(key)
        if known is None:
            file = parse_codeowners(content.decode("utf-8", "replace"), path)
            if len(self._owners) >= _REMEMBERED:
                self._owners.clear()
            known = self._owners[key] = Owners(file.rules, file.dialect)
        return known
