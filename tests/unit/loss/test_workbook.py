from __future__ import annotations

import io
import shutil
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from attribution import Case
from attribution.evidence import quote_places
from attribution.loss.workbook import render_workbook
from attribution.loss.workbook_sheets import CaseFacts
from attribution.model.declared_loss import CostItem
from attribution.model.loss import LossAssessment
from attribution.model.manifest import EvidenceEntry
from tests.unit.loss.declared import estimate, loss_of, whole_loss
from tests.unit.loss.recomputed import (
    change_inputs,
    find_soffice,
    read_names,
    recompute,
    replace_figure,
    to_cents,
)

SAMPLE = Path(__file__).parents[3] / "sample_incidents" / "environment-recreated"
CHANGES = (
    ("net_income", "us_net_income_likely", "15250.75"),
    ("trend_percent", "uk_trend_percent_likely", "11.5"),
    ("response_cost", "outage_response_cost_likely", "4799.99"),
)
TIER = ("credit_standard_tiers_2_credit", "29.5")
HOSTILE = ('=HYPERLINK("http://example.test")', "+1+1", "-2", "@SUM(A1)", "\u202etxt\x07")


@pytest.fixture(scope="module")
def soffice() -> str:
    """Return the path of LibreOffice; see `find_soffice`."""
    return find_soffice()


def _facts(**changes: object) -> CaseFacts:
    fields: dict[str, object] = {
        "case": "invented",
        "title": "Invented",
        "borne_by": "Operator",
        "version": "1",
        "synthetic": True,
        "notice": "",
        "evidence": (EvidenceEntry("E1", "evidence/a.csv", note="Invented"),),
    }
    return CaseFacts(**(fields | changes))  # type: ignore[arg-type]


def _open(loss: LossAssessment, facts: CaseFacts) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(render_workbook(loss, facts)))


def test_the_same_loss_gives_the_same_bytes_without_a_clock() -> None:
    """Two workbooks of one loss are equal, and no time in them is later than 1980."""
    loss = loss_of(whole_loss())
    first, second = (render_workbook(loss, _facts()) for _ in range(2))
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
        assert b"1980-01-01T00:00:00Z" in archive.read("docProps/core.xml")


def test_every_figure_is_a_named_cell_with_its_value_and_every_step_a_formula() -> None:
    """Inputs are numbers with their evidence beside them; steps are formulas, never numbers."""
    loss = loss_of(whole_loss())
    book = _open(loss, _facts())
    for figure in loss.figures:
        for end in ("low", "likely", "high"):
            definition = book.defined_names[f"{figure.name}_{end}"]
            sheet, cell = next(iter(definition.destinations))
            assert (book[sheet][cell].data_type == "f") is bool(figure.formula)
            assert (sheet == "Inputs") is not bool(figure.formula)


def test_text_of_a_case_is_never_a_formula() -> None:
    """A title that begins like a formula stands as text, and marks that turn text are spelt out."""
    items = tuple(
        CostItem(f"item_{number}", title, amount=estimate("1", evidence="E1#=1"))
        for number, title in enumerate(HOSTILE)
    )
    loss = loss_of(whole_loss(costs={"response": items}))
    facts = _facts(title=HOSTILE[0], notice=HOSTILE[1], borne_by=HOSTILE[3])
    book = _open(loss, facts)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    texts = {str(cell.value) for cell in cells if cell.data_type == "s"}
    assert set(HOSTILE[:4]) <= texts
    assert "<U+202E>txt<U+0007>" in texts
    formulas = [str(cell.value) for cell in cells if cell.data_type == "f"]
    assert not any("HYPERLINK" in formula or "SUM(A1)" in formula for formula in formulas)


def _assert_same(named: dict[str, Decimal], loss: LossAssessment) -> None:
    for figure in loss.figures:
        for end in ("low", "likely", "high"):
            cell, expected = named[f"{figure.name}_{end}"], getattr(figure.value, end)
            if figure.unit == "money":
                assert to_cents(cell) == expected, (figure.name, end)
            assert abs(cell - expected) <= abs(expected) * Decimal("1e-12"), (figure.name, end)
    for head in loss.heads:
        for phase, part in head.by_phase.items():
            for end in ("low", "likely", "high"):
                cell = named[f"{head.result}_{phase}_{end}"]
                assert to_cents(cell) == getattr(part, end), (head.id, phase, end)


