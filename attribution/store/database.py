"""The derived database of a case, `case.db`: SQLite through sqlite-utils.

It holds nothing that the manifest and the evidence do not give again, and may be deleted at any
time. It is never changed in place: a change goes into a copy beside it, which is put in its place
when it is complete, so that a kill at any moment leaves the old database or the new one.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from sqlite_utils.db import Database as Tables

from attribution.store.canonical import to_json
from attribution.store.migrations import APPLICATION_ID, MIGRATIONS, Migration, migrate
from attribution.store.readings import (
    RECORD_COLUMNS,
    RowHash,
    reader_version,
    reading_key,
    reading_row,
    rebuild_reading,
    record_rows,
)
from attribution.store.tables import ANALYSIS_TABLES, analysis_rows, evidence_row

if TYPE_CHECKING:
    from attribution.model.analysis import Analysis
    from attribution.model.record import EvidenceItem, Reading

FILE_NAME = "case.db"


class Database:
    """An open derived database; use it with `with`, or call `close` to keep what was saved.

    `notes` are sentences to show on stderr: why an existing file was not used. A file that is
    damaged, foreign, or of a later version is replaced on the first save, for it can be rebuilt.
    """

    def __init__(self, path: Path, migrations: Sequence[Migration]) -> None:
        self.path = path
        self.notes: list[str] = []
        self._migrations = migrations
        self._side = path.with_name(f".{path.name}.{os.getpid()}")
        self._writing: Tables | None = None
        self._reading: Tables | None = None

    @classmethod
    def open(cls, path: Path, *, migrations: Sequence[Migration] = MIGRATIONS) -> Self:
        """Open the database at `path`, or that of the case folder `path`.

        A file of an earlier version is migrated, in a copy that then takes its place. Nothing is
        written where there is no database yet, until something is saved.
        """
        database = cls(path / FILE_NAME if path.is_dir() else path, migrations)
        database._remove_leftovers()
        database._open_existing()
        return database

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Keep what was saved: each save is complete in itself, even when a later stage failed."""
        self.close()

    def close(self) -> None:
        """Put what was saved in place of the old database, whole or not at all."""
        for tables in (self._reading, self._writing):
            if tables is not None:
                tables.close()
        if self._writing is not None:
            with self._side.open("rb") as stream:
                os.fsync(stream.fileno())
            self._side.replace(self.path)
        self._reading = self._writing = None

    def save_reading(self, item: EvidenceItem, reading: Reading, options_key: str) -> None:
        """Keep what a reader made of an evidence item, in place of an earlier reading of it.

        A reading that a table could not give back unchanged is not kept.
        """
        tables = self._writable()
        try:
            with tables.atomic():
                self._insert_reading(tables, item, reading, options_key)
        except ValueError:
            with tables.atomic():
                self._drop_reading(tables, item.id)

    def _insert_reading(
        self, tables: Tables, item: EvidenceItem, reading: Reading, options_key: str
    ) -> None:
        hashed = RowHash()
        self._drop_reading(tables, item.id)
        _upsert(tables, "evidence", [evidence_row(item)])
        _insert(
            tables,
            "readings",
            [
                {
                    "evidence": item.id,
                    "sha256": item.sha256,
                    "options": options_key,
                    "version": reader_version(),
                    "rows_sha256": "",
                    **reading_row(reading),
                }
            ],
        )
        columns = ", ".join(f'"{name}"' for name in RECORD_COLUMNS)
        marks = ", ".join("?" for _ in RECORD_COLUMNS)
        _connection(tables).executemany(
            f"INSERT INTO records ({columns}) VALUES ({marks})",  # noqa: S608 - our names
            hashed.follow(record_rows(item.id, reading)),
        )
        tables.execute(
            "UPDATE readings SET rows_sha256 = ? WHERE evidence = ?",
            [hashed.hexdigest(), item.id],
        )

    def load_reading(self, item: EvidenceItem, options_key: str) -> Reading | None:
        """Return the reading kept of these bytes under these options, None when there is none.

        None also when its rows are not those that were written: a damaged cache is no evidence.
        """
        tables = self._writing or self._reading
        if tables is None:
            return None
        try:
            row = next(
                iter(
                    tables.query(
                        "SELECT * FROM readings WHERE evidence = ? AND sha256 = ?"
                        " AND options = ? AND version = ?",
                        [item.id, item.sha256, options_key, reader_version()],
                    )
                ),
                None,
            )
            if row is None:
                return None
            columns = ", ".join(f'"{name}"' for name in RECORD_COLUMNS)
            rows = _connection(tables).execute(
                f"SELECT {columns} FROM records WHERE evidence = ? ORDER BY position",  # noqa: S608
                [item.id],
            )
            hashed, expected = RowHash(), row["rows_sha256"]
            reading = _rebuild(row, hashed.follow(rows))
        except sqlite3.DatabaseError as error:
            self.notes.append(f"{self.path}: {error}; {item.id} is read again")
            return None
        if reading is None or hashed.hexdigest() != expected:
            self.notes.append(
                f"{self.path}: the records of {item.id} were altered; it is read again"
            )
            return None
        return reading

    def save_analysis(self, analysis: Analysis) -> None:
        """Put an analysis in place of the last one, with only the evidence it rests on."""
        tables = self._writable()
        kept = {item.id: item.sha256 for item in analysis.evidence}
        sources = {source.evidence for source in analysis.timeline.sources}
        with tables.atomic():
            _connection(tables).execute("PRAGMA defer_foreign_keys = ON")
            for table in reversed(ANALYSIS_TABLES):
                tables.execute(f"DELETE FROM {table}")  # noqa: S608 - a name of our own
            for row in list(tables.query("SELECT evidence, sha256 FROM readings")):
                if row["evidence"] not in sources or kept.get(row["evidence"]) != row["sha256"]:
                    self._drop_reading(tables, row["evidence"])
            for row in list(tables.query("SELECT id FROM evidence")):
                if row["id"] not in kept:
                    tables.execute("DELETE FROM evidence WHERE id = ?", [row["id"]])
            _upsert(tables, "evidence", [evidence_row(item) for item in analysis.evidence])
            for table in ANALYSIS_TABLES:
                _insert(tables, table, analysis_rows(analysis, table))

    def result(self, name: str) -> str | None:
        """Return a document of the last analysis as canonical JSON (see the table `results`)."""
        tables = self._writing or self._reading
        if tables is None:
            return None
        rows = tables.query("SELECT document FROM results WHERE name = ?", [name])
        return next((str(row["document"]) for row in rows), None)

    def export(self) -> str:
        """Return every row as canonical JSON, one a line, sorted by table and primary key."""
        return "".join(f"{line}\n" for line in self.export_lines())

    def export_lines(self) -> Iterator[str]:
        """Yield the lines of `export` one by one."""
        tables = self._writing or self._reading
        if tables is None:
            return
        for name in sorted(tables.table_names()):
            key = ", ".join(f'"{column}"' for column in tables.table(name).pks)
            for row in tables.query(f'SELECT * FROM "{name}" ORDER BY {key}'):  # noqa: S608
                yield to_json({"table": name, **row})

    def start_anew(self) -> None:
        """Let the next save begin with an empty database instead of a copy of the old one."""
        self._discard()

    def _open_existing(self) -> None:
        if not self.path.exists():
            return
        try:
            version = _inspect(self.path, len(self._migrations))
            if version < len(self._migrations):
                self._writable(copy=True)
                self.close()
            self._reading = _connect(self.path, read_only=True)
        except (sqlite3.DatabaseError, ValueError) as error:
            self.notes.append(f"{self.path} cannot be used ({error}); it is built anew")
            self._discard()

    def _writable(self, *, copy: bool = False) -> Tables:
        if self._writing is None:
            if copy or self._reading is not None:
                shutil.copyfile(self.path, self._side)
            else:
                self._side.unlink(missing_ok=True)
            self._writing = _connect(self._side)
            migrate(self._writing, self._migrations)
        return self._writing

    def _drop_reading(self, tables: Tables, evidence: str) -> None:
        tables.execute("DELETE FROM records WHERE evidence = ?", [evidence])
        tables.execute("DELETE FROM readings WHERE evidence = ?", [evidence])

    def _discard(self) -> None:
        for tables in (self._reading, self._writing):
            if tables is not None:
                tables.close()
        self._reading = self._writing = None
        self._side.unlink(missing_ok=True)

    def _remove_leftovers(self) -> None:
        """Delete the unfinished copies of processes that are no more."""
        for side in sorted(self.path.parent.glob(f".{self.path.name}.*")):
            process = side.suffix[1:]
            if process.isdecimal() and not _is_running(int(process)):
                side.unlink(missing_ok=True)


