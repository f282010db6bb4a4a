"""`attribution timeline`: the merged timeline of a case."""

from __future__ import annotations

import shutil
import textwrap
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from attribution.cli.options import (
    case_argument,
    format_option,
    json_option,
    print_json,
    print_text,
    say,
)
from attribution.cli.terminal import printable, printable_json, printable_line

if TYPE_CHECKING:
    from attribution.model.event import Event, Source, Timeline
    from attribution.model.gap import Gap

_NARROWEST = 60
_TEXT_AT_LEAST = 20
_WIDE = 140
_MOST_APART = 10
_UNITS = ((86_400_000_000, "d"), (3_600_000_000, "h"), (60_000_000, "m"), (1_000_000, "s"))


@click.command()
@case_argument
@format_option("table", "csv", "jsonl", "timesketch", "json", default="table")
@json_option
def command(case: Path, output_format: str, as_json: bool) -> None:
    """Show the merged timeline of CASE.

    Times are UTC, corrected for each source's clock. `~` marks an event whose order to some other
    event cannot be told, because the times at which either may have happened overlap: to the one
    above (`~↑`), to the one below (`~↓`), to both (`~↕`), or to one farther away. `>` marks an
    event that the times alone would not put after another, and a record does.

    Control characters and direction marks of records are spelt out, in CSV too; in JSON as its
    own escapes, which say the same.
    """
    import attribution

    opened = attribution.Case.open(case)
    timeline = opened.timeline()
    if as_json or output_format == "json":
        actors = [actor.to_dict() for actor in opened.actors]
        print_json({**timeline.to_dict(), "actors": actors})
        return
    if output_format == "table":
        width = shutil.get_terminal_size(fallback=(100, 24)).columns
        print_text(format_timeline(timeline, width))
        return
    from attribution.timeline import table

    writers = {
        "csv": (table.format_csv, printable),
        "jsonl": (table.format_jsonl, printable_json),
        "timesketch": (table.format_timesketch, printable_json),
    }
    write, defuse = writers[output_format]
    click.echo(defuse(write(timeline)), nl=False)
    if output_format == "timesketch" and timeline.undated:
        say(f"left out: {len(timeline.undated)} undated, which Timesketch has no place for")


def format_timeline(timeline: Timeline, width: int) -> str:
    """Return the timeline as a table of `width` columns (at least 60), then the accounting.

    No line of the table is wider, whatever the data hold; control characters are spelt out.
    """
    width = max(width, _NARROWEST)
    heads = ("time (UTC)", "±", "", "kind", "actor", "what", "item")
    events = (*timeline.events, *timeline.undated)
    orders = _orders(timeline.events) + [""] * len(timeline.undated)
    rows = [
        _row(event, order, wide=width >= _WIDE) for event, order in zip(events, orders, strict=True)
    ]
    limits = _limits(heads, rows, width)
    lines = [_line(heads, limits), _line(["─" * limit for limit in limits], limits)]
    lines += [_line(row, limits) for row in rows]
    if not rows:
        lines.append("no events: add evidence with `attribution add CASE FILE...`")
    return "\n".join((*lines, "", *_summary(timeline, width)))


def _orders(events: Sequence[Event]) -> list[str]:
    """Return for each dated event the mark of what is known of its order to its neighbours."""
    highs = {event.id: event.time_high for event in events if event.after or event.overlaps}
    marks = []
    for at, event in enumerate(events):
        near = set(event.order_undecidable_with)
        above = at > 0 and events[at - 1].id in near
        below = at + 1 < len(events) and events[at + 1].id in near
        arrow = {(True, True): "↕", (True, False): "↑", (False, True): "↓"}.get((above, below), "")
        marks.append(
            ("~" + arrow if event.overlaps else "") + (">" if _is_told(event, highs) else "")
        )
    return marks


def _is_told(event: Event, highs: Mapping[str, int | None]) -> bool:
    """Whether a record puts the event after another whose time overlaps its own."""
    low = event.time_low
    return low is not None and any(
        (high := highs.get(one.event)) is not None and high > low
        for one in event.after
        if not one.against_clocks
    )


def _row(event: Event, order: str, *, wide: bool) -> tuple[str, ...]:
    sources = dict.fromkeys(witness.evidence for witness in event.witnesses)
    return (
        _moment(event),
        _uncertainty(event),
        order,
        event.kind,
        printable_line(event.actor or event.actor_name or ""),
        printable_line(event.text or event.subject or ""),
        printable_line("; ".join(event.references if wide else sources)),
    )


def _moment(event: Event) -> str:
    from attribution.model.instant import to_datetime

    if event.time is None:
        return f"undated {printable_line(event.original_time or '')}".strip()
    moment = to_datetime(event.time)
    return moment.isoformat(" ", "milliseconds" if moment.microsecond else "seconds")[:-6]


def _uncertainty(event: Event) -> str:
    """Return the larger distance of a bound from the time, rounded up, in its largest unit."""
    if event.time is None or event.time_low is None or event.time_high is None:
        return ""
    reach = max(event.time - event.time_low, event.time_high - event.time)
    for size, unit in _UNITS:
        if reach >= size:
            return f"{-(-reach // size)}{unit}"
    return "<1s" if reach else ""


