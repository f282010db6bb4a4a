"""The commit that a repair leads to, line by line: a cause only where one stands out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from attribution.case import Case
from attribution.evidence import trace_repair
from attribution.model.graph import CausalGraph
from attribution.model.origin import Lead, TracedOrigin
from tests.gitrepo import GitRepo
from tests.unit.graph.recorded import Recorded
from tests.unit.graph.test_changes import BAD, BROKEN, MERGE, REVERT, commit, deployment
from tests.unit.graph.test_warnings import settled

FIX = "f" * 40
OTHER = "9" * 40
LEAD = Lead(BAD, 3, ("prices.py",), 0.95, "Change the price table")


def leading(named: str | None, fix: str = FIX) -> TracedOrigin:
    """Return what a repair leads to: this commit, or the change and another one alike."""
    if named is None:
        return TracedOrigin(fix, None, "only 50% of the evidence leads to bbbbbbb", (LEAD,))
    return TracedOrigin(fix, named, f"95% of the evidence leads to {named[:12]}", (LEAD,))


def mended(*traced: TracedOrigin, subject: str = "Fix the price table") -> Recorded:
    """Return a change that broke the shop, a fix that was deployed, and the shop's recovery."""
    return replace(
        BROKEN,
        commits=(
            commit(OTHER, -90),
            commit(BAD, -60, (OTHER,)),
            commit(MERGE, -30, (OTHER, BAD)),
            commit(FIX, 60, (MERGE,), subject=subject),
        ),
        deployments=(
            deployment(MERGE, -5),
            replace(deployment(FIX, 80), id="10", references=("E4#/1",)),
        ),
        traced=traced,
    )


def nodes(graph: CausalGraph) -> set[str]:
    """Return the ids of the nodes that a change would have."""
    wanted = ("change_", "running_", "defect_")
    return {node.id for node in graph.nodes if node.id.startswith(wanted)}


def told(graph: CausalGraph) -> str:
    """Return what the graph says to be missing for the failure."""
    return " ".join(one.statement for one in graph.missing_factors if one.node == "failure_shop")


def test_the_commit_that_a_fix_leads_to_is_a_cause() -> None:
    """From its deployment to the failure, on the ground of the recovery after the fix."""
    graph = mended(leading(BAD)).graph()
    assert nodes(graph) == {"change_bbbbbbb", "defect_bbbbbbb", "running_bbbbbbb"}
    running = str(graph.node("running_bbbbbbb").equation)
    assert running.startswith("change_bbbbbbb and defect_bbbbbbb")
    assert graph.node("failure_shop").equation == "running_bbbbbbb"
    assert "3 lines of prices.py lead to it" in graph.node("defect_bbbbbbb").statement
    edges = {(edge.source, edge.target): edge for edge in graph.edges}
    answer = edges["running_bbbbbbb", "failure_shop"]
    assert answer.counterfactual == "no: the service recovered once the change was mended"
    assert "commit fffffff mended it" in answer.basis
    assert "95% of the evidence" in edges["change_bbbbbbb", "defect_bbbbbbb"].basis
    finding = next(one for one in graph.findings if one.id == "origin:defect_bbbbbbb")
    assert finding.status == "proposed"
    assert set(finding.evidence) == {f"E2#commit {BAD}", f"E2#commit {FIX}"}


def test_a_traced_origin_is_believed_as_an_inference_and_shared_by_hand() -> None:
    """Nobody demanded a review (n) of the change (c): v(c) = 1 and v(n) = p, so n has p/2 of it."""
    case = mended(leading(BAD))
    change = case.graph().node("change_bbbbbbb")
    assert (change.basis, change.party, change.duty) == ("rule_inference", "team", "sound-change")
    exact = settled(
        case, change_bbbbbbb=1.0, review_not_demanded_bbbbbbb=1.0, would_catch_review_bbbbbbb=0.4
    )
    assert exact.potency() == pytest.approx({"maker": 0, "team": 0.8, "house": 0.2})


@pytest.mark.parametrize(
    "case",
    [
        mended(leading(None)),
        mended(leading(BAD), subject="Write more of the manual"),
        mended(),
        replace(mended(leading(BAD)), events=BROKEN.events[:1]),
        replace(mended(leading(BAD)), deployments=(deployment(MERGE, -5),)),
        mended(leading("8" * 40)),
        mended(leading(FIX)),
    ],
    ids=[
        "none stands out",
        "it mends nothing",
        "no repository holds it",
        "no recovery",
        "never went out",
        "leads to what no record has",
        "leads to what came after the failure",
    ],
)
def test_nothing_is_a_cause_where_one_of_the_links_is_missing(case: Recorded) -> None:
    """A fix after a failure is succession; without trace, release and recovery there is no edge."""
    graph = case.graph()
    assert nodes(graph) == set()
    assert graph.node("failure_shop").equation is None


