"""Where blame comes from: of git, or of what is known of a history from an earlier time.

The answers are the same; git is asked anew where there is no cache, or none that can be used.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Self

from attribution.ingest.git import Repository
from attribution.provenance.blame import BlamedLine, blame_lines
from attribution.provenance.fixes import is_ancestor, require_commit
from attribution.provenance.history_store import HistoryStore
from attribution.provenance.line_history import Announce, LineHistory, keep_quiet

LONG = 2_000_000
"""From how many bytes of pack indexes on (some 60,000 objects) a history is long.

Below it git blames a file whole in less time than it takes to compare all of its versions for the
cache.
"""

_KEY = 32


def find_cache_folder(environment: Mapping[str, str]) -> Path | None:
    """Return the folder for what can be thrown away, None where the user has none.

    Source: XDG Base Directory Specification, `$XDG_CACHE_HOME`; a path that is not absolute is
    ignored, as it says.
    """
    named = Path(environment.get("XDG_CACHE_HOME", ""))
    if named.is_absolute():
        return named / "attribution"
    home = Path(environment.get("HOME", ""))
    return home / ".cache" / "attribution" if home.is_absolute() else None


class Blamer:
    """Blames lines of one repository, by the cache as long as there is one."""

    def __init__(
        self, repository: Repository, store: HistoryStore | None, tell: Callable[[str], None]
    ) -> None:
        self._repository = repository
        self._tell = tell
        self._store = store
        self._history = None if store is None else LineHistory(repository, store, tell)
        self._closed = False

    def blame(
        self,
        revision: str,
        path: str,
        numbers: Collection[int],
        announce: Announce = keep_quiet,
    ) -> dict[int, BlamedLine]:
        """Return what `git blame` says of the lines of a file at a revision, by their number.

        The revision is a full commit id, or names a parent of one. With a cache, `announce` is told
        of most commits before the answer is whole. Raises InputError when the file is not there.
        """
        history = self._history
        if history is not None:
            try:
                return history.blame(self._resolve(revision), path, numbers, announce)
            except sqlite3.Error as error:
                if self._closed:
                    raise
                self._history = None
                self._tell(f"going on without the cache: {error}")
        return blame_lines(self._repository, revision, path, numbers)

    def measure_distance(self, newer: str, older: str, most: int) -> int:
        """Return how many commits the newer one has behind it that the older has not.

        It counts itself, and no more than `most` are counted. Raises InputError as git does.
        """
        if self._history is not None:
            with suppress(sqlite3.Error):
                told = self._history.measure_distance(newer, older, most)
                if told is not None:
                    return told
        options = ("rev-list", "--count", f"--max-count={most}")
        return int(self._repository.run(*options, newer, f"^{older}", "--"))

    def is_before(self, older: str, newer: str) -> bool:
        """Return whether a commit is another or lies before it, both given by full id.

        Raises InputError as git does.
        """
        if self._history is not None:
            with suppress(sqlite3.Error):
                told = self._history.is_before(older, newer)
                if told is not None:
                    return told
        return is_ancestor(self._repository, older, newer)

    def _resolve(self, revision: str) -> str:
        """Return the full id of a commit, or of the parent of one where `^` says so."""
        if not revision.endswith("^"):
            return revision
        return require_commit(self._repository, revision)

    def __enter__(self) -> Self:
        """Begin to blame."""
        return self

    def __exit__(self, *_about: object) -> None:
        """Stop reading, and close the cache with what it has."""
        self._closed = True
        if self._history is not None:
            self._history.stop()
        if self._store is not None:
            self._store.close()


def open_blamer(
    repository: Repository, cache: Path | None, tell: Callable[[str], None]
) -> AbstractContextManager[Blamer]:
    """Lend what blames a repository's lines, with a cache in a folder where one is given.

    It is kept as long as the repository is open, with what it has begun to read. Nothing is written
    into the repository. A shallow clone is not kept, as it shows commits without their parents.
    Raises InputError where there is no repository.
    """
    file = None if cache is None else find_store(repository, cache)
    if file is None:
        return Blamer(repository, None, tell)
    return repository.keep((Blamer, file), lambda: Blamer(repository, _open(file, tell), tell))


def find_store(repository: Repository, cache: Path) -> Path | None:
    """Return where the facts of a repository's history are kept, None where they are not."""
    if repository.is_shallow:
        return None
    # Another version of git may compare files in another way.
    known = os.fsencode(Path(repository.file).resolve()) + repository.version.encode()
    return cache / "history" / f"{hashlib.sha256(known).hexdigest()[:_KEY]}.sqlite"


def is_long(repository: Repository) -> bool:
    """Return whether a history is long. Raises InputError where there is no repository."""
    objects = repository.run("rev-parse", "--path-format=absolute", "--git-path", "objects").strip()
    return sum(index.stat().st_size for index in Path(objects, "pack").glob("*.idx")) >= LONG


def _open(file: Path, tell: Callable[[str], None]) -> HistoryStore | None:
    """Open the file, and begin it anew where it is damaged; None where that is not possible."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            return HistoryStore(file)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            for part in file.parent.glob(f"{file.name}*"):
                part.unlink()
            return HistoryStore(file)
    except (OSError, sqlite3.Error) as error:
        tell(f"going on without the cache: {error}")
        return None
