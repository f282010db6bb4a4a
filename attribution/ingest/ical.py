"""Content lines and components of iCalendar files (RFC 5545, section 3.1), read as a stream."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from attribution.ingest.source import Source

MAX_COMPONENT = 4 << 20
MAX_DEPTH = 20

_PARAMETER = re.compile(r'(?:[^;"]|"[^"]*")+')
_MARK = re.compile('[":]')
_ESCAPE = re.compile(r"\\([nN,;\\])")
_EDGE = re.compile(rb"(?i)(BEGIN|END):([A-Za-z0-9-]{1,60})\s*")
_FOLD = frozenset({b" ", b"\t"})
_CALENDAR = "VCALENDAR"
_OUTER = frozenset({_CALENDAR, "VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VTIMEZONE"})
"""Components that stand in no other but a calendar (section 3.6)."""


@dataclass(frozen=True, slots=True)
class Property:
    """A property: its value as it stands, and its parameters in upper case."""

    name: str
    value: str
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The value with its escapes undone (section 3.3.11)."""
        return _ESCAPE.sub(lambda m: "\n" if m[1] in "nN" else m[1], self.value)


@dataclass(slots=True)
class Component:
    """A component inside the calendar, with the numbers of its lines and what stands inside it.

    `broken` says why it cannot be used; empty if it can.
    """

    name: str
    first: int
    last: int = 0
    properties: list[Property] = field(default_factory=list)
    inside: list[Component] = field(default_factory=list)
    broken: str = ""

    @property
    def place(self) -> str:
        """The place of the component in the file."""
        return f"lines {self.first}-{self.last}"

    def find(self, name: str) -> Property | None:
        """Return the first property of this name."""
        return next((entry for entry in self.properties if entry.name == name), None)

    def all(self, name: str) -> list[Property]:
        """Return every property of this name, in their order."""
        return [entry for entry in self.properties if entry.name == name]

    def text(self, name: str) -> str | None:
        """Return the text of the first property of this name; None for none or an empty one."""
        found = self.find(name)
        return (found.text.strip() or None) if found else None


def walk_components(source: Source, only: frozenset[str] | None = None) -> Iterator[Component]:
    """Yield each component that stands directly in a calendar, in file order.

    Where `only` is given, the properties of components of other names are passed over.

    One that is cut off, too large, nested too deep or has a line without a name is yielded with
    the reason in `broken`. Properties of the calendar itself come as a component VCALENDAR.
    """
    builder = _Builder(only)
    for number, line in _logical_lines(source):
        yield from builder.take(number, line)
    yield from builder.finish()


def _logical_lines(source: Source) -> Iterator[tuple[int, bytes | None]]:
    """Yield unfolded lines with the number of the first of their parts; None for one too long."""
    held: list[bytes] = []
    size, first = 0, 0
    for number, line in source.lines():
        if first and line is not None and line[:1] in _FOLD:
            size += len(line)
            if size <= MAX_COMPONENT:
                held.append(line[1:].rstrip(b"\r\n"))
            continue
        if first:
            yield first, b"".join(held) if size <= MAX_COMPONENT else None
        first = number
        size = MAX_COMPONENT + 1 if line is None else len(line)
        held = [] if line is None else [line.rstrip(b"\r\n")]
    if first:
        yield first, b"".join(held) if size <= MAX_COMPONENT else None


class _Builder:
    """Puts lines together to components; knows at each line which components are open.

    The outermost open one is the calendar, the next the component that will be yielded.
    """

    def __init__(self, only: frozenset[str] | None) -> None:
        self._only = only
        self._open: list[Component] = []
        self._size = 0
        self._number = 0

    def take(self, number: int, line: bytes | None) -> Iterator[Component]:
        self._number = number
        is_edge = line is not None and line[:6].upper().startswith((b"BEGIN:", b"END:"))
        edge = _EDGE.fullmatch(line) if is_edge and line is not None else None
        if edge is None:
            self._add(line)
            return
        name = edge[2].decode().upper()
        if edge[1].upper() == b"BEGIN":
            if name in _OUTER:
                yield from self._give_up(number - 1)
            self._begin(name, number)
        else:
            if name == _CALENDAR:
                yield from self._give_up(number - 1)
            yield from self._end(name, number)

    def finish(self) -> Iterator[Component]:
        """Yield what the end of the file cut off."""
        yield from self._give_up(self._number)

    def _give_up(self, last: int) -> Iterator[Component]:
        """Yield the component that is open although none can be, as broken."""
        if len(self._open) > 1 or (self._open and self._open[0].name != _CALENDAR):
            entry = self._open[min(1, len(self._open) - 1)]
            entry.last = last
            entry.broken = entry.broken or f"it has no END:{entry.name}"
            del self._open[self._open.index(entry) :]
            yield entry

    def _begin(self, name: str, number: int) -> None:
        entry = Component(name, number, number)
        if len(self._open) > MAX_DEPTH:
            self._open[1].broken = f"nested more than {MAX_DEPTH} deep"
        elif len(self._open) > 1:
            self._open[-1].inside.append(entry)
        else:
            self._size = 0
        self._open.append(entry)

    def _end(self, name: str, number: int) -> Iterator[Component]:
        if not self._open or self._open[-1].name != name:
            if self._open:
                outer = self._open[min(1, len(self._open) - 1)]
                outer.broken = f"END:{name} closes what is not open"
            return
        entry = self._open.pop()
        entry.last = number
        if len(self._open) < 2:  # noqa: PLR2004 - the calendar, and what stands in it
            yield entry

    def _add(self, line: bytes | None) -> None:
        if not self._open:
            return
        outer = self._open[min(1, len(self._open) - 1)]
        if self._only is not None and outer.name not in self._only:
            return
        self._size += MAX_COMPONENT + 1 if line is None else len(line)
        if line is None or self._size > MAX_COMPONENT:
            outer.broken = f"it is larger than {MAX_COMPONENT >> 20} MiB"
            outer.properties.clear()
            outer.inside.clear()
        elif line.strip():
            found = parse_line(line.decode("utf-8", "replace"))
            if found is None:
                outer.broken = outer.broken or "a line is no property: it has no name and colon"
            else:
                self._open[-1].properties.append(found)


def parse_line(line: str) -> Property | None:
    """Return the property a content line states; None for a line that is none."""
    colon = _find_colon(line) if '"' in line else line.find(":")
    if colon < 1:
        return None
    if ";" not in line[:colon]:
        return Property(line[:colon].upper(), line[colon + 1 :]) if line[:colon].strip() else None
    name, *rest = _PARAMETER.findall(line[:colon]) or [""]
    parameters = {}
    for parameter in rest:
        key, _, value = parameter.partition("=")
        parameters[key.upper()] = value.strip('"')
    return Property(name.upper(), line[colon + 1 :], parameters) if name.strip() else None


def _find_colon(line: str) -> int:
    """Return where the first colon outside quotes stands, -1 for nowhere."""
    quoted = False
    for match in _MARK.finditer(line):
        if match[0] == '"':
            quoted = not quoted
        elif not quoted:
            return match.start()
    return -1
