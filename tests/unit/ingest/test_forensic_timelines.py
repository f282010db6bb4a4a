"""Timesketch and plaso timelines; rows are invented, in the documented shapes."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from attribution.errors import InputError
from attribution.ingest import read_evidence
from attribution.model.instant import format_optional, parse_instant
from attribution.model.record import JsonValue, Reading

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "formats"
COLUMNS = (
    "date,time,timezone,MACB,source,sourcetype,type,user,host,short,desc,version,filename,inode,"
    "notes,format,extra"
)


def read(folder: Path, text: str, zone: str | None = None, format_id: str | None = None) -> Reading:
    path = folder / "evidence"
    path.write_text(text, encoding="utf-8")
    return read_evidence(path, zone=zone, format=format_id)


def row(date: str, time: str, zone: str, said: str = "x") -> str:
    cells = [date, time, zone, "M...", "LOG", "Log File", "Content Modification Time", "-", "h",
             "s", said, "2", "OS:/f", "-", "-", "text", "-"]  # fmt: skip
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()


def l2t(*rows: str) -> str:
    return COLUMNS + "\n" + "".join(rows)


def times(reading: Reading) -> list[str | None]:
    return [format_optional(record.time) for record in reading.records]


def sketch(**fields: JsonValue) -> str:
    entry: dict[str, JsonValue] = {
        "message": "m",
        "datetime": "2026-01-14T09:12:31+00:00",
        "timestamp_desc": "Event Logged",
    }
    return json.dumps(entry | fields) + "\n"


@pytest.mark.parametrize("name", ["timesketch.csv", "timesketch.jsonl"])
def test_timesketch_is_exact_where_timestamp_says_the_same_second(name: str) -> None:
    (record,) = read_evidence(SAMPLES / name).records
    assert record.time == record.time_high == parse_instant("2026-01-14T09:12:31.199001Z")
    assert record.data["time_is"] == "Event Logged"
    assert record.subject == "runner-2"


def test_a_timestamp_that_contradicts_datetime_is_not_taken_and_said(tmp_path: Path) -> None:
    reading = read(tmp_path, sketch(timestamp=123456789) + sketch(timestamp=1768381951000000))
    assert times(reading) == ["2026-01-14T09:12:31Z", "2026-01-14T09:12:31Z"]
    assert reading.remarks == (
        "in 1 row timestamp tells another time than datetime; datetime was taken",
    )


def test_a_datetime_without_an_offset_is_refused_not_taken_for_utc(tmp_path: Path) -> None:
    naive = sketch(datetime="2026-01-14T09:12:31")
    with pytest.raises(InputError, match="--tz"):
        read(tmp_path, naive + naive)
    assert times(read(tmp_path, naive, "Europe/Berlin")) == ["2026-01-14T08:12:31Z"]


def test_timesketch_keeps_other_columns_and_tags_and_rejects_what_is_no_row(tmp_path: Path) -> None:
    lines = sketch(tag=["agent"], extra="1", username="root") + '{"a": 1}\n' + sketch() + sketch()
    reading = read(tmp_path, lines)
    assert (reading.accounting.kept, reading.accounting.duplicate) == (2, 1)
    record = reading.records[0]
    assert record.data["tags"] == ["agent"]
    assert record.data["columns"] == {"extra": "1"}
    assert record.actor == "root"
    assert [rejection.place for rejection in reading.rejections] == ["line 2"]


def test_l2tcsv_is_month_first_because_its_format_says_so() -> None:
    (record,) = read_evidence(SAMPLES / "plaso_l2tcsv.csv").records
    assert record.time == parse_instant("2026-01-14T09:12:31Z")
    assert record.time_high == parse_instant("2026-01-14T09:12:31.999999Z")
    assert record.original_time == "01/14/2026,09:12:31,UTC"
    assert record.data["macb"] == "M..."
    assert record.data["file"] == "OS:/var/log/agent.log"


def test_a_month_that_could_be_a_day_stays_a_month(tmp_path: Path) -> None:
    assert times(read(tmp_path, l2t(row("01/02/2026", "00:00:00", "UTC")))) == [
        "2026-01-02T00:00:00Z"
    ]


def test_a_place_beside_the_time_is_its_zone(tmp_path: Path) -> None:
    rows = l2t(
        row("07/01/2026", "12:00:00", "Europe/Berlin"), row("07/01/2026", "12:00:00", "+03:00")
    )
    assert times(read(tmp_path, rows)) == ["2026-07-01T10:00:00Z", "2026-07-01T09:00:00Z"]


@pytest.mark.parametrize("abbreviation", ["CET", "EST", "IST", "CST"])
def test_an_abbreviation_of_a_zone_is_refused_until_one_is_declared(
    tmp_path: Path, abbreviation: str
) -> None:
    with pytest.raises(InputError, match="abbreviation") as caught:
        read(tmp_path, l2t(row("01/14/2026", "09:12:31", abbreviation)))
    assert "--tz" in str(caught.value)


def test_a_declared_zone_is_checked_against_the_abbreviation(tmp_path: Path) -> None:
    rows = l2t(
        row("07/14/2026", "02:30:00", "CEST", "summer"), row("01/14/2026", "02:30:00", "CEST", "no")
    )
    reading = read(tmp_path, rows, "Europe/Berlin")
    assert times(reading) == ["2026-07-14T00:30:00Z"]
    assert "CET then" in reading.rejections[0].reason


def test_psorts_abbreviation_does_not_tell_equal_hours_apart(tmp_path: Path) -> None:
    """It is asked for at another time than the row's, and may be wrong near a change of clocks."""
    rows = l2t(
        row("10/25/2026", "02:30:00", "CEST", "either"), row("10/25/2026", "03:30:00", "CEST", "x")
    )
    either, later = read(tmp_path, rows, "Europe/Berlin").records
    assert either.time_low == parse_instant("2026-10-25T00:30:00Z")
    assert either.time_high == parse_instant("2026-10-25T01:30:00.999999Z")
    assert later.time == parse_instant("2026-10-25T02:30:00Z")


def test_a_row_without_a_date_is_undated_and_one_of_another_width_rejected(tmp_path: Path) -> None:
    rows = l2t(row("00/00/0000", "--:--:--", "UTC"), "a,b\n", row("13/01/2026", "00:00:00", "UTC"))
    reading = read(tmp_path, rows)
    assert (reading.accounting.undated, reading.accounting.rejected) == (1, 2)
    assert [rejection.place for rejection in reading.rejections] == ["line 3", "line 4"]


def test_tln_reads_unix_seconds_and_takes_its_description_apart() -> None:
    (record,) = read_evidence(SAMPLES / "plaso_l2ttln.txt").records
    assert record.time == parse_instant("2026-01-14T09:12:31Z")
    assert record.text == "tool volume_delete vol-9"
    assert record.data["time_is"] == "Content Modification Time"
    assert (record.actor, record.subject) == ("agent", "runner-2")


def test_tln_without_a_header_and_with_broken_rows(tmp_path: Path) -> None:
    rows = "1768381951|LOG|h|-|login\nsoon|LOG|h|u|x\n1768381952|LOG|h\n0|LOG|h|u|no time\n"
    reading = read(tmp_path, rows, format_id="plaso-tln")
    assert reading.accounting.to_dict() == {
        "read": 4, "kept": 1, "duplicate": 0, "undated": 1, "rejected": 2,
    }  # fmt: skip
    assert reading.records[0].actor is None
