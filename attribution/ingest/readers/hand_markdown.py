"""Hand-kept timelines in Markdown: `- 14:05 UTC: what happened`, the date in a heading above.

Entries are list items, table rows and lines that begin with a time. The date comes from the nearest
heading that holds one, unless it stands before the time; the zone from the entry itself, from a
sentence such as 'all times in UTC', or from what is declared. Nothing else is taken for an entry.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from attribution.ingest.fields import stated
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.readers.log_lines import walk_text
from attribution.ingest.readers.markdown_times import (
    TIME,
    Day,
    UnclearTimeError,
    find_days,
    find_zone,
    plain_zone,
    read_clock,
)
from attribution.ingest.source import Source
from attribution.ingest.times import WrittenTime

_HEADING = re.compile(r"\s{0,3}(#{1,6})\s(.*)")
_BOLD_DATE = re.compile(r"\s{0,3}(?:\*\*|__)([^*_]+)(?:\*\*|__):?\s*")
_ITEM = re.compile(r"(\s*)(?:[-*+\u2022]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?")
_ROW = re.compile(r"\s*\|\s*")
_EMPHASIS = re.compile(r"[*_`]{1,3}")
_BETWEEN = re.compile(r"[*_`]{0,3}\s*(?:[:|\-\u2013\u2014]+[*_`]{0,3}\s*)*")
_HALF_A_DAY = 12
_LOWEST = 7  # below any heading


@dataclass(slots=True)
class _State:
    """Where in the document the reading is: its headings' dates, stated zone, last entry."""

    days: dict[int, tuple[Day, ...]] = field(default_factory=dict)
    zone: str | None = None
    last: _Entry | None = None
    clock: str | None = None
    unordered: int = 0
    vague: int = 0

    def open_heading(self, level: int, days: tuple[Day, ...]) -> None:
        """Take the heading's dates; one without leaves those of the headings above it."""
        self.days = {known: found for known, found in self.days.items() if known < level}
        if days:
            self.days[level] = days
            self.clock = None

    def day(self) -> tuple[Day, ...]:
        """Return the dates of the nearest heading that has one."""
        return self.days[max(self.days)] if self.days else ()


@dataclass(slots=True)
class _Entry:
    """An entry whose text may go on in the lines below it."""

    place: str
    time: WrittenTime | None
    vague: str | None
    until: str | None
    said: list[str]


def _read(source: Source, intake: Intake) -> None:
    state = _State()
    for place, line in walk_text(source, intake):
        state.zone = state.zone or _note_zone(intake, place, line)
        heading = _HEADING.fullmatch(line)
        bold = _BOLD_DATE.fullmatch(line)
        if heading is not None:
            _flush(intake, state)
            state.open_heading(len(heading[1]), find_days(heading[2]))
        elif bold is not None and find_days(bold[1]):
            _flush(intake, state)
            state.open_heading(_LOWEST, find_days(bold[1]))
        else:
            _take_line(intake, state, place, line)
    _flush(intake, state)
    if state.unordered:
        intake.remark(
            f"{state.unordered} {'entry stands' if state.unordered == 1 else 'entries stand'} below"
            " a later one under the same date"
        )
    if state.vague:
        intake.truncate(
            f"{state.vague} {'time is' if state.vague == 1 else 'times are'} given as approximate,"
            " and how far off is not said: undated"
        )


def _note_zone(intake: Intake, place: str, line: str) -> str | None:
    zone = None if TIME.match(_bare(line)[1]) else find_zone(line)
    if zone is not None:
        intake.remark(f"{place} says that times are in {zone}: taken for times without a zone")
    return zone


def _bare(line: str) -> tuple[bool, str]:
    """Return whether a line is an item or a row, and the line without what makes it one."""
    marker = _ITEM.match(line) or _ROW.match(line)
    rest = line[marker.end() :] if marker else line
    emphasis = _EMPHASIS.match(rest)
    return marker is not None, rest[emphasis.end() :] if emphasis else rest


