"""Logs that lost records or were rotated: by their own messages, and by files missing in a row."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from attribution.model.gap import Gap
from attribution.model.instant import SECOND, Instant
from attribution.model.record import EvidenceItem, Reading, Record
from attribution.timeline.names import in_place

_FORMATS = frozenset({"journald", "syslog", "syslog-bsd"})
_CITED = 5
_AT_START = 3
_WIDEST = 1000


@dataclass(frozen=True, slots=True)
class LossMessage:
    """A message of a logging service about records it does not have.

    `within` is the number of seconds before the message in which they were lost, None where that
    is not documented; `at_start` whether it tells something only at the beginning of a file.
    """

    programs: frozenset[str]
    pattern: re.Pattern[str]
    what: str
    within: int | None
    source: str
    at_start: bool = False


_JOURNAL = frozenset({"systemd-journald", "systemd-journal", "journal"})
_RSYSLOG = frozenset({"rsyslogd", "rsyslogd-2177", "rsyslog"})

MESSAGES: Final = (
    LossMessage(
        _JOURNAL,
        re.compile(r"Suppressed \d+ messages from "),
        "the journal left out messages of a service that logged too fast",
        30,
        "journald.conf(5), RateLimitIntervalSec=30s, RateLimitBurst=",
    ),
    LossMessage(
        _JOURNAL,
        re.compile(r"Missed \d+ kernel messages"),
        "the journal missed messages of the kernel",
        None,
        "systemd, sd-messages.h, SD_MESSAGE_JOURNAL_MISSED",
    ),
    LossMessage(
        _JOURNAL,
        re.compile(r".{0,400}corrupted or uncleanly shut down, renaming and replacing"),
        "a file of the journal was damaged and put aside",
        None,
        "systemd, src/libsystemd/sd-journal/journal-file.c",
    ),
    LossMessage(
        _JOURNAL,
        re.compile(r"Vacuuming done, freed (?!0B)"),
        "the journal deleted archived files",
        None,
        "journalctl(1), --vacuum-size=; journald.conf(5), SystemMaxUse=",
    ),
    LossMessage(
        _RSYSLOG,
        re.compile(
            r".{0,80}(?:imuxsock lost \d+ messages|messages lost due to rate-limiting"
            r"|begin to drop messages due to rate-limiting)"
        ),
        "rsyslog dropped messages that came too fast",
        600,
        "rsyslog, modules imjournal (ratelimit.interval 600 s) and imuxsock (5 s)",
    ),
    LossMessage(
        frozenset({"kernel", "audit", "auditd"}),
        re.compile(r".{0,80}(?:backlog limit exceeded|audit_lost=[1-9])"),
        "the kernel lost audit records",
        None,
        "audit(8), auditctl(8), -b backlog",
    ),
    LossMessage(
        frozenset({"newsyslog"}),
        re.compile(r".{0,80}logfile turned over"),
        "it begins where the log was rotated: what came before is in an older file",
        None,
        "newsyslog(8)",
        at_start=True,
    ),
    LossMessage(
        _RSYSLOG,
        re.compile(r".{0,200}rsyslogd was HUPed"),
        "it begins where the log was rotated: what came before is in an older file",
        None,
        "rsyslogd(8), signal HUP; logrotate(8)",
        at_start=True,
    ),
)
"""The messages that are known, each with the documentation of the service that writes it."""

_PROGRAMS = frozenset(name for message in MESSAGES for name in message.programs)

# logrotate(8): FILE.1 is the newest rotated file, FILE.2.gz the one before it, and so on.
_NUMBERED = re.compile(r"(.{1,200}?)\.(\d{1,3})(?:\.(?:gz|bz2|xz|zst|Z|zip))?")


def find_rotations(readings: Mapping[str, Reading], items: Mapping[str, EvidenceItem]) -> list[Gap]:
    """Return what logging services say they lost, and the files missing from a row of rotated ones.

    Times are as the records state them. Takes O(n) for n records of system logs.
    """
    gaps = [
        gap
        for evidence, reading in readings.items()
        if reading.format in _FORMATS
        for gap in _find_messages(evidence, reading)
    ]
    return gaps + list(_find_missing_files(readings, items))


def _find_messages(evidence: str, reading: Reading) -> Iterator[Gap]:
    said: dict[int, list[Record]] = defaultdict(list)
    for position, record in enumerate(reading.records):
        program = record.data.get("program")
        if program not in _PROGRAMS:
            continue
        for number, message in enumerate(MESSAGES):
            known = program in message.programs and message.pattern.match(record.text)
            if known and (position < _AT_START or not message.at_start):
                said[number].append(record)
    for number, found in sorted(said.items()):
        message, records = MESSAGES[number], in_place(found)
        times = sorted(record.time for record in records if record.time is not None)
        low, high = (times[0], times[-1]) if times else (None, None)
        bounded = message.within is not None and low is not None
        often = "" if len(records) == 1 else f" ({len(records):,} messages say so)"
        yield Gap(
            evidence,
            message.what + often,
            Instant(low - (message.within or 0) * SECOND) if bounded and low is not None else None,
            high,
            kind="rotation",
            mark=f"message-{records[0].place}",
            recorded=("log.line",),
            references=tuple(f"{evidence}#{record.place}" for record in records[:_CITED]),
            numbers={"messages": len(records)},
        )


def _find_missing_files(
    readings: Mapping[str, Reading], items: Mapping[str, EvidenceItem]
) -> Iterator[Gap]:
    """Yield a gap for each number missing in a row of rotated files, of one item or of several."""
    rows: dict[tuple[str, str], dict[int, list[Record]]] = defaultdict(dict)
    owners: dict[tuple[str, str], dict[int, str]] = defaultdict(dict)
    for evidence, reading in readings.items():
        item = items.get(evidence)
        if item is not None and (found := _number(item.path)) is not None:
            base, number = found
            rows["", base][number] = list(reading.records)
            owners["", base][number] = evidence
        for member, records in _by_member(reading).items():
            if (found := _number(member)) is not None:
                base, number = found
                rows[evidence, base][number] = records
                owners[evidence, base][number] = evidence
    for (scope, base), row in sorted(rows.items()):
        numbers = sorted(row)
        missing = sorted(set(range(numbers[0], numbers[-1])) - set(numbers))
        if len(numbers) > 1 and missing and numbers[-1] <= _WIDEST:
            yield from _tell_missing(base, row, owners[scope, base], missing)


def _number(name: str) -> tuple[str, int] | None:
    match = _NUMBERED.fullmatch(name)
    return None if match is None else (match[1], int(match[2]))


def _by_member(reading: Reading) -> dict[str, list[Record]]:
    """Return the records of each file of a folder, none for what is no folder."""
    found: dict[str, list[Record]] = defaultdict(list)
    for record in reading.records:
        member, mark, _ = record.place.partition("!")
        if not mark:
            return {}
        found[member].append(record)
    return found


def _tell_missing(
    base: str, row: Mapping[int, list[Record]], owners: Mapping[int, str], missing: list[int]
) -> Iterator[Gap]:
    """Yield one gap for each run of missing numbers; a higher number is an older file."""
    runs: list[list[int]] = []
    for number in missing:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    for run in runs:
        newer = max(number for number in row if number < run[0])
        older = min(number for number in row if number > run[-1])
        low = max((r.time for r in row[older] if r.time is not None), default=None)
        high = min((r.time for r in row[newer] if r.time is not None), default=None)
        ordered = low is None or high is None or low <= high
        names = ", ".join(f"{base}.{number}" for number in run)
        yield Gap(
            owners[newer],
            f"of the rotated files of {base}, {names} {'is' if len(run) == 1 else 'are'} missing"
            f" between {base}.{newer} and {base}.{older}",
            low if ordered else None,
            high if ordered else None,
            kind="rotation",
            mark=f"file-{names}",
            recorded=tuple(sorted({r.kind for number in (newer, older) for r in row[number]})),
            references=tuple(
                f"{owners[number]}#{in_place(row[number])[at].place}"
                for number, at in ((older, -1), (newer, 0))
                if row[number]
            ),
            numbers={"missing_files": len(run)},
        )
