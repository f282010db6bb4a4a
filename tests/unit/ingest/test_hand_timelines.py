"""Hand-kept JSON, YAML and Markdown timelines: nothing about their times is guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from attribution.errors import InputError
from attribution.ingest import detect_format, read_evidence
from attribution.ingest.readers.markdown_times import find_days, find_zone
from attribution.model.instant import format_optional
from attribution.model.record import Reading

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "formats"


def read(
    folder: Path,
    text: str,
    zone: str | None = None,
    *,
    format_id: str | None = None,
    time_format: str | None = None,
    columns: dict[str, str] | None = None,
) -> Reading:
    path = folder / "evidence"
    path.write_text(text, encoding="utf-8")
    return read_evidence(
        path, format=format_id, zone=zone, time_format=time_format, columns=columns
    )


def times(reading: Reading) -> list[str | None]:
    return [format_optional(record.time) for record in reading.records]


def entries(*lines: str, heading: str = "## 2026-01-14") -> str:
    return "\n".join((heading, *lines)) + "\n"


def test_the_sample_takes_date_from_headings_and_zone_from_its_own_sentence() -> None:
    reading = read_evidence(SAMPLES / "timeline.md")
    assert times(reading) == [
        "2026-01-14T09:12:00Z",
        "2026-01-14T09:14:00Z",
        "2026-01-14T09:20:00Z",
        None,
        "2026-01-14T11:02:00Z",
        "2026-01-15T00:40:00Z",
    ]
    assert reading.records[1].text == "5xx alert on orders\n- paged the on-call"
    assert reading.remarks == ("line 3 says that times are in UTC: taken for times without a zone",)


def test_an_approximate_time_is_undated_and_kept_as_written() -> None:
    vague = read_evidence(SAMPLES / "timeline.md").records[3]
    assert vague.data["approximate"] == "about 09:40"


def test_a_time_without_a_date_is_refused_with_what_to_write(tmp_path: Path) -> None:
    reading = read(tmp_path, "# Notes\n- 14:05 UTC: a\n- 2026-01-14 14:06 UTC: b\n")
    assert times(reading) == ["2026-01-14T14:06:00Z"]
    assert [rejection.place for rejection in reading.rejections] == ["line 2"]
    assert "## 2026-01-14" in reading.rejections[0].reason


def test_a_time_without_a_zone_is_refused_with_the_option(tmp_path: Path) -> None:
    text = entries("- 14:05: a", "- 14:06: b")
    with pytest.raises(InputError, match="--tz"):
        read(tmp_path, text)
    assert times(read(tmp_path, text, "Europe/Berlin"))[0] == "2026-01-14T13:05:00Z"


@pytest.mark.parametrize("abbreviation", ["CET", "EST", "PST", "IST", "BST"])
def test_an_abbreviation_is_refused_without_a_declared_zone(
    tmp_path: Path, abbreviation: str
) -> None:
    with pytest.raises(InputError, match="abbreviation"):
        read(tmp_path, entries(f"- 14:05 {abbreviation}: a", "- 14:06 UTC: b"))


def test_a_declared_zone_must_go_by_the_abbreviation(tmp_path: Path) -> None:
    reading = read(tmp_path, entries("- 14:05 CET: a", "- 14:06 CEST: b"), "Europe/Berlin")
    assert times(reading) == ["2026-01-14T13:05:00Z"]
    assert "showed CET then" in reading.rejections[0].reason


def test_capitals_behind_a_time_that_are_no_zone_are_words(tmp_path: Path) -> None:
    text = entries("- 14:05 API went down", "- 14:06 DB failover")
    reading = read(tmp_path, text, "UTC")
    assert [record.text for record in reading.records] == ["API went down", "DB failover"]


@pytest.mark.parametrize(
    ("line", "time"),
    [
        ("- 2:05 PM UTC: x", "2026-01-14T14:05:00Z"),
        ("* 12:05 a.m. UTC - x", "2026-01-14T00:05:00Z"),
        ("1. 14:05:31Z x", "2026-01-14T14:05:31Z"),
        ("- [x] `14:05` UTC+2: x", "2026-01-14T12:05:00Z"),
        ("- **14:05 Europe/Berlin:** x", "2026-01-14T13:05:00Z"),
        ("| 14:05 UTC | x |", "2026-01-14T14:05:00Z"),
        ("- 2026-01-15T14:05+01:00 x", "2026-01-15T13:05:00Z"),
        ("14:05 UTC \u2013 x", "2026-01-14T14:05:00Z"),
        ("- 14:05\u201314:20 UTC: x", "2026-01-14T14:05:00Z"),
        ("- 14:05 to 14:20 UTC: x", "2026-01-14T14:05:00Z"),
    ],
)
def test_the_ways_people_write_an_entry(tmp_path: Path, line: str, time: str) -> None:
    reading = read(tmp_path, entries(line), format_id="markdown")
    assert times(reading) == [time]
    assert reading.records[0].text == "x"


def test_a_minute_is_a_minute_wide(tmp_path: Path) -> None:
    (record,) = read(tmp_path, entries("- 14:05 UTC: x"), format_id="markdown").records
    assert record.time_low is not None
    assert record.time_high == record.time_low + 60_000_000 - 1


def test_an_hour_of_either_half_of_the_day_is_refused(tmp_path: Path) -> None:
    reading = read(tmp_path, entries("- 2:05 UTC: x", "- 13:05 pm UTC: x", "- 14:05 UTC: x"))
    assert reading.accounting.kept == 1
    assert "either half of the day" in reading.rejections[0].reason


def test_a_time_after_midnight_is_not_put_on_the_day_before(tmp_path: Path) -> None:
    lines = ("- 23:58 UTC: a", "- 00:03 UTC: b", "- 23:59 UTC: c", "- 23:50 UTC: d")
    reading = read(tmp_path, entries(*lines))
    assert [record.text for record in reading.records] == ["a", "c", "d"]
    assert "midnight" in reading.rejections[0].reason
    assert "1 entry stands below a later one" in reading.remarks[0]


@pytest.mark.parametrize(
    ("heading", "days"),
    [
        ("2026-01-14", ["2026-01-14"]),
        ("Wednesday, 14 January 2026", ["2026-01-14"]),
        ("Jan 4th, 2026", ["2026-01-04"]),
        ("14th of Sept 2026", ["2026-09-14"]),
        ("May 3, 2026 and 2026-05-04", ["2026-05-04", "2026-05-03"]),
        ("Version 1.2.3 on 5 of 6", []),
        ("Incident 12026-01-14", []),
    ],
)
def test_dates_of_one_reading_are_found_in_headings(heading: str, days: list[str]) -> None:
    assert [day.text for day in find_days(heading)] == days


@pytest.mark.parametrize("heading", ["## 03/04/2026", "## 3.4.2026"])
def test_a_date_of_two_readings_is_refused_until_its_order_is_declared(
    tmp_path: Path, heading: str
) -> None:
    text = entries("- 14:05 UTC: x", "- 14:06 UTC: x", heading=heading)
    refused = read(tmp_path, text, format_id="markdown")
    assert refused.accounting.rejected == 2
    assert "--time-format" in refused.rejections[0].reason
    form = "%d/%m/%Y %H:%M" if "/" in heading else "%d.%m.%Y %H:%M"
    assert times(read(tmp_path, text, time_format=form))[0] == "2026-04-03T14:05:00Z"


def test_a_heading_of_two_dates_dates_nothing(tmp_path: Path) -> None:
    text = entries("- 14:05 UTC: x", "- 14:06 UTC: y", heading="## 2026-01-14 to 2026-01-15")
    assert "2 dates" in read(tmp_path, text).rejections[0].reason


def test_a_heading_of_the_same_rank_ends_the_date_and_a_lower_one_keeps_it(
    tmp_path: Path,
) -> None:
    text = (
        "## 2026-01-14\n### Detection\n- 14:05 UTC: a\n## Lessons\n- 14:06 UTC: b\n- write more\n"
    )
    reading = read(tmp_path, text)
    assert [record.text for record in reading.records] == ["a"]
    assert [rejection.place for rejection in reading.rejections] == ["line 5"]


def test_an_item_without_a_time_below_a_date_is_an_undated_note(tmp_path: Path) -> None:
    reading = read(tmp_path, entries("- 14:05 UTC: a", "- rolled back", "- 14:06 UTC: b"))
    assert [record.text for record in reading.records] == ["a", "rolled back", "b"]
    assert reading.accounting.undated == 1


@pytest.mark.parametrize(
    ("sentence", "zone"),
    [
        ("All times are in UTC.", "UTC"),
        ("(times UTC+2)", "+02:00"),
        ("Times in America/New_York", "America/New_York"),
        ("All times PST", None),
        ("Sometimes in Europe/Berlin", None),
    ],
)
def test_a_sentence_states_a_zone_only_where_it_is_certain(sentence: str, zone: str | None) -> None:
    assert find_zone(sentence) == zone


def test_json_times_that_are_numbers_are_told_by_size_and_that_is_said() -> None:
    reading = read_evidence(SAMPLES / "timeline.jsonl")
    assert times(reading) == ["2026-01-14T09:12:31Z", "2026-01-14T09:14:00Z"]
    assert reading.records[1].data["columns"] == {"channel": "pd"}
    assert reading.remarks == (
        "numbers in place of times were taken for Unix milliseconds, told by their size",
    )


def test_json_keys_of_other_names_are_proposed_and_mapped(tmp_path: Path) -> None:
    text = '{"when": "2026-01-14T09:12:31Z", "what": "x"}\n' * 2
    with pytest.raises(InputError, match="--map time=when,text=what"):
        read(tmp_path, text)
    reading = read(tmp_path, text, columns={"time": "when", "text": "what"})
    assert (reading.accounting.kept, reading.accounting.duplicate) == (1, 1)
    assert reading.records[0].text == "x"


def test_json_states_kind_facts_and_ids(tmp_path: Path) -> None:
    text = (
        '[{"time": "2026-01-14T09:12:31Z", "kind": "impact", "native_id": "n-1",'
        ' "data": {"service": "orders", "phase": "start"}}, {"time": "x", "kind": "nonsense"}, 7]'
    )
    reading = read(tmp_path, text)
    (record,) = reading.records
    assert (record.kind, record.native_id) == ("impact", "n-1")
    assert record.data == {"service": "orders", "phase": "start"}
    assert [rejection.place for rejection in reading.rejections] == ["/1", "/2"]


def test_an_object_that_is_no_timeline_is_not_taken_for_one(tmp_path: Path) -> None:
    path = tmp_path / "evidence"
    path.write_text('{"level": "info", "msg": "x"}', encoding="utf-8")
    assert detect_format(path).format is None


def test_yaml_entries_have_their_lines_and_text_times() -> None:
    removed, impact = read_evidence(SAMPLES / "timeline.yaml").records
    assert (removed.place, removed.original_time) == ("line 3", "2026-01-14T09:12:31Z")
    assert (impact.kind, impact.data["phase"]) == ("impact", "start")
    assert removed.data["columns"] == {"severity": 1}


def test_yaml_without_a_zone_is_refused_with_the_option(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--tz"):
        read(tmp_path, "- time: 2026-01-14 09:12\n  text: x\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- time: 2026-01-14T09:12:31Z\n  text: [x\n", "line"),
        ("timeline: none\ntime: x\n", "list"),
        ("- time: x\n  a: &a [1,2]\n  b: !!python/object:os.system [x]\n", "tag"),
    ],
)
def test_broken_yaml_is_refused_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        read(tmp_path, text, format_id="yaml")
    assert caught.value.file is not None


def test_yaml_aliases_that_stand_for_billions_are_refused(tmp_path: Path) -> None:
    lines = ["- time: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"  k{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    with pytest.raises(InputError, match="values"):
        read(tmp_path, "\n".join(lines) + "\n", format_id="yaml")


@pytest.mark.parametrize(
    "filler", [" ", "#", "\n", "- ", "1 ", "*", "-", ":", "| ", "1:", "\t", "time ", "2026-"]
)
def test_a_line_made_to_tire_a_pattern_is_read_in_one_go(tmp_path: Path, filler: str) -> None:
    """Patterns that try again from every place would not end within hours."""
    text = f"## 2026-01-14\n- 14:05 UTC: a\n# {filler * 8_000}x\n- {filler * 8_000}x\n"
    assert read(tmp_path, text).accounting.read >= 1
    path = tmp_path / "other"
    path.write_text(f"a{filler * 8_000}:\n", encoding="utf-8")
    detect_format(path)
