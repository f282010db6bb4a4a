"""One line of a log in several exports: the journal, syslog, forensic timelines made of logs."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from attribution.timeline.proposals import Known, Proposal

LINES = "log.line"
ROWS = "forensic.event"

_PROGRAM = re.compile(r"^[\w./-]{1,64}(?:\[\d{1,10}\])?: ")
_LOG = "LOG"
_WRITTEN = "Event Logged"


def find_log_lines(known: Known) -> Iterator[Proposal]:
    """Yield groups of lines of one host and message that may have been written at one moment."""
    positions = [at for at in known.of(LINES, ROWS) if known.record(at).data.get("host")]
    if len({known.drafts[at].testimonies[0].evidence for at in positions}) <= 1:
        return  # one log alone, which may be huge, repeats nothing of another
    buckets: dict[tuple[str, str], list[int]] = defaultdict(list)
    rows = []
    for at in positions:
        record = known.record(at)
        if record.kind == LINES:
            buckets[_host(known, at), record.text].append(at)
        elif record.data.get("source") == _LOG or (
            record.data.get("source") is None and record.data.get("time_is") == _WRITTEN
        ):
            rows.append(at)
    lines = frozenset(buckets)
    for at in rows:
        host, text = _host(known, at), known.record(at).text
        shown = (host, text) if (host, text) in lines else (host, _PROGRAM.sub("", text, count=1))
        buckets[shown].append(at)
    for (host, _), members in buckets.items():
        for run in _overlapping(known, members):
            if len(run) > 1:
                yield Proposal(
                    tuple(run), f"the same message of host {host}, at what may be the same moment"
                )


def _host(known: Known, at: int) -> str:
    return str(known.record(at).data.get("host")).casefold()


def _overlapping(known: Known, members: list[int]) -> Iterator[list[int]]:
    """Yield stretches of lines in which each may be as early as one before it was late."""
    run: list[int] = []
    end = 0
    for at in sorted(members, key=lambda at: (known.bounds(at), known.drafts[at].id)):
        low, high = known.bounds(at)
        if run and low > end:
            yield run
            run = []
        end = max(end, high) if run else high
        run.append(at)
    if run:
        yield run
