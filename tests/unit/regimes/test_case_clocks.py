"""The clocks of a case start from what it declares, else from what its records show."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from attribution.errors import InputError
from attribution.model.instant import HOUR, Instant, format_instant, parse_instant
from attribution.model.oversight import Deployment
from attribution.model.reporting import Reporting, ReportingAnswer
from attribution.regimes.case_clocks import count_case, name_in_force
from attribution.regimes.deadlines import load_deadlines
from attribution.regimes.notifications import load_notifications
from attribution.report.fillers import FILLERS
from attribution.timeline.response import find_marks
from tests.unit.report.builder import build_analysis

if TYPE_CHECKING:
    from attribution.model.analysis import Analysis

ANALYSIS = build_analysis()
AWARE = parse_instant("2028-03-01T10:00:00Z")
ACT = "eu-ai-act-73"


def reporting(*answers: tuple[str, bool], **moments: Instant) -> Analysis:
    """Return the case with these answers of counsel and these moments declared."""
    given = tuple(ReportingAnswer(name, value, "counsel") for name, value in answers)
    block = Reporting(moments=moments, answers=given)
    return replace(ANALYSIS, manifest=replace(ANALYSIS.manifest, reporting=block))


def test_awareness_nobody_declared_is_the_first_alert_and_says_so() -> None:
    """The first alert on record starts the clocks, with its evidence, as a proposal."""
    alert = next(mark for mark in find_marks(ANALYSIS) if mark.step == "detected")
    moment = count_case(ANALYSIS).find_moment("aware")
    assert moment is not None
    assert (moment.time, moment.evidence) == (alert.time, (alert.source,))
    assert "put forward" in moment.origin


def test_a_declared_moment_wins_and_a_given_one_over_it() -> None:
    """case.yaml over the records, the command over case.yaml."""
    declared = count_case(reporting(aware=AWARE)).find_moment("aware")
    given = count_case(reporting(aware=AWARE), {"aware": Instant(AWARE + HOUR)}).find_moment(
        "aware"
    )
    assert declared is not None
    assert given is not None
    assert (declared.time, given.time) == (AWARE, AWARE + HOUR)


def test_a_rule_not_in_force_then_is_not_owed_unless_counsel_says_so() -> None:
    """The date of the AI Act's rule is an inference: a person can have it count."""
    early = reporting(aware=parse_instant("2026-03-01T10:00:00Z"))
    insisted = reporting((name_in_force(ACT), True), aware=parse_instant("2026-03-01T10:00:00Z"))
    assert ACT not in [clock.deadline.id for clock in count_case(early).running]
    assert ACT in [clock.deadline.id for clock in count_case(insisted).running]


def test_what_was_changed_before_the_authority_was_told_is_named() -> None:
    """Deployments between awareness and the first report are held against article 73(6)."""

    def deployed(name: str, hours: int) -> Deployment:
        at = Instant(AWARE + hours * HOUR)
        return Deployment(name, "0" * 40, "production", None, "ci", at, "success", (f"E1#{name}",))

    case = replace(
        reporting(aware=AWARE, informed=Instant(AWARE + 5 * HOUR)),
        deployments=(deployed("before", -1), deployed("between", 2), deployed("after", 6)),
    )
    [freeze] = count_case(case).freezes
    assert [change.id for change in freeze.changes] == ["between"]
    told_at_once = replace(case, deployments=case.deployments[::2])
    assert count_case(told_at_once).freezes == ()
    refused = replace(reporting(("high_risk", False), aware=AWARE), deployments=case.deployments)
    assert count_case(refused).freezes == ()


def test_an_answer_to_no_question_is_refused_with_the_place() -> None:
    """A misspelt question is never passed over in silence."""
    with pytest.raises(InputError) as raised:
        count_case(reporting(("high_risc", True)))
    told = raised.value.diagnostics()
    assert "reporting.answers[0].question" in str(told)
    assert "high_risk" in str(told)


def test_days_begin_in_the_zone_of_the_case() -> None:
    """23:30 UTC is the next day in Berlin: the fifteen days end a day later there."""
    late = parse_instant("2028-03-01T23:30:00Z")
    here = reporting(aware=late)
    assert here.manifest.reporting is not None
    there = replace(
        here,
        manifest=replace(
            here.manifest, reporting=replace(here.manifest.reporting, zone="Europe/Berlin")
        ),
    )

    def due(case: Analysis) -> str:
        step = count_case(case, regime=ACT).clocks[0].steps[0]
        assert step.due is not None
        return step.due.to_dict()["conservative"]

    assert (due(here), due(there)) == ("2028-03-16", "2028-03-17")
    assert format_instant(late).startswith("2028-03-01")


def test_every_report_of_every_rule_has_its_blocks() -> None:
    """The two tables name the same rules and steps, and only fillers that there are."""
    templates = load_notifications()
    for name, rule in load_deadlines().items():
        assert list(templates[name].reports) == [step.name for step in rule.steps]
    assert list(templates) == list(load_deadlines())
    used = {
        block.fill
        for template in templates.values()
        for blocks in template.reports.values()
        for block in blocks
        if block.fill
    }
    assert used == set(FILLERS)
