"""A document as DOCX (ISO/IEC 29500-1): real styles, so that counsel can edit it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml.ns import qn
from docx.shared import Pt

from attribution.report import blocks
from attribution.report.anchors import collect_anchors
from attribution.report.docx.elements import Element, make, make_field, make_text
from attribution.report.docx.numbering import Lists
from attribution.report.docx.package import pack, set_properties
from attribution.report.docx.pictures import make_logo, make_picture
from attribution.report.docx.runs import Runs, set_list
from attribution.report.docx.styles import install_styles
from attribution.report.docx.tables import make_facts, make_table
from attribution.report.paging import fit, lead_to_wide_figure
from attribution.report.wording import Wording

if TYPE_CHECKING:
    from docx.section import _Footer, _Header

_A4 = (595.28, 841.89)
_A3 = (841.89, 1190.55)
_MARGIN = 46.0
_ENDS = 62.0
"""Margins at top and bottom, with header and footer in them (points)."""

_CAPTION_ROOM = 60.0
_INTRO_ROOM = 90.0
_READABLE = 0.9
"""A picture that would be smaller than this gets a page on its side, then one of A3."""

_CONTENTS_DEPTH = 2
"""Levels of headings in the contents."""

_NOTICES = {
    "notice": "Notice",
    "warning": "Notice Warning",
    "privilege": "Notice Privilege",
    "answer": "Notice Answer",
}


def write_docx(document: blocks.Document) -> bytes:
    """Return the document as DOCX, the same bytes every time.

    Raises MissingExtraError where what draws its pictures is not installed.
    """
    return _Writer(document).write()


class _Writer:
    def __init__(self, document: blocks.Document) -> None:
        self.document = document
        self.words = Wording(document.audience, document.house)
        self.runs = Runs(collect_anchors(document))
        self.file = docx.Document()
        self.lists = Lists(self.file)
        self.counts = {"Figure": 0, "Table": 0}
        self.size = _A4
        self._writers: dict[type[blocks.Block], Callable[[Any], None]] = {
            blocks.Heading: self._heading,
            blocks.Paragraph: self._paragraph,
            blocks.Bullets: self._bullets,
            blocks.Table: self._table,
            blocks.KeyFigures: self._key_figures,
            blocks.Notice: self._notice,
            blocks.Figure: self._figure,
            blocks.Contents: lambda _: self._contents(),
            blocks.Panel: lambda _: None,
        }

    def write(self) -> bytes:
        install_styles(self.file, self.document.house.find_accent())
        set_properties(self.file, self.document)
        self._set_page(_A4)
        self._head_and_foot()
        self._add(self.runs.paragraph(blocks.text(self.document.title), "Title"))
        self._add(self.runs.paragraph(blocks.text(self.document.subtitle), "Subtitle"))
        remaining = list(self.document.blocks)
        while remaining:
            lead = lead_to_wide_figure(remaining, self._room, _READABLE)
            if lead:
                del remaining[: len(lead)]
                self._add_sideways(lead)
            else:
                self._write(remaining.pop(0))
        return pack(self.file)

    @property
    def _room(self) -> tuple[float, float]:
        """Width and height between the margins of a page (points)."""
        return self.size[0] - 2 * _MARGIN, self.size[1] - 2 * _ENDS

    def _write(self, block: blocks.Block) -> None:
        self._writers[type(block)](block)

    def _add(self, element: Element) -> None:
        self.file.element.body.insert_element_before(element, "w:sectPr")

    def _set_page(self, size: tuple[float, float]) -> None:
        section = self.file.sections[-1]
        wide = size[0] > size[1]
        section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = Pt(size[0]), Pt(size[1])
        section.left_margin = section.right_margin = Pt(_MARGIN)
        section.top_margin = section.bottom_margin = Pt(_ENDS)
        section.header_distance = section.footer_distance = Pt(_ENDS / 2)
        self.size = size

    def _head_and_foot(self) -> None:
        """Put title and page on every page; on the first the logo of the house is for the title."""
        section = self.file.sections[0]
        self._fill_head_and_foot(section.header, section.footer)
        logo = self.document.house.read_logo()
        if logo is None:
            return
        section.different_first_page_header_footer = True
        first = section.first_page_header
        self._fill_head_and_foot(first, section.first_page_footer)
        header = first._element  # noqa: SLF001
        header.replace(header[-1], make_logo(first.part, logo))

    def _fill_head_and_foot(self, head: _Header, foot: _Footer) -> None:
        header, footer = head._element, foot._element  # noqa: SLF001
        for part in (header, footer):
            for old in list(part):
                part.remove(old)
        if self.document.privilege:
            header.append(self.runs.paragraph(blocks.text(self.document.privilege), "Privilege"))
        header.append(self.runs.paragraph(blocks.text(self.document.title), "header"))
        line = self.runs.paragraph(blocks.text(self.document.footer), "footer")
        before = self.words.text("common.page", page="\n").split("\n")
        line.append(make("r", make("tab"), make_text(before[0])))
        for run in make_field("PAGE", "1"):
            line.append(run)
        line.append(make("r", make_text(f"{before[1]} ")))
        for run in make_field("NUMPAGES", "1"):
            line.append(run)
        footer.append(line)

    def _add_sideways(self, lead: list[blocks.Block]) -> None:
        """Put heading, introduction and wide picture on a page on its side."""
        figure = lead[-1]
        for size in (_A4, _A3):
            sideways = (size[1], size[0])
            room = (sideways[0] - 2 * _MARGIN, sideways[1] - 2 * _ENDS - _INTRO_ROOM)
            if isinstance(figure, blocks.Figure) and fit(figure.picture, *room) >= _READABLE:
                break
        self._turn(sideways)
        for block in lead:
            self._write(block)
        self._turn(_A4)

    def _turn(self, size: tuple[float, float]) -> None:
        """Begin a section of pages of that size; the last paragraph ends the one before.

        The library ends it with a paragraph of its own, which can fall on a page of its own.
        """
        *_, last = self.file.element.body.findall(qn("w:p"))
        self.file.add_section(WD_SECTION.NEW_PAGE).different_first_page_header_footer = False
        *_, added = self.file.element.body.findall(qn("w:p"))
        end, properties = added.find(f".//{qn('w:sectPr')}"), last.find(qn("w:pPr"))
        if added.getprevious() is last and end is not None and properties is not None:
            properties.append(end)
            self.file.element.body.remove(added)
        self._set_page(size)

    def _heading(self, block: blocks.Heading) -> None:
        shown = blocks.text(_numbered(block))
        self._add(self.runs.paragraph(shown, f"heading {block.level}", block.anchor))

    def _paragraph(self, block: blocks.Paragraph) -> None:
        style = {"lead": "Lead", "small": "Small"}.get(block.style, "Body Text")
        self._add(self.runs.paragraph(block.runs, style, block.anchor))

    def _bullets(self, block: blocks.Bullets) -> None:
        number = self.lists.begin_numbers() if block.numbered else None
        for entry in block.entries:
            if number is None:
                self._add(self.runs.paragraph(entry, "List Bullet"))
            else:
                self._add(set_list(self.runs.paragraph(entry, "List Number"), number))

    def _notice(self, block: blocks.Notice) -> None:
        style = _NOTICES[block.kind]
        self._add(self.runs.paragraph(blocks.text(block.title), f"{style} Title"))
        self._add(self.runs.paragraph(block.runs, style))

    def _key_figures(self, block: blocks.KeyFigures) -> None:
        for figure in block.figures:
            line = self.runs.paragraph(blocks.text(figure.value, "value"), "Key Figure")
            line.append(make("r", make("tab")))
            detail = f" ({figure.detail})" if figure.detail else ""
            line.append(make("r", make_text(f"{figure.label}{detail}")))
            self._add(line)

    def _caption(self, kind: str, words: str, style: str, anchor: str | None) -> str:
        """Add a numbered caption that a list of tables or figures can be made from."""
        self.counts[kind] += 1
        number = str(self.counts[kind])
        name = self.words.text(f"common.{kind.lower()}")
        line = self.runs.paragraph((), style)
        parts = [make("r", make_text(f"{name} ")), *make_field(f"SEQ {kind} \\* ARABIC", number)]
        for part in self.runs.mark(anchor, [*parts, make("r", make_text(f". {words}"))]):
            line.append(part)
        self._add(line)
        return f"{name} {number}. {words}"

    def _table(self, table: blocks.Table) -> None:
        caption = self._caption("Table", table.caption, "caption", table.anchor)
        self._add(make_table(table, caption, self.runs, self._room[0]))
        self._add(self.runs.paragraph((), "After Table"))

    def _figure(self, figure: blocks.Figure) -> None:
        width, height = self._room
        taken = _INTRO_ROOM if width > height else _CAPTION_ROOM
        self._add(make_picture(self.file, figure, (width, height - taken)))
        self._caption("Figure", figure.caption, "Figure Caption", figure.anchor)

    def _contents(self) -> None:
        """Add the facts about the document, and the contents as a field."""
        about = self.words.text("common.about")
        self._add(self.runs.paragraph(blocks.text(about), "About Heading"))
        self._add(make_facts(self.document.facts, about, self.runs, self._room[0]))
        contents = self.words.text("common.contents")
        self._add(self.runs.paragraph(blocks.text(contents), "TOC Heading"))
        headings = [
            block
            for block in self.document.blocks
            if isinstance(block, blocks.Heading) and block.level <= _CONTENTS_DEPTH
        ]
        *opening, _shown, closing = make_field(f'TOC \\o "1-{_CONTENTS_DEPTH}" \\h \\z \\u', "")
        for heading in headings:
            line = self.runs.paragraph((), f"toc {heading.level}")
            entry = self.runs.link(heading.anchor, [make("r", make_text(_numbered(heading)))])
            for part in (*opening, entry):
                line.append(part)
            opening = []
            self._add(line)
        end = self.runs.paragraph((), "After Table")
        for part in (*opening, closing):
            end.append(part)
        self._add(end)


def _numbered(heading: blocks.Heading) -> str:
    return f"{heading.number} {heading.text}" if heading.number else heading.text
