from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlite_utils.db import Database as Tables

from attribution.model.analysis import Analysis
from attribution.model.record import Reading
from attribution.schema.instances import validate
from attribution.store.database import Database, rebuild_database
from attribution.store.migrations import APPLICATION_ID, MIGRATIONS, migrate
from attribution.store.result import read_manifest_digest, write_result
from attribution.store.tables import ANALYSIS_TABLES

Make = Callable[..., Analysis]
Readings = dict[str, Reading]

TABLES = {"evidence", "readings", "records", *ANALYSIS_TABLES}


def fill(folder: Path, analysis: Analysis, readings: Readings) -> str:
    """Write a database and return its export."""
    assert rebuild_database(folder / "case.db", analysis, readings) == ()
    with Database.open(folder) as database:
        return database.export()


def test_every_table_has_rows(tmp_path: Path, make_analysis: Make, readings: Readings) -> None:
    """What a run knows is in the database, each thing in its table."""
    lines = [json.loads(line) for line in fill(tmp_path, make_analysis(), readings).splitlines()]
    assert {line["table"] for line in lines} == TABLES


def test_the_export_is_the_same_after_deletion(
    tmp_path: Path, make_analysis: Make, readings: Readings
) -> None:
    """The database can be deleted and comes back with the same bytes in its export."""
    before = fill(tmp_path, make_analysis(), readings)
    (tmp_path / "case.db").unlink()
    assert fill(tmp_path, make_analysis(), readings) == before


def test_nothing_of_an_earlier_analysis_stays(
    tmp_path: Path, make_analysis: Make, readings: Readings
) -> None:
    """Saving over a fuller database gives the export of a fresh one."""
    other = tmp_path / "other"
    other.mkdir()
    expected = fill(other, make_analysis("new"), readings)
    fill(tmp_path, make_analysis("old"), readings)
    with Database.open(tmp_path) as database:
        database.save_analysis(make_analysis("new"))
        assert database.export() == expected


def test_foreign_keys_are_declared_and_hold(
    tmp_path: Path, make_analysis: Make, readings: Readings
) -> None:
    """Rows that refer to nothing are refused, and none is there."""
    fill(tmp_path, make_analysis(), readings)
    tables = Tables(tmp_path / "case.db", execute_plugins=False)
    declared = {
        (table.name, key.column, key.other_table)
        for table in tables.tables
        for key in table.foreign_keys
    }
    assert {
        ("records", "evidence", "readings"),
        ("readings", "evidence", "evidence"),
        ("witnesses", "event", "events"),
        ("witnesses", "evidence", "evidence"),
        ("clocks", "evidence", "evidence"),
        ("aliases", "actor", "actors"),
        ("events", "actor", "actors"),
        ("nodes", "finding", "findings"),
        ("edges", "source", "nodes"),
        ("edges", "target", "nodes"),
        ("edges", "finding", "findings"),
        ("tests", "finding", "findings"),
        ("tests", "source", "nodes"),
        ("tests", "target", "nodes"),
        ("accounts", "proposal", "proposals"),
    } == declared
    assert list(tables.query("PRAGMA foreign_key_check")) == []
    tables.execute("PRAGMA foreign_keys = ON")
    with pytest.raises(sqlite3.IntegrityError):
        tables.execute("INSERT INTO aliases VALUES ('nobody', 'name', 'basis', 0)")
    tables.close()


