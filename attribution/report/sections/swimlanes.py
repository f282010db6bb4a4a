"""Who approved what when: swim lanes of each change that something rests on or that lacked."""

from __future__ import annotations

from attribution.model.oversight import ChangeReview
from attribution.report.blocks import Block, Figure, Paragraph
from attribution.report.lanes import draw_course, list_releases
from attribution.report.layout.act_marks import SYMBOLS
from attribution.report.layout.swimlanes import LaneWords, SwimLane, draw_swimlanes
from attribution.report.layout.timeline_axis import Flag
from attribution.report.sequence import write_sequence
from attribution.report.view import View

MOST = 6
"""Changes drawn; the tables beside have all of them."""

_SHORT = 7
_MOST_FLAGS = 3
_BEARERS = ("person", "machine", "account")
_BESIDE = ("uncertain", "undecided", "cut")


def build_swimlanes(view: View) -> list[Block]:
    """Return the section for a document without the tables of changes; nothing without a record."""
    figures = swimlane_figures(view)
    return [view.section("swimlanes"), *figures] if figures else []


def swimlane_figures(view: View) -> list[Block]:
    """Return how to read the lanes, and those of the changes that mattered, foremost first."""
    chosen = _choose(view)
    drawn: list[Block] = [
        _figure(view, review, lanes)
        for review in chosen[:MOST]
        if (lanes := draw_course(view, review))
    ]
    if not drawn:
        return []
    intro = Paragraph(view.wording.runs("swimlanes.intro"))
    if len(chosen) <= MOST:
        return [intro, *drawn]
    left = view.wording.runs("swimlanes.left_out", count=len(chosen) - MOST)
    return [intro, *drawn, Paragraph(left, "small")]


def _choose(view: View) -> list[ChangeReview]:
    """Return the changes a statement rests on, then those that lacked something."""
    cited = {ref for node in view.analysis.graph.nodes for ref in node.evidence}
    reviews = [review for review in view.analysis.reviews if review.course]
    resting = [one for one in reviews if not cited.isdisjoint(_references(one))]
    lacking = [one for one in reviews if one.shortfalls and one not in resting]
    return [*resting, *lacking]


def _references(review: ChangeReview) -> set[str]:
    return {*review.references, *(step.reference for step in review.course)}


def _figure(view: View, review: ChangeReview, lanes: tuple[SwimLane, ...]) -> Figure:
    wording = view.wording
    words = LaneWords(
        {name: wording.text(f"swimlanes.legend.{name}") for name in (*SYMBOLS, *_BESIDE)},
        {name: wording.text(f"swimlanes.legend_bearers.{name}") for name in _BEARERS},
        wording.text("swimlanes.undated"),
        view.duration,
    )
    number = f"#{review.number}"
    about = number if review.title == number else f"{number}, {review.title}"
    acts = sorted(
        (act for lane in lanes for act in lane.acts),
        key=lambda act: (act.time is None, act.time or 0, act.symbol == "empty"),
    )
    told = "; ".join(act.title for act in acts)
    return Figure(
        draw_swimlanes(lanes, _flags(view, review), words),
        wording.text("swimlanes.figure", change=about),
        wording.text("swimlanes.alternative", change=about, acts=told),
        view.anchor("figure", f"approvals {review.repository or ''} {review.number}"),
        write_sequence(lanes, number, view.time),
    )


def _flags(view: View, review: ChangeReview) -> list[Flag]:
    """Return the merge with the head it took in, and when the change first ran where."""
    flags = []
    if review.merged is not None:
        head = (review.head or "")[:_SHORT]
        flags.append(Flag(view.wording.text("swimlanes.flag_merged", head=head), review.merged))
    for one in list_releases(view, review)[:_MOST_FLAGS]:
        if one.time is not None:
            said = view.wording.text("swimlanes.flag_released", environment=one.environment)
            flags.append(Flag(said, one.time))
    return flags
