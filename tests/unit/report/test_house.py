"""A house: wording, looks and sections by hand, over those of the program."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
import pytest
from PIL import Image

from attribution.errors import AttributionError, InputError
from attribution.report.blocks import Bullets, Heading, Link, Paragraph, Table, plain
from attribution.report.document import build_document
from attribution.report.formats import render
from attribution.report.handwritten import read_markdown
from attribution.report.house import House, open_house
from attribution.report.timeline_lanes import list_lanes
from attribution.report.view import View

if TYPE_CHECKING:
    from attribution.model.analysis import Analysis


def lay(folder: Path, files: dict[str, str]) -> House:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return House((folder,))


def titles(analysis: Analysis, house: House, audience: str = "postmortem") -> list[str]:
    document = build_document(analysis, audience, house)
    return [b.text for b in document.blocks if isinstance(b, Heading) and b.level == 1]


def test_wording_lies_over_the_programs_entry_by_entry(analysis: Analysis, tmp_path: Path) -> None:
    """A title changes in every format; what the house does not name stays."""
    usual = titles(analysis, House())
    house = lay(tmp_path, {"postmortem.toml": '[lessons]\ntitle = "What we take along"\n'})
    assert titles(analysis, house) == [
        "What we take along" if title.startswith("What went well") else title for title in usual
    ]
    assert (
        "What we take along" in render(build_document(analysis, "postmortem", house), "md").decode()
    )


@pytest.mark.parametrize("lanes_by", ["actor", "source", "service"])
def test_lanes_of_the_timeline_are_by_what_the_house_says(
    analysis: Analysis, tmp_path: Path, lanes_by: str
) -> None:
    """Every event is in one lane, and lanes of sources are those of the register, in its order."""
    house = lay(tmp_path, {"legal.toml": f'[chronology]\nlanes_by = "{lanes_by}"\n'})
    lanes = list_lanes(View(analysis, "legal", house=house))
    events = [event.id for lane in lanes for event in lane.events]
    assert sorted(events) == sorted(event.id for event in analysis.timeline.events)
    if lanes_by == "source":
        numbers = [int(lane.name.split()[0].removeprefix("E")) for lane in lanes]
        assert numbers == sorted(numbers)
    assert {len(lane.events) for lane in lanes} != {0}


def test_other_lanes_than_there_are_are_refused(analysis: Analysis, tmp_path: Path) -> None:
    house = lay(tmp_path, {"legal.toml": '[chronology]\nlanes_by = "mood"\n'})
    with pytest.raises(AttributionError, match="actor or source or service"):
        build_document(analysis, "legal", house)


def test_a_case_counts_before_its_organisation(analysis: Analysis, tmp_path: Path) -> None:
    case, ours = tmp_path / "case", tmp_path / "ours"
    lay(case / "house", {"postmortem.toml": '[document]\nname = "Of the case"\n'})
    lay(ours, {"postmortem.toml": '[document]\nname = "Ours"\nsubtitle = "As we say it"\n'})
    document = build_document(analysis, "postmortem", open_house(case, ours))
    assert document.subtitle == "Of the case: As we say it"


def test_sections_are_those_of_the_house_in_its_order(analysis: Analysis, tmp_path: Path) -> None:
    house = lay(
        tmp_path,
        {
            "postmortem.toml": 'sections = ["own.letter", "lessons", "register"]\n',
            "sections/postmortem/own.letter.md": "# To our customers\n\nWe are back.\n",
        },
    )
    found = titles(analysis, house)
    assert found[0] == "To our customers"
    assert len(found) == 3


def test_what_was_written_by_hand_stands_where_its_name_says(
    analysis: Analysis, tmp_path: Path
) -> None:
    house = lay(
        tmp_path,
        {
            "sections/postmortem/factors.before.md": "Read this first.\n",
            "sections/postmortem/lessons.md": "Only this.\n",
            "sections/postmortem/own.thanks.md": "# Thanks\n\nTo Rowan Quill.\n",
        },
    )
    document = render(build_document(analysis, "postmortem", house), "md").decode()
    factors = document.split("Contributing factors\n")[1].split("\n## ")[0]
    assert factors.index("Read this first") < factors.index("Written by hand") < factors.index("|")
    lessons = document.split('<a id="section-lessons">')[1].split("\n## ")[1]
    assert "Only this" in lessons
    assert "Questions for the review meeting" not in lessons
    thanks = document.split("Thanks\n")[1].split("\n## ")[0]
    assert "own\\.thanks\\.md" in thanks or "own.thanks.md" in thanks
    assert "Rowan" not in document


def test_markdown_becomes_blocks(analysis: Analysis) -> None:
    """Lists, tables, links inside the document; HTML is text, and a link elsewhere is shown."""
    written = (
        "## Part\n\nSome **bold** [evidence](#evidence-e1) and [site](https://example.test/).\n\n"
        "1. one\n2. two\n   - inner\n\n| a | b |\n|---|---|\n| 1 | <script>x</script> |\n"
    )
    heading, paragraph, bullets, table = read_markdown(View(analysis, "postmortem"), written)
    assert isinstance(heading, Heading)
    assert heading.text == "Part"
    assert isinstance(paragraph, Paragraph)
    assert Link("evidence", "evidence-e1") in paragraph.runs
    assert plain(paragraph.runs).endswith("site (https://example.test/).")
    assert isinstance(bullets, Bullets)
    assert [plain(entry) for entry in bullets.entries] == ["one", "two\n– inner"]
    assert bullets.numbered
    assert isinstance(table, Table)
    assert plain(table.rows[0].cells[1]) == "<script>x</script>"


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"sections/postmortem/lesons.md": "x"}, "there is no such section"),
        ({"sections/postmortem/own.x.md": "no title"}, "begins with its title"),
        ({"postmortem.toml": 'sections = ["own.x"]'}, "has not been written"),
        ({"postmortem.toml": 'sections = ["nothing"]'}, "a section that there is not"),
        ({"postmortem.toml": "[document"}, "not TOML"),
        ({"postmortem.toml": '[overview]\nhow_to_read = "{nobody}"'}, "asks for {nobody}"),
        ({"look.toml": 'accent = "red"'}, "colour cannot be read"),
        ({"logo.png": "GIF"}, "not a PNG"),
        ({"page.css": "</style><script>"}, "cannot stand in a page"),
    ],
)
def test_a_house_that_is_wrong_is_told_with_its_file(
    analysis: Analysis, tmp_path: Path, files: dict[str, str], told: str
) -> None:
    house = lay(tmp_path, files)
    with pytest.raises(AttributionError, match=told) as error:
        render(build_document(analysis, "postmortem", house), "html")
    assert Path(error.value.file or "").name == Path(next(iter(files))).name
    assert str(tmp_path) not in str(error.value)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such house"):
        open_house(tmp_path, tmp_path / "none")


def test_logo_and_colour_are_in_the_page_and_the_pdf(analysis: Analysis, tmp_path: Path) -> None:
    """Inside the file, where the policy of the page allows no address; twice the same bytes."""
    house = lay(tmp_path, {"look.toml": 'accent = "#7a1f3d"', "page.css": ".mine{color:red}"})
    image = BytesIO()
    Image.new("RGBA", (300, 90), (122, 31, 61, 128)).save(image, "PNG")
    (tmp_path / "logo.png").write_bytes(image.getvalue())
    document = build_document(analysis, "regulator", house)
    page = render(document, "html").decode()
    assert "data:image/png;base64," in page
    assert ":root{--link:#7a1f3d}.mine{color:red}" in page
    data = render(document, "pdf")
    assert data == render(document, "pdf")
    with pikepdf.open(BytesIO(data)) as pdf:
        assert len(list(pdf.pages[0].get_images())) == 1
        content = b"".join(page.Contents.read_bytes() for page in pdf.pages)
    assert b".478431 .121569 .239216 rg" in content
    plain_page = render(build_document(analysis, "regulator"), "pdf")
    with pikepdf.open(BytesIO(plain_page)) as pdf:
        assert list(pdf.pages[0].get_images()) == []
