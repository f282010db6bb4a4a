from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from attribution.cli.main import program

SAMPLE = Path(__file__).parents[3] / "sample_incidents" / "cost-explorer-2025"


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("case") / "case"
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns("report", "*.db"))
    return folder


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(program, arguments)
    return result.exit_code, result.stdout, result.stderr


def test_report_writes_what_it_lists(case: Path, tmp_path: Path) -> None:
    status, out, _ = run("report", str(case), "--format", "md,json", "--out", str(tmp_path))
    assert status == 0
    assert out.split() == [
        str(tmp_path / name)
        for name in ("legal.md", "legal.json", "postmortem.md", "postmortem.json")
    ]
    results = json.loads((tmp_path / "legal.json").read_text(encoding="utf-8"))
    shares = results["attribution"]["parties"]
    assert sum(party["share"]["point"] for party in shares) > 0
    assert "attribution" not in json.loads((tmp_path / "postmortem.json").read_text())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--format", "odt"), "there is no such format"),
    ],
)
def test_what_cannot_be_made_is_said_with_status_2(
    case: Path, tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    status, out, error = run("report", str(case), "--out", str(tmp_path / "out"), *arguments)
    assert (status, out) == (2, "")
    assert message in error
    assert "expected" in error
    assert not (tmp_path / "out").exists()


def test_graph_as_json_has_the_keys_of_the_interface(case: Path) -> None:
    status, out, _ = run("graph", str(case), "--json")
    assert status == 0
    graph = json.loads(out)
    assert {"nodes", "edges", "missing_factors", "checks"} <= set(graph)
    assert {"counterfactual", "basis", "sufficient", "evidence"} <= set(graph["edges"][0])


def test_graph_goes_to_a_file_or_to_stdout_with_the_same_bytes(case: Path, tmp_path: Path) -> None:
    for name in ("svg", "dot", "mermaid", "json"):
        path = tmp_path / f"graph.{name}"
        assert run("graph", str(case), "--format", name, "--out", str(path))[0] == 0
        assert run("graph", str(case), "--format", name)[1] == path.read_text(encoding="utf-8")


def test_explain_tells_both_sides_of_a_contradiction(case: Path) -> None:
    """By its own id, and with the node it is about: who says what, on what, and how it stands."""
    status, out, _ = run("explain", str(case), "claims:C1", "--json")
    assert status == 0
    told = json.loads(out)
    text = json.dumps(told["paragraphs"])
    assert "Against that: It is not so" in text
    assert "contested" in text
    assert {entry["reference"] for entry in told["evidence"]} == {"E1#line 5", "E1#line 6"}
    assert "a party asserts what another denies" in run("explain", str(case), "overreach")[1]