def test_an_analysis_that_breaks_a_reference_leaves_the_old_one(
    tmp_path: Path, make_analysis: Make, readings: Readings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A save that fails half-way is undone as a whole."""
    before = fill(tmp_path, make_analysis(), readings)
    rows = {"actor": "nobody", "position": 0, "name": "n", "basis": "b"}
    monkeypatch.setitem(
        __import__("attribution.store.tables", fromlist=["_BUILDERS"])._BUILDERS,
        "aliases",
        lambda _: [rows],
    )
    with pytest.raises(sqlite3.IntegrityError), Database.open(tmp_path) as database:
        database.save_analysis(make_analysis("new"))
    with Database.open(tmp_path) as database:
        assert database.export() == before


def test_a_kill_before_the_rename_leaves_the_old_database(
    tmp_path: Path, make_analysis: Make, readings: Readings
) -> None:
    """What was not closed is not seen; the leftover of a dead process is removed later."""
    before = fill(tmp_path, make_analysis(), readings)
    process = os.fork()
    if process == 0:
        Database.open(tmp_path).save_analysis(make_analysis("new"))
        os._exit(9)
    os.waitpid(process, 0)
    assert sorted(path.name for path in tmp_path.iterdir()) == [f".case.db.{process}", "case.db"]
    with Database.open(tmp_path) as database:
        assert database.export() == before
    assert [path.name for path in tmp_path.iterdir()] == ["case.db"]


def test_reading_alone_writes_nothing(tmp_path: Path) -> None:
    """Opening the database of a case that has none leaves the folder empty."""
    with Database.open(tmp_path) as database:
        assert database.export() == ""
        assert database.result("version") is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"not a database at all, but some text that somebody put here", "file is not a database"),
        (b"SQLite format 3\x00" + b"\x00" * 50, ""),
    ],
)
def test_a_damaged_database_is_built_anew_and_said_so(
    tmp_path: Path, make_analysis: Make, readings: Readings, content: bytes, reason: str
) -> None:
    """Nothing is lost with it, so it does not stop the run; a sentence says why."""
    (tmp_path / "case.db").write_bytes(content)
    notes = rebuild_database(tmp_path / "case.db", make_analysis(), readings)
    assert len(notes) == 1
    assert reason in notes[0]
    assert notes[0].endswith("it is built anew")
    with Database.open(tmp_path) as database:
        assert database.notes == []
        assert database.result("case") == '"small"'


def test_a_database_of_another_program_is_named_as_such(
    tmp_path: Path, make_analysis: Make, readings: Readings
) -> None:
    """A SQLite file without our mark is not read as ours."""
    connection = sqlite3.connect(tmp_path / "case.db")
    connection.execute("CREATE TABLE events (id)")
    connection.close()
    notes = rebuild_database(tmp_path / "case.db", make_analysis(), readings)
    assert "a database of another program" in notes[0]


def test_a_later_version_is_not_read(tmp_path: Path, make_analysis: Make) -> None:
    """A database made by a later program says its version."""
    with Database.open(tmp_path) as database:
        database.save_analysis(make_analysis())
    connection = sqlite3.connect(tmp_path / "case.db")
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with Database.open(tmp_path) as database:
        assert f"of version 99, and this program knows {len(MIGRATIONS)}" in database.notes[0]
        assert database.export() == ""


def add_column(tables: Tables) -> None:
    """A migration as a later version could have it."""
    tables.table("actors").add_column("added", str)


def test_an_earlier_version_is_migrated_with_what_it_holds(
    tmp_path: Path, make_analysis: Make, readings: Readings
) -> None:
    """A database of version 1 opened by a program of version 2 keeps its rows."""
    before = fill(tmp_path, make_analysis(), readings)
    with Database.open(tmp_path, migrations=[*MIGRATIONS, add_column]) as database:
        after = database.export()
    assert after.replace('"added":null,', "") == before
    connection = sqlite3.connect(tmp_path / "case.db")
    assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS) + 1,)
    connection.close()


def test_a_database_of_the_first_version_gains_the_remarks(
    tmp_path: Path, readings: Readings, make_analysis: Make
) -> None:
    """A file written before there were remarks is opened, migrated and filled."""
    tables = Tables(tmp_path / "case.db", execute_plugins=False)
    migrate(tables, MIGRATIONS[:1])
    tables.close()
    assert '"remarks":"[\\"numbers were taken' in fill(tmp_path, make_analysis(), readings)


def test_what_is_concluded_can_be_asked_in_sql(
    tmp_path: Path, make_analysis: Make, readings: Readings
) -> None:
    """Who or what confirmed, the factor codes, the tests, and sentences with their speakers."""
    fill(tmp_path, make_analysis(), readings)
    connection = sqlite3.connect(tmp_path / "case.db")
    query = (
        "SELECT f.confirmed_by, f.factors, t.source, t.target, t.counterfactual, a.speaker, a.hedge"
        " FROM findings f JOIN tests t ON t.finding = f.id"
        " JOIN proposals p ON p.target = t.target JOIN accounts a ON a.proposal = p.position"
        " JOIN contradictions c ON c.about = t.source || '->' || t.target"
    )
    assert connection.execute(query).fetchall() == [
        (
            "record: git ancestry", '["goal_misread"]', "a", "h", "no: it could not", "bot",
            "probably",
        )
    ]  # fmt: skip
    connection.close()


def test_an_empty_database_is_migrated_from_the_start(tmp_path: Path, make_analysis: Make) -> None:
    """A file of version 0, as SQLite makes it, gets every table."""
    sqlite3.connect(tmp_path / "case.db").execute("VACUUM")
    with Database.open(tmp_path) as database:
        database.save_analysis(make_analysis())
        assert database.notes == []
    tables = Tables(tmp_path / "case.db", execute_plugins=False)
    assert set(tables.table_names()) == TABLES
    assert tables.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
    tables.close()


def test_a_migration_that_fails_leaves_the_old_database(
    tmp_path: Path, make_analysis: Make, readings: Readings
) -> None:
    """The file is what it was, and the reason is told."""
    fill(tmp_path, make_analysis(), readings)
    before = (tmp_path / "case.db").read_bytes()

    def fail(_: Tables) -> None:
        raise sqlite3.OperationalError("no room")

    with Database.open(tmp_path, migrations=[*MIGRATIONS, fail]) as database:
        assert "no room" in database.notes[0]
    assert (tmp_path / "case.db").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["case.db"]


def test_half_a_surrogate_pair_does_not_stop_a_run(
    tmp_path: Path, make_analysis: Make, readings: Readings
) -> None:
    """Text that no encoding can hold is stored spelt out."""
    export = fill(tmp_path, make_analysis("\ud800"), readings)
    assert '"text":"\\\\ud800"' in export


def test_a_relative_and_an_odd_path_are_opened(
    tmp_path: Path, make_analysis: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder with spaces and marks that mean something in a URI is no other folder."""
    folder = tmp_path / "a b?c#d%20"
    folder.mkdir()
    monkeypatch.chdir(folder)
    with Database.open(Path("case.db")) as database:
        database.save_analysis(make_analysis())
    assert [path.name for path in folder.iterdir()] == ["case.db"]


def test_the_result_is_one_small_file(tmp_path: Path, make_analysis: Make) -> None:
    """It fits the shares, the evidence set and the version; the same analysis, the same bytes."""
    path = write_result(tmp_path / "report" / "result.json", make_analysis())
    document = json.loads(path.read_text(encoding="utf-8"))
    assert document["case"] == "small"
    assert document["merkle_root"] == make_analysis().merkle_root
    first = path.read_bytes()
    assert write_result(path, make_analysis()).read_bytes() == first
    assert [found.name for found in path.parent.iterdir()] == ["result.json"]


def test_the_result_names_the_manifest_it_came_from(tmp_path: Path, make_analysis: Make) -> None:
    """`verify` can tell an edited case.yaml from a changed report."""
    (tmp_path / "case.yaml").write_bytes(b"case: small\n")
    path = write_result(tmp_path / "report" / "result.json", make_analysis())
    validate(json.loads(path.read_text(encoding="utf-8")), "result")
    assert read_manifest_digest(path) == hashlib.sha256(b"case: small\n").hexdigest()
    path.write_text("[broken", encoding="utf-8")
    assert read_manifest_digest(path) is None


def test_the_result_fits_its_schema(tmp_path: Path, make_analysis: Make) -> None:
    """A portfolio can rely on schemas/result.schema.json."""
    path = write_result(tmp_path / "result.json", make_analysis())
    validate(json.loads(path.read_text(encoding="utf-8")), "result")


def test_a_database_without_clocks_gets_them(tmp_path: Path, make_analysis: Make) -> None:
    """One of the first version is brought up to what is kept of clocks now."""
    with Database.open(tmp_path, migrations=MIGRATIONS[:1]) as database:
        database._writable()
    with Database.open(tmp_path) as database:
        database.save_analysis(make_analysis())
        assert database.notes == []
    tables = Tables(tmp_path / "case.db", execute_plugins=False)
    assert tables.execute("SELECT basis, offset_seconds FROM clocks").fetchall()
    tables.close()
