"""WordprocessingML elements, as ISO/IEC 29500-1:2016 part 1, section 17 names them."""

from __future__ import annotations

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

Element = BaseOxmlElement

POINT = 20
"""Twentieths of a point, the unit of most lengths, in a point."""


def make(name: str, /, *children: Element, **attributes: str | int) -> Element:
    """Return `<w:name>` with these children and attributes of the same namespace."""
    element = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), str(value))
    for child in children:
        element.append(child)
    return element


def make_text(text: str, tag: str = "t") -> Element:
    """Return `<w:t>` (or another element of text) that keeps its spaces."""
    element = make(tag)
    element.set(qn("xml:space"), "preserve")
    element.text = text
    return element


def make_field(instruction: str, shown: str) -> list[Element]:
    """Return the runs of a field and what it shows until the reader's program computes it."""
    return [
        make("r", make("fldChar", fldCharType="begin")),
        make("r", make_text(f" {instruction} ", "instrText")),
        make("r", make("fldChar", fldCharType="separate")),
        make("r", make_text(shown)),
        make("r", make("fldChar", fldCharType="end")),
    ]
