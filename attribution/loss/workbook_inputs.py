"""The sheet of inputs: each with its range, whether that is one, its evidence, and its note."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from attribution.loss.formula import ENDS, name_tier, sort_tiers
from attribution.loss.heads import load_table
from attribution.loss.layout import Layout
from attribution.loss.measures import PHASE_HOURS
from attribution.model.loss import LossAssessment, LossFigure

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

INPUTS: Final = "Inputs"
FIGURE_COLUMNS: Final = (
    *(("Name", 30), ("Figure", 40), ("Unit", 8)),
    *(("Low", 15), ("Likely", 15), ("High", 15)),
)
FIRST_END: Final = 3
_LIKELY: Final = FIRST_END + ENDS.index("likely")
_CHECK: Final = FIRST_END + len(ENDS)
_FIRST_ROW: Final = 3
_MOST_QUOTED: Final = 3
"""Places of the evidence whose words stand beside a figure."""


def write_inputs(layout: Layout, loss: LossAssessment, quotes: Mapping[str, str]) -> str:
    """Write the inputs head by head; return the formula that counts those that do not agree.

    `quotes` are the words at each place of the evidence.
    """
    sheet = layout.add(INPUTS)
    further = (("Check", 13), ("Evidence", 30), ("What stands there", 60), ("Note", 30))
    columns = (*FIGURE_COLUMNS, *further)
    layout.title(sheet, "Inputs: what was entered, on what evidence. Change the blue cells.")
    layout.header(sheet, 2, columns, frozen=2)
    row, head = _FIRST_ROW, ""
    for figure in loss.figures:
        if figure.formula:
            continue
        if figure.head != head:
            head = figure.head
            layout.group(sheet, row, _title(head), len(columns))
            row += 1
        _write_input(layout, sheet, row, figure, loss.unit(figure))
        _write_cited(layout, sheet, row, figure.evidence, quotes)
        row += 1
    for table in loss.tiers:
        row = _write_tiers(layout, sheet, row, table, loss=loss, quotes=quotes)
    first, last = (f"$G${at}" for at in (_FIRST_ROW + 1, row))
    return f'=SUMPRODUCT(--({INPUTS}!{first}:{last}<>""))'


def describe(layout: Layout, sheet: Worksheet, row: int, figure: LossFigure, unit: str) -> None:
    """Write name, title and unit of a figure."""
    for at, told in enumerate((figure.name, figure.title, unit)):
        layout.text(sheet, row, at, told)


def _title(head: str) -> str:
    return "Hours of the outage" if head == PHASE_HOURS else load_table().title(head)


def _write_input(layout: Layout, sheet: Worksheet, row: int, figure: LossFigure, unit: str) -> None:
    describe(layout, sheet, row, figure, unit)
    for at, end in enumerate(ENDS, FIRST_END):
        value = float(getattr(figure.value, end))
        sheet.write_number(row, at, value, layout.styles.entered(figure.unit))
        layout.name(f"{figure.name}_{end}", INPUTS, row, at)
    low, likely, high = (f"{column}{row + 1}" for column in "DEF")
    asked = [f"{low}<={likely}", f"{likely}<={high}"]
    if not figure.signed:
        asked.append(f"{low}>=0")
        asked += [f"{high}<=100"] if figure.unit == "percent" else []
    _write_check(layout, sheet, row, asked)
    layout.text(sheet, row, _CHECK + 3, figure.note)


def _write_cited(
    layout: Layout,
    sheet: Worksheet,
    row: int,
    evidence: Sequence[str],
    quotes: Mapping[str, str],
) -> None:
    """Write the places of the evidence, and beside them the words that stand at the first few."""
    layout.text(sheet, row, _CHECK + 1, "\n".join(evidence) or "none on record")
    said = [f"{place}: {quotes[place]}" for place in evidence[:_MOST_QUOTED] if place in quotes]
    layout.text(sheet, row, _CHECK + 2, "\n".join(said))


def _write_tiers(
    layout: Layout,
    sheet: Worksheet,
    row: int,
    table: str,
    *,
    loss: LossAssessment,
    quotes: Mapping[str, str],
) -> int:
    """Write the tiers of a schedule, the lowest first; return the row after them."""
    tiers = sort_tiers(loss.tiers[table])
    cap = loss.figure(table.removesuffix("tiers") + "cap")
    agreement = cap.title.rpartition(": ")[0]
    for number, tier in enumerate(tiers, 1):
        below, credit = (name_tier(table, number, key) for key in ("below", "credit"))
        for name, told, value, asked in (
            (below, "it pays below this uptime", tier.below, _rises(table, number, len(tiers))),
            (credit, "what it pays of the fees", tier.credit, _falls(table, number, len(tiers))),
        ):
            layout.text(sheet, row, 0, name)
            layout.text(sheet, row, 1, f"{agreement}: tier {number}, {told}")
            layout.text(sheet, row, 2, "%")
            sheet.write_number(row, _LIKELY, float(value), layout.styles.entered("percent"))
            layout.name(name, INPUTS, row, _LIKELY)
            _write_check(layout, sheet, row, list(asked))
            _write_cited(layout, sheet, row, cap.evidence, quotes)
            row += 1
    return row


def _rises(table: str, number: int, count: int) -> Iterator[str]:
    yield f"{name_tier(table, number, 'below')}<=100"
    if number < count:
        yield f"{name_tier(table, number, 'below')}<{name_tier(table, number + 1, 'below')}"


def _falls(table: str, number: int, count: int) -> Iterator[str]:
    yield f"{name_tier(table, number, 'credit')}>=0"
    if number < count:
        yield f"{name_tier(table, number, 'credit')}>={name_tier(table, number + 1, 'credit')}"


def _write_check(layout: Layout, sheet: Worksheet, row: int, asked: list[str]) -> None:
    formula = f'=IF(AND({",".join(asked)}),"","out of order")'
    sheet.write_formula(row, _CHECK, formula, layout.styles.warning, "")
