"""A canvas that tags what it draws, and says in the file what the file is.

What is drawn for an element of the structure stands between marks; everything else - grounds,
rules, headers, footers, heads repeated on a further page - is an artifact (ISO 32000-1, 14.8.2.2).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any

from reportlab.lib.colors import Color, toColor
from reportlab.pdfbase.pdfdoc import (
    PDFArray,
    PDFDictionary,
    PDFName,
    PDFPage,
)
from reportlab.pdfbase.pdfmetrics import getFont
from reportlab.pdfgen.canvas import Canvas

from attribution.report.pdf.archive import make_intent, make_metadata
from attribution.report.pdf.structure import ESCAPES, Element, Mark, Place, StructureRoot
from attribution.report.pdf.styles import FONT_NAMES

if TYPE_CHECKING:
    from reportlab.pdfbase.pdfdoc import PDFObjectReference

    from attribution.report.pdf.lines import Look, Piece

_ARTIFACT, _END = "/Artifact BMC", "EMC"


class TaggedCanvas(Canvas):
    """A canvas for one document; `structure` is the element of the whole."""

    _code: list[str]
    _doc: Any

    def __init__(self, filename: BytesIO, *, structure: Element, **settings: object) -> None:
        settings["initialFontName"] = FONT_NAMES["regular"]
        super().__init__(filename, **settings)  # type: ignore[arg-type]
        self._root = StructureRoot(structure)
        self._page_elements: list[Element] = []
        self._links_in: Element | None = None
        self._links: list[tuple[Place, Element]] = []
        self._colours: dict[Look, str] = {}
        self._written: dict[str, bytes] = {}

    @contextmanager
    def mark(self, element: Element, links_in: Element | None = None) -> Iterator[None]:
        """Draw content of an element; links in it become elements inside `links_in`."""
        self._open(element)
        self._links_in = links_in
        yield
        self._code.append(_END)
        self._links_in = None

    def _open(self, element: Element) -> None:
        number = len(self._page_elements)
        self._page_elements.append(element)
        element.kids.append(Mark(self._page(), number))
        self._code.append(f"/{element.kind} <</MCID {number}>> BDC")

    def _page(self) -> PDFObjectReference:
        reference: PDFObjectReference = self._doc.thisPageRef()
        return reference

    def show(self, element: Element | None, pieces: Sequence[tuple[Piece, float, float]]) -> None:
        """Show pieces of text, each with its place, as content of an element or as an artifact."""
        code = ["BT"]
        shown, line = None, None
        for piece, x, y in pieces:
            look = piece.look
            if look is not shown:
                code.append(self._choose_colour(look))
            if y != line:
                code.append(f"1 0 0 1 {x:.2f} {y:.2f} Tm")
            code.append(self._show_text(piece.text, look))
            shown, line = look, y
        code.append("ET")
        if element is None:
            self._code += code
            return
        self._open(element)
        self._code += [" ".join(code), _END]

    def _choose_colour(self, look: Look) -> str:
        code = self._colours.get(look)
        if code is None:
            colour = toColor(look.colour)
            code = f"{colour.red:.4g} {colour.green:.4g} {colour.blue:.4g} rg"
            self._colours[look] = code
        return code

    def _show_text(self, text: str, look: Look) -> str:
        font: Any = getFont(FONT_NAMES[look.face])
        code = []
        for subset, encoded in font.splitString(text, self._doc):
            name = font.getSubsetInternalName(subset, self._doc)
            told = encoded.decode("latin-1").translate(ESCAPES)
            code.append(f"{name} {look.size:.4g} Tf ({told}) Tj")
        return " ".join(code)

    def draw_ground(self, x: float, y: float, width: float, height: float, colour: Color) -> None:
        """Fill a rectangle."""
        self._code.append(
            f"{colour.red:.4g} {colour.green:.4g} {colour.blue:.4g} rg "
            f"{x:.2f} {y:.2f} {width:.2f} {height:.2f} re f"
        )

    def draw_rule(self, x: float, y: float, width: float, weight: float, colour: Color) -> None:
        """Draw a level line to the right of a place."""
        self._code.append(
            f"{colour.red:.4g} {colour.green:.4g} {colour.blue:.4g} RG {weight:.4g} w "
            f"{x:.2f} {y:.2f} m {x + width:.2f} {y:.2f} l S"
        )

    def linkRect(  # type: ignore[override]  # noqa: N802 - reportlab's own name
        self,
        contents: str,
        destinationname: str,
        Rect: Sequence[float],  # noqa: N803 - reportlab's own name
        **_settings: object,
    ) -> None:
        """Make a link of a picture, with an element of its own beside it."""
        if self._links_in is not None:
            element = self._links_in.add("Link", alternative=contents)
            self.add_link(destinationname, contents, Rect, element)

    def add_link(self, target: str, words: str, box: Sequence[float], element: Element) -> None:
        """Make a place to press that leads to `target` and is in `element`.

        `words` are read for it; `box` is left, bottom, right and top where the canvas is now.
        """
        left, bottom = self.absolutePosition(box[0], box[1])
        right, top = self.absolutePosition(box[2], box[3])
        destination = self._bookmarkReference(target)  # type: ignore[attr-defined]
        made = Place((left, bottom, right, top), words, destination, self._page(), self._written)
        element.kids.append(made)
        self._links.append((made, element))
        self._addAnnotation(made)  # type: ignore[attr-defined]

    def showPage(self) -> None:  # noqa: N802 - reportlab's own name
        """Close the page: what stands between no marks becomes an artifact."""
        self._code[:] = _mark_artifacts(self._code)
        super().showPage()
        page = self._doc.Pages.pages[-1]
        page.__NoDefault__ = [*PDFPage.__NoDefault__, "StructParents", "Tabs"]
        page.StructParents, page.Tabs = len(self._root.pages), PDFName("S")
        page.Trans = None
        self._root.pages.append(self._page_elements)
        self._page_elements = []

    def save(self) -> None:
        """Write the file with its structure, its colours and what it says of itself."""
        if self._code:
            self.showPage()
        for key, (annotation, element) in enumerate(self._links, len(self._root.pages)):
            annotation.key = key
            self._root.links.append(element)
        catalog = self._doc.Catalog
        catalog.StructTreeRoot = self._root
        catalog.MarkInfo = PDFDictionary({"Marked": "true"})
        catalog.Metadata = make_metadata(self._doc.info)
        catalog.__NoDefault__ = [*catalog.__NoDefault__, "OutputIntents"]
        catalog.OutputIntents = PDFArray([make_intent()])
        super().save()


def _mark_artifacts(code: list[str]) -> list[str]:
    """Return a page's commands with marks around each run of them that has none."""
    made: list[str] = []
    free: list[str] = []

    def close() -> None:
        if any(piece.strip() for piece in free):
            made.extend((_ARTIFACT, *free, _END))
        free.clear()

    inside = False
    for piece in code:
        if piece.endswith(" BDC"):
            close()
            inside = True
        (made if inside else free).append(piece)
        if piece == _END:
            inside = False
    close()
    return made