def _take_line(intake: Intake, state: _State, place: str, line: str) -> None:
    marked, rest = _bare(line)
    match = TIME.match(rest)
    if match is not None and (marked or _split_off(rest, match)[0].strip()):
        _flush(intake, state)
        _open_entry(intake, state, place, rest, match)
    elif state.last is not None and line[:1].isspace():
        state.last.said.append(line.strip())
    else:
        _flush(intake, state)
        item = _ITEM.match(line)
        if item is not None and state.days:
            state.last = _Entry(place, None, None, None, [line[item.end() :].strip()])


def _split_off(rest: str, match: re.Match[str]) -> tuple[str, str]:
    """Return what separates a time from what is said of it, and that."""
    between = _BETWEEN.match(rest, match.end())
    end = between.end() if between else match.end()
    return rest[match.end() : end], rest[end:]


def _open_entry(intake: Intake, state: _State, place: str, rest: str, match: re.Match[str]) -> None:
    said = _split_off(rest, match)[1].strip().strip("|").strip()
    original = match[0].strip()
    if match["about"]:
        state.vague += 1
        state.last = _Entry(place, None, original, match["until"], [said])
        return
    try:
        time = _tell_time(intake, state, match, original)
    except UnclearTimeError as error:
        intake.reject(place, str(error))
        return
    state.last = _Entry(place, time, None, match["until"], [said])


def _tell_time(intake: Intake, state: _State, match: re.Match[str], original: str) -> WrittenTime:
    clock = read_clock(match)
    days = find_days(match["date"]) if match["date"] else state.day()
    if len(days) != 1:
        raise UnclearTimeError(
            f"{original} has no date: put one before it, or into a heading above (## 2026-01-14)"
            if not days
            else f"the heading above {original} names {len(days)} dates: put one before each time"
        )
    day = days[0]
    if not day.certain and not intake.clock.has_format:
        raise UnclearTimeError(
            f"day and month of {day.text} are never guessed: write it as YYYY-MM-DD, or declare"
            " `time_format` in case.yaml, or `--time-format`"
        )
    if not match["date"]:
        _check_order(state, clock, original)
    zone = plain_zone(match["zone"]) if match["zone"] else state.zone
    return WrittenTime(f"{day.text} {clock}", zone=zone, original=original)


def _check_order(state: _State, clock: str, original: str) -> None:
    """Raise UnclearTimeError for a time that may be of the day after the heading's."""
    before, state.clock = state.clock, max(clock, state.clock or clock)
    if before is None or clock >= before:
        return
    if int(before[:2]) - int(clock[:2]) >= _HALF_A_DAY:
        raise UnclearTimeError(
            f"{original} stands below {before} under one date: if midnight lies between, put the"
            " next date into a heading or before the time"
        )
    state.unordered += 1


def _flush(intake: Intake, state: _State) -> None:
    """Give the intake the entry whose lines have ended."""
    entry, state.last = state.last, None
    if entry is None:
        return
    intake.add(
        entry.place,
        "note",
        time=entry.time,
        text="\n".join(line for line in entry.said if line),
        data=stated(approximate=entry.vague, until=entry.until),
    )


def _sniff(source: Source) -> float:
    timed = dated = 0
    for line in source.head.decode("utf-8", "replace").splitlines():
        heading = _HEADING.fullmatch(line)
        if heading is not None:
            dated += bool(find_days(heading[2]))
            continue
        marked, rest = _bare(line)
        timed += marked and TIME.match(rest) is not None
    return 0.7 if timed > 1 or (timed and dated) else 0.0


FORMAT = Format(
    id="markdown",
    title="hand-kept timeline, Markdown",
    told_by="list items or table rows that begin with a time, under a heading with the date",
    source="https://spec.commonmark.org/0.31.2/",
    kinds=frozenset({"text"}),
    sniff=_sniff,
    read=_read,
)
