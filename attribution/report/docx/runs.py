"""Paragraphs, runs, bookmarks, and the links that lead to them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from docx.oxml.ns import qn

from attribution.report import blocks
from attribution.report.docx.elements import Element, make, make_text
from attribution.report.docx.styles import identify

_NAME_ROOM = 32
"""Word takes names of bookmarks up to 40 characters."""

_STYLES = {
    "strong": "Strong",
    "emphasis": "Emphasis",
    "code": "Code",
    "small": "Small Text",
    "value": "Key Value",
}


class Runs:
    """Writes paragraphs whose links lead to the bookmarks of the same document."""

    def __init__(self, anchors: Iterable[str]) -> None:
        self._names: dict[str, str] = {}
        taken: set[str] = set()
        for number, anchor in enumerate(sorted(anchors)):
            name = f"a_{re.sub('[^A-Za-z0-9]', '_', anchor)[:_NAME_ROOM]}"
            if name.casefold() in taken:
                name = f"{name}_{number}"
            taken.add(name.casefold())
            self._names[anchor] = name
        self._marked = 0

    def paragraph(
        self, runs: blocks.Inlines, style: str = "Normal", anchor: str | None = None
    ) -> Element:
        """Return a paragraph of that style, with a bookmark around it where it has an anchor."""
        element = make("p", make("pPr", make("pStyle", val=identify(style))))
        for part in self.mark(anchor, [it for run in runs for it in self._run(run)]):
            element.append(part)
        return element

    def mark(self, anchor: str | None, parts: list[Element]) -> list[Element]:
        """Return the parts between the ends of the bookmark of the anchor."""
        if not anchor or anchor not in self._names:
            return parts
        self._marked += 1
        start = make("bookmarkStart", id=self._marked, name=self._names[anchor])
        return [start, *parts, make("bookmarkEnd", id=self._marked)]

    def link(self, anchor: str, runs: list[Element]) -> Element:
        """Return the runs as a link to the bookmark of the anchor."""
        return make("hyperlink", *runs, anchor=self._names[anchor], history=1)

    def _run(self, run: blocks.Inline) -> list[Element]:
        if isinstance(run, blocks.Link) and run.target in self._names:
            bold = [make("b")] if run.style == "strong" else []
            properties = make("rPr", make("rStyle", val="Hyperlink"), *bold)
            return [self.link(run.target, [_make_run(run.text, properties)])]
        if run.style not in _STYLES:
            return [_make_run(run.text)]
        properties = make("rPr", make("rStyle", val=identify(_STYLES[run.style])))
        return [_make_run(run.text, properties)]


def _make_run(text: str, properties: Element | None = None) -> Element:
    """Return a run with a line break for each newline."""
    element = make("r") if properties is None else make("r", properties)
    for number, line in enumerate(text.split("\n")):
        if number:
            element.append(make("br"))
        if line:
            element.append(make_text(line))
    return element


def set_list(paragraph: Element, number: int) -> Element:
    """Return the paragraph, now an entry of the list of that number."""
    numbering = make("numPr", make("ilvl", val=0), make("numId", val=number))
    properties = paragraph.find(qn("w:pPr"))
    if properties is not None:
        properties.append(numbering)
    return paragraph