def rebuild_database(
    path: Path, analysis: Analysis, readings: Mapping[str, Reading]
) -> tuple[str, ...]:
    """Write the whole derived database of an analysis; `readings` are by evidence id.

    Returns sentences to show on stderr: why a file that lay there was no database of ours.
    """
    entries = {entry.id: entry for entry in analysis.manifest.evidence}
    with Database.open(path) as database:
        database.start_anew()
        for item in analysis.evidence:
            key = reading_key(entries[item.id], analysis.manifest.period)
            database.save_reading(item, readings[item.id], key)
        database.save_analysis(analysis)
        return tuple(database.notes)


def _rebuild(row: dict[str, Any], records: Iterable[Sequence[Any]]) -> Reading | None:
    """Return the reading of rows, None where they are none that were ever written."""
    try:
        return rebuild_reading(row, records)
    except (ValueError, TypeError, LookupError):
        return None


def _inspect(path: Path, newest: int) -> int:
    """Return the version of a database of ours; ValueError when it is not one we can use."""
    tables = _connect(path, read_only=True)
    try:
        connection = _connection(tables)
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        mark = int(connection.execute("PRAGMA application_id").fetchone()[0])
        empty = not tables.table_names()
    finally:
        tables.close()
    if mark != APPLICATION_ID and not (empty and mark == version == 0):
        raise ValueError("it is a database of another program")
    if version > newest:
        raise ValueError(f"it is of version {version}, and this program knows {newest}")
    return version


