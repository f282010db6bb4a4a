"""syslog in both forms and the systemd journal; records are invented, in the documented shapes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from attribution.errors import InputError
from attribution.ingest import detect_format, read_evidence
from attribution.model.actor import ActorDirectory
from attribution.model.instant import SECOND, format_optional, parse_instant
from attribution.model.period import Period
from attribution.model.record import EvidenceItem, JsonValue, Reading
from attribution.timeline.merge import merge_records

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "formats"
WINTER = Period(parse_instant("2025-12-20T00:00:00Z"), parse_instant("2026-01-20T00:00:00Z"))


def read(folder: Path, text: str, zone: str | None = None, window: Period | None = None) -> Reading:
    path = folder / "evidence"
    path.write_text(text, encoding="utf-8")
    return read_evidence(path, zone=zone, window=window)


def times(reading: Reading) -> list[str | None]:
    return [format_optional(record.time) for record in reading.records]


def journal(**fields: JsonValue) -> str:
    entry: dict[str, JsonValue] = {
        "__CURSOR": "s=a;i=9",
        "__REALTIME_TIMESTAMP": "1768381951204113",
        "MESSAGE": "x",
    }
    return json.dumps(entry | fields) + "\n"


def test_a_line_without_a_year_is_undated_never_of_1900_and_keeps_its_text() -> None:
    reading = read_evidence(SAMPLES / "syslog_rfc3164.log", zone="UTC")
    assert times(reading) == [None, None]
    assert reading.records[0].original_time == "Jan 14 09:12:31"
    assert "no year" in reading.truncations[0]


def test_the_year_is_the_one_inside_the_declared_window_across_new_year(tmp_path: Path) -> None:
    lines = "Dec 31 23:59:58 h a: old\nJan  2 00:00:01 h a: new\nJun  1 00:00:00 h a: neither\n"
    reading = read(tmp_path, lines, "UTC", WINTER)
    assert times(reading) == ["2025-12-31T23:59:58Z", "2026-01-02T00:00:01Z", None]
    assert "`period`" in reading.remarks[0]


def test_a_window_of_more_than_a_year_leaves_the_year_open(tmp_path: Path) -> None:
    wide = Period(parse_instant("2024-06-01T00:00:00Z"), parse_instant("2026-06-01T00:00:00Z"))
    assert times(read(tmp_path, "Jan  2 00:00:01 h a: x\n", "UTC", wide)) == [None]


def test_local_time_without_a_zone_is_refused_never_taken_for_utc() -> None:
    with pytest.raises(InputError, match="--tz"):
        read_evidence(SAMPLES / "syslog_rfc3164.log", window=WINTER)


def test_hosts_that_may_have_stood_in_other_zones_are_named() -> None:
    reading = read_evidence(SAMPLES / "syslog_rfc3164.log", zone="America/New_York", window=WINTER)
    assert times(reading) == ["2026-01-14T14:12:31Z", "2026-01-14T09:14:02Z"]
    assert any("runner-2, legacy-est" in remark for remark in reading.remarks)


def test_a_line_has_host_program_process_and_the_second_it_may_lie_in() -> None:
    record = read_evidence(SAMPLES / "syslog_rfc3164.log", zone="UTC", window=WINTER).records[0]
    assert (record.actor, record.subject, record.data["pid"]) == ("agent", "runner-2", "812")
    assert record.text == "tool volume_delete vol-9"
    assert record.time_low is not None
    assert record.time_high == record.time_low + SECOND - 1


def test_equal_messages_a_day_apart_stay_two_events_dated_or_not(tmp_path: Path) -> None:
    lines = "Jan 13 09:12:31 h a: 5xx burst\nJan 14 09:12:31 h a: 5xx burst\n"
    item = EvidenceItem("E1", "evidence/log", "syslog-bsd", "", 0)
    for window in (WINTER, None):
        reading = read(tmp_path, lines, "UTC", window)
        timeline = merge_records({"E1": reading}, {"E1": item}, ActorDirectory(()))
        assert len(timeline.events) + len(timeline.undated) == 2


def test_newer_forms_with_year_or_offset_need_nothing_declared(tmp_path: Path) -> None:
    lines = (
        "2026-01-14T09:12:31.199001+01:00 h sshd[1]: full\n<34>2026-01-14T09:12:31Z h su: root\n"
    )
    reading = read(tmp_path, lines)
    assert reading.format == "syslog-bsd"
    assert times(reading) == ["2026-01-14T08:12:31.199001Z", "2026-01-14T09:12:31Z"]
    assert reading.records[1].data["facility"] == "auth"
    assert reading.records[1].data["severity"] == "critical"
    assert times(read(tmp_path, "Jan 14 2026 09:12:31 h a: x\n", "UTC")) == ["2026-01-14T09:12:31Z"]


def test_lines_that_are_none_are_rejected_by_place(tmp_path: Path) -> None:
    good = "Jan 14 09:12:31 h a: x\nJan 14 09:12:32 h a: x\n"
    lines = f"{good}  at frame 1\nFoo 99 09:12:31 h a: y\nFeb 30 09:12:31 h a: z\n"
    reading = read(tmp_path, lines, "UTC", WINTER)
    assert [rejection.place for rejection in reading.rejections] == ["line 3", "line 4", "line 5"]


def test_rfc_5424_keeps_the_microsecond_the_offset_and_what_stands_beside() -> None:
    (record,) = read_evidence(SAMPLES / "syslog_rfc5424.log").records
    assert record.time == record.time_high == parse_instant("2026-01-14T09:12:31.199001Z")
    assert (record.actor, record.subject) == ("agent", "runner-2")
    assert record.data["facility"] == "local0"
    assert record.data["severity"] == "warning"


def test_structured_data_is_taken_apart_escapes_and_all(tmp_path: Path) -> None:
    data = r'[ex@32473 iut="3" say="a \"b\" \] c"][other x="1"]'
    line = f"<165>1 2026-01-14T09:12:31+01:00 h app - ID47 {data} \ufeffhello\n"
    (record,) = read(tmp_path, line).records
    assert record.data["structured"] == {
        "ex@32473": {"iut": "3", "say": 'a "b" ] c'},
        "other": {"x": "1"},
    }
    assert (record.text, record.data["message_id"]) == ("hello", "ID47")
    assert times(read(tmp_path, line)) == ["2026-01-14T08:12:31Z"]


def test_a_nil_time_is_no_time_and_a_broken_line_loses_only_itself(tmp_path: Path) -> None:
    good = "<165>1 2026-01-14T09:12:31Z h a - - - ok\n"
    reading = read(
        tmp_path, "<165>1 - h a - - - x\n<165>1 2026-01-14T09:12:31Z h a - - [x y\n" + good
    )
    assert reading.accounting.to_dict() == {
        "read": 3, "kept": 1, "duplicate": 0, "undated": 1, "rejected": 1,
    }  # fmt: skip


def test_a_stream_with_octet_counts_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, "45 <165>1 2026-01-14T09:12:31Z h a - - - ok\n").accounting.kept == 1


def test_the_journal_keeps_when_it_was_sent_and_when_it_was_received() -> None:
    first, second = read_evidence(SAMPLES / "journald.jsonl").records
    assert first.time == first.time_high == parse_instant("2026-01-14T09:12:31.199001Z")
    assert first.written == parse_instant("2026-01-14T09:12:31.204113Z")
    assert second.time == second.written == parse_instant("2026-01-14T09:12:32Z")
    assert first.native_id == "s=a;i=1"
    assert (first.data["boot"], first.data["monotonic"]) == ("b1", "88123456")
    assert second.text == "binary"


def test_a_field_given_twice_and_bytes_that_are_no_text_are_read(tmp_path: Path) -> None:
    lines = (
        journal(MESSAGE=["one", "two"])
        + journal(__CURSOR="s=b", MESSAGE=[[104, 105], "there"])
        + journal(__CURSOR="s=c", MESSAGE=[255, 104, 105])
    )
    assert [record.text for record in read(tmp_path, lines).records] == [
        "one\ntwo",
        "hi\nthere",
        "\ufffdhi",
    ]


def test_a_message_too_large_to_be_printed_is_missing_and_said_to_be(tmp_path: Path) -> None:
    reading = read(tmp_path, journal(MESSAGE=None) + journal(__CURSOR="s=b"))
    assert reading.records[0].data["left_out"] == "MESSAGE"
    assert "--all" in reading.truncations[0]


def test_journal_times_are_microseconds_whatever_their_size(tmp_path: Path) -> None:
    """A clock not yet set reads as 1970, not as seconds of another year."""
    lines = journal(__REALTIME_TIMESTAMP="1768381951") + journal(
        __CURSOR="s=b", __REALTIME_TIMESTAMP="soon"
    )
    reading = read(tmp_path, lines)
    assert times(reading) == ["1970-01-01T00:29:28.381951Z"]
    assert "number of microseconds" in reading.rejections[0].reason


def test_the_same_cursor_twice_is_one_entry(tmp_path: Path) -> None:
    assert read(tmp_path, journal() + journal()).accounting.duplicate == 1


@pytest.mark.parametrize("name", ["syslog_rfc5424.log", "syslog_rfc3164.log", "journald.jsonl"])
def test_each_log_is_told_clearly(name: str) -> None:
    assert detect_format(SAMPLES / name).confidence >= 0.9
