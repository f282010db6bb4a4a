"""What happened, in what order: the picture, the key events, the response in figures."""

from __future__ import annotations

from attribution.model.clock import ESTIMATED
from attribution.report.blocks import (
    Block,
    Figure,
    Inlines,
    KeyFigure,
    KeyFigures,
    Paragraph,
    Row,
    text,
)
from attribution.report.layout.timeline import TimelineWords, draw_timeline
from attribution.report.layout.timeline_axis import Flag
from attribution.report.sections.digest import build_digest
from attribution.report.sections.events import key_events, shorten
from attribution.report.selection import select_key
from attribution.report.timeline_lanes import list_lanes
from attribution.report.view import NONE, View
from attribution.timeline.response import Delay, find_impact

_NARROW, _WIDE = 740.0, 1040.0
_MOST_DRAWN = 60
"""Key events drawn of a timeline too long to be listed, of undated ones a fifth of it."""

_MANY = 18
"""Key events from which the picture of the timeline is wide (points)."""


def build_chronology(view: View) -> list[Block]:
    """Return the timeline as a picture, the response in figures, and the key events as a table."""
    return _build(view, "chronology", with_response=True)


def build_timeline(view: View) -> list[Block]:
    """Return the timeline alone, for a document that shows the response elsewhere."""
    return _build(view, "timeline", with_response=False)


def _intro(view: View) -> Inlines:
    """Return what the times are, and of which sources a correction rests on an estimate."""
    said, estimated = view.wording.runs("chronology.intro"), tell_estimates(view)
    return (*said, *text(" "), *estimated) if estimated else said


def tell_estimates(view: View) -> Inlines:
    """Return of which sources the clock offset is an estimate; nothing where none is."""
    estimated = [
        f"{source.evidence} ({source.offset_seconds:+g} s ± {source.offset_error_seconds:g} s)"
        for source in view.analysis.timeline.sources
        if source.offset_basis == ESTIMATED
    ]
    if not estimated:
        return ()
    return view.wording.runs("chronology.estimated", sources=", ".join(estimated))


def _build(view: View, section: str, *, with_response: bool) -> list[Block]:
    blocks: list[Block] = [view.section(section)]
    if not view.analysis.timeline.events and not view.analysis.timeline.undated:
        return [*blocks, Paragraph(view.wording.runs("chronology.empty"))]
    blocks += [Paragraph(_intro(view)), timeline_figure(view)]
    blocks += build_digest(view)
    if with_response:
        blocks += response_blocks(view)
    if view.key_events:
        blocks.append(view.subsection("chronology.key"))
        blocks.append(Paragraph(view.wording.runs("chronology.key_intro")))
        blocks += key_events(view)
    return blocks


def timeline_figure(view: View) -> Figure:
    """Return the picture of the timeline; its text equivalent is the table of events."""
    drawn = view.key_events
    if view.digest is not None:
        drawn = select_key(view.analysis, _MOST_DRAWN)
    key = {event.id for event in drawn}
    undated = view.analysis.timeline.undated[: None if view.digest is None else _MOST_DRAWN // 5]
    numbers = {
        event: number
        for event, number in view.event_numbers.items()
        if event in key or number.startswith("U")
    }
    events = view.analysis.timeline.events
    everything = (*events, *undated)
    legend = ("key", "other", "impact", "uncertain", "undecided", "cut", "undated")
    words = TimelineWords(
        numbers,
        {
            event.id: shorten(event.text or event.kind, 120).replace("\n", " ")
            for event in everything
        },
        {name: view.wording.text(f"chronology.legend.{name}") for name in legend},
        view.wording.text("chronology.undated"),
        view.duration,
        lambda event: view.anchor("event", event),
    )
    flags = [Flag(view.wording.term("steps", mark.step), mark.time) for mark in view.marks]
    impact = find_impact(view.marks)
    width = _WIDE if len(key) > _MANY else _NARROW
    picture = draw_timeline(list_lanes(view), undated, flags, impact, words, width)
    said = "; ".join(f"{flag.words} {view.time(flag.time)} UTC" for flag in flags)
    count = len(events) if view.digest is None else view.digest.dated
    return Figure(
        picture,
        view.wording.text("chronology.figure"),
        view.wording.text(
            "chronology.alternative", count=count, shown=len(key), marks=said or NONE
        ),
        view.anchor("figure", "timeline"),
    )


def response_blocks(view: View) -> list[Block]:
    """Return how long each step of the response took, with the records it comes from."""
    marks = {mark.step: mark for mark in view.marks}
    start = marks.get("start")
    if start is None:
        return []
    blocks: list[Block] = [view.subsection("response.title")]
    figures = []
    for step in ("detected", "acknowledged", "mitigated", "recovered"):
        mark = marks.get(step)
        value = NONE if mark is None else view.length(view.delays[step].seconds)
        detail = view.wording.text("response.not_on_record")
        if mark is not None:
            detail = f"{view.time(mark.time)} UTC"
            if view.delays[step].in_order is None:
                detail = f"{detail}; {view.wording.text('response.open')}"
        figures.append(KeyFigure(value, view.wording.term("steps_after", step), detail))
    rows = []
    for mark in view.marks:
        source: Inlines = text(mark.source)
        event: Inlines = text(NONE)
        if mark.event is not None:
            source, event = view.references(mark.event.references), view.event_link(mark.event)
        after = NONE if mark.step == "start" else _tell_delay(view, view.delays[mark.step])
        name = text(view.wording.term("steps", mark.step), "strong")
        rows.append(Row((name, text(view.time(mark.time)), text(after), event, source)))
    columns = "step:text:1.3 time:time:1.6 after:text:1 number:reference:0.6 evidence:reference:2"
    return [*blocks, KeyFigures(tuple(figures)), view.table("response", columns, rows)]


def _tell_delay(view: View, delay: Delay) -> str:
    told = view.length(delay.seconds)
    return told if delay.in_order is not None else f"{told}; {view.wording.text('response.open')}"
