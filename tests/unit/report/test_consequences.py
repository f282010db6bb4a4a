"""The legal report on consequences: each figure has its step, source, confidence and date."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from attribution.model.actor import Party
from attribution.model.interval import EXCLUDED, Interval
from attribution.model.liability import ClaimantClass, Liability
from attribution.model.result import PartyShare
from attribution.regimes.benchmark import BASES
from attribution.regimes.law import load_law
from attribution.regimes.ledger import load_steps
from attribution.report.blocks import Heading, Notice, Row, Table, plain
from attribution.report.document import build_document
from attribution.responsibility.worksheet import fill_worksheet

if TYPE_CHECKING:
    from attribution.model.analysis import Analysis
    from attribution.report.blocks import Block

SECTIONS = {
    "Culpability": "Draft for counsel",
    "What follows under each regime": "Draft for counsel",
    "Published apportionments of like cases: orientation only": "draft for counsel",
}
REGIMES = ("contract", "ucfa", "us-tx", "de")


@pytest.fixture(scope="module")
def sections(analysis: Analysis) -> dict[str, list[Block]]:
    """Return the blocks of each section of a legal report, by its heading."""
    manifest = replace(
        analysis.manifest,
        parties=(*analysis.manifest.parties, Party("customers", "The customers", "affected")),
        liability=Liability(classes=(ClaimantClass("customers", "customers"),), regimes=REGIMES),
    )
    none = Interval(0.0, 0.0, 0.0)
    shares = (
        *analysis.attribution.parties,
        PartyShare("customers", "The customers", "affected", none, 0.0, EXCLUDED, 0.0, ()),
    )
    attribution = replace(analysis.attribution, parties=shares)
    whole = replace(
        analysis,
        manifest=manifest,
        attribution=attribution,
        worksheet=fill_worksheet(analysis.graph, manifest, attribution),
    )
    found: dict[str, list[Block]] = {}
    blocks: list[Block] = []
    for block in build_document(whole, "legal").blocks:
        if isinstance(block, Heading) and block.level == 1:
            blocks = found.setdefault(block.text, [])
        blocks.append(block)
    return found


def tables(blocks: list[Block], caption: str) -> list[Table]:
    return [one for one in blocks if isinstance(one, Table) and one.caption.startswith(caption)]


@pytest.mark.parametrize("title", SECTIONS)
def test_it_is_a_draft_and_no_advice(sections: dict[str, list[Block]], title: str) -> None:
    """Each section says so before its first table, not in a page of its own."""
    blocks = sections[title]
    first = next(number for number, one in enumerate(blocks) if isinstance(one, Table))
    said = " ".join(
        f"{one.title} {plain(one.runs)}" for one in blocks[:first] if isinstance(one, Notice)
    )
    assert "not legal advice" in said.lower()
    assert SECTIONS[title] in said


def test_a_regime_nobody_checked_says_so_in_its_row(sections: dict[str, list[Block]]) -> None:
    """Whoever reads one row alone still reads how far it can be relied upon."""
    [table] = tables(sections["What follows under each regime"], "Who owes what")
    assert len(table.rows) == len(REGIMES)
    for row, regime in zip(table.rows, REGIMES, strict=True):
        law, said = load_law(regime), plain(row.cells[0])
        assert f"confidence {law.confidence}" in said
        assert ("not verified" in said) is law.is_unverified
        assert law.is_unverified or f"verified {law.verified_on}" in said


def test_where_a_rule_turns_says_how_sure_the_rule_is(sections: dict[str, list[Block]]) -> None:
    """A share at which a bar turns is worth no more than the source of the bar."""
    found = tables(sections["What follows under each regime"], "Where a bar")
    assert found
    assert all("; confidence " in plain(row.cells[0]) for one in found for row in one.rows)


def test_every_step_has_source_confidence_and_date(sections: dict[str, list[Block]]) -> None:
    """All ten steps stand there, each either arithmetic or with where it is from and how sure."""
    [table] = tables(sections["What follows under each regime"], "The steps")
    titles = [plain(row.cells[0]) for row in table.rows if row.style == "group"]
    steps = [f"{number}. {step.title}" for number, step in enumerate(load_steps(), 1)]
    assert titles == [*steps, "Rounding"]
    for row in table.rows:
        if row.style != "group":
            check_source(row)


def check_source(row: Row) -> None:
    source = plain(row.cells[2])
    assert plain(row.cells[1]), source
    if source != "arithmetic, not law":
        assert "; confidence " in source
        assert "; verified 20" in source or source.endswith("not verified against its text")


def test_every_grade_has_its_reason_and_says_what_is_not_visible(
    sections: dict[str, list[Block]],
) -> None:
    """A grade without evidence moves nothing and says why; the total says who entered it."""
    found = tables(sections["Culpability"], "Culpability worksheet")
    assert found
    for table in found:
        *rows, total = table.rows
        for row in rows:
            assert plain(row.cells[2]), plain(row.cells[0])
        assert plain(total.cells[1])
        assert plain(total.cells[2])


def test_every_published_figure_has_status_and_source(sections: dict[str, list[Block]]) -> None:
    """A percentage of a court stands with what became of it and what was read of it."""
    title = "Published apportionments of like cases: orientation only"
    [table] = tables(sections[title], "Shares beside")
    assert table.rows
    for row in table.rows:
        assert any(f"({read})" in plain(row.cells[3]) for read in BASES.values())


def test_amounts_of_a_row_add_up_to_the_damages(
    sections: dict[str, list[Block]], analysis: Analysis
) -> None:
    """What the parties owe and what stays with the claimant is the harm, to the cent."""
    [table] = tables(sections["What follows under each regime"], "Who owes what")
    harm = sum((one.point for one in analysis.manifest.harms), Decimal(0))
    for row in table.rows:
        amounts = [plain(cell).split("\n")[0].replace(",", "") for cell in row.cells[1:]]
        assert sum((Decimal(one) for one in amounts if one[0].isdigit()), Decimal(0)) == harm
