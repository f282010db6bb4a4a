from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from attribution.report.document import AUDIENCES, build_document
from attribution.report.formats import render

if TYPE_CHECKING:
    from attribution.model.analysis import Analysis

VOID = {"meta", "br", "link", "input", "hr", "img"}


class Page(HTMLParser):
    """Parses a page and notes what a browser would have to repair, fetch or run."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.faults: list[str] = []
        self.ids: list[str] = []
        self.targets: set[str] = set()
        self.requests: list[str] = []
        self.handlers: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)
        self.close()
        self.faults += [f"unclosed {tag}" for tag in self.open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.append((tag, values))
        if tag not in VOID:
            self.open.append(tag)
        if values.get("id"):
            self.ids.append(str(values["id"]))
        for name, value in attrs:
            if name.startswith("on"):
                self.handlers.append(name)
            if name in {"src", "href", "xlink:href", "action", "data", "poster", "srcset"}:
                if value and value.startswith("#"):
                    self.targets.add(value[1:])
                else:
                    self.requests.append(str(value))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"stray </{tag}>")

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] not in {"script", "style"}:
            self.text += data


def load(analysis: Analysis, audience: str = "legal") -> Page:
    return Page(render(build_document(analysis, audience), "html").decode("utf-8"))


@pytest.mark.parametrize("audience", AUDIENCES)
def test_page_is_well_formed(analysis: Analysis, audience: str) -> None:
    page = load(analysis, audience)
    assert page.faults == []
    assert len(page.ids) == len(set(page.ids))


@pytest.mark.parametrize("audience", AUDIENCES)
def test_page_asks_nothing_of_any_network(analysis: Analysis, audience: str) -> None:
    page = load(analysis, audience)
    assert page.requests == []
    style = render(build_document(analysis, audience), "html").decode("utf-8")
    assert "url(" not in style
    assert "@import" not in style
    assert "default-src 'none'" in style


def test_links_of_the_page_lead_somewhere(analysis: Analysis) -> None:
    page = load(analysis)
    assert len(page.targets) > 50
    assert page.targets <= set(page.ids)


def test_scripts_in_records_stay_text(hostile_analysis: Analysis) -> None:
    """Markup in a record's text makes no element, no handler and no link."""
    page = load(hostile_analysis)
    assert page.faults == []
    kinds = [dict(attributes).get("type") for tag, attributes in page.tags if tag == "script"]
    assert kinds == ["application/json", None]
    assert page.handlers == []
    assert page.requests == []
    assert "<script>alert(1)</script>" in page.text
    assert "\u202e" not in page.text
    assert "\x1b" not in page.text


def test_tables_have_captions_and_scoped_headers(analysis: Analysis) -> None:
    text = render(build_document(analysis, "legal"), "html").decode("utf-8")
    tables = re.findall(r"<table(?! class=\"facts\").*?</table>", text, re.DOTALL)
    assert len(tables) > 20
    for table in tables:
        assert "<caption>" in table
        assert '<th scope="col"' in table
        assert '<th scope="row"' in table or '<th scope="colgroup"' in table


def test_pictures_have_words_for_those_who_do_not_see_them(analysis: Analysis) -> None:
    text = render(build_document(analysis, "legal"), "html").decode("utf-8")
    pictures = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    assert len(pictures) == 4
    for picture in pictures:
        label = re.search(r'aria-labelledby="(\S+) (\S+)"', picture)
        assert label is not None
        assert f'<title id="{label[1]}">' in picture
        description = re.search(rf'<desc id="{label[2]}">(.+?)</desc>', picture)
        assert description is not None
        assert len(description[1]) > 40


def test_page_has_landmarks_and_a_way_past_the_contents(analysis: Analysis) -> None:
    tags = [tag for tag, _ in load(analysis).tags]
    assert [tags.count(tag) for tag in ("header", "nav", "main", "footer", "h1")] == [1] * 5
    assert ("a", {"class": "skip", "href": "#main"}) in load(analysis).tags
