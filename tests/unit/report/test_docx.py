"""The DOCX report read back: by the library that word processors are tested against, and as XML."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZipFile

import docx
import pytest
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from attribution.errors import MissingExtraError
from attribution.report import blocks, formats
from attribution.report.document import build_document
from attribution.report.formats import render
from tests.unit.report.builder import build_hostile_analysis

if TYPE_CHECKING:
    from docx.document import Document as File

    from attribution.model.analysis import Analysis


@pytest.fixture(scope="module")
def document(analysis: Analysis) -> blocks.Document:
    return build_document(analysis, "legal")


@pytest.fixture(scope="module")
def data(document: blocks.Document) -> bytes:
    return render(document, "docx")


@pytest.fixture(scope="module")
def file(data: bytes) -> File:
    return docx.Document(BytesIO(data))


def texts(file: File, style: str) -> list[str]:
    return [it.text for it in file.paragraphs if it.style and it.style.style_id == style]


def test_every_heading_has_the_style_of_its_level(file: File, document: blocks.Document) -> None:
    """A word processor's outline and contents are the document's own."""
    for level in (1, 2, 3):
        expected = [
            f"{it.number} {it.text}" if it.number else it.text
            for it in document.blocks
            if isinstance(it, blocks.Heading) and it.level == level
        ]
        assert texts(file, f"Heading{level}") == expected


def test_every_table_has_a_header_row_that_repeats_and_every_cell(
    file: File, document: blocks.Document
) -> None:
    tables = [it for it in document.blocks if isinstance(it, blocks.Table)]
    made = [it for it in file.tables if it.style and it.style.name == "Report Table"]
    assert len(made) == len(tables)
    for table, expected in zip(made, tables, strict=True):
        first = table.rows[0]
        assert first._tr.find(f".//{qn('w:tblHeader')}") is not None
        assert [cell.text for cell in first.cells] == [it.title for it in expected.columns]
        assert len(table.rows) == len(expected.rows) + 1
        for row, wanted in zip(table.rows[1:], expected.rows, strict=True):
            shown = wanted.cells[:1] if wanted.style == "group" else wanted.cells
            assert [Paragraph(tc.p_lst[0], table).text for tc in row._tr.tc_lst] == [
                blocks.plain(it) for it in shown
            ]


def test_every_picture_says_in_words_what_it_shows(file: File, document: blocks.Document) -> None:
    said = [it.get("descr") for it in file.element.body.iter(qn("wp:docPr"))]
    assert said == [it.alternative for it in document.blocks if isinstance(it, blocks.Figure)]
    assert all(said)


def test_every_link_leads_to_a_bookmark_and_evidence_is_reached(file: File) -> None:
    links = {it.get(qn("w:anchor")) for it in file.element.body.iter(qn("w:hyperlink"))}
    marks = [it.get(qn("w:name")) for it in file.element.body.iter(qn("w:bookmarkStart"))]
    assert len(set(marks)) == len(marks)
    assert links <= set(marks)
    assert max(map(len, marks)) <= 40
    assert {f"a_evidence_e{number}" for number in range(1, 9)} <= links


def test_every_style_that_is_used_is_in_the_file(data: bytes) -> None:
    """A style that is missing would fall back to plain text without a word."""
    with ZipFile(BytesIO(data)) as parts:
        known = set(re.findall(r'w:styleId="(\w+)"', parts.read("word/styles.xml").decode()))
        text = "".join(
            parts.read(it).decode()
            for it in parts.namelist()
            if "word/" in it[:5] and it.endswith(".xml")
        )
    assert set(re.findall(r'<w:(?:pStyle|rStyle|tblStyle) w:val="(\w+)"', text)) <= known


def test_file_says_its_language_and_nobody_who_or_when(file: File, data: bytes) -> None:
    properties = file.core_properties
    assert properties.title
    assert properties.language == "en-GB"
    assert properties.author == ""
    assert properties.created is None
    with ZipFile(BytesIO(data)) as parts:
        assert {it.date_time for it in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not [it for it in parts.namelist() if "thumbnail" in it or "app.xml" in it]


def test_footer_and_privilege_stand_on_every_page(file: File, document: blocks.Document) -> None:
    section = file.sections[0]
    assert document.footer in "".join(it.text for it in section.footer.paragraphs)
    head = [it.text for it in section.header.paragraphs]
    assert head == [it for it in (document.privilege, document.title) if it]
    assert all(it.header.is_linked_to_previous for it in list(file.sections)[1:])


def test_numbered_lists_each_begin_with_one(file: File) -> None:
    entries = [it for it in file.paragraphs if it.style and it.style.name == "List Number"]
    numbers = {it._p.find(f".//{qn('w:numId')}").get(qn("w:val")) for it in entries}
    starts = file.part.numbering_part.element.findall(f".//{qn('w:startOverride')}")
    assert len(numbers) == len(starts) > 0


def test_hostile_records_stay_text() -> None:
    """What XML has no place for is spelt out, and no part names anything outside the file."""
    data = render(build_document(build_hostile_analysis(), "regulator"), "docx")
    docx.Document(BytesIO(data))
    with ZipFile(BytesIO(data)) as parts:
        relations = b"".join(parts.read(it) for it in parts.namelist() if it.endswith(".rels"))
    assert b"External" not in relations


def test_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "find_spec", lambda _: None)
    with pytest.raises(MissingExtraError, match=r"incident-attribution\[docx\]"):
        formats.check_format("docx")
