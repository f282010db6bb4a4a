"""Small facts of a history that never change, in a file: who came after whom, what touched what.

A commit's id stands for its content and for all before it, so a row once written stays true: what
is found here is what git would say again. Commits lie in chains, each the first parent of the one
before it; so the last commit to touch a file is one look-up where nothing was merged.
"""

from __future__ import annotations

import sqlite3
import threading
from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from attribution.provenance.history_chains import Block, ReadCommit

_VERSION = 1
_PATIENCE = 30.0
_MOST_TIPS = 100
_MOST_VALUES = 900
_SCHEMA = """
CREATE TABLE commits(id INTEGER PRIMARY KEY, sha BLOB UNIQUE NOT NULL, chain INTEGER NOT NULL,
    place INTEGER NOT NULL, parents BLOB NOT NULL, UNIQUE(chain, place));
CREATE TABLE awaited(sha BLOB PRIMARY KEY, chain INTEGER NOT NULL, place INTEGER NOT NULL)
    WITHOUT ROWID;
CREATE TABLE tips(id INTEGER PRIMARY KEY AUTOINCREMENT, sha BLOB UNIQUE NOT NULL);
CREATE TABLE paths(id INTEGER PRIMARY KEY, name BLOB UNIQUE NOT NULL);
CREATE TABLE touches(path INTEGER, chain INTEGER, place INTEGER,
    PRIMARY KEY(path, chain, place)) WITHOUT ROWID;
CREATE TABLE steps(path INTEGER, id INTEGER, parent INTEGER, spans BLOB,
    PRIMARY KEY(path, id, parent)) WITHOUT ROWID;
"""

Spans = tuple[tuple[int, int, int, int], ...]
"""Hunks as numbers alone: first old line, how many, first new line, how many; as in a patch."""

SAME: Spans = ()
"""The file is the same on both sides."""

ABSENT: Spans = ((-1, 0, 0, 0),)
"""There was no such file before, or something else of its name; it may have had another one."""

BEGUN: Spans = ((-2, 0, 0, 0),)
"""There was no such file before, and git takes none for its former self."""


@dataclass(frozen=True, slots=True)
class IndexedCommit:
    """A commit of the index: its row, where it lies, and its parents' ids."""

    row: int
    sha: str
    chain: int
    place: int
    parents: tuple[str, ...]


