"""`attribution import-graph`, and the data formats of `attribution graph`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.conftest import Run

SAMPLE = Path(__file__).parents[2] / "sample_incidents" / "cost-explorer-2025"
DRAWING = """\
flowchart LR
  rota[Nobody was told that the rota had changed] -->|no: the alert would have been taken up| {harm}
"""


@pytest.fixture
def case(tmp_path: Path) -> Path:
    folder = tmp_path / "case"
    shutil.copytree(SAMPLE, folder)
    return folder


@pytest.mark.slow
def test_a_drawing_is_written_into_the_case_once(run_program: Run, case: Path) -> None:
    """The first time adds node, edge and equation; the second finds them there."""
    nodes = json.loads(run_program("graph", case, "--json").stdout)["nodes"]
    harm = next(node for node in nodes if node["kind"] == "harm")
    drawing = case.parent / "drawing.mmd"
    drawing.write_text(DRAWING.format(harm=harm["id"]), "utf-8")
    before = (case / "case.yaml").read_text("utf-8")
    dry = run_program("import-graph", case, drawing, "--dry-run")
    assert "+ node rota" in dry.stdout
    assert (case / "case.yaml").read_text("utf-8") == before
    done = run_program("import-graph", case, drawing, "--by", "incident lead")
    assert done.returncode == 0
    graph = json.loads(run_program("graph", case, "--json").stdout)
    added = next(node for node in graph["nodes"] if node["id"] == harm["id"])
    assert added["equation"] == f"{harm['equation']} and rota"
    [edge] = [edge for edge in graph["edges"] if edge["source"] == "rota"]
    assert edge["basis"] == "drawn by incident lead (drawing.mmd)"
    again = json.loads(run_program("import-graph", case, drawing, "--json").stdout)
    assert (again["nodes"], again["edges"], again["written"]) == ([], [], False)


@pytest.mark.slow
def test_what_would_make_no_sound_graph_leaves_the_case_alone(run_program: Run, case: Path) -> None:
    """A cycle is refused before anything is written."""
    nodes = json.loads(run_program("graph", case, "--json").stdout)["nodes"]
    harm = next(node for node in nodes if node["kind"] == "harm")
    [cause] = {name for name in harm["equation"].split() if name.isidentifier() and "_" in name}
    drawing = case.parent / "cycle.mmd"
    drawing.write_text(f"flowchart LR\n{harm['id']} -->|no: x| {cause}\n", "utf-8")
    before = (case / "case.yaml").read_bytes()
    done = run_program("import-graph", case, drawing)
    assert done.returncode == 2
    assert "cycle" in done.stderr
    assert "Traceback" not in done.stderr
    assert (case / "case.yaml").read_bytes() == before
