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
