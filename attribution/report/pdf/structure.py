"""The logical structure of a PDF: what a screen reader reads, in the order of the document.

Source: ISO 32000-1:2008, 14.7 (logical structure) and 14.8 (tagged PDF). The elements are made
with the flowables, in the order of the document; what of them is drawn where is noted on drawing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reportlab.pdfbase.pdfdoc import PDFObject, PDFString
from reportlab.pdfbase.pdfdoc import format as write

if TYPE_CHECKING:
    from reportlab.pdfbase.pdfdoc import Annotation, PDFDocument, PDFObjectReference

ANNOTATION_KEY = "StructParent"


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece of a page's content: the page, and the number it bears there."""

    page: PDFObjectReference
    number: int


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
        self.kids: list[Element | Mark | Annotation] = []

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
            parts += [b"/Alt ", write(PDFString(self.alternative), document)]
        page = next((kid.page for kid in self.kids if isinstance(kid, Mark)), None)
        if page is not None:
            parts += [b"/Pg ", write(page, document)]
        if self.kids:
            kids = [_write_kid(kid, page, document) for kid in self.kids]
            parts += [b"/K[", b" ".join(kids), b"]"]
        return b"".join([*parts, b">>"])


def refer(thing: PDFObject | None, document: PDFDocument) -> bytes:
    """Return a reference to an object of the file, which has it from now on."""
    return bytes(write(document.Reference(thing), document))  # type: ignore[no-untyped-call]


def _write_kid(
    kid: Element | Mark | Annotation, page: PDFObjectReference | None, document: PDFDocument
) -> bytes:
    if isinstance(kid, Element):
        return refer(kid, document)
    if not isinstance(kid, Mark):
        return b"<</Type/OBJR/Obj %s>>" % refer(kid, document)
    if page is not None and kid.page.name == page.name:
        return b"%d" % kid.number
    return b"<</Type/MCR/Pg %s/MCID %d>>" % (write(kid.page, document), kid.number)


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
