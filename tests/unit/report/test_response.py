from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from attribution.model.instant import MINUTE
from attribution.timeline.response import STEPS, find_impact, find_marks

if TYPE_CHECKING:
    from attribution.model.analysis import Analysis


def test_each_step_comes_from_its_record(analysis: Analysis) -> None:
    marks = find_marks(analysis)
    assert [mark.step for mark in marks] == list(STEPS)
    assert [mark.source for mark in marks] == [
        "E8#line 2",
        "E3#/0",
        "E3#/3",
        "E6#/incident_updates/1",
        "E8#line 3",
    ]
    start, end = find_impact(marks) or (0, 0)
    assert end - start == (13 * 60 + 3) * MINUTE


def test_alert_before_the_impact_is_not_its_detection(analysis: Analysis) -> None:
    """An alert of an earlier week is not counted as noticing this failure."""
    alert = next(event for event in analysis.timeline.events if event.kind == "alert.triggered")
    earlier = replace(
        analysis.timeline.events[0], id="old", kind="alert.triggered", data=alert.data
    )
    timeline = replace(analysis.timeline, events=(earlier, *analysis.timeline.events))
    marks = find_marks(replace(analysis, timeline=timeline))
    assert next(mark for mark in marks if mark.step == "detected").event == alert


def test_declared_harm_bounds_the_impact_where_no_record_does(analysis: Analysis) -> None:
    events = tuple(event for event in analysis.timeline.events if event.kind != "impact")
    marks = find_marks(replace(analysis, timeline=replace(analysis.timeline, events=events)))
    by_step = {mark.step: mark for mark in marks}
    assert by_step["start"].source == "declared with the harm"
    assert by_step["recovered"].time == analysis.manifest.harms[1].end


def test_nothing_is_guessed_without_records(analysis: Analysis) -> None:
    bare = replace(
        analysis,
        timeline=replace(analysis.timeline, events=()),
        manifest=replace(analysis.manifest, harms=()),
    )
    assert find_marks(bare) == ()
    assert find_impact(()) is None
