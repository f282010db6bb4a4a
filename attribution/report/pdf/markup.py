"""Runs of text as the markup of reportlab's paragraphs."""

from __future__ import annotations

from html import escape

from attribution.report.blocks import Inline, Inlines, Link
from attribution.report.layout.metrics import load_metrics
from attribution.report.pdf.styles import FONT_NAMES

_LINK = "report-link"


def write_markup(runs: Inlines, anchors: frozenset[str], name: str | None = None) -> str:
    """Return the markup; a link to an anchor that the document has not is written as plain text.

    `name` is the anchor that the paragraph itself gets.
    """
    head = f'<a name="{escape(name)}"/>' if name else ""
    return head + "".join(_write(run, anchors) for run in runs)


def show_text(text: str, face: str = "regular") -> str:
    """Return `text` with each character that the font has not shown as `[U+4E8B]`."""
    known = load_metrics(face).widths
    return "".join(
        character if ord(character) in known or character == "\n" else f"[U+{ord(character):04X}]"
        for character in text
    )


def show_line(text: str, face: str = "regular") -> str:
    """Return `text` as `show_text`, on one line: what is drawn as a string has no other."""
    return show_text(text.replace("\n", " "), face)


def _write(run: Inline, anchors: frozenset[str]) -> str:
    face = {"strong": "bold", "emphasis": "italic", "code": "mono"}.get(run.style, "regular")
    shown = escape(show_text(run.text, face)).replace("\n", "<br/>")
    if run.style == "strong":
        shown = f"<b>{shown}</b>"
    elif run.style == "emphasis":
        shown = f"<i>{shown}</i>"
    elif run.style == "code":
        shown = f'<font face="{FONT_NAMES["mono"]}" size="-0.8">{shown}</font>'
    elif run.style == "small":
        shown = f'<font size="-0.9" color="report-muted">{shown}</font>'
    if isinstance(run, Link) and run.target in anchors:
        return f'<a href="#{escape(run.target)}" color="{_LINK}">{shown}</a>'
    return shown
