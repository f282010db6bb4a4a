"""The answers of the samples have the shape their READMEs promise."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from attribution.case import Case
from attribution.model.comparison import Comparison

CASES = ("environment-recreated", "cost-explorer-2025", "amazon-q-extension-2025")


@pytest.fixture(scope="module")
def cases(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Case]:
    """Return each sample opened from a copy, so that nothing is written into the checkout."""
    folder = tmp_path_factory.mktemp("samples")
    for name in CASES:
        shutil.copytree(samples / name, folder / name)
    return {name: Case.open(folder / name) for name in CASES}


def _shares(comparison: Comparison, position: str) -> dict[str, float]:
    result = next(item for item in comparison.positions if item.id == position)
    assert result.shares is not None
    return {party: share.point for party, share in result.shares.items()}


@pytest.mark.parametrize("name", CASES)
def test_every_check_of_the_graph_passes(cases: dict[str, Case], name: str) -> None:
    """Every edge is tested, every breach has evidence and an owner, no cause follows its effect."""
    assert [check.detail for check in cases[name].graph().checks if not check.passed] == []


@pytest.mark.parametrize("name", CASES)
def test_positions_are_computed_with_their_differences(cases: dict[str, Case], name: str) -> None:
    """The two positions give different shares, and a crux says what moves them."""
    comparison = cases[name].compare()
    assert _shares(comparison, "A") != _shares(comparison, "B")
    assert comparison.agreed
    assert comparison.cruxes[0].max_swing > 0.1


def test_the_agent_bears_a_part_under_one_position_alone(cases: dict[str, Case]) -> None:
    """All three parties bear a part if the agent decided alone; the agent none if a user erred."""
    comparison = cases["environment-recreated"].compare()
    alone, user_error = _shares(comparison, "A"), _shares(comparison, "B")
    parties = ("mender-agent", "service-team", "halden-cloud")
    assert all(alone[party] > 0.05 for party in parties)
    assert user_error["mender-agent"] == pytest.approx(0, abs=1e-9)
    assert max(parties, key=user_error.__getitem__) == "service-team"


def test_the_refused_deletion_is_no_cause(cases: dict[str, Case]) -> None:
    """The cleanup's refused attempt is in the timeline, and no node of the graph rests on it."""
    case = cases["environment-recreated"]
    (refused,) = [
        event
        for event in case.timeline().events
        if event.data.get("operation") == "DeleteEnvironment" and event.data.get("error")
    ]
    assert refused.actor == "platform-eng-3"
    cited = {place for node in case.graph().nodes for place in node.evidence}
    assert not cited & set(refused.references)


def test_the_late_response_bears_only_the_hours_it_added(cases: dict[str, Case]) -> None:
    """The organisation owed the response and bears more of the later hours than of the first."""
    harms = {
        harm.id: harm.shares or {} for harm in cases["environment-recreated"].attribute().harms
    }
    first = harms["H1"]["halden-cloud"]
    assert all(harms[later]["halden-cloud"] > first + 0.1 for later in ("H2", "H3", "H4"))
    assert harms["H1"] == harms["H5"]


def test_the_grant_is_traced_to_its_change(cases: dict[str, Case]) -> None:
    """The role is traced to the commit of #212, its rubber stamp, and the agent's part in it."""
    case = cases["environment-recreated"]
    (grant,) = [node for node in case.graph().nodes if node.id.startswith("grant_")]
    assert grant.actor == "svc-eng-1"
    (commit,) = [item for item in case.commits if item.sha.startswith(grant.id[6:])]
    assert (commit.kind, commit.pull_request) == ("human_with_agent", 212)
    assert [mark.grade for mark in commit.agents] == ["trailer"]
    (review,) = [item for item in case.reviews if item.number == 212]
    assert review.verdict == "ineffective"
    assert "too_fast" in review.approvals[0].defects


def test_ranges_of_the_public_case_are_wide(cases: dict[str, Case]) -> None:
    """From statements alone, every party that bears a part has a range of 30 points or more."""
    shares = [party.share for party in cases["cost-explorer-2025"].attribute().parties]
    assert all(share.high - share.low > 0.3 for share in shares if share.point > 0)


