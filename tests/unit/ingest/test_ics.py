"""Calendars: zones, whole days, series, and files made to do harm."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attribution.errors import InputError
from attribution.ingest import ical as ical_module
from attribution.ingest import read_evidence, show_place
from attribution.ingest.ical import Component, parse_line
from attribution.ingest.icalzone import FileZone, ZoneError, parse_zone_component
from attribution.model.instant import format_optional, from_datetime
from attribution.model.record import Reading, Record

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "formats" / "calendar.ics"
NEW_YORK = """BEGIN:VTIMEZONE
TZID:Eastern Standard Time
BEGIN:STANDARD
DTSTART:20071104T020000
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:20070311T020000
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU
END:DAYLIGHT
END:VTIMEZONE"""


def calendar(*entries: str, method: str = "") -> str:
    return "\r\n".join(
        ["BEGIN:VCALENDAR", "VERSION:2.0", *([f"METHOD:{method}"] if method else []),
         *(line for entry in entries for line in entry.splitlines()), "END:VCALENDAR", ""]
    )  # fmt: skip


def event(*lines: str, uid: str = "e@example.test") -> str:
    return "\n".join(["BEGIN:VEVENT", f"UID:{uid}", *lines, "END:VEVENT"])


def read(folder: Path, content: str | bytes, **options: str) -> Reading:
    path = folder / "evidence"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_evidence(path, **options)  # type: ignore[arg-type]


def one(folder: Path, *lines: str, zones: str = "", **options: str) -> Record:
    entries = ([zones] if zones else []) + [event(*lines)]
    (record,) = read(folder, calendar(*entries), **options).records
    return record


def test_the_sample_gives_the_planned_times_in_utc_with_the_files_own_zone() -> None:
    maintenance, on_call, swapped = read_evidence(SAMPLE).records
    assert format_optional(maintenance.time) == "2026-01-14T09:00:00Z"
    assert maintenance.original_time == "TZID=W. Europe Standard Time:20260114T100000"
    assert format_optional(maintenance.written) == "2026-01-14T09:45:00Z"
    assert maintenance.text.startswith("Storage maintenance, staging\nRemove unused volumes\nincl")
    assert maintenance.data["refers_to"] == ["pagerduty:PINC7"]
    assert maintenance.data["by"] == "Lead: B."
    assert on_call.data["repeats"] == "RRULE:FREQ=WEEKLY;COUNT=10"
    assert on_call.written is None
    assert swapped.native_id == "oncall@example.test/20260119T080000Z"


def test_a_series_is_one_entry_and_the_dates_not_stated_are_told_of_and_not_made_up() -> None:
    reading = read_evidence(SAMPLE)
    assert reading.accounting.to_dict() == {
        "read": 4, "kept": 3, "duplicate": 0, "undated": 0, "rejected": 1,
    }  # fmt: skip
    assert reading.truncations == (
        "1 entry repeats by a rule: only the dates that are stated are read",
    )
    assert "VTODO" in reading.rejections[0].reason


def test_an_entry_leads_back_to_its_lines() -> None:
    record = read_evidence(SAMPLE).records[0]
    shown = show_place(SAMPLE, record.place).splitlines()
    assert (shown[0], shown[-1]) == ("BEGIN:VEVENT", "END:VEVENT")


@pytest.mark.parametrize("start", ["DTSTART:20260114T101500", "DTSTART;VALUE=DATE:20260114"])
def test_floating_times_and_whole_days_are_refused_without_a_zone(
    tmp_path: Path, start: str
) -> None:
    with pytest.raises(InputError, match="--tz"):
        one(tmp_path, start)


def test_a_whole_day_is_the_day_of_the_declared_zone(tmp_path: Path) -> None:
    record = one(tmp_path, "DTSTART;VALUE=DATE:20260114", zone="Europe/Berlin")
    assert format_optional(record.time_low) == "2026-01-13T23:00:00Z"
    assert format_optional(record.time_high) == "2026-01-14T22:59:59.999999Z"
    assert record.data["all_day"] is True


def test_a_time_of_an_iana_zone_needs_no_definition(tmp_path: Path) -> None:
    record = one(tmp_path, "DTSTART;TZID=Europe/Berlin:20260714T101500")
    assert format_optional(record.time) == "2026-07-14T08:15:00Z"


@pytest.mark.parametrize(
    ("local", "low", "high"),
    [
        ("20260114T101500", "2026-01-14T15:15:00Z", "2026-01-14T15:15:00.999999Z"),
        ("20260714T101500", "2026-07-14T14:15:00Z", "2026-07-14T14:15:00.999999Z"),
        ("20261101T013000", "2026-11-01T05:30:00Z", "2026-11-01T06:30:00.999999Z"),
        ("20261101T003000", "2026-11-01T04:30:00Z", "2026-11-01T04:30:00.999999Z"),
    ],
)
def test_a_zone_of_the_file_counts_and_an_hour_that_came_twice_is_both(
    tmp_path: Path, local: str, low: str, high: str
) -> None:
    record = one(tmp_path, f"DTSTART;TZID=Eastern Standard Time:{local}", zones=NEW_YORK)
    assert (format_optional(record.time_low), format_optional(record.time_high)) == (low, high)


@pytest.mark.parametrize(
    ("start", "said"),
    [
        ("DTSTART;TZID=Eastern Standard Time:20260308T023000", "set forward"),
        ("DTSTART;TZID=Nowhere Time:20260308T023000", "nothing defines it"),
        ("DTSTART:2026-01-14T09:00:00Z", "not a time of a calendar"),
        ("DTSTART:14/01/2026 09:00", "not a time of a calendar"),
        ("DTSTART:20260230T090000Z", "no such time"),
        ("DTSTART;TZID=Eastern Standard Time:99990101T000000", "no real time"),
    ],
)
def test_a_time_that_never_was_or_has_no_zone_rejects_its_entry_alone(
    tmp_path: Path, start: str, said: str
) -> None:
    good = event("DTSTART:20260114T090000Z", uid="good@example.test")
    reading = read(tmp_path, calendar(NEW_YORK, event(start), good))
    assert [record.native_id for record in reading.records] == ["good@example.test"]
    assert said in reading.rejections[0].reason


def test_where_the_files_rules_differ_from_the_named_zone_both_lie_in_the_bounds(
    tmp_path: Path,
) -> None:
    zones = NEW_YORK.replace("Eastern Standard Time", "Europe/Berlin")
    starts = [event(f"DTSTART;TZID=Europe/Berlin:2026011{n}T101500", uid=f"u{n}") for n in "45"]
    reading = read(tmp_path, calendar(zones, *starts))
    record = reading.records[0]
    assert format_optional(record.time_low) == "2026-01-14T09:15:00Z"
    assert format_optional(record.time_high) == "2026-01-14T15:15:00.999999Z"
    assert len(reading.truncations) == 1
    assert "differ from that zone's" in reading.truncations[0]


@pytest.mark.parametrize(
    ("method", "written"), [("", "2026-01-15T00:00:00Z"), ("PUBLISH", "2026-01-01T00:00:00Z")]
)
def test_dtstamp_is_when_it_was_written_only_where_the_calendar_has_no_method(
    tmp_path: Path, method: str, written: str
) -> None:
    """With a method DTSTAMP is when the file was made (RFC 5545, section 3.8.7.2)."""
    entry = event(
        "DTSTART:20260114T090000Z", "DTSTAMP:20260115T000000Z", "CREATED:20260101T000000Z"
    )
    (record,) = read(tmp_path, calendar(entry, method=method)).records
    assert format_optional(record.written) == written


def test_an_entry_without_a_start_is_undated_and_borrows_no_time(tmp_path: Path) -> None:
    reading = read(tmp_path, calendar(event("DTSTAMP:20260115T000000Z")))
    assert reading.accounting.undated == 1
    assert reading.records[0].time is None


def test_repeats_are_counted_and_a_change_of_an_entry_is_told(tmp_path: Path) -> None:
    entry = event("DTSTART:20260114T090000Z", "SEQUENCE:1")
    reading = read(tmp_path, calendar(entry, entry, entry.replace("SEQUENCE:1", "SEQUENCE:2")))
    assert (reading.accounting.kept, reading.accounting.duplicate) == (1, 2)
    assert "with other content" in reading.truncations[0]


def test_an_entry_that_is_never_closed_loses_only_itself(tmp_path: Path) -> None:
    broken = event("DTSTART:20260114T090000Z").removesuffix("\nEND:VEVENT")
    good = event("DTSTART:20260114T100000Z", uid="good@example.test")
    for entries in ((broken, good), (good, broken)):
        reading = read(tmp_path, calendar(*entries))
        assert [record.native_id for record in reading.records] == ["good@example.test"]
        assert "no END:VEVENT" in reading.rejections[0].reason


def test_a_file_cut_off_keeps_what_is_whole(tmp_path: Path) -> None:
    content = calendar(
        event("DTSTART:20260114T090000Z"), event("DTSTART:20260114T100000Z", uid="x")
    )
    reading = read(tmp_path, content[:-40])
    assert reading.accounting.kept == 1
    assert reading.accounting.rejected == 1


def test_a_line_that_is_no_property_rejects_its_entry(tmp_path: Path) -> None:
    reading = read(tmp_path, calendar(event("DTSTART:20260114T090000Z", "nonsense")))
    assert "no property" in reading.rejections[0].reason


def test_an_entry_without_bound_or_nested_without_end_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ical_module, "MAX_COMPONENT", 4000)
    good = event("DTSTART:20260114T100000Z", uid="good@example.test")
    long_line = event("DTSTART:20260114T090000Z", "SUMMARY:" + "x" * 9000)
    many = event("DTSTART:20260114T090000Z", *["COMMENT:x"] * 900)
    deep = event("DTSTART:20260114T090000Z", *["BEGIN:VALARM"] * 90, *["END:VALARM"] * 90)
    reading = read(tmp_path, calendar(long_line, many, deep, good))
    assert [record.native_id for record in reading.records] == ["good@example.test"]
    assert ["larger" in entry.reason for entry in reading.rejections] == [True, True, False]
    assert "nested" in reading.rejections[2].reason


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY", "FREQ=YEARLY;INTERVAL=2", "FREQ=YEARLY;COUNT=3", "FREQ=YEARLY;BYSECOND=1",
        "FREQ=YEARLY;BYMONTH=13", "FREQ=YEARLY;BYMONTH=" + "9" * 5000, "FREQ=YEARLY;BYDAY=MO,TU",
        "FREQ=YEARLY;UNTIL=soon", "",
    ],
)  # fmt: skip
def test_rules_of_zones_that_could_run_for_ever_or_mean_anything_are_refused(
    tmp_path: Path, rule: str
) -> None:
    zones = NEW_YORK.replace("FREQ=YEARLY;BYMONTH=11;BYDAY=1SU", rule)
    start = "DTSTART;TZID=Eastern Standard Time:20260114T101500"
    reading = read(tmp_path, calendar(zones, event(start)))
    assert "cannot be used" in reading.rejections[0].reason


def test_parameters_may_hold_colons_and_semicolons_in_quotes() -> None:
    found = parse_line('ATTENDEE;CN="Lead: B.; ops";ROLE=CHAIR:mailto:b@example.test')
    assert found is not None
    assert found.parameters == {"CN": "Lead: B.; ops", "ROLE": "CHAIR"}
    assert found.value == "mailto:b@example.test"
    assert parse_line(":no name") is None


def zone_of(text: str) -> FileZone:
    lines = [line for line in text.splitlines() if line]
    outer = Component("VTIMEZONE", 1)
    for line in lines[1:-1]:
        if line.startswith("BEGIN:"):
            outer.inside.append(Component(line[6:], 1))
        elif not line.startswith("END:"):
            found = parse_line(line)
            assert found is not None
            (outer.inside[-1] if outer.inside else outer).properties.append(found)
    return parse_zone_component(outer)


@given(moment=st.datetimes(datetime(2008, 1, 1), datetime(2036, 1, 1)))  # noqa: DTZ001
@settings(max_examples=80)
def test_a_files_zone_agrees_with_the_zone_it_describes(moment: datetime) -> None:
    """The twin is the tz database: both readings of each time, none where it was skipped."""
    local = moment.replace(microsecond=0)
    zone = ZoneInfo("America/New_York")
    expected = {
        from_datetime(aware.astimezone(UTC))
        for fold in (0, 1)
        if (aware := local.replace(tzinfo=zone, fold=fold)).astimezone(UTC).astimezone(zone)
        .replace(tzinfo=None) == local
    }  # fmt: skip
    assert set(zone_of(NEW_YORK).instants(local)) == expected


def test_the_hours_of_each_change_agree_too() -> None:
    zone = zone_of(NEW_YORK)
    named = ZoneInfo("America/New_York")
    for start in (datetime(2026, 3, 8), datetime(2026, 11, 1)):  # noqa: DTZ001
        for minutes in range(0, 300, 10):
            local = start + timedelta(minutes=minutes)
            found = zone.instants(local)
            back = local.replace(tzinfo=named).astimezone(UTC).astimezone(named)
            assert bool(found) == (back.replace(tzinfo=None) == local)
            assert len(found) < 3


def test_a_zone_without_observances_is_none() -> None:
    with pytest.raises(ZoneError, match="no observance"):
        parse_zone_component(Component("VTIMEZONE", 1))
