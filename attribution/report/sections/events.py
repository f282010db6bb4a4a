"""Events as tables: those the analysis rests on, and in the annex every one that is listed."""

from __future__ import annotations

from collections.abc import Iterable

from attribution.model.event import Event
from attribution.model.instant import SECOND
from attribution.report.blocks import Block, Inlines, Paragraph, Row, Table, join, text
from attribution.report.digest import Digest
from attribution.report.facets import tell_facets
from attribution.report.selection import select_key
from attribution.report.view import NONE, View

_LONG = 400
"""Characters of a record's text shown in a table; the record itself has the rest."""

_MOST_KEY = 100
"""Key events shown where the timeline is too long to be listed; the annex has the others."""

_SHOWN = 6
_TELLING = SECOND // 100
"""Uncertainties below this are the resolution of the clock and tell the reader nothing."""


def key_events(view: View) -> list[Block]:
    """Return the table of the events that the analysis rests on."""
    events = view.key_events
    if view.digest is not None:
        events = select_key(view.analysis, _MOST_KEY)
    blocks: list[Block] = [event_table(view, events, "chronology.key_table", annex=False)]
    total = len(view.key_events) if view.digest is None else view.digest.key
    if total > len(events):
        count = view.number(total - len(events))
        blocks.append(Paragraph(view.wording.runs("chronology.key_more", count=count)))
    return blocks


def build_annex(view: View) -> list[Block]:
    """Return every event of the merged timeline, or those shown of a long one; undated apart."""
    timeline, digest = view.analysis.timeline, view.digest
    intro = "annex.intro" if digest is None else "annex.intro_long"
    blocks: list[Block] = [view.section("annex"), Paragraph(view.wording.runs(intro))]
    if digest is not None:
        blocks.append(Paragraph(_say_where(view, digest)))
    if timeline.events:
        blocks.append(event_table(view, timeline.events, "annex.events", annex=True))
    if timeline.undated:
        blocks.append(event_table(view, timeline.undated, "annex.undated", annex=True))
    return blocks


def _say_where(view: View, digest: Digest) -> Inlines:
    """Return how many events are shown, and which file has them all."""
    timeline = view.analysis.timeline
    shown = len(timeline.events) + len(timeline.undated)
    total = digest.dated + digest.undated
    counts = {"shown": view.number(shown), "total": view.number(total)}
    if digest.annex is None:
        return view.wording.runs("annex.elsewhere", **counts)
    return view.wording.runs(
        "annex.file",
        name=text(digest.annex.name, "code"),
        sha256=text(digest.annex.sha256, "code"),
        rows=view.number(digest.annex.rows),
        **counts,
    )


def event_table(view: View, events: Iterable[Event], key: str, *, annex: bool) -> Table:
    """Return a table of events; those of the annex are what their numbers elsewhere lead to."""
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
                facets=tell_facets(view, event.references, event.actor or event.actor_name),
            )
        )
    wide = 0.5 if view.digest is None else 0.9
    columns = (
        f"number:reference:{wide} time:time:1.5 kind:text:1.2 actor:text:1.2 text:text:3.6 "
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
    parts = [text(shorten(event.text, _LONG) or NONE)]
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


def shorten(value: str, limit: int) -> str:
    """Return the text, cut to `limit` characters with an ellipsis."""
    return value if len(value) <= limit else f"{value[: limit - 1].rstrip()}…"
