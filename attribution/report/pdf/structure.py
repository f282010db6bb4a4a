"""The logical structure of a PDF: what a screen reader reads, in the order of the document.

Source: ISO 32000-1:2008, 14.7 (logical structure) and 14.8 (tagged PDF). The elements are made
with the flowables, in the order of the document; what of them is drawn where is noted on drawing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reportlab.pdfbase.pdfdoc import PDFObject
from reportlab.pdfbase.pdfdoc import format as write

if TYPE_CHECKING:
    from reportlab.pdfbase.pdfdoc import Destination, PDFDocument, PDFObjectReference


ESCAPES = {
    code: "\\" + chr(code) if chr(code) in "()\\" else f"\\{code:03o}"
    for code in (*range(32), *b"()\\", *range(127, 256))
}
"""How the bytes of a string that are not plain are written (7.3.4.2)."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece of a page's content: the page, and the number it bears there."""

    page: PDFObjectReference
    number: int


class Place(PDFObject):
    """A place to press on a page, which leads to another (12.5.6.5, link annotations).

    `box` is left, bottom, right, top; `words` are read for it; `key` is its number in the tree that
    leads from content to elements; `written` keeps for the whole document how each destination is
    written. It has no border and is printed with its page.
    """

    __RefOnly__ = 1

    def __init__(
        self,
        box: tuple[float, float, float, float],
        words: str,
        destination: Destination,
        page: PDFObjectReference,
        written: dict[str, bytes],
    ) -> None:
        self.box, self.words, self.destination, self.page = box, words, destination, page
        self.key, self._written = 0, written

    def format(self, document: PDFDocument) -> bytes:
        """Return the annotation as PDF."""
        name = self.destination.name
        if name not in self._written:
            self._written[name] = write(self.destination, document)
        box = " ".join(f"{number:.2f}" for number in self.box).encode("ascii")
        return b"<</Type/Annot/Subtype/Link/Rect[%s]/Border[0 0 0]/F 4%s/Contents %s/Dest %s>>" % (
            box,
            b"/StructParent %d" % self.key,
            write_string(self.words),
            self._written[name],
        )


class Element(PDFObject):
    """An element of the structure tree: its standard type (14.8.4), and what is in it.

    `attributes` is the inside of its attribute dictionary (14.8.5), `alternative` what is read in
    place of a picture. Of an element that is drawn `once`, such as a repeated head of a table, only
    the first drawing belongs to the content; the others are artifacts.
    """

    __RefOnly__ = 1

    def __init__(
        self,
        kind: str,
        parent: Element | None = None,
        *,
        attributes: str = "",
        alternative: str = "",
        once: bool = False,
    ) -> None:
        self.kind, self.parent, self.once = kind, parent, once
        self.attributes, self.alternative = attributes, alternative
        self.kids: list[Element | Mark | Place] = []

    def add(
        self, kind: str, *, attributes: str = "", alternative: str = "", once: bool = False
    ) -> Element:
        """Return a new last element inside this one."""
        made = Element(kind, self, attributes=attributes, alternative=alternative, once=once)
        self.kids.append(made)
        return made

    @property
    def drawn(self) -> bool:
        """Return whether something of it has been drawn."""
        return any(isinstance(kid, Mark) for kid in self.kids)

    def format(self, document: PDFDocument) -> bytes:
        """Return the element as PDF (14.7.2, table 323)."""
        parts = [b"<</S/", self.kind.encode("ascii"), b"/P "]
        parts.append(refer(self.parent, document))
        if self.attributes:
            parts += [b"/A<<", self.attributes.encode("ascii"), b">>"]
        if self.alternative:
            parts += [b"/Alt ", write_string(self.alternative)]
        page = next((kid.page for kid in self.kids if not isinstance(kid, Element)), None)
        if page is not None:
            parts += [b"/Pg ", write(page, document)]
        if self.kids:
            kids = [_write_kid(kid, page, document) for kid in self.kids]
            parts += [b"/K[", b" ".join(kids), b"]"]
        return b"".join([*parts, b">>"])


def write_string(text: str) -> bytes:
    """Return a string as PDF: as it is, or in UTF-16 where it is more than ASCII (7.9.2.2)."""
    if text.isascii():
        return b"(%s)" % text.translate(ESCAPES).encode("ascii")
    return b"<FEFF%s>" % text.encode("utf-16-be").hex().encode("ascii")


def refer(thing: PDFObject | None, document: PDFDocument) -> bytes:
    """Return a reference to an object of the file, which has it from now on."""
    return bytes(write(document.Reference(thing), document))  # type: ignore[no-untyped-call]


def _write_kid(
    kid: Element | Mark | Place, page: PDFObjectReference | None, document: PDFDocument
) -> bytes:
    if isinstance(kid, Element):
        return refer(kid, document)
    here = page is not None and kid.page.name == page.name
    elsewhere = b"" if here else b"/Pg " + write(kid.page, document)
    if isinstance(kid, Place):
        return b"<</Type/OBJR%s/Obj %s>>" % (elsewhere, refer(kid, document))
    if here:
        return b"%d" % kid.number
    return b"<</Type/MCR%s/MCID %d>>" % (elsewhere, kid.number)


@dataclass
class StructureRoot(PDFObject):
    """The root of the tree, with the way back from content to elements (14.7.2, table 322).

    `pages` has for each page its elements by the number of the mark; `links` for each annotation
    the element it is in.
    """

    document_element: Element
    pages: list[Sequence[Element]] = field(default_factory=list)
    links: list[Element] = field(default_factory=list)

    __RefOnly__ = 1

    def format(self, document: PDFDocument) -> bytes:
        """Return the root as PDF, its parent tree in it."""
        self.document_element.parent = self  # type: ignore[assignment]
        top = refer(self.document_element, document)
        entries = b" ".join(self._entries(document))
        last = len(self.pages) + len(self.links)
        return b"<</Type/StructTreeRoot/K[%s]/ParentTree<</Nums[%s]>>/ParentTreeNextKey %d>>" % (
            top,
            entries,
            last,
        )

    def _entries(self, document: PDFDocument) -> Iterator[bytes]:
        for key, elements in enumerate(self.pages):
            found = b" ".join(refer(one, document) for one in elements)
            yield b"%d[%s]" % (key, found)
        for key, element in enumerate(self.links, len(self.pages)):
            yield b"%d %s" % (key, refer(element, document))
