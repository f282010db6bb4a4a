"""The boxes and arrows of a Mermaid flow chart, scanned out of one statement.

Source: https://mermaid.js.org/syntax/flowchart.html (node shapes, links, text on links, entity
codes, the attributes `@{ shape: ..., label: ... }` of version 11).
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Final

_NAME = re.compile(r"[^\W_](?:[\w.]|-(?![-.=>xo]))*|_[\w.]*")
_SHAPES: Final = (
    ("(((", (")))",)),
    ("([", ("])",)),
    ("((", ("))",)),
    ("(", (")",)),
    ("[[", ("]]",)),
    ("[(", (")]",)),
    ("[/", ("/]", "\\]")),
    ("[\\", ("\\]", "/]")),
    ("[", ("]",)),
    ("{{", ("}}",)),
    ("{", ("}",)),
    (">", ("]",)),
)
_OPENINGS: Final = frozenset("[({>")
_ATTRIBUTES = re.compile(r"@\{([^}]*)\}")
_LABEL = re.compile(r"\blabel\s*:\s*(?:\"([^\"]*)\"|'([^']*)'|([^,}]*))")
_STYLE = re.compile(r":::([\w-]+)")
_ARROW_ID = re.compile(r"\w+@(?=[<xo]?[-=])")
_LINKS: Final = (
    re.compile(r"([<xo])?--+([-xo>])"),
    re.compile(r"([<xo])?==+([=xo>])"),
    re.compile(r"([<xo])?-\.+-([xo>])?"),
    re.compile(r"(~)~~+()"),
)
_TEXT_LINKS: Final = (
    re.compile(r"([<xo])?--(?![-xo>])\s*(.{1,2000}?)\s*--+([-xo>])"),
    re.compile(r"([<xo])?==(?![=xo>])\s*(.{1,2000}?)\s*==+([=xo>])"),
    re.compile(r"([<xo])?-\.(?![-.])\s*(.{1,2000}?)\s*\.+-([xo>])?"),
)
_PIPED = re.compile(r"\s*\|([^|]*)\|")
_CODE = re.compile(r"#(\d{1,7}|[A-Za-z]+);")


@dataclass(frozen=True, slots=True)
class Box:
    """A node as a statement has it: its name, its text if given, its class, where it ends."""

    name: str
    label: str | None
    style: str | None
    end: int


@dataclass(frozen=True, slots=True)
class Link:
    """An arrow: its text, whether it points from left to right only, where it ends."""

    label: str
    points: bool
    invisible: bool
    end: int


def scan_box(text: str, at: int) -> Box | None:
    """Return the node at a place of a statement, None where there is none or it is not closed."""
    found = _NAME.match(text, at)
    if found is None:
        return None
    at = found.end()
    label = None
    shape = _scan_shape(text, at)
    if shape is not None:
        at, label = shape
    elif text[at : at + 1] in _OPENINGS:
        return None
    attributes = _ATTRIBUTES.match(text, at)
    if attributes is not None:
        given = _LABEL.search(attributes[1])
        label = (
            label if given is None else next(part for part in given.groups() if part is not None)
        )
        at = attributes.end()
    style = _STYLE.match(text, at)
    return Box(
        found[0],
        None if label is None else _plain(label),
        None if style is None else style[1],
        at if style is None else style.end(),
    )


def _scan_shape(text: str, at: int) -> tuple[int, str] | None:
    """Return where the shape at a place ends, and the text in it."""
    for opening, closings in _SHAPES:
        if not text.startswith(opening, at):
            continue
        start = at + len(opening)
        begin = skip_space(text, start)
        if text[begin : begin + 1] == '"':
            end = text.find('"', begin + 1)
            after = skip_space(text, end + 1)
            closing = next((mark for mark in closings if text.startswith(mark, after)), None)
            if end >= 0 and closing is not None:
                return after + len(closing), text[begin + 1 : end]
            continue
        ends = [(text.find(mark, start), mark) for mark in closings]
        ends = [pair for pair in ends if pair[0] >= 0]
        if ends:
            end, mark = min(ends)
            return end + len(mark), text[start:end]
    return None


def scan_link(text: str, at: int) -> Link | None:
    """Return the arrow at a place of a statement, None where there is none."""
    name = _ARROW_ID.match(text, at)
    at = at if name is None else name.end()
    for form in _LINKS:
        found = form.match(text, at)
        if found is not None:
            piped = _PIPED.match(text, found.end())
            label = "" if piped is None else _plain(piped[1])
            end = found.end() if piped is None else piped.end()
            return Link(label, found[1] is None and found[2] == ">", found[1] == "~", end)
    for form in _TEXT_LINKS:
        found = form.match(text, at)
        if found is not None:
            points = found[1] is None and found[3] == ">"
            return Link(_plain(found[2]), points, invisible=False, end=found.end())
    return None


def skip_space(text: str, at: int) -> int:
    """Return the next place that is not white space."""
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _plain(label: str) -> str:
    """Return the text of a label: without quotes, markdown marks, breaks and entity codes."""
    text = label.strip().removeprefix('"').removesuffix('"').strip()
    if text.startswith("`") and text.endswith("`"):
        text = re.sub(r"\*\*|__|\*|`", "", text)
    text = re.sub(r"<br\s*/?>", " ", text, flags=re.IGNORECASE)
    text = _CODE.sub(_decode, text)
    return " ".join(text.split())


def _decode(code: re.Match[str]) -> str:
    if not code[1].isdigit():
        return html.unescape(f"&{code[1]};")
    number = int(code[1])
    return chr(number) if number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF else "\ufffd"  # noqa: PLR2004 - the bounds of Unicode
