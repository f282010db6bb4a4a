"""What happened, in what order: the picture, the key events, the response in figures."""

from __future__ import annotations

from collections.abc import Iterable

from attribution.model.clock import ESTIMATED
from attribution.model.event import Event
from attribution.model.instant import SECOND
from attribution.report.blocks import (
    Block,
    Figure,
    Inlines,
    KeyFigure,
    KeyFigures,
    Paragraph,
    Row,
    Table,
    join,
    text,
)
from attribution.report.layout.timeline import Lane, TimelineWords, draw_timeline
from attribution.report.layout.timeline_axis import Flag
from attribution.report.response import Delay, find_impact
from attribution.report.view import NONE, View

_LONG = 400
"""Characters of a record's text shown in a table; the record itself has the rest."""

_MAX_LANES = 10

_NARROW, _WIDE = 740.0, 1040.0
_MANY = 18
"""Key events from which the picture of the timeline is wide (points)."""

_MAX_LISTED = 2000
"""Events listed in the annex; `attribution timeline` has them all."""


def build_chronology(view: View) -> list[Block]:
    """Return the timeline as a picture, the response in figures, and the key events as a table."""
    return _build(view, "chronology", with_response=True)


def build_timeline(view: View) -> list[Block]:
    """Return the timeline alone, for a document that shows the response elsewhere."""
    return _build(view, "timeline", with_response=False)


def _intro(view: View) -> Inlines:
    """Return what the times are, and of which sources a correction rests on an estimate."""
    said = view.wording.runs("chronology.intro")
    estimated = [
        f"{source.evidence} ({source.offset_seconds:+g} s ± {source.offset_error_seconds:g} s)"
        for source in view.analysis.timeline.sources
        if source.offset_basis == ESTIMATED
    ]
    if not estimated:
        return said
    named = view.wording.runs("chronology.estimated", sources=", ".join(estimated))
    return (*said, *text(" "), *named)


def _build(view: View, section: str, *, with_response: bool) -> list[Block]:
    blocks: list[Block] = [view.section(section)]
    if not view.analysis.timeline.events and not view.analysis.timeline.undated:
        return [*blocks, Paragraph(view.wording.runs("chronology.empty"))]
    blocks += [Paragraph(_intro(view)), timeline_figure(view)]
    if with_response:
        blocks += response_blocks(view)
    if view.key_events:
        blocks.append(view.subsection("chronology.key"))
        blocks.append(Paragraph(view.wording.runs("chronology.key_intro")))
        blocks.append(_event_table(view, view.key_events, "chronology.key_table", annex=False))
    return blocks


def build_annex(view: View) -> list[Block]:
    """Return every event of the merged timeline, undated ones apart."""
    timeline = view.analysis.timeline
    blocks: list[Block] = [view.section("annex"), Paragraph(view.wording.runs("annex.intro"))]
    listed = _listed(view)
    if listed:
        blocks.append(_event_table(view, listed, "annex.events", annex=True))
    left_out = len(timeline.events) - len(listed)
    if left_out:
        blocks.append(Paragraph(view.wording.runs("annex.left_out", count=left_out)))
    if timeline.undated:
        blocks.append(_event_table(view, timeline.undated, "annex.undated", annex=True))
    return blocks


def _listed(view: View) -> tuple[Event, ...]:
    """Return the events to list: all, or where there are too many the key ones and the first."""
    events = view.analysis.timeline.events
    if len(events) <= _MAX_LISTED:
        return tuple(events)
    key = {event.id for event in view.key_events}
    order = sorted(range(len(events)), key=lambda index: (events[index].id not in key, index))
    return tuple(events[index] for index in sorted(order[:_MAX_LISTED]))


