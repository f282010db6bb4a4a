"""Lists: bullets, and numbers that begin anew with each list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attribution.report.docx.elements import POINT, Element, make

if TYPE_CHECKING:
    from docx.document import Document

BULLETS = 1
"""The list that paragraphs of the style `List Bullet` are in."""

_ABSTRACT = {"bullet": ("0", "•"), "decimal": ("1", "%1.")}
_INDENT = 18 * POINT


class Lists:
    """The lists of a document; those of the library's template are dropped."""

    def __init__(self, document: Document) -> None:
        self._root = document.part.numbering_part.element
        for old in list(self._root):
            self._root.remove(old)
        for kind, (number, shown) in _ABSTRACT.items():
            level = make(
                "lvl",
                make("start", val=1),
                make("numFmt", val=kind),
                make("lvlText", val=shown),
                make("lvlJc", val="left"),
                make("pPr", make("ind", left=_INDENT, hanging=_INDENT)),
                ilvl=0,
            )
            self._root.append(make("abstractNum", level, abstractNumId=number))
        self._root.append(_refer("bullet", BULLETS))
        self._last = BULLETS

    def begin_numbers(self) -> int:
        """Return the number of a new list that counts from one."""
        self._last += 1
        entry = _refer("decimal", self._last)
        entry.append(make("lvlOverride", make("startOverride", val=1), ilvl=0))
        self._root.append(entry)
        return self._last


def _refer(kind: str, number: int) -> Element:
    return make("num", make("abstractNumId", val=_ABSTRACT[kind][0]), numId=number)