def test_the_strangers_commit_is_found_not_told(samples: Path, tmp_path: Path) -> None:
    """In a case that declares neither graph nor claims, the rule finds the commit, and no other."""
    shutil.copytree(samples / "amazon-q-extension-2025", tmp_path / "bare")
    manifest = tmp_path / "bare/case.yaml"
    text = manifest.read_text(encoding="utf-8")
    declared, _, rest = text.partition("\nclaims:\n")
    wanted = rest.partition("\nwanted_records:\n")[2]
    manifest.write_text(f"{declared}\nwanted_records:\n{wanted}", encoding="utf-8")
    graph = Case.open(tmp_path / "bare").graph()
    found = [node for node in graph.nodes if node.rule == "provenance-anomaly"]
    assert [(node.id, node.party) for node in found] == [("anomalous_commit_678851b", "stranger")]


def test_the_stranger_bears_a_part_under_both_positions(cases: dict[str, Case]) -> None:
    """Whichever controls were missing, a large part stays with whoever put the commit in."""
    comparison = cases["amazon-q-extension-2025"].compare()
    assert _shares(comparison, "A")["stranger"] > 0.3
    assert _shares(comparison, "B")["stranger"] > 0.3


def test_every_clause_of_the_sample_policy_is_held_against_its_fact(cases: dict[str, Case]) -> None:
    """All clauses have an answer: what is open is asked, what is contested has both sides."""
    cover, _ = cases["environment-recreated"].cover()
    status = {finding.clause: finding.answer.status for finding in cover.findings}
    assert status == {
        "A1": "met",
        "A2": "met",
        "A3": "open",
        "X1": "not_met",
        "X2": "open",
        "X3": "open",
        "X4": "not_met",
        "X5": "open",
        "C1": "open",
        "C2": "met",
        "C3": "met",
        "S1": "met",
    }
    assert all(finding.answer.because for finding in cover.findings)
    assert all(f.answer.settles for f in cover.findings if f.answer.status == "open")
    assert len(cover.finding("X5").answer.positions) == 2
    assert (cover.deciding, cover.assumed) == (("A3", "X5", "C1"), ("X2", "X3"))
    # Of 20,823.57 + 1,800 less 10,000 (A1), nine tenths of 6,727 + 10,100 less 2,500 (A2), and
    # 10,000 + 30,572.65 less 25,000 (A3): the loss is computed with the 8 h of A1 off already.
    paid = {
        tuple(way.settled.values()): [str(value) for value in way.insurer.to_dict().values()]
        for way in cover.ways
    }
    assert paid[True, False, True] == ["24756.67", "41090.52", "69729.64"]
    assert paid[False, False, True] == ["18184.02", "25517.87", "35156.99"]
    assert paid[False, True, None] == ["0.00"] * 3
    assert all(item.source and item.evidence for item in cover.heads)
    assert any("8 h, is off already" in limit for limit in cover.limits)
    assert "8 pairs of heads may have the same money in them" in cover.doubts[0]
    assert all(target.barred for target in cover.recovery), "both parties are insured"
    assert any("CG 40 47 01 26: not verified" in limit for limit in cover.limits)


def test_the_customers_insurer_recovers_within_a_cap_until_a_day(cases: dict[str, Case]) -> None:
    """Of those who ran the service one is bound by a cap, on notice, and both until a stated day.

    34.03 % of 150,000 is 51,039.58, of which the agreement leaves 30,000; pro rata 80 % of it is
    the insurer's, as it pays 120,000 of 150,000.
    """
    _, cover = cases["environment-recreated"].cover()
    assert cover.policy.synthetic
    assert (cover.deciding, cover.ways[0].insurer.likely) == ((), Decimal(120_000))
    target = next(one for one in cover.recovery if one.party == "halden-cloud")
    assert (target.barred, target.gross.likely) == ("", Decimal("51039.58"))
    assert (target.net.likely, target.to_insurer.likely) == (Decimal(30_000), Decimal(24_000))
    assert target.preserved
    assert target.noticed is not None
    assert cover.recovered_at_most == Decimal(120_000), "no more than it paid, whoever owes it"
    assert [str(row.last_day) for row in cover.limitation] == ["2032-03-10", "2029-03-10"]
    assert all(row.source and row.verified_on for row in cover.limitation)
    assert any("together it is no more than the loss" in limit for limit in cover.limits)
