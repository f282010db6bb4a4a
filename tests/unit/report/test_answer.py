"""The answer on the first page: the largest share first, how sure it is, and what decides it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from attribution.model.interval import Interval
from attribution.report.blocks import Notice, Table, plain
from attribution.report.sections.answer import build_answer
from attribution.report.sections.summary import build_summary
from attribution.report.view import View

if TYPE_CHECKING:
    from attribution.model.analysis import Analysis

SHARES = {
    "agent": Interval(0.1, 0.2, 0.3),
    "deployer": Interval(0.4, 0.5, 0.6),
    "organisation": Interval(0.2, 0.3, 0.35),
}


def with_shares(analysis: Analysis, **changed: Interval) -> Analysis:
    """Return the analysis with these shares on the whole record, and in its first position."""
    shares = SHARES | changed
    parties = tuple(
        replace(party, share=shares[party.id]) for party in analysis.attribution.parties
    )
    first, *rest = analysis.comparison.positions
    positions = (replace(first, shares=SHARES), *(replace(one, shares=None) for one in rest))
    return replace(
        analysis,
        attribution=replace(analysis.attribution, parties=parties),
        comparison=replace(analysis.comparison, positions=positions),
    )


def answer_of(analysis: Analysis) -> list[str]:
    return plain(build_answer(View(analysis, "legal")).runs).split("\n")


def test_the_largest_share_is_told_and_listed_first(analysis: Analysis) -> None:
    """Answer and table have one order, with the ends of the range beside the point."""
    view = View(with_shares(analysis), "legal")
    blocks = build_summary(view)
    (answer,) = (one for one in blocks if isinstance(one, Notice) and one.kind == "answer")
    table = next(one for one in blocks if isinstance(one, Table))
    assert plain(answer.runs).startswith(
        "Harbour Platform Team, deployer: 50.0\u00a0%, between 40.0 and 60.0\u00a0%."
    )
    assert [plain(row.cells[0]) for row in table.rows][:3] == [
        "Harbour Platform Team", "Lighthouse Metrics", "Fernweh Coding Agent",
    ]  # fmt: skip


@pytest.mark.parametrize(("high", "told"), [(0.39, "do not meet"), (0.41, "ranges overlap")])
def test_it_says_whether_the_ranges_settle_who_bears_most(
    analysis: Analysis, high: float, told: str
) -> None:
    shares = with_shares(analysis, organisation=Interval(0.2, 0.3, high))
    assert told in answer_of(shares)[-1]


def test_it_names_the_position_under_which_another_bears_most(analysis: Analysis) -> None:
    """A party that leads on the whole record is not said to lead where it does not."""
    agreed = with_shares(analysis)
    first = agreed.comparison.positions[0].id
    assert "Under every position (1) Harbour Platform Team has" in answer_of(agreed)[-1]
    turned = with_shares(
        analysis, deployer=Interval(0.2, 0.3, 0.4), organisation=Interval(0.4, 0.5, 0.6)
    )
    said = f"has the largest share on the whole record, but not under position {first}."
    said = f"Lighthouse Metrics {said}"
    assert said in answer_of(turned)[-1]


def test_it_names_what_decides_and_what_awaits_a_person(analysis: Analysis) -> None:
    """The first crux and the count of open findings; neither where there is none."""
    said = answer_of(analysis)[-1]
    ranked = analysis.attribution.cruxes or analysis.comparison.cruxes
    assert ranked[0].statement in said
    open_findings = sum(f.status in {"proposed", "contested"} for f in analysis.graph.findings)
    assert f"await a person's decision: {open_findings}." in said
    settled = replace(
        analysis,
        graph=replace(analysis.graph, findings=()),
        attribution=replace(analysis.attribution, cruxes=()),
        comparison=replace(analysis.comparison, cruxes=()),
    )
    assert "await" not in answer_of(settled)[-1]
    assert "moves a share" not in answer_of(settled)[-1]


def test_what_is_unattributed_is_told_with_its_range_unless_it_is_nothing(
    analysis: Analysis,
) -> None:
    some = replace(analysis.attribution, unattributed=Interval(0.0, 0.1, 0.2))
    none = replace(analysis.attribution, unattributed=Interval(0.0, 0.0, 0.0))
    assert any(
        "10.0\u00a0% (0.0 to 20.0\u00a0%)" in line
        for line in answer_of(replace(analysis, attribution=some))
    )
    assert any(
        "every part of the harm" in line for line in answer_of(replace(analysis, attribution=none))
    )


def test_a_range_that_is_no_range_is_not_told_as_one(analysis: Analysis) -> None:
    exact = with_shares(analysis, deployer=Interval(1.0, 1.0, 1.0))
    assert answer_of(exact)[0] == (
        "Harbour Platform Team, deployer: 100.0\u00a0%, at both ends of its range."
    )
