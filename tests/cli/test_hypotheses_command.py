"""`attribution hypotheses` on the sample incidents, and what it says of bad entries."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from attribution.causation.diagram import TooLargeError
from attribution.cli.hypotheses import format_matrix
from attribution.cli.main import program
from attribution.errors import ManifestError
from attribution.graph.agreement import check_hypotheses
from attribution.graph.leads import SITUATIONS, load_wantings
from attribution.graph.tablefile import read_table
from attribution.model.hypothesis import Cell, HypothesisMatrix, Observation, RivalHypothesis
from attribution.model.interval import Interval
from attribution.schema.instances import validate
from attribution.schema.manifest import parse_manifest

SAMPLES = Path(__file__).parents[2] / "sample_incidents"


def test_the_vendors_version_leaves_the_release_unexplained() -> None:
    """A position that denies every missing control does not explain how the release went out."""
    case = str(SAMPLES / "amazon-q-extension-2025")
    result = CliRunner().invoke(program, ["hypotheses", case, "--json"])
    assert result.exit_code == 0, result.output
    matrix = json.loads(result.output)
    by_id = {one["id"]: one for one in matrix["hypotheses"]}
    assert "failure_extension" in by_id["position:A"]["unexplained"]
    assert "failure_extension" in by_id["position:B"]["explains"]
    assert by_id["unrecorded:failure_extension"]["origin"] == "residual"
    assert {"mainline_unprotected", "token_got_round"} <= {
        it["node"] for it in matrix["discriminators"]
    }
    ranks = [row["diagnosticity"] for row in matrix["observations"]]
    assert ranks == sorted(ranks, reverse=True)


def test_the_table_fits_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """At 80 columns no line is longer, and no probability of a hypothesis is stated."""
    monkeypatch.setenv("COLUMNS", "80")
    result = CliRunner().invoke(program, ["hypotheses", str(SAMPLES / "cost-explorer-2025")])
    assert result.exit_code == 0, result.output
    assert max(map(len, result.output.splitlines())) <= 80
    assert "It is not how probable the hypothesis is" in " ".join(result.output.split())


def test_what_cannot_be_compared_is_listed_with_the_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Too many uncertain facts end in a list and a sentence, in both outputs and the reports."""

    def refuse(*_arguments: object) -> None:
        raise TooLargeError

    monkeypatch.setattr("attribution.responsibility.hypotheses.Rivals", refuse)
    case = str(SAMPLES / "cost-explorer-2025")
    shown = CliRunner().invoke(program, ["hypotheses", case])
    told = CliRunner().invoke(program, ["hypotheses", case, "--json"])
    assert (shown.exit_code, told.exit_code) == (0, 0), shown.output
    matrix = json.loads(told.output)
    assert matrix["observations"] == []
    assert [one["computed"] for one in matrix["hypotheses"]] == [False] * len(matrix["hypotheses"])
    assert "were not compared: too many facts" in matrix["limits"][0]
    assert matrix["limits"][0] in " ".join(shown.output.split())
    assert "no way to be true" not in shown.output


def test_many_hypotheses_stand_in_parts_that_fit_the_terminal() -> None:
    """Thirty columns do not fit 80: the table is cut into parts, and each mark stands in one."""
    marks = dict.fromkeys((f"h{number}" for number in range(30)), Cell("has_to"))
    rivals = tuple(
        RivalHypothesis(
            name, name, "", "declared", None, {}, (), ("o",), (), (), None, Interval(0.2, 0.3, 0.4)
        )
        for name in marks
    )
    row = Observation("o", "It was seen to fail. " * 5, "observed", (), marks, 0)
    text = format_matrix(HypothesisMatrix(rivals, (row,)), 80)
    assert max(map(len, text.splitlines())) <= 80
    assert text.count("  ++") == len(rivals)
    assert "H21 to H30 of 30" in text


def test_a_hypothesis_about_no_node_is_refused() -> None:
    """The message names the hypothesis and the node, and lists those there are."""
    manifest = parse_manifest(
        "case: c\ntitle: t\nmode: liability\nparties: [{id: p, name: P, role: deployer}]\n"
        "hypotheses:\n"
        "  - {id: X, title: A worn disk, holds: {no_such: true},"
        " extra_cause: {of: failure, statement: The disk was worn., time: 2026-03-10T00:00:00Z}}\n"
    )
    assert manifest.hypotheses[0].extra_cause is not None
    with pytest.raises(ManifestError) as raised:
        check_hypotheses(manifest, {})
    assert raised.value.got == "no_such"


def test_the_table_of_leads_holds_together() -> None:
    """Every situation has a row that fits any node, and every row names what the table has."""
    table = read_table("leads")
    validate(table, "leads")
    for situation in SITUATIONS:
        assert any(
            situation in row["situation"] and row.keys() == {"situation", "factor"}
            for row in table["nodes"]
        )
    assert {row["factor"] for row in table["nodes"]} <= load_wantings().keys()
