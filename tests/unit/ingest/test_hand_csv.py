from __future__ import annotations

from pathlib import Path

import pytest

from attribution.errors import InputError
from attribution.ingest import read_evidence
from attribution.model.instant import parse_instant

MAPPING = {
    "time": "when",
    "actor": "who",
    "text": "what",
    "kind": "kind",
    "data.service": "service",
    "data.phase": "phase",
    "native_id": "id",
}


def write(folder: Path, *lines: str) -> Path:
    path = folder / "notes.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_declared_columns_fill_kind_and_facts(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "id,when,who,what,kind,service,phase",
        '1,2026-01-14T09:12:00Z,operator,"down, all of it",impact,Cost View,start',
    )
    (record,) = read_evidence(path, columns=MAPPING).records
    assert record.kind == "impact"
    assert record.data == {"service": "Cost View", "phase": "start"}
    assert (record.actor, record.text, record.native_id) == ("operator", "down, all of it", "1")


def test_cells_are_read_as_the_kinds_table_promises(tmp_path: Path) -> None:
    path = write(tmp_path, "time,kind,ro,res,n", "2026-01-14T09:12:00Z,audit.call,no,a; b,12")
    columns = {"data.read_only": "ro", "data.resources": "res", "data.number": "n"}
    (record,) = read_evidence(path, columns=columns).records
    assert record.data == {"read_only": False, "resources": ["a", "b"], "number": 12}


def test_rows_over_several_lines_keep_the_line_they_begin_on(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "time,text",
        '2026-01-14T09:12:00Z,"one',
        'and a half"',
        "",
        "2026-01-14T09:13:00Z,two",
    )
    assert [record.place for record in read_evidence(path).records] == ["line 2", "line 5"]


def test_a_row_that_repeats_another_wholly_is_a_duplicate(tmp_path: Path) -> None:
    row = "2026-01-14T09:12:00Z,down"
    assert read_evidence(write(tmp_path, "time,text", row, row)).accounting.duplicate == 1


def test_bad_rows_are_left_out_with_their_reason(tmp_path: Path) -> None:
    path = tmp_path / "notes.csv"
    path.write_bytes(
        b"time,kind,text\n"
        b"2026-01-14T09:12:00Z,note,fine\n"
        b"2026-01-14T09:12:00Z,note\n"
        b"2026-01-14T09:12:00Z,explosion,x\n"
        b"2026-01-14T09:12:00Z,note,caf\xe9\n"
        b"2026-01-14T09:12:00Z,note,a\x00b\n"
        b"soon,note,x\n"
        b",note,no time\n"
    )
    reading = read_evidence(path)
    reasons = {entry.place: entry.reason for entry in reading.rejections}
    assert list(reasons) == ["line 3", "line 4", "line 5", "line 6", "line 7"]
    assert "2 cells" in reasons["line 3"]
    assert "explosion" in reasons["line 4"]
    assert "0xe9" in reasons["line 5"]
    assert "NUL" in reasons["line 6"]
    assert "soon" in reasons["line 7"]
    assert (reading.accounting.kept, reading.accounting.undated) == (1, 1)


@pytest.mark.parametrize(
    ("header", "columns", "told"),
    [
        ("when,what", None, "which column holds the time"),
        ("when,what", {"time": "moment"}, "no column 'moment'"),
        ("when,what", {"time": "when", "mood": "what"}, "no field 'mood'"),
    ],
)
def test_columns_that_mean_nothing_are_refused_with_those_there_are(
    tmp_path: Path, header: str, columns: dict[str, str] | None, told: str
) -> None:
    path = write(tmp_path, header, "2026-01-14T09:12:00Z,x")
    with pytest.raises(InputError, match=told) as caught:
        read_evidence(path, columns=columns, format="csv")
    assert "when, what" in str(caught.value)
    assert "--map" in str(caught.value)


def test_cells_of_other_columns_are_kept_and_told(tmp_path: Path) -> None:
    path = write(tmp_path, "time,action,evidence", "2026-01-14T09:12:00Z,deleted vol-9,chat")
    (record,) = read_evidence(path).records
    assert record.data == {"columns": {"action": "deleted vol-9", "evidence": "chat"}}
    assert record.text == "action: deleted vol-9; evidence: chat"


def test_a_mark_of_byte_order_is_no_part_of_the_first_column(tmp_path: Path) -> None:
    path = tmp_path / "notes.csv"
    path.write_bytes(b"\xef\xbb\xbftime,text\n2026-01-14T09:12:00Z,x\n")
    (record,) = read_evidence(path).records
    assert record.time == parse_instant("2026-01-14T09:12:00Z")


