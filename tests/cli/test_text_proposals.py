"""`decide` on what texts propose, from the listing to the graph."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import attribution
from attribution.cli.main import program
from attribution.cli.proposed import describe_proposals

SAMPLE = Path(__file__).parents[2] / "sample_incidents" / "cost-explorer-2025"
SENTENCE = "AWS denied that the agent chose to delete the environment of its own accord."
FACTOR = "account:told_it_was_user_error_misconfigured_access_contr"
CLAIM = "account:claim_aws_denied_that_the_agent_chose"


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """Return a copy of the sample with one sentence more among its statements."""
    folder = tmp_path / "case"
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns("report", "*.db"))
    manifest = folder / "case.yaml"
    lines = manifest.read_text("utf-8").splitlines(keepends=True)
    manifest.write_text("".join(line for line in lines if "sha256:" not in line), "utf-8")
    with (folder / "evidence" / "statements.csv").open("a", encoding="utf-8") as file:
        file.write(
            f'2026-02-21,2026-02-21,AWS,"{SENTENCE}",the incident,a test,invented,statement\n'
        )
    return folder


def call(*arguments: str | Path) -> Result:
    """Return what the program did."""
    return CliRunner().invoke(program, [str(one) for one in arguments])


def test_a_proposal_is_listed_taken_over_and_withdrawn(case: Path) -> None:
    """What `review` lists, `decide` puts into the equation of its effect, and takes out again."""
    before = attribution.Case.open(case).graph()
    assert f"{FACTOR} (proposed, from texts)" in "\n".join(describe_proposals(before))
    equation = before.node("failure_cost_explorer").equation
    refused = call("decide", case, FACTOR, "--confirm")
    assert refused.exit_code == 2
    assert "--needed" in refused.stderr
    options = ("--needed", "--party", "operator", "--duty", "least-privilege", "--by", "lead")
    done = call("decide", case, FACTOR, "--confirm", *options)
    assert "enters the equation of failure_cost_explorer" in done.stderr + done.stdout
    graph = attribution.Case.open(case).graph()
    name = FACTOR.removeprefix("account:")
    assert graph.node("failure_cost_explorer").equation == f"({equation}) and {name}"
    assert graph.node(name).duty == "least-privilege"
    assert call("decide", case, FACTOR, "--withdraw").exit_code == 0
    assert attribution.Case.open(case).graph().node("failure_cost_explorer").equation == equation


def test_a_confirmed_claim_stands_in_the_case_file(case: Path) -> None:
    """It has the party that asserts it, the node and the value, and is offered no second time."""
    assert CLAIM in [one.id for one in attribution.Case.open(case).graph().proposals]
    assert "as C6" in (done := call("decide", case, CLAIM, "--confirm")).stderr + done.stdout
    opened = attribution.Case.open(case)
    claim = opened.manifest.claims[-1]
    assert (claim.asserted_by, claim.node, claim.value) == ("aws", "overreach", 0)
    known = next(one for one in opened.graph().proposals if one.id == CLAIM)
    assert known.obstacle == "case.yaml has it already, as C6"
    assert call("decide", case, CLAIM, "--confirm").exit_code == 2


def test_answers_are_for_what_texts_propose(case: Path) -> None:
    """On a finding, or on a rejection, they are refused instead of passed over."""
    for name, status in (("onset:failure_cost_explorer", "--confirm"), (FACTOR, "--reject")):
        done = call("decide", case, name, status, "--needed")
        assert done.exit_code == 2
        assert "for confirming what a text proposes" in " ".join(done.stderr.split())
