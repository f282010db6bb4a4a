"""A loss as a workbook that an adjuster can recompute: named inputs, live formulas, evidence.

Every figure stands once, as a named cell (`us_net_income_low`, `..._likely`, `..._high`); steps are
formulas over those names, written from the same text that the program computes. Text of a case is
only ever written as text, so that none of it acts as a formula. The same loss gives the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

from attribution.loss.formula import ENDS, Scope, list_names, write_formula
from attribution.loss.layout import Layout, Styles, plain_text
from attribution.loss.measures import PHASE_HOURS
from attribution.loss.workbook_inputs import FIGURE_COLUMNS, FIRST_END, describe, write_inputs
from attribution.loss.workbook_sheets import (
    SUMMARY,
    CaseFacts,
    write_evidence,
    write_phases,
    write_read_me,
    write_summary,
)
from attribution.model.loss import LossAssessment, LossFigure

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

_CREATED: Final = datetime(1980, 1, 1)  # noqa: DTZ001 - the format knows no zone; as in a zip
_LONGEST_NAME: Final = 31


def render_workbook(loss: LossAssessment, facts: CaseFacts) -> bytes:
    """Return the workbook of a loss as .xlsx."""
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    book.set_properties(
        {
            "title": plain_text(f"Loss of case {facts.case}"),
            "comments": "Arithmetic on the figures given; no advice.",
            "created": _CREATED,
        }
    )
    _Writer(book, loss, facts).write()
    book.close()
    return buffer.getvalue()


@dataclass(slots=True)
class _Writer:
    book: Workbook
    loss: LossAssessment
    facts: CaseFacts
    scope: Scope = field(init=False)
    layout: Layout = field(init=False)

    def __post_init__(self) -> None:
        self.scope = _signs(self.loss)
        self.layout = Layout(self.book, Styles(self.book))

    def write(self) -> None:
        """Write every sheet, in the order in which they are read."""
        write_read_me(self.layout, self.loss, self.facts)
        self.layout.add(SUMMARY)
        disagreeing = write_inputs(self.layout, self.loss, self.facts.quotes)
        phases = self.layout.add("Phases")
        for head in dict.fromkeys(figure.head for figure in self.loss.figures):
            own = [figure for figure in self.loss.figures if figure.head == head]
            if head not in (PHASE_HOURS, "total"):
                self._write_head(head, own)
        write_phases(self.layout, phases, self.loss)
        self._write_total(disagreeing)
        write_evidence(self.layout, self.loss, self.facts)

    def _write_head(self, head: str, figures: Sequence[LossFigure]) -> None:
        told = next((one for one in self.loss.heads if one.id == head), None)
        title = head if told is None else told.title
        name = title[:_LONGEST_NAME]
        sheet = self.layout.add(name)
        self.layout.title(sheet, title)
        if told is not None and not told.counted:
            self.layout.text(sheet, 1, 0, f"Not in the total: {told.why}.", wrap=False)
        columns = (*FIGURE_COLUMNS, ("How", 44), ("Rounding", 13), ("Rests on", 20))
        self.layout.header(sheet, 2, columns, frozen=2)
        row = 3
        for figure in self._used_by(figures):
            self._write_figure(sheet, row, figure, name)
            row += 1

    def _used_by(self, figures: Sequence[LossFigure]) -> Iterator[LossFigure]:
        """Yield the hours of the outage that a head goes by, and then its own figures."""
        used = {name for f in figures if f.formula for name in list_names(f.formula)}
        yield from (f for f in self.loss.figures if f.head == PHASE_HOURS and f.name in used)
        yield from figures

    def _write_figure(self, sheet: Worksheet, row: int, figure: LossFigure, name: str) -> None:
        """Write an input as a look at its cell, a step as its formula under its own names."""
        describe(self.layout, sheet, row, figure, self.loss.unit(figure))
        for at, end in enumerate(ENDS, FIRST_END):
            if figure.formula:
                formula = write_formula(figure.formula, end, self.scope, figure.places)
                self.layout.name(f"{figure.name}_{end}", name, row, at)
            else:
                formula = f"={figure.name}_{end}"
            value = float(getattr(figure.value, end))
            style = self.layout.styles.computed(figure.unit)
            sheet.write_formula(row, at, formula, style, value)
        self.layout.text(sheet, row, 6, figure.formula or "entered: see Inputs")
        self.layout.text(sheet, row, 7, _rounding(figure))
        self.layout.text(sheet, row, 8, figure.source)

    def _write_total(self, disagreeing: str) -> None:
        formulas = {}
        total = next((figure for figure in self.loss.figures if figure.head == "total"), None)
        if total is not None:
            formulas = {
                end: write_formula(total.formula, end, self.scope, total.places) for end in ENDS
            }
        write_summary(self.layout, self.loss, self.facts, formulas, disagreeing)


def _rounding(figure: LossFigure) -> str:
    if not figure.formula:
        return ""
    if figure.places is None:
        return "not rounded"
    return "to the cent" if figure.unit == "money" else f"to {figure.places} decimals"


def _signs(loss: LossAssessment) -> Scope:
    """Return the figures by name, and which of them may be below 0."""
    return Scope(
        {figure.name: figure.value for figure in loss.figures},
        frozenset(figure.name for figure in loss.figures if figure.signed),
        loss.tiers,
    )
