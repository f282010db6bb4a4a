"""`attribution formats` and `attribution read` print what they promise, or say why not."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from attribution.cli.main import program
from attribution.ingest import FORMATS

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "formats"
EVENT = {
    "id", "time", "time_low", "time_high", "written", "original_time", "kind", "actor", "subject",
    "text", "native_id", "place",
}  # fmt: skip


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(program, list(map(str, arguments)))


def test_formats_lists_every_format_with_how_it_is_told() -> None:
    listed = json.loads(run("formats", "--json").stdout)["formats"]
    assert [entry["id"] for entry in listed] == list(FORMATS)
    shown = " ".join(run("formats").stdout.split())
    for entry in listed:
        assert f"{entry['id']} {entry['title']} told by {entry['told_by']}" in shown


@pytest.mark.parametrize(
    "name", ["cloudtrail_records.json", "pagerduty_log_entries.json", "claude_code_session.jsonl"]
)
def test_read_prints_one_document_with_hash_accounting_and_events(name: str) -> None:
    result = run("read", SAMPLES / name, "--json")
    assert result.exit_code == 0
    document = json.loads(result.stdout)
    assert document["sha256"] == hashlib.sha256((SAMPLES / name).read_bytes()).hexdigest()
    assert document["file"] == str(SAMPLES / name)
    counts = document["accounting"]
    assert len(document["events"]) == counts["kept"] + counts["undated"]
    assert all(event.keys() >= EVENT for event in document["events"])


def test_undated_events_are_there_with_no_time() -> None:
    document = json.loads(run("read", SAMPLES / "claude_code_session.jsonl", "--json").stdout)
    assert [event["place"] for event in document["events"] if event["time"] is None] == ["line 1"]


def test_read_takes_columns_zone_and_time_format() -> None:
    result = run(
        "read", SAMPLES / "generic.csv", "--tz", "Europe/Paris", "--map", "text=action",
        "--time-format", "%d/%m/%Y %H:%M", "--json",
    )  # fmt: skip
    events = json.loads(result.stdout)["events"]
    assert [(event["time"], event["text"]) for event in events] == [
        ("2026-01-14T09:12:00Z", "deleted vol-9"),
        ("2026-01-14T08:14:00Z", "5xx alert"),
    ]


def test_read_shows_a_person_the_accounting_the_events_and_what_was_left_out() -> None:
    shown = run("read", SAMPLES / "github_check_runs.json").stdout
    assert "read 2 = kept 1 + duplicate 0 + undated 0 + rejected 1" in shown
    assert "2026-01-14T09:04:00Z  check.completed  builder  unit: success" in shown
    assert "/check_runs/1: the check run was not completed: in_progress" in shown
    assert "the list holds 2 of 3 check runs" in shown


def test_how_times_were_understood_is_said_to_people_and_in_json() -> None:
    said = "numbers in place of times were taken for Unix milliseconds, told by their size"
    assert f"how it was read:\n  {said}" in run("read", SAMPLES / "timeline.jsonl").stdout
    document = json.loads(run("read", SAMPLES / "timeline.jsonl", "--json").stdout)
    assert document["remarks"] == [said]


def test_a_period_settles_the_year_of_lines_that_bear_none() -> None:
    result = run(
        "read", SAMPLES / "syslog_rfc3164.log", "--tz", "UTC", "--json",
        "--period", "2025-12-20T00:00:00Z", "2026-01-20T00:00:00Z",
    )  # fmt: skip
    events = json.loads(result.stdout)["events"]
    assert [event["time"] for event in events] == ["2026-01-14T09:12:31Z", "2026-01-14T04:14:02Z"]


@pytest.mark.parametrize(
    ("period", "said"),
    [(("2026-01-20", "2026-01-21"), "no period"), (("2026-01-20T00:00:00Z",) * 2, ""),
     (("2026-01-20T00:00:00Z", "2025-01-20T00:00:00Z"), "ends before")],
)  # fmt: skip
def test_a_period_that_is_none_is_bad_usage(period: tuple[str, str], said: str) -> None:
    result = run("read", SAMPLES / "syslog_rfc3164.log", "--tz", "UTC", "--period", *period)
    assert said in result.stderr
    assert (result.exit_code == 2) is bool(said)


def test_a_terminal_escape_in_a_record_is_spelt_out(tmp_path: Path) -> None:
    path = tmp_path / "notes.csv"
    path.write_text("time,text\n2026-01-14T09:12:00Z,\x1b[2J\u202egone\n", encoding="utf-8")
    assert "\\x1b[2J\\u202egone" in run("read", path).stdout


def test_a_missing_zone_exits_2_and_names_the_option() -> None:
    result = run("read", SAMPLES / "generic.csv")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--tz" in result.stderr
    assert "line 3" in result.stderr


def test_a_file_of_which_nothing_is_usable_is_accounted_for_and_exits_2(tmp_path: Path) -> None:
    path = tmp_path / "notes.csv"
    path.write_text("time,text\nsoon,x\nlater,y\n", encoding="utf-8")
    result = run("read", path, "--json")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["accounting"]["rejected"] == 2
    assert "nothing in the file could be used" in result.stderr


def test_a_mapping_that_is_none_is_bad_usage() -> None:
    result = run("read", SAMPLES / "generic.csv", "--map", "time")
    assert result.exit_code == 2
    assert "FIELD=COLUMN" in result.stderr
