from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from attribution.cli.main import program
from attribution.resources import resource

CASE = """
case: two-notes
title: Two notes
mode: learning
summary: Two hand-kept notes.
period: {from: 2026-03-02T00:00:00Z, to: 2026-03-03T00:00:00Z}
parties:
  - {id: team, name: Team, role: organisation, actors: [{id: ops, name: Ops, kind: team}]}
evidence:
  - id: E1
    path: notes.csv
    format: csv
    columns: {time: when, actor: who, text: what}
    zone: UTC
"""
NOTES = """when,who,what
2026-03-02T14:05:00Z,ops,=HYPERLINK("http://example.test")
2026-03-03T14:05:00Z,ops,back to normal
,ops,somebody saw it before
"""


@pytest.fixture
def case(tmp_path: Path) -> Path:
    (tmp_path / "case.yaml").write_text(CASE, "utf-8")
    (tmp_path / "notes.csv").write_text(NOTES, "utf-8")
    return tmp_path


def run(case: Path, *options: str) -> Result:
    result = CliRunner().invoke(program, ["timeline", str(case), *options], env={"COLUMNS": "80"})
    assert result.exit_code == 0, result.output
    return result


def test_json_is_one_document_and_nothing_else(case: Path) -> None:
    document = json.loads(run(case, "--json").stdout)
    assert document == json.loads(run(case, "--format", "json").stdout)
    assert [event["text"] for event in document["events"]][1:] == ["back to normal"]
    (source,) = document["sources"]
    assert source["accounting"] == {
        "read": 3, "kept": 2, "duplicate": 0, "undated": 1, "rejected": 0,
    }  # fmt: skip


def test_the_csv_on_stdout_is_defused(case: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run(case, "--format", "csv").stdout)))
    assert [row["text"][:2] for row in rows] == ["'=", "ba", "so"]


def test_jsonl_has_a_line_for_every_event(case: Path) -> None:
    assert len(run(case, "--format", "jsonl").stdout.splitlines()) == 3


def test_timesketch_says_on_stderr_what_it_leaves_out(case: Path) -> None:
    result = run(case, "--format", "timesketch")
    assert len(result.stdout.splitlines()) == 2
    assert "1 undated" in result.stderr


def test_the_table_keeps_to_the_width_and_tells_the_days_apart(case: Path) -> None:
    lines = run(case).stdout.splitlines()
    assert max(map(len, lines[:5])) <= 80
    assert [line[:19] for line in lines[2:4]] == ["2026-03-02 14:05:00", "2026-03-03 14:05:00"]


@pytest.mark.parametrize("width", [60, 80, 100, 160])
def test_the_flagships_timeline_fits_every_terminal(width: int) -> None:
    sample = resource("sample_incidents/environment-recreated")
    result = CliRunner().invoke(program, ["timeline", str(sample)], env={"COLUMNS": str(width)})
    assert result.exit_code == 0, result.output
    table = result.stdout.split("\n\n")[0].splitlines()
    assert len(table) > 100
    assert max(map(len, table)) <= width


THREAD = """[
{"type": "message", "user": "U1", "ts": "1772460300.000100", "text": "who looks?"},
{"type": "message", "user": "U2", "ts": "1772460300.000200", "thread_ts": "1772460300.000100",
 "text": "I do"}]"""


def test_the_table_marks_undecidable_neighbours_and_what_a_record_puts_in_order(
    tmp_path: Path,
) -> None:
    """A note of the minute overlaps both messages; the reply comes after its message, by record."""
    chat = tmp_path / "chat" / "ops"
    chat.mkdir(parents=True)
    (chat / "2026-03-02.json").write_text(THREAD, "utf-8")
    (tmp_path / "chat" / "users.json").write_text("[]", "utf-8")
    (tmp_path / "notes.csv").write_text("when,who,what\n2026-03-02T14:05Z,ops,a note\n", "utf-8")
    (tmp_path / "case.yaml").write_text(CASE + "  - {id: E2, path: chat, format: slack}\n", "utf-8")
    lines = run(tmp_path).stdout.splitlines()
    by_text = {
        text: line for line in lines for text in ("a note", "who looks?", "I do") if text in line
    }
    assert " ~↓ " in by_text["a note"]
    assert " ~↑ " in by_text["who looks?"]
    assert " ~>" in by_text["I do"]
    assert "> a record, and not the times, puts it after another: 1" in "\n".join(lines)
    events = {e["text"]: e for e in json.loads(run(tmp_path, "--json").stdout)["events"]}
    first, reply = events["who looks?"], events["I do"]
    assert {(one["event"], one["rule"]) for one in reply["after"]} == {
        (first["id"], "channel-order"),
        (first["id"], "thread-reply"),
    }
    assert reply["order_undecidable_with"] == [events["a note"]["id"]]
