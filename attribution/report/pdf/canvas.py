"""A canvas that tags what it draws, and says in the file what the file is.

What is drawn for an element of the structure stands between marks; everything else - grounds,
rules, headers, footers, heads repeated on a further page - is an artifact (ISO 32000-1, 14.8.2.2).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from reportlab.pdfbase.pdfdoc import (
    LinkAnnotation,
    PDFArray,
    PDFDictionary,
    PDFName,
    PDFPage,
)
from reportlab.pdfgen.canvas import Canvas

from attribution.report.pdf.archive import make_intent, make_metadata
from attribution.report.pdf.structure import ANNOTATION_KEY, Element, Mark, StructureRoot
from attribution.report.pdf.styles import FONT_NAMES

_ARTIFACT, _END = "/Artifact BMC", "EMC"
_PRINTED = 4
"""Flag of an annotation that is printed with its page (ISO 32000-1, table 165)."""


class TaggedCanvas(Canvas):
    """A canvas for one document; `structure` is the element of the whole."""

    _code: list[str]
    _doc: Any

    def __init__(self, filename: BytesIO, *, structure: Element, **settings: object) -> None:
        settings["initialFontName"] = FONT_NAMES["regular"]
        super().__init__(filename, **settings)  # type: ignore[arg-type]
        self._root = StructureRoot(structure)
        self._page_elements: list[Element] = []
        self._current: Element | None = None
        self._names: Mapping[str, str] = {}
        self._links: list[tuple[LinkAnnotation, Element]] = []

    @contextmanager
    def mark(
        self,
        element: Element | None,
        names: Mapping[str, str] | None = None,
        links_in: Element | None = None,
    ) -> Iterator[None]:
        """Draw content of an element. `names` says of a link's target what is read for it.

        Links become elements inside it, or inside `links_in`.
        """
        if element is None or (element.once and element.drawn):
            yield
            return
        number = len(self._page_elements)
        self._page_elements.append(element)
        element.kids.append(Mark(self._doc.thisPageRef(), number))
        self._current, self._names = links_in or element, names or {}
        self._code.append(f"/{element.kind} <</MCID {number}>> BDC")
        yield
        self._code.append(_END)
        self._current, self._names = None, {}

    def linkRect(  # type: ignore[override]  # noqa: N802 - reportlab's own name
        self,
        contents: str,
        destinationname: str,
        Rect: Sequence[float],  # noqa: N803 - reportlab's own name
        relative: bool = True,  # noqa: FBT001, FBT002 - reportlab's own signature
        **_settings: object,
    ) -> None:
        """Make a link with an element of its own; one of an artifact is left out."""
        if self._current is not None:
            told = self._names.get(destinationname) or contents
            super().linkRect(told, destinationname, Rect, relative=relative, F=_PRINTED)

    def _addAnnotation(  # noqa: N802 - reportlab's own name
        self, annotation: LinkAnnotation, name: str | None = None, addtopage: int = 1
    ) -> None:
        if self._current is not None:
            annotation.permitted = (*annotation.permitted, ANNOTATION_KEY)
            element = self._current.add("Link")
            element.kids.append(annotation)
            self._links.append((annotation, element))
        super()._addAnnotation(annotation, name, addtopage)  # type: ignore[misc]

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
            annotation.otherkw[ANNOTATION_KEY] = key
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