def test_candidates_are_told_and_lead_to_nothing() -> None:
    graph = mended(leading(None)).graph()
    assert "only 50% of the evidence" in told(graph)
    assert "Candidates: bbbbbbb (“Change the price table”, 95% of the evidence)" in told(graph)


def test_two_fixes_that_lead_to_different_commits_name_none() -> None:
    """Both went out before the recovery: which of them it came of no record tells."""
    second = "e" * 40
    case = mended(leading(BAD), leading(OTHER, second))
    case = replace(
        case,
        commits=(*case.commits, commit(second, 70, (FIX,), subject="Fix the totals")),
        deployments=(case.deployments[0], replace(case.deployments[1], sha=second)),
    )
    graph = case.graph()
    assert nodes(graph) == set()
    assert told(graph).count("which of them it came of is not visible") == 2


def test_a_revert_that_the_lines_bear_out_is_told_by_both() -> None:
    """The revert names the commit; the lines add what it brought in, and move no share."""
    traced = replace(BROKEN, traced=(leading(BAD, REVERT),))
    traced = replace(
        traced, commits=(*BROKEN.commits[:2], replace(BROKEN.commits[2], parents=(MERGE,)))
    )
    graph = traced.graph()
    assert "defect_bbbbbbb" in nodes(graph)
    assert graph.node("change_bbbbbbb").basis == "machine_record"
    assert traced.potency() == pytest.approx(BROKEN.potency())


CASE = """\
case: mended
title: A synthetic case of a fix
mode: liability
synthetic: true
period: {from: 2026-01-01T00:00:00Z, to: 2026-01-02T00:00:00Z}
parties:
  - id: team
    name: The service team
    role: deployer
    actors: [{id: coder, name: Coder, kind: person, aliases: [coder@example.test]}]
services:
  - {id: shop, name: Shop, repositories: [shop], environments: [production], owner: team}
harm:
  - {id: H1, title: The outage, service: shop, from: "2026-01-01T12:00:00Z", currency: USD,
     to: "2026-01-01T14:00:00Z", amount: {low: "1", point: "1", high: "1"}}
evidence:
  - {id: E1, path: evidence/shop, format: git, repository: shop}
  - {id: E2, path: evidence/notes.csv, format: csv, zone: UTC,
     columns: {time: time, kind: kind, data.service: service, data.phase: phase,
               data.deployment_id: id, data.sha: sha, data.environment: environment,
               data.repository: repository}}
"""


def test_a_case_traces_its_repairs_through_the_repository_among_its_evidence(
    tmp_path: Path,
) -> None:
    """The engine names the commit whose lines the fix takes away, and the graph has it."""
    repo = GitRepo.create(tmp_path / "evidence" / "shop")
    lines = [f"price_{number} = {number} * rate" for number in range(9)]
    repo.commit("Add the price table", {"prices.py": "\n".join([*lines, ""])})
    wrong = [line.replace("rate", "rate / 0") if "5" in line else line for line in lines]
    bad = repo.commit("Change the price table", {"prices.py": "\n".join([*wrong, ""])})
    sound = [line.replace("rate", "rate * 2") if "5" in line else line for line in lines]
    fix = repo.commit("Fix the price table", {"prices.py": "\n".join([*sound, ""])})
    (tmp_path / "evidence" / "notes.csv").write_text(
        "time,kind,service,phase,id,sha,environment,repository\n"
        f"2026-01-01T11:30:00Z,deployment.created,,,1,{bad},production,shop\n"
        "2026-01-01T11:59:00Z,impact,shop,start,,,,\n"
        f"2026-01-01T13:00:00Z,deployment.created,,,2,{fix},production,shop\n"
        "2026-01-01T14:00:00Z,impact,shop,end,,,,\n",
        encoding="utf-8",
    )
    (tmp_path / "case.yaml").write_text(CASE, encoding="utf-8")
    case = Case.open(tmp_path)
    graph = case.graph()
    defect = graph.node(f"defect_{bad[:7]}")
    assert "1 line of prices.py" in defect.statement
    assert graph.node("failure_shop").equation == f"running_{bad[:7]}"
    assert case.attribute().parties[0].potency > 0
    assert trace_repair([("E1", tmp_path / "evidence" / "shop")], "0" * 40) is None
