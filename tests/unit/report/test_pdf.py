from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from pypdf import PdfReader

from attribution.report.anchors import collect_anchors
from attribution.report.blocks import Block, Document, Figure, Heading, Notice, Paragraph
from attribution.report.blocks import text as runs_of
from attribution.report.document import build_document
from attribution.report.formats import render
from attribution.report.layout.picture import Label, Picture
from attribution.report.pdf.glyphs import show_line
from attribution.report.pdf.paragraph import MarkedParagraph
from attribution.report.pdf.styles import paragraph_styles

if TYPE_CHECKING:
    from attribution.model.analysis import Analysis


@pytest.fixture(scope="module")
def reader(analysis: Analysis) -> PdfReader:
    return PdfReader(BytesIO(render(build_document(analysis, "legal"), "pdf")))


@pytest.fixture(scope="module")
def text(reader: PdfReader) -> str:
    return " ".join("\n".join(page.extract_text() for page in reader.pages).split())


SCARCE = 25
"""Words of a page that has but its head and foot, and little more."""


@pytest.mark.slow
def test_no_page_is_left_empty(reader: PdfReader, analysis: Analysis) -> None:
    """Not before a picture on its side, either, which turns the page once more."""
    learning = PdfReader(BytesIO(render(build_document(analysis, "postmortem"), "pdf")))
    for pages in (reader.pages, learning.pages):
        assert all(len(page.extract_text().split()) > SCARCE for page in pages)


def test_every_share_stands_in_the_text(text: str, analysis: Analysis) -> None:
    for party in analysis.attribution.parties:
        for value in (party.share.low, party.share.point, party.share.high):
            assert f"{value * 100:.1f} %" in text
        for breach in party.breaches:
            assert f"{breach.points * 100:.1f} %" in text


def test_every_evidence_item_and_its_hash_stand_in_the_text(text: str, analysis: Analysis) -> None:
    for item in analysis.evidence:
        assert item.sha256 in text.replace(" ", "")
    assert analysis.merkle_root in text


def test_every_evidence_reference_stands_in_the_text(text: str, analysis: Analysis) -> None:
    squeezed = text.replace(" ", "")
    for node in analysis.graph.nodes:
        for reference in node.evidence:
            assert reference.replace("#", "·").replace(" ", "") in squeezed


def test_links_lead_to_places_of_the_same_file(reader: PdfReader) -> None:
    """Every link annotation names a page that the file has, and none leads outside."""
    pages = {page.indirect_reference.idnum for page in reader.pages if page.indirect_reference}
    links = [
        annotation.get_object() for page in reader.pages for annotation in page.get("/Annots", ())
    ]
    assert len(links) > 100
    assert all("/A" not in link for link in links)
    assert {link["/Dest"][0].idnum for link in links} <= pages


def test_bookmarks_are_the_headings(reader: PdfReader, analysis: Analysis) -> None:
    def titles(entries: list[Any]) -> list[str]:
        found: list[str] = []
        for entry in entries:
            found += titles(entry) if isinstance(entry, list) else [str(entry.title)]
        return found

    document = build_document(analysis, "legal")
    expected = [f"{b.number}  {b.text}" for b in document.blocks if isinstance(b, Heading)]
    assert titles(list(reader.outline)) == expected


def test_every_page_says_which_of_how_many_it_is(reader: PdfReader, analysis: Analysis) -> None:
    total = len(reader.pages)
    for number, page in enumerate(reader.pages, 1):
        words = " ".join(page.extract_text().split())
        assert f"Page {number} of {total}" in words
        assert analysis.merkle_root[:16] in words
        assert analysis.manifest.id in words


def test_contents_name_the_page_of_each_section(reader: PdfReader) -> None:
    texts = [page.extract_text() for page in reader.pages]
    first = next(number for number, text in enumerate(texts) if "Contents" in text)
    contents = "\n".join(texts[first : first + 2])
    printed = Counter(int(found) for found in re.findall(r"^(\d+)$", contents, re.MULTILINE))
    expected = Counter(_pages(reader, list(reader.outline)))
    assert expected.total() > 20
    assert expected <= printed


def _pages(reader: PdfReader, entries: list[Any]) -> list[int]:
    found: list[int] = []
    for entry in entries:
        if isinstance(entry, list):
            found += _pages(reader, entry)
        else:
            found.append((reader.get_destination_page_number(entry) or 0) + 1)
    return found


def test_metadata_has_no_clock_and_no_author(reader: PdfReader, analysis: Analysis) -> None:
    metadata = reader.metadata
    assert metadata is not None
    assert metadata.title == analysis.manifest.title
    assert metadata.author == ""
    assert "2000" in str(metadata["/CreationDate"])


