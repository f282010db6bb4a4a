"""Small facts of a history that never change, in a file: who came after whom, what touched what.

A commit's id stands for its content and for all before it, so a row once written stays true: what
is found here is what git would say again. Commits lie in chains, each the first parent of the one
before it; so the last commit to touch a file is one look-up where nothing was merged. A spot is
chain and place in one number.

A row has many commits, or the touches of many files: most are never asked for, and to take them in
is what the first answer waits for. What one block of commits brought stays as it was written.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from attribution.provenance.history_chains import Block, ReadCommit, join_spot, split_spot
from attribution.provenance.history_facts import IndexedCommit, Spans, Touch
from attribution.provenance.history_file import HistoryFile
from attribution.provenance.id_lists import find_ids, pack_ids, split_ids
from attribution.provenance.touch_lists import TouchList, pack_touches

_VERSION = 3
_MOST_TIPS = 100
_MOST_LISTS = 200
_SCHEMA = """
CREATE TABLE blocks(id INTEGER PRIMARY KEY);
CREATE TABLE runs(spot INTEGER PRIMARY KEY, many INTEGER NOT NULL, ids BLOB NOT NULL,
    files BLOB NOT NULL, gone BLOB NOT NULL);
CREATE TABLE merges(spot INTEGER PRIMARY KEY, parents TEXT NOT NULL);
CREATE TABLE ids(first INTEGER, block INTEGER, ids BLOB NOT NULL, spots BLOB NOT NULL,
    PRIMARY KEY(first, block)) WITHOUT ROWID;
