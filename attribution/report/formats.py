"""The formats a document can be written in."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from importlib.util import find_spec

from attribution.errors import AttributionError, MissingExtraError
from attribution.report.blocks import Document


def _write_pdf(document: Document) -> bytes:
    from attribution.report.pdf.writer import write_pdf

    return write_pdf(document)


def _write_html(document: Document) -> bytes:
    from attribution.report.html.writer import write_html

    return write_html(document).encode("utf-8")


def _write_markdown(document: Document) -> bytes:
    from attribution.report.markdown import write_markdown

    return write_markdown(document).encode("utf-8")


def _write_docx(document: Document) -> bytes:
    from attribution.report.docx.writer import write_docx

    return write_docx(document)


def _write_json(document: Document) -> bytes:
    text = json.dumps(
        dict(document.data), sort_keys=True, indent=1, ensure_ascii=True, allow_nan=False
    )
    return f"{text}\n".encode("ascii")


WRITERS: Mapping[str, Callable[[Document], bytes]] = {
    "pdf": _write_pdf,
    "html": _write_html,
    "md": _write_markdown,
    "docx": _write_docx,
    "json": _write_json,
}
"""Format, which is also the ending of the file's name, -> what writes it."""

_EXTRAS = {"docx": ("docx", "resvg_py")}
"""Modules that a format needs beyond the program's own, from the extra of the same name."""


def check_format(name: str) -> None:
    """Raise AttributionError where there is no such format, or what writes it is not installed."""
    if name not in WRITERS:
        raise AttributionError("there is no such format", got=name, expected=", ".join(WRITERS))
    for module in _EXTRAS.get(name, ()):
        if find_spec(module) is None:
            raise MissingExtraError(
                f"the format `{name}` needs the extra `{name}`",
                got=f"no module {module}",
                expected=", ".join(_EXTRAS[name]),
                remedy=f"pip install 'incident-attribution[{name}]', or ask for html or md",
            )


def render(document: Document, output_format: str) -> bytes:
    """Return the document in one of the formats of `WRITERS`: the same bytes every time.

    Raises AttributionError for another format, and where what a format needs is not installed.
    """
    check_format(output_format)
    return WRITERS[output_format](document)