def test_an_input_that_is_out_of_order_is_counted_on_the_summary() -> None:
    """Every input and tier has a check beside it, and Summary counts over just these rows."""
    book = _open(loss_of(whole_loss()), _facts())
    inputs = book["Inputs"]
    rows = [row for row in range(4, inputs.max_row + 1) if inputs.cell(row, 3).value]
    assert all(str(inputs.cell(row, 7).value).startswith("=IF(AND(") for row in rows)
    counts = [cell.value for row in book["Summary"].iter_rows() for cell in row]
    assert f'=SUMPRODUCT(--(Inputs!$G$4:$G${rows[-1]}<>""))' in counts


@pytest.mark.slow
def test_the_workbook_recomputes_to_the_same_figures(soffice: str, tmp_path: Path) -> None:
    """LibreOffice computes every cell of a loss with all heads to what the program has."""
    loss = loss_of(whole_loss())
    workbook = tmp_path / "loss.xlsx"
    workbook.write_bytes(render_workbook(loss, _facts()))
    named = recompute(soffice, workbook, tmp_path)
    _assert_same(named, loss)
    assert named["inputs_out_of_order"] == 0


@pytest.mark.slow
def test_inputs_changed_in_the_workbook_are_ones_changed_in_the_case(
    soffice: str, tmp_path: Path
) -> None:
    """With inputs of the sample changed, both come to the same figures and total again."""
    case = tmp_path / "case"
    shutil.copytree(SAMPLE, case, ignore=shutil.ignore_patterns("story", "report", "case.db"))
    workbook, changed = tmp_path / "loss.xlsx", tmp_path / "changed.xlsx"
    Case.open(case).write_loss_workbook(workbook)
    change_inputs(workbook, dict([*(change[1:] for change in CHANGES), TIER]), changed)
    manifest = case / "case.yaml"
    text = manifest.read_text("utf-8")
    for key, _, value in CHANGES:
        text = replace_figure(text, key, value)
    text = text.replace("{below: 99, credit: 25}", "{below: 99, credit: 29.5}")
    manifest.write_text(text, "utf-8")
    before, after = read_names(workbook), Case.open(case).loss()
    assert after is not None
    assert all(before[name] != Decimal(value) for _, name, value in CHANGES)
    _assert_same(recompute(soffice, changed, tmp_path), after)


def test_what_stands_at_the_cited_place_stands_beside_the_input() -> None:
    """The words of the evidence are quoted as text; a place without words is cited alone."""
    cited = CostItem("one", "One", amount=estimate("1", evidence="E1#line 2"))
    other = CostItem("two", "Two", amount=estimate("2", evidence="E1#line 3"))
    loss = loss_of(whole_loss(costs={"response": (cited, other)}))
    quotes = {"E1#line 2": '=HYPERLINK("http://example.test"),17'}
    sheet = _open(loss, _facts(quotes=quotes))["Inputs"]
    assert sheet["I3"].value == "What stands there"
    beside = {sheet.cell(row, 8).value: sheet.cell(row, 9) for row in range(4, sheet.max_row + 1)}
    assert beside["E1#line 2"].value == 'E1#line 2: =HYPERLINK("http://example.test"),17'
    assert beside["E1#line 2"].data_type == "s"
    assert beside["E1#line 3"].value is None


def test_the_sample_quotes_the_line_of_each_figure(tmp_path: Path) -> None:
    """Net income rests on line 2 of the figures that were put together, and the line is shown."""
    folder = tmp_path / "case"
    shutil.copytree(SAMPLE, folder)
    items = Case.open(folder).evidence
    places = ("E13#line 2", "E13#line 99", "E4#/log_entries/18", "E13")
    found = quote_places(folder, items, places)
    assert found["E13#line 2"].startswith('1,2026-03-16,Halden Cloud,"Net income')
    assert "cannot be shown" in found["E13#line 99"]
    assert "characters]" in found["E4#/log_entries/18"]
    assert len(found["E4#/log_entries/18"]) < 300
    assert "E13" not in found
