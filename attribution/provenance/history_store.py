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
from pathlib import Path
from typing import Any

from attribution.provenance.history_chains import Block, ReadCommit
from attribution.provenance.history_facts import IndexedCommit, Spans, Touch
from attribution.provenance.touch_lists import TouchList, pack_touches

_VERSION = 2
_PATIENCE = 30.0
_MOST_TIPS = 100
_MOST_VALUES = 900
_MOST_LISTS = 200
_SCHEMA = """
CREATE TABLE commits(id INTEGER PRIMARY KEY, sha BLOB UNIQUE NOT NULL, chain INTEGER NOT NULL,
    place INTEGER NOT NULL, parents BLOB NOT NULL, files INTEGER NOT NULL, gone INTEGER NOT NULL,
    UNIQUE(chain, place));
CREATE INDEX merges ON commits(chain, place) WHERE length(parents) > length(sha);
CREATE TABLE awaited(sha BLOB PRIMARY KEY, chain INTEGER NOT NULL, place INTEGER NOT NULL)
    WITHOUT ROWID;
CREATE TABLE tips(id INTEGER PRIMARY KEY AUTOINCREMENT, sha BLOB UNIQUE NOT NULL);
CREATE TABLE paths(id INTEGER PRIMARY KEY, name BLOB UNIQUE NOT NULL);
CREATE TABLE blocks(id INTEGER PRIMARY KEY);
CREATE TABLE touches(path INTEGER, block INTEGER, places BLOB NOT NULL, sides BLOB NOT NULL,
    PRIMARY KEY(path, block)) WITHOUT ROWID;
CREATE TABLE steps(path INTEGER, id INTEGER, parent INTEGER, spans BLOB,
    PRIMARY KEY(path, id, parent)) WITHOUT ROWID;
"""

_SELECT = "SELECT id, sha, chain, place, parents, files, gone FROM commits"
_SELECT_STEPS = (
    "SELECT c.id, c.sha, c.chain, c.place, c.parents, c.files, c.gone, s.spans FROM commits c"
    " LEFT JOIN steps s ON s.path = ? AND s.id = c.id AND s.parent = 0"
)

