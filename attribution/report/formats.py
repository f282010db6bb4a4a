"""The formats a document can be written in."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from attribution.errors import AttributionError
from attribution.report.blocks import Document

PLANNED = ("docx",)


def _write_pdf(document: Document) -> bytes:
    from attribution.report.pdf.writer import write_pdf

    return write_pdf(document)


def _write_html(document: Document) -> bytes:
    from attribution.report.html.writer import write_html

    return write_html(document).encode("utf-8")


def _write_markdown(document: Document) -> bytes:
    from attribution.report.markdown import write_markdown

    return write_markdown(document).encode("utf-8")


def _write_json(document: Document) -> bytes:
    text = json.dumps(
        dict(document.data), sort_keys=True, indent=1, ensure_ascii=True, allow_nan=False
    )
    return f"{text}\n".encode("ascii")


WRITERS: Mapping[str, Callable[[Document], bytes]] = {
    "pdf": _write_pdf,
    "html": _write_html,
    "md": _write_markdown,
    "json": _write_json,
}
"""Format, which is also the ending of the file's name, -> what writes it."""


def check_format(name: str) -> None:
    """Raise AttributionError where there is no writer for a format."""
    if name in WRITERS:
        return
    if name in PLANNED:
        raise AttributionError(
            f"the format `{name}` is not written by this version",
            got=name,
            expected=", ".join(WRITERS),
            remedy="ask for html or md, which a word processor opens",
        )
    raise AttributionError("there is no such format", got=name, expected=", ".join(WRITERS))


def render(document: Document, output_format: str) -> bytes:
    """Return the document in `pdf`, `html`, `md` or `json`: the same bytes every time.

    Raises AttributionError for another format.
    """
    check_format(output_format)
    return WRITERS[output_format](document)
