"""What became of every entry adds up, per item and over the case, wherever it is told."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from attribution.cli.main import program

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "formats"
TAKEN = ("github_check_runs.json", "slack_export", "timeline.jsonl", "syslog_rfc3164.log")
COUNTS = ("read", "kept", "duplicate", "undated", "rejected")
REMARK = "numbers in place of times were taken for Unix milliseconds, told by their size"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(program, list(map(str, arguments)))


def add_up(counts: dict[str, int]) -> bool:
    return counts["read"] == sum(counts[name] for name in COUNTS[1:])


def sum_of(parts: list[dict[str, int]]) -> dict[str, int]:
    return {name: sum(part[name] for part in parts) for name in COUNTS}


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a liability case with records kept, repeated, undated and rejected."""
    folder = tmp_path_factory.mktemp("accounting") / "case"
    assert run("new", folder).exit_code == 0
    manifest = folder / "case.yaml"
    written = manifest.read_text(encoding="utf-8")
    manifest.write_text(re.sub(r"^mode: \w+", "mode: liability", written, flags=re.MULTILINE))
    notes = folder.parent / "notes.csv"
    notes.write_text(
        "time,text\n2026-01-14T09:12:00Z,down\n2026-01-14T09:12:00Z,down\nsoon,up\n,who\n",
        encoding="utf-8",
    )
    assert run("add", folder, notes, *(SAMPLES / name for name in TAKEN)).exit_code == 0
    return folder


@pytest.fixture(scope="module")
def timeline(case: Path) -> dict[str, Any]:
    """Return the document of `timeline --format json`."""
    document: dict[str, Any] = json.loads(run("timeline", case, "--format", "json").stdout)
    return document


def test_the_timeline_adds_up_per_item_and_over_the_case(timeline: dict[str, Any]) -> None:
    """Every column has something in it, so that no sum is right by being empty."""
    parts = [source["accounting"] for source in timeline["sources"]]
    assert len(parts) == 1 + len(TAKEN)
    assert all(map(add_up, parts))
    assert timeline["totals"] == sum_of(parts)
    assert all(timeline["totals"].values())


def test_what_is_kept_stands_in_the_timeline(timeline: dict[str, Any]) -> None:
    """Each record that counts as kept or undated is a witness of an event, and nothing else is."""
    for name, events in (("kept", timeline["events"]), ("undated", timeline["undated"])):
        assert timeline["totals"][name] == sum(len(event["witnesses"]) for event in events)


def test_the_terminal_shows_the_total_under_the_sources(
    case: Path, timeline: dict[str, Any]
) -> None:
    """The line `total` has the five counts."""
    (line,) = re.findall(r"^total +(.*)$", run("timeline", case).stdout, re.MULTILINE)
    assert line.split() == [str(timeline["totals"][name]) for name in COUNTS]


def test_run_tells_the_total_to_people_and_in_json(case: Path, timeline: dict[str, Any]) -> None:
    """Both say the same as the timeline."""
    totals = timeline["totals"]
    said = f"{totals['read']} read = {totals['kept']} kept + {totals['duplicate']} duplicate"
    assert said in run("run", case).stdout
    document = json.loads(run("run", case, "--json").stdout)["accounting"]
    assert document["total"] == totals
    assert sum_of(list(document["items"].values())) == totals


@pytest.mark.parametrize("audience", ["legal", "postmortem"])
def test_every_report_has_the_sum_and_how_entries_were_read(
    case: Path, timeline: dict[str, Any], audience: str, tmp_path: Path
) -> None:
    """For every audience: a row of totals in Markdown and HTML, the same counts in JSON."""
    done = run(
        "report", case, "--audience", audience, "--format", "md,html,json", "--out", tmp_path
    )
    assert done.exit_code == 0, done.output
    totals = [str(timeline["totals"][name]) for name in COUNTS]
    markdown = (tmp_path / f"{audience}.md").read_text(encoding="utf-8")
    cells = " \\| ".join(rf"\**{count}\**" for count in totals)
    assert re.search(rf"\| \*\*Total\*\* \| . \| {cells} \|", markdown)
    assert REMARK in markdown
    page = (tmp_path / f"{audience}.html").read_text(encoding="utf-8")
    row = re.search(r"<tr[^>]*>(?:(?!</tr>).)*>Total<.*?</tr>", page, re.DOTALL)
    assert row is not None
    assert re.findall(r">(\d+)<", row[0]) == totals
    assert REMARK in page
    document = json.loads((tmp_path / f"{audience}.json").read_text(encoding="utf-8"))
    assert document["timeline"]["totals"] == timeline["totals"]
    assert [s["remarks"] for s in document["timeline"]["sources"]] == [
        s["remarks"] for s in timeline["sources"]
    ]


def test_the_timeline_says_how_entries_were_read(case: Path, timeline: dict[str, Any]) -> None:
    """The unit of Unix times, which nothing in the file states, is told with the item."""
    (item,) = [one["evidence"] for one in timeline["sources"] if REMARK in one["remarks"]]
    assert f"how {item} was read: {REMARK}" in run("timeline", case).stdout