Link = tuple[int, int, tuple[bytes, ...]]
"""A commit's chain, its place there, and its parents' ids."""


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
        self._touched: dict[int, TouchList] = {}
        # What was written is on the disk a little later, and never in part; sqlite.org/wal.html.
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        # Each time the log is folded in waits for the disk: at 32 MB, not at the usual 4.
        self._db.execute("PRAGMA wal_autocheckpoint = 8000")
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
                self._touched.clear()
                raise
            self._db.execute("COMMIT")

    def find(self, sha: str) -> IndexedCommit | None:
        """Return a commit by its full id, None where it has not been read."""
        rows = self._ask(f"{_SELECT} WHERE sha = ?", bytes.fromhex(sha))
        return _build(*rows[0]) if rows else None

    def find_last(self, chain: int) -> IndexedCommit:
        """Return the oldest commit of a chain that has been read."""
        [row] = self._ask(f"{_SELECT} WHERE chain = ? ORDER BY place DESC LIMIT 1", chain)
        return _build(*row)

    def count_blocks(self) -> int:
        """Return how many blocks of commits have been taken in."""
        return int(self._ask("SELECT ifnull(max(id), 0) FROM blocks")[0][0])

    def list_links(self) -> tuple[list[Link], list[Link]]:
        """Return the merges, and the last commits of all chains, each with its parents' ids."""
        columns = "SELECT c.chain, c.place, c.parents, length(c.sha) FROM commits c"
        ends = "(SELECT chain, max(place) AS place FROM commits GROUP BY chain)"
        rows = (
            self._ask(f"{columns} WHERE length(parents) > length(sha) ORDER BY chain, place"),
            self._ask(f"{columns} JOIN {ends} e ON e.chain = c.chain AND e.place = c.place"),
        )
        merges, last = ([(*row[:2], _cut_ids(*row[2:])) for row in some] for some in rows)
        return merges, last

    def find_places(self, shas: Iterable[bytes]) -> dict[bytes, tuple[int, int]]:
        """Return chain and place of those commits that have been read."""
        found: dict[bytes, tuple[int, int]] = {}
        for some in _cut(sorted(shas)):
            marks = ",".join("?" * len(some))
            statement = f"SELECT sha, chain, place FROM commits WHERE sha IN ({marks})"  # noqa: S608 - marks
            found |= {row[0]: (row[1], row[2]) for row in self._ask(statement, *some)}
        return found

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

    def list_touching(self, path: bytes, since: IndexedCommit, limit: int) -> list[Touch]:
        """Return the commits of a chain that touched a file, from a commit on, newest first."""
        number = self._number(path)
        with self._lock:
            if number not in self._touched and len(self._touched) >= _MOST_LISTS:
                self._touched.clear()
            touched = self._touched.setdefault(number, TouchList())
            more = "SELECT block, places, sides FROM touches WHERE path = ? AND block > ?"
            for row in self._ask(f"{more} ORDER BY block", number, touched.blocks):
                touched.extend(*row)
            sides = touched.cut(since.chain, since.place, limit)
        marks = ",".join("?" * len(sides))
        statement = f"{_SELECT_STEPS} WHERE c.chain = ? AND c.place IN ({marks}) ORDER BY c.place"
        rows = self._ask(statement, number, since.chain, *sides)
        return [
            Touch(_build(*row[:7]), sides[row[3]], None if row[7] is None else _unpack(row[7]))
            for row in rows
        ]

    def find_steps(self, path: bytes, commit: IndexedCommit) -> dict[int, Spans]:
        """Return what a commit did to a file against its parents, of those where it was kept."""
        statement = "SELECT parent, spans FROM steps WHERE path = ? AND id = ?"
        rows = self._ask(statement, self._number(path), commit.row)
        return {parent: _unpack(spans) for parent, spans in rows}

    def keep_steps(self, path: bytes, steps: Iterable[tuple[int, int, Spans]]) -> None:
        """Keep what commits did to a file: the commit's row, which parent, the hunks."""
        number = self._number(path)
        with self._writing():
            self._db.executemany(
                "INSERT OR REPLACE INTO steps VALUES(?, ?, ?, ?)",
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
            shas = {sha for sha, *_ in commits}
            shas.update(*(_cut_ids(parents, len(sha)) for sha, parents, *_ in commits))
            for some in _cut(sorted(shas)):
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
        columns = "sha, chain, place, parents, files, gone"
        run(f"INSERT INTO commits({columns}) VALUES(?, ?, ?, ?, ?, ?)", block.rows)
        gone = [(sha,) for sha in sorted(before) if sha not in block.awaited]
        run("DELETE FROM awaited WHERE sha = ?", gone)
        waiting = sorted((sha, *spot) for sha, spot in block.awaited.items())
        run("INSERT OR REPLACE INTO awaited VALUES(?, ?, ?)", waiting)
        number = self._db.execute("INSERT INTO blocks DEFAULT VALUES").lastrowid
        self._number_all(block.touches.keys())
        touches = ((self._paths[path], spots) for path, spots in block.touches.items())
        rows = sorted((path, number, *pack_touches(spots)) for path, spots in touches)
        run("INSERT INTO touches VALUES(?, ?, ?, ?)", rows)

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


def _cut_ids(parents: bytes, size: int) -> tuple[bytes, ...]:
    if len(parents) == size:
        return (parents,)
    return tuple(parents[at : at + size] for at in range(0, len(parents), size))


def _build(
    row: int, sha: bytes, chain: int, place: int, parents: bytes, *counts: int
) -> IndexedCommit:
    ids = tuple(parent.hex() for parent in _cut_ids(parents, len(sha)))
    return IndexedCommit(row, sha.hex(), chain, place, ids, *counts)


def _pack(spans: Spans) -> bytes:
    return array("q", [number for span in spans for number in span]).tobytes()


def _unpack(data: bytes) -> Spans:
    numbers = array("q")
    numbers.frombytes(data)
    return tuple(zip(*[iter(numbers)] * 4, strict=True))


def encode_path(path: str) -> bytes:
    """Return a path as git has it, surrogate escapes as the bytes they stand for."""
    return path.encode("utf-8", "surrogateescape")
