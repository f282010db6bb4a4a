"""One line of a log in several exports: the journal, syslog, forensic timelines made of logs."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from attribution.model.record import Record
from attribution.timeline.proposals import Known, Proposal, Span

LINES = "log.line"
ROWS = "forensic.event"

_PROGRAM = re.compile(r"^[\w./-]{1,64}(?:\[\d{1,10}\])?: ")
_LOG = "LOG"
_WRITTEN = "Event Logged"


def find_log_lines(known: Known) -> Iterator[Proposal]:
    """Yield groups of lines of one host and message that may have been written at one moment."""
    items = (known.drafts[at].testimonies[0].evidence for at in known.all_of(_is_log))
    first = next(items, None)
    if all(item == first for item in items):
        return  # one log alone, which may be huge, repeats nothing of another
    buckets: dict[tuple[str, str], list[Span]] = defaultdict(list)
    for span in known.spans(LINES):
        record = known.record(span[3])
        if host := record.data.get("host"):
            buckets[str(host).casefold(), record.text].append(span)
    lines = frozenset(buckets)
    for span in known.spans(ROWS):
        record = known.record(span[3])
        if (host := record.data.get("host")) and _is_of_log(record):
            shown = str(host).casefold(), record.text
            if shown not in lines:
                shown = shown[0], _PROGRAM.sub("", record.text, count=1)
            buckets[shown].append(span)
    for (host, _), members in buckets.items():
        for run in _overlapping(sorted(members)) if len(members) > 1 else ():
            yield Proposal(run, f"the same message of host {host}, at what may be the same moment")


def _is_log(kind: str) -> bool:
    return kind in {LINES, ROWS}


def _is_of_log(row: Record) -> bool:
    """Return whether a row of a forensic timeline was made of a log's line."""
    source = row.data.get("source")
    return source == _LOG or (source is None and row.data.get("time_is") == _WRITTEN)


def _overlapping(spans: Sequence[Span]) -> Iterator[tuple[int, ...]]:
    """Yield stretches of two lines and more, each as early as one before it may have been late."""
    run: list[int] = []
    end = 0
    for low, high, _, at in spans:
        if run and low > end:
            if len(run) > 1:
                yield tuple(run)
            run = []
        end = max(end, high) if run else high
        run.append(at)
    if len(run) > 1:
        yield tuple(run)
