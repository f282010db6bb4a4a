"""What follows from shares never changes one: with or without it, asked or not."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import pytest
from click.testing import CliRunner

from attribution.cli.main import program
from tests.cli.test_cover_command import CASE, POLICY

BLOCKS = {
    "loss": """\
loss:
  currency: EUR
  borne_by: team
  response:
    - {id: help, title: Help, amount: {low: "1", likely: "2", high: "3"}}
""",
    "liability": """\
liability:
  uncollectible: [{party: vendor, because: in liquidation, by: counsel}]
  proximate: [{party: team, proximate: false, because: too remote, by: counsel}]
  contracts: [{party: vendor, source: Contract 11, cap: "1"}]
""",
    "reporting": """\
reporting:
  aware: 2026-03-10T00:10:00Z
  country: DE
  answers: [{question: high_risk, answer: true, by: counsel, because: Annex III}]
""",
}


def ask(*words: str | Path) -> str:
    done = CliRunner().invoke(program, [str(word) for word in words])
    assert done.exit_code == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_no_entry_and_no_question_about_consequences_moves_a_share(tmp_path: Path) -> None:
    """Every set of the blocks, and every command on them, leaves `attribute` the same bytes."""
    bare, insurance = CASE.split("insurance:")
    found = set()
    for count in range(len(BLOCKS) + 1):
        for names in combinations(BLOCKS, count):
            folder = tmp_path / ("-".join(names) or "none")
            folder.mkdir()
            (folder / "policy.yaml").write_text(POLICY, "utf-8")
            blocks = "".join(BLOCKS[name] for name in names)
            kept = f"insurance:{insurance}" if count % 2 else ""
            (folder / "case.yaml").write_text(f"{bare}{kept}\n{blocks}", "utf-8")
            found.add(ask("attribute", folder, "--json"))
            if count == len(BLOCKS):
                ask("apportion", folder, "--claimant", "team", "--regime", "contract")
                ask("cover", folder)
                ask("clocks", folder)
                ask("loss", folder)
                found.add(ask("attribute", folder, "--json"))
    [same] = found
    assert any(party["share"]["point"] > 0 for party in json.loads(same)["parties"])