@pytest.mark.parametrize(
    ("time", "form", "others"),
    [
        ("14/03/2026 10:12", "%d/%m/%Y %H:%M", None),
        ("03/02/2026 10:12", "%d/%m/%Y %H:%M", '"%m/%d/%Y %H:%M"'),
        ("14 Mar 2026 10:12:09", "%d %b %Y %H:%M:%S", None),
    ],
)
def test_everything_that_is_not_said_is_asked_for_at_once(
    tmp_path: Path, time: str, form: str, others: str | None
) -> None:
    """Columns, time format and zone in one message, and what it proposes then works."""
    path = write(tmp_path, 'When,Who,"What, how"', f'{time},operator,"down, all"')
    with pytest.raises(InputError) as caught:
        read_evidence(path)
    said = str(caught.value)
    assert "which column holds the time; nothing says how its times are written" in said
    assert "no zone" in said
    assert f'`--map time=When,actor=Who --time-format "{form}" --tz Europe/Berlin`' in said
    assert ("would also fit" in said) == (others is not None)
    assert others is None or others in said
    columns = {"time": "When", "actor": "Who", "text": "What, how"}
    reading = read_evidence(path, columns=columns, time_format=form, zone="Europe/Berlin")
    assert reading.accounting.kept == 1


def test_the_first_time_without_a_zone_is_named_with_its_line(tmp_path: Path) -> None:
    path = write(tmp_path, "time,text", "2026-01-14T09:12:00Z,x", "2026-01-14 09:13,y")
    with pytest.raises(InputError) as caught:
        read_evidence(path)
    assert caught.value.place == "line 3"
    assert "'2026-01-14 09:13' (line 3)" in str(caught.value)


def test_two_columns_that_may_be_the_time_are_not_chosen_between(tmp_path: Path) -> None:
    path = write(tmp_path, "Date,When,What", "2026-01-14,2026-01-14T09:12:00Z,x")
    with pytest.raises(InputError, match="--map time=COLUMN,text=What"):
        read_evidence(path)


def test_times_that_are_none_are_rejected_row_by_row(tmp_path: Path) -> None:
    """Words in place of times ask for no time format."""
    reading = read_evidence(write(tmp_path, "time,text", "soon,x", "later,y"))
    assert reading.accounting.rejected == 2


def test_a_header_without_rows_is_said_to_be_one(tmp_path: Path) -> None:
    for named in (None, "csv"):
        with pytest.raises(InputError, match="a header line and no rows"):
            read_evidence(write(tmp_path, "time,text"), format=named)


def test_a_column_of_numbers_is_read_as_unix_times_and_the_unit_is_said(tmp_path: Path) -> None:
    path = tmp_path / "notes.csv"
    path.write_text("time,text\n1768381951000,a\n1768381952000,b\n", encoding="utf-8")
    reading = read_evidence(path)
    assert [record.time for record in reading.records] == [1768381951000000, 1768381952000000]
    assert "Unix milliseconds" in reading.remarks[0]


@pytest.mark.parametrize("format_id", ["csv", "timesketch"])
def test_a_header_that_cannot_be_read_is_named_and_no_row_stands_in_for_it(
    tmp_path: Path, format_id: str
) -> None:
    """Spreadsheets save in other encodings; the first entry would vanish as names of columns."""
    path = tmp_path / "evidence.csv"
    rows = "datetime,timestamp_desc,message,Größe\n2026-01-14T09:12:31Z,noted,down,1\n"
    path.write_bytes(rows.encode("latin-1"))
    with pytest.raises(InputError, match="no header line that can be read") as caught:
        read_evidence(path, format=format_id)
    assert caught.value.place == "line 1"
    assert "0xf6" in str(caught.value)


def test_a_zone_abbreviation_is_refused_as_what_it_is(tmp_path: Path) -> None:
    """IST is a time of India, of Ireland and of Israel: no format of times would settle which."""
    path = tmp_path / "evidence.csv"
    path.write_text(
        "time,text\n2026-01-14 09:12 IST,down\n2026-01-14 09:13 UTC,up\n", encoding="utf-8"
    )
    reading = read_evidence(path, zone="UTC")
    assert [rejection.place for rejection in reading.rejections] == ["line 2"]
    assert "IST may stand for several zones" in reading.rejections[0].reason
    assert reading.accounting.kept == 1