CREATE TABLE awaited(sha BLOB PRIMARY KEY, spot INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE tips(id INTEGER PRIMARY KEY AUTOINCREMENT, sha BLOB UNIQUE NOT NULL);
CREATE TABLE touches(id INTEGER PRIMARY KEY, block INTEGER NOT NULL, first BLOB NOT NULL,
    names BLOB NOT NULL, counts BLOB NOT NULL, spots BLOB NOT NULL, sides BLOB NOT NULL,
    UNIQUE(block, first));
CREATE TABLE paths(id INTEGER PRIMARY KEY, name BLOB UNIQUE NOT NULL);
CREATE TABLE steps(path INTEGER, spot INTEGER, parent INTEGER, spans BLOB,
    PRIMARY KEY(path, spot, parent)) WITHOUT ROWID;
"""

_SELECT = """
WITH wanted(spot) AS (VALUES {marks})
SELECT w.spot, m.parents,
    substr(r.ids, (w.spot - r.spot) * length(r.ids) / (r.many + 1) + 1,
        2 * length(r.ids) / (r.many + 1)),
    substr(r.files, (w.spot - r.spot) * length(r.files) / r.many + 1, length(r.files) / r.many),
    substr(r.gone, (w.spot - r.spot) * length(r.gone) / r.many + 1, length(r.gone) / r.many),
    s.spans
FROM wanted w JOIN runs r ON r.spot = (SELECT max(spot) FROM runs WHERE spot <= w.spot)
    LEFT JOIN merges m ON m.spot = w.spot
    LEFT JOIN steps s ON s.path = ? AND s.spot = w.spot AND s.parent = 0
ORDER BY w.spot
"""
_SELECT_IDS = "SELECT first, ids, spots FROM ids WHERE first IN ({marks}) ORDER BY first"
_SELECT_TOUCHES = """
SELECT b.id, t.names, t.counts, t.spots, t.sides FROM blocks b JOIN touches t
    ON t.id = (SELECT id FROM touches WHERE block = b.id AND first <= ? ORDER BY first DESC LIMIT 1)
WHERE b.id > ? ORDER BY b.id
"""

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
        self._file = HistoryFile(file, _VERSION, _SCHEMA)
        self._paths: dict[bytes, int] = {}
        self._touched: dict[bytes, TouchList] = {}
        self._known: set[bytes] = set()
        self._blocks = 0

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def find(self, sha: str) -> IndexedCommit | None:
        """Return a commit by its full id, None where it has not been read."""
        wanted = bytes.fromhex(sha)
        rows = self._file.ask(_SELECT_IDS.format(marks="?"), wanted[0])
        spots = [spot for _, spot in find_ids(rows, [wanted])]
        return next((commit for commit, _ in self._read(spots)), None)

    def find_last(self, chain: int) -> IndexedCommit:
        """Return the oldest commit of a chain that has been read."""
        statement = "SELECT spot + many - 1 FROM runs WHERE spot < ? ORDER BY spot DESC LIMIT 1"
        [(spot,)] = self._file.ask(statement, join_spot(chain + 1, 0))
        [(commit, _)] = self._read([spot])
        return commit

    def count_blocks(self) -> int:
        """Return how many blocks of commits have been taken in."""
        return int(self._file.ask("SELECT ifnull(max(id), 0) FROM blocks")[0][0])

    def list_links(self) -> tuple[list[Link], list[Link]]:
        """Return the merges, each with its parents' ids, and the last commits of all chains.

        Of these only the first parent is told.
        """
        merges = [
            (*split_spot(spot), tuple(map(bytes.fromhex, parents.split())))
            for spot, parents in self._file.ask("SELECT spot, parents FROM merges ORDER BY spot")
        ]
        ends: dict[int, Link] = {}
        statement = (
            "SELECT spot + many - 1, substr(ids, -length(ids) / (many + 1)) FROM runs ORDER BY spot"
        )
        for spot, parent in self._file.ask(statement):
            chain, place = split_spot(spot)
            ends[chain] = chain, place, (parent,) if any(parent) else ()
        return merges, list(ends.values())

    def find_places(self, shas: Iterable[bytes]) -> dict[bytes, tuple[int, int]]:
        """Return chain and place of those commits that have been read."""
        return {sha: split_spot(spot) for sha, spot in self._find_spots(shas).items()}

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
        statement = "SELECT count(*) FROM merges WHERE spot >= ? AND spot < ?"
        return None if self._file.ask(statement, newer.row, older.row)[0][0] else many

    def list_touching(self, path: bytes, since: IndexedCommit, limit: int) -> list[Touch]:
        """Return the commits of a chain that touched a file, from a commit on, newest first."""
        with self._file.reading():
            if path not in self._touched and len(self._touched) >= _MOST_LISTS:
                self._touched.clear()
            touched = self._touched.setdefault(path, TouchList(path))
            touched.extend(self._file.ask(_SELECT_TOUCHES, path, touched.blocks))
            sides = touched.cut(since.row, limit)
        read = self._read(sides, self._find_number(path))
        return [Touch(commit, sides[commit.row], spans) for commit, spans in read]

    def find_steps(self, path: bytes, commit: IndexedCommit) -> dict[int, Spans]:
        """Return what a commit did to a file against its parents, of those where it was kept."""
        statement = "SELECT parent, spans FROM steps WHERE path = ? AND spot = ?"
        rows = self._file.ask(statement, self._find_number(path), commit.row)
        return {parent: _unpack(spans) for parent, spans in rows}

    def keep_steps(self, path: bytes, steps: Iterable[tuple[int, int, Spans]]) -> None:
        """Keep what commits did to a file: the commit's row, which parent, the hunks."""
        if not self._find_number(path):
            with self._file.writing():
                self._file.write("INSERT OR IGNORE INTO paths(name) VALUES(?)", [(path,)])
        number = self._find_number(path)
        with self._file.writing():
            self._file.write(
                "INSERT OR REPLACE INTO steps VALUES(?, ?, ?, ?)",
                [(number, row, parent, _pack(spans)) for row, parent, spans in steps],
            )

    def list_frontier(self) -> tuple[list[str], list[str]]:
        """Return the commits where reading stopped, and those behind which all has been read."""
        awaited = [row[0].hex() for row in self._file.ask("SELECT sha FROM awaited ORDER BY sha")]
        order = "SELECT sha FROM tips ORDER BY id DESC LIMIT ?"
        return awaited, [row[0].hex() for row in self._file.ask(order, _MOST_TIPS)]

    def complete(self, shas: Iterable[str]) -> None:
        """Note that all that lies before these commits has been read."""
        with self._file.writing():
            self._file.write(
                "INSERT OR IGNORE INTO tips(sha) VALUES(?)", [(bytes.fromhex(sha),) for sha in shas]
            )

    def add(self, commits: Sequence[ReadCommit]) -> None:
        """Take commits in, all or none; those that are there already are passed over."""
        with self._file.writing():
            number = self.count_blocks() + 1
            last = self._file.ask("SELECT ifnull(max(spot), 0) FROM runs")[0][0]
            before = dict(self._file.ask("SELECT sha, spot FROM awaited"))
            known = self._list_known(number - 1)
            block = Block(split_spot(last)[0], known, dict(before))
            block.take(commits)
            self._write(number, block, before)
        known.update(block.placed)
        self._blocks = number

    def _list_known(self, blocks: int) -> set[bytes]:
        """Return the ids of all commits of so many blocks, some of them from other processes."""
        if self._blocks < blocks:
            rows = self._file.ask("SELECT ids, spots FROM ids WHERE block > ?", self._blocks)
            for row in rows:
                self._known.update(split_ids(*row))
            self._blocks = blocks
        return self._known

    def _write(self, number: int, block: Block, before: dict[bytes, int]) -> None:
        """Write what a block has, and what is awaited now and was not before."""
        write = self._file.write
        abouts, paths = block.split_files()
        write("INSERT INTO blocks VALUES(?)", [(number,)])
        write("INSERT INTO runs VALUES(?, ?, ?, ?, ?)", block.list_runs(abouts))
        write("INSERT INTO merges VALUES(?, ?)", sorted(block.merges))
        rows = ((first, number, ids, spots) for first, ids, spots in pack_ids(block.placed))
        write("INSERT INTO ids VALUES(?, ?, ?, ?)", rows)
        gone = sorted(before.keys() - block.awaited.keys())
        write("DELETE FROM awaited WHERE sha = ?", [(sha,) for sha in gone])
        fresh = sorted(block.awaited.items() - before.items())
        write("INSERT OR REPLACE INTO awaited VALUES(?, ?)", fresh)
        columns = "block, first, names, counts, spots, sides"
        touches = ((number, *packed) for packed in pack_touches(abouts, paths, block.spots))
        write(f"INSERT INTO touches({columns}) VALUES(?, ?, ?, ?, ?, ?)", touches)

    def _find_spots(self, shas: Iterable[bytes]) -> dict[bytes, int]:
        """Return chain and place, as one number, of those commits that have been read."""
        wanted = {first: [*some] for first, some in groupby(sorted(shas), itemgetter(0))}
        found: dict[bytes, int] = {}
        rows = self._file.ask(_SELECT_IDS.format(marks=",".join("?" * len(wanted))), *wanted)
        for first, some in groupby(rows, itemgetter(0)):
            found.update(find_ids([*some], wanted[first]))
        return found

    def _read(
        self, spots: Collection[int], path: int = 0
    ) -> Iterator[tuple[IndexedCommit, Spans | None]]:
        """Yield commits by their spots, the newest first, and what is kept of each for a path."""
        if not spots:
            return
        statement = _SELECT.format(marks=",".join(["(?)"] * len(spots)))
        for spot, parents, ids, files, gone, spans in self._file.ask(statement, *spots, path):
            size = len(ids) // 2
            first = (ids[size:].hex(),) if any(ids[size:]) else ()
            told = first if parents is None else tuple(parents.split())
            commit = IndexedCommit(
                spot, ids[:size].hex(), *split_spot(spot), told, *array("I", files + gone)
            )
            yield commit, None if spans is None else _unpack(spans)

    def _find_number(self, path: bytes) -> int:
        """Return the number of a path, zero where it has none."""
        if path not in self._paths:
            self._paths.update(self._file.ask("SELECT name, id FROM paths WHERE name = ?", path))
        return self._paths.get(path, 0)


def _pack(spans: Spans) -> bytes:
    return array("q", [number for span in spans for number in span]).tobytes()


def _unpack(data: bytes) -> Spans:
    numbers = array("q")
    numbers.frombytes(data)
    return tuple(zip(*[iter(numbers)] * 4, strict=True))


def encode_path(path: str) -> bytes:
    """Return a path as git has it, surrogate escapes as the bytes they stand for."""
    return path.encode("utf-8", "surrogateescape")
