from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from attribution.model.manifest import EvidenceEntry
from attribution.model.period import Period
from attribution.model.record import EvidenceItem, Reading, Record
from attribution.store import database as database_module
from attribution.store.database import Database
from attribution.store.readings import reading_key

ITEM = EvidenceItem("E1", "evidence/a.csv", "csv", "a" * 64, 10)
KEY = reading_key(EvidenceEntry("E1", "evidence/a.csv"))


def store(folder: Path, reading: Reading) -> None:
    with Database.open(folder) as database:
        database.save_reading(ITEM, reading, KEY)


def test_a_stored_reading_comes_back_equal(
    tmp_path: Path, make_reading: Callable[..., Reading], make_record: Callable[..., Record]
) -> None:
    """Every field of every record is the same, and so is the order of the keys in its data."""
    reading = make_reading(make_record(1), make_record(2, time=None, text="", actor="\x00"))
    store(tmp_path, reading)
    with Database.open(tmp_path) as database:
        loaded = database.load_reading(ITEM, KEY)
    assert loaded == reading
    assert list(loaded.records[0].data) == list(reading.records[0].data)


@pytest.mark.parametrize(
    "item",
    [replace(ITEM, sha256="b" * 64), replace(ITEM, id="E2")],
    ids=["other bytes", "another item"],
)
def test_other_evidence_is_read_anew(
    tmp_path: Path, make_reading: Callable[..., Reading], item: EvidenceItem
) -> None:
    """A reading is never taken for that of other bytes or of another item."""
    store(tmp_path, make_reading())
    with Database.open(tmp_path) as database:
        assert database.load_reading(item, KEY) is None


@pytest.mark.parametrize(
    "entry",
    [
        EvidenceEntry("E1", "a", zone="UTC"),
        EvidenceEntry("E1", "a", format="csv"),
        EvidenceEntry("E1", "a", columns={"time": "t"}),
        EvidenceEntry("E1", "a", time_format="%Y"),
        EvidenceEntry("E1", "a", repository="r"),
    ],
    ids=["zone", "format", "columns", "time_format", "repository"],
)
def test_every_option_of_a_reader_is_part_of_the_key(entry: EvidenceEntry) -> None:
    """Changing an option that a reader sees makes another key."""
    assert reading_key(entry) != reading_key(EvidenceEntry("E1", "a"))


def test_the_window_is_part_of_the_key_and_the_note_is_not() -> None:
    """A year-less date takes its year from the window; a note changes nothing."""
    entry = EvidenceEntry("E1", "a")
    assert reading_key(entry, Period(None, None)) != reading_key(entry)
    assert reading_key(replace(entry, note="n", offset_seconds=3.0)) == reading_key(entry)


def test_another_version_of_the_readers_reads_anew(
    tmp_path: Path, make_reading: Callable[..., Reading], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reading of an earlier program is not used."""
    store(tmp_path, make_reading())
    monkeypatch.setattr(database_module, "reader_version", lambda: "0.0.1+0")
    with Database.open(tmp_path) as database:
        assert database.load_reading(ITEM, KEY) is None


def test_altered_rows_are_not_believed(
    tmp_path: Path, make_reading: Callable[..., Reading], make_record: Callable[..., Record]
) -> None:
    """Whoever edits the cache changes no result: the evidence is read again, and it is said."""
    store(tmp_path, make_reading(make_record(1)))
    connection = sqlite3.connect(tmp_path / "case.db")
    with connection:
        connection.execute("UPDATE records SET text = 'something else'")
    connection.close()
    with Database.open(tmp_path) as database:
        assert database.load_reading(ITEM, KEY) is None
        assert database.notes[0].endswith("the records of E1 were altered; it is read again")


@pytest.mark.parametrize(
    "data", [{"a": float("nan")}, {"a": "\ud800"}, {"a": (1, 2)}], ids=["nan", "half", "tuple"]
)
def test_what_a_table_cannot_give_back_is_not_kept(
    tmp_path: Path,
    make_reading: Callable[..., Reading],
    make_record: Callable[..., Record],
    data: dict[str, object],
) -> None:
    """Such a reading is read anew each time, rather than come back changed."""
    store(tmp_path, make_reading(make_record(1, data=data)))
    with Database.open(tmp_path) as database:
        assert database.load_reading(ITEM, KEY) is None


def test_a_later_reading_takes_the_place_of_the_earlier(
    tmp_path: Path, make_reading: Callable[..., Reading], make_record: Callable[..., Record]
) -> None:
    """An item has one reading at a time."""
    store(tmp_path, make_reading(make_record(1), make_record(2)))
    later = make_reading(make_record(3))
    store(tmp_path, later)
    with Database.open(tmp_path) as database:
        assert database.load_reading(ITEM, KEY) == later
