"""The PDF as a screen reader and an archive take it: structure, metadata, colours."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest
from PIL import Image, ImageCms

from attribution.report import blocks
from attribution.report.document import build_document
from attribution.report.formats import render
from attribution.report.pdf.colours import make_srgb

if TYPE_CHECKING:
    from attribution.model.analysis import Analysis
    from attribution.report.blocks import Document

SHOWING = {"Tj", "TJ", "'", '"'}
PAINTING = SHOWING | {"f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh", "Do"}


@pytest.fixture(scope="module")
def document(analysis: Analysis) -> Document:
    return build_document(analysis, "legal")


@pytest.fixture(scope="module")
def data(document: Document) -> bytes:
    return render(document, "pdf")


@pytest.fixture(scope="module")
def pdf(data: bytes) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(BytesIO(data)) as opened:
        yield opened


def walk(element: Any) -> Iterator[Any]:
    """Yield an element and all in it, in the order of reading."""
    yield element
    for kid in element.get("/K", []):
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield from walk(kid)


@pytest.fixture(scope="module")
def elements(pdf: pikepdf.Pdf) -> list[Any]:
    return list(walk(pdf.Root.StructTreeRoot.K[0]))


def of(elements: list[Any], kind: str) -> list[Any]:
    return [one for one in elements if f"/{kind}" == one.S]


def test_every_block_of_the_document_is_an_element(document: Document, elements: list[Any]) -> None:
    """As many headings of each level, tables, lists, figures as the document model has."""
    have = Counter(str(one.S)[1:] for one in elements)
    headings = Counter(b.level for b in document.blocks if isinstance(b, blocks.Heading))
    tables = [b for b in document.blocks if isinstance(b, blocks.Table)]
    assert have["H1"] == 1
    assert have["H2"] == headings[1] + 2  # the facts about the document, and its contents
    assert have["H3"] == headings[2]
    assert have["Table"] == len(tables) + 1
    assert have["TR"] == sum(len(t.rows) + 1 for t in tables) + len(document.facts)
    assert have["L"] == sum(isinstance(b, blocks.Bullets) for b in document.blocks)
    assert have["Figure"] == sum(isinstance(b, blocks.Figure) for b in document.blocks) > 2


def test_every_table_is_regular_and_has_heads(elements: list[Any]) -> None:
    """Each row has as many cells as the table has columns, spans counted."""

    def width(row: Any) -> int:
        return sum(int(cell.get("/A", {}).get("/ColSpan", 1)) for cell in row.K)

    for table in of(elements, "Table"):
        rows = [kid for kid in table.K if kid.S == "/TR"]
        assert len({width(row) for row in rows}) == 1
        heads = [cell for row in rows for cell in row.K if cell.S == "/TH"]
        assert heads
        assert all(head.A.Scope in ("/Column", "/Row") for head in heads)


def test_every_picture_has_its_words(document: Document, elements: list[Any]) -> None:
    told = [str(figure.Alt) for figure in of(elements, "Figure")]
    assert told == [b.alternative for b in document.blocks if isinstance(b, blocks.Figure)]
    assert all(len(words) > 20 for words in told)


def test_whatever_is_painted_belongs_to_an_element_or_is_an_artifact(pdf: pikepdf.Pdf) -> None:
    """Marks neither nest nor stay open, and each number is on its page once."""
    for number, page in enumerate(pdf.pages):
        inside, seen = "", []
        for instruction in pikepdf.parse_content_stream(page):
            operator = str(instruction.operator)
            if operator in ("BDC", "BMC"):
                assert not inside
                inside = str(instruction.operands[0])
                if operator == "BDC":
                    seen.append(int(instruction.operands[1].MCID))
            elif operator == "EMC":
                assert inside
                inside = ""
            elif operator in PAINTING:
                assert inside, f"page {number + 1}: {instruction}"
        assert not inside
        assert seen == list(range(len(seen)))
        assert page.Tabs == "/S"


STANDARD = {
    *("Document", "Div", "P", "H1", "H2", "H3", "H4", "L", "LI", "Lbl", "LBody", "Figure", "Link"),
    *("Table", "Caption", "TR", "TH", "TD", "TOC", "TOCI", "Reference"),
}
"""Types of elements that need no map to others (ISO 32000-1, 14.8.4)."""


def test_what_of_universal_access_can_be_checked_holds(
    pdf: pikepdf.Pdf, elements: list[Any]
) -> None:
    """By the clauses of ISO 14289-1; it is not claimed, as no validator has said so."""
    assert pdf.Root.ViewerPreferences.DisplayDocTitle  # 7.1: the title, not the file's name
    assert {str(one.S)[1:] for one in elements} <= STANDARD  # 7.1: no role of its own
    levels = [int(str(one.S)[2:]) for one in elements if re.fullmatch(r"/H\d", str(one.S))]
    assert levels[0] == 1  # 7.4.2: no level is left out
    assert all(after <= before + 1 for before, after in pairwise(levels))
    for entry in of(elements, "LI"):  # 7.6
        assert [str(kid.S) for kid in entry.K] == ["/Lbl", "/LBody"]
    for table in of(elements, "Table"):
        kinds = [str(kid.S) for kid in table.K]
        assert set(kinds[1:]) == {"/TR"}
        assert kinds[0] in ("/Caption", "/TR")
    for figure in of(elements, "Figure"):
        left, bottom, right, top = (float(it) for it in figure.A.BBox)
        assert 0 <= left < right
        assert 0 <= bottom < top


def test_content_and_elements_lead_to_each_other(pdf: pikepdf.Pdf, elements: list[Any]) -> None:
    """The parent tree names, for each mark of a page, the element that has it among its kids."""
    entries = pdf.Root.StructTreeRoot.ParentTree.Nums
    tree = {int(entries[i]): entries[i + 1] for i in range(0, len(entries), 2)}
    marked = 0
    for page in pdf.pages:
        for number, element in enumerate(tree[int(page.StructParents)]):
            marked += 1
            assert (page.objgen, number) in set(marks_of(element))
    assert marked == sum(len(list(marks_of(element))) for element in elements)
    for page in pdf.pages:
        for annotation in page.get("/Annots", []):
            link = tree[int(annotation.StructParent)]
            assert link.S == "/Link"
            assert annotation.objgen in places_of(link)
            assert str(annotation.Contents)
            assert int(annotation.F) & 4


def places_of(link: Any) -> list[Any]:
    return [
        kid.Obj.objgen for kid in link.K if isinstance(kid, pikepdf.Dictionary) and "/Obj" in kid
    ]


def words_by_mark(page: pikepdf.Page) -> dict[int, str]:
    """Return what stands between the marks of each number, as who reads the page aloud has it."""
    tables = {
        name: {
            int(code, 16): "".join(
                chr(int(mapped[i : i + 4], 16)) for i in range(0, len(mapped), 4)
            )
            for code, mapped in re.findall(
                r"<(\w\w)> <(\w+)>", font.ToUnicode.read_bytes().decode("ascii")
            )
        }
        for name, font in page.Resources.Font.items()
        if "/ToUnicode" in font
    }
    words: dict[int, str] = {}
    number, table = -1, {}
    for instruction in pikepdf.parse_content_stream(page):
        operator = str(instruction.operator)
        if operator == "BDC":
            number = int(instruction.operands[1].MCID)
        elif operator == "EMC":
            number = -1
        elif operator == "Tf":
            table = tables.get(str(instruction.operands[0]), {})
        elif operator == "Tj" and number >= 0:
            told = "".join(table[code] for code in bytes(instruction.operands[0]))
            words[number] = words.get(number, "") + told
    return words


def test_a_link_holds_its_own_words(pdf: pikepdf.Pdf, elements: list[Any]) -> None:
    """And the places to press on; those of a picture have words of their own instead."""
    words = {page.objgen: words_by_mark(page) for page in pdf.pages}
    told, pictured = 0, 0
    for link in of(elements, "Link"):
        assert places_of(link)
        shown = "".join(words[page].get(number, "") for page, number in marks_of(link))
        contents = str(pdf.get_object(places_of(link)[0]).Contents)
        if "/Alt" in link:
            pictured += 1
            assert str(link.Alt) == contents
            continue
        told += 1
        assert "".join(shown.split()) == "".join(contents.split())
    assert told > 200
    assert pictured > 10


def marks_of(element: Any) -> Iterator[tuple[Any, int]]:
    for kid in element.get("/K", []):
        if isinstance(kid, int):
            yield element.Pg.objgen, kid
        elif "/MCID" in kid:
            yield kid.Pg.objgen, int(kid.MCID)


def test_it_says_of_itself_what_it_is(pdf: pikepdf.Pdf, analysis: Analysis) -> None:
    """PDF/A-2a in its metadata, the same title as in the old place, its language, its colours."""
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        assert metadata.pdfa_status == "2A"
        assert metadata["dc:title"] == str(pdf.docinfo.Title) == analysis.manifest.title
    assert pdf.Root.Lang == "en"
    assert pdf.Root.MarkInfo.Marked
    intent = pdf.Root.OutputIntents[0]
    assert intent.S == "/GTS_PDFA1"
    assert intent.DestOutputProfile.read_bytes() == make_srgb()


def fonts_of(page: pikepdf.Page) -> set[str]:
    """Return the fonts in which something is shown; some are chosen and not used."""
    shown, chosen = set(), ""
    for instruction in pikepdf.parse_content_stream(page):
        if str(instruction.operator) == "Tf":
            chosen = str(instruction.operands[0])
        elif str(instruction.operator) in SHOWING:
            shown.add(chosen)
    return shown


def test_nothing_in_it_is_forbidden_in_an_archive(data: bytes, pdf: pikepdf.Pdf) -> None:
    """By the clauses of ISO 19005-2: fonts, transparency, actions, ends of streams, encryption."""
    assert re.findall(rb"[^\n]endstream", data) == []  # 6.1.7.1
    assert not pdf.is_encrypted  # 6.1.3
    for page in pdf.pages:
        resources = page.Resources
        assert "/ExtGState" not in resources  # 6.2.10: no transparency
        assert "/Trans" not in page
        for name in fonts_of(page):
            font = resources.Font[name]
            assert "/ToUnicode" in font  # 6.2.11.7.2
            assert "/FontFile2" in font.FontDescriptor  # 6.2.11.4.1
            assert int(font.FontDescriptor.Flags) & 4
            assert "/Encoding" not in font  # 6.2.11.6: a symbolic font has none
    assert not {"/AA", "/OpenAction", "/AcroForm", "/Names"} & set(pdf.Root.keys())  # 6.5.1


def test_the_colours_are_those_of_srgb() -> None:
    """Another program's sRGB (Little CMS) leaves every colour as it is."""
    ours = ImageCms.ImageCmsProfile(BytesIO(make_srgb()))
    image = Image.new("RGB", (32, 32))
    image.putdata([(n % 256, (n * 7) % 256, (n * 31) % 256) for n in range(1024)])
    told = ImageCms.profileToProfile(image, ours, ImageCms.createProfile("sRGB"))
    assert told is not None
    pairs = zip(image.tobytes(), told.tobytes(), strict=True)
    assert max(abs(a - b) for a, b in pairs) <= 1
