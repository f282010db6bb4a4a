"""The sample incidents: every number leads to a place that opens, and facts move shares."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from attribution.case import Case
from attribution.explanation import exhibit
from attribution.resources import resource

SAMPLES = ("environment-recreated", "cost-explorer-2025", "amazon-q-extension-2025")
FLAGSHIP = SAMPLES[0]


@pytest.fixture(scope="module", params=SAMPLES)
def sample(request: pytest.FixtureRequest) -> Case:
    """Return each sample incident, opened as it lies."""
    return Case.open(resource(f"sample_incidents/{request.param}"))


@pytest.fixture
def flagship(tmp_path: Path) -> Path:
    """Return a copy of the flagship that a test may change."""
    folder = tmp_path / "case"
    shutil.copytree(resource(f"sample_incidents/{FLAGSHIP}"), folder)
    return folder


def test_every_share_point_opens_at_a_place_in_the_evidence(sample: Case) -> None:
    """Each breach with points cites evidence, and each place it cites holds some text."""
    seen = 0
    for party in sample.attribute().parties:
        assert sum(breach.points for breach in party.breaches) == pytest.approx(party.share.point)
        for breach in party.breaches:
            assert breach.evidence, breach.node
            for reference in breach.evidence:
                assert exhibit(sample, reference).text.strip(), reference
                seen += 1
    assert seen


def test_every_reference_of_the_graph_opens(sample: Case) -> None:
    """Nodes, edges and findings cite only places that exist."""
    graph = sample.graph()
    cited = {place for node in graph.nodes for place in node.evidence}
    cited |= {place for edge in graph.edges for place in edge.evidence}
    cited |= {place for finding in graph.findings for place in finding.evidence}
    cited |= {place for barrier in graph.barriers for place in barrier.evidence}
    for reference in sorted(cited):
        assert exhibit(sample, reference).text.strip(), reference


def test_the_accounting_adds_up_and_the_checks_pass(sample: Case) -> None:
    """Every record is accounted for, and the graph passes its own checks."""
    assert all(source.accounting.read > 0 for source in sample.timeline().sources)
    assert [check.id for check in sample.graph().checks if not check.passed] == []


def test_rival_positions_are_both_possible_and_differ(sample: Case) -> None:
    """Two positions stand side by side, and they lay the harm on different shoulders."""
    rows = sample.compare().positions
    assert len(rows) >= 2
    shares = [row.shares for row in rows]
    assert all(row is not None for row in shares), [row.reason for row in rows]
    assert len({str(row) for row in shares}) == len(rows)


def test_the_public_incident_is_shown_as_wide_as_it_is() -> None:
    """From the outside little can be said: ranges over public statements are wide."""
    case = Case.open(resource("sample_incidents/cost-explorer-2025"))
    shares = [party.share for party in case.attribute().parties if party.breaches]
    assert max(share.high - share.low for share in shares) > 0.3
    assert not case.manifest.synthetic
    assert case.manifest.wanted_records


def test_the_strangers_commit_is_found_from_its_metadata() -> None:
    """Of the whole history one commit is anomalous, without anything in case.yaml naming it."""
    case = Case.open(resource("sample_incidents/amazon-q-extension-2025"))
    found = [item for item in case.graph().findings if item.rule == "provenance-anomaly"]
    assert [item.nodes[0] for item in found] == ["anomalous_commit_678851b"]
    owner = case.graph().node("anomalous_commit_678851b").party
    assert [party.role for party in case.manifest.parties if party.id == owner] == ["third_party"]


def points(folder: Path) -> dict[str, float]:
    """Return the point share of each role in a case."""
    return {role: share.point for role, share in Case.open(folder).attribute().by_role.items()}


def edit(folder: Path, old: str, new: str) -> None:
    """Change one passage of a case's manifest, which must be there once."""
    path = folder / "case.yaml"
    text = path.read_text("utf-8")
    assert text.count(old) == 1, old
    path.write_text(text.replace(old, new), "utf-8")


def test_an_enforced_policy_moves_the_share_to_whoever_got_round_it(flagship: Path) -> None:
    """With approval enforced by the platform, the agent that went ahead bears more."""
    before = points(flagship)
    edit(
        flagship,
        "demands: production_approval\n    enforced: false",
        "demands: production_approval\n    enforced: true",
    )
    after = points(flagship)
    assert after["agent"] > before["agent"]
    assert after["organisation"] < before["organisation"]


def test_an_approval_that_was_given_lifts_the_duty(flagship: Path) -> None:
    """With the approval on record, nobody owed it, and the organisation bears nothing for it."""
    path = flagship / "case.yaml"
    given = "approvals:\n  - {control: production_approval, covers: cost-view, by: svc-eng-2}\n"
    path.write_text(path.read_text("utf-8") + "\n" + given, "utf-8")
    breaches = {
        breach.node
        for party in Case.open(flagship).attribute().parties
        for breach in party.breaches
    }
    assert not [name for name in breaches if name.startswith("production_approval")]


def test_a_policy_nobody_had_is_the_organisations(flagship: Path) -> None:
    """Without the policy the deployer owed no approval, and the organisation owed the policy."""
    edit(flagship, "demands: production_approval", "demands: checks")
    owners = {
        breach.node: party.role
        for party in Case.open(flagship).attribute().parties
        for breach in party.breaches
        if breach.node.startswith("production_approval")
    }
    assert owners == {"production_approval_not_demanded_cost_view": "organisation"}