def _connect(path: Path, *, read_only: bool = False) -> Tables:
    uri = f"{path.resolve().as_uri()}?mode={'ro' if read_only else 'rwc'}"
    connection = sqlite3.connect(uri, uri=True)
    connection.execute("PRAGMA foreign_keys = ON")
    if not read_only:
        # Nobody reads the copy before it is complete, and it is flushed once, before the rename.
        connection.execute("PRAGMA journal_mode = MEMORY")
        connection.execute("PRAGMA synchronous = OFF")
    return Tables(connection, execute_plugins=False, strict=True)


def _connection(tables: Tables) -> sqlite3.Connection:
    connection: sqlite3.Connection = tables.conn
    return connection


def _insert(tables: Tables, table: str, rows: Iterable[dict[str, Any]], suffix: str = "") -> None:
    """Insert rows by one `executemany`; all have the keys of the first."""
    remaining = iter(rows)
    first = next(remaining, None)
    if first is None:
        return
    columns = ", ".join(f'"{name}"' for name in first)
    marks = ", ".join("?" for _ in first)
    _connection(tables).executemany(
        f'INSERT INTO "{table}" ({columns}) VALUES ({marks}){suffix}',  # noqa: S608 - our own names
        (tuple(map(_storable, row.values())) for row in _chain(first, remaining)),
    )


def _chain(first: dict[str, Any], rest: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    yield first
    yield from rest


def _upsert(tables: Tables, table: str, rows: list[dict[str, Any]]) -> None:
    """Insert rows by their id, or bring those that are there up to date."""
    if rows:
        changes = ", ".join(f'"{name}" = excluded."{name}"' for name in rows[0] if name != "id")
        _insert(tables, table, rows, f" ON CONFLICT (id) DO UPDATE SET {changes}")


def _storable(value: object) -> object:
    """Return a value with half surrogate pairs, which SQLite's text cannot hold, spelt out."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    return value


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
