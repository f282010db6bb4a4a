"""The file that the facts of a history are kept in: opened, begun anew, written whole or not."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

_PATIENCE = 30.0

Value = bytes | int | str | None
"""What a column holds."""


class HistoryFile:
    """A database in a file, or in memory where none is named; safe to use from several threads.

    What is written is whole or not there at all, whenever the program ends.
    """

    def __init__(self, file: Path | None, version: int, schema: str) -> None:
        """Open the file, and begin it anew where it is of another version.

        Raises sqlite3.Error where it can be neither read nor written.
        """
        self._lock = threading.RLock()
        self._db = sqlite3.connect(
            file or ":memory:", timeout=_PATIENCE, isolation_level=None, check_same_thread=False
        )
        # What was written is on the disk a little later, and never in part; sqlite.org/wal.html.
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        # Each time the log is folded in waits for the disk: at 32 MB, not at the usual 4.
        self._db.execute("PRAGMA wal_autocheckpoint = 8000")
        with self.writing():
            if self.ask("PRAGMA user_version") != [(version,)]:
                self._begin(version, schema)

    def _begin(self, version: int, schema: str) -> None:
        tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        for (name,) in self.ask(tables):
            self._db.execute(f'DROP TABLE "{name}"')
        for statement in schema.split(";"):
            self._db.execute(statement)
        self._db.execute(f"PRAGMA user_version = {version}")

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the file to oneself; what was written is undone when the block fails."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Let no other thread ask or write meanwhile."""
        with self._lock:
            yield

    def ask(self, statement: str, *values: Value) -> list[tuple[Any, ...]]:
        """Return the rows of a statement."""
        with self._lock, closing(self._db.execute(statement, values)) as cursor:
            return cursor.fetchall()

    def write(self, statement: str, rows: Iterable[tuple[Value, ...]]) -> None:
        """Carry a statement out once for each row, within `writing`."""
        self._db.executemany(statement, rows)