def timeline_figure(view: View) -> Figure:
    """Return the picture of the timeline; its text equivalent is the table of events."""
    key = {event.id for event in view.key_events}
    undated = view.analysis.timeline.undated
    numbers = {
        event: number
        for event, number in view.event_numbers.items()
        if event in key or number.startswith("U")
    }
    everything = (*view.analysis.timeline.events, *undated)
    legend = ("key", "other", "impact", "uncertain", "undecided", "cut", "undated")
    words = TimelineWords(
        numbers,
        {
            event.id: _shorten(event.text or event.kind, 120).replace("\n", " ")
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
    picture = draw_timeline(_lanes(view), undated, flags, impact, words, width)
    said = "; ".join(f"{flag.words} {view.time(flag.time)} UTC" for flag in flags)
    count = len(view.analysis.timeline.events)
    return Figure(
        picture,
        view.wording.text("chronology.figure"),
        view.wording.text(
            "chronology.alternative", count=count, shown=len(key), marks=said or NONE
        ),
        view.anchor("figure", "timeline"),
    )


def _lanes(view: View) -> list[Lane]:
    """Return a lane for each actor, or for each kind of record where people are not to be named.

    Actors come in the order of their parties; of more than fit, those without a key event and the
    least busy share one lane.
    """
    groups: dict[str, list[Event]] = {}
    for event in view.analysis.timeline.events:
        groups.setdefault(_lane_name(view, event), []).append(event)
    order = {name: index for index, name in enumerate(_lane_order(view))}
    names = sorted(groups, key=lambda name: (order.get(name, len(order)), name))
    if len(names) > _MAX_LANES:
        key = {event.id for event in view.key_events}
        keys = {name: sum(event.id in key for event in groups[name]) for name in names}
        told = [name for name in names if keys[name]] or names
        busy = sorted(told, key=lambda name: (-keys[name], -len(groups[name]), name))
        busy = busy[: _MAX_LANES - 1]
        rest = [name for name in names if name not in busy]
        names = [name for name in names if name in busy]
        others = view.wording.text("chronology.others")
        merged = [
            event for event in view.analysis.timeline.events if _lane_name(view, event) in rest
        ]
        return [*(Lane(name, tuple(groups[name])) for name in names), Lane(others, tuple(merged))]
    return [Lane(name, tuple(groups[name])) for name in names]


def _lane_name(view: View, event: Event) -> str:
    family = view.wording.term("lanes", event.kind.split(".", maxsplit=1)[0])
    if view.learning:
        return family
    actor = event.actor or event.actor_name
    return family if actor is None else view.actor(actor)


def _lane_order(view: View) -> list[str]:
    if view.learning:
        return [words for _, words in view.wording.terms("lanes")]
    rank = {party.id: index for index, party in enumerate(view.analysis.manifest.parties)}
    actors = sorted(
        view.analysis.actors, key=lambda actor: (rank.get(actor.party or "", len(rank)), actor.id)
    )
    return [actor.name for actor in actors]


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


def _event_table(view: View, events: Iterable[Event], key: str, *, annex: bool) -> Table:
    rows = []
    for event in events:
        number: Inlines = text(view.event_numbers[event.id], "strong")
        if not annex:
            number = view.event_link(event)
        rows.append(
            Row(
                (
                    number,
                    _time_cell(view, event),
                    text(view.wording.term("kinds", event.kind.replace(".", "_"))),
                    text(view.who(event)),
                    _text_cell(view, event),
                    view.references(event.references),
                ),
                view.anchor("event", event.id) if annex else None,
            )
        )
    columns = (
        "number:reference:0.5 time:time:1.5 kind:text:1.2 actor:text:1.2 text:text:3.6 "
        "evidence:reference:1.7"
    )
    return view.table(key, columns, rows)


def _time_cell(view: View, event: Event) -> Inlines:
    """Return the time, its uncertainty, and the time of writing where that is another."""
    if event.time is None:
        return text(view.time(None), "small")
    parts = [text(view.time(event.time))]
    if event.time_low is not None and event.time_high is not None:
        slack = max(event.time - event.time_low, event.time_high - event.time)
        if slack >= _TELLING:
            parts.append(text(f"± {view.duration(slack)}", "small"))
    if event.written is not None and event.written != event.time:
        parts.append(
            text(view.wording.text("annex.written", time=view.time(event.written)), "small")
        )
    return join(parts, "\n")


def _text_cell(view: View, event: Event) -> Inlines:
    parts = [text(_shorten(event.text, _LONG) or NONE)]
    if event.data.get("edited"):
        edited = view.wording.text("annex.edited", time=event.data["edited"])
        parts.append(text(edited, "small"))
    others = [
        view.event_numbers[o] for o in event.order_undecidable_with if o in view.event_numbers
    ]
    if others:
        shown = ", ".join(others[:_SHOWN])
        if event.overlaps > _SHOWN:
            shown += f" … ({event.overlaps})"
        parts.append(text(view.wording.text("annex.undecided", others=shown), "small"))
    before = [view.event_numbers[one.event] for one in view.overlapping(event)]
    if before:
        shown = ", ".join(dict.fromkeys(before[:_SHOWN]))
        parts.append(text(view.wording.text("annex.ordered", others=shown), "small"))
    return join(parts, "\n")


_SHOWN = 6
_TELLING = SECOND // 100
"""Uncertainties below this are the resolution of the clock and tell the reader nothing."""


def _shorten(value: str, limit: int) -> str:
    return value if len(value) <= limit else f"{value[: limit - 1].rstrip()}…"
