from __future__ import annotations

import json
from pathlib import Path

import pytest

from attribution.cli.loss import command
from attribution.errors import ManifestError
from tests.unit.loss.recomputed import read_names

# A synthetic case: an outage noted by hand, and what it cost.
NOTES = """\
when,what,kind,service,phase
2026-03-02T10:00:00Z,Checkout is down,impact,checkout,start
2026-03-02T12:30:00Z,Checkout is back,impact,checkout,end
"""
CASE = """\
case: small
title: Small
mode: liability
synthetic: true
parties:
  - {id: operator, name: Operator, role: organisation}
services:
  - {id: checkout, name: Checkout}
evidence:
  - id: E1
    path: evidence/notes.csv
    format: csv
    zone: UTC
    columns: {time: when, text: what, kind: kind, data.service: service, data.phase: phase}
"""
LOSS = """\
loss:
  currency: EUR
  borne_by: operator
  outage: {cost_per_hour: {low: 100, likely: 200, high: "300.50", evidence: ["E1#line 2"]}}
"""


def _write(folder: Path, text: str) -> Path:
    (folder / "evidence").mkdir(parents=True)
    (folder / "evidence" / "notes.csv").write_text(NOTES, "utf-8")
    (folder / "case.yaml").write_text(text, "utf-8")
    return folder


def test_hours_of_the_records_times_cost_in_json_and_workbook(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An outage of 2.5 hours, known to the second, costs that many hours, in JSON and workbook."""
    case, workbook = _write(tmp_path / "case", CASE + LOSS), tmp_path / "loss.xlsx"
    arguments = [str(case), "--json", "--workbook", str(workbook)]
    command.main(arguments, standalone_mode=False)
    found = json.loads(capsys.readouterr().out)
    assert found["total"] == {"high": "751.33", "likely": "500.00", "low": "249.97"}
    assert list(found) == sorted(found)
    named = read_names(workbook)
    assert [str(named[f"total_{end}"]) for end in ("low", "high")] == ["249.97", "751.33"]


def test_a_case_without_loss_says_what_to_declare(tmp_path: Path) -> None:
    """Without figures there is no loss of 0, but a message that names the page."""
    case = _write(tmp_path / "case", CASE)
    with pytest.raises(ManifestError, match=r"declares no loss(.|\n)*compute-loss\.md"):
        command.main([str(case)], standalone_mode=False)
