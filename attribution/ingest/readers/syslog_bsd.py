"""Syslog lines in the traditional form (RFC 3164), as /var/log/syslog and messages have them.

`Jan 14 09:12:31` has neither a year nor a zone. The year is the one that puts the line inside the
window the case declares, across New Year if need be; without a window, or where it spans more than
one such year, the line stays undated. Lines whose time is RFC 3339 (rsyslog's newer default) or
that carry a year are read as they stand.
"""

from __future__ import annotations

import re

from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.readers.log_lines import add_line, split_priority, walk_text
from attribution.ingest.source import Source
from attribution.ingest.times import WrittenTime

_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_LINE = re.compile(
    r"(?:<(?P<priority>\d{1,3})>)?(?:"
    rf"(?P<short>(?:{_MONTHS}) [ \d]\d (?P<year>\d{{4}} )?\d\d:\d\d:\d\d)"
    r"|(?P<full>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d))"
    r") (?P<host>[^\s:]{1,255}) (?P<rest>.*)",
    re.DOTALL,
)
_TAG = re.compile(
    r"(?P<program>[^\s:\[]{1,64})(?:\[(?P<pid>[^\]\s]{1,32})\])?: ?(?P<said>.*)", re.DOTALL
)
_FORMS = {True: "%b %d %Y %H:%M:%S", False: "%b %d %H:%M:%S"}
_LOOKED_AT = 20
_TOLD = 0.9
_HOSTS_SHOWN = 5


def _read(source: Source, intake: Intake) -> None:
    hosts: dict[str, None] = {}
    yearless = False
    for place, line in walk_text(source, intake):
        match = _LINE.match(line)
        if match is None:
            intake.reject(place, "no syslog header: TIME HOST, as in 'Jan 14 09:12:31 host'")
            continue
        _add(intake, place, match)
        if match["short"]:
            hosts.setdefault(match["host"])
            yearless = yearless or not match["year"]
    _say_how(intake, list(hosts), yearless=yearless)


def _add(intake: Intake, place: str, match: re.Match[str]) -> None:
    tagged = _TAG.match(match["rest"])
    facility, severity = split_priority(match["priority"])
    short = match["short"]
    add_line(
        intake,
        place,
        time=match["full"]
        or WrittenTime(" ".join(short.split()), form=_FORMS[bool(match["year"])], original=short),
        text=(tagged["said"] if tagged else match["rest"]).strip(),
        program=tagged["program"] if tagged else None,
        facts={
            "host": match["host"],
            "pid": tagged["pid"] if tagged else None,
            "facility": facility,
            "severity": severity,
        },
    )


def _say_how(intake: Intake, hosts: list[str], *, yearless: bool) -> None:
    window = intake.options.window
    if yearless and (window is None or window.start is None or window.end is None):
        intake.truncate(
            "the lines bear no year, and no window is declared in which it would be sure: they"
            " stay undated (`period: {from: ..., to: ...}` in case.yaml, or `read --period`)"
        )
        return
    if yearless:
        intake.remark("the year, which the lines do not bear, was taken from the case's `period`")
    if len(hosts) > 1 and intake.clock.has_zone:
        more = f" and {len(hosts) - _HOSTS_SHOWN} more" if len(hosts) > _HOSTS_SHOWN else ""
        intake.remark(
            f"the lines are of {len(hosts)} hosts ({', '.join(hosts[:_HOSTS_SHOWN])}{more}), and"
            f" all their times were read in the one declared zone {intake.options.zone}; a host"
            " whose clock stood elsewhere needs a file of its own"
        )


def _sniff(source: Source) -> float:
    lines = source.head.decode("utf-8", "replace").splitlines()[:_LOOKED_AT]
    filled = [line for line in lines if line.strip()]
    share = sum(map(bool, map(_LINE.match, filled))) / len(filled) if filled else 0.0
    # A message of several lines has its header on the first alone.
    return _TOLD * min(1.0, 2 * share)


FORMAT = Format(
    id="syslog-bsd",
    title="syslog in the traditional form, RFC 3164",
    told_by="lines that begin with a time as in 'Jan 14 09:12:31', or RFC 3339, and a host",
    source="https://www.rfc-editor.org/rfc/rfc3164",
    kinds=frozenset({"text"}),
    sniff=_sniff,
    read=_read,
)
