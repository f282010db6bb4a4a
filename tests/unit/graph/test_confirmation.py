"""What a record of the causation confirms, kinds of defect, and factor codes of findings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from attribution.graph.conclusions import join_tests
from attribution.model.graph import CausalGraph, Edge, Finding
from attribution.model.interval import Interval
from attribution.model.manifest import Decision, DeclaredDefect
from tests.unit.graph.recorded import OVERREACH
from tests.unit.graph.test_changes import BAD, BROKEN, commit

RUNNING = "release:running_bbbbbbb"
STEP = "release:running_bbbbbbb:failure_shop"


def finding(graph: CausalGraph, name: str) -> Finding:
    """Return the finding of this id."""
    return next(item for item in graph.findings if item.id == name)


def test_git_ancestry_confirms_the_release_and_not_that_it_broke_the_service() -> None:
    """The record shows the change running; that it made the service fail is a person's to say."""
    graph = BROKEN.graph()
    released, step = finding(graph, RUNNING), finding(graph, STEP)
    assert (released.status, released.confirmed_by) == ("confirmed", "record: git ancestry")
    assert not released.awaits_decision
    assert step.status == "proposed"
    assert step.awaits_decision
    assert [test.counterfactual[:3] for test in step.tests] == ["no:"]
    assert not any(node.is_breach and node.status == "confirmed" for node in graph.nodes)


@pytest.mark.parametrize(
    ("status", "confirmed_by"),
    [("confirmed", "person: lead"), ("contested", None), ("rejected", None)],
)
def test_a_person_overrules_the_record_and_withdrawn_the_record_holds(
    status: str, confirmed_by: str | None
) -> None:
    """A decision shows who took it; taken back, the record confirms again."""
    decided = BROKEN.with_manifest(decisions=(Decision(RUNNING, status, "lead", None),))
    found = finding(decided.graph(), RUNNING)
    assert (found.status, found.confirmed_by) == (status, confirmed_by)
    back = (*decided.manifest.decisions, Decision(RUNNING, "proposed", "lead", None))
    found = finding(BROKEN.with_manifest(decisions=back).graph(), RUNNING)
    assert found.confirmed_by == "record: git ancestry"


def test_a_rejected_step_leaves_its_ends_where_they_are() -> None:
    """Rejected, the change ran all the same and the failure has no known cause."""
    case = BROKEN.with_manifest(decisions=(Decision(STEP, "rejected", "lead", None),))
    graph = case.graph()
    assert graph.node("failure_shop").equation is None
    assert graph.node("running_bbbbbbb").status == "confirmed"


@pytest.mark.parametrize(
    ("files", "kind", "effect"),
    [
        (("deploy/values.yaml", "README.md"), "configuration", Interval(0.1, 0.35, 0.75)),
        (("package-lock.json",), "interface", Interval(0.05, 0.3, 0.7)),
        (("src/price.py",), None, Interval(0.15, 0.45, 0.85)),
        (("src/price.py", "deploy/values.yaml"), None, Interval(0.15, 0.45, 0.85)),
    ],
)
def test_the_files_of_a_change_tell_the_kind_of_defect_or_leave_it_open(
    files: tuple[str, ...], kind: str | None, effect: Interval
) -> None:
    """Configuration alone and versions alone tell it; code, or a mixture, does not."""
    changed = (commit(BAD, -60, files=files), *BROKEN.commits[1:])
    (barrier,) = replace(BROKEN, commits=changed).graph().barriers
    assert (barrier.defect, barrier.effectiveness) == (kind, effect)


def test_a_person_says_what_kind_of_defect_it_was() -> None:
    """The author's entry comes before the files, and is named with its reason."""
    entry = DeclaredDefect("bbbbbbb", "performance", "lead", "the profile")
    (barrier,) = BROKEN.with_manifest(defects=(entry,)).graph().barriers
    assert barrier.defect == "performance"
    assert barrier.defect_because == "lead says in case.yaml: the profile"


def test_an_agents_overreach_shows_its_factor_code() -> None:
    """The rule compared task and operation, which is what the code is shown by."""
    assert finding(OVERREACH.graph(), "scope:overreach_shop").factors == ("scope_overreach",)


def test_a_contested_step_opens_the_shares_that_rest_on_it() -> None:
    """That the change ran stays shown by its record; that it broke the service may be so or not."""
    contested = BROKEN.with_manifest(decisions=(Decision(STEP, "contested", "the lead", None),))
    graph = contested.graph()
    edge = next(it for it in graph.edges if it.finding == STEP)
    assert (edge.status, finding(graph, RUNNING).status) == ("contested", "confirmed")
    for sure, either in zip(BROKEN.attribute().parties, contested.attribute().parties, strict=True):
        assert either.share.low <= sure.share.low
        assert either.share.high >= sure.share.high
    before, after = (case.attribute().unattributed for case in (BROKEN, contested))
    assert before.high < after.high == pytest.approx(1.0)


def test_the_steps_between_a_breach_and_what_it_led_to_are_confirmed_with_all_they_serve() -> None:
    """The control that did not hold has no finding; its steps wait for both breaches, no longer."""
    steps = (("asked", "absent"), ("enforced", "absent"), ("absent", "held"), ("catch", "held"))
    edges = [Edge(*ends, "policy", "no: x", "y") for ends in (*steps, ("held", "act"))]
    breaches = [
        Finding(f"policy:{name}", "policy", 1, "", "proposed", (), "", (name,))
        for name in ("asked", "enforced")
    ]
    act = Finding("acts:act", "acts", 1, "", "proposed", (), "", ("act",))
    confirmed = [replace(it, status="confirmed", confirmed_by="person: a") for it in breaches]
    for found, wanted in (
        ([*breaches, act], set()),
        ([confirmed[0], breaches[1], act], {("asked", "absent")}),
        ([*confirmed, act], {(edge.source, edge.target) for edge in edges}),
    ):
        _, settled = join_tests(found, edges)
        assert {
            (it.source, it.target) for it in settled if it.confirmed_by == "person: a"
        } == wanted
