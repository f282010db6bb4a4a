"""Syslog messages of RFC 5424: `<PRI>1 TIME HOST APP PROCID MSGID [STRUCTURED-DATA] MSG`.

The time carries its offset, down to the microsecond, or is `-` and then none at all.
"""

from __future__ import annotations

import re

from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.readers.log_lines import add_line, split_priority, walk_text
from attribution.ingest.source import Source
from attribution.model.record import JsonValue

_HEADER = re.compile(
    r"(?:\d{1,6} )?"  # the octet count of a stream (RFC 6587, section 3.4.1)
    r"<(\d{1,3})>1 (\S{1,64}) (\S{1,255}) (\S{1,255}) (\S{1,128}) (\S{1,128}) ?"
)
_ELEMENT = re.compile(r'\[([^\s=\]"]{1,128})((?: [^\s=\]"]{1,128}="(?:[^"\\]|\\.)*")*)\]')
_PARAMETER = re.compile(r' ([^\s=\]"]+)="((?:[^"\\]|\\.)*)"')
_ESCAPE = re.compile(r'\\(["\\\]])')
_NIL = "-"
_LOOKED_AT = 20


def _read(source: Source, intake: Intake) -> None:
    for place, line in walk_text(source, intake):
        match = _HEADER.match(line)
        if match is None:
            intake.reject(place, "no syslog header of RFC 5424: <PRI>1 TIME HOST APP PROCID MSGID")
            continue
        priority, time, host, app, process, message_id = match.groups()
        structured, message = _split_data(line[match.end() :])
        if structured is None:
            intake.reject(place, f"structured data that is none, column {match.end() + 1}")
            continue
        facility, severity = split_priority(priority)
        add_line(
            intake,
            place,
            time=None if time == _NIL else time,
            text=message,
            program=_value(app),
            facts={
                "host": _value(host),
                "pid": _value(process),
                "message_id": _value(message_id),
                "facility": facility,
                "severity": severity,
                "structured": structured or None,
            },
        )


def _value(field: str) -> str | None:
    return None if field == _NIL else field


def _split_data(rest: str) -> tuple[dict[str, JsonValue] | None, str]:
    """Return the structured data by element id, None where it is broken, and the message."""
    if rest.startswith(_NIL):
        return {}, _clean(rest[1:])
    elements: dict[str, JsonValue] = {}
    at = 0
    while match := _ELEMENT.match(rest, at):
        elements[match[1]] = {
            name: _ESCAPE.sub(r"\1", value) for name, value in _PARAMETER.findall(match[2])
        }
        at = match.end()
    return (elements or None if rest else {}), _clean(rest[at:])


def _clean(message: str) -> str:
    """Return the message without the byte order mark that says it is UTF-8."""
    return message.strip().removeprefix("\ufeff")


def _sniff(source: Source) -> float:
    lines = source.head.decode("utf-8", "replace").splitlines()[:_LOOKED_AT]
    filled = [line for line in lines if line.strip()]
    return sum(map(bool, map(_HEADER.match, filled))) / len(filled) if filled else 0.0


FORMAT = Format(
    id="syslog",
    title="syslog, RFC 5424",
    told_by="lines that begin with a priority and the version: <132>1",
    source="https://www.rfc-editor.org/rfc/rfc5424",
    kinds=frozenset({"text"}),
    sniff=_sniff,
    read=_read,
)