def test_add_sums_what_it_read_and_counts_what_it_left_out(tmp_path: Path) -> None:
    """Of a file without use the entries count too: they were read, and rejected."""
    folder = tmp_path / "case"
    run("new", folder)
    useless, missing = tmp_path / "useless.csv", tmp_path / "missing.csv"
    useless.write_text("time,text\nsoon,x\nlater,y\n", encoding="utf-8")
    files = (SAMPLES / "github_check_runs.json", useless, missing)
    done = run("add", folder, *files)
    assert done.exit_code == 2
    assert done.stdout.endswith(
        "3 files: 1 taken in, 2 left out\n"
        "    4 read = 1 kept + 0 duplicate + 0 undated + 3 rejected\n"
    )
    document = json.loads(run("add", folder, *files, "--json").stdout)
    assert [item["status"] for item in document["items"]] == ["already", "failed", "failed"]
    assert document["totals"] == dict.fromkeys(COUNTS, 0) | {"read": 2, "rejected": 2}
    assert [entry["place"] for entry in document["items"][1]["rejected"]] == ["line 2", "line 3"]


USELESS = {
    "every entry rejected": ("time,text\nsoon,x\n", "nothing in th"),
    "a header alone": ("time,text\n", "no rows"),
    "an empty list": ("[]", "the format cannot be told"),
    "an empty export": ('{"Records": []}', "the format cannot be told"),
    "blank space": (" \n\n", "the file is empty"),
}


@pytest.mark.parametrize("command", ["read", "add"])
@pytest.mark.parametrize(("content", "said"), USELESS.values(), ids=USELESS)
def test_nothing_usable_is_a_failure_that_says_so(
    command: str, content: str, said: str, tmp_path: Path
) -> None:
    """Exit status 2 and one message on stderr; nothing enters the case."""
    case, file = tmp_path / "case", tmp_path / "export"
    run("new", case)
    before = (case / "case.yaml").read_bytes()
    file.write_text(content, encoding="utf-8")
    done = run(command, *([case] if command == "add" else []), file)
    assert done.exit_code == 2
    assert said in done.stderr
    assert (case / "case.yaml").read_bytes() == before
    assert list((case / "evidence").iterdir()) == []


def test_an_empty_export_named_as_what_it_is_is_a_failure_as_well(tmp_path: Path) -> None:
    """With the format named there is nothing to detect, and still nothing to use."""
    file = tmp_path / "export.json"
    file.write_text('{"Records": []}', encoding="utf-8")
    done = run("read", file, "--format", "cloudtrail", "--json")
    assert done.exit_code == 2
    assert json.loads(done.stdout)["accounting"] == dict.fromkeys(COUNTS, 0)
    assert "nothing in the file could be used" in done.stderr


@pytest.mark.parametrize("command", ["read", "add"])
def test_records_without_a_time_are_kept_and_warned_of(command: str, tmp_path: Path) -> None:
    """They stand among the undated, so it is no failure; that none has a time is said."""
    case, file = tmp_path / "case", tmp_path / "notes.csv"
    run("new", case)
    file.write_text("time,text\n,somebody was told\n", encoding="utf-8")
    done = run(command, *([case] if command == "add" else []), file)
    assert done.exit_code == 0
    assert "has a time" in done.stderr


def test_a_case_names_the_item_of_which_nothing_could_be_used(tmp_path: Path) -> None:
    """An item that was written into case.yaml by hand never went through `add`."""
    case = tmp_path / "case"
    run("new", case)
    (case / "evidence" / "notes.csv").write_text("time,text\nsoon,x\n", encoding="utf-8")
    manifest = case / "case.yaml"
    entry = "evidence:\n  - id: E1\n    path: evidence/notes.csv\n    format: csv\n"
    written = manifest.read_text(encoding="utf-8")
    written = re.sub(r"^evidence:.*$", entry, written, flags=re.MULTILINE)
    manifest.write_text(written, encoding="utf-8")
    done = run("run", case)
    assert (
        "E1: nothing in it can be used: 1 read = 0 kept + 0 duplicate + 0 undated + 1 rejected;"
        " line 2: the time 'soon'"
    ) in done.stderr


def test_what_add_says_of_a_state_is_what_the_case_makes_of_it(tmp_path: Path) -> None:
    """A state without a time of its own is of when it was collected, in `add` as well."""
    folder = tmp_path / "case"
    state = json.loads((SAMPLES / "github_branch_protection.json").read_text(encoding="utf-8"))
    state.pop("observed_at", None)
    file = tmp_path / "state.json"
    file.write_text(json.dumps(state), encoding="utf-8")
    run("new", folder)
    added = run("add", folder, file, "--collected", "2026-01-14T10:00:00Z", "--json")
    document = json.loads(run("timeline", folder, "--format", "json").stdout)
    assert json.loads(added.stdout)["totals"] == document["totals"]
    assert document["totals"]["undated"] == 0


def test_how_surely_a_format_was_told_is_stated(tmp_path: Path) -> None:
    """By `read` and by `add`; of a format that was named there is nothing to tell."""
    file = SAMPLES / "syslog_rfc3164.log"
    told = json.loads(run("read", file, "--tz", "UTC", "--json").stdout)
    named = run("read", file, "--tz", "UTC", "--format", "syslog-bsd", "--json")
    assert told["confidence"] == pytest.approx(0.9)
    assert json.loads(named.stdout)["confidence"] is None
    assert "confidence 0.90" in run("read", file, "--tz", "UTC").stdout
    run("new", tmp_path / "case")
    added = run("add", tmp_path / "case", file, "--tz", "UTC", "--json")
    assert json.loads(added.stdout)["items"][0]["confidence"] == pytest.approx(0.9)
