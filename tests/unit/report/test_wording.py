from __future__ import annotations

import re
from pathlib import Path

import pytest

from attribution.errors import AttributionError
from attribution.report.blocks import Link, Text
from attribution.report.document import AUDIENCES, SECTIONS
from attribution.report.layout.palette import load_palette
from attribution.report.wording import Wording

PACKAGE = Path(__file__).parents[3] / "attribution" / "report"


def test_values_and_markup_are_filled_in_and_nothing_else() -> None:
    """A value with braces or stars in it stays as it is: only the template has markup."""
    runs = Wording("legal")._fill(
        "**Strong {a}** and `code` by {b}", "k", {"a": "{b} **x**", "b": (Link("l", "t"),)}, "plain"
    )
    assert runs == (
        Text("Strong ", "strong"),
        Text("{b} **x**", "strong"),
        Text(" and "),
        Text("code", "code"),
        Text(" by "),
        Link("l", "t"),
    )


def test_missing_entry_and_value_name_the_template() -> None:
    with pytest.raises(AttributionError, match=r"legal\.toml"):
        Wording("legal").text("summary.no_such_entry")
    with pytest.raises(AttributionError, match=r"asks for \{statement\}"):
        Wording("legal").text("summary.crux", swing="1")


@pytest.mark.parametrize("audience", AUDIENCES)
def test_sections_of_the_templates_exist(audience: str) -> None:
    assert set(Wording(audience).section_order()) <= set(SECTIONS)


def test_every_style_a_picture_uses_is_in_the_palette() -> None:
    """Style names in the drawing code are names of the palette."""
    used = set()
    for path in (PACKAGE / "layout").glob("*.py"):
        used |= set(
            re.findall(r'"((?:node|edge|mark|party|undecided|lane)[\w-]*)"', path.read_text())
        )
    used -= {"node", "edge"} - set(load_palette())
    assert used
    assert used - {"party"} <= set(load_palette())
