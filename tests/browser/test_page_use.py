"""What a reader does with the page: filter, enlarge, follow links and come back, print."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.browser.conftest import Open

pytestmark = pytest.mark.browser


@pytest.fixture
def path(sample_page: Callable[[str, str], Path]) -> Path:
    return sample_page("environment-recreated", "legal")


@pytest.mark.parametrize("kind", ["Source", "Actor", "Party"])
def test_rows_are_filtered_by_source_actor_and_party(
    open_page: Open, path: Path, kind: str
) -> None:
    """Rows of others go, those that stay are as many as the page says, and all come back."""
    page = open_page(path, viewport={"width": 1300, "height": 900})
    rows = page.locator("tr[data-facets]")
    visible = page.locator("tr[data-facets]:not([hidden])")
    every = rows.count()
    page.locator("form.facets label", has_text=kind).locator("select").select_option(index=1)
    assert 0 < visible.count() < every
    assert page.locator("form.facets [role=status]").inner_text().startswith(f"{visible.count()} ")
    page.get_by_role("button", name="Show all").click()
    page.wait_for_function("() => !document.querySelector('tr[data-facets][hidden]')")


@pytest.mark.parametrize("figure", ["figure-timeline", "figure-graph"])
def test_pictures_are_enlarged_and_moved_by_keys_alone(
    open_page: Open, path: Path, figure: str
) -> None:
    page = open_page(path)
    frame = page.locator(f"#{figure} .scroll")
    svg = page.locator(f"#{figure} svg")
    whole = page.locator(f"#{figure}").get_attribute("data-zoom")
    first = svg.get_attribute("viewBox")
    frame.focus()
    page.keyboard.press("+")
    larger = svg.get_attribute("viewBox")
    page.keyboard.press("ArrowRight")
    moved = svg.get_attribute("viewBox")
    assert len({first, larger, moved}) == 3
    page.keyboard.press("0")
    assert page.locator(f"#{figure}").get_attribute("data-zoom") == whole == "1.00"


def test_from_a_share_to_its_breach_to_the_evidence_and_back(open_page: Open, path: Path) -> None:
    page = open_page(path)
    page.locator("main a[href^='#breach-']").first.click()
    breach = page.locator("tr:target")
    assert breach.count() == 1
    breach.locator("a[href^='#node-'], a[href^='#finding-']").first.click()
    page.locator(":target a[href^='#evidence-']").first.click()
    assert page.locator(":target").get_attribute("id").startswith("evidence-")
    back = page.locator("button.back")
    for _ in range(3):
        back.click()
    assert not back.is_visible()


def test_page_says_all_without_script(open_page: Open, path: Path) -> None:
    """Every row and picture is there; only what needs script is not."""
    with_script = open_page(path)
    without = open_page(path, java_script_enabled=False)
    for what in ("main table:not(.answered table) tr", "main figure svg", "main h2"):
        there = f"{what}:visible"
        assert without.locator(there).count() == (
            with_script.locator(f"{there}:not(.panel *)").count()
        )
    assert without.locator("section.panel").is_hidden()


def test_print_has_no_controls_and_nothing_wider_than_the_paper(
    open_page: Open, path: Path
) -> None:
    page = open_page(path, viewport={"width": 718, "height": 1000})
    page.emulate_media(media="print")
    for control in (".filter", ".zoom", ".facets", "section.panel", "nav.contents", ".back"):
        assert page.locator(f"{control}:visible").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 718


def test_phone_is_not_scrolled_sideways(open_page: Open, path: Path) -> None:
    """Wide tables and pictures scroll inside their frames, the page itself does not."""
    page = open_page(path, viewport={"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize(("width", "height"), [(1300, 900), (390, 844)])
def test_the_largest_share_and_its_range_are_on_the_first_screen(
    open_page: Open, path: Path, width: int, height: int
) -> None:
    """Nothing has to be scrolled to find who bears most, on a desk or in a hand."""
    page = open_page(path, viewport={"width": width, "height": height})
    share = page.locator(".notice.answer strong", has_text="%").first
    box = share.bounding_box()
    assert box["y"] + box["height"] < height
    if width > height:
        reasons = page.locator("main table").first.locator("tbody td:last-child a")
        boxes = [reasons.nth(at).bounding_box() for at in range(reasons.count())]
        assert len(boxes) == 3
        assert all(one["y"] + one["height"] < height for one in boxes)


def test_what_the_document_is_about_is_on_paper(open_page: Open, path: Path) -> None:
    """Case, status and Merkle root are folded away on a screen, and printed without script too."""
    page = open_page(path, java_script_enabled=False)
    root = page.locator("header table.facts")
    assert not root.is_visible()
    page.emulate_media(media="print")
    assert root.is_visible()


def test_escape_takes_the_way_back_off(open_page: Open, path: Path) -> None:
    page = open_page(path)
    page.locator("main a[href^='#breach-']").first.click()
    back = page.locator("button.back")
    assert back.is_visible()
    page.keyboard.press("Escape")
    assert not back.is_visible()
    assert page.locator(".from").count() == 0


def test_sources_to_choose_from_are_in_their_order(open_page: Open, path: Path) -> None:
    """E2 comes before E10, as in the register."""
    page = open_page(path, viewport={"width": 1300, "height": 900})
    field = page.locator("form.facets label", has_text="Source").locator("select")
    field.wait_for()
    shown = field.locator("option").all_inner_texts()[1:]
    assert len(shown) > 9
    assert shown == sorted(shown, key=lambda name: int(name.removeprefix("E")))