def _limits(heads: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """Return each column's width: no wider than its content, the text taking what is left."""
    most = (23, 4, 3, width // 6, width // 7, width, width // 3 if width >= _WIDE else 8)
    limits = [
        min(max([_columns(head), *(_columns(row[at]) for row in rows)]), limit)
        for at, (head, limit) in enumerate(zip(heads, most, strict=True))
    ]
    text = heads.index("what")
    left = width - sum(limits) + limits[text] - (len(limits) - 1)
    limits[text] = min(limits[text], max(left, _TEXT_AT_LEAST))
    for column in (heads.index("actor"), heads.index("kind"), heads.index("item"), text):
        excess = sum(limits) + len(limits) - 1 - width
        limits[column] -= min(max(excess, 0), max(limits[column] - 4, 0))
    return limits


def _line(cells: Iterable[str], limits: Sequence[int]) -> str:
    return " ".join(_fit(cell, limit) for cell, limit in zip(cells, limits, strict=True)).rstrip()


def _fit(text: str, limit: int) -> str:
    """Return the text cut or padded to `limit` columns of a terminal."""
    size = _columns(text)
    if size <= limit:
        return text + " " * (limit - size)
    kept, used = [], 0
    for character in text:
        used += _columns(character)
        if used > limit - 1:
            break
        kept.append(character)
    cut = "".join(kept) + "…"
    return cut + " " * (limit - _columns(cut))


def _columns(text: str) -> int:
    """Return the columns a terminal gives the text (Unicode Standard Annex 11)."""
    if text.isascii():
        return len(text)
    return sum(
        0
        if unicodedata.combining(character)
        else 2 - (unicodedata.east_asian_width(character) not in {"W", "F"})
        for character in text
    )


def _clock(source: Source) -> str:
    if not source.offset_seconds and not source.offset_error_seconds:
        return "as recorded" if source.offset_basis == "none" else f"as {source.offset_basis}"
    change = f"{source.offset_seconds:+g} s ± {source.offset_error_seconds:g} s"
    return f"{change}, {source.offset_basis}"


def _statements(timeline: Timeline, width: int) -> list[str]:
    """Return what is known of each clock that was corrected, or that others were compared with."""
    lines: list[str] = []
    for source in timeline.sources:
        if source.offset_basis != "none" or source.estimate is not None:
            said = f"clock of {source.evidence}: {source.clock_statement}"
            lines += textwrap.wrap(printable_line(said), width, subsequent_indent="  ")
    return lines


def _summary(timeline: Timeline, width: int) -> list[str]:
    heads = ("source", "format", "read", "kept", "duplicate", "undated", "rejected", "clock")
    rows = [
        (
            printable_line(source.evidence),
            source.format,
            *(str(count) for count in source.accounting.to_dict().values()),
            _clock(source),
        )
        for source in timeline.sources
    ]
    if len(rows) > 1:
        rows.append(("total", "", *map(str, timeline.totals.to_dict().values()), ""))
    limits = [max(_columns(row[at]) for row in (heads, *rows)) for at in range(len(heads))]
    limits[1] = max(min(limits[1], limits[1] + width - sum(limits) - len(limits) + 1), 4)
    undecidable = sum(1 for event in timeline.events if event.overlaps)
    count = (
        f"{len(timeline.events)} events, {len(timeline.undated)} undated; ~ order to another"
        f" event cannot be told: {undecidable}"
    )
    told = sum(1 for order in _orders(timeline.events) if order.endswith(">"))
    records = [f"> a record, and not the times, puts it after another: {told}"] if told else []
    lines = [count, *records, "", *(_line(row, limits) for row in (heads, *rows))]
    if statements := _statements(timeline, width):
        lines += ["", *statements, ""]
    for gap in timeline.gaps:
        lines += _describe_gap(gap, width)
    return lines + _left_apart(timeline) + _remarks(timeline)


def _describe_gap(gap: Gap, width: int) -> list[str]:
    """Return what is missing, what it overlaps and what follows, wrapped and indented."""
    overlap = f" It overlaps {', '.join(gap.bears_on)}." if gap.bears_on else ""
    told = f"gap in {gap.evidence}: {gap.reason}.{overlap} {gap.consequence}"
    return textwrap.wrap(printable_line(told), width, subsequent_indent="  ")


def _left_apart(timeline: Timeline) -> list[str]:
    """Return what a joining rule would have made one event, and why it was left apart."""
    lines = [
        f"left apart ({apart.rule}): {printable_line(', '.join(apart.records or apart.events))}:"
        f" {printable_line(apart.reason)}"
        for apart in timeline.apart[:_MOST_APART]
    ]
    more = len(timeline.apart) - _MOST_APART
    return lines if more <= 0 else [*lines, f"and {more} more left apart; --format json lists all"]


def _remarks(timeline: Timeline) -> list[str]:
    """Return how entries were read where a source leaves it open."""
    return [
        f"how {printable_line(source.evidence)} was read: {printable_line(remark)}"
        for source in timeline.sources
        for remark in source.remarks
    ]
