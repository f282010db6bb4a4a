"""What goes to an authority has the reports that are owed and nothing of who bears how much."""

from __future__ import annotations

import json
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from pypdf import PdfReader

from attribution.errors import InputError
from attribution.model.instant import parse_instant
from attribution.model.reporting import BlockEntry, Reporting, ReportingAnswer
from attribution.report.blocks import Table, plain
from attribution.report.document import build_document
from attribution.report.formats import WRITERS, render

if TYPE_CHECKING:
    from attribution.model.analysis import Analysis

REPORTING = Reporting(
    moments={"aware": parse_instant("2026-03-10T19:30:00Z")},
    answers=(
        ReportingAnswer("nis2_entity", answer=True, by="counsel", because="Above the threshold."),
        ReportingAnswer("personal_data", answer=False, by="counsel"),
    ),
    entries=(BlockEntry("common.contact", "The officer on duty", "counsel"),),
)


@pytest.fixture(scope="module")
def case(analysis: Analysis) -> Analysis:
    return replace(analysis, manifest=replace(analysis.manifest, reporting=REPORTING))


def find_drafts(case: Analysis) -> dict[str, dict[str, str]]:
    """Return each draft's blocks by the caption of its table."""
    tables = [
        block for block in build_document(case, "regulator").blocks if isinstance(block, Table)
    ]
    return {
        table.caption: {plain(row.cells[0]): plain(row.cells[1]) for row in table.rows}
        for table in tables
        if "to be filled in" in table.caption
    }


def test_a_block_has_a_persons_words_else_the_records_else_a_gap(case: Analysis) -> None:
    """Three sources in this order, and a gap is counted in the caption."""
    caption, blocks = next(
        (caption, blocks) for caption, blocks in find_drafts(case).items() if "early" in caption
    )
    by_id = {title.split("\n")[-1]: words for title, words in blocks.items()}
    assert "The officer on duty" in by_id["nis2-23.contact"]
    assert "2026-03-10 19:30:00" in by_id["nis2-23.aware"]
    gaps = [name for name, words in by_id.items() if words == "TO BE FILLED IN"]
    assert {"nis2-23.malicious", "nis2-23.cross_border"} <= set(gaps)
    assert f"{len(gaps)} of {len(blocks)} blocks" in caption


def test_an_entry_into_no_block_is_refused_with_those_like_it(case: Analysis) -> None:
    """Passed over, what a person wrote would be lost, and the block told as a gap."""
    entry = BlockEntry("nis2-23.maliciuos", "No.", "counsel")
    reporting = replace(REPORTING, entries=(entry,))
    told = replace(case, manifest=replace(case.manifest, reporting=reporting))
    with pytest.raises(InputError, match=r"nis2-23\.malicious") as error:
        build_document(told, "regulator")
    assert error.value.place == "reporting.entries[0].block"


def test_a_rule_that_an_answer_rules_out_has_no_draft(case: Analysis) -> None:
    """Without personal data there is no draft under the GDPR."""
    names = " ".join(title for blocks in find_drafts(case).values() for title in blocks)
    assert "nis2-23." in names
    assert "gdpr-33." not in names


def test_neither_shares_nor_people_are_in_any_file_of_it(case: Analysis) -> None:
    """The bytes of every format, and a PDF's text and metadata, have none of either."""
    document = build_document(case, "regulator")
    for name in WRITERS:
        content = render(document, name)
        text = content.decode("latin-1")
        if name == "pdf":
            reader = PdfReader(BytesIO(content))
            text = "\n".join(page.extract_text() for page in reader.pages) + str(reader.metadata)
        if name == "docx":
            with ZipFile(BytesIO(content)) as parts:
                text = "\n".join(parts.read(it).decode("latin-1") for it in parts.namelist())
        for person in ("Rowan", "Quill", "rquill", "Tamsin", "Idris", "ivellum"):
            assert person not in text, (name, person)
        for word in ("potency", "culpab", "unattributed", "Position A", '"shares"', '"claims"'):
            assert word not in text, (name, word)
        assert "Lighthouse Metrics" in text, name
    assert {"attribution", "graph", "timeline"}.isdisjoint(json.loads(render(document, "json")))


def test_the_legal_document_warns_of_what_must_not_be_altered(case: Analysis) -> None:
    """Where the AI Act may apply, the case itself says that the system is to be left as it is."""
    answers = (
        *REPORTING.answers,
        ReportingAnswer("in-force-eu-ai-act-73", answer=True, by="counsel"),
    )
    told = replace(
        case, manifest=replace(case.manifest, reporting=replace(REPORTING, answers=answers))
    )
    assert "must not be altered" in render(build_document(told, "legal"), "md").decode()
    assert "must not be altered" not in render(build_document(case, "legal"), "md").decode()