class HistoryStore:
    """The facts in a file, or in memory where none is named; safe to use from several threads.

    What is written is whole or not there at all, whenever the program ends.
    """

    def __init__(self, file: Path | None) -> None:
        """Open the file, and begin it anew where it is of another version.

        Raises sqlite3.Error where it can be neither read nor written.
        """
        self._lock = threading.RLock()
        self._db = sqlite3.connect(
            file or ":memory:", timeout=_PATIENCE, isolation_level=None, check_same_thread=False
        )
        self._paths: dict[bytes, int] = {}
        # What was written is on the disk a little later, and never in part; sqlite.org/wal.html.
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        with self._writing():
            version = self._db.execute("PRAGMA user_version").fetchone()[0]
            if version != _VERSION:
                self._begin()

    def _begin(self) -> None:
        names = self._db.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
        for (name,) in names.fetchall():
            self._db.execute(f'DROP TABLE "{name}"')
        for statement in _SCHEMA.split(";"):
            self._db.execute(statement)
        self._db.execute(f"PRAGMA user_version = {_VERSION}")

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Hold the file to oneself; what was written is undone when the block fails."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                self._paths.clear()
                raise
            self._db.execute("COMMIT")

    def find(self, sha: str) -> IndexedCommit | None:
        """Return a commit by its full id, None where it has not been read."""
        rows = self._ask(
            "SELECT id, sha, chain, place, parents FROM commits WHERE sha = ?", bytes.fromhex(sha)
        )
        return _build(*rows[0]) if rows else None

    def find_last(self, chain: int) -> IndexedCommit:
        """Return the oldest commit of a chain that has been read."""
        [row] = self._ask(
            "SELECT id, sha, chain, place, parents FROM commits WHERE chain = ?"
            " ORDER BY place DESC LIMIT 1",
            chain,
        )
        return _build(*row)

    def measure_straight(self, newer: IndexedCommit, older: IndexedCommit, most: int) -> int | None:
        """Return how many commits lead from one to another, `most` where there are more.

        The newer one counts, the older one does not. None where what was merged between them would
        have to be counted too.
        """
        many = older.place - newer.place
        if newer.chain != older.chain or many < 0:
            return None
        if many >= most:
            return most
        statement = (
            "SELECT count(*) FROM commits WHERE chain = ? AND place >= ? AND place < ?"
            " AND length(parents) = length(sha)"
        )
        rows = self._ask(statement, newer.chain, newer.place, older.place)
        return many if rows[0][0] == many else None

    def list_touching(
        self, path: bytes, since: IndexedCommit, limit: int
    ) -> list[tuple[IndexedCommit, Spans | None]]:
        """Return the commits of a chain that touched a file, from a commit on, newest first.

        With each goes what it did to the file against its first parent, None where that was not
        kept.
        """
        rows = self._ask(
            "SELECT c.id, c.sha, c.chain, c.place, c.parents, s.spans FROM touches t"
            " JOIN commits c ON c.chain = t.chain AND c.place = t.place"
            " LEFT JOIN steps s ON s.path = t.path AND s.id = c.id AND s.parent = 0"
            " WHERE t.path = ? AND t.chain = ? AND t.place >= ? ORDER BY t.place LIMIT ?",
            self._number(path),
            since.chain,
            since.place,
            limit,
        )
        return [(_build(*row[:5]), None if row[5] is None else _unpack(row[5])) for row in rows]

    def find_step(self, path: bytes, commit: IndexedCommit, parent: int) -> Spans | None:
        """Return what a commit did to a file against one of its parents, None where not kept."""
        rows = self._ask(
            "SELECT spans FROM steps WHERE path = ? AND id = ? AND parent = ?",
            self._number(path),
            commit.row,
            parent,
        )
        return _unpack(rows[0][0]) if rows else None

    def keep_steps(self, path: bytes, steps: Iterable[tuple[int, int, Spans]]) -> None:
        """Keep what commits did to a file: the commit's row, which parent, the hunks."""
        number = self._number(path)
        with self._writing():
            self._db.executemany(
                "INSERT OR IGNORE INTO steps VALUES(?, ?, ?, ?)",
                [(number, row, parent, _pack(spans)) for row, parent, spans in steps],
            )

    def list_frontier(self) -> tuple[list[str], list[str]]:
        """Return the commits where reading stopped, and those behind which all has been read."""
        awaited = [row[0].hex() for row in self._ask("SELECT sha FROM awaited ORDER BY sha")]
        order = "SELECT sha FROM tips ORDER BY id DESC LIMIT ?"
        return awaited, [row[0].hex() for row in self._ask(order, _MOST_TIPS)]

    def complete(self, shas: Iterable[str]) -> None:
        """Note that all that lies before these commits has been read."""
        with self._writing():
            self._db.executemany(
                "INSERT OR IGNORE INTO tips(sha) VALUES(?)", [(bytes.fromhex(sha),) for sha in shas]
            )

    def add(self, commits: Sequence[ReadCommit]) -> None:
        """Take commits in, all or none; those that are there already are passed over."""
        with self._writing():
            chains = self._db.execute("SELECT ifnull(max(chain), 0) FROM commits").fetchone()[0]
            block = Block(chains)
            shas = {sha for commit in commits for sha in (commit.sha, *commit.parents)}
            for some in _cut([bytes.fromhex(sha) for sha in sorted(shas)]):
                marks = ",".join("?" * len(some))
                block.known |= {
                    row[0]
                    for row in self._db.execute(
                        f"SELECT sha FROM commits WHERE sha IN ({marks})",  # noqa: S608 - marks
                        some,
                    )
                }
            block.awaited = {
                row[0]: (row[1], row[2])
                for row in self._db.execute("SELECT sha, chain, place FROM awaited")
            }
            before = set(block.awaited)
            for commit in commits:
                block.take(commit)
            self._write(block, before)

    def _write(self, block: Block, before: Collection[bytes]) -> None:
        run = self._db.executemany
        run("INSERT INTO commits(sha, chain, place, parents) VALUES(?, ?, ?, ?)", block.rows)
        gone = [(sha,) for sha in sorted(before) if sha not in block.awaited]
        run("DELETE FROM awaited WHERE sha = ?", gone)
        waiting = sorted((sha, *spot) for sha, spot in block.awaited.items())
        run("INSERT OR REPLACE INTO awaited VALUES(?, ?, ?)", waiting)
        self._number_all({path for path, _, _ in block.touches})
        touches = [(self._paths[path], chain, place) for path, chain, place in block.touches]
        run("INSERT OR IGNORE INTO touches VALUES(?, ?, ?)", touches)

    def _number_all(self, paths: Collection[bytes]) -> None:
        """Give every path its number."""
        fresh = sorted(path for path in paths if path not in self._paths)
        self._db.executemany(
            "INSERT OR IGNORE INTO paths(name) VALUES(?)", [(path,) for path in fresh]
        )
        for some in _cut(fresh):
            marks = ",".join("?" * len(some))
            statement = f"SELECT name, id FROM paths WHERE name IN ({marks})"  # noqa: S608 - marks
            self._paths.update(self._db.execute(statement, some).fetchall())

    def _number(self, path: bytes) -> int:
        """Return the number of a path; it gets one when it has none."""
        with self._lock:
            if path not in self._paths:
                self._number_all([path])
            return self._paths[path]

    def _ask(self, statement: str, *values: bytes | int) -> list[tuple[Any, ...]]:
        with self._lock, closing(self._db.execute(statement, values)) as cursor:
            return cursor.fetchall()


def _cut(values: list[bytes]) -> Iterator[list[bytes]]:
    """Yield a list in pieces that SQLite takes as the values of one statement."""
    for at in range(0, len(values), _MOST_VALUES):
        yield values[at : at + _MOST_VALUES]


def _build(row: int, sha: bytes, chain: int, place: int, parents: bytes) -> IndexedCommit:
    size = len(sha)
    ids = tuple(parents[at : at + size].hex() for at in range(0, len(parents), size))
    return IndexedCommit(row, sha.hex(), chain, place, ids)


def _pack(spans: Spans) -> bytes:
    return array("q", [number for span in spans for number in span]).tobytes()


def _unpack(data: bytes) -> Spans:
    numbers = array("q")
    numbers.frombytes(data)
    return tuple(zip(*[iter(numbers)] * 4, strict=True))


def encode_path(path: str) -> bytes:
    """Return a path as git has it, surrogate escapes as the bytes they stand for."""
    return path.encode("utf-8", "surrogateescape")
