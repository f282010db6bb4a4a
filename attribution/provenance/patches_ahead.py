"""Patches that are read while lines are still being traced: git compares files for both at once.

Most of what a large commit did lies in files that no line leads to. Where only one file is asked
about, which had the same name before, git need not compare the others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Self

from attribution.ingest.git import Repository
from attribution.provenance.patches import PatchText, read_patch_texts

MANY = 12
"""From how many files on it costs less to start git for one of them."""

_WORKERS = 2

Step = tuple[str, str]
"""A commit, after the one before it."""

Part = tuple[str, str, str]
"""A step, and the file of it that is asked about: empty for all of them."""


class PatchesAhead:
    """Reads patches, some of them before they are asked for; used from several threads."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._pool = ThreadPoolExecutor(max_workers=_WORKERS)
        self._begun: dict[Part, Future[list[PatchText]]] = {}
        self._large: set[Step] = set()
        self._lock = Lock()

    def begin(self, step: Step) -> None:
        """Begin to read all that a commit changed against the one before it."""
        part = *step, ""
        with self._lock:
            if part not in self._begun:
                self._begun[part] = self._pool.submit(read_patch_texts, self._repository, [step])

    def put_off(self, step: Step) -> None:
        """Note that a commit changed many files, of which not all may be asked about."""
        self._large.add(step)

    def choose_part(self, step: Step, path: str) -> Part:
        """Return what to read where one file of a step is asked about, which was not renamed."""
        is_apart = step in self._large and (*step, "") not in self._begun
        return *step, path if is_apart else ""

    def read_all(self, parts: Sequence[Part]) -> list[PatchText]:
        """Return the patches, in the order of `parts`. Raises InputError as git does."""
        apart: dict[str, list[Step]] = defaultdict(list)
        for before, commit, path in parts:
            if path:
                apart[path].append((before, commit))
            else:
                self.begin((before, commit))
        found = {
            (*step, path): text
            for path, steps in apart.items()
            for step, text in zip(
                steps, read_patch_texts(self._repository, steps, [path]), strict=True
            )
        }
        return [found[part] if part[2] else self._begun[part].result()[0] for part in parts]

    def __enter__(self) -> Self:
        """Begin to read."""
        return self

    def __exit__(self, *_about: object) -> None:
        """Begin with no other; what is being read is read to its end."""
        self._pool.shutdown(wait=False, cancel_futures=True)