def test_no_text_reaches_beyond_the_page(reader: PdfReader) -> None:
    """Every run of text starts on its page; page numbers, placed by a form, are seen apart."""
    for page in reader.pages:
        width, height = float(page.mediabox.width), float(page.mediabox.height)
        places: list[tuple[float, float]] = []

        def visit(
            words: str, matrix: list[float], place: list[float], *_: object, into: Any = places
        ) -> None:
            if words.strip() and not words.strip().isdigit():
                x = matrix[0] * place[4] + matrix[2] * place[5] + matrix[4]
                y = matrix[1] * place[4] + matrix[3] * place[5] + matrix[5]
                into.append((x, y))

        page.extract_text(visitor_text=visit)
        assert places
        assert all(0 <= x <= width and 0 <= y <= height for x, y in places)


@pytest.mark.slow
def test_hostile_text_is_shown_and_nothing_more(hostile_analysis: Analysis) -> None:
    data = render(build_document(hostile_analysis, "legal"), "pdf")
    assert b"/JavaScript" not in data
    words = "".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages)
    squeezed = "".join(words.split())
    assert "<script>alert(1)</script>" in squeezed
    assert "\\u202egnp.exe" in squeezed
    assert "[U+4E8B][U+4EF6]" in squeezed
    assert "x" * 400 in squeezed


@pytest.mark.slow
def test_row_taller_than_a_page_is_broken_inside(analysis: Analysis) -> None:
    evidence = (replace(analysis.evidence[0], note="lengthy " * 900), *analysis.evidence[1:])
    data = render(build_document(replace(analysis, evidence=evidence), "legal"), "pdf")
    words = "".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages)
    assert words.count("lengthy") == 900


@pytest.mark.slow
def test_sixty_pages_are_written(analysis: Analysis) -> None:
    """A document of some sixty pages is written whole."""
    events = tuple(
        replace(event, id=f"{event.id}-{copy}")
        for copy in range(22)
        for event in analysis.timeline.events
    )
    timeline = replace(analysis.timeline, events=events)
    document = build_document(replace(analysis, timeline=timeline), "legal")
    assert len(PdfReader(BytesIO(render(document, "pdf"))).pages) >= 55


def test_anchors_with_hostile_ids_stay_plain(hostile_analysis: Analysis) -> None:
    anchors = collect_anchors(build_document(hostile_analysis, "legal"))
    assert all(re.fullmatch(r"[a-z]+-[a-z0-9-]+", anchor) for anchor in anchors)


def test_a_row_taller_than_a_page_keeps_what_links_lead_to() -> None:
    """Its first part does; before, the document could not be written for want of the target."""
    style = paragraph_styles()["cell"]
    cell = MarkedParagraph(runs_of("word " * 5000), style, frozenset(), anchor="position-a")
    cell.wrap(200)
    first, second = cell.split(200, 500)
    assert isinstance(first, MarkedParagraph)
    assert isinstance(second, MarkedParagraph)
    assert (first.anchor, second.anchor) == ("position-a", None)


def test_a_notice_taller_than_pages_is_broken_inside() -> None:
    """A statement of a record that stands in a notice can be as long as its author made it."""
    long = Notice("answer", "The answer", runs_of("lengthy " * 3000))
    document = Document("c", "legal", "T", "S", (), "foot", (long, Paragraph(runs_of("After."))))
    pages = [page.extract_text() for page in PdfReader(BytesIO(render(document, "pdf"))).pages]
    assert len(pages) > 2
    assert "".join(pages).count("lengthy") == 3000
    assert "After." in pages[-1]


def test_a_line_end_in_a_label_is_a_blank() -> None:
    """What is drawn as a string has one line; a line end came out as a glyph of nothing."""
    assert show_line("two\nlines") == "two lines"


def test_a_wide_picture_stands_on_the_page_after_its_section() -> None:
    """What follows fills the page before; no page comes after a picture that is the last thing."""
    drawn = Picture(1400.0, 300.0, (Label(20, 20, "drawn here", 9.0),))
    sections: list[Block] = []
    for number in (1, 2):
        sections.append(Heading(1, f"Section {number}", f"section-{number}"))
        sections.append(Figure(drawn, f"Wide {number}", "a wide picture", f"figure-{number}"))
        sections.append(Paragraph(runs_of(f"After it {number}.")))
    last = [*sections[:2], *sections[3:5]]
    for blocks, expected in (
        (sections, ["After it 2", "Wide 1", "Wide 2"]),
        (last, ["Section 2", "Wide 1", "Wide 2"]),
    ):
        document = Document("c", "legal", "T", "S", (), "foot", tuple(blocks))
        pages = PdfReader(BytesIO(render(document, "pdf"))).pages
        texts = [page.extract_text() for page in pages]
        assert len(texts) == len(expected)
        assert all(words in text for words, text in zip(expected, texts, strict=True))
        assert [page.mediabox.width > page.mediabox.height for page in pages] == [False, True, True]
