"""`attribution hypotheses` on the sample incidents, and what it says of bad entries."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from attribution.cli.main import program
from attribution.errors import ManifestError
from attribution.graph.agreement import check_hypotheses
from attribution.graph.leads import SITUATIONS, load_wantings
from attribution.graph.tablefile import read_table
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
    assert "it is not how probable the hypothesis is" in " ".join(result.output.split())


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
