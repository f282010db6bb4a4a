"""The section on agents' sessions: figures and sources for lawyers, no blame for learners."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from attribution.provenance.conduct import assess_sessions
from attribution.report.blocks import Heading, Paragraph, Table, plain
from attribution.report.document import build_document
from attribution.report.formats import render
from tests.unit.provenance.session_events import asked, event, ran

if TYPE_CHECKING:
    from attribution.model.analysis import Analysis
    from attribution.report.blocks import Document

TITLE = "What the agent's session shows"


@pytest.fixture
def told(analysis: Analysis) -> Analysis:
    """Return the case with one session in which an agent went beyond its task."""
    sessions = assess_sessions(
        [
            asked(0, "Fix the price lookup, please, Rowan Quill"),
            event("session.message", 1, "The old table is in the way."),
            ran(2, "envctl delete cv-prod-eu", "t1", permission_mode="bypassPermissions"),
            ran(3, "make x", "t2", permission_mode="bypassPermissions"),
        ]
    )
    return replace(analysis, sessions=sessions)


def tables(document: Document) -> dict[str, Table]:
    return {block.caption: block for block in document.blocks if isinstance(block, Table)}


def headings(document: Document) -> set[str]:
    return {block.text for block in document.blocks if isinstance(block, Heading)}


def test_the_legal_document_shows_figures_level_and_what_is_to_be_asked(told: Analysis) -> None:
    document = build_document(told, "legal")
    assert TITLE in headings(document)
    (figures,) = tables(document)["Sessions and their figures"].rows
    shown = " ".join(map(plain, figures.cells))
    assert "decisions no one looked at: 100.0" in shown
    assert "observer" in shown
    assert "E1 · line 1" in shown
    (action,) = tables(document)["Actions of note"].rows
    noted = " ".join(map(plain, action.cells))
    assert "acts on cv-prod-eu, which no request names" in noted
    assert "own account, not a fact: “The old table is in the way.”" in noted
    assert "mode bypassPermissions asks nobody" in noted
    assert "E1 · line 21" in noted


def test_the_learning_document_shows_the_settings_and_neither_blame_nor_names(
    told: Analysis,
) -> None:
    document = build_document(told, "postmortem")
    assert TITLE in headings(document)
    text = render(document, "md").decode()
    section = text.partition(f"## 4 {TITLE}")[2].partition("\n## ")[0]
    assert "let through by a rule" in section
    assert "envctl delete" in section
    for kept_out in ("no request names", "own account", "in the way", "Rowan", "Quill"):
        assert kept_out not in section


def test_the_learning_data_has_no_sessions_and_the_legal_data_has_them(told: Analysis) -> None:
    assert "sessions" not in build_document(told, "postmortem").data
    sessions = build_document(told, "legal").data["sessions"]
    assert isinstance(sessions, list)
    assert len(sessions) == 1


def test_an_agent_without_a_session_on_record_is_said_not_to_be_known(analysis: Analysis) -> None:
    document = build_document(analysis, "legal")
    said = [plain(block.runs) for block in document.blocks if isinstance(block, Paragraph)]
    assert any(line.startswith("No transcript or trace") for line in said)
    without = replace(analysis, actors=tuple(a for a in analysis.actors if a.kind != "agent"))
    assert TITLE not in headings(build_document(without, "legal"))
